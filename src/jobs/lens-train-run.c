#include "lens-train-run.h"

#include <glib/gi18n.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lens-engine-error.h"
#include "lens-folder.h"
#include "lens-store-jobs.h"
#include "lens-train-checkpoint.h"
#include "lens-train-log.h"
#include "lens-train-peek.h"
#include "lens-train-plan.h"
#include "lens-train-setup.h"

/* How long interactive work may hold the training up; a long detection then shares the processors. */
#define YIELD_MILLISECONDS 20000
#define STORE_SECONDS 1
#define RETRY_SECONDS 5
#define BATCH_OF_EVALUATION 32

/* A run under way; everything belongs to the training thread. */
typedef struct {
  const LensTrainRun *run;
  LensTrainJob *job;
  LensTrainSettings *settings; /* as they were at the start */
  LensTrainSetupRequest request;
  LensTrainSetup setup;
  LensTrainPeeker *peeker;
  const char *folder;
  char *notice;
  LxRunLog *log;                         /* NULL: not yet */
  LensJobState logged;                   /* the state that it tells */
  GArray *unkept_loss, *unkept_accuracy; /* LensStorePoint, not in the store yet */
  gint64 stored_at;
  double saved_at;      /* work_time */
  gint64 waited;        /* microseconds that the person had it paused */
  LensTrainCosts costs; /* as they were last */
  double best_seconds;  /* that writing the best model took, in all */
  int evaluations;      /* of models that have learned */
  gint64 saved_step;    /* of the last checkpoint */
  gint64 epoch;         /* of the last step */
  double best;          /* validation accuracy; negative: none yet */
  gint64 best_step;
  gint64 evaluated; /* the step of the last validation; -1: none */
  gint64 peeked;    /* the example that was shown last; -1: none */
  double progress;
  char *message;
  gboolean saved; /* the folder holds a checkpoint of this or an earlier run */
} Run;

/* ---- the store ---- */

static void note(Run *self, const char *text)
{
  if (!self->notice)
    self->notice = g_strdup(text);
}

static void say(Run *self, const char *message)
{
  g_free(self->message);
  self->message = g_strdup(message);
  lens_job_report(LENS_JOB(self->job), self->progress, message);
}

/* What the library cannot take now, on a full disk, waits for the next time. */
static gboolean keep_points(Run *self, const char *name, GArray *points, GError **error)
{
  gint64 id = lens_train_job_get_id(self->job);
  if (!id || !points->len)
    return TRUE;
  if (!lens_store_add_points(self->run->store, id, name, (LensStorePoint *)(void *)points->data,
                             points->len, error))
    return FALSE;
  g_array_set_size(points, 0);
  return TRUE;
}

static void keep(Run *self, LensJobState state, const char *error_text)
{
  g_autoptr(GError) error = NULL;
  LensTrainSnapshot snapshot = {self->job,     state,      self->progress,
                                self->message, error_text, self->setup.base.hash};
  if (state != self->logged)
    lx_run_log_state(self->log, lens_job_state_name(state),
                     error_text ? error_text : self->message);
  self->logged = state;
  if (!lens_train_snapshot_save(&snapshot, self->run->store, &error) ||
      !keep_points(self, "loss", self->unkept_loss, &error) ||
      !keep_points(self, "accuracy", self->unkept_accuracy, &error))
    note(self, error->message);
}

static gboolean due(gint64 *last, int seconds)
{
  gint64 now = g_get_monotonic_time();
  if (now - *last < seconds * G_USEC_PER_SEC)
    return FALSE;
  *last = now;
  return TRUE;
}

/* Seconds of work: without pauses. */
static double work_time(const Run *self)
{
  return (double)(g_get_monotonic_time() - self->waited) / G_USEC_PER_SEC;
}

/* ---- waiting for others ---- */

