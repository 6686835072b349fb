/* The run of a training: steps, checkpoints, validation after each epoch, what is said about it. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "cli-train.h"
#include "cli-json.h"
#include "cli.h"
#include "lx-checkpoint.h"
#include "lx-file.h"
#include "lx-json.h"
#include "lx-run-log.h"

enum { INTERVAL = 50, LINES = 1000, RETRY_SECONDS = 5 }; /* steps; of a curve, at least */

typedef struct {
  const CliTrainSettings *settings;
  CliTrainJob *job;
  LxError error;
  LxStatus status;
} Watch;

static json_t *report_json(const LxTrainReport *r, double left)
{
  json_t *out = json_pack("{sI sI sI sI sf sf sf sf sf}", "step", (json_int_t)r->step,
                          "total_steps", (json_int_t)r->total_steps, "epoch", (json_int_t)r->epoch,
                          "examples", (json_int_t)r->examples, "loss", r->loss, "lr", r->lr,
                          "gradient_norm", r->gradient_norm, "examples_per_second",
                          r->examples_per_second, "seconds_left", left);
  for (int i = 0; i < r->n_parts && r->n_parts > 1; i++)
    json_object_set_new(out, r->part_name[i], json_real(r->part[i]));
  return out;
}

/* The time left, from the steps of this process. */
static double seconds_left(const CliTrainJob *job, const LxTrainReport *r)
{
  double done = (double)(r->step - job->first_step);
  return done > 0 ? (cli_now() - job->started) / done * (double)(r->total_steps - r->step) : 0;
}

static void say_step(Watch *watch, const LxTrainReport *r)
{
  bool last = r->step == r->total_steps, tty = isatty(STDERR_FILENO);
  bool due = r->step % INTERVAL == 0 || last;
  double left = seconds_left(watch->job, r);
  int64_t apart = r->total_steps / LINES;

  apart = apart < 1 ? 1 : apart > INTERVAL ? INTERVAL : apart;
  if (r->step % apart == 0 || last)
    lx_run_log_line(watch->job->log, report_json(r, left));
  if (!tty && !due)
    return;
  if (tty)
    fprintf(stderr, "\r[%s] ",
            cli_bar(r->total_steps > 0 ? (double)r->step / (double)r->total_steps : 1));
  fprintf(stderr, "step %lld/%lld  epoch %lld  loss %.4f", (long long)r->step,
          (long long)r->total_steps, (long long)r->epoch, r->loss);
  for (int i = 0; i < r->n_parts && r->n_parts > 1; i++)
    fprintf(stderr, "  %s %.3f", r->part_name[i], r->part[i]);
  fprintf(stderr, "  lr %.2e  %.0f examples/s  %s left%s", r->lr, r->examples_per_second,
          cli_duration(left), tty && !last ? "\033[K" : "\n");
}

static bool is_full(const LxError *error)
{
  return error->code == LX_ERR_IO && (strstr(error->message, strerror(ENOSPC)) != NULL ||
                                      strstr(error->message, strerror(EDQUOT)) != NULL);
}

/* A full disk holds the training up until there is room, or until it is stopped. */
static LxStatus write_patiently(const CliTrainSettings *s, CliTrainJob *job,
                                LxStatus (*write)(const CliTrainSettings *, CliTrainJob *,
                                                  LxError *),
                                LxError *error)
{
  LxStatus status;
  bool waited = false;

  while ((status = write(s, job, error)) != LX_OK && is_full(error)) {
    if (!waited) {
      fprintf(stderr, "\nwaiting to save step %lld: %s\n",
              (long long)lx_trainer_steps(job->trainer), error->message);
      lx_run_log_state(job->log, "paused", error->message);
    }
    waited = true;
    for (int i = 0; i < 10 * RETRY_SECONDS && !cli_interrupted(); i++)
      usleep(100000);
    if (cli_interrupted())
      break;
  }
  if (waited && status == LX_OK) {
    fprintf(stderr, "saved; going on\n");
    lx_run_log_state(job->log, "running", NULL);
  }
  return status;
}

static LxStatus save_once(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  lx_run_log_sync(job->log);
  LxStatus status = lx_trainer_save(job->trainer, s->out, job->vocab, job->answers, error);
  if (status == LX_OK)
    job->saved_at = lx_trainer_steps(job->trainer);
  return status;
}

static LxStatus save(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  return write_patiently(s, job, save_once, error);
}

/* ---- the best by validation ---- */

/* Fine-tuning is judged by its accuracy, pre-training by its loss, as the authors do. */
static double score_of(const CliTrainSettings *s, const LxEvaluation *result)
{
  return s->task == LX_TASK_PRETRAIN ? -result->loss : result->accuracy;
}

