/* train: pre-training and fine-tuning, with checkpoints that resume. */
#include "cli.h"
#include "cli-collective.h"
#include "cli-data.h"
#include "cli-train-detector.h"
#include "cli-train.h"
#include "cli-weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint.h"
#include "lx-file.h"
#include "lx-run-log.h"
#include "lx-threads.h"

/* There is something to begin from besides a configuration. */
static bool has_weights(const char *folder)
{
  static const char *const names[] = {"model.safetensors", "pytorch_model.bin",
                                      "model.safetensors.index.json",
                                      "pytorch_model.bin.index.json", "model_LXRT.pth"};
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
static LxStatus take_base(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  LxCheckpoint base = {0}, again = {0};
  int64_t moved = 0, zeroed = 0;
  const char *path = s->weights ? s->weights : s->model;
  LxStatus status = lx_checkpoint_read(path, NULL, &base, error);

  if (status != LX_OK)
    return status;
  if (base.report.heads_assumed)
    cli_note_heads(path, base.config.num_attention_heads);
  status = lx_config_copy(&base.config, &job->config, error);
  if (status == LX_OK && job->answers)
    job->config.num_qa_labels = lx_answers_count(job->answers);
  if (status == LX_OK && s->keep_answers && job->answers && base.answers &&
      (base.report.heads & LX_HEAD_ANSWER)) {
    print_report(path, &base.report);
    status = lx_checkpoint_move_answers(base.params, base.answers, job->answers, &job->params,
                                        &moved, &zeroed, error);
    fprintf(stderr, "answers: %lld rows taken along, %lld begin at zero\n", (long long)moved,
            (long long)zeroed);
  } else if (status == LX_OK) {
    LxCheckpointOptions options = {
        .heads = lx_task_heads(s->task), .config = &job->config, .seed = (uint64_t)s->seed};
    status = lx_checkpoint_read(path, &options, &again, error);
    if (status == LX_OK) {
      print_report(path, &again.report);
      job->params = lx_tensors_ref(again.params);
    }
    lx_checkpoint_clear(&again);
  }
  lx_checkpoint_clear(&base);
  return status;
}

/* lx_lxmert_spread_boxes on weights of the job's own. */
static LxStatus spread_boxes(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  LxTensors *own = NULL;
  LxStatus status = job->params ? lx_tensors_copy_f32(job->params, &own, error)
                                : lx_lxmert_init_params(&job->config, lx_task_heads(s->task),
                                                        (uint64_t)s->seed, &own, error);

  if (status != LX_OK)
    return status;
  lx_tensors_unref(job->params);
  job->params = own;
  return lx_lxmert_spread_boxes(own, s->spread_boxes, (uint64_t)s->seed, error);
}

static LxStatus open_base(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
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
  if (status == LX_OK && !s->scratch && (s->weights || has_weights(s->model))) {
    status = take_base(s, job, error);
  } else if (status == LX_OK) {
    snprintf(path, sizeof path, "%s/config.json", s->model);
    status = lx_config_read(path, &job->config, error);
    fprintf(stderr,
            s->scratch ? "training from scratch, with the sizes of %s\n"
                       : "%s holds no weights: training from scratch\n",
            s->model);
  }
  if (status == LX_OK && job->config.vocab_size != lx_tokenizer_count(job->tokenizer))
    status = lx_fail(error, LX_ERR_SHAPE, "The model has %lld words, but %s lists %lld.",
                     (long long)job->config.vocab_size, job->vocab,
                     (long long)lx_tokenizer_count(job->tokenizer));
  if (status == LX_OK && job->answers)
    job->config.num_qa_labels = lx_answers_count(job->answers);
  if (status == LX_OK && s->spread_boxes > 0)
    status = spread_boxes(s, job, error);
  return status;
}

static bool parse_freeze(const char *list, unsigned *out)
{
  static const char *const names[] = {"embeddings", "language", "vision", "cross", "heads"};

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

static LxStatus open_trainer(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  LxTrainOptions options;
  LxStatus status;

  lx_train_options_init(&options, s->task);
  options.epochs = s->epochs > 0 ? s->epochs : options.epochs;
  options.batch = s->batch > 0 ? s->batch : options.batch;
  options.accumulate = s->accumulate;
  options.max_steps = s->max_steps;
  options.seed = (uint64_t)s->seed;
  options.collective = s->collective;
  options.dropout = s->dropout;
  options.blind = s->blind;
  options.multi_class = s->multi_class;
  options.optimizer.lr = s->lr > 0 ? s->lr : options.optimizer.lr;
  options.optimizer.warmup = s->warmup >= 0 ? s->warmup : options.optimizer.warmup;
  options.optimizer.no_decay_groups = s->no_decay_groups;
  parse_freeze(s->freeze, &options.frozen);
  job->options = options;
  status = cli_data_open_part(s->data, s->task, s->split, job->answers, s->limit, NULL,
                              cli_progress, "train", &job->train, error);
  if (status == LX_OK)
    status = lx_trainer_new(&job->config, job->params, job->tokenizer,
                            lx_dataset_source(job->train.source), &options, &job->trainer, error);
  if (status == LX_OK && s->resume && lx_trainer_can_resume(s->out))
    status = lx_trainer_resume(job->trainer, s->out, error);
  if (status == LX_OK && s->resume && s->lr > 0) /* instead of the one in the state */
    lx_trainer_set_learning_rate(job->trainer, s->lr);
  return status;
}

/* The record of this run, and its place among the person's. */
static LxStatus open_log(const CliTrainSettings *s, CliTrainJob *job, LxError *error)
{
  json_t *record = cli_train_record(s, &job->options);
  if (!record)
    return lx_fail(
        error, LX_ERR_ARGUMENT,
        "A training is noted as JSON to go on later, so its folders need names of UTF-8 text. "
        "Rename the one that has other bytes in its name.");
  char *runs = lx_runs_folder();
  LxStatus status =
      lx_run_log_open(s->out, runs, record, lx_trainer_steps(job->trainer), &job->log, error);
  free(runs);
  return status;
}

static const char *state_after(LxStatus status)
{
  return status == LX_OK ? "done" : status == LX_ERR_CANCELLED ? "stopped" : "failed";
}

static int train(const CliTrainSettings *s)
{
  CliTrainJob job = {0};
  LxError error = {0};
  LxStatus status = LX_OK;

  if (!s->resume && lx_trainer_can_resume(s->out))
    status = lx_fail(&error, LX_ERR_ARGUMENT,
                     "%s holds a training already: go on with --resume, or choose another --out.",
                     s->out);
  job.follows = s->collective && s->collective->rank > 0;
  if (s->collective && !job.follows)
    fprintf(stderr, "%d processes; this one has %d thread%s (see mpirun's --bind-to)\n",
            s->collective->size, lx_threads(), lx_threads() == 1 ? "" : "s");
  if (status == LX_OK && !job.follows)
    status = lx_run_check_free(s->out, &error);
  if (status == LX_OK)
    status = lx_file_make_folder(s->out, &error); /* before hours of work */
  if (status == LX_OK)
    status = open_base(s, &job, &error);
  if (status == LX_OK)
    status = open_trainer(s, &job, &error);
  if (status == LX_ERR_CANCELLED)
    cli_train_stopped_early(&error);
  if (status == LX_OK && !job.follows)
    status = open_log(s, &job, &error);
  if (status == LX_OK)
    status = cli_train_run(s, &job, &error);
  lx_run_log_state(job.log, state_after(status), status == LX_OK ? NULL : error.message);
  lx_run_log_close(job.log);
  if (status == LX_OK && !job.follows)
    cli_train_print(s, &job);
  lx_trainer_free(job.trainer);
  cli_data_close(&job.train);
  cli_data_close(&job.valid);
  lx_tokenizer_free(job.tokenizer);
  lx_answers_free(job.answers);
  lx_tensors_unref(job.params);
  lx_config_clear(&job.config);
  return status == LX_OK ? CLI_OK : cli_fail_error(&error);
}

static int check(const CliTrainSettings *s, const char *command)
{
  unsigned parts = 0;

  if (!s->data || !s->model || !s->out)
    return cli_usage(command, "--data, --model and --out are needed");
  if (s->epochs < 0 || s->batch < 0 || s->batch > 4096 || s->accumulate < 1 || s->max_steps < 0 ||
      s->seed < 0 || s->save_every < 0)
    return cli_usage(command, "a number is negative or too large");
  if (s->spread_boxes < 0 || s->spread_boxes > 100)
    return cli_usage(command, "--spread-boxes is from 0 to 100");
  if (s->lr < 0 || s->dropout >= 1 || s->warmup >= 1)
    return cli_usage(command, "--lr is positive, --dropout and --warmup below 1");
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
  CliTrainSettings s = {.split = "train",
                        .valid = "minival",
                        .accumulate = 1,
                        .seed = 9595,
                        .dropout = -1,
                        .warmup = -1,
                        .save_every = 500,
                        .limit = LX_SUBSET_ALL,
                        .keep_answers = true};
  const char *task = NULL, *loss = "bce", *blind = "", *load = NULL, *load_qa = NULL;
  bool tiny = false, fast = false;
  const CliOption options[] = {
      {"task", CLI_STRING, &task, "NAME",
       "pretrain, vqa, gqa, nlvr2; or detector (see its own --help)"},
      {"data", CLI_STRING, &s.data, "DIR", "questions, answer table and features"},
      {"model", CLI_STRING, &s.model, "DIR", "base model; without weights in it: from scratch"},
      {"out", CLI_STRING, &s.out, "DIR", "folder for the model and the training's state"},
      {"epochs", CLI_INT, &s.epochs, "N", "times through the data (default: the published)"},
      {"batch", CLI_INT, &s.batch, "N", "examples of a step (default: the published)"},
      {"lr", CLI_DOUBLE, &s.lr, "X", "learning rate (default: the published)"},
      {"seed", CLI_INT, &s.seed, "N", "default 9595"},
      {"resume", CLI_FLAG, &s.resume, NULL, "go on from the state in --out, if there is one"},
      {"max-steps", CLI_INT, &s.max_steps, "N", "stop after so many steps"},
      {"accumulate", CLI_INT, &s.accumulate, "N", "batches of one update (default 1)"},
      {"dropout", CLI_DOUBLE, &s.dropout, "P", "instead of the configuration's rates"},
      {"spread-boxes", CLI_DOUBLE, &s.spread_boxes, "D",
       "begin with box weights of this deviation more (0.3): places are seen at once"},
      {"warmup", CLI_DOUBLE, &s.warmup, "X",
       "share of all steps in which the rate rises (default: the published)"},
      {"freeze", CLI_STRING, &s.freeze, "PARTS", "embeddings,language,vision,cross,heads"},
      {"loss", CLI_STRING, &loss, "NAME",
       "vqa, gqa: bce (default, soft scores) or multi-class (softmax)"},
      {"blind", CLI_STRING, &blind, "SIDE",
       "a baseline that never sees the image, or the question"},
      {"no-decay-groups", CLI_FLAG, &s.no_decay_groups, NULL, "biases and LayerNorms undecayed"},
      {"save-every", CLI_INT, &s.save_every, "N",
       "steps between checkpoints (default 500, 0 = never)"},
      {"split", CLI_STRING, &s.split, "NAMES", "default train; several with commas, or JSON files"},
      {"valid", CLI_STRING, &s.valid, "NAME",
       "checked after each epoch (default minival; \"\" = never)"},
      {"load", CLI_STRING, &load, "PATH",
       "weights instead of --model's; another answer head begins afresh"},
      {"load-qa", CLI_STRING, &load_qa, "PATH",
       "the same, answer rows moved by their text (the default)"},
      {"from-scratch", CLI_FLAG, &s.scratch, NULL, "only the sizes of --model"},
      {"tiny", CLI_FLAG, &tiny, NULL, "512 images of each feature file"},
      {"fast", CLI_FLAG, &fast, NULL, "5,000 images of each feature file"},
      {"dump-predictions", CLI_STRING, &s.predictions, "FILE",
       "the validation's answers at the end"},
      {"json", CLI_FLAG, &s.as_json, NULL, "the result as JSON on standard output"},
  };
  const CliSpec spec = {
      "--task NAME --data DIR --model DIR --out DIR [options]",
      "Trains on a data folder (see crosslens-cli world) and writes a model folder.\n"
      "Ctrl+C stops after a step and keeps everything; --resume goes on.",
      options,
      sizeof options / sizeof *options,
      0,
      0};
  char *words[CLI_MOST_WORDS];
  int code;

  if (take_detector(&argc, argv))
    return cli_train_detector(argc, argv);
  s.argc = argc < CLI_MOST_WORDS ? argc : CLI_MOST_WORDS;
  s.argv = memcpy(words, argv, (size_t)s.argc * sizeof *argv); /* parsing takes them out */
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
  if ((load != NULL) + (load_qa != NULL) + s.scratch > 1 || (tiny && fast))
    return cli_usage(
        argv[0],
        "--load, --load-qa and --from-scratch exclude each other; so do --tiny and --fast");
  s.weights = load ? load : load_qa;
  s.keep_answers = load == NULL;
  s.model = s.model ? s.model : s.weights;
  s.limit = tiny ? LX_SUBSET_TINY : fast ? LX_SUBSET_FAST : LX_SUBSET_ALL;
  code = check(&s, argv[0]);
  if (code != CLI_GO_ON)
    return code;
  cli_catch_interrupt();
  LxError error = {0};
  if (cli_collective_open(&s.collective, &error) != LX_OK)
    return cli_fail_error(&error);
  code = train(&s);
  cli_collective_close(code != CLI_OK && !cli_interrupted());
  return code;
}
