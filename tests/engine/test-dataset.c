/* The authors' question files with their features: examples, targets, subsets, damaged entries. */
#include "lx-dataset.h"
#include "lx-grouping.h"
#include "lx-test-io.h"
#include "lx-tsv.h"

#define IMAGES 700

static LxFeatures *features;
static LxAnswers *answers;

static void write_features(const char *path, int from, int to)
{
  LxTsvWriter *w;
  LxError e = {0};
  CHECK(lx_tsv_writer_open(path, false, &w, &e) == LX_OK);
  for (int i = from; i < to; i++) {
    LxRegions *r;
    char id[32];
    CHECK(lx_regions_new(2, 8, &r, &e) == LX_OK);
    snprintf(id, sizeof id, "img%d", i);
    free(r->image_id);
    r->image_id = strdup(id);
    r->width = r->height = 100;
    r->features[0] = (float)i;
    CHECK(lx_tsv_writer_add(w, r, &e) == LX_OK);
    lx_regions_free(r);
  }
  CHECK(lx_tsv_writer_close(w, &e) == LX_OK);
}

static LxDataset *open_text(LxDataKind kind, const char *name, const char *text, LxError *e)
{
  LxDataset *d = NULL;
  const char *path = lx_test_path(name);
  lx_test_write(path, text, strlen(text));
  *e = (LxError){0};
  lx_dataset_open(kind, &path, 1, answers, features, NULL, NULL, &d, e);
  return d;
}

static void vqa(void)
{
  LxError e;
  LxExample x;
  LxDataset *d = open_text(
      LX_DATA_VQA, "vqa.json",
      "[{\"question_id\":458752000,\"img_id\":\"img3\",\"sent\":\"What, [is] \\\"this\\\"?\","
      "\"answer_type\":\"other\",\"question_type\":\"what\",\"label\":{\"cat\":1.0,\"no\":0.3,"
      "\"zebra\":0.6}},\n {\"question_id\":2,\"img_id\":\"img9999\",\"sent\":\"gone\"},"
      "{\"question_id\":\"3\",\"img_id\":\"img4\",\"sent\":\"test\"},"
      "{\"question_id\":4,\"img_id\":\"img4\",\"sent\":\"\",\"label\":{}}]\n",
      &e);
  CHECK(d && lx_dataset_count(d) == 3, "%s", e.message);
  if (!d)
    return;
  LxDataCounts c = lx_dataset_counts(d);
  CHECK(c.entries == 4 && c.examples == 3 && c.without_image == 1 && c.answers_unknown == 1);
  lx_dataset_get(d, 0, &x);
  CHECK(strcmp(x.sentence, "What, [is] \"this\"?") == 0 && strcmp(x.id, "458752000") == 0);
  CHECK(strcmp(x.image_id[0], "img3") == 0 && !*x.image_id[1]);
  CHECK(strcmp(x.answer_type, "other") == 0 && strcmp(x.question_type, "what") == 0);
  CHECK(x.labelled && x.n_targets == 2 && x.label == -1);
  CHECK(lx_example_score(&x, lx_answers_label(answers, "cat")) == 1.0f);
  CHECK(lx_example_score(&x, lx_answers_label(answers, "no")) == 0.3f);
  CHECK(lx_example_score(&x, lx_answers_label(answers, "yes")) == 0);
  CHECK(lx_example_draw(&x, 0) == lx_answers_label(answers, "cat"));
  CHECK(lx_example_draw(&x, 0.76) == lx_answers_label(answers, "cat"));
  CHECK(lx_example_draw(&x, 0.78) == lx_answers_label(answers, "no"));
  CHECK(lx_example_draw(&x, 0.9999999) == lx_answers_label(answers, "no"));
  lx_dataset_get(d, 1, &x);
  CHECK(!x.labelled && x.n_targets == 0 && lx_example_draw(&x, 0.5) == -1 && !*x.answer_type);
  lx_dataset_get(d, 2, &x);
  CHECK(x.labelled && x.n_targets == 0 && !*x.sentence);
  const int64_t labels[] = {0, 1, 2};
  char *text;
  CHECK(lx_dataset_write_predictions(d, labels, answers, lx_test_path("out.json"), &e) == LX_OK);
  lx_test_read(lx_test_path("out.json"), &text);
  CHECK(strstr(text, "\"question_id\": 458752000") && strstr(text, "\"answer\": \"yes\""), "%s",
        text);
  free(text);
  lx_dataset_free(d);
}

