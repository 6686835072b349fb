/* The Data page's jobs and crosslens-cli over the same files: the same scores, the same submissions,
 * the same findings. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "jobs-data.h"

#define IMAGES 4
#define QUESTIONS 30

/* Runs crosslens-cli; its JSON, owned. */
G_GNUC_PRINTF(1, 2) static json_t *run_cli(const char *format, ...)
{
  GError *error = NULL;
  g_autofree char *out = NULL, *said = NULL;
  int status;
  va_list args;
  va_start(args, format);
  g_autofree char *words = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *line = g_strdup_printf("'%s' %s --json", g_getenv("CROSSLENS_CLI"), words);
  g_spawn_command_line_sync(line, &out, &said, &status, &error);
  g_assert_no_error(error);
  if (status != 0)
    g_error("%s: %s", line, said);
  json_t *json = json_loads(out, 0, NULL);
  g_assert_nonnull(json);
  return json;
}

static double number(const json_t *json, const char *key)
{
  const json_t *value = json_object_get(json, key);
  if (!json_is_number(value))
    g_error("no number “%s”", key);
  return json_number_value(value);
}

static void check_groups(GPtrArray *tallies, const json_t *groups)
{
  size_t named = 0;
  for (guint i = 0; i < tallies->len; i++) {
    const LensTally *tally = tallies->pdata[i];
    const json_t *group = json_object_get(groups, tally->name);
    if (!*tally->name)
      continue;
    named++;
    g_assert_cmpint(tally->n, ==, (gint64)number(group, "examples"));
    g_assert_cmpfloat_with_epsilon(tally->score / (double)tally->n, number(group, "accuracy"),
                                   1e-6);
  }
  g_assert_cmpuint(named, ==, json_object_size(groups));
}

static char *text_of(const char *path)
{
  char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

/* Both leaderboard files, as JSON where they are. */
static void check_submissions(World *world, LensDataSet *set, const char *theirs)
{
  GError *error = NULL;
  g_autofree char *mine = world_file(world, "mine.out");
  g_assert_true(data_submit(world, set, mine, &error));
  json_t *a = json_load_file(mine, 0, NULL), *b = json_load_file(theirs, 0, NULL);
  g_autofree char *x = text_of(mine), *y = text_of(theirs);
  g_assert_true(a ? json_equal(a, b) : strcmp(x, y) == 0);
  g_assert_cmpuint(strlen(x), >, 20);
  json_decref(a);
  json_decref(b);
}

/* Opens the text as a set, lets both answer it and compares everything that both say. */
static void check_task(World *world, const char *task, const char *text, LensModel *model)
{
  g_autofree char *features = data_write_features(world, "features.tsv", IMAGES);
  g_autofree char *name = g_strdup_printf("%s.json", task);
  g_autofree char *path = data_write(world, name, text);
  g_autofree char *folder = g_path_get_dirname(path), *theirs = world_file(world, "theirs.out");
  LensDataSet *set = data_open(world, path);
  g_assert_cmpstr(lens_data_set_get_source(set)->kind, ==, task);
  data_evaluate(world, set, model);
  g_autoptr(LensDataSummary) summary = data_summarize(world, set);
  json_t *json = run_cli("eval --task %s --data '%s' --split %s --model '%s' --predictions '%s'",
                         task, folder, name, lens_model_get_path(model), theirs);
  const gboolean gqa = g_str_equal(task, "gqa"), pairs = g_str_equal(task, "nlvr2");
  g_assert_cmpint(summary->n, ==, (gint64)number(json, "examples"));
  g_assert_cmpfloat_with_epsilon(summary->accuracy, number(json, "accuracy"), 1e-6);
  check_groups(summary->answer_types, json_object_get(json, gqa ? "by_kind" : "by_answer_type"));
  check_groups(summary->question_types, json_object_get(json, "by_question_type"));
  if (pairs)
    g_assert_cmpfloat_with_epsilon(summary->consistency, number(json, "consistency"), 1e-9);
  else
    g_assert_cmpfloat_with_epsilon(summary->oracle, number(json, "oracle"), 1e-6);
  check_submissions(world, set, theirs);
  json_decref(json);
}

static LensModel *usual(World *world)
{
  return lens_workbench_find_model(world->bench, WORLD_MODEL);
}

static void test_vqa(World *world, gconstpointer unused)
{
  static const char *const types[] = {"yes/no", "number", "other"};
  static const char *const labels[] = {"{\"yes\": 1, \"no\": 0.3}", "{\"2\": 0.6, \"1\": 0.9}",
                                       "{\"red\": 1, \"zebra\": 0.3}", "{\"zebra\": 1}", "{}"};
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < QUESTIONS; i++)
    g_string_append_printf(text,
                           "%s{\"question_id\": %d, \"img_id\": \"img%d\", \"sent\": \"%s\","
                           " \"answer_type\": \"%s\", \"question_type\": \"%s\", \"label\": %s}",
                           i ? "," : "", 1000 + i, i % IMAGES,
                           i % 2 ? "what colour is the cat ?" : "is there a dog ?", types[i % 3],
                           i % 4 ? "what" : "is there", labels[i % 5]);
  g_string_append(text, "]");
  check_task(world, "vqa", text->str, usual(world));
}

static void test_gqa(World *world, gconstpointer unused)
{
  static const char *const types[] = {"", "query", "choose", "larger choose", "same"};
  static const char *const asked[][2] = {{"is the cat red or teal ?", "teal"},
                                         {"is the cat red or blue ?", "red"},
                                         {"what colour is the cat ?", "blue"},
                                         {"is there a dog ?", "no"}};
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < QUESTIONS; i++)
    g_string_append_printf(text,
                           "%s{\"question_id\": \"q%d\", \"img_id\": \"img%d\", \"sent\": \"%s\","
                           " \"question_type\": \"%s\", \"label\": {\"%s\": 1.0}}",
                           i ? "," : "", i, i % IMAGES, asked[i % 4][0], types[i % 5],
                           asked[i % 4][1]);
  g_string_append(text, "]");
  check_task(world, "gqa", text->str, usual(world));
}

