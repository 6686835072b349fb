/* The ablation of LXMERT's paper (Tan & Bansal 2019, Table 3) on any data folder: every row is one
 * architecture and one way of beginning, trained on each task with the same number of examples. */
#pragma once

#include "lx-answers.h"
#include "lx-batch.h"

/* The rows in the paper's order. */
enum {
  SCIENCE_LSTM_BUTD,
  SCIENCE_BERT_BUTD,
  SCIENCE_BERT_CROSS_1, /* … up to 5 cross-modality layers on BERT */
  SCIENCE_BERT_CROSS_5 = SCIENCE_BERT_CROSS_1 + 4,
  SCIENCE_TRAIN_BERT,
  SCIENCE_TRAIN_SCRATCH,
  SCIENCE_PRETRAIN_BERT,
  SCIENCE_PRETRAIN_SCRATCH,
  SCIENCE_ROWS,
};

enum { SCIENCE_TASKS = 3 }; /* VQA, GQA, NLVR2: LX_TASK_VQA + index */

typedef struct {
  const char *key;             /* "bert-cross-3", for options and files */
  const char *label;           /* "BERT + 3 CrossAtt" */
  double paper[SCIENCE_TASKS]; /* per cent: VQA dev, GQA test-dev, NLVR2 dev */
} ScienceRow;

const ScienceRow *science_row(int row); /* static */

/* Sizes and lengths. All rows of one run share them. */
typedef struct {
  const char *name;
  int64_t hidden, heads, intermediate, language, vision, cross; /* layers of the full model */
  int64_t batch;
  int64_t words_examples;                     /* masked words of the language-only BERT */
  int64_t pretrain_examples;                  /* all five tasks */
  int64_t task_examples;                      /* VQA, GQA */
  int64_t pair_examples;                      /* NLVR2, whose examples have two images */
  int64_t test_examples;                      /* at most so many of the test split */
  double pretrain_rate, task_rate, pair_rate; /* learning rates; of NLVR2 the last */
} ScienceSetting;

/* "tiny" (under an hour of one core a seed) or "small" (sizes like those that ship, several hours of
 * one); NULL for another name. */
const ScienceSetting *science_setting(const char *name);

/* Of fresh weights: BERT's 0.02 belongs to BERT's width. At hidden 64 it leaves every attention even, and
 * the boxes unused for the whole of a training as short as these. */
double science_deviation(const ScienceSetting *setting);

/* What one task reads; borrowed. `answers` is NULL for NLVR2, `test` for pre-training. */
typedef struct {
  const LxExampleSource *train, *test;
  const LxAnswers *answers;
} ScienceData;

/* One trained and tested cell. row = SCIENCE_ROWS and up: the trainings that others begin from. */
typedef struct {
  int row, task; /* task: index, -1 for a pre-training */
  uint64_t seed;
  double accuracy; /* 0..1; of a pre-training the last loss */
  int64_t examples, tested, parameters;
  double minutes, cpu_minutes;
} ScienceCell;

typedef struct {
  const ScienceSetting *setting;
  const char *out; /* folder: cells.jsonl, models that others begin from */
  const char *vocab_path;
  const LxTokenizer *tokenizer;
  ScienceData data[4];  /* by LxTask */
  const LxConfig *base; /* feature, label and vocabulary sizes are taken from it */
  unsigned rows, tasks; /* bits */
  int seeds;
  uint64_t seed; /* the first; others follow */
  bool resume;   /* cells of cells.jsonl are not done again */
  /* After every step and every cell (`cell` NULL for a step); not 0 stops. May be NULL. */
  int (*report)(const char *what, int64_t step, int64_t steps, const ScienceCell *cell,
                void *user_data);
  void *user_data;
} ScienceAblation;

/* Runs what is missing. *cells (owned, free) are all cells of the run, those read back included.
 * LX_ERR_CANCELLED when stopped: the same call with `resume` goes on, inside a training too. */
LxStatus science_ablation_run(const ScienceAblation *self, ScienceCell **cells, int *n_cells,
                              LxError *error);
