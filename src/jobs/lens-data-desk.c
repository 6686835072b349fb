#include "lens-data-desk-private.h"

#include <glib/gi18n.h>

#include "lens-data-find.h"
#include "lens-data-measure.h"
#include "lens-data-read.h"
#include "lens-workbench-private.h"

enum { FAILED, EVALUATED, MEASURED, JOB_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensDataDesk, lens_data_desk, G_TYPE_OBJECT)

GListModel *lens_data_desk_get_sets(LensDataDesk *self)
{
  return G_LIST_MODEL(self->sets);
}

LensDataJob *lens_data_desk_get_job(LensDataDesk *self)
{
  return self->jobs->len ? self->jobs->pdata[0] : NULL;
}

LensDataRows *lens_data_desk_get_rows(LensDataDesk *self)
{
  return lens_data_rows_new(self->store);
}

void lens_data_desk_fail(LensDataDesk *self, const GError *error)
{
  if (error && !self->closed && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit(self, signals[FAILED], 0, error->message);
}

/* ---- finding ---- */

static void find_in_thread(GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  LensDataDesk *self = source;
  GError *error = NULL;
  GPtrArray *found =
      path ? lens_data_find(path, &error) : lens_data_find_demo(self->data_dir, &error);
  if (found)
    g_task_return_pointer(task, found, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error(task, error);
}

void lens_data_desk_find_async(LensDataDesk *self, const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  g_task_set_source_tag(task, lens_data_desk_find_async);
  g_task_set_task_data(task, g_strdup(path), g_free);
  g_task_run_in_thread(task, find_in_thread);
}

GPtrArray *lens_data_desk_find_finish(LensDataDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* ---- what the store knows ---- */

static GPtrArray *read_evaluations(LensStore *store, gint64 set_id)
{
  GPtrArray *out = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GPtrArray) rows = lens_store_data_list_evaluations(store, set_id, NULL);
  for (guint i = 0; rows && i < rows->len; i++) {
    const LensStoreEvaluation *r = rows->pdata[i];
    g_ptr_array_add(out, lens_data_evaluation_new(r->id, r->model_id, r->model_name, r->state,
                                                  r->done, r->score, r->note));
  }
  return out;
}

/* What a program that ended was doing: a set that was being read is offered to be opened again. */
static void take_set(LensDataDesk *self, const LensStoreDataSet *row)
{
  const LensDataSource source = {row->name, row->kind, row->questions, row->features, row->images};
  gboolean cut = g_strcmp0(row->state, "reading") == 0;
  g_autoptr(LensDataSet) set = lens_data_set_new(&source);
  g_autoptr(GPtrArray) evaluations = read_evaluations(self->store, row->id);
  lens_data_set_update(set, row->id, cut ? "stopped" : row->state, row->problem, row->n);
  lens_data_set_take_evaluations(set, evaluations);
  g_list_store_append(self->sets, set);
}

/* ---- jobs ---- */

typedef struct {
  LensDataWork kind;
  LensDataMeasuring measuring; /* the run of it for every kind */
  gint64 id, n;                /* of the set that is opened */
  char *warning;
} Work;

static void work_free(gpointer p)
{
  Work *work = p;
  g_object_unref(work->measuring.run.job);
  g_clear_object(&work->measuring.run.model);
  g_clear_object(&work->measuring.bert);
  g_clear_pointer(&work->measuring.filter, lens_data_filter_free);
  g_free(work->warning);
  g_free(work);
}

static gboolean read_set(Work *work, GError **error)
{
  const LensDataRun *run = &work->measuring.run;
  LensDataSet *set = lens_data_job_get_set(run->job);
  const LensDataSource *s = lens_data_set_get_source(set);
  LensStoreDataSet row = {.name = s->name,
                          .kind = s->kind,
                          .questions = s->questions,
                          .features = s->features,
                          .images = s->images,
                          .state = (char *)"reading"};
  work->id = row.id = lens_store_data_begin_set(run->store, &row, error);
  if (!row.id)
    return FALSE;
  LensDataReading reading = {run->store, s, row.id, lens_data_job_progress, run->job};
  g_autoptr(GError) problem = NULL;
  gboolean ok = lens_data_read(&reading, &work->n, &work->warning, &problem);
  gboolean stopped = g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  row.state = (char *)(ok ? "ready" : stopped ? "stopped" : "failed");
  row.problem = problem && !stopped ? problem->message : work->warning;
  row.n = work->n;
  gboolean kept = lens_store_data_update_set(run->store, &row, problem ? NULL : error);
  if (problem)
    g_propagate_error(error, g_steal_pointer(&problem));
  return ok && kept;
}

static void work_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  gboolean ok = FALSE;
  lens_job_report_state(LENS_JOB(work->measuring.run.job), LENS_JOB_RUNNING, NULL);
  switch (work->kind) {
  case LENS_DATA_OPEN:
    ok = read_set(work, &error);
    break;
  case LENS_DATA_EVALUATE:
    ok = lens_data_run(&work->measuring.run, &error);
    break;
  case LENS_DATA_MEASURE:
    ok = lens_data_measure(&work->measuring, &error);
    break;
  }
  if (ok)
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void end_opening(LensDataDesk *self, Work *work, const GError *error)
{
  gboolean stopped = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  LensDataSet *set = lens_data_job_get_set(work->measuring.run.job);
  lens_data_set_update(set, work->id,
                       !error    ? "ready"
                       : stopped ? "stopped"
                                 : "failed",
                       error && !stopped ? error->message : work->warning, work->n);
}

static gpointer list_in_store(LensStore *store, gpointer data, GError **error)
{
  return read_evaluations(store, *(gint64 *)data);
}

static void on_evaluations(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataSet) set = data;
  g_autoptr(GPtrArray) list = lens_store_run_finish(LENS_STORE(source), result, NULL);
  if (!list)
    return;
  lens_data_set_take_evaluations(set, list);
  LensDataDesk *self = g_object_get_data(G_OBJECT(set), "desk");
  if (self && !self->closed)
    g_signal_emit(self, signals[EVALUATED], 0, set);
}

static void refresh(LensDataDesk *self, LensDataSet *set)
{
  gint64 id = lens_data_set_get_id(set);
  g_object_set_data(G_OBJECT(set), "desk", self);
  lens_store_run_async(self->store, list_in_store, g_memdup2(&id, sizeof id), g_free,
                       (GDestroyNotify)g_ptr_array_unref, NULL, on_evaluations, g_object_ref(set));
}

static void on_worked(GObject *source, GAsyncResult *result, gpointer unused)
{
  LensDataDesk *self = LENS_DATA_DESK(source);
  Work *work = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  gboolean stopped = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autoptr(LensDataJob) job = g_object_ref(work->measuring.run.job);
  if (work->kind == LENS_DATA_OPEN)
    end_opening(self, work, error);
  lens_job_report_state(LENS_JOB(job),
                        ok        ? LENS_JOB_DONE
                        : stopped ? LENS_JOB_STOPPED
                                  : LENS_JOB_FAILED,
                        error ? error->message : NULL);
  lens_job_flush(LENS_JOB(job));
  g_ptr_array_remove(self->jobs, job);
  lens_data_desk_fail(self, error);
  if (self->closed)
    return;
  if (work->kind == LENS_DATA_MEASURE)
    g_signal_emit(self, signals[MEASURED], 0, lens_data_job_get_set(job));
  else
    refresh(self, lens_data_job_get_set(job));
  g_signal_emit(self, signals[JOB_CHANGED], 0);
}

/* While the questions come in, the set tells how many there are. */
static gpointer count_in_store(LensStore *store, gpointer set, GError **error)
{
  g_autoptr(GPtrArray) rows = lens_store_data_list_sets(store, error);
  const LensDataSource *s = lens_data_set_get_source(set);
  for (guint i = 0; rows && i < rows->len; i++) {
    LensStoreDataSet *row = rows->pdata[i];
    if (g_str_equal(row->kind, s->kind) && g_str_equal(row->questions, s->questions) &&
        g_str_equal(row->features, s->features) && g_str_equal(row->images, s->images)) {
      gint64 both[] = {row->id, row->n};
      return g_memdup2(both, sizeof both);
    }
  }
  return NULL;
}

static void on_counted(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataSet) set = data;
  g_autofree gint64 *both = lens_store_run_finish(LENS_STORE(source), result, NULL);
  if (both && g_strcmp0(lens_data_set_get_state(set), "reading") == 0)
    lens_data_set_update(set, both[0], "reading", NULL, both[1]);
}