static void test_nlvr2(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *folder = world_write_pair_model(world);
  g_autoptr(LensModel) model = world_import(world, folder, &error);
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < QUESTIONS; i++)
    g_string_append_printf(
        text,
        "%s{\"identifier\": \"dev-%0100d-%d-%d\", \"img0\": \"img%d\", \"img1\":"
        " \"img%d\", \"label\": %d, \"sent\": \"there are dogs\", \"uid\": \"%d\"}",
        i ? "," : "", i / 6, i % 3, i / 3 % 2, i % IMAGES, (i + i / 7) % IMAGES, i / 6 % 2, i);
  g_string_append(text, "]");
  g_assert_no_error(error);
  check_task(world, "nlvr2", text->str, model);
}

/* ---- findings ---- */

static LensFindings *measure(World *world, LensDataSet *set, gint64 examples,
                             const LensDataFilter *filter)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_measure(desk, set, usual(world), usual(world), examples, filter, &error);
  g_assert_no_error(error);
  world_wait(data_is_idle, desk);
  lens_data_desk_read_findings_async(desk, set, WORLD_MODEL, filter, NULL, data_on_done, &result);
  world_wait_for((gpointer *)&result);
  LensFindings *findings = lens_data_desk_read_findings_finish(desk, result, &error);
  g_assert_no_error(error);
  return findings;
}

/* Values, intervals, chance and p: the same questions are asked and shuffled in the same way. */
static void check_same_numbers(const json_t *mine, const json_t *theirs)
{
  static const char *const keys[] = {"value", "low", "high", "chance", "p"};
  g_assert_cmpuint(json_array_size(mine), >, 50);
  g_assert_cmpuint(json_array_size(mine), ==, json_array_size(theirs));
  for (size_t i = 0; i < json_array_size(mine); i++) {
    const json_t *a = json_array_get(mine, i), *b = json_array_get(theirs, i);
    g_assert_cmpstr(json_string_value(json_object_get(a, "map")), ==,
                    json_string_value(json_object_get(b, "map")));
    for (gsize k = 0; k < G_N_ELEMENTS(keys); k++) {
      const json_t *x = json_object_get(a, keys[k]), *y = json_object_get(b, keys[k]);
      g_assert_cmpint(json_is_null(x), ==, json_is_null(y));
      g_assert_cmpfloat_with_epsilon(json_number_value(x), json_number_value(y), 1e-6);
    }
  }
}

static void check_findings(LensFindings *findings, const char *folder, const char *model,
                           const char *options)
{
  json_t *mine = json_loads(lens_findings_get_report(findings), 0, NULL);
  json_t *theirs = run_cli("findings --data '%s' --split found.json --model '%s' --bert '%s' %s",
                           folder, model, model, options);
  g_assert_cmpint((int)number(mine, "examples"), ==, (int)number(theirs, "examples"));
  g_assert_cmpstr(json_string_value(json_object_get(mine, "rows")), ==,
                  json_string_value(json_object_get(theirs, "rows")));
  check_same_numbers(json_object_get(mine, "numbers"), json_object_get(theirs, "numbers"));
  json_decref(mine);
  json_decref(theirs);
}

static void test_findings(World *world, gconstpointer unused)
{
  static const char *const asked[] = {"what colour is the cat ?", "is there a dog ?"};
  static const char *const labels[] = {"red", "blue", "yes", "no", "1", "2"};
  static const struct {
    LensDataFilter filter;
    const char *options;
  } filters[] = {
      {{.verdict = LENS_VERDICT_WRONG}, "--only wrong"},
      {{.text = (char *)"Dog"}, "--with Dog"},
      {{.least = 0.36, .most = 1}, "--confidence 36-100"},
      {{.truth = (char *)"red", .question_type = (char *)"what"}, "--truth red --type what"},
  };
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < QUESTIONS; i++)
    g_string_append_printf(text,
                           "%s{\"question_id\": %d, \"img_id\": \"img%d\", \"sent\": \"%s\","
                           " \"question_type\": \"%s\", \"label\": {\"%s\": 1}}",
                           i ? "," : "", i, i % IMAGES, asked[i % 2], i % 2 ? "is" : "what",
                           labels[i % 6]);
  g_string_append(text, "]");
  g_autofree char *features = data_write_features(world, "features.tsv", IMAGES);
  g_autofree char *path = data_write(world, "found.json", text->str);
  g_autofree char *folder = g_path_get_dirname(path);
  LensDataSet *set = data_open(world, path);
  const char *model = lens_model_get_path(usual(world));
  for (gint64 examples = 7; examples >= 0; examples -= 7) { /* some, and all */
    g_autofree char *options = g_strdup_printf("--examples %d", (int)examples);
    g_autoptr(LensFindings) findings = measure(world, set, examples, NULL);
    check_findings(findings, folder, model, options);
  }
  data_evaluate(world, set, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
    g_autoptr(LensFindings) findings = measure(world, set, 0, &filters[i].filter);
    g_assert_cmpint(lens_findings_get_examples(findings), <, QUESTIONS);
    check_findings(findings, folder, model, filters[i].options);
  }
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add("/parity/" name, World, NULL, world_set_up, func, world_tear_down)
  ADD("vqa", test_vqa);
  ADD("gqa", test_gqa);
  ADD("nlvr2", test_nlvr2);
  ADD("findings", test_findings);
  return g_test_run();
}