/* Lets interactive work go first, then waits as long as the person has paused it. */
static LensTrainWish wait_turn(Run *self)
{
  gboolean waited = FALSE;
  while (lens_train_job_get_wish(self->job) == LENS_TRAIN_GO_ON &&
         lens_gateway_yield(self->run->gateway, YIELD_MILLISECONDS))
    ;
  if (lens_train_job_get_wish(self->job) == LENS_TRAIN_GO_ON && lens_train_job_is_paused(self->job))
    keep(self, LENS_JOB_PAUSED, NULL);
  gint64 begin = g_get_monotonic_time();
  LensTrainWish wish = lens_train_job_wait(self->job, &waited);
  self->waited += g_get_monotonic_time() - begin;
  if (waited && wish == LENS_TRAIN_GO_ON)
    keep(self, LENS_JOB_RUNNING, NULL);
  return wish;
}

static int on_progress(double done, const char *what, void *user_data)
{
  return wait_turn(user_data) == LENS_TRAIN_GO_ON ? 0 : 1;
}

static int on_data_progress(double done, const char *what, void *user_data)
{
  Run *self = user_data;
  if (what)
    say(self, lens_engine_doing(what));
  return on_progress(done, what, self);
}

/* ---- setting up ---- */

/* What the curve says was best up to the checkpoint that the run goes on from. */
static void recall_best(Run *self, gint64 id, gint64 step)
{
  g_autoptr(GArray) points =
      id ? lens_store_list_points(self->run->store, id, "accuracy", NULL) : NULL;
  for (guint i = 0; points && i < points->len; i++) {
    const LensStorePoint *point = &g_array_index(points, LensStorePoint, i);
    self->evaluated = MAX(self->evaluated, point->step);
    if (point->step < 1 || point->step > step || point->value <= self->best)
      continue;
    self->best = point->value;
    self->best_step = point->step;
  }
}

