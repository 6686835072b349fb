/* Estimating trainings, and what can be done with their results. */
#include "lens-data-desk.h"

#include <glib/gi18n.h>

#include "lens-models.h"
#include "lens-train-checkpoint.h"
#include "lens-train-data.h"
#include "lens-train-folder.h"
#include "lens-train-job-private.h"
#include "lens-train-record.h"
#include "lens-workbench-private.h"

/* ---- estimates ---- */

typedef struct {
  LensTrainSettings *settings;
  LensModel *model;
} Estimate;

static void estimate_free(gpointer p)
{
  Estimate *estimate = p;
  lens_train_settings_free(estimate->settings);
  g_clear_object(&estimate->model);
  g_free(estimate);
}

/* `user_data` is the task. */
static int on_progress(double done, const char *what, void *user_data)
{
  const LensWorkbench *self = g_task_get_source_object(user_data);
  return g_cancellable_is_cancelled(g_task_get_cancellable(user_data)) ||
         g_cancellable_is_cancelled(self->closing);
}

static void estimate_in_thread(GTask *task, gpointer source, gpointer data,
                               GCancellable *cancellable)
{
  LensWorkbench *self = source;
  Estimate *estimate = data;
  GError *error = NULL;
  LensTrainSetupRequest request = {
      .model = estimate->model,
      .settings = estimate->settings,
      .data_dir = self->data_dir,
      .state_dir = self->state_dir,
      .store = self->store,
      .progress = on_progress,
      .between = on_progress,
      .progress_data = task,
  };
  lens_gateway_enter(&self->gateway); /* a training makes room between its steps */
  LensTrainEstimate *found = lens_train_estimate_make(&request, &error);
  lens_gateway_leave(&self->gateway);
  if (found)
    g_task_return_pointer(task, found, (GDestroyNotify)lens_train_estimate_free);
  else
    g_task_return_error(task, error);
}

void lens_workbench_estimate_training_async(LensWorkbench *self, const LensTrainSettings *settings,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  Estimate *estimate = g_new0(Estimate, 1);
  GError *error = NULL;
  LensModel *model = lens_workbench_find_model(self, settings->base_model_id);
  estimate->settings = lens_train_settings_copy(settings);
  g_task_set_source_tag(task, lens_workbench_estimate_training_async);
  g_task_set_task_data(task, estimate, estimate_free);
  if (!lens_train_settings_check(settings, &error)) {
    g_task_return_error(task, error);
    return;
  }
  if (!model || self->closed) {
    g_task_return_new_error(task, LENS_ERROR, LENS_ERROR_MISSING,
                            _("There is no model “%s” to start from."), settings->base_model_id);
    return;
  }
  estimate->model = g_object_ref(model);
  if (!self->estimator)
    self->estimator = lens_worker_new("estimate");
  lens_worker_push(self->estimator, task, estimate_in_thread);
}

LensTrainEstimate *lens_workbench_estimate_training_finish(LensWorkbench *self,
                                                           GAsyncResult *result, GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* ---- data ---- */

/* FALSE when nothing can be learned from it. */
static gboolean add_folder(GPtrArray *folders, const char *folder, LensTask task)
{
  if (g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
    return TRUE;
  if (!lens_train_data_offers(folder, task))
    return FALSE;
  g_ptr_array_add(folders, g_strdup(folder));
  return TRUE;
}

/* The authors' lists lie in a folder of their task (vqa/train.json) or beside the features. */
GPtrArray *lens_workbench_list_training_folders(LensWorkbench *self, LensTask task)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
  LensDataDesk *desk = lens_workbench_get_data_desk(self);
  GListModel *sets = desk ? lens_data_desk_get_sets(desk) : NULL;
  for (guint i = 0; sets && i < g_list_model_get_n_items(sets); i++) {
    g_autoptr(LensDataSet) set = g_list_model_get_item(sets, i);
    const char *questions = lens_data_set_get_source(set)->questions;
    if (!*questions)
      continue;
    g_autofree char *folder = g_path_get_dirname(questions);
    g_autofree char *above = g_path_get_dirname(folder);
    if (!add_folder(folders, folder, task))
      add_folder(folders, above, task);
  }
  return folders;
}

/* ---- what can be done with a job ---- */

static void drop_model(LensWorkbench *self, LensModel *model)
{
  guint at;
  if (model && g_list_store_find(self->models, model, &at))
    g_list_store_remove(self->models, at);
}

gboolean lens_workbench_remove_training(LensWorkbench *self, LensTrainJob *job, GError **error)
{
  if (!lens_train_queue_remove(self->queue, job, error))
    return FALSE;
  drop_model(self, lens_train_job_get_model(job));
  drop_model(self, lens_train_job_get_best_model(job));
  return TRUE;
}

gboolean lens_workbench_restore_training(LensWorkbench *self, LensTrainJob *job, GError **error)
{
  if (!lens_train_queue_restore(self->queue, job, error))
    return FALSE;
  if (lens_train_job_get_model(job))
    lens_workbench_add_model(self, lens_train_job_get_model(job));
  if (lens_train_job_get_best_model(job))
    lens_workbench_add_model(self, lens_train_job_get_best_model(job));
  return TRUE;
}

gboolean lens_workbench_rename_training(LensWorkbench *self, LensTrainJob *job, const char *name,
                                        GError **error)
{
  g_autoptr(LensModel) last = NULL;
  g_autoptr(LensModel) best = NULL;
  if (!lens_train_queue_rename(self->queue, job, name, error))
    return FALSE;
  lens_train_checkpoint_describe(lens_train_job_get_output_dir(job), &last, &best);
  if (last)
    lens_workbench_add_model(self, last);
  if (best)
    lens_workbench_add_model(self, best);
  lens_train_job_set_models(job, last, best);
  return TRUE;
}

/* ---- export ---- */

typedef struct {
  LensModel *model;
  char *into;
} Export;

static void export_free(gpointer p)
{
  Export *export = p;
  g_object_unref(export->model);
  g_free(export->into);
  g_free(export);
}

/* "Mine (best)" as a name that no shell minds: "Mine-best". */
static char *folder_name(const char *name)
{
  g_auto(GStrv) parts = g_strsplit_set(name, " ()/", -1);
  GString *joined = g_string_new(NULL);
  for (gsize i = 0; parts[i]; i++)
    if (*parts[i])
      g_string_append_printf(joined, "%s%s", joined->len ? "-" : "", parts[i]);
  return g_string_free(joined, FALSE);
}

static void export_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  GError *error = NULL;
  g_autofree char *name = folder_name(lens_model_get_name(export->model));
  char *path =
      lens_train_folder_export(lens_model_get_path(export->model), export->into, name, &error);
  if (path)
    g_task_return_pointer(task, path, g_free);
  else
    g_task_return_error(task, error);
}

void lens_workbench_export_model_async(LensWorkbench *self, LensModel *model, const char *into,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  Export *export = g_new0(Export, 1);
  *export = (Export){g_object_ref(model), g_strdup(into)};
  g_task_set_source_tag(task, lens_workbench_export_model_async);
  g_task_set_task_data(task, export, export_free);
  g_task_run_in_thread(task, export_in_thread);
}

char *lens_workbench_export_model_finish(LensWorkbench *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}
