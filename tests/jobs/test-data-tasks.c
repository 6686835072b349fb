/* VQA, GQA and NLVR2 files with features: scored as the authors score, submitted as the
 * leaderboards read, stopped and gone on with, opened to look at. */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "jobs-data.h"

#define IMAGES 4
#define QUESTIONS 24

/* Soft labels, one answer that no table has, and no label at all in some. */
static char *vqa_text(void)
{
  static const char *const types[] = {"yes/no", "number", "other"};
  static const char *const labels[] = {"{\"yes\": 1, \"no\": 0.3}", "{\"2\": 0.6, \"1\": 0.9}",
                                       "{\"red\": 1, \"zebra\": 0.3}", "{\"zebra\": 1}",
                                       "{\"blue\": 0.3}"};
  GString *out = g_string_new("[");
  for (int i = 0; i < QUESTIONS; i++)
    g_string_append_printf(out,
                           "%s{\"question_id\": %d, \"img_id\": \"img%d\", \"sent\": \"%s\","
                           " \"answer_type\": \"%s\", \"question_type\": \"what\", \"label\": %s}",
                           i ? "," : "", 1000 + i, i % IMAGES,
                           i % 2 ? "what colour is the cat ?" : "how many dogs are there ?",
                           types[i % 3], labels[i % 5]);
  g_string_append(out, "]");
  return g_string_free(out, FALSE);
}

static LensDataSet *open_text(World *world, const char *name, const char *text)
{
  g_autofree char *features = data_write_features(world, "features.tsv", IMAGES);
  g_autofree char *path = data_write(world, name, text);
  LensDataSet *set = data_open(world, path);
  g_assert_cmpstr(lens_data_set_get_problem(set), ==, NULL);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "ready");
  return set;
}

/* ---- scores, by hand ---- */

typedef struct {
  gint64 n;
  double score, oracle;
} Sum;

/* The label's score of the answer; the best that an answer of the tiny model's table has. */
static void add_row(Sum *sum, const LensDataRowInfo *info)
{
  static const char *const table[] = {"yes", "no", "red", "blue", "1", "2"};
  json_t *label = json_loads(info->label, 0, NULL);
  double best = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
    best = MAX(best, json_number_value(json_object_get(label, table[i])));
  sum->n++;
  sum->score += json_number_value(json_object_get(label, info->answer));
  sum->oracle += best;
  json_decref(label);
}

static void check_tally(GPtrArray *tallies, const char *name, const Sum *sum)
{
  for (guint i = 0; i < tallies->len; i++) {
    const LensTally *tally = tallies->pdata[i];
    if (!g_str_equal(tally->name, name))
      continue;
    g_assert_cmpint(tally->n, ==, sum->n);
    g_assert_cmpfloat_with_epsilon(tally->score, sum->score, 1e-9);
    return;
  }
  g_assert_cmpint(sum->n, ==, 0);
}

static void check_scores(World *world, LensDataSet *set, const char *const *types)
{
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  g_autoptr(LensDataSummary) summary = data_summarize(world, set);
  Sum all = {0};
  for (int t = 0; types[t]; t++) {
    Sum sum = {0};
    for (guint i = 0; i < rows->len; i++) {
      const LensDataRowInfo *info = lens_data_row_get_info(rows->pdata[i]);
      if (g_str_equal(info->answer_type, types[t]))
        add_row(&sum, info);
    }
    check_tally(summary->answer_types, types[t], &sum);
    all.n += sum.n;
    all.score += sum.score;
    all.oracle += sum.oracle;
  }
  g_assert_cmpint(all.n, ==, rows->len);
  g_assert_cmpint(summary->n, ==, all.n);
  g_assert_cmpfloat_with_epsilon(summary->accuracy, all.score / (double)all.n, 1e-9);
  g_assert_cmpfloat_with_epsilon(summary->oracle, all.oracle / (double)all.n, 1e-9);
}

static json_t *submit(World *world, LensDataSet *set, const char *name)
{
  GError *error = NULL;
  g_autofree char *path = world_file(world, name);
  g_assert_true(data_submit(world, set, path, &error));
  g_assert_no_error(error);
  json_t *json = json_load_file(path, 0, NULL);
  g_assert_true(json_is_array(json));
  g_assert_cmpuint(json_array_size(json), ==, (size_t)lens_data_set_get_n(set));
  return json;
}

