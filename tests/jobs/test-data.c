/* Data sets from file to scores: opened, answered by a model, filtered, submitted, found again. */
#include <glib/gstdio.h>
#include <string.h>

#include "jobs-world.h"
#include "lens-data-desk.h"

static char *write_file(World *world, const char *name, const char *text)
{
  GError *error = NULL;
  g_autofree char *scene = world_scene(world, 0);
  g_autofree char *folder = g_path_get_dirname(scene);
  char *path = g_build_filename(folder, name, NULL);
  g_file_set_contents(path, text, -1, &error);
  g_assert_no_error(error);
  return path;
}

static char *image_name(World *world, int i)
{
  g_autofree char *path = world_scene(world, i);
  return g_path_get_basename(path);
}

static char *write_csv(World *world)
{
  g_autofree char *a = image_name(world, 0), *b = image_name(world, 1);
  g_autofree char *text = g_strdup_printf("Image,question,answer\r\n"
                                          "%s,\"what, is \"\"the\"\" cat ?\",red\r\n"
                                          "%s,how many dogs are there ?,2\n"
                                          "%s,is there a cat ?,yes\n"
                                          "missing.png,is there a cat ?,no\n",
                                          a, b, b);
  return write_file(world, "mine.csv", text);
}

static void on_done(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static GPtrArray *find(World *world, const char *path, GError **error)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_find_async(desk, path, NULL, on_done, &result);
  world_wait_for((gpointer *)&result);
  return lens_data_desk_find_finish(desk, result, error);
}

static gboolean is_idle(gpointer desk) { return !lens_data_desk_get_job(desk); }

static gboolean has_answers(gpointer set)
{
  GListModel *list = lens_data_set_get_evaluations(set);
  g_autoptr(LensDataEvaluation) one = g_list_model_get_item(list, 0);
  return one && g_strcmp0(lens_data_evaluation_get_state(one), "running") != 0;
}

static LensDataSet *open_csv(World *world)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autofree char *csv = write_csv(world);
  g_autoptr(GPtrArray) found = find(world, csv, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found->len, ==, 1);
  LensDataSet *set = lens_data_desk_open(desk, found->pdata[0]);
  world_wait(is_idle, desk);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "ready");
  g_assert_cmpint(lens_data_set_get_n(set), ==, 4);
  return set;
}

static void evaluate(World *world, LensDataSet *set)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensModel *model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  g_assert_nonnull(lens_data_desk_evaluate(desk, set, model, &error));
  g_assert_no_error(error);
  world_wait(is_idle, desk);
  world_wait(has_answers, set);
}

static gboolean is_filled(gpointer row) { return lens_data_row_is_filled(row); }

static gboolean has_searched(gpointer rows) { return !lens_data_rows_is_searching(rows); }

/* Pictures with a CSV: features are made, each question with a picture is answered. */
static void test_folder(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_csv(world);
  evaluate(world, set);
  g_autoptr(LensDataEvaluation) one =
      g_list_model_get_item(lens_data_set_get_evaluations(set), 0);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "done");
  g_assert_cmpfloat(lens_data_evaluation_get_score(one), >=, 0);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  lens_data_rows_show(rows, lens_data_set_get_id(set), lens_data_evaluation_get_id(one), 4, NULL);
  g_autoptr(LensDataRow) first = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  g_autoptr(LensDataRow) last = g_list_model_get_item(G_LIST_MODEL(rows), 3);
  world_wait(is_filled, last);
  g_assert_cmpstr(lens_data_row_get_info(first)->question, ==, "what, is \"the\" cat ?");
  g_assert_nonnull(lens_data_row_get_info(first)->answer);
  g_assert_cmpfloat(lens_data_row_get_info(first)->confidence, >, 0);
  g_assert_null(lens_data_row_get_info(last)->answer); /* its picture is missing */
  LensDataFilter filter = {.text = (char *)"dogs"};
  lens_data_rows_show(rows, lens_data_set_get_id(set), 0, 4, &filter);
  world_wait(has_searched, rows);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(rows)), ==, 1);
}

static void test_submission(World *world, gconstpointer unused)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_csv(world);
  evaluate(world, set);
  g_autoptr(LensDataEvaluation) one =
      g_list_model_get_item(lens_data_set_get_evaluations(set), 0);
  g_autofree char *path = world_path(world, "out.json");
  g_autofree char *text = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_submit_async(desk, set, lens_data_evaluation_get_id(one), path, NULL, on_done,
                              &result);
  world_wait_for((gpointer *)&result);
  g_assert_true(lens_data_desk_submit_finish(desk, result, &error));
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_true(g_str_has_prefix(text, "[{\"question_id\":1,\"answer\":\""));
  g_assert_null(strstr(text, "\"question_id\":4")); /* not answered */
}

static void test_restart(World *world, gconstpointer unused)
{
  evaluate(world, open_csv(world));
  world_reopen(world);
  GListModel *sets = lens_data_desk_get_sets(lens_workbench_get_data_desk(world->bench));
  g_assert_cmpuint(g_list_model_get_n_items(sets), ==, 1);
  g_autoptr(LensDataSet) set = g_list_model_get_item(sets, 0);
  g_assert_cmpint(lens_data_set_get_n(set), ==, 4);
  g_assert_true(has_answers(set));
}

static void test_broken(World *world, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) csv_error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autofree char *json = write_file(world, "broken.json", "[{\"sent\": ");
  g_assert_null(find(world, json, &error));
  g_assert_nonnull(strstr(error->message, "broken.json"));
  g_autofree char *csv = write_file(world, "wrong.csv", "a,b\n1,2\n");
  g_autoptr(GPtrArray) found = find(world, csv, &csv_error);
  g_assert_no_error(csv_error);
  LensDataSet *set = lens_data_desk_open(desk, found->pdata[0]);
  world_wait(is_idle, desk);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "failed");
  g_assert_nonnull(strstr(lens_data_set_get_problem(set), "image"));
}

/* Of a million rows only what is looked at is in memory. */
static void test_window(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  lens_data_rows_show(rows, 1, 0, 1000000, NULL);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(rows)), ==, 1000000);
  for (guint i = 0; i < 1000000; i += 997) {
    g_autoptr(LensDataRow) row = g_list_model_get_item(G_LIST_MODEL(rows), i);
    g_assert_cmpuint(lens_data_row_get_number(row), ==, i);
  }
  g_assert_cmpuint(lens_data_rows_get_n_held(rows), <=, 2000);
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/data/" name, World, NULL, world_set_up, func, world_tear_down)
  ADD("folder", test_folder);
  ADD("submission", test_submission);
  ADD("restart", test_restart);
  ADD("broken", test_broken);
  ADD("window", test_window);
  return g_test_run();
}