static char *best_path(const CliTrainSettings *s, const char *name)
{
  char *folder = lx_file_join(s->out, "best"), *path = folder ? lx_file_join(folder, name) : NULL;
  free(folder);
  return path;
}

/* What a training that goes on has reached already. */
static void recall_best(const CliTrainSettings *s, CliTrainJob *job)
{
  char *path = best_path(s, "validation.json");
  json_t *json = s->resume && path && lx_file_exists(path) ? json_load_file(path, 0, NULL) : NULL;

  job->best_step = -1;
  if (json_is_number(json_object_get(json, "score")) &&
      json_is_integer(json_object_get(json, "step")) &&
      json_integer_value(json_object_get(json, "step")) <= lx_trainer_steps(job->trainer)) {
    job->best = json_number_value(json_object_get(json, "score"));
    job->best_step = json_integer_value(json_object_get(json, "step"));
  }
  json_decref(json);
  free(path);
}

/* The model folder of now, and its score beside it. */
static LxStatus keep_best(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  double score = score_of(s, &job->result);
  char *folder = lx_file_join(s->out, "best"), *path = best_path(s, "validation.json");
  json_t *json = json_pack("{sI sf ss}", "step", (json_int_t)lx_trainer_steps(job->trainer),
                           "score", score, "split", s->valid);
  LxStatus status = LX_OK;

  if (!folder || !path || !json)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to keep the best model.");
  if (status == LX_OK)
    status = lx_file_make_folder(folder, error);
  if (status == LX_OK)
    status = lx_checkpoint_write(folder, lx_trainer_config(job->trainer),
                                 lx_trainer_params(job->trainer), LX_F32, job->answers, job->vocab,
                                 error);
  if (status == LX_OK)
    status = lx_json_write(json, path, error);
  if (status == LX_OK) {
    job->best = score;
    job->best_step = lx_trainer_steps(job->trainer);
  }
  json_decref(json);
  free(folder);
  free(path);
  return status;
}

/* labels may be NULL. */
static LxStatus validate(Watch *watch, int64_t *labels, LxError *error)
{
  const CliTrainSettings *s = watch->settings;
  CliTrainJob *job = watch->job;
  LxEvaluation result;
  LxStatus status;

  if (!job->valid.source)
    return LX_OK;
  status = lx_evaluate(lx_trainer_config(job->trainer), lx_trainer_params(job->trainer),
                       job->tokenizer, lx_dataset_source(job->valid.source), s->task, 0, 32,
                       cli_progress, "train", labels, NULL, &result, error);
  if (status != LX_OK)
    return status;
  job->result = result;
  double score = score_of(s, &result);
  fprintf(stderr, "%s%s after step %lld: accuracy %.2f%%, loss %.4f\n",
          isatty(STDERR_FILENO) ? "\n" : "", s->valid, (long long)lx_trainer_steps(job->trainer),
          100 * result.accuracy, result.loss);
  lx_run_log_line(job->log,
                  json_pack("{sI ss sI sf sf}", "step", (json_int_t)lx_trainer_steps(job->trainer),
                            "validation", s->valid, "examples", (json_int_t)result.examples,
                            "accuracy", result.accuracy, "loss", result.loss));
  if (isfinite(score) && (job->best_step < 0 || score > job->best))
    status = write_patiently(s, job, keep_best, error);
  return status;
}

/* ---- the run ---- */

static int on_step(const LxTrainReport *r, void *user_data)
{
  Watch *watch = user_data;
  int64_t every = watch->settings->save_every;
  bool last = r->step == r->total_steps;

  if (watch->job->follows)
    return cli_interrupted();
  say_step(watch, r);
  if (!last && r->step % lx_trainer_steps_per_epoch(watch->job->trainer) == 0)
    watch->status = validate(watch, NULL, &watch->error);
  if (watch->status == LX_ERR_CANCELLED) /* the training is what is stopped */
    watch->status = LX_OK;
  if (watch->status == LX_OK && every > 0 && r->step % every == 0 && !last)
    watch->status = save(watch->settings, watch->job, &watch->error);
  return watch->status != LX_OK || cli_interrupted();
}

/* Without a validation split there is none; that it is asked for and damaged is an error. */
static LxStatus open_validation(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  LxError why = {0};
  LxStatus status;

  if (!*s->valid)
    return LX_OK;
  status = cli_data_open_part(s->data, s->task, s->valid, job->answers, s->limit, NULL,
                              cli_progress, "train", &job->valid, &why);
  if (status == LX_ERR_MISSING)
    return LX_OK;
  if (status != LX_OK)
    *error = why;
  return status;
}

