#include "lens-train-queue-private.h"

#include <glib/gi18n.h>

#include "lens-error.h"
#include "lens-models.h"
#include "lens-process.h"
#include "lens-store-images.h"
#include "lens-store-jobs.h"
#include "lens-train-folder.h"
#include "lens-train-record.h"
#include "lens-train-run.h"

static void begin_next(LensTrainQueue *self);

LensTrainQueue *lens_train_queue_ref(LensTrainQueue *self)
{
  self->references++;
  return self;
}

void lens_train_queue_unref(LensTrainQueue *self)
{
  if (--self->references > 0)
    return;
  g_clear_object(&self->jobs);
  g_clear_object(&self->running);
  g_ptr_array_unref(self->waiting);
  g_free(self);
}

void lens_train_queue_tell(LensTrainQueue *self, const char *text)
{
  if (text && !self->closed)
    self->context.notice(text, self->context.user_data);
}

/* ---- the store, without waiting ---- */

static gpointer save_in_store(LensStore *store, gpointer data, GError **error)
{
  lens_train_snapshot_save(data, store, error);
  return NULL;
}

static void snapshot_free(gpointer p)
{
  LensTrainSnapshot *snapshot = p;
  g_object_unref(snapshot->job);
  g_free(snapshot);
}

static void save_async(LensTrainQueue *self, LensTrainJob *job, LensJobState state,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  LensTrainSnapshot *snapshot = g_new0(LensTrainSnapshot, 1);
  snapshot->job = g_object_ref(job);
  snapshot->state = state;
  snapshot->progress = lens_job_get_progress(LENS_JOB(job));
  lens_store_run_async(self->context.store, save_in_store, snapshot, snapshot_free, NULL, NULL,
                       callback, user_data);
}

/* ---- running ---- */

typedef struct {
  LensTrainQueue *queue; /* borrowed in the thread, its reference is dropped on the main thread */
  LensTrainRun run;
  LensTrainOutcome outcome;
} Running;

