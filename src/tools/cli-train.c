/* train: pre-training and fine-tuning, with checkpoints that resume. */
#include "cli.h"
#include "cli-data.h"
#include "cli-train-detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "lx-checkpoint.h"
#include "lx-evaluate.h"
#include "lx-file.h"
#include "lx-train.h"

typedef struct {
  const char *data, *model, *out, *split, *valid, *freeze;
  LxTask task;
  int64_t epochs, batch, accumulate, max_steps, seed, save_every;
  double lr, dropout;
  LxBlind blind;
  bool resume, as_json, no_decay_groups, multi_class;
} Settings;

/* What a training needs besides its settings; everything is owned. */
typedef struct {
  LxConfig config;
  LxTensors *params; /* NULL: all fresh */
  LxTokenizer *tokenizer;
  LxAnswers *answers; /* of the task */
  char vocab[4096];
  CliData train;
  LxTrainer *trainer;
  double started;
  int64_t saved_at;
} Job;

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* There is something to begin from besides a configuration. */
static bool has_weights(const char *folder)
{
  static const char *const names[] = { "model.safetensors", "pytorch_model.bin",
                                       "model.safetensors.index.json",
                                       "pytorch_model.bin.index.json", "model_LXRT.pth" };
  char path[4096];
  bool found = !lx_file_is_folder(folder); /* a weights file itself */

  for (int i = 0; i < 5 && !found; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    found = lx_file_exists(path);
  }
  return found;
}

/* What was loaded and what was not, said plainly. */
static void print_report(const char *model, const LxLoadReport *report)
{
  fprintf(stderr, "%s (%s): %zu parameters loaded, %zu begin afresh, %zu not used\n", model,
          report->layout, report->loaded.count, report->missing.count, report->unused.count);
}

/* The base model's parameters with an answer head for this task's answers: moved row by row where
 * both tables are known, else fresh where its size differs. */
static LxStatus take_base(const Settings *s, Job *job, LxError *error)
{
  LxCheckpoint base = { 0 }, again = { 0 };
  int64_t moved = 0, zeroed = 0;
  LxStatus status = lx_checkpoint_read(s->model, NULL, &base, error);

  if (status != LX_OK)
    return status;
  status = lx_config_copy(&base.config, &job->config, error);
  if (status == LX_OK && job->answers)
    job->config.num_qa_labels = lx_answers_count(job->answers);
  if (status == LX_OK && job->answers && base.answers && (base.report.heads & LX_HEAD_ANSWER)) {
    print_report(s->model, &base.report);
    status = lx_checkpoint_move_answers(base.params, base.answers, job->answers, &job->params, &moved,
                                        &zeroed, error);
    fprintf(stderr, "answers: %lld rows taken along, %lld begin at zero\n", (long long)moved,
            (long long)zeroed);
  } else if (status == LX_OK) {
    LxCheckpointOptions options = { .heads = lx_task_heads(s->task), .config = &job->config,
                                    .seed = (uint64_t)s->seed };
    status = lx_checkpoint_read(s->model, &options, &again, error);
    if (status == LX_OK) {
      print_report(s->model, &again.report);
      job->params = lx_tensors_ref(again.params);
    }
    lx_checkpoint_clear(&again);
  }
  lx_checkpoint_clear(&base);
  return status;
}

static LxStatus open_base(const Settings *s, Job *job, LxError *error)
{
  char path[4096];
  LxStatus status;

  if (!lx_file_exists(s->model))
    return lx_fail(error, LX_ERR_MISSING, "%s: there is no such model.", s->model);
  status = cli_data_answers(s->data, s->task, &job->answers, error);
  if (status != LX_OK)
    return status;
  snprintf(job->vocab, sizeof job->vocab, "%s/vocab.txt", s->model);
  if (!lx_file_exists(job->vocab))
    snprintf(job->vocab, sizeof job->vocab, "%s/vocab.txt", s->data);
  status = lx_tokenizer_open(job->vocab, &job->tokenizer, error);
  if (status == LX_OK && has_weights(s->model)) {
    status = take_base(s, job, error);
  } else if (status == LX_OK) {
    snprintf(path, sizeof path, "%s/config.json", s->model);
    status = lx_config_read(path, &job->config, error);
    fprintf(stderr, "%s holds no weights: training from scratch\n", s->model);
  }
  if (status == LX_OK && job->config.vocab_size != lx_tokenizer_count(job->tokenizer))
    status = lx_fail(error, LX_ERR_SHAPE, "The model has %lld words, but %s lists %lld.",
                     (long long)job->config.vocab_size, job->vocab,
                     (long long)lx_tokenizer_count(job->tokenizer));
  if (status == LX_OK && job->answers)
    job->config.num_qa_labels = lx_answers_count(job->answers);
  return status;
}

