/* Findings over a data set: measured in the background, kept, read again, written to files. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "jobs-data.h"

static LensFindings *read_part(World *world, LensDataSet *set, const LensDataFilter *filter)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_read_findings_async(desk, set, WORLD_MODEL, filter, NULL, data_on_done, &result);
  world_wait_for((gpointer *)&result);
  LensFindings *findings = lens_data_desk_read_findings_finish(desk, result, &error);
  g_assert_no_error(error);
  return findings;
}

static LensFindings *read_findings(World *world, LensDataSet *set)
{
  return read_part(world, set, NULL);
}

static LensDataSet *open_world(World *world)
{
  g_autofree char *scene = world_scene(world, 0);
  g_autofree char *folder = g_path_get_dirname(scene);
  return data_open(world, folder);
}

static LensDataJob *begin(World *world, LensDataSet *set, gboolean bert, gint64 examples)
{
  GError *error = NULL;
  LensModel *model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  LensDataJob *job = lens_data_desk_measure(lens_workbench_get_data_desk(world->bench), set, model,
                                            bert ? model : NULL, examples, NULL, &error);
  g_assert_no_error(error);
  return job;
}

static void write_findings(World *world, LensFindings *findings, const char *path, GError **error)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_write_findings_async(desk, findings, path, NULL, data_on_done, &result);
  world_wait_for((gpointer *)&result);
  lens_data_desk_write_findings_finish(desk, result, error);
}

static char *written(World *world, LensFindings *findings, const char *name)
{
  GError *error = NULL;
  g_autofree char *path = world_file(world, name);
  char *text = NULL;
  write_findings(world, findings, path, &error);
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static const LensMeasure *find_measure(LensFindings *findings, const char *key)
{
  GPtrArray *measures = lens_findings_get_measures(findings);
  for (guint i = 0; i < measures->len; i++) {
    const LensMeasure *measure = measures->pdata[i];
    if (g_str_equal(measure->key, key))
      return measure;
  }
  return NULL;
}

/* 2 language and 2 cross layers of 4 heads and their mean; the encoder beside has 2 more. */
static void check_numbers(LensFindings *findings, gboolean bert)
{
  const LensMeasure *measure = find_measure(findings, "next_word");
  g_assert_nonnull(measure);
  g_autoptr(GListModel) numbers = lens_findings_list(findings, measure);
  guint n = g_list_model_get_n_items(numbers), beside = 0;
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensFinding) number = g_list_model_get_item(numbers, i);
    const LensFindingInfo *info = lens_finding_get_info(number);
    beside += info->bert;
    g_assert_cmpfloat(info->low, <=, info->value);
    g_assert_cmpfloat(info->value, <=, info->high);
    g_assert_true(info->value >= 0 && info->value <= 1);
  }
  g_assert_cmpuint(n - beside, ==, 4 * 5);
  /* every map of words on words of the other model, asked with an empty image */
  g_assert_true(bert ? beside > 0 : beside == 0);
}

static void test_measure(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_world(world);
  g_assert_null(read_findings(world, set));
  begin(world, set, TRUE, 0);
  world_wait(data_is_idle, desk);
  g_autoptr(LensFindings) findings = read_findings(world, set);
  g_assert_nonnull(findings);
  g_assert_cmpint(lens_findings_get_examples(findings), ==, 3 * WORLD_SCENES);
  g_assert_cmpstr(lens_findings_get_model(findings), ==, WORLD_MODEL);
  g_assert_cmpstr(lens_findings_get_bert(findings), ==, WORLD_MODEL);
  g_assert_false(isnan(lens_findings_get_accuracy(findings)));
  g_assert_cmpint(lens_findings_get_nouns(findings), ==, 0); /* no scene graphs */
  g_assert_cmpuint(lens_findings_get_claims(findings)->len, >, 0);
  check_numbers(findings, TRUE);
  begin(world, set, FALSE, 6);
  world_wait(data_is_idle, desk);
  world_reopen(world); /* the newer one is there after a restart */
  desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataSet) again = g_list_model_get_item(lens_data_desk_get_sets(desk), 0);
  g_autoptr(LensFindings) kept = read_findings(world, again);
  g_assert_cmpint(lens_findings_get_examples(kept), ==, 6);
  g_assert_null(lens_findings_get_bert(kept));
  check_numbers(kept, FALSE);
}

/* Rows that were answered so, in their order. */
static guint count_answered(World *world, LensDataSet *set, gboolean right)
{
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  guint n = 0;
  for (guint i = 0; i < rows->len; i++)
    n += (lens_data_row_get_info(rows->pdata[i])->score > 0) == right;
  return n;
}

/* Only what the filter lets through is measured; it is kept beside the findings over everything,
 * and every report says which it is. */