static void run_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Running *running = data;
  GError *error = NULL;
  if (lens_train_run(&running->run, &running->outcome, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void running_free(gpointer p)
{
  Running *running = p;
  lens_train_outcome_clear(&running->outcome);
  g_object_unref(running->run.job);
  g_object_unref(running->run.base);
  g_free(running);
}

static void on_ran(GObject *source, GAsyncResult *result, gpointer data)
{
  LensTrainQueue *self = data;
  Running *running = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  LensTrainJob *job = running->run.job;

  LensModel *made[] = {running->outcome.model, running->outcome.best};
  lens_train_job_set_models(job, made[0], made[1]);
  for (gsize i = 0; i < G_N_ELEMENTS(made); i++)
    if (made[i] && !self->closed)
      self->context.model_made(made[i], self->context.user_data);
  lens_job_report_state(LENS_JOB(job), ok ? running->outcome.state : LENS_JOB_FAILED,
                        ok ? NULL : error->message);
  lens_job_flush(LENS_JOB(job));
  lens_train_queue_tell(self, running->outcome.notice);
  g_clear_object(&self->running);
  begin_next(self);
  lens_train_queue_unref(self);
}

/* A training of the command line begins from a folder that need not be in the list. */
static LensModel *find_base(LensTrainQueue *self, const char *id)
{
  LensModel *found = self->context.find_model(id, self->context.user_data);
  if (found)
    return g_object_ref(found);
  const char *path = id && g_str_has_prefix(id, "at:") ? id + 3 : id;
  return path && g_path_is_absolute(path) ? lens_models_describe(path, id, FALSE, NULL) : NULL;
}

static void begin(LensTrainQueue *self, LensTrainJob *job, LensModel *base)
{
  Running *running = g_new0(Running, 1);
  running->queue = self;
  running->run = (LensTrainRun){
      .job = g_object_ref(job),
      .base = g_object_ref(base),
      .data_dir = self->context.data_dir,
      .state_dir = self->context.state_dir,
      .store = self->context.store,
      .gateway = self->context.gateway,
  };
  self->running = g_object_ref(job);
  lens_job_report_state(LENS_JOB(job), LENS_JOB_RUNNING, NULL);
  lens_job_flush(LENS_JOB(job)); /* from now on a stop is the thread's to answer */
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_ran, lens_train_queue_ref(self));
  g_task_set_task_data(task, running, running_free);
  lens_worker_push(self->worker, task, run_in_thread);
}

static void begin_next(LensTrainQueue *self)
{
  while (!self->running && !self->closed && self->waiting->len) {
    g_autoptr(LensTrainJob) job = g_object_ref(self->waiting->pdata[0]);
    const LensTrainSettings *settings = lens_train_job_get_settings(job);
    g_autoptr(LensModel) base = find_base(self, settings->base_model_id);
    g_ptr_array_remove_index(self->waiting, 0);
    if (lens_train_job_get_wish(job) != LENS_TRAIN_GO_ON) {
      save_async(self, job, LENS_JOB_STOPPED, NULL, NULL); /* stopped while it was being written */
    } else if (base) {
      begin(self, job, base);
    } else {
      g_autofree char *text = g_strdup_printf(
          _("The base model “%s” is not there any more. Start a new job from another model."),
          settings->base_model_id);
      lens_job_report_state(LENS_JOB(job), LENS_JOB_FAILED, text);
      save_async(self, job, LENS_JOB_FAILED, NULL, NULL);
    }
  }
}

/* ---- adding ---- */

void lens_train_queue_insert(LensTrainQueue *self, LensTrainJob *job)
{
  guint at = 0, n = g_list_model_get_n_items(G_LIST_MODEL(self->jobs));
  for (; at < n; at++) {
    g_autoptr(LensTrainJob) other = g_list_model_get_item(G_LIST_MODEL(self->jobs), at);
    if (lens_train_job_get_created_at(other) < lens_train_job_get_created_at(job))
      break;
  }
  g_list_store_insert(self->jobs, at, job);
}

/* One that is stopped while it waits is taken out at once, so that it does not begin after a
 * restart. */
static void on_state(LensTrainJob *job, GParamSpec *spec, gpointer data)
{
  LensTrainQueue *self = data;
  if (lens_job_get_state(LENS_JOB(job)) == LENS_JOB_STOPPED &&
      g_ptr_array_remove(self->waiting, job))
    save_async(self, job, LENS_JOB_STOPPED, NULL, NULL);
}

static char *choose_output_dir(LensTrainQueue *self, const char *name)
{
  char *path = g_build_filename(self->context.state_dir, "models", name, NULL);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->jobs));
  for (guint i = 2, taken = 1; taken; i++) {
    taken = g_file_test(path, G_FILE_TEST_EXISTS);
    for (guint j = 0; j < n && !taken; j++) {
      g_autoptr(LensTrainJob) job = g_list_model_get_item(G_LIST_MODEL(self->jobs), j);
      taken = g_strcmp0(lens_train_job_get_output_dir(job), path) == 0;
    }
    if (!taken)
      break;
    g_free(path);
    path = g_strdup_printf("%s/models/%s-%u", self->context.state_dir, name, i);
  }
  return path;
}

typedef struct {
  LensTrainQueue *queue;
  LensTrainJob *job;
} Added;

static void on_added(GObject *source, GAsyncResult *result, gpointer data)
{
  Added *added = data;
  g_autoptr(GError) error = NULL;
  lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error)
    lens_train_queue_tell(added->queue, error->message);
  g_ptr_array_add(added->queue->waiting, g_object_ref(added->job));
  begin_next(added->queue);
  g_object_unref(added->job);
  lens_train_queue_unref(added->queue);
  g_free(added);
}

/* Written before it begins, so that a crash finds it. */
static void enqueue(LensTrainQueue *self, LensTrainJob *job)
{
  Added *added = g_new0(Added, 1);
  *added = (Added){lens_train_queue_ref(self), g_object_ref(job)};
  lens_train_job_prepare(job);
  save_async(self, job, LENS_JOB_QUEUED, on_added, added);
}

LensTrainJob *lens_train_queue_add(LensTrainQueue *self, const LensTrainSettings *settings,
                                   GError **error)
{
  if (self->closed || !lens_train_settings_check(settings, error))
    return NULL;
  g_autoptr(LensModel) base = find_base(self, settings->base_model_id);
  if (!base) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("There is no model “%s” to start from. Choose a base model from the list."),
                settings->base_model_id ? settings->base_model_id : "");
    return NULL;
  }
  g_autoptr(LensTrainSettings) own = lens_train_settings_copy(settings);
  g_free(own->base_model_id);
  own->base_model_id = g_strdup(lens_model_get_id(base));
  g_autofree char *output = choose_output_dir(self, own->name);
  LensStoreJob row = {.title = own->name,
                      .state = (char *)"queued",
                      .message = (char *)"",
                      .output_dir = output,
                      .created_at = g_get_real_time()};
  g_autoptr(LensTrainJob) job = lens_train_job_new(&row, own);
  g_signal_connect(job, "notify::state", G_CALLBACK(on_state), self);
  g_list_store_insert(self->jobs, 0, job);
  enqueue(self, job);
  return job; /* the list keeps it */
}

