#include "lens-train-run.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lens-engine-error.h"
#include "lens-models.h"
#include "lens-store-jobs.h"
#include "lens-train-data.h"
#include "lx-evaluate.h"
#include "lx-model.h"
#include "lx-train.h"

/* How long interactive work may hold a step up; a long detection then shares the processors. */
#define YIELD_MILLISECONDS 20000
/* At least this far apart, and far enough that saving takes at most a twentieth of the time. */
#define CHECKPOINT_SECONDS 5
#define CHECKPOINT_SHARE 20
#define STORE_SECONDS 1
#define RETRY_SECONDS 5
#define BATCH_OF_EVALUATION 32

/* A run under way; everything belongs to the training thread. */
typedef struct {
  const LensTrainRun *run;
  LensTrainJob *job;
  const LensTrainSettings *settings;
  LxModel *base;
  LensTrainData *data;
  LxTrainer *trainer;
  const char *folder;
  char *vocab;
  char *base_hash;
  char *notice;
  GArray *unkept_loss; /* LensStorePoint, not in the store yet */
  gint64 stored_at, saved_at;
  gint64 save_time; /* of the last checkpoint, microseconds */
  gint64 epoch;     /* of the last step */
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

static void keep(Run *self, LensJobState state, const char *error_text)
{
  g_autoptr(GError) error = NULL;
  LensTrainSnapshot snapshot = {self->job,     state,      self->progress,
                                self->message, error_text, self->base_hash};
  LensStorePoint *points = (LensStorePoint *)(void *)self->unkept_loss->data;
  gint64 id = lens_train_job_get_id(self->job);
  if (!lens_train_snapshot_save(&snapshot, self->run->store, &error) ||
      (id && self->unkept_loss->len &&
       !lens_store_add_points(self->run->store, id, "loss", points, self->unkept_loss->len,
                              &error))) {
    note(self, error->message);
    return; /* the points wait for the next time */
  }
  g_array_set_size(self->unkept_loss, 0);
}

static gboolean due(gint64 *last, int seconds)
{
  gint64 now = g_get_monotonic_time();
  if (now - *last < seconds * G_USEC_PER_SEC)
    return FALSE;
  *last = now;
  return TRUE;
}

/* ---- waiting for others ---- */

/* Lets interactive work go first, then waits as long as the person has paused it. */
static LensTrainWish wait_turn(Run *self)
{
  gboolean waited = FALSE;
  lens_gateway_yield(self->run->gateway, YIELD_MILLISECONDS);
  if (lens_train_job_get_wish(self->job) == LENS_TRAIN_GO_ON && lens_train_job_is_paused(self->job))
    keep(self, LENS_JOB_PAUSED, NULL);
  LensTrainWish wish = lens_train_job_wait(self->job, &waited);
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
    say(self, what);
  return on_progress(done, what, self);
}

/* ---- setting up ---- */

static gboolean open_base(Run *self, GError **error)
{
  LxError engine = {0};
  const char *path = lens_model_get_path(self->run->base);
  self->vocab = g_build_filename(path, "vocab.txt", NULL);
  if (lx_model_open(path, &self->base, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  if (!lx_model_answers(self->base)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                "The model %s has no answers.json, so it cannot be trained to answer. Choose "
                "another base model.",
                path);
    return FALSE;
  }
  self->base_hash = lens_models_hash(path, NULL, NULL);
  return TRUE;
}

static LxTask task_of(const LensTrainSettings *settings)
{
  static const LxTask tasks[] = {LX_TASK_VQA, LX_TASK_GQA, LX_TASK_NLVR2, LX_TASK_PRETRAIN};
  return tasks[settings->task];
}

static void fill_options(const LensTrainSettings *settings, LxTrainOptions *options)
{
  lx_train_options_init(options, task_of(settings));
  options->epochs = settings->epochs;
  options->batch = settings->batch;
  options->seed = settings->seed;
  options->optimizer.lr = settings->learning_rate;
  options->frozen = (settings->freeze_language ? LX_PART_LANGUAGE | LX_PART_EMBEDDINGS : 0) |
                    (settings->freeze_vision ? LX_PART_VISION : 0) |
                    (settings->freeze_cross ? LX_PART_CROSS : 0);
}

static void report_load(Run *self)
{
  gsize all = lx_tensors_count(lx_trainer_params(self->trainer));
  int fresh = lx_trainer_fresh(self->trainer);
  g_autofree char *text =
      g_strdup_printf("%d of %d parameter tensors come from %s, %d begin fresh.", (int)all - fresh,
                      (int)all, lens_model_get_name(self->run->base), fresh);
  lens_train_job_set_load_report(self->job, text);
}

static gboolean go_on_from_checkpoint(Run *self, GError **error)
{
  LxError engine = {0};
  self->saved = lx_trainer_can_resume(self->folder);
  if (!self->saved)
    return TRUE;
  if (lx_trainer_resume(self->trainer, self->folder, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  gint64 step = lx_trainer_steps(self->trainer), id = lens_train_job_get_id(self->job);
  lens_train_job_go_back(self->job, (guint)step);
  if (id)
    lens_store_cut_points(self->run->store, id, step, NULL);
  return TRUE;
}

static gboolean set_up(Run *self, GError **error)
{
  LxError engine = {0};
  LxTrainOptions options;
  say(self, "Opening the base model");
  if (!open_base(self, error))
    return FALSE;
  LensTrainDataRequest request = {
      .settings = self->settings,
      .data_dir = self->run->data_dir,
      .state_dir = self->run->state_dir,
      .store = self->run->store,
      .answers = lx_model_answers(self->base),
      .progress = on_data_progress,
      .progress_data = self,
  };
  self->data = lens_train_data_open(&request, error);
  if (!self->data)
    return FALSE;
  fill_options(self->settings, &options);
  if (lx_trainer_new(lx_model_config(self->base), lx_model_params(self->base),
                     lx_model_tokenizer(self->base), lens_train_data_get_training(self->data),
                     &options, &self->trainer, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  report_load(self);
  if (g_mkdir_with_parents(self->folder, 0755) != 0) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_IO, "The folder %s cannot be made: %s.", self->folder,
                g_strerror(errno));
    return FALSE;
  }
  return go_on_from_checkpoint(self, error);
}

/* ---- checkpoints ---- */

static gboolean save_once(Run *self, GError **error)
{
  LxError engine = {0};
  if (lx_trainer_save(self->trainer, self->folder, self->vocab, lx_model_answers(self->base),
                      &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  g_autofree char *note_text =
      g_strdup_printf("Fine-tuned from %s, %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " steps",
                      lens_model_get_name(self->run->base), lx_trainer_steps(self->trainer),
                      lx_trainer_total_steps(self->trainer));
  LensModelCard card = {
      .name = self->settings->name,
      .task = lens_task_get_id(self->settings->task),
      .note = note_text,
      .base_id = lens_model_get_id(self->run->base),
      .base_hash = self->base_hash,
  };
  return lens_models_write_card(self->folder, &card, error);
}

/* A full disk pauses the job until there is room. FALSE when the wish is no longer to go on, with
 * `error` about the last attempt. */
static gboolean save(Run *self, GError **error)
{
  for (;;) {
    g_autoptr(GError) problem = NULL;
    gint64 begin = g_get_monotonic_time();
    if (save_once(self, &problem)) {
      self->saved = TRUE;
      self->saved_at = g_get_monotonic_time();
      self->save_time = self->saved_at - begin;
      return TRUE;
    }
    g_autofree char *text = g_strdup_printf("Waiting to save: %s", problem->message);
    say(self, text);
    lens_job_report_state(LENS_JOB(self->job), LENS_JOB_PAUSED, NULL);
    if (lens_train_job_sleep(self->job, RETRY_SECONDS) != LENS_TRAIN_GO_ON) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return FALSE;
    }
    lens_job_report_state(LENS_JOB(self->job), LENS_JOB_RUNNING, NULL);
  }
}

/* ---- the loop ---- */

static gboolean evaluate(Run *self, GError **error)
{
  LxError engine = {0};
  LxEvaluation result;
  const LxExampleSource *source = lens_train_data_get_validation(self->data);
  guint step = (guint)lx_trainer_steps(self->trainer);
  if (!source->count)
    return TRUE;
  LxStatus status = lx_evaluate(lx_trainer_config(self->trainer), lx_trainer_params(self->trainer),
                                lx_model_tokenizer(self->base), source, task_of(self->settings), 0,
                                BATCH_OF_EVALUATION, on_progress, self, NULL, &result, &engine);
  if (status == LX_ERR_CANCELLED)
    return TRUE; /* the loop sees the wish */
  if (status != LX_OK)
    return lens_error_from_engine(error, &engine);
  LensStorePoint point = {step, result.accuracy};
  gint64 id = lens_train_job_get_id(self->job);
  lens_train_job_add_accuracy(self->job, step, result.accuracy);
  if (id)
    lens_store_add_points(self->run->store, id, "accuracy", &point, 1, NULL);
  return TRUE;
}

static void report_step(Run *self, const LxTrainReport *report)
{
  gint64 left = report->total_steps - report->step;
  double per_step = report->examples_per_second > 0
                        ? self->settings->batch / report->examples_per_second
                        : report->seconds;
  LensTrainPace pace = {(guint)report->step, (guint)report->total_steps,
                        report->examples_per_second, (double)left * per_step};
  LensStorePoint point = {report->step, report->loss};
  self->progress = report->total_steps ? report->step / (double)report->total_steps : 1;
  lens_train_job_set_pace(self->job, &pace);
  lens_train_job_add_loss(self->job, (guint)report->step, report->loss);
  g_array_append_val(self->unkept_loss, point);
}

static gboolean step(Run *self, GError **error)
{
  LxError engine = {0};
  LxTrainReport report = {0};
  LxStatus status = lx_trainer_step(self->trainer, &report, &engine);
  if (status == LX_OK && isfinite(report.loss)) {
    report_step(self, &report);
    g_autofree char *text =
        g_strdup_printf("Epoch %d of %d", (int)MIN(report.epoch + 1, self->settings->epochs),
                        self->settings->epochs);
    if (g_strcmp0(text, self->message) != 0)
      say(self, text);
    return TRUE;
  }
  if (status != LX_OK && status != LX_ERR_NUMERIC)
    return lens_error_from_engine(error, &engine);
  g_set_error(error, LENS_ERROR, LENS_ERROR_NUMERIC,
              "At step %d the loss was not a number any more, so training ended%s. Try a smaller "
              "learning rate.",
              (int)lx_trainer_steps(self->trainer) + 1,
              self->saved ? "; the model of the last checkpoint is kept" : "");
  return FALSE;
}

/* The first one comes at once: it shows early that the folder can be written. */
static gboolean checkpoint_due(const Run *self)
{
  gint64 apart = MAX(CHECKPOINT_SECONDS * G_USEC_PER_SEC, CHECKPOINT_SHARE * self->save_time);
  return !self->saved || g_get_monotonic_time() - self->saved_at > apart;
}

static gboolean after_step(Run *self, GError **error)
{
  gint64 per_epoch = MAX(1, lx_trainer_total_steps(self->trainer) / self->settings->epochs);
  gint64 epoch = lx_trainer_steps(self->trainer) / per_epoch;
  gboolean ended = lx_trainer_done(self->trainer);
  if ((epoch != self->epoch || ended) && !evaluate(self, error))
    return FALSE;
  self->epoch = epoch;
  if (due(&self->stored_at, STORE_SECONDS))
    keep(self, LENS_JOB_RUNNING, NULL);
  return ended || !checkpoint_due(self) || save(self, error);
}

static gboolean learn(Run *self, LensTrainWish *wish, GError **error)
{
  self->saved_at = g_get_monotonic_time();
  self->epoch = -1;
  if (lx_trainer_steps(self->trainer) == 0 && !evaluate(self, error))
    return FALSE;
  self->epoch = 0;
  while (!lx_trainer_done(self->trainer)) {
    *wish = wait_turn(self);
    if (*wish != LENS_TRAIN_GO_ON)
      break;
    if (!step(self, error) || !after_step(self, error))
      return FALSE;
  }
  *wish = lx_trainer_done(self->trainer) ? LENS_TRAIN_GO_ON : *wish;
  /* Nothing learned leaves nothing behind. */
  return lx_trainer_steps(self->trainer) == 0 || save(self, error);
}

/* ---- the whole ---- */

static LensModel *describe_result(Run *self)
{
  g_autofree char *name = g_path_get_basename(self->folder);
  g_autofree char *id = g_strconcat("my:", name, NULL);
  return self->saved ? lens_models_describe(self->folder, id, FALSE, NULL) : NULL;
}

/* The training state is as large as the model twice over; a finished job needs it no more. */
static void drop_state(const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "training-state.safetensors", NULL);
  g_unlink(path);
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
    drop_state(self->folder);
  if (outcome->state != LENS_JOB_INTERRUPTED)
    outcome->model = describe_result(self);
  say(self, outcome->state == LENS_JOB_DONE ? "Done" : "");
  keep(self, outcome->state, outcome->state == LENS_JOB_FAILED ? error->message : NULL);
  outcome->notice = g_steal_pointer(&self->notice);
}

static void run_clear(Run *self)
{
  lx_trainer_free(self->trainer);
  lens_train_data_free(self->data);
  lx_model_unref(self->base);
  g_array_unref(self->unkept_loss);
  g_free(self->vocab);
  g_free(self->base_hash);
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
      .settings = lens_train_job_get_settings(run->job),
      .folder = lens_train_job_get_output_dir(run->job),
      .unkept_loss = g_array_new(FALSE, FALSE, sizeof(LensStorePoint)),
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
  g_clear_pointer(&self->notice, g_free);
}
