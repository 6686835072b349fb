/* Taking things out of a data set: submission files, and rows to ask about. */
#include <glib/gi18n.h>
#include <string.h>

#include <jansson.h>

#include "lens-data-desk-private.h"
#include "lens-data-find.h"
#include "lens-data-run.h"
#include "lens-engine-error.h"
#include "lens-features-check.h"
#include "lx-file.h"
#include "lx-tsv.h"

#define PAGE 1000

/* ---- submissions ---- */

typedef struct {
  gint64 set_id, evaluation_id, n;
  char *kind, *path;
} Submission;

static void submission_free(gpointer p)
{
  Submission *s = p;
  g_free(s->kind);
  g_free(s->path);
  g_free(s);
}

/* EvalAI takes VQA's question ids as numbers and GQA's as texts. */
static char *line_of(const char *kind, const LensStoreDataRow *row, gboolean first)
{
  if (g_str_equal(kind, "nlvr2"))
    return g_strdup_printf("%s,%s\n", row->id, g_str_equal(row->answer, "true") ? "True" : "False");
  gboolean gqa = g_str_equal(kind, "gqa");
  char *end;
  gint64 number = g_ascii_strtoll(row->id, &end, 10);
  json_t *entry =
      gqa ? json_pack("{s:s,s:s}", "questionId", row->id, "prediction", row->answer)
      : *end || end == row->id
          ? json_pack("{s:s,s:s}", "question_id", row->id, "answer", row->answer)
          : json_pack("{s:I,s:s}", "question_id", (json_int_t)number, "answer", row->answer);
  char *text = json_dumps(entry, JSON_COMPACT);
  char *line = g_strdup_printf("%s%s", first ? "" : ",\n", text);
  free(text);
  json_decref(entry);
  return line;
}

static LxStatus write_text(LxWriter *writer, const char *text, LxError *error)
{
  return lx_writer_write(writer, text, strlen(text), error);
}

static gboolean write_pages(LensStore *store, const Submission *s, LxWriter *writer, GError **error)
{
  LxError engine = {0};
  gboolean first = TRUE;
  for (gint64 begin = 0; begin < s->n; begin += PAGE) {
    guint32 numbers[PAGE];
    guint n = (guint)MIN(PAGE, s->n - begin);
    for (guint i = 0; i < n; i++)
      numbers[i] = (guint32)(begin + i);
    g_autoptr(GPtrArray) rows =
        lens_store_data_read(store, s->set_id, s->evaluation_id, numbers, n, error);
    if (!rows)
      return FALSE;
    for (guint i = 0; i < rows->len; i++) {
      const LensStoreDataRow *row = rows->pdata[i];
      if (!row || !row->answer)
        continue;
      g_autofree char *line = line_of(s->kind, row, first);
      first = FALSE;
      if (write_text(writer, line, &engine) != LX_OK)
        return lens_error_from_engine(error, &engine);
    }
  }
  if (!first)
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
              _("No question is answered yet. Run the model first."));
  return FALSE;
}

static void submit_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensDataDesk *self = source;
  const Submission *s = data;
  gboolean list = !g_str_equal(s->kind, "nlvr2");
  LxError engine = {0};
  LxWriter *writer = NULL;
  GError *error = NULL;
  LxStatus status = lx_writer_open(s->path, &writer, &engine);
  if (status == LX_OK && list)
    status = write_text(writer, "[", &engine);
  if (status == LX_OK && write_pages(self->store, s, writer, &error)) {
    if (list)
      status = write_text(writer, "]\n", &engine);
    if (status == LX_OK)
      status = lx_writer_commit(writer, &engine);
  }
  lx_writer_free(writer);
  if (status != LX_OK)
    lens_error_from_engine(&error, &engine);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

void lens_data_desk_submit_async(LensDataDesk *self, LensDataSet *set, gint64 evaluation_id,
                                 const char *path, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  Submission *s = g_new0(Submission, 1);
  *s = (Submission){lens_data_set_get_id(set), evaluation_id, lens_data_set_get_n(set),
                    g_strdup(lens_data_set_get_source(set)->kind), g_strdup(path)};
  g_task_set_source_tag(task, lens_data_desk_submit_async);
  g_task_set_task_data(task, s, submission_free);
  g_task_run_in_thread(task, submit_in_thread);
}

gboolean lens_data_desk_submit_finish(LensDataDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean(G_TASK(result), error);
}

/* ---- rows with the set's own features ---- */

typedef struct {
  LensDataDesk *desk; /* borrowed: the task holds it */
  LensDataSource *source;
  char *images[2]; /* the second only of pairs */
  char *made;
} RowRequest;

static void row_request_free(gpointer p)
{
  RowRequest *r = p;
  lens_data_source_free(r->source);
  g_free(r->images[0]);
  g_free(r->images[1]);
  g_free(r->made);
  g_free(r);
}

/* Names that the world's writer puts beside its features; NULL when there are none. */
static char **read_names(const char *tsv, const char *file)
{
  g_autofree char *folder = g_path_get_dirname(tsv);
  g_autofree char *above = g_path_get_dirname(folder);
  const char *const folders[] = {folder, above};
  for (int i = 0; i < 2; i++) {
    g_autofree char *path = g_build_filename(folders[i], file, NULL);
    g_autofree char *text = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL))
      return g_strsplit(g_strchomp(text), "\n", -1);
  }
  return NULL;
}

