/* Data sets from file to scores: opened, answered by a model, filtered, submitted, found again. */
#include <glib/gstdio.h>
#include <string.h>

#include "jobs-data.h"

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
  return data_write(world, "mine.csv", text);
}

static LensDataSet *open_csv(World *world)
{
  g_autofree char *csv = write_csv(world);
  LensDataSet *set = data_open(world, csv);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "ready");
  g_assert_cmpint(lens_data_set_get_n(set), ==, 4);
  return set;
}

/* Pictures with a CSV: features are made, each question with a picture is answered. */
static void test_folder(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_csv(world);
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "done");
  g_assert_nonnull(strstr(lens_data_evaluation_get_note(one), "1 question was left out"));
  g_assert_nonnull(strstr(lens_data_evaluation_get_note(one), "missing.png"));
  g_assert_cmpfloat(lens_data_evaluation_get_score(one), >=, 0);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  lens_data_rows_show(rows, lens_data_set_get_id(set), lens_data_evaluation_get_id(one), 4, NULL);
  g_autoptr(LensDataRow) first = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  g_autoptr(LensDataRow) last = g_list_model_get_item(G_LIST_MODEL(rows), 3);
  world_wait(data_is_filled, last);
  g_assert_cmpstr(lens_data_row_get_info(first)->question, ==, "what, is \"the\" cat ?");
  g_assert_nonnull(lens_data_row_get_info(first)->answer);
  g_assert_cmpfloat(lens_data_row_get_info(first)->confidence, >, 0);
  g_assert_null(lens_data_row_get_info(last)->answer); /* its picture is missing */
  LensDataFilter filter = {.text = (char *)"dogs"};
  lens_data_rows_show(rows, lens_data_set_get_id(set), 0, 4, &filter);
  world_wait(data_has_searched, rows);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(rows)), ==, 1);
}

static void test_restart(World *world, gconstpointer unused)
{
  data_evaluate(world, open_csv(world), NULL);
  world_reopen(world);
  GListModel *sets = lens_data_desk_get_sets(lens_workbench_get_data_desk(world->bench));
  g_assert_cmpuint(g_list_model_get_n_items(sets), ==, 1);
  g_autoptr(LensDataSet) set = g_list_model_get_item(sets, 0);
  g_assert_cmpint(lens_data_set_get_n(set), ==, 4);
  g_assert_true(data_has_answers(set));
}

static void on_items_changed(GListModel *rows, guint at, guint removed, guint added, guint *n)
{
  g_assert_cmpuint(at + removed, <=, *n);
  *n = *n - removed + added;
  g_assert_cmpuint(g_list_model_get_n_items(rows), ==, *n);
  if (*n) { /* every row can be asked for at any time */
    g_autoptr(LensDataRow) last = g_list_model_get_item(rows, *n - 1);
    g_assert_cmpuint(lens_data_row_get_number(last), ==, *n - 1);
  }
}

/* What the list tells of its changes is what it holds, however many rows there were. */
static void test_replaced(World *world, gconstpointer unused)
{
  static const guint sizes[] = {0, 3, 250, 100, 1000000, 99, 101, 0, 1000000, 1000000, 1};
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  guint n = 0;
  g_signal_connect(rows, "items-changed", G_CALLBACK(on_items_changed), &n);
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    lens_data_rows_show(rows, 1, 0, sizes[i], NULL);
    world_wait(data_has_searched, rows);
    g_assert_cmpuint(n, ==, sizes[i]);
  }
}

static void on_filled(LensDataRow *row, guint *n)
{
  *n += 1;
}

/* A list view that holds the first rows need not make them again: they become others. */
static void test_exchanged(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_csv(world);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  LensDataFilter filter = {.text = (char *)"dogs"};
  guint filled = 0;
  lens_data_rows_show(rows, lens_data_set_get_id(set), 0, 4, NULL);
  world_wait(data_has_searched, rows);
  g_autoptr(LensDataRow) first = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  world_wait(data_is_filled, first);
  g_signal_connect(first, "filled", G_CALLBACK(on_filled), &filled);
  lens_data_rows_show(rows, lens_data_set_get_id(set), 0, 4, &filter);
  g_assert_cmpstr(lens_data_row_get_info(first)->question, ==, "what, is \"the\" cat ?");
  world_wait(data_has_searched, rows);
  g_autoptr(LensDataRow) same = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  g_assert_true(same == first);
  g_assert_cmpuint(filled, ==, 1); /* with its new texts, not emptied before */
  g_assert_cmpuint(lens_data_row_get_number(first), ==, 1);
  g_assert_cmpstr(lens_data_row_get_info(first)->question, ==, "how many dogs are there ?");
  lens_data_rows_show(rows, 0, 0, 0, NULL); /* no set: nothing of the old one is left */
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(rows)), ==, 0);
  lens_data_rows_show(rows, lens_data_set_get_id(set), 0, 4, NULL);
  g_autoptr(LensDataRow) again = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  g_assert_cmpuint(lens_data_row_get_number(again), ==, 0);
  world_wait(data_is_filled, again);
  g_assert_cmpstr(lens_data_row_get_info(again)->question, ==, "what, is \"the\" cat ?");
}

/* A row that is held while the list becomes longer is filled all the same. */
static void test_grown(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  LensDataSet *set = open_csv(world);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  lens_data_rows_show(rows, lens_data_set_get_id(set), 0, 1, NULL);
  g_autoptr(LensDataRow) first = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  lens_data_rows_grow(rows, 4);
  g_autoptr(LensDataRow) last = g_list_model_get_item(G_LIST_MODEL(rows), 3);
  world_wait(data_is_filled, first);
  world_wait(data_is_filled, last);
  g_assert_cmpstr(lens_data_row_get_info(last)->image, ==, "missing.png");
}

/* Of a million rows only what is looked at is in memory. */
static void test_window(World *world, gconstpointer unused)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  lens_data_rows_show(rows, 1, 0, 1000000, NULL);
  world_wait(data_has_searched, rows);
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
  ADD("restart", test_restart);
  ADD("window", test_window);
  ADD("replaced", test_replaced);
  ADD("exchanged", test_exchanged);
  ADD("grown", test_grown);
  return g_test_run();
}
