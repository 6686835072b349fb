#include "jobs-data.h"

#include <glib/gstdio.h>
#include <string.h>

#include "lx-model.h"
#include "lx-tsv.h"

char *data_write(World *world, const char *name, const char *text)
{
  GError *error = NULL;
  g_autofree char *scene = world_scene(world, 0);
  g_autofree char *folder = g_path_get_dirname(scene);
  char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_mkdir_with_parents(parent, 0755);
  g_file_set_contents(path, text, -1, &error);
  g_assert_no_error(error);
  return path;
}

static int64_t feature_size(World *world)
{
  LxModel *model = NULL;
  g_autofree char *folder = g_build_filename(world->data_dir, "models", WORLD_MODEL, NULL);
  g_assert_cmpint(lx_model_open(folder, &model, NULL), ==, LX_OK);
  int64_t size = lx_model_config(model)->visual_feat_dim;
  lx_model_unref(model);
  return size;
}

/* Four boxes whose features tell the image. */
static LxRegions *make_regions(int image, int64_t size)
{
  LxRegions *r = NULL;
  g_assert_cmpint(lx_regions_new(4, size, &r, NULL), ==, LX_OK);
  g_autofree char *id = g_strdup_printf("img%d", image);
  free(r->image_id);
  r->image_id = strdup(id);
  r->width = 96;
  r->height = 64;
  for (int64_t i = 0; i < 4; i++) {
    const float box[] = {(float)(8 * i), 4, (float)(8 * i + 30), 40};
    memcpy(r->boxes + 4 * i, box, sizeof box);
    r->object_conf[i] = r->attribute_conf[i] = 0.5f;
    for (int64_t j = 0; j < size; j++)
      r->features[i * size + j] = (float)((image * 31 + i * 7 + j * 3) % 13) / 13;
  }
  return r;
}

char *data_write_features(World *world, const char *name, int n)
{
  LxTsvWriter *writer = NULL;
  char *path = data_write(world, name, "");
  int64_t size = feature_size(world);
  g_assert_cmpint(lx_tsv_writer_open(path, FALSE, &writer, NULL), ==, LX_OK);
  for (int i = 0; i < n; i++) {
    LxRegions *regions = make_regions(i, size);
    g_assert_cmpint(lx_tsv_writer_add(writer, regions, NULL), ==, LX_OK);
    lx_regions_free(regions);
  }
  g_assert_cmpint(lx_tsv_writer_close(writer, NULL), ==, LX_OK);
  return path;
}

void data_on_done(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

gboolean data_is_idle(gpointer desk)
{
  return !lens_data_desk_get_job(desk);
}

gboolean data_has_answers(gpointer set)
{
  GListModel *list = lens_data_set_get_evaluations(set);
  g_autoptr(LensDataEvaluation) one = g_list_model_get_item(list, 0);
  return one && g_strcmp0(lens_data_evaluation_get_state(one), "running") != 0;
}

gboolean data_is_done(gpointer set)
{
  GListModel *list = lens_data_set_get_evaluations(set);
  g_autoptr(LensDataEvaluation) one = g_list_model_get_item(list, 0);
  return one && g_strcmp0(lens_data_evaluation_get_state(one), "done") == 0;
}

gboolean data_is_filled(gpointer row)
{
  return lens_data_row_is_filled(row);
}

gboolean data_has_searched(gpointer rows)
{
  return !lens_data_rows_is_searching(rows);
}

GPtrArray *data_find(World *world, const char *path, GError **error)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_find_async(desk, path, NULL, data_on_done, &result);
  world_wait_for((gpointer *)&result);
  return lens_data_desk_find_finish(desk, result, error);
}

LensDataSet *data_open(World *world, const char *path)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(GPtrArray) found = data_find(world, path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found->len, ==, 1);
  LensDataSet *set = lens_data_desk_open(desk, found->pdata[0]);
  world_wait(data_is_idle, desk);
  return set;
}

void data_evaluate(World *world, LensDataSet *set, LensModel *model)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  if (!model)
    model = lens_workbench_find_model(world->bench, WORLD_MODEL);
  g_assert_nonnull(lens_data_desk_evaluate(desk, set, model, &error));
  g_assert_no_error(error);
  world_wait(data_is_idle, desk);
  world_wait(data_has_answers, set);
}

GPtrArray *data_read_rows(World *world, LensDataSet *set)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_autoptr(LensDataRows) rows = lens_data_desk_get_rows(desk);
  GPtrArray *list = g_ptr_array_new_with_free_func(g_object_unref);
  gint64 n = lens_data_set_get_n(set);
  lens_data_rows_show(rows, lens_data_set_get_id(set), lens_data_evaluation_get_id(one), n, NULL);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(list, g_list_model_get_item(G_LIST_MODEL(rows), i));
  for (guint i = 0; i < n; i++)
    world_wait(data_is_filled, list->pdata[i]);
  return list;
}

LensDataSummary *data_summarize(World *world, LensDataSet *set)
{
  GError *error = NULL;
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_summarize_async(desk, set, lens_data_evaluation_get_id(one), NULL, data_on_done,
                                 &result);
  world_wait_for((gpointer *)&result);
  LensDataSummary *summary = lens_data_desk_summarize_finish(desk, result, &error);
  g_assert_no_error(error);
  return summary;
}

LensDataEvaluation *data_get_evaluation(LensDataSet *set)
{
  GListModel *list = lens_data_set_get_evaluations(set);
  g_assert_cmpuint(g_list_model_get_n_items(list), ==, 1);
  return g_list_model_get_item(list, 0);
}

gboolean data_submit(World *world, LensDataSet *set, const char *path, GError **error)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(world->bench);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_autoptr(GAsyncResult) result = NULL;
  lens_data_desk_submit_async(desk, set, lens_data_evaluation_get_id(one), path, NULL, data_on_done,
                              &result);
  world_wait_for((gpointer *)&result);
  return lens_data_desk_submit_finish(desk, result, error);
}
