/* Opening images: the session thread decodes and detects, the main thread shows. */
#include "lens-workbench-private.h"

#include "lens-thumbnail.h"

/* Progress goes to the main thread at most this often. */
#define PROGRESS_INTERVAL (40 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  char *path;
  char *sha256; /* of the contents wanted; NULL: any */
  LensProgress progress;
  gpointer progress_data;
  GMainContext *context;
  GTask *task; /* borrowed */
  gint64 last; /* session thread */
  char *notice;
} OpenArgs;

static void open_args_free(gpointer p)
{
  OpenArgs *args = p;
  g_main_context_unref(args->context);
  g_free(args->path);
  g_free(args->sha256);
  g_free(args->notice);
  g_free(args);
}

/* ---- progress ---- */

typedef struct {
  GTask *task;
  double done;
  char *what;
} Report;

static void report_free(gpointer p)
{
  Report *report = p;
  g_object_unref(report->task);
  g_free(report->what);
  g_free(report);
}

static gboolean show_report(gpointer p)
{
  Report *report = p;
  const OpenArgs *args = g_task_get_task_data(report->task);
  if (!g_task_get_completed(report->task) &&
      !g_cancellable_is_cancelled(g_task_get_cancellable(report->task)))
    args->progress(report->done, report->what, args->progress_data);
  return G_SOURCE_REMOVE;
}

/* Same priority as the task's own answer, so that none comes after it. */
static void report_progress(double done, const char *what, gpointer p)
{
  OpenArgs *args = p;
  gint64 now = g_get_monotonic_time();
  if (!args->progress || (args->last && now - args->last < PROGRESS_INTERVAL))
    return;
  args->last = now;
  Report *report = g_new0(Report, 1);
  *report = (Report){g_object_ref(args->task), done, g_strdup(what)};
  g_autoptr(GSource) source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, show_report, report, report_free);
  g_source_attach(source, args->context);
}

/* ---- opening ---- */

static void open_in_session(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  OpenArgs *args = data;
  GError *error = NULL;
  g_autofree char *path =
      args->sha256 ? lens_session_find_image(self->session, args->path, args->sha256, &error)
                   : g_strdup(args->path);
  LensScene *scene = path ? lens_session_open_image(self->session, path, report_progress, args,
                                                    cancellable, &args->notice, &error)
                          : NULL;
  if (scene)
    g_task_return_pointer(task, scene, g_object_unref);
  else
    g_task_return_error(task, error);
}

void lens_workbench_open_image_async(LensWorkbench *self, const char *path,
                                     GCancellable *cancellable, LensProgress progress,
                                     gpointer progress_data, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  lens_workbench_open_known_image_async(self, path, NULL, cancellable, progress, progress_data,
                                        callback, user_data);
}

void lens_workbench_open_known_image_async(LensWorkbench *self, const char *path,
                                           const char *sha256, GCancellable *cancellable,
                                           LensProgress progress, gpointer progress_data,
                                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  OpenArgs *args = g_new0(OpenArgs, 1);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  args->path = g_file_get_path(file); /* absolute */
  args->sha256 = g_strdup(sha256);
  args->progress = progress;
  args->progress_data = progress_data;
  args->context = g_main_context_ref_thread_default();
  args->task = task;
  g_task_set_source_tag(task, lens_workbench_open_image_async);
  g_task_set_task_data(task, args, open_args_free);
  lens_workbench_push(self, task, open_in_session);
}

static void show_in_library(LensWorkbench *self, LensScene *scene)
{
  if (!lens_scene_get_id(scene) || self->closed)
    return;
  LensImage *image = lens_library_find(self->library, lens_scene_get_id(scene));
  g_autoptr(GdkPixbuf) thumbnail = image && lens_image_get_thumbnail(image)
                                       ? g_object_ref(lens_image_get_thumbnail(image))
                                       : lens_thumbnail_make(lens_scene_get_pixbuf(scene));
  lens_library_show(self->library, lens_scene_get_id(scene), lens_scene_get_path(scene),
                    lens_scene_get_name(scene), thumbnail);
}

LensScene *lens_workbench_open_image_finish(LensWorkbench *self, GAsyncResult *result,
                                            GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  OpenArgs *args = g_task_get_task_data(G_TASK(result));
  LensScene *scene = g_task_propagate_pointer(G_TASK(result), error);
  if (scene)
    show_in_library(self, scene);
  lens_workbench_tell(self, g_steal_pointer(&args->notice));
  return scene;
}

/* ---- boxes moved and added ---- */

typedef struct {
  LensScene *scenes[2]; /* the second may be NULL; then they are the placed ones */
  LensEdits *edits;
} PlaceArgs;

static void place_args_free(gpointer p)
{
  PlaceArgs *args = p;
  g_object_unref(args->scenes[0]);
  g_clear_object(&args->scenes[1]);
  lens_edits_free(args->edits);
  g_free(args);
}

static void place_in_session(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  PlaceArgs *args = data;
  GError *error = NULL;
  for (int image = 0; image < 2 && args->scenes[image]; image++) {
    g_autoptr(LensScene) placed =
        lens_session_place(self->session, args->scenes[image], image, args->edits, &error);
    if (!placed) {
      g_task_return_error(task, error);
      return;
    }
    g_set_object(&args->scenes[image], placed);
  }
  g_task_return_boolean(task, TRUE);
}

void lens_workbench_place_boxes_async(LensWorkbench *self, LensScene *scene, LensScene *right,
                                      const LensEdits *edits, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  PlaceArgs *args = g_new0(PlaceArgs, 1);
  *args = (PlaceArgs){{g_object_ref(scene), right ? g_object_ref(right) : NULL},
                      edits ? lens_edits_copy(edits) : lens_edits_new()};
  g_task_set_source_tag(task, lens_workbench_place_boxes_async);
  g_task_set_task_data(task, args, place_args_free);
  lens_workbench_push(self, task, place_in_session);
}

LensScene *lens_workbench_place_boxes_finish(LensWorkbench *self, GAsyncResult *result,
                                             LensScene **right, GError **error)
{
  const PlaceArgs *args;
  *right = NULL;
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  if (!g_task_propagate_boolean(G_TASK(result), error))
    return NULL;
  args = g_task_get_task_data(G_TASK(result));
  g_set_object(right, args->scenes[1]);
  return g_object_ref(args->scenes[0]);
}