static LxStatus finish(Watch *watch, LxError *error)
{
  const CliTrainSettings *s = watch->settings;
  CliTrainJob *job = watch->job;
  int64_t n = job->valid.source ? lx_dataset_count(job->valid.dataset) : 0;
  int64_t *labels = s->predictions ? calloc((size_t)n + 1, sizeof *labels) : NULL;
  LxStatus status = LX_OK;

  if (s->predictions && (!labels || n == 0))
    status = lx_fail(error, n ? LX_ERR_MEMORY : LX_ERR_MISSING,
                     n ? "Not enough memory." : "There is no validation split to answer.");
  if (status == LX_OK)
    status = validate(watch, labels, error);
  if (status == LX_OK && s->predictions)
    status = lx_dataset_write_predictions(job->valid.dataset, labels, job->answers, s->predictions,
                                          error);
  free(labels);
  return status;
}

/* How the steps ended, said so that somebody can act on it. */
static LxStatus after_steps(Watch *watch, LxStatus status, LxError *error)
{
  const CliTrainSettings *s = watch->settings;
  CliTrainJob *job = watch->job;

  if (status == LX_ERR_CANCELLED && watch->status != LX_OK) {
    *error = watch->error;
    return watch->status;
  }
  if (status == LX_ERR_NUMERIC) {
    char said[sizeof error->message];
    memcpy(said, error->message, sizeof said);
    return job->saved_at < 0 ? status
                             : lx_fail(error, status, "%.400s %.300s holds the model of step %lld.",
                                       said, s->out, (long long)job->saved_at);
  }
  if (status != LX_OK && status != LX_ERR_CANCELLED)
    return status;
  if (!job->follows && save(s, job, error) != LX_OK)
    return error->code;
  if (status == LX_ERR_CANCELLED)
    return lx_fail(error, LX_ERR_CANCELLED,
                   "stopped at step %lld; go on with the same command and --resume",
                   (long long)lx_trainer_steps(job->trainer));
  status = job->follows ? LX_OK : finish(watch, error);
  if (status == LX_ERR_CANCELLED)
    lx_fail(error, status,
            "stopped in the last validation; go on with the same command and --resume");
  return status;
}

/* The one that a stop broke off after the last step of an epoch. */
static LxStatus validate_late(Watch *watch, LxError *error)
{
  CliTrainJob *job = watch->job;
  int64_t step = job->first_step, each = lx_trainer_steps_per_epoch(job->trainer);

  if (job->follows || step < 1 || step % each != 0 || lx_trainer_done(job->trainer) ||
      lx_run_has_validation(watch->settings->out, step))
    return LX_OK;
  return validate(watch, NULL, error);
}

LxStatus cli_train_stopped_early(LxError *error)
{
  return lx_fail(
      error, LX_ERR_CANCELLED,
      "stopped before a step was made; nothing has changed: give the same command again");
}

LxStatus cli_train_run(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  Watch watch = {.settings = s, .job = job};
  LxStatus status = open_validation(s, job, error);

  job->started = cli_now();
  job->first_step = lx_trainer_steps(job->trainer);
  job->saved_at = job->first_step > 0 ? job->first_step : -1;
  recall_best(s, job);
  if (status == LX_OK)
    status = validate_late(&watch, error);
  if (status == LX_ERR_CANCELLED)
    return cli_train_stopped_early(error);
  if (status == LX_OK) {
    if (!lx_trainer_done(job->trainer))
      status = lx_trainer_run(job->trainer, on_step, &watch, error);
    status = after_steps(&watch, status, error);
  }
  return status;
}

void cli_train_print(const CliTrainSettings *s, const CliTrainJob *job)
{
  const LxEvaluation *valid = &job->result;
  double seconds = cli_now() - job->started;

  if (s->as_json) {
    json_t *out =
        json_pack("{ss so sI sI sf}", "task", lx_task_name(s->task), "model", cli_json_text(s->out),
                  "steps", (json_int_t)lx_trainer_steps(job->trainer), "examples",
                  (json_int_t)lx_dataset_count(job->train.dataset), "seconds", seconds);
    if (valid->examples > 0)
      json_object_set_new(out, "validation",
                          json_pack("{ss sI sf sf}", "split", s->valid, "examples",
                                    (json_int_t)valid->examples, "accuracy", valid->accuracy,
                                    "loss", valid->loss));
    if (job->best_step >= 0)
      json_object_set_new(
          out, "best",
          json_pack("{sI sf}", "step", (json_int_t)job->best_step, "score", job->best));
    cli_print_json(out, JSON_INDENT(2));
    return;
  }
  printf("%lld steps in %.0f s; the model is in %s\n", (long long)lx_trainer_steps(job->trainer),
         seconds, s->out);
  if (valid->examples > 0)
    printf(
        "%s: accuracy %.2f%%, loss %.4f over %lld examples; the best is step %lld's, in %s/best\n",
        s->valid, 100 * valid->accuracy, valid->loss, (long long)valid->examples,
        (long long)job->best_step, s->out);
}