/* What is asked of the store again while work goes on; its end is told in any case. */
#define REFRESH_MICROSECONDS (G_USEC_PER_SEC / 4)

static void on_job_updated(LensDataJob *job, LensDataDesk *self)
{
  LensDataSet *set = lens_data_job_get_set(job);
  gint64 now = g_get_monotonic_time();
  if (self->closed || lens_job_is_finished(LENS_JOB(job)) ||
      now < self->refreshed + REFRESH_MICROSECONDS)
    return;
  self->refreshed = now;
  if (g_strcmp0(lens_data_set_get_state(set), "reading") == 0)
    lens_store_run_async(self->store, count_in_store, g_object_ref(set), g_object_unref, g_free,
                         NULL, on_counted, g_object_ref(set));
  else
    refresh(self, set);
}

/* The model's own answers to the set; 0: none. */
static gint64 evaluation_of(const LensDataOrder *order)
{
  LensDataEvaluation *one =
      order->model ? lens_data_set_find_evaluation(order->set, lens_model_get_id(order->model))
                   : NULL;
  return one ? lens_data_evaluation_get_id(one) : 0;
}

LensDataJob *lens_data_desk_start(LensDataDesk *self, const LensDataOrder *order, const char *title)
{
  Work *work = g_new0(Work, 1);
  LensDataJob *job = lens_data_job_new(title, order->set);
  g_autoptr(GTask) task = g_task_new(self, lens_data_job_get_cancellable(job), on_worked, NULL);
  work->kind = order->kind;
  work->measuring.run =
      (LensDataRun){g_object_ref(job), order->model ? g_object_ref(order->model) : NULL,
                    self->store,       self->library,
                    self->data_dir,    self->state_dir,
                    self->gateway};
  work->measuring.bert = order->bert ? g_object_ref(order->bert) : NULL;
  work->measuring.examples = order->examples;
  work->measuring.filter = lens_data_filter_copy(order->filter);
  work->measuring.evaluation_id = evaluation_of(order);
  work->id = lens_data_set_get_id(order->set);
  /* what was done before it was stopped is told as well */
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_source_tag(task, lens_data_desk_start);
  g_task_set_task_data(task, work, work_free);
  g_ptr_array_add(self->jobs, g_object_ref(job));
  if (order->kind != LENS_DATA_MEASURE)
    g_signal_connect_object(job, "updated", G_CALLBACK(on_job_updated), self, 0);
  lens_worker_push(self->worker, task, work_in_thread);
  g_signal_emit(self, signals[JOB_CHANGED], 0);
  g_object_unref(job); /* the queue keeps it */
  return job;
}