static void gqa(void)
{
  LxError e;
  LxDataset *d = open_text(LX_DATA_GQA, "gqa.json",
                           "[{\"question_id\":\"05515938\",\"img_id\":\"img1\",\"sent\":\"Who?\","
                           "\"label\":{\"man\":1.0}}]",
                           &e);
  CHECK(d != NULL, "%s", e.message);
  const int64_t label = 3;
  char *text;
  CHECK(lx_dataset_write_predictions(d, &label, answers, lx_test_path("out.json"), &e) == LX_OK);
  lx_test_read(lx_test_path("out.json"), &text);
  CHECK(strstr(text, "\"questionId\": \"05515938\"") && strstr(text, "\"prediction\": \"man\""));
  free(text);
  lx_dataset_free(d);
}

/* Statements that differ only far behind are two. */
static void long_identifiers(void)
{
  char name[3][400];
  for (int i = 0; i < 3; i++)
    snprintf(name[i], sizeof name[i], "%0300d%d-%d-0", 7, i == 2, i);
  CHECK(lx_nlvr2_compare(name[0], name[1]) == 0); /* two pairs of one statement */
  CHECK(lx_nlvr2_compare(name[0], name[2]) < 0 && lx_nlvr2_compare(name[2], name[0]) > 0);
  char *sentence = lx_nlvr2_sentence(name[2]);
  CHECK(strlen(sentence) == 303 && strcmp(sentence + 299, "71-0") == 0, "%s", sentence);
  free(sentence);
}

