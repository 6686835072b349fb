/* Answer tables in every form that the authors and Hugging Face publish. */
#include "lx-answers.h"
#include "lx-test-io.h"

static void reads(const char *text)
{
  LxAnswers *a = NULL;
  LxError e = {0};
  const char *path = lx_test_path("answers.json");
  lx_test_write(path, text, strlen(text));
  CHECK(lx_answers_read(path, &a, &e) == LX_OK, "%s: %s", text, e.message);
  if (!a)
    return;
  CHECK(lx_answers_count(a) == 3);
  CHECK(strcmp(lx_answers_text(a, 0), "yes") == 0 && strcmp(lx_answers_text(a, 2), "café") == 0);
  CHECK(lx_answers_label(a, "no") == 1 && lx_answers_label(a, "maybe") == -1);
  CHECK(!lx_answers_text(a, 3) && !lx_answers_text(a, -1));
  CHECK(lx_answers_write(a, lx_test_path("again.json"), &e) == LX_OK, "%s", e.message);
  lx_answers_free(a);
  CHECK(lx_answers_read(lx_test_path("again.json"), &a, &e) == LX_OK, "%s", e.message);
  CHECK(lx_answers_count(a) == 3 && lx_answers_label(a, "café") == 2);
  lx_answers_free(a);
}

static void refuses(const char *text)
{
  LxAnswers *a = NULL;
  LxError e = {0};
  const char *path = lx_test_path("bad.json");
  lx_test_write(path, text, strlen(text));
  CHECK(lx_answers_read(path, &a, &e) == LX_ERR_FORMAT, "%s", text);
  CHECK(strstr(e.message, "bad.json"), "%s", e.message);
}

static void normalizes(const char *text, const char *want)
{
  char out[64];
  CHECK(lx_answer_normalize(text, out, sizeof out) && strcmp(out, want) == 0, "%s -> %s", text,
        out);
}

int main(void)
{
  reads("[\"yes\",\"no\",\"café\"]");
  reads("{\"no\":1,\"yes\":0,\"café\":2}");
  reads("{\"1\":\"no\",\"0\":\"yes\",\"2\":\"café\"}");
  reads("[{\"ans\":\"yes\",\"dsets\":[\"vqa\"]},{\"ans\":\"no\"},{\"ans\":\"café\",\"dsets\":[]}]");
  reads("{\"hidden_size\":64,\"id2label\":{\"0\":\"yes\",\"1\":\"no\",\"2\":\"café\"}}");
  refuses("[]");
  refuses("7");
  refuses("[1,2]");
  refuses("{\"yes\":0,\"no\":0}");
  refuses("{\"yes\":0,\"no\":2}");
  refuses("{\"yes\":0,\"no\":-1}");
  refuses("{\"x\":\"yes\"}");
  refuses("[\"yes\"");
  normalizes("The Man.", "man");
  normalizes("an apple", "apple");
  normalizes("a the dog", "dog");
  normalizes("Two", "2");
  normalizes("ten", "10");
  normalizes("grey", "gray");
  normalizes("theatre", "theatre");
  normalizes("yes .", "yes");
  normalizes("", "");
  normalizes("ÉCLAIR", "éclair");
  char small[4];
  CHECK(!lx_answer_normalize("abcd", small, sizeof small));
  LxAnswers *a;
  LxError e = {0};
  CHECK(lx_answers_new((const char *[]){"2", "man"}, 2, &a, &e) == LX_OK);
  CHECK(lx_answers_label_normalized(a, "The man.") == 1);
  CHECK(lx_answers_label_normalized(a, "two") == 0 && lx_answers_label(a, "two") == -1);
  lx_answers_free(a);
  lx_test_clean();
  return lx_test_end();
}