/* ---- sets ---- */

static gboolean same(const LensDataSource *a, const LensDataSource *b)
{
  return g_str_equal(a->kind, b->kind) && g_str_equal(a->questions, b->questions) &&
         g_str_equal(a->features, b->features) && g_str_equal(a->images, b->images);
}

static void take_out(LensDataDesk *self, LensDataSet *set)
{
  guint at;
  if (g_list_store_find(self->sets, set, &at))
    g_list_store_remove(self->sets, at);
}

static gboolean is_busy(LensDataDesk *self, LensDataSet *set)
{
  for (guint i = 0; i < self->jobs->len; i++)
    if (lens_data_job_get_set(self->jobs->pdata[i]) == set)
      return TRUE;
  return FALSE;
}

LensDataSet *lens_data_desk_open(LensDataDesk *self, const LensDataSource *source)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->sets)); i++) {
    g_autoptr(LensDataSet) set = g_list_model_get_item(G_LIST_MODEL(self->sets), i);
    if (!same(lens_data_set_get_source(set), source))
      continue;
    if (is_busy(self, set) || g_strcmp0(lens_data_set_get_state(set), "ready") == 0)
      return set; /* the list keeps it */
    take_out(self, set);
    break;
  }
  g_autoptr(LensDataSet) set = lens_data_set_new(source);
  g_autofree char *title = g_strdup_printf(_("Opening %s"), source->name);
  g_list_store_insert(self->sets, 0, set);
  lens_data_desk_start(self, &(LensDataOrder){LENS_DATA_OPEN, set}, title);
  return set;
}

typedef struct {
  gint64 id;
  gboolean removed;
} Removal;

static gpointer remove_in_store(LensStore *store, gpointer data, GError **error)
{
  const Removal *removal = data;
  lens_store_data_set_removed(store, removal->id, removal->removed, error);
  return NULL;
}

static void on_removed(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataDesk) self = data;
  g_autoptr(GError) error = NULL;
  lens_store_run_finish(LENS_STORE(source), result, &error);
  lens_data_desk_fail(self, error);
}

static void set_removed(LensDataDesk *self, LensDataSet *set, gboolean removed)
{
  const Removal removal = {lens_data_set_get_id(set), removed};
  lens_store_run_async(self->store, remove_in_store, g_memdup2(&removal, sizeof removal), g_free,
                       NULL, NULL, on_removed, g_object_ref(self));
}