static void test_vqa(World *world, gconstpointer unused)
{
  static const char *const types[] = {"yes/no", "number", "other", NULL};
  g_autofree char *text = vqa_text();
  LensDataSet *set = open_text(world, "vqa.json", text);
  g_assert_cmpint(lens_data_set_get_n(set), ==, QUESTIONS);
  data_evaluate(world, set, NULL);
  check_scores(world, set, types);
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  json_t *json = submit(world, set, "vqa-out.json");
  for (guint i = 0; i < rows->len; i++) {
    const json_t *entry = json_array_get(json, i);
    g_assert_cmpint(json_integer_value(json_object_get(entry, "question_id")), ==, 1000 + i);
    g_assert_cmpstr(json_string_value(json_object_get(entry, "answer")), ==,
                    lens_data_row_get_info(rows->pdata[i])->answer);
  }
  json_decref(json);
}

static void test_gqa(World *world, gconstpointer unused)
{
  static const char *const types[] = {"binary", "open", NULL};
  static const char text[] =
      "[{\"question_id\": \"a1\", \"img_id\": \"img0\", \"sent\": \"is there a dog ?\","
      " \"label\": {\"yes\": 1.0}},"
      " {\"question_id\": \"a2\", \"img_id\": \"img1\", \"sent\": \"is the cat red or blue ?\","
      " \"label\": {\"red\": 1.0}},"
      " {\"question_id\": \"a3\", \"img_id\": \"img2\", \"sent\": \"what colour is the cat ?\","
      " \"label\": {\"blue\": 1.0}}]";
  LensDataSet *set = open_text(world, "gqa.json", text);
  g_assert_cmpstr(lens_data_set_get_source(set)->kind, ==, "gqa");
  data_evaluate(world, set, NULL);
  check_scores(world, set, types);
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  g_assert_cmpstr(lens_data_row_get_info(rows->pdata[0])->answer_type, ==, "binary");
  g_assert_cmpstr(lens_data_row_get_info(rows->pdata[1])->answer_type, ==, "binary");
  g_assert_cmpstr(lens_data_row_get_info(rows->pdata[2])->answer_type, ==, "open");
  json_t *json = submit(world, set, "gqa-out.json");
  const json_t *entry = json_array_get(json, 1);
  g_assert_cmpstr(json_string_value(json_object_get(entry, "questionId")), ==, "a2");
  g_assert_cmpstr(json_string_value(json_object_get(entry, "prediction")), ==,
                  lens_data_row_get_info(rows->pdata[1])->answer);
  json_decref(json);
}

/* ---- NLVR2 ---- */

/* Three sentences of two pairs each. */
static char *pairs_text(void)
{
  GString *out = g_string_new("[");
  for (int i = 0; i < 6; i++)
    g_string_append_printf(out,
                           "%s{\"identifier\": \"dev-%d-%d-0\", \"img0\": \"img%d\", \"img1\":"
                           " \"img%d\", \"label\": %d, \"sent\": \"there are dogs .\","
                           " \"uid\": \"u%d\"}",
                           i ? "," : "", i / 2, i % 2, i % IMAGES, (i + 1) % IMAGES, i % 3 == 0, i);
  g_string_append(out, "]");
  return g_string_free(out, FALSE);
}

/* dev-0-0-0 and dev-0-1-0 are two pairs of one sentence: SPLIT-SET-PAIR-SENTENCE. */
static void check_pairs(GPtrArray *rows, const LensDataSummary *summary)
{
  g_autoptr(GHashTable) whole = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  int right = 0;
  for (guint i = 0; i < rows->len; i++) {
    const LensDataRowInfo *info = lens_data_row_get_info(rows->pdata[i]);
    g_auto(GStrv) part = g_strsplit(info->id, "-", 4);
    char *sentence = g_strdup_printf("%s %s %s", part[0], part[1], part[3]);
    gboolean good = g_str_equal(info->truth, info->answer);
    gpointer before;
    right += good;
    if (g_hash_table_lookup_extended(whole, sentence, NULL, &before))
      good = good && GPOINTER_TO_INT(before);
    g_hash_table_insert(whole, sentence, GINT_TO_POINTER(good));
  }
  GHashTableIter iter;
  gpointer good;
  int consistent = 0;
  g_hash_table_iter_init(&iter, whole);
  while (g_hash_table_iter_next(&iter, NULL, &good))
    consistent += GPOINTER_TO_INT(good);
  g_assert_cmpfloat_with_epsilon(summary->accuracy, right / (double)rows->len, 1e-9);
  g_assert_cmpint(summary->sentences, ==, g_hash_table_size(whole));
  g_assert_cmpfloat_with_epsilon(summary->consistency,
                                 consistent / (double)g_hash_table_size(whole), 1e-9);
}