static gboolean go_on_from_checkpoint(Run *self, GError **error)
{
  LxError engine = {0};
  self->saved = lx_trainer_can_resume(self->folder);
  if (!self->saved)
    return TRUE;
  if (lx_trainer_resume(self->setup.trainer, self->folder, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  gint64 step = lx_trainer_steps(self->setup.trainer), id = lens_train_job_get_id(self->job);
  self->saved_step = step;
  lens_train_job_go_back(self->job, step);
  if (id)
    lens_store_cut_points(self->run->store, id, step, NULL);
  recall_best(self, id, step);
  return TRUE;
}

static gboolean set_up(Run *self, GError **error)
{
  g_autoptr(GError) problem = NULL;
  self->request = (LensTrainSetupRequest){
      .model = self->run->base,
      .settings = self->settings,
      .data_dir = self->run->data_dir,
      .state_dir = self->run->state_dir,
      .store = self->run->store,
      .progress = on_data_progress,
      .between = on_progress,
      .progress_data = self,
  };
  if (!lens_train_setup_open(&self->request, &self->setup, error))
    return FALSE;
  lens_train_job_set_load_report(self->job, self->setup.base.report);
  lens_train_job_set_base_hash(self->job, self->setup.base.hash);
  self->peeker = lens_train_peeker_new(&self->request, &self->setup);
  if (!lens_make_folder(self->folder, error))
    return FALSE;
  if (!go_on_from_checkpoint(self, error))
    return FALSE;
  self->log = lens_train_log_open(self->run, self->settings, self->setup.base.hash,
                                  lx_trainer_steps(self->setup.trainer), &problem);
  if (self->log)
    return TRUE;
  if (g_error_matches(problem, LENS_ERROR, LENS_ERROR_ARGUMENT)) { /* somebody else trains there */
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  note(self, problem->message); /* nobody can follow it, but it can be done */
  return TRUE;
}

/* ---- checkpoints ---- */

/* With the name that it has by now. */
static gboolean write_once(Run *self, gboolean best, GError **error)
{
  g_autoptr(LensTrainSettings) now = lens_train_job_dup_settings(self->job);
  LensTrainCheckpoint checkpoint = {&self->setup, self->run->base, self->folder, now->name,
                                    lens_task_get_id(self->settings->task)};
  return best ? lens_train_checkpoint_save_best(&checkpoint, self->best, error)
              : lens_train_checkpoint_save(&checkpoint, error);
}

/* A full disk pauses the job until there is room. FALSE when the wish is no longer to go on, with
 * `error` about the last attempt. */
static gboolean write_patiently(Run *self, gboolean best, GError **error)
{
  for (;;) {
    g_autoptr(GError) problem = NULL;
    double begin = work_time(self);
    if (write_once(self, best, &problem)) {
      if (best)
        self->best_seconds += work_time(self) - begin;
      else
        self->costs.checkpoint = work_time(self) - begin;
      return TRUE;
    }
    g_autofree char *text = g_strdup_printf(_("Waiting to save: %s"), problem->message);
    say(self, text);
    keep(self, LENS_JOB_PAUSED, NULL);
    lens_job_report_state(LENS_JOB(self->job), LENS_JOB_PAUSED, NULL);
    if (lens_train_job_sleep(self->job, RETRY_SECONDS) != LENS_TRAIN_GO_ON) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return FALSE;
    }
    keep(self, LENS_JOB_RUNNING, NULL);
    lens_job_report_state(LENS_JOB(self->job), LENS_JOB_RUNNING, NULL);
  }
}

static gboolean save(Run *self, GError **error)
{
  lx_run_log_sync(self->log);
  keep(self, LENS_JOB_RUNNING, NULL); /* the curve as far as the checkpoint goes */
  if (!write_patiently(self, FALSE, error))
    return FALSE;
  self->saved = TRUE;
  self->saved_step = lx_trainer_steps(self->setup.trainer);
  self->saved_at = work_time(self);
  return TRUE;
}

/* ---- the loop ---- */

/* The pinned example, asked of the model as it is now. That it cannot be asked is no reason to end a
 * training. */
static void look(Run *self)
{
  g_autoptr(GError) error = NULL;
  guint wanted = lens_train_job_get_wanted_example(self->job);
  LensTrainPeek *peek = lens_train_peeker_look(self->peeker, wanted, &error);
  self->peeked = wanted;
  if (peek)
    lens_train_job_take_peek(self->job, peek);
  else if (error)
    note(self, error->message);
}

static gboolean keep_accuracy(Run *self, guint step, double accuracy, GError **error)
{
  LensStorePoint point = {step, accuracy};
  lens_train_job_add_accuracy(self->job, step, accuracy);
  g_array_append_val(self->unkept_accuracy, point);
  keep_points(self, "accuracy", self->unkept_accuracy, NULL);
  self->evaluations += step > 0;
  if (step < 1 || accuracy <= self->best)
    return TRUE;
  self->best = accuracy;
  self->best_step = step;
  return write_patiently(self, TRUE, error);
}

static gboolean evaluate(Run *self, GError **error)
{
  LxError engine = {0};
  LxEvaluation result;
  const LxExampleSource *source = lens_train_data_get_validation(self->setup.data);
  guint step = (guint)lx_trainer_steps(self->setup.trainer);
  double begin = work_time(self);
  if (!source->count) {
    self->evaluated = step;
    return TRUE;
  }
  LxStatus status =
      lx_evaluate(lx_trainer_config(self->setup.trainer), lx_trainer_params(self->setup.trainer),
                  self->setup.base.tokenizer, source, lens_train_task(self->settings), 0,
                  BATCH_OF_EVALUATION, on_progress, self, NULL, NULL, &result, &engine);
  if (status == LX_ERR_CANCELLED)
    return TRUE; /* the loop sees the wish */
  if (status != LX_OK)
    return lens_error_from_engine(error, &engine);
  look(self);
  self->costs.evaluation = work_time(self) - begin;
  self->evaluated = step;
  lens_train_log_validation(self->log, step, &result);
  return keep_accuracy(self, step, result.accuracy, error);
}

/* Steps as fast as the last ones; evaluations and checkpoints as long as the last. */
static double seconds_left(Run *self, const LxTrainReport *report)
{
  gint64 per_epoch = lens_train_setup_per_epoch(&self->setup, self->settings);
  LensTrainCosts costs = self->costs;
  LensTrainPlan plan = {report->total_steps, per_epoch, report->step,
                        self->saved ? work_time(self) - self->saved_at : -1};
  costs.step = (double)report->examples / (double)report->step / report->examples_per_second;
  /* A checkpoint holds the parameters and two moments beside the model. */
  costs.best = self->evaluations ? self->best_seconds / self->evaluations : costs.checkpoint / 4;
  gboolean evaluates = report->step % per_epoch == 0 || report->step == report->total_steps;
  return lens_train_plan_seconds(plan, &costs) + (evaluates ? costs.evaluation + costs.best : 0);
}

static void report_step(Run *self, const LxTrainReport *report)
{
  LensTrainPace pace = {(guint)report->step, (guint)report->total_steps,
                        report->examples_per_second, seconds_left(self, report)};
  LensStorePoint point = {report->step, report->loss};
  self->progress = report->total_steps ? report->step / (double)report->total_steps : 1;
  lens_train_log_step(self->log, report, pace.seconds_left);
  lens_train_job_set_pace(self->job, &pace);
  lens_train_job_add_loss(self->job, (guint)report->step, report->loss);
  g_array_append_val(self->unkept_loss, point);
}

static void fail_on_number(Run *self, GError **error)
{
  int at = (int)lx_trainer_steps(self->setup.trainer) + 1;
  if (self->saved)
    g_set_error(error, LENS_ERROR, LENS_ERROR_NUMERIC,
                _("At step %d the loss was not a number any more, so training ended; the model of "
                  "step %d is kept in %s. Try a smaller learning rate."),
                at, (int)self->saved_step, self->folder);
  else
    g_set_error(error, LENS_ERROR, LENS_ERROR_NUMERIC,
                _("At step %d the loss was not a number any more, so training ended. Try a smaller "
                  "learning rate."),
                at);
}

/* `made` stays FALSE when the step was broken off: the loop sees the wish. */
static gboolean step(Run *self, gboolean *made, GError **error)
{
  LxError engine = {0};
  LxTrainReport report = {0};
  LxStatus status = lx_trainer_step(self->setup.trainer, &report, &engine);
  if (status == LX_ERR_CANCELLED)
    return TRUE;
  if (status == LX_OK && isfinite(report.loss)) {
    *made = TRUE;
    report_step(self, &report);
    g_autofree char *text =
        g_strdup_printf(_("Epoch %d of %d"), (int)MIN(report.epoch + 1, self->settings->epochs),
                        self->settings->epochs);
    if (g_strcmp0(text, self->message) != 0)
      say(self, text);
    return TRUE;
  }
  if (status != LX_OK && status != LX_ERR_NUMERIC)
    return lens_error_from_engine(error, &engine);
  fail_on_number(self, error);
  return FALSE;
}

static gboolean checkpoint_due(const Run *self, gboolean new_epoch)
{
  return lens_train_plan_is_due(self->saved ? work_time(self) - self->saved_at : -1,
                                self->costs.checkpoint, new_epoch);
}

/* A learning rate that was set while it ran begins with an epoch, so that the run can be repeated. */
static void take_rate(Run *self)
{
  g_autoptr(LensTrainSettings) now = lens_train_job_dup_settings(self->job);
  gint64 epoch = lx_trainer_steps(self->setup.trainer) /
                 lens_train_setup_per_epoch(&self->setup, self->settings);
  lens_train_job_set_epoch(self->job, (int)epoch);
  lx_trainer_set_learning_rate(self->setup.trainer, lens_train_settings_get_rate(now, (int)epoch));
}

static gboolean after_step(Run *self, GError **error)
{
  gint64 epoch = lx_trainer_steps(self->setup.trainer) /
                 lens_train_setup_per_epoch(&self->setup, self->settings);
  gboolean ended = lx_trainer_done(self->setup.trainer);
  gboolean new_epoch = epoch != self->epoch;
  if ((new_epoch || ended) && !evaluate(self, error))
    return FALSE;
  if (new_epoch)
    take_rate(self);
  self->epoch = epoch;
  if (self->peeked >= 0 && self->peeked != lens_train_job_get_wanted_example(self->job))
    look(self);
  if (due(&self->stored_at, STORE_SECONDS))
    keep(self, LENS_JOB_RUNNING, NULL);
  return ended || !checkpoint_due(self, new_epoch) || save(self, error);
}

/* Before the first step, and where a stop broke off the one behind an epoch. */
static gboolean evaluation_is_missing(const Run *self)
{
  gint64 step = lx_trainer_steps(self->setup.trainer);
  gint64 per_epoch = lens_train_setup_per_epoch(&self->setup, self->settings);
  gboolean due_here = step % per_epoch == 0 || lx_trainer_done(self->setup.trainer);
  return due_here && self->evaluated < step;
}

static gboolean learn(Run *self, LensTrainWish *wish, GError **error)
{
  LxTrainer *trainer = self->setup.trainer;
  self->saved_at = work_time(self);
  take_rate(self);
  if (evaluation_is_missing(self) && !evaluate(self, error))
    return FALSE;
  if (lx_trainer_steps(trainer) > 0)
    look(self);
  self->epoch =
      lx_trainer_steps(trainer) / lens_train_setup_per_epoch(&self->setup, self->settings);
  while (!lx_trainer_done(trainer)) {
    *wish = wait_turn(self);
    if (*wish != LENS_TRAIN_GO_ON)
      break;
    gboolean made = FALSE;
    if (!step(self, &made, error) || (made && !after_step(self, error)))
      return FALSE;
  }
  if (lx_trainer_done(trainer)) /* the last validation counts, too */
    *wish = evaluation_is_missing(self) ? lens_train_job_get_wish(self->job) : LENS_TRAIN_GO_ON;
  /* Nothing learned leaves nothing behind. */
  return lx_trainer_steps(trainer) == 0 || save(self, error);
}

/* ---- the whole ---- */

static void describe_result(Run *self, LensTrainOutcome *outcome)
{
  if (!self->saved)
    return;
  if (outcome->state == LENS_JOB_DONE && self->best_step == self->saved_step)
    lens_train_checkpoint_drop_best(self->folder); /* the last one is the best one */
  lens_train_checkpoint_describe(self->folder, &outcome->model, &outcome->best);
}

static void finish(Run *self, LensTrainWish wish, const GError *error, LensTrainOutcome *outcome)
{
  gboolean cancelled = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (wish == LENS_TRAIN_GO_ON && cancelled)
    wish = lens_train_job_get_wish(self->job);
  outcome->state = wish == LENS_TRAIN_STOP        ? LENS_JOB_STOPPED
                   : wish == LENS_TRAIN_INTERRUPT ? LENS_JOB_INTERRUPTED
                   : error                        ? LENS_JOB_FAILED
                                                  : LENS_JOB_DONE;
  if (outcome->state == LENS_JOB_DONE)
    lens_train_checkpoint_drop_state(self->folder);
  if (outcome->state != LENS_JOB_INTERRUPTED)
    describe_result(self, outcome);
  say(self, outcome->state == LENS_JOB_DONE ? _("Done") : "");
  keep(self, outcome->state, outcome->state == LENS_JOB_FAILED ? error->message : NULL);
  outcome->notice = g_steal_pointer(&self->notice);
}

static void run_clear(Run *self)
{
  lx_run_log_close(self->log);
  lens_train_peeker_free(self->peeker);
  lens_train_setup_clear(&self->setup);
  lens_train_settings_free(self->settings);
  g_array_unref(self->unkept_loss);
  g_array_unref(self->unkept_accuracy);
  g_free(self->message);
  g_free(self->notice);
}

gboolean lens_train_run(const LensTrainRun *run, LensTrainOutcome *outcome, GError **error)
{
  GError *problem = NULL;
  LensTrainWish wish = LENS_TRAIN_GO_ON;
  Run self = {
      .run = run,
      .job = run->job,
      .settings = lens_train_job_dup_settings(run->job),
      .folder = lens_train_job_get_output_dir(run->job),
      .unkept_loss = g_array_new(FALSE, FALSE, sizeof(LensStorePoint)),
      .unkept_accuracy = g_array_new(FALSE, FALSE, sizeof(LensStorePoint)),
      .best = -1,
      .evaluated = -1,
      .peeked = -1,
  };
  /* This thread and the engine's threads that it starts get what interactive work leaves. */
  setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
  keep(&self, LENS_JOB_RUNNING, NULL);
  if (set_up(&self, &problem))
    learn(&self, &wish, &problem);
  finish(&self, wish, problem, outcome);
  run_clear(&self);
  if (outcome->state == LENS_JOB_FAILED) {
    g_propagate_error(error, problem);
    return FALSE;
  }
  g_clear_error(&problem);
  return TRUE;
}

void lens_train_outcome_clear(LensTrainOutcome *self)
{
  g_clear_object(&self->model);
  g_clear_object(&self->best);
  g_clear_pointer(&self->notice, g_free);
}
