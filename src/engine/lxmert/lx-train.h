/* Training: the five pre-training tasks, and fine-tuning for VQA, GQA and NLVR2. A trainer owns its
 * parameters; runs on one thread at a time; a run repeats bit by bit from the same seed, also when
 * it is interrupted and resumed (same build, same number of threads). */
#pragma once

#include "lx-answers.h"
#include "lx-batch.h"
#include "lx-collective.h"
#include "lx-optimizer.h"

typedef struct {
  LxTask task;
  int64_t epochs;
  int64_t max_steps;              /* > 0: at most so many steps, whatever `epochs` says */
  int64_t batch;                  /* examples of one forward and backward */
  int64_t accumulate;             /* batches of one optimiser step */
  int64_t max_words, max_objects; /* 20 and 36 as published */
  uint64_t seed;
  unsigned losses;  /* LX_LOSS_*; 0 = the task's */
  unsigned heads;   /* LX_HEAD_*; 0 = the task's. Only masked words: a BERT, which sees no image */
  bool multi_class; /* VQA, GQA: one answer and softmax instead of soft scores and sigmoid */
  LxBlind blind;    /* NONE: as the configuration says; kept in the model's configuration */
  unsigned frozen;  /* LX_PART_* */
  double dropout;   /* negative: the configuration's rates */
  const LxCollective *collective; /* NULL: alone. Else `batch` is all processes' together */
  /* Between the operations of a step (NULL: nothing): may wait, for what is more urgent. Anything but 0
   * ends the step with LX_ERR_CANCELLED, as if it had not begun. Not together with a collective. */
  LxProgress between;
  void *between_data;
  LxOptimizerOptions optimizer; /* total_steps is set by the trainer */
} LxTrainOptions;

/* The published settings of a task (batch 32 for fine-tuning, 256 for pre-training). */
void lx_train_options_init(LxTrainOptions *options, LxTask task);

typedef struct {
  int64_t step, total_steps; /* steps done */
  int64_t epoch;             /* from 0 */
  int64_t examples;          /* seen so far */
  double loss;               /* mean over the step's batches */
  int n_parts;               /* the loss's terms, where it is a sum */
  const char *part_name[8];  /* "mlm", "match", "obj", "attr", "feat", "qa" */
  double part[8];
  double lr, gradient_norm;
  double seconds;             /* of this step */
  double examples_per_second; /* smoothed */
} LxTrainReport;

/* After every step; anything but 0 stops. */
typedef int (*LxTrainCallback)(const LxTrainReport *report, void *user_data);

typedef struct LxTrainer LxTrainer;

/* Copies `params` (NULL: all fresh) as far as the task needs them and initialises what is missing;
 * `tokenizer` and `source` must outlive the trainer. The answer head must have
 * config->num_qa_labels answers. *out: lx_trainer_free. */
LxStatus lx_trainer_new(const LxConfig *config, const LxTensors *params,
                        const LxTokenizer *tokenizer, const LxExampleSource *source,
                        const LxTrainOptions *options, LxTrainer **out, LxError *error);
void lx_trainer_free(LxTrainer *self); /* NULL is fine */

/* One optimiser step. *report may be NULL. */
LxStatus lx_trainer_step(LxTrainer *self, LxTrainReport *report, LxError *error);
/* Steps to the end; LX_ERR_CANCELLED when the callback (may be NULL) stops it. */
LxStatus lx_trainer_run(LxTrainer *self, LxTrainCallback callback, void *user_data, LxError *error);
/* From the next step on, in place of options.optimizer.lr (above 0, else it is left as it is): what is
 * changed between epochs can be repeated. Kept in the checkpoint. */
void lx_trainer_set_learning_rate(LxTrainer *self, double lr);
bool lx_trainer_done(const LxTrainer *self);
int64_t lx_trainer_steps(const LxTrainer *self);
int64_t lx_trainer_total_steps(const LxTrainer *self);
int64_t lx_trainer_steps_per_epoch(const LxTrainer *self);
/* Borrowed; change with every step. */
LxTensors *lx_trainer_params(const LxTrainer *self);
const LxConfig *lx_trainer_config(const LxTrainer *self);
/* Bytes: parameters, gradients and activations, moments. */
void lx_trainer_memory(const LxTrainer *self, size_t *params, size_t *graph, size_t *moments);

/* A checkpoint: the model folder (F32) and training-state.safetensors beside it. What is on disk
 * is always whole: everything is written first, then moved into place, the state last. */
LxStatus lx_trainer_save(const LxTrainer *self, const char *folder, const char *vocab_path,
                         const LxAnswers *answers, LxError *error);
/* Goes on from such a folder: the trainer must have been made with the same options and data. */
LxStatus lx_trainer_resume(LxTrainer *self, const char *folder, LxError *error);
/* True when the folder holds a training state. */
bool lx_trainer_can_resume(const char *folder);