static void test_filtered(World *world, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensModel *model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  LensDataSet *set = open_world(world);
  LensDataFilter filter = {.verdict = LENS_VERDICT_WRONG};
  g_assert_null(lens_data_desk_measure(desk, set, model, NULL, 0, &filter, &error));
  g_assert_nonnull(strstr(error->message, "Evaluate it first"));
  g_clear_error(&error);
  data_evaluate(world, set, model);
  guint wrong = count_answered(world, set, FALSE);
  g_assert_cmpuint(wrong, >, 0);
  g_assert_nonnull(lens_data_desk_measure(desk, set, model, NULL, 0, &filter, &error));
  world_wait(data_is_idle, desk);
  g_assert_null(read_findings(world, set));
  g_autoptr(LensFindings) part = read_part(world, set, &filter);
  g_assert_cmpint(lens_findings_get_examples(part), ==, wrong);
  g_assert_cmpfloat(lens_findings_get_accuracy(part), ==, 0); /* they are the wrong ones */
  g_assert_cmpstr(lens_findings_get_rows(part), ==, "answered wrong");
  g_autofree char *markdown = written(world, part, "f.md");
  g_assert_nonnull(strstr(markdown, "(only: answered wrong)"));
  g_autofree char *csv = written(world, part, "f.csv");
  g_assert_true(g_str_has_suffix(csv, ",answered wrong\n"));
  begin(world, set, FALSE, 6);
  world_wait(data_is_idle, desk);
  g_autoptr(LensFindings) whole = read_findings(world, set);
  g_assert_null(lens_findings_get_rows(whole));
  g_autoptr(LensFindings) still = read_part(world, set, &filter);
  g_assert_cmpint(lens_findings_get_examples(still), ==, wrong);
}

static void on_failed(LensDataDesk *desk, const char *message, char **last)
{
  g_free(*last);
  *last = g_strdup(message);
}

static void test_nothing_passes(World *world, gconstpointer unused)
{
  g_autofree char *message = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensModel *model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  LensDataFilter filter = {.text = (char *)"xylophone"};
  g_signal_connect(desk, "failed", G_CALLBACK(on_failed), &message);
  lens_data_desk_measure(desk, open_world(world), model, NULL, 0, &filter, NULL);
  world_wait(data_is_idle, desk);
  g_assert_nonnull(strstr(message, "No question passes the filter"));
}

static void test_export(World *world, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  LensDataSet *set = open_world(world);
  begin(world, set, FALSE, 6);
  world_wait(data_is_idle, lens_workbench_get_data_desk(world->bench));
  g_autoptr(LensFindings) findings = read_findings(world, set);
  g_autofree char *markdown = written(world, findings, "f.md");
  g_assert_true(g_str_has_prefix(markdown, "# What the attention does\n"));
  g_assert_nonnull(strstr(markdown, "6 questions of the split"));
  g_autofree char *csv = written(world, findings, "f.csv");
  g_auto(GStrv) lines = g_strsplit(g_strchomp(csv), "\n", -1);
  g_assert_cmpstr(lines[0], ==,
                  "measure,model,map,head,group,value,low,high,chance,p,examples,split,rows");
  g_assert_true(g_str_has_suffix(lines[1], ",all"));
  g_autofree char *text = written(world, findings, "f.json");
  json_t *json = json_loads(text, 0, NULL);
  const json_t *numbers = json_object_get(json, "numbers");
  g_assert_cmpuint(g_strv_length(lines) - 1, ==, json_array_size(numbers));
  json_t *first = json_array_get(numbers, 0);
  g_auto(GStrv) fields = g_strsplit(lines[1], ",", -1);
  g_assert_cmpstr(fields[2], ==, json_string_value(json_object_get(first, "map")));
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(fields[5], NULL),
                                 json_number_value(json_object_get(first, "value")), 1e-5);
  json_decref(json);
  write_findings(world, findings, "/proc/nowhere/f.md", &error);
  g_assert_nonnull(strstr(error->message, "/proc/nowhere/f.md"));
  g_clear_error(&error);
  write_findings(world, findings, "f.txt", &error);
  g_assert_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT);
}

static gboolean is_running(gpointer job)
{
  return lens_job_get_progress(LENS_JOB(job)) > 0 || lens_job_is_finished(LENS_JOB(job));
}

static void test_stop(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_world(world);
  begin(world, set, FALSE, 6);
  world_wait(data_is_idle, desk);
  g_autoptr(LensDataJob) job = g_object_ref(begin(world, set, FALSE, 0));
  world_wait(is_running, job);
  lens_job_cancel(LENS_JOB(job));
  world_wait(data_is_idle, desk);
  g_autoptr(LensFindings) findings = read_findings(world, set);
  g_assert_cmpint(lens_findings_get_examples(findings), ==, 6); /* the older one stays */
}

static void test_refusals(World *world, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensModel *model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  g_autofree char *features = data_write_features(world, "p/p.tsv", 2);
  g_autofree char *path = data_write(world, "p/pairs.json",
                                     "[{\"identifier\": \"a-0-0\", \"img0\": \"img0\", \"img1\":"
                                     " \"img1\", \"sent\": \"s\", \"label\": 1}]");
  LensDataSet *pairs = data_open(world, path);
  g_assert_null(lens_data_desk_measure(desk, pairs, model, NULL, 0, NULL, &error));
  g_assert_nonnull(strstr(error->message, "one image"));
  g_clear_error(&error);
  LensDataSet *bare = data_open(world, features);
  g_assert_null(lens_data_desk_measure(desk, bare, model, NULL, 0, NULL, &error));
  g_assert_nonnull(strstr(error->message, "without questions"));
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add("/findings/" name, World, NULL, world_set_up, func, world_tear_down)
  ADD("measure", test_measure);
  ADD("filtered", test_filtered);
  ADD("nothing-passes", test_nothing_passes);
  ADD("export", test_export);
  ADD("stop", test_stop);
  ADD("refusals", test_refusals);
  return g_test_run();
}