static bool parse_freeze(const char *list, unsigned *out)
{
  static const char *const names[] = { "embeddings", "language", "vision", "cross", "heads" };

  while (list && *list) {
    size_t n = strcspn(list, ",");
    int i = 0;
    while (i < 5 && (strlen(names[i]) != n || strncmp(names[i], list, n)))
      i++;
    if (i == 5)
      return false;
    *out |= 1u << i; /* LX_PART_* are in this order */
    list += n + (list[n] == ',');
  }
  return true;
}

static LxStatus open_trainer(const Settings *s, Job *job, LxError *error)
{
  LxTrainOptions options;
  LxStatus status;

  lx_train_options_init(&options, s->task);
  options.epochs = s->epochs > 0 ? s->epochs : options.epochs;
  options.batch = s->batch > 0 ? s->batch : options.batch;
  options.accumulate = s->accumulate;
  options.max_steps = s->max_steps;
  options.seed = (uint64_t)s->seed;
  options.dropout = s->dropout;
  options.blind = s->blind;
  options.multi_class = s->multi_class;
  options.optimizer.lr = s->lr > 0 ? s->lr : options.optimizer.lr;
  options.optimizer.no_decay_groups = s->no_decay_groups;
  parse_freeze(s->freeze, &options.frozen);
  status = cli_data_open(s->data, s->task, s->split, job->answers, cli_progress, "train", &job->train,
                         error);
  if (status == LX_OK)
    status = lx_trainer_new(&job->config, job->params, job->tokenizer,
                            lx_dataset_source(job->train.source), &options, &job->trainer, error);
  if (status == LX_OK && s->resume && lx_trainer_can_resume(s->out))
    status = lx_trainer_resume(job->trainer, s->out, error);
  return status;
}

typedef struct {
  const Settings *settings;
  Job *job;
  LxError error;
  LxStatus status;
} Watch;

static LxStatus save(const Settings *s, Job *job, LxError *error)
{
  job->saved_at = lx_trainer_steps(job->trainer);
  return lx_trainer_save(job->trainer, s->out, job->vocab, job->answers, error);
}

static int on_step(const LxTrainReport *r, void *user_data)
{
  Watch *watch = user_data;
  int64_t every = watch->settings->save_every;
  bool last = r->step == r->total_steps, tty = isatty(STDERR_FILENO);

  if (tty || r->step % 50 == 0 || last) {
    double left = (now() - watch->job->started) / (double)(r->step > 0 ? r->step : 1) *
                  (double)(r->total_steps - r->step);
    fprintf(stderr, "%sstep %lld/%lld  epoch %lld  loss %.4f", tty ? "\r" : "", (long long)r->step,
            (long long)r->total_steps, (long long)r->epoch, r->loss);
    for (int i = 0; i < r->n_parts && r->n_parts > 1; i++)
      fprintf(stderr, "  %s %.3f", r->part_name[i], r->part[i]);
    fprintf(stderr, "  lr %.2e  %.0f examples/s  %.0f min left%s", r->lr, r->examples_per_second,
            left / 60, tty && !last ? "\033[K" : "\n");
  }
  if (every > 0 && r->step % every == 0 && !last)
    watch->status = save(watch->settings, watch->job, &watch->error);
  return watch->status != LX_OK || cli_interrupted();
}

/* Accuracy on the validation split; *out.examples stays 0 when there is none. */
static LxStatus validate(const Settings *s, Job *job, LxEvaluation *out, LxError *error)
{
  CliData data = { 0 };
  LxError ignored;
  LxStatus status;

  if (!*s->valid || cli_data_open(s->data, s->task, s->valid, job->answers, cli_progress, "train",
                                  &data, &ignored) != LX_OK)
    return LX_OK;
  status = lx_evaluate(lx_trainer_config(job->trainer), lx_trainer_params(job->trainer),
                       job->tokenizer, lx_dataset_source(data.source), s->task, 0, 32, cli_progress,
                       "train", NULL, out, error);
  cli_data_close(&data);
  return status;
}