static void gqa_kinds(void)
{
  static const struct {
    const char *type, *question, *answer;
    bool binary;
  } cases[] = {
      {"query", "Is it red or blue?", "red", false}, /* the file's word counts */
      {"choose", "Which?", "left", true},
      {"compare", "Which is larger?", "cat", true},
      {"position choose", "On which side?", "left", true},
      {"", "Is it a dog?", "no", true},
      {"", "Is it red or blue?", "blue", true},
      {"", "What is on the table or chair?", "cup", false},
      {"", "What color is it?", "blue", false},
      {"", "What color is it?", NULL, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    CHECK(lx_gqa_is_binary(cases[i].type, cases[i].question, cases[i].answer) == cases[i].binary,
          "%s %s", cases[i].type, cases[i].question);
  CHECK(strcmp(lx_vqa_answer_type("no"), "yes/no") == 0);
  CHECK(strcmp(lx_vqa_answer_type("12"), "number") == 0);
  CHECK(strcmp(lx_vqa_answer_type("north"), "other") == 0);
}

/* An answer that the table lacks makes a question binary all the same. */
static void gqa_unknown(void)
{
  LxError e;
  LxExample x;
  LxDataset *d = open_text(LX_DATA_GQA, "kinds.json",
                           "[{\"question_id\":\"1\",\"img_id\":\"img1\",\"sent\":\"Is it teal or "
                           "mauve?\",\"label\":{\"mauve\":1.0}}]",
                           &e);
  CHECK(d != NULL, "%s", e.message);
  lx_dataset_get(d, 0, &x);
  CHECK(x.binary && x.labelled && x.n_targets == 0);
  lx_dataset_free(d);
}

static void expect_csv_error(const char *text, const char *words)
{
  LxError e;
  LxDataset *d = open_text(LX_DATA_VQA, "bad.csv", text, &e);
  CHECK(!d && strstr(e.message, words) && strstr(e.message, "bad.csv"), "%s", e.message);
  lx_dataset_free(d);
}

static void csv(void)
{
  LxError e;
  LxExample x;
  LxDataset *d = open_text(LX_DATA_VQA, "mine.csv",
                           "\xef\xbb\xbf\"answer\";note;Question;IMAGE\r\n"
                           "Yes;\"a; b\";\"is it a \"\"cat\"\"?\r\nor\";img3\r\n\r\n"
                           ";x; how \"many\" ? ;img3\r\n"
                           "ZEBRA;;gone;img9999\r\n2;;how many?;img4",
                           &e);
  CHECK(d && lx_dataset_count(d) == 3, "%s", e.message);
  if (!d)
    return;
  lx_dataset_get(d, 0, &x);
  CHECK(strcmp(x.sentence, "is it a \"cat\"?\r\nor") == 0 && strcmp(x.id, "1") == 0, "%s",
        x.sentence);
  CHECK(x.labelled && lx_example_score(&x, lx_answers_label(answers, "yes")) == 1);
  CHECK(strcmp(x.answer_type, "yes/no") == 0 && strcmp(x.image_id[0], "img3") == 0);
  const char *image = x.image_id[0];
  lx_dataset_get(d, 1, &x);
  CHECK(!x.labelled && strcmp(x.sentence, "how \"many\" ?") == 0 && !*x.answer_type);
  CHECK(x.image_id[0] == image); /* kept once */
  lx_dataset_get(d, 2, &x);
  CHECK(strcmp(x.id, "4") == 0 && strcmp(x.answer_type, "number") == 0);
  CHECK(lx_dataset_counts(d).entries == 4 && lx_dataset_counts(d).without_image == 1);
  lx_dataset_free(d);
  expect_csv_error("a,b\n1,2\n", "has no column “image”");
  expect_csv_error("image,text\n1,2\n", "has no column “question”");
  expect_csv_error("", "has no column “image”");
  expect_csv_error("image,question\nimg1,\"open\n", "line 2");
  expect_csv_error("image,question\n\nimg1,a\nimg1,\n", "line 4: the question is empty");
  expect_csv_error("image,question\n,a\n", "line 2: the image is empty");
  expect_csv_error("image,question\nimg1,\xe4\n", "UTF-8");
  expect_csv_error("\xff\xfei\0m\0", "UTF-8");
  CHECK(!open_text(LX_DATA_GQA, "mine.csv", "image,question\nimg1,a\n", &e) &&
            strstr(e.message, "as VQA's are"),
        "%s", e.message);
}

static void nlvr2(void)
{
  LxError e;
  LxExample x;
  LxDataset *d = open_text(
      LX_DATA_NLVR2, "nlvr2.json",
      "[{\"identifier\":\"dev-850-0-0\",\"img0\":\"img1\",\"img1\":\"img2\",\"label\":1,"
      "\"sent\":\"Two dogs.\",\"uid\":\"nlvr2_dev_0\"},"
      "{\"identifier\":\"dev-850-0-1\",\"img0\":\"img1\",\"img1\":\"img2\",\"sent\":\"x\","
      "\"uid\":\"nlvr2_dev_1\"}]",
      &e);
  CHECK(d && lx_dataset_count(d) == 2, "%s", e.message);
  lx_dataset_get(d, 0, &x);
  CHECK(x.label == 1 && x.labelled && strcmp(x.image_id[1], "img2") == 0);
  static const char *const same[][2] = {{"dev-850-0-0", "dev-850-0"},
                                        {"dev-850-3-0", "dev-850-0"},
                                        {"dev-850-3-1", "dev-850-1"},
                                        {"test1-7-0-1", "test1-7-1"},
                                        {"x-1", "x-1"},
                                        {"", ""}};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    char *sentence = lx_nlvr2_sentence(same[i][0]);
    CHECK(strcmp(sentence, same[i][1]) == 0, "%s: %s", same[i][0], sentence);
    free(sentence);
    for (size_t j = 0; j < sizeof same / sizeof *same; j++) {
      const int order = lx_nlvr2_compare(same[i][0], same[j][0]);
      const int wanted = strcmp(same[i][1], same[j][1]);
      CHECK((order > 0) - (order < 0) == (wanted > 0) - (wanted < 0), "%s, %s: %d", same[i][0],
            same[j][0], order);
    }
  }
  long_identifiers();
  CHECK(strcmp(x.identifier, "dev-850-0-0") == 0 && strcmp(x.id, "nlvr2_dev_0") == 0);
  lx_dataset_get(d, 1, &x);
  CHECK(x.label == -1 && !x.labelled);
  const int64_t labels[] = {1, 0};
  char *text;
  CHECK(lx_dataset_write_predictions(d, labels, NULL, lx_test_path("out.csv"), &e) == LX_OK);
  lx_test_read(lx_test_path("out.csv"), &text);
  CHECK(strcmp(text, "dev-850-0-0,True\ndev-850-0-1,False\n") == 0, "%s", text);
  free(text);
  lx_dataset_free(d);
}

static void pretraining(void)
{
  LxError e;
  LxExample x;
  LxDataset *d = open_text(
      LX_DATA_PRETRAIN, "pretrain.json",
      "[{\"img_id\":\"img5\",\"labelf\":{\"vqa\":[{\"The Man.\":0.9,\"man\":0.3,\"two\":0.6},"
      "{\"unheard\":1}]},\"sentf\":{\"mscoco\":[\"A man.\",\"Two men.\",\"x\"],"
      "\"vqa\":[\"who?\",\"what?\"],\"vg\":[]}}]",
      &e);
  CHECK(d && lx_dataset_count(d) == 5, "%s", e.message);
  lx_dataset_get(d, 1, &x);
  CHECK(strcmp(x.question_type, "mscoco") == 0 && !x.labelled);
  CHECK(strcmp(x.id, "img5_mscoco_001") == 0 && strcmp(x.sentence, "Two men.") == 0);
  lx_dataset_get(d, 3, &x);
  CHECK(strcmp(x.question_type, "vqa") == 0 && x.labelled && x.n_targets == 2);
  CHECK(lx_example_score(&x, lx_answers_label(answers, "man")) == 0.9f);
  CHECK(lx_example_score(&x, lx_answers_label(answers, "2")) == 0.6f);
  lx_dataset_get(d, 4, &x);
  CHECK(x.labelled && x.n_targets == 0 && strcmp(x.image_id[0], "img5") == 0);
  CHECK(lx_dataset_counts(d).answers_unknown == 1);
  lx_dataset_free(d);
}

static void refuses(LxDataKind kind, const char *text, const char *word)
{
  LxError e;
  LxDataset *d = open_text(kind, "bad.json", text, &e);
  CHECK(!d, "%s", text);
  CHECK(strstr(e.message, word), "%s -> %s", text, e.message);
  lx_dataset_free(d);
}

static void bad_entries(void)
{
  const char *good = "[{\"question_id\":1,\"img_id\":\"img1\",\"sent\":\"a\"}";
  char text[512];
  snprintf(text, sizeof text, "%s,{\"question_id\":1,\"img_id\":\"img1\"}]", good);
  refuses(LX_DATA_VQA, text, "bad.json”, entry 1: “sent”");
  snprintf(text, sizeof text, "%s,{\"question_id\":1 \"img_id\":\"img1\"}]", good);
  refuses(LX_DATA_VQA, text, "bad.json”, entry 1");
  snprintf(text, sizeof text, "%s,7]", good);
  refuses(LX_DATA_VQA, text, "entry 1: it is not");
  refuses(LX_DATA_VQA, good, "cut short");
  snprintf(text, sizeof text, "%s,]", good);
  refuses(LX_DATA_VQA, text, "entry 1");
  snprintf(text, sizeof text, "%s] x", good);
  refuses(LX_DATA_VQA, text, "behind the list");
  refuses(LX_DATA_VQA, "{}", "not a JSON list");
  refuses(LX_DATA_VQA, "", "not a JSON list");
  refuses(LX_DATA_VQA, "[]", "no examples");
  refuses(LX_DATA_VQA, "[{\"question_id\":1,\"img_id\":\"gone\",\"sent\":\"a\"}]", "feature files");
  refuses(LX_DATA_VQA,
          "[{\"question_id\":1,\"img_id\":\"img1\",\"sent\":\"a\",\"label\":{\"a\":2}}]",
          "score of “a”");
  refuses(LX_DATA_VQA, "[{\"question_id\":1,\"img_id\":\"img1\",\"sent\":\"a\",\"label\":3}]",
          "label");
  refuses(LX_DATA_NLVR2,
          "[{\"uid\":\"a\",\"img0\":\"img1\",\"img1\":\"img1\",\"sent\":\"a\",\"label\":2}]",
          "0 or 1");
  refuses(LX_DATA_PRETRAIN,
          "[{\"img_id\":\"img1\",\"labelf\":{\"a\":[]},\"sentf\":{\"a\":[\"x\"]}}]",
          "do not match");
  refuses(LX_DATA_PRETRAIN, "[{\"img_id\":\"img1\",\"sentf\":{\"a\":[1]}}]", "no text");
}

static void cache(void)
{
  LxFeatures *f;
  LxError e = {0};
  const LxRegions *r;
  const char *paths[] = {lx_test_path("one.tsv"), lx_test_path("two.tsv")};
  write_features(paths[1], 690, 720); /* ids 690..699 are in both: the last file counts */
  CHECK(lx_features_open(paths, 2, LX_SUBSET_ALL, 2000, NULL, NULL, &f, &e) == LX_OK, "%s",
        e.message);
  CHECK(lx_features_count(f) == IMAGES + 30);
  CHECK(lx_features_find(f, "img695") == IMAGES + 5 && lx_features_find(f, "img1") == 1);
  for (int k = 0; k < 300; k++) {
    int i = k * 37 % 720;
    char id[32];
    snprintf(id, sizeof id, "img%d", i);
    CHECK(lx_features_get(f, id, &r, &e) == LX_OK, "%s", e.message);
    CHECK(strcmp(r->image_id, id) == 0 && r->features[0] == (float)i);
    CHECK(lx_features_cached(f) <= 2000);
  }
  int64_t reads = lx_features_reads(f);
  CHECK(lx_features_get(f, "img1", &r, &e) == LX_OK && lx_features_get(f, "img1", &r, &e) == LX_OK);
  CHECK(lx_features_reads(f) == reads + 1);
  CHECK(lx_features_get(f, "nowhere", &r, &e) == LX_ERR_MISSING && strstr(e.message, "nowhere"));
  lx_features_free(f);
  CHECK(lx_features_open(paths, 2, LX_SUBSET_TINY, 1 << 20, NULL, NULL, &f, &e) == LX_OK);
  CHECK(lx_features_count(f) == LX_SUBSET_TINY + 30 && lx_features_find(f, "img600") == -1);
  lx_features_free(f);
  CHECK(lx_features_open(paths, 0, -1, 0, NULL, NULL, &f, &e) == LX_ERR_ARGUMENT);
}

int main(void)
{
  LxError e = {0};
  const char *path = lx_test_path("one.tsv");
  write_features(path, 0, IMAGES);
  CHECK(lx_features_open(&path, 1, LX_SUBSET_ALL, 1 << 20, NULL, NULL, &features, &e) == LX_OK);
  CHECK(lx_answers_new((const char *[]){"yes", "no", "cat", "man", "2"}, 5, &answers, &e) == LX_OK);
  vqa();
  gqa();
  gqa_kinds();
  gqa_unknown();
  csv();
  nlvr2();
  pretraining();
  bad_entries();
  cache();
  lx_features_free(features);
  lx_answers_free(answers);
  lx_test_clean();
  return lx_test_end();
}
