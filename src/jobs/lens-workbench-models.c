/* Importing models and starting trainings. */
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