static LxStatus run(const Settings *s, Job *job, LxEvaluation *valid, LxError *error)
{
  Watch watch = { s, job, { 0 }, LX_OK };
  LxStatus status = LX_OK;

  job->started = now();
  if (!lx_trainer_done(job->trainer))
    status = lx_trainer_run(job->trainer, on_step, &watch, error);
  if (status == LX_ERR_CANCELLED && watch.status != LX_OK) {
    *error = watch.error;
    return watch.status;
  }
  if (status != LX_OK && status != LX_ERR_CANCELLED)
    return status;
  if (save(s, job, error) != LX_OK)
    return error->code;
  if (status == LX_ERR_CANCELLED)
    return lx_fail(error, LX_ERR_CANCELLED,
                   "stopped at step %lld; go on with the same command and --resume",
                   (long long)lx_trainer_steps(job->trainer));
  return validate(s, job, valid, error);
}

static void print_result(const Settings *s, const Job *job, const LxEvaluation *valid)
{
  double seconds = now() - job->started;

  if (s->as_json) {
    json_t *out = json_pack("{ss ss sI sI sf}", "task", lx_task_name(s->task), "model", s->out,
                            "steps", (json_int_t)lx_trainer_steps(job->trainer), "examples",
                            (json_int_t)lx_dataset_count(job->train.dataset), "seconds", seconds);
    if (valid->examples > 0)
      json_object_set_new(out, "validation",
                          json_pack("{ss sI sf sf}", "split", s->valid, "examples",
                                    (json_int_t)valid->examples, "accuracy", valid->accuracy,
                                    "loss", valid->loss));
    json_dumpf(out, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(out);
    return;
  }
  printf("%lld steps in %.0f s; the model is in %s\n", (long long)lx_trainer_steps(job->trainer),
         seconds, s->out);
  if (valid->examples > 0)
    printf("%s: accuracy %.2f%%, loss %.4f over %lld examples\n", s->valid, 100 * valid->accuracy,
           valid->loss, (long long)valid->examples);
}

static int train(const Settings *s)
{
  Job job = { 0 };
  LxEvaluation valid = { 0 };
  LxError error = { 0 };
  LxStatus status = LX_OK;

  if (!s->resume && lx_trainer_can_resume(s->out))
    status = lx_fail(&error, LX_ERR_ARGUMENT,
                     "%s holds a training already: go on with --resume, or choose another --out.",
                     s->out);
  if (status == LX_OK)
    status = lx_file_make_folder(s->out, &error); /* before hours of work */
  if (status == LX_OK)
    status = open_base(s, &job, &error);
  if (status == LX_OK)
    status = open_trainer(s, &job, &error);
  if (status == LX_OK)
    status = run(s, &job, &valid, &error);
  if (status == LX_OK)
    print_result(s, &job, &valid);
  lx_trainer_free(job.trainer);
  cli_data_close(&job.train);
  lx_tokenizer_free(job.tokenizer);
  lx_answers_free(job.answers);
  lx_tensors_unref(job.params);
  lx_config_clear(&job.config);
  return status == LX_OK ? CLI_OK : cli_fail_error(&error);
}

static int check(const Settings *s, const char *command)
{
  unsigned parts = 0;

  if (!s->data || !s->model || !s->out)
    return cli_usage(command, "--data, --model and --out are needed");
  if (s->epochs < 0 || s->batch < 0 || s->batch > 4096 || s->accumulate < 1 || s->max_steps < 0 ||
      s->seed < 0 || s->save_every < 0)
    return cli_usage(command, "a number is negative or too large");
  if (s->lr < 0 || s->dropout >= 1)
    return cli_usage(command, "--lr is positive, --dropout below 1");
  if (!parse_freeze(s->freeze, &parts))
    return cli_usage(command, "--freeze takes embeddings, language, vision, cross, heads");
  return CLI_GO_ON;
}

/* "--task detector" is another program with its own options: takes these two words out. */
static bool take_detector(int *argc, char **argv)
{
  for (int i = 1; i < *argc; i++) {
    bool joined = !strcmp(argv[i], "--task=detector");
    bool apart = !strcmp(argv[i], "--task") && i + 1 < *argc && !strcmp(argv[i + 1], "detector");
    int words = joined ? 1 : apart ? 2 : 0;
    if (words > 0) {
      memmove(argv + i, argv + i + words, (size_t)(*argc - i - words + 1) * sizeof *argv);
      *argc -= words;
      return true;
    }
  }
  return false;
}

int cli_train(int argc, char **argv)
{
  Settings s = { .split = "train", .valid = "minival", .accumulate = 1, .seed = 9595, .dropout = -1,
                 .save_every = 500 };
  const char *task = NULL, *loss = "bce", *blind = "";
  const CliOption options[] = {
    { "task", CLI_STRING, &task, "NAME", "pretrain, vqa, gqa, nlvr2; or detector (see its own --help)" },
    { "data", CLI_STRING, &s.data, "DIR", "questions, answer table and features" },
    { "model", CLI_STRING, &s.model, "DIR", "base model; without weights in it: from scratch" },
    { "out", CLI_STRING, &s.out, "DIR", "folder for the model and the training's state" },
    { "epochs", CLI_INT, &s.epochs, "N", "times through the data (default: the published)" },
    { "batch", CLI_INT, &s.batch, "N", "examples of a step (default: the published)" },
    { "lr", CLI_DOUBLE, &s.lr, "X", "learning rate (default: the published)" },
    { "seed", CLI_INT, &s.seed, "N", "default 9595" },
    { "resume", CLI_FLAG, &s.resume, NULL, "go on from the state in --out, if there is one" },
    { "max-steps", CLI_INT, &s.max_steps, "N", "stop after so many steps" },
    { "accumulate", CLI_INT, &s.accumulate, "N", "batches of one update (default 1)" },
    { "dropout", CLI_DOUBLE, &s.dropout, "P", "instead of the configuration's rates" },
    { "freeze", CLI_STRING, &s.freeze, "PARTS", "embeddings,language,vision,cross,heads" },
    { "loss", CLI_STRING, &loss, "NAME", "vqa, gqa: bce (default, soft scores) or multi-class (softmax)" },
    { "blind", CLI_STRING, &blind, "SIDE", "a baseline that never sees the image, or the question" },
    { "no-decay-groups", CLI_FLAG, &s.no_decay_groups, NULL, "biases and LayerNorms undecayed" },
    { "save-every", CLI_INT, &s.save_every, "N", "steps between checkpoints (default 500, 0 = never)" },
    { "split", CLI_STRING, &s.split, "NAME", "default train" },
    { "valid", CLI_STRING, &s.valid, "NAME", "checked at the end (default minival)" },
    { "json", CLI_FLAG, &s.as_json, NULL, "the result as JSON on standard output" },
  };
  const CliSpec spec = { "--task NAME --data DIR --model DIR --out DIR [options]",
                         "Trains on a data folder (see crosslens-cli world) and writes a model folder.\n"
                         "Ctrl+C stops after a step and keeps everything; --resume goes on.",
                         options, sizeof options / sizeof *options, 0, 0 };
  int code;

  if (take_detector(&argc, argv))
    return cli_train_detector(argc, argv);
  code = cli_parse(&spec, &argc, argv);
  if (code != CLI_GO_ON)
    return code;
  if (!task || !lx_task_parse(task, &s.task))
    return cli_usage(argv[0], "--task is pretrain, vqa, gqa, nlvr2 or detector");
  s.multi_class = !strcmp(loss, "multi-class");
  if (!s.multi_class && strcmp(loss, "bce"))
    return cli_usage(argv[0], "--loss is bce or multi-class");
  if (!lx_blind_parse(blind, &s.blind))
    return cli_usage(argv[0], "--blind is image or question");
  if (s.blind == LX_BLIND_QUESTION && s.task == LX_TASK_PRETRAIN)
    return cli_usage(argv[0], "--blind question leaves nothing to pre-train on");
  code = check(&s, argv[0]);
  if (code != CLI_GO_ON)
    return code;
  cli_catch_interrupt();
  return train(&s);
}