gboolean lens_train_queue_resume(LensTrainQueue *self, LensTrainJob *job, GError **error)
{
  LensJobState state = lens_job_get_state(LENS_JOB(job));
  if (self->closed || job == self->running || !lens_job_is_finished(LENS_JOB(job)) ||
      state == LENS_JOB_DONE) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
                _("Only a job that was stopped, failed or interrupted can be resumed."));
    return FALSE;
  }
  if (!lens_train_elsewhere_can_resume(lens_train_job_get_output_dir(job), error))
    return FALSE;
  lens_job_report_state(LENS_JOB(job), LENS_JOB_QUEUED, NULL);
  lens_job_flush(LENS_JOB(job));
  enqueue(self, job);
  return TRUE;
}

/* ---- deleting and renaming ---- */

static gboolean may_change(LensTrainJob *job, GError **error)
{
  if (lens_job_is_finished(LENS_JOB(job)))
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
              _("Stop the training first: “%s” is not finished."),
              lens_job_get_title(LENS_JOB(job)));
  return FALSE;
}

static void on_deleted(GObject *source, GAsyncResult *result, gpointer data)
{
  LensTrainQueue *self = data;
  g_autoptr(GError) error = NULL;
  lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error)
    lens_train_queue_tell(self, error->message);
  lens_train_queue_unref(self);
}

static void mark_deleted(LensTrainQueue *self, LensTrainJob *job, gboolean deleted)
{
  g_autofree char *target = g_strdup_printf("%" G_GINT64_FORMAT, lens_train_job_get_id(job));
  lens_store_set_deleted_async(self->context.store, LENS_STORE_KIND_JOB, target, deleted,
                               on_deleted, lens_train_queue_ref(self));
}

gboolean lens_train_queue_owns_folder(LensTrainQueue *self, LensTrainJob *job)
{
  const char *folder = lens_train_job_get_output_dir(job);
  g_autofree char *models = g_build_filename(self->context.state_dir, "models", "", NULL);
  return folder && g_str_has_prefix(folder, models);
}

/* A folder that a person chose on the command line stays where it is. */
static const char *own_folder(LensTrainQueue *self, LensTrainJob *job)
{
  return lens_train_queue_owns_folder(self, job) ? lens_train_job_get_output_dir(job) : NULL;
}

gboolean lens_train_queue_remove(LensTrainQueue *self, LensTrainJob *job, GError **error)
{
  guint at;
  if (!may_change(job, error))
    return FALSE;
  lens_train_elsewhere_list(self->context.state_dir, lens_train_job_get_output_dir(job), FALSE);
  if (!lens_train_folder_move(own_folder(self, job), TRUE, error))
    return FALSE;
  if (g_list_store_find(self->jobs, job, &at))
    g_list_store_remove(self->jobs, at);
  mark_deleted(self, job, TRUE);
  return TRUE;
}

gboolean lens_train_queue_restore(LensTrainQueue *self, LensTrainJob *job, GError **error)
{
  if (!lens_train_folder_move(own_folder(self, job), FALSE, error))
    return FALSE;
  lens_train_elsewhere_list(self->context.state_dir, lens_train_job_get_output_dir(job), TRUE);
  lens_train_queue_insert(self, job);
  mark_deleted(self, job, FALSE);
  return TRUE;
}

gboolean lens_train_queue_rename(LensTrainQueue *self, LensTrainJob *job, const char *name,
                                 GError **error)
{
  g_autoptr(LensTrainSettings) settings = lens_train_job_dup_settings(job);
  g_free(settings->name);
  settings->name = g_strdup(name);
  if (!may_change(job, error) || !lens_train_settings_check(settings, error) ||
      !lens_train_folder_rename(lens_train_job_get_output_dir(job), name, error))
    return FALSE;
  lens_train_job_set_name(job, name);
  save_async(self, job, lens_job_get_state(LENS_JOB(job)), NULL, NULL);
  return TRUE;
}

/* ---- what was stored ---- */

