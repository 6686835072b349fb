/* Every text of the authors' tokenizer gives the authors' pieces, ids and padded input. */
#include <jansson.h>

#include "lx-test-io.h"
#include "lx-tokenizer.h"

static void check_split(const LxTokenizer *t, const json_t *c)
{
  const json_t *text = json_object_get(c, "text"), *tokens = json_object_get(c, "tokens");
  const char *s = json_string_value(text);
  size_t n = json_string_length(text), last = 0;
  LxTokens out;
  LxError e = {0};
  CHECK(lx_tokenizer_split(t, s, (ptrdiff_t)n, &out, &e) == LX_OK, "%s", e.message);
  CHECK(out.count == (int64_t)json_array_size(tokens), "“%s”: %lld", s, (long long)out.count);
  for (int64_t i = 0; i < out.count && i < (int64_t)json_array_size(tokens); i++) {
    const char *want = json_string_value(json_array_get(tokens, (size_t)i));
    CHECK(strcmp(lx_tokenizer_piece(t, out.ids[i]), want) == 0, "“%s”: %s, not %s", s,
          lx_tokenizer_piece(t, out.ids[i]), want);
    CHECK(out.ids[i] == json_integer_value(json_array_get(json_object_get(c, "ids"), (size_t)i)));
    CHECK(out.begin[i] <= out.end[i] && out.end[i] <= n && out.end[i] >= last, "“%s”", s);
    last = out.end[i];
  }
  lx_tokens_clear(&out);
}

static void check_encode(const LxTokenizer *t, const json_t *c)
{
  const json_t *text = json_object_get(c, "text"), *ids = json_object_get(c, "input_ids_20");
  LxTokens out;
  LxError e = {0};
  CHECK(lx_tokenizer_encode(t, json_string_value(text), (ptrdiff_t)json_string_length(text), 20,
                            &out, &e) == LX_OK);
  for (size_t i = 0; i < 20; i++) {
    json_int_t want = json_integer_value(json_array_get(ids, i));
    int64_t got = (int64_t)i < out.count ? out.ids[i] : lx_tokenizer_pad(t);
    int mask = (int)json_integer_value(json_array_get(json_object_get(c, "input_mask_20"), i));
    CHECK(got == want && mask == ((int64_t)i < out.count), "“%s” at %zu", json_string_value(text),
          i);
  }
  lx_tokens_clear(&out);
}

static void check_ranges(const LxTokenizer *t)
{
  const char *s = "  CAFÉS, unaffable 中 e\xcc\x81?";
  static const char *const want[] = {"CAFÉ", "S", ",", "un", "aff", "able", "中", "e\xcc\x81", "?"};
  LxTokens out;
  LxError e = {0};
  CHECK(lx_tokenizer_encode(t, s, -1, 64, &out, &e) == LX_OK);
  CHECK(out.count == 11 && out.dropped == 0, "%lld", (long long)out.count);
  for (int64_t i = 1; i + 1 < out.count && i < 10; i++)
    CHECK(out.end[i] - out.begin[i] == strlen(want[i - 1]) &&
              memcmp(s + out.begin[i], want[i - 1], strlen(want[i - 1])) == 0,
          "%lld", (long long)i);
  CHECK(out.begin[0] == out.end[0] && out.begin[10] == out.end[10]);
  lx_tokens_clear(&out);
}

/* Unassigned code points are dropped before ideographs are set apart, so these stay one word. */
static void check_unassigned(const LxTokenizer *t)
{
  static const char *const texts[] = {"ca\xf0\xac\xba\xaft", "ca\xef\xab\x9at"}; /* 2CEAF, FADA */
  LxTokens out;
  LxError e = {0};
  for (int i = 0; i < 2; i++) {
    CHECK(lx_tokenizer_split(t, texts[i], -1, &out, &e) == LX_OK);
    CHECK(out.count == 1 && out.ids[0] == lx_tokenizer_id(t, "cat"), "%d: %lld", i,
          (long long)out.count);
    lx_tokens_clear(&out);
  }
}

static void check_odd_input(const LxTokenizer *t)
{
  char *s = malloc(200001);
  LxTokens out;
  LxError e = {0};
  for (int i = 0; i < 200000; i++)
    s[i] = "what is \xff\x80 a\xcc\x81"[i % 14];
  CHECK(lx_tokenizer_encode(t, s, 200000, 20, &out, &e) == LX_OK, "%s", e.message);
  CHECK(out.count == 20 && out.dropped > 1000 && out.ids[19] == lx_tokenizer_sep(t));
  lx_tokens_clear(&out);
  memset(s, 'a', 5000);
  CHECK(lx_tokenizer_split(t, s, 5000, &out, &e) == LX_OK);
  CHECK(out.count == 1 && out.ids[0] == lx_tokenizer_unk(t) && out.end[0] == 5000);
  lx_tokens_clear(&out);
  CHECK(lx_tokenizer_split(t, "ca\xe9t \xf0\x9f", -1, &out, &e) == LX_OK);
  CHECK(out.count == 1 && out.ids[0] == lx_tokenizer_id(t, "cat") && out.end[0] == 4);
  lx_tokens_clear(&out);
  CHECK(lx_tokenizer_encode(t, "", 0, 1, &out, &e) == LX_ERR_ARGUMENT);
  CHECK(lx_tokenizer_encode(t, "cat", -1, 2, &out, &e) == LX_OK && out.count == 2);
  CHECK(out.dropped == 1);
  lx_tokens_clear(&out);
  free(s);
}

static void check_vocab_files(void)
{
  LxTokenizer *t = NULL;
  LxError e = {0};
  CHECK(lx_tokenizer_open(lx_test_path("absent"), &t, &e) == LX_ERR_IO);
  lx_test_write(lx_test_path("bad"), "cat\ndog\n", 8);
  CHECK(lx_tokenizer_open(lx_test_path("bad"), &t, &e) == LX_ERR_FORMAT);
  lx_test_write(lx_test_path("empty"), "", 0);
  CHECK(lx_tokenizer_open(lx_test_path("empty"), &t, &e) == LX_ERR_FORMAT);
  const char *crlf = "[PAD]\r\n[UNK]\r\n\r\n[CLS]\r\n[SEP]\r\ncat";
  lx_test_write(lx_test_path("crlf"), crlf, strlen(crlf));
  CHECK(lx_tokenizer_open(lx_test_path("crlf"), &t, &e) == LX_OK, "%s", e.message);
  CHECK(lx_tokenizer_id(t, "cat") == 5 && lx_tokenizer_count(t) == 6);
  CHECK(lx_tokenizer_id(t, "ca") == -1 && lx_tokenizer_mask(t) == -1);
  CHECK(strcmp(lx_tokenizer_piece(t, 99), "[UNK]") == 0);
  lx_tokenizer_free(t);
}

int main(void)
{
  LxTokenizer *t = NULL;
  LxError e = {0};
  json_error_t je;
  CHECK(lx_tokenizer_open(lx_test_data("tokenizer/vocab.txt"), &t, &e) == LX_OK, "%s", e.message);
  json_t *cases = json_load_file(lx_test_data("tokenizer/cases.json"), JSON_ALLOW_NUL, &je), *c;
  size_t i;
  CHECK(json_array_size(cases) == 226, "%s", je.text);
  json_array_foreach (cases, i, c) {
    check_split(t, c);
    check_encode(t, c);
  }
  json_decref(cases);
  check_ranges(t);
  check_unassigned(t);
  check_odd_input(t);
  lx_tokenizer_free(t);
  check_vocab_files();
  lx_test_clean();
  return lx_test_end();
}
