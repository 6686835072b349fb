/* The parts of `crosslens-cli train`: what was asked for, what it needs, the run. */
#pragma once

#include <jansson.h>

#include "cli-data.h"
#include "lx-evaluate.h"
#include "lx-train.h"

typedef struct {
  const char *data, *model, *out, *split, *valid, *freeze;
  const char *weights;     /* instead of the model's; NULL */
  const char *predictions; /* file for the validation's answers; NULL */
  LxTask task;
  int64_t epochs, batch, accumulate, max_steps, seed, save_every;
  int64_t limit; /* images of each feature file, LX_SUBSET_* */
  double lr, dropout;
  double spread_boxes; /* 0: not */
  LxBlind blind;
  bool resume, as_json, no_decay_groups, multi_class, scratch;
  const LxCollective *collective; /* NULL: alone */
  bool keep_answers;              /* move answer rows by their text, where both tables are known */
  double warmup;                  /* negative: the published */
  int argc;                       /* as it was called, from "train" on */
  char **argv;
} CliTrainSettings;

/* What a training needs besides its settings; everything is owned. */
typedef struct {
  LxConfig config;
  LxTensors *params; /* NULL: all fresh */
  LxTokenizer *tokenizer;
  LxAnswers *answers; /* of the task */
  char vocab[4096];
  CliData train, valid; /* valid.source is NULL when there is no validation */
  LxTrainer *trainer;
  LxTrainOptions options; /* of the trainer */
  struct LxRunLog *log;   /* NULL: keeps none */
  LxEvaluation result;    /* the last validation; examples 0 = none */
  bool follows;           /* not the first of several processes: says and writes nothing */
  double started;
  int64_t first_step; /* of this process */
  int64_t saved_at;   /* step of what is in `out`; -1 = nothing yet */
  double best;        /* of all validations */
  int64_t best_step;  /* -1 = none yet */
} CliTrainJob;

/* Trains to the end; validates after each epoch; `out` holds the last model with the state, `out`/best
 * the best by validation, `out`/training.jsonl a line for each interval and validation. */
LxStatus cli_train_run(const CliTrainSettings *s, CliTrainJob *job, LxError *error);
/* What a stop before the first step of this process says; LX_ERR_CANCELLED. */
LxStatus cli_train_stopped_early(LxError *error);
/* What is noted in `out`/run.json; owned. */
json_t *cli_train_record(const CliTrainSettings *s, const LxTrainOptions *options);
/* The result, on standard output. */
void cli_train_print(const CliTrainSettings *s, const CliTrainJob *job);