static const char *name_at(char **names, gint64 id)
{
  return names && id >= 0 && id < (gint64)g_strv_length(names) ? names[id] : NULL;
}

static void free_regions(gpointer regions)
{
  lx_regions_free(regions);
}

/* The picture at the size that the boxes are given for; an empty canvas where there is none. */
static GdkPixbuf *canvas_of(const LensDataSource *source, const char *image,
                            const LxRegions *regions)
{
  int width = (int)CLAMP(regions->width, 1, 8192), height = (int)CLAMP(regions->height, 1, 8192);
  g_autofree char *path = lens_data_find_image(source, image);
  GdkPixbuf *canvas =
      path ? gdk_pixbuf_new_from_file_at_scale(path, width, height, FALSE, NULL) : NULL;
  if (canvas)
    return canvas;
  canvas = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  gdk_pixbuf_fill(canvas, 0xf2f2f2ff);
  return canvas;
}

/* Nobody looked at these features before they came here. */
static void check_features(const RowRequest *r, LensScene *scene, const LxRegions *regions,
                           char **objects, char **attributes)
{
  LensSanity sanity;
  lens_features_check(regions, &sanity);
  lens_features_expect(r->desk->data_dir, r->desk->state_dir, &sanity);
  sanity.nameless = !objects && !attributes;
  for (int64_t i = 0; i < regions->count; i++)
    sanity.unnamed += !name_at(objects, regions->object_ids[i]) ||
                      !name_at(attributes, regions->attribute_ids[i]);
  lens_scene_set_sanity(scene, &sanity);
}

/* `regions` is taken. */
static LensScene *scene_of(const RowRequest *r, const char *tsv, const char *image,
                           LxRegions *regions)
{
  g_auto(GStrv) objects = read_names(tsv, "objects_vocab.txt");
  g_auto(GStrv) attributes = read_names(tsv, "attributes_vocab.txt");
  g_autoptr(GListStore) list = g_list_store_new(LENS_TYPE_REGION);
  g_autoptr(GdkPixbuf) canvas = canvas_of(r->source, image, regions);
  for (int64_t i = 0; i < regions->count; i++) {
    g_autoptr(LensRegion) region = lens_region_new((int)i, name_at(objects, regions->object_ids[i]),
                                                   name_at(attributes, regions->attribute_ids[i]),
                                                   regions->object_conf[i], regions->boxes + 4 * i);
    g_list_store_append(list, region);
  }
  LensScene *scene = lens_scene_new(0, "", image, "", canvas, G_LIST_MODEL(list));
  check_features(r, scene, regions, objects, attributes);
  lens_scene_set_engine_data(scene, regions, free_regions);
  return scene;
}

static LxStatus read_regions(const char *path, const char *image, LxRegions **out, LxError *error)
{
  LxTsv *tsv = NULL;
  LxStatus status = lx_tsv_open(path, &tsv, error);
  if (!status)
    status = lx_tsv_index(tsv, -1, NULL, NULL, error);
  gint64 line = status ? -1 : lx_tsv_find(tsv, image);
  if (line >= 0)
    status = lx_tsv_read(tsv, line, out, error);
  lx_tsv_free(tsv);
  return status;
}

/* NULL with `error`. */
static LensScene *open_scene(const RowRequest *r, const char *image, GError **error)
{
  LxError engine = {0};
  LxRegions *regions = NULL;
  g_auto(GStrv) paths = g_strsplit(*r->source->features ? r->source->features : r->made, "\n", -1);
  for (int i = (int)g_strv_length(paths) - 1; i >= 0; i--)
    if (read_regions(paths[i], image, &regions, &engine) == LX_OK && regions)
      return scene_of(r, paths[i], image, regions);
  if (engine.code != LX_OK)
    lens_error_from_engine(error, &engine);
  else
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("Neither a picture nor features of “%s” lie in this data set."), image);
  return NULL;
}

static void open_row_in_thread(GTask *task, gpointer source, gpointer data,
                               GCancellable *cancellable)
{
  const RowRequest *r = data;
  GError *error = NULL;
  g_autoptr(GPtrArray) scenes = g_ptr_array_new_with_free_func(g_object_unref);
  for (int i = 0; i < 2 && *r->images[i] && !error; i++) {
    LensScene *scene = open_scene(r, r->images[i], &error);
    if (scene)
      g_ptr_array_add(scenes, scene);
  }
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, g_steal_pointer(&scenes), (GDestroyNotify)g_ptr_array_unref);
}

void lens_data_desk_open_row_async(LensDataDesk *self, LensDataSet *set, LensDataRow *row,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  const LensDataRowInfo *info = lens_data_row_get_info(row);
  RowRequest *r = g_new0(RowRequest, 1);
  r->desk = self;
  r->source = lens_data_source_copy(lens_data_set_get_source(set));
  r->images[0] = g_strdup(info->image);
  r->images[1] = g_strdup(info->image2);
  r->made = lens_data_made_features(self->state_dir, NULL, lens_data_set_get_id(set));
  g_task_set_source_tag(task, lens_data_desk_open_row_async);
  g_task_set_task_data(task, r, row_request_free);
  g_task_run_in_thread(task, open_row_in_thread);
}

GPtrArray *lens_data_desk_open_row_finish(LensDataDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}