static void check_csv(World *world, LensDataSet *set, GPtrArray *rows)
{
  GError *error = NULL;
  g_autofree char *path = world_file(world, "out.csv");
  g_autofree char *text = NULL;
  g_assert_true(data_submit(world, set, path, &error));
  g_assert_true(g_file_get_contents(path, &text, NULL, &error));
  g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, rows->len);
  for (guint i = 0; i < rows->len; i++) {
    const LensDataRowInfo *info = lens_data_row_get_info(rows->pdata[i]);
    g_autofree char *line =
        g_strdup_printf("%s,%s", info->id, g_str_equal(info->answer, "true") ? "True" : "False");
    g_assert_cmpstr(lines[i], ==, line);
  }
}

static void check_scenes(World *world, LensDataSet *set, LensDataRow *row)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_open_row_async(desk, set, row, NULL, data_on_done, &result);
  world_wait_for((gpointer *)&result);
  g_autoptr(GPtrArray) scenes = lens_data_desk_open_row_finish(desk, result, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(scenes->len, ==, 2);
  g_assert_cmpstr(lens_scene_get_name(scenes->pdata[0]), ==, lens_data_row_get_info(row)->image);
  g_assert_cmpstr(lens_scene_get_name(scenes->pdata[1]), ==, lens_data_row_get_info(row)->image2);
  g_assert_cmpuint(lens_scene_get_n_regions(scenes->pdata[1]), ==, 4);
  const LensSanity *sanity = lens_scene_get_sanity(scenes->pdata[1]);
  g_assert_nonnull(sanity); /* nobody looked at these features before */
  g_assert_cmpint(sanity->count, ==, 4);
  g_assert_cmpfloat(sanity->norm_min, >, 0);
  g_assert_null(sanity->channels);
}

static void test_nlvr2(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *text = pairs_text();
  g_autofree char *folder = world_write_pair_model(world);
  g_autoptr(LensModel) model = world_import(world, folder, &error);
  g_assert_no_error(error);
  LensDataSet *set = open_text(world, "nlvr2.json", text);
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_assert_null(lens_data_desk_evaluate(
      desk, set, lens_workbench_find_model(world->bench, WORLD_MODEL), &error));
  g_assert_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  data_evaluate(world, set, model);
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  g_autoptr(LensDataSummary) summary = data_summarize(world, set);
  check_pairs(rows, summary);
  check_csv(world, set, rows);
  check_scenes(world, set, rows->pdata[3]);
}

/* ---- stopped, and gone on with ---- */

static gboolean has_some(gpointer desk)
{
  LensDataJob *job = lens_data_desk_get_job(desk);
  return !job || lens_job_get_progress(LENS_JOB(job)) > 0.05;
}

static void test_resume(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < 3000; i++)
    g_string_append_printf(text,
                           "%s{\"question_id\": %d, \"img_id\": \"img%d\", \"sent\": \"is there a"
                           " dog ?\", \"label\": {\"yes\": 1}}",
                           i ? "," : "", i, i % IMAGES);
  g_string_append(text, "]");
  LensDataSet *set = open_text(world, "long.json", text->str);
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensModel *model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  g_assert_nonnull(lens_data_desk_evaluate(desk, set, model, &error));
  world_wait(has_some, desk);
  lens_job_cancel(LENS_JOB(lens_data_desk_get_job(desk)));
  world_wait(data_is_idle, desk);
  world_wait(data_has_answers, set);
  g_autoptr(LensDataEvaluation) half = data_get_evaluation(set);
  gint64 done = lens_data_evaluation_get_done(half);
  g_assert_cmpstr(lens_data_evaluation_get_state(half), ==, "stopped");
  g_assert_cmpint(done, >, 0);
  g_assert_cmpint(done, <, 3000);

  world_reopen(world);
  desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataSet) again = g_list_model_get_item(lens_data_desk_get_sets(desk), 0);
  g_autoptr(LensDataEvaluation) kept = data_get_evaluation(again);
  g_assert_cmpint(lens_data_evaluation_get_done(kept), ==, done);
  data_evaluate(world, again, NULL);
  world_wait(data_is_done, again);
  g_autoptr(LensDataEvaluation) whole = data_get_evaluation(again);
  g_assert_cmpint(lens_data_evaluation_get_id(whole), ==, lens_data_evaluation_get_id(kept));
  g_assert_cmpstr(lens_data_evaluation_get_state(whole), ==, "done");
  g_autoptr(LensDataSummary) summary = data_summarize(world, again);
  g_assert_cmpint(summary->n, ==, 3000);
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add("/data-tasks/" name, World, NULL, world_set_up, func, world_tear_down)
  ADD("vqa", test_vqa);
  ADD("gqa", test_gqa);
  ADD("nlvr2", test_nlvr2);
  ADD("resume", test_resume);
  return g_test_run();
}
