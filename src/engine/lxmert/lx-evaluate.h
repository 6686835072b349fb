/* Accuracy of a model on labelled examples. */
#pragma once

#include "lx-batch.h"

typedef struct {
  int64_t examples; /* with a label */
  double score;     /* VQA, GQA: sum of the predicted answers' scores; NLVR2: right ones */
  double accuracy;  /* score / examples */
  double loss;      /* mean over batches */
} LxEvaluation;

/* Runs the model over examples 0 .. count-1 of `source` (count 0: all) without dropout. `params` are
 * F32 with the task's heads. labels (may be NULL) gets each example's predicted answer, [count], and confidences (may be NULL) its
 * softmax probability, [count].
 * A baseline's config->blind counts here too. Pre-training gives the loss (with a fixed masking) and the matching accuracy. `progress` may be NULL; it is called between operations and may
 * wait. */
LxStatus lx_evaluate(const LxConfig *config, LxTensors *params, const LxTokenizer *tokenizer,
                     const LxExampleSource *source, LxTask task, int64_t count, int64_t batch,
                     LxProgress progress, void *user_data, int64_t *labels, double *confidences,
                     LxEvaluation *out, LxError *error);