static void fill_curves(LensTrainQueue *self, LensTrainJob *job)
{
  static const char *const names[] = {"loss", "accuracy"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(GArray) points =
        lens_store_list_points(self->context.store, lens_train_job_get_id(job), names[i], NULL);
    if (points)
      lens_train_job_fill(job, names[i], points);
  }
}

/* The models that it left, as the list of models has them. */
static void find_results(LensTrainQueue *self, LensTrainJob *job)
{
  const char *folder = lens_train_job_get_output_dir(job);
  if (!folder || !lens_job_is_finished(LENS_JOB(job)))
    return;
  if (!lens_train_queue_owns_folder(self, job)) {
    lens_train_queue_find_foreign(self, job, TRUE);
    return;
  }
  g_autofree char *name = g_path_get_basename(folder);
  g_autofree char *id = g_strconcat("my:", name, NULL);
  g_autofree char *best_id = g_strconcat(id, "-best", NULL);
  lens_train_job_set_models(job, self->context.find_model(id, self->context.user_data),
                            self->context.find_model(best_id, self->context.user_data));
}

/* What a process that is gone was doing is interrupted; another live one's job is left as it is. */
static void take_row(LensTrainQueue *self, LensStoreJob *row)
{
  gboolean elsewhere = lens_process_is_other_and_alive(row->owner);
  LensJobState state = lens_job_state_from_name(row->state);
  gboolean interrupted = !elsewhere && (state == LENS_JOB_RUNNING || state == LENS_JOB_PAUSED);
  g_autoptr(LensTrainSettings) settings = lens_train_settings_from_json(row->settings);
  if (!settings)
    return;
  if (interrupted) {
    g_free(row->state);
    row->state = g_strdup(lens_job_state_name(LENS_JOB_INTERRUPTED));
  }
  g_autoptr(LensTrainJob) job = lens_train_job_new(row, settings);
  fill_curves(self, job);
  find_results(self, job);
  if (elsewhere)
    lens_train_job_set_elsewhere(job, row->owner);
  if (row->output_dir)
    lens_train_elsewhere_know(self->elsewhere, row->output_dir, row->changed_at);
  g_signal_connect(job, "notify::state", G_CALLBACK(on_state), self);
  g_list_store_append(self->jobs, job);
  if (interrupted)
    save_async(self, job, LENS_JOB_INTERRUPTED, NULL, NULL);
  else if (state == LENS_JOB_QUEUED && !elsewhere)
    g_ptr_array_insert(self->waiting, 0, g_object_ref(job)); /* rows come newest first */
}

static gboolean on_idle(gpointer data)
{
  LensTrainQueue *self = data;
  self->idle = 0;
  begin_next(self);
  return G_SOURCE_REMOVE;
}

LensTrainQueue *lens_train_queue_new(const LensTrainContext *context)
{
  LensTrainQueue *self = g_new0(LensTrainQueue, 1);
  self->references = 1;
  self->context = *context;
  self->jobs = g_list_store_new(LENS_TYPE_JOB);
  self->waiting = g_ptr_array_new_with_free_func(g_object_unref);
  self->worker = lens_worker_new("training");
  lens_train_folder_purge(context->state_dir);
  g_autofree char *runs = g_build_filename(context->state_dir, "runs", NULL);
  self->elsewhere = lens_train_elsewhere_new(runs, lens_train_queue_adopt, self);
  g_autoptr(GPtrArray) rows = lens_store_list_jobs(context->store, NULL);
  for (guint i = 0; rows && i < rows->len; i++)
    take_row(self, rows->pdata[i]);
  self->idle = g_idle_add(on_idle, self);
  return self;
}

GListModel *lens_train_queue_get_jobs(LensTrainQueue *self)
{
  return G_LIST_MODEL(self->jobs);
}

void lens_train_queue_close(LensTrainQueue *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  g_clear_handle_id(&self->idle, g_source_remove);
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->jobs)); i++) {
    g_autoptr(LensJob) job = g_list_model_get_item(G_LIST_MODEL(self->jobs), i);
    g_signal_handlers_disconnect_by_data(job, self);
  }
  g_clear_pointer(&self->elsewhere, lens_train_elsewhere_free);
  if (self->running)
    lens_train_job_interrupt(self->running);
  lens_worker_free(self->worker);
}

void lens_train_queue_free(LensTrainQueue *self)
{
  if (!self)
    return;
  lens_train_queue_close(self);
  lens_train_queue_unref(self);
}
