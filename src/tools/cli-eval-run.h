/* An evaluation that can be stopped and gone on with. */
#pragma once

#include "lx-evaluate.h"

typedef struct {
  const LxConfig *config;
  LxTensors *params;
  const LxTokenizer *tokenizer;
  const LxExampleSource *source;
  LxTask task;
  int64_t batch;
  const char *state; /* file that keeps what was done when it is stopped; NULL: none */
  bool resume;       /* go on with it, if it is there and of the same model and examples */
} CliEvaluation;

/* As lx_evaluate over all examples. labels[source->count] gets the predicted answers, and
 * confidences[source->count] (may be NULL; without a state, which does not keep them) how sure the model
 * is. The state is left for the caller to remove. */
LxStatus cli_evaluate(const CliEvaluation *self, int64_t *labels, double *confidences,
                      LxEvaluation *out, LxError *error);
