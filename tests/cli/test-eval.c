/* eval: its scores are those counted from the predictions and the questions alone, for every task;
 * questions in a CSV with pictures beside it; identifiers of any length. */
#include "cli-run.h"

#include <math.h>

static const char *shipped(const char *name)
{
  static char path[2][1024];
  static int turn;
  char *out = path[turn++ & 1];
  snprintf(out, sizeof path[0], "%s/%s", getenv("CROSSLENS_DATA_DIR"), name);
  return out;
}

/* ---- counted again ---- */

typedef struct {
  int n;
  double score;
} Sum;

static void add(Sum *sum, double score)
{
  sum->n++;
  sum->score += score;
}

static void check_sum(const json_t *group, const Sum *sum, const char *what)
{
  CHECK(json_integer_value(json_object_get(group, "examples")) == sum->n && sum->n > 0, "%s: %d",
        what, sum->n);
  CHECK(fabs(json_number_value(json_object_get(group, "accuracy")) - sum->score / sum->n) < 1e-6,
        "%s: %g", what, sum->score / sum->n);
}

static double score_of(const json_t *question, const json_t *prediction, const char *key)
{
  const char *answer = json_string_value(json_object_get(prediction, key));
  return json_number_value(json_object_get(json_object_get(question, "label"), answer));
}

static void test_vqa(void)
{
  static const char *const types[] = {"yes/no", "number", "other"};
  Sum all = {0}, kind[3] = {{0}};
  CHECK_RUNS("eval --task vqa --data world --split test --model model --json --predictions v.json");
  json_t *json = cli_json(), *groups = json_object_get(json, "by_answer_type");
  json_t *questions = json_load_file("world/vqa/test.json", 0, NULL);
  json_t *answers = json_load_file("v.json", 0, NULL);
  CHECK(json_array_size(questions) == json_array_size(answers) && json_array_size(answers) > 0);
  for (size_t i = 0; i < json_array_size(questions); i++) {
    const json_t *q = json_array_get(questions, i), *p = json_array_get(answers, i);
    const char *type = json_string_value(json_object_get(q, "answer_type"));
    CHECK(json_is_integer(json_object_get(p, "question_id")) && json_object_size(p) == 2 &&
          json_equal(json_object_get(p, "question_id"), json_object_get(q, "question_id")));
    add(&all, score_of(q, p, "answer"));
    for (int t = 0; t < 3; t++)
      if (strcmp(type, types[t]) == 0)
        add(&kind[t], score_of(q, p, "answer"));
  }
  check_sum(json, &all, "all");
  for (int t = 0; t < 3; t++)
    check_sum(json_object_get(groups, types[t]), &kind[t], types[t]);
  json_decref(questions);
  json_decref(answers);
  json_decref(json);
}

static void test_gqa(void)
{
  Sum all = {0}, kind[2] = {{0}};
  CHECK_RUNS("eval --task gqa --data world --split test --model model --json --predictions g.json");
  json_t *json = cli_json(), *groups = json_object_get(json, "by_kind");
  json_t *questions = json_load_file("world/gqa/test.json", 0, NULL);
  json_t *answers = json_load_file("g.json", 0, NULL);
  for (size_t i = 0; i < json_array_size(questions); i++) {
    const json_t *q = json_array_get(questions, i), *p = json_array_get(answers, i);
    const json_t *label = json_object_get(q, "label");
    const bool binary = json_object_get(label, "yes") || json_object_get(label, "no") ||
                        strstr(json_string_value(json_object_get(q, "question_type")), "choose");
    CHECK(json_is_string(json_object_get(p, "questionId")) && json_object_size(p) == 2 &&
          json_equal(json_object_get(p, "questionId"), json_object_get(q, "question_id")));
    add(&all, score_of(q, p, "prediction"));
    add(&kind[binary], score_of(q, p, "prediction"));
  }
  check_sum(json, &all, "all");
  check_sum(json_object_get(groups, "open"), &kind[0], "open");
  check_sum(json_object_get(groups, "binary"), &kind[1], "binary");
  json_decref(questions);
  json_decref(answers);
  json_decref(json);
}

/* A list without labels is answered, and nothing is said of how well. */
static void test_unlabelled(void)
{
  shell("sed 's/\"label\": {[^}]*}, //' world/vqa/test.json >blank.json");
  CHECK_RUNS("eval --data world --split blank.json --model model --json --predictions b.json");
  json_t *json = cli_json();
  CHECK(json_is_null(json_object_get(json, "accuracy")) &&
            json_is_null(json_object_get(json, "loss")) && !json_object_get(json, "interval_95") &&
            !json_object_get(json, "oracle"),
        "%s", cli_out);
  json_decref(json);
  CHECK(shell("cmp v.json b.json") == 0);
  CHECK_RUNS("eval --data world --split blank.json --model model");
  CHECK(strstr(cli_out, "not scored") && !strstr(cli_out, "accuracy"), "%s", cli_out);
}

/* ---- NLVR2 ---- */

/* Statements of four pairs whose identifiers differ far behind only, with labels so that every pair
 * of the first `whole` statements is right. */
static void write_pairs(const char *name, const char *prefix, const json_t *predictions, int whole)
{
  json_t *list = json_array();
  for (int i = 0; i < 24; i++) {
    char id[600];
    const bool answer = json_integer_value(json_array_get(predictions, (size_t)i));
    const int right = i / 4 < whole || i % 4 != 0;
    snprintf(id, sizeof id, "%s%d-%d-%d", prefix, i / 8, i % 4, i / 4 % 2);
    json_array_append_new(
        list, json_pack("{ss ss ss si ss ss}", "identifier", id, "img0", "world_test_000000000000",
                        "img1", i % 3 ? "world_test_000000000001" : "world_test_000000000000",
                        "label", right ? answer : !answer, "sent", "There is a dog.", "uid", id));
  }
  json_dump_file(list, name, 0);
  json_decref(list);
}