void lens_data_desk_remove(LensDataDesk *self, LensDataSet *set)
{
  for (guint i = 0; i < self->jobs->len; i++)
    if (lens_data_job_get_set(self->jobs->pdata[i]) == set)
      lens_job_cancel(self->jobs->pdata[i]);
  take_out(self, set);
  set_removed(self, set, TRUE);
}

void lens_data_desk_restore(LensDataDesk *self, LensDataSet *set)
{
  g_list_store_insert(self->sets, 0, set);
  set_removed(self, set, FALSE);
}

LensDataJob *lens_data_desk_evaluate(LensDataDesk *self, LensDataSet *set, LensModel *model,
                                     GError **error)
{
  gboolean pairs = g_strcmp0(lens_data_set_get_source(set)->kind, "nlvr2") == 0;
  gboolean judges = g_strcmp0(lens_model_get_info(model)->task, "nlvr2") == 0;
  if (g_strcmp0(lens_data_set_get_source(set)->kind, "images") == 0)
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
        _("These are features without questions. Open the folder with the questions (.json) "
          "to run a model over them."));
  else if (pairs != judges)
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                pairs ? _("“%s” answers questions about one image; these are statements about two. "
                          "Choose a model trained for NLVR2.")
                      : _("“%s” judges statements about two images. Choose a model for question "
                          "answering."),
                lens_model_get_name(model));
  else if (!lens_data_set_get_n(set))
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT, _("There are no questions to ask yet."));
  else {
    g_autofree char *title = g_strdup_printf(_("%s on %s"), lens_model_get_name(model),
                                             lens_data_set_get_source(set)->name);
    return lens_data_desk_start(self, &(LensDataOrder){LENS_DATA_EVALUATE, set, model}, title);
  }
  return NULL;
}

char *lens_data_desk_find_picture(LensDataDesk *self, LensDataSet *set, LensDataRow *row, int which)
{
  const LensDataRowInfo *info = lens_data_row_get_info(row);
  return lens_data_find_image(lens_data_set_get_source(set), which ? info->image2 : info->image);
}

/* ---- life ---- */

LensDataDesk *lens_workbench_get_data_desk(LensWorkbench *bench)
{
  g_autoptr(GError) error = NULL;
  if (bench->desk || bench->closed)
    return bench->desk;
  g_autofree char *path = g_build_filename(bench->state_dir, "data.db", NULL);
  LensStore *store = lens_store_open(path, &error);
  if (!store) {
    lens_workbench_tell(bench, g_strdup(error->message));
    return NULL;
  }
  LensDataDesk *self = g_object_new(LENS_TYPE_DATA_DESK, NULL);
  self->bench = bench;
  self->library = bench->store;
  self->gateway = &bench->gateway;
  self->data_dir = g_strdup(bench->data_dir);
  self->state_dir = g_strdup(bench->state_dir);
  self->store = store;
  self->worker = lens_worker_new("data");
  lens_store_data_purge(store, NULL);
  g_autoptr(GPtrArray) rows = lens_store_data_list_sets(store, &error);
  for (guint i = 0; rows && i < rows->len; i++)
    take_set(self, rows->pdata[i]);
  if (lens_store_get_notice(store))
    lens_workbench_tell(bench, g_strdup(lens_store_get_notice(store)));
  bench->desk = self;
  return self;
}

void lens_data_desk_close(LensDataDesk *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  for (guint i = 0; i < self->jobs->len; i++)
    lens_job_cancel(self->jobs->pdata[i]);
  g_clear_pointer(&self->worker, lens_worker_free);
  lens_store_close(self->store);
}

static void lens_data_desk_finalize(GObject *object)
{
  LensDataDesk *self = LENS_DATA_DESK(object);
  if (self->store)
    lens_data_desk_close(self);
  g_clear_object(&self->store);
  g_clear_object(&self->sets);
  g_ptr_array_unref(self->jobs);
  g_free(self->data_dir);
  g_free(self->state_dir);
  G_OBJECT_CLASS(lens_data_desk_parent_class)->finalize(object);
}

static void lens_data_desk_class_init(LensDataDeskClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_data_desk_finalize;
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_DATA_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[EVALUATED] = g_signal_new("evaluated", LENS_TYPE_DATA_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_DATA_SET);
  signals[MEASURED] = g_signal_new("measured", LENS_TYPE_DATA_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_DATA_SET);
  signals[JOB_CHANGED] = g_signal_new("job-changed", LENS_TYPE_DATA_DESK, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void lens_data_desk_init(LensDataDesk *self)
{
  self->sets = g_list_store_new(LENS_TYPE_DATA_SET);
  self->jobs = g_ptr_array_new_with_free_func(g_object_unref);
}
