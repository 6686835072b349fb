/* Importing models and starting trainings. */
#include <glib/gi18n.h>

#include "lens-detectors.h"
#include "lens-folder.h"
#include "lens-models.h"
#include "lens-store-jobs.h"
#include "lens-workbench-private.h"

static void import_in_session(GTask *task, gpointer source, gpointer data,
                              GCancellable *cancellable)
{
  LensWorkbench *self = source;
  const char *path = data;
  GError *error = NULL;
  g_autofree char *id = g_strconcat("at:", path, NULL);
  g_autoptr(LensModel) model = lens_models_describe(path, id, FALSE, &error);
  g_autofree char *hash = model ? lens_models_fingerprint(path, &error) : NULL;
  LensStoreModel row = {.id = id, .path = (char *)path, .hash = hash};
  /* Opening it now tells at once whether its weights can be used. */
  if (!hash || !lens_session_check_model(self->session, model, &error)) {
    g_task_return_error(task, error);
    return;
  }
  row.name = (char *)lens_model_get_name(model);
  if (lens_store_put_model(self->store, &row, &error))
    g_task_return_pointer(task, g_steal_pointer(&model), g_object_unref);
  else
    g_task_return_error(task, error);
}

void lens_workbench_import_model_async(LensWorkbench *self, const char *path,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_task_set_source_tag(task, lens_workbench_import_model_async);
  g_task_set_task_data(task, g_file_get_path(file), g_free);
  lens_workbench_push(self, task, import_in_session);
}

LensModel *lens_workbench_import_model_finish(LensWorkbench *self, GAsyncResult *result,
                                              GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  LensModel *model = g_task_propagate_pointer(G_TASK(result), error);
  if (model && !self->closed)
    lens_workbench_add_model(self, model);
  return model;
}

GListModel *lens_workbench_get_jobs(LensWorkbench *self)
{
  return lens_train_queue_get_jobs(self->queue);
}

LensTrainJob *lens_workbench_start_training(LensWorkbench *self, LensTrainSettings *settings,
                                            GError **error)
{
  return lens_train_queue_add(self->queue, settings, error);
}

gboolean lens_workbench_resume_training(LensWorkbench *self, LensTrainJob *job, GError **error)
{
  return lens_train_queue_resume(self->queue, job, error);
}

char *lens_workbench_find_detector(LensWorkbench *self, LensModel *model)
{
  return lens_detectors_find(self->data_dir, self->state_dir, lens_model_get_id(model),
                             lens_model_get_info(model)->features);
}

GPtrArray *lens_workbench_list_detectors(LensWorkbench *self, int features)
{
  return lens_detectors_list(self->data_dir, self->state_dir, features);
}

gboolean lens_workbench_choose_detector(LensWorkbench *self, LensModel *model, const char *detector,
                                        GError **error)
{
  return lens_detectors_choose(self->state_dir, lens_model_get_id(model), detector, error);
}

/* ---- anybody's weights ---- */

static void look_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  LensWorkbench *self = LENS_WORKBENCH(source);
  LensImport *import = lens_import_look(data, self->data_dir, self->state_dir, &error);
  if (import)
    g_task_return_pointer(task, import, (GDestroyNotify)lens_import_free);
  else
    g_task_return_error(task, error);
}

void lens_workbench_look_at_model_async(LensWorkbench *self, const char *path,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_task_set_source_tag(task, lens_workbench_look_at_model_async);
  g_task_set_task_data(task, g_file_get_path(file), g_free);
  g_task_run_in_thread(task, look_in_thread);
}

LensImport *lens_workbench_look_at_model_finish(LensWorkbench *self, GAsyncResult *result,
                                                GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* A folder stays where it is. */
typedef struct {
  LensDetector detector; /* of it the path and the features */
  char *name;            /* of the folder to copy it into; NULL: it is one */
} Added;

static void added_free(gpointer p)
{
  Added *added = p;
  g_free(added->detector.path);
  g_free(added->name);
  g_free(added);
}

static void add_in_session(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  const Added *added = data;
  LensDetector kept = added->detector;
  GError *error = NULL;
  g_autofree char *path = added->name
                              ? lens_detectors_copy(self->state_dir, kept.path, added->name, &error)
                              : g_strdup(kept.path);
  kept.path = path;
  if (path && lens_detectors_add(self->state_dir, &kept, &error))
    g_task_return_pointer(task, g_steal_pointer(&path), g_free);
  else
    g_task_return_error(task, error);
}

void lens_workbench_add_detector_async(LensWorkbench *self, const LensImport *import,
                                       const char *name, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  Added *added = g_new0(Added, 1);
  added->detector.path = g_strdup(import->eyes->path);
  added->detector.features = import->eyes->features;
  added->name = import->in_place ? NULL : g_strdup(name);
  g_task_set_source_tag(task, lens_workbench_add_detector_async);
  g_task_set_task_data(task, added, added_free);
  lens_workbench_push(self, task, add_in_session);
}

char *lens_workbench_add_detector_finish(LensWorkbench *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

typedef struct {
  char *path, *task, *layout, *name, *vocab_path, *answers_path, *folder;
  int features;
} Copy;

static void copy_free(gpointer p)
{
  Copy *copy = p;
  g_free(copy->path);
  g_free(copy->task);
  g_free(copy->layout);
  g_free(copy->name);
  g_free(copy->vocab_path);
  g_free(copy->answers_path);
  g_free(copy->folder);
  g_free(copy);
}

static void copy_in_session(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  const Copy *copy = data;
  GError *error = NULL;
  g_autofree char *models = g_path_get_dirname(copy->folder);
  g_autofree char *base = g_path_get_basename(copy->folder);
  g_autofree char *id = g_strconcat("my:", base, NULL);
  /* Translators: how a checkpoint is laid out, and the file it is in */
  g_autofree char *note = g_strdup_printf(_("%s, from %s"), copy->layout, copy->path);
  LensModelCard card = {.name = copy->name, .task = copy->task, .note = note};
  g_autoptr(LensModel) model = NULL;
  g_mkdir_with_parents(models, 0755); /* what cannot be made is told when it is written */
  g_autofree char *part = lens_part_folder(copy->folder);
  gboolean written = lens_import_convert(copy->path, copy->features, copy->vocab_path,
                                         copy->answers_path, part, &error) &&
                     lens_models_write_card(part, &card, &error);
  if (lens_finish_folder(part, copy->folder, written, &error))
    model = lens_models_describe(copy->folder, id, FALSE, &error);
  if (model && lens_session_check_model(self->session, model, &error)) {
    g_task_return_pointer(task, g_steal_pointer(&model), g_object_unref);
    return;
  }
  lens_delete_folder(copy->folder); /* what cannot be used is not left there */
  g_task_return_error(task, error);
}

void lens_workbench_copy_model_async(LensWorkbench *self, const LensImport *import,
                                     const char *name, const char *vocab_path,
                                     const char *answers_path, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  g_autofree char *models = g_build_filename(self->state_dir, "models", NULL);
  Copy *copy = g_new0(Copy, 1);
  *copy = (Copy){
      .path = g_strdup(import->path),
      .task = g_strdup(import->task),
      .layout = g_strdup(import->layout),
      .name = g_strdup(name),
      .vocab_path = g_strdup(vocab_path),
      .answers_path = g_strdup(answers_path),
      .folder = lens_free_folder(models, name),
      .features = import->features,
  };
  g_task_set_source_tag(task, lens_workbench_copy_model_async);
  g_task_set_task_data(task, copy, copy_free);
  lens_workbench_push(self, task, copy_in_session);
}