/* What the model says to these pairs: it knows no labels. */
static json_t *read_verdicts(const char *name)
{
  json_t *out = json_array();
  char line[1024];
  FILE *file = fopen(name, "r");
  while (file && fgets(line, sizeof line, file)) {
    const char *comma = strrchr(line, ',');
    CHECK(comma && (strcmp(comma, ",True\n") == 0 || strcmp(comma, ",False\n") == 0), "%s", line);
    json_array_append_new(out, json_integer(comma && comma[1] == 'T'));
  }
  if (file)
    fclose(file);
  return out;
}

static void test_pairs(void)
{
  static const char *const prefixes[] = {
      "dev-", "a-long-name-of-a-set-that-somebody-made-at-home-in-"
              "the-winter-of-the-year-2019-and-that-is-longer-than-any-buffer-should-be-dev-"};
  json_t *none = json_array();
  CHECK_RUNS("train --task nlvr2 --data world --model base --out pairs --max-steps 2 --batch 2");
  for (int i = 0; i < 2; i++) {
    write_pairs("pairs.json", prefixes[i], none, 0);
    CHECK_RUNS(
        "eval --task nlvr2 --data world --split pairs.json --model pairs --predictions p.csv");
    json_t *verdicts = read_verdicts("p.csv");
    CHECK(json_array_size(verdicts) == 24);
    write_pairs("pairs.json", prefixes[i], verdicts, 2);
    CHECK_RUNS("eval --task nlvr2 --data world --split pairs.json --model pairs --json");
    json_t *json = cli_json();
    CHECK(fabs(json_number_value(json_object_get(json, "consistency")) - 2.0 / 6) < 1e-9, "%s",
          cli_out);
    CHECK(fabs(json_number_value(json_object_get(json, "accuracy")) - 20.0 / 24) < 1e-9, "%s",
          cli_out);
    json_decref(json);
    json_decref(verdicts);
  }
  json_decref(none);
}

/* ---- a CSV with its pictures ---- */

static void test_csv(void)
{
  shell("mkdir -p own/pictures && cp \"%s\"/scenes/images/world_test_00000000000[012].png "
        "own/pictures && "
        "echo 'no picture' >own/pictures/broken.png",
        getenv("CROSSLENS_DATA_DIR"));
  shell("printf 'image;question;answer\\r\\nworld_test_000000000000;\"is there a dog ?\";no\\r\\n"
        "pictures/world_test_000000000001.png;is there a cat ?;Yes\\r\\n"
        "world_test_000000000002.png;what color is the sky ?;\\r\\n"
        "broken.png;is there a cat ?;yes\\r\\ngone.png;is there a cat ?;yes\\r\\n' >own/mine.csv");
  CHECK_RUNS("eval --data own --split mine --model %s --json --predictions m.json",
             shipped("models/lxmert-world-vqa"));
  json_t *json = cli_json(), *answers = json_load_file("m.json", 0, NULL);
  CHECK(json_integer_value(json_object_get(json, "examples")) == 3, "%s", cli_out);
  CHECK(json_integer_value(json_object_get(json, "without_image")) == 2, "%s", cli_out);
  CHECK(strstr(cli_err, "broken.png") && strstr(cli_err, "gone.png"), "%s", cli_err);
  Sum yes_no = {2, 0};
  static const char *const right[] = {"no", "yes"};
  for (int i = 0; i < 2; i++)
    yes_no.score +=
        !strcmp(right[i], json_string_value(json_object_get(json_array_get(answers, i), "answer")));
  check_sum(json_object_get(json_object_get(json, "by_answer_type"), "yes/no"), &yes_no, "yes/no");
  json_decref(json);
  json_decref(answers);
  /* a detector whose features are too few for the model */
  CHECK_FAILS(1, "features", "eval --data own --split mine --model %s --detector detector",
              shipped("models/lxmert-world-vqa"));
  /* features that were made before say the same */
  CHECK(cli("detect --folder own/pictures --tsv own/own.tsv") == 1); /* the broken one */
  shell(
      "sed 's/;pictures.world/;world/; s/^pictures.//; s/\\.png;/;/' own/mine.csv >own/named.csv");
  CHECK_RUNS("eval --data own --split named.csv --model %s --predictions n.json",
             shipped("models/lxmert-world-vqa"));
  CHECK(shell("cmp m.json n.json") == 0);
  CHECK_RUNS("findings --data own --split named --model %s --resamples 8 --shuffles 1 --json",
             shipped("models/lxmert-world-vqa"));
  json = cli_json();
  CHECK(json_integer_value(json_object_get(json, "examples")) == 3);
  json_decref(json);
  CHECK_FAILS(1, "No question passes",
              "findings --data own --split named --model %s --with xylophone",
              shipped("models/lxmert-world-vqa"));
  CHECK_FAILS(2, "--only", "findings --data own --split named --only sometimes");
  /* a file that was not copied to its end: what it lacks is left out, and that is said */
  shell("head -c -200 own/own.tsv >short.tsv && mv short.tsv own/own.tsv");
  CHECK_RUNS("eval --data own --split named.csv --model %s --json",
             shipped("models/lxmert-world-vqa"));
  json = cli_json();
  CHECK(json_integer_value(json_object_get(json, "examples")) == 2 && strstr(cli_err, "cut short"),
        "%s %s", cli_out, cli_err);
  json_decref(json);
}

int main(void)
{
  if (!cli_begin())
    return 1;
  cli_make_model();
  test_vqa();
  test_gqa();
  test_unlabelled();
  test_pairs();
  test_csv();
  return cli_end();
}
