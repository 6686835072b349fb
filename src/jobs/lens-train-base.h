/* The model that a training begins from: its parameters with an answer head for the data's answers,
 * and what was loaded and what was not, said plainly. */
#pragma once

#include "lens-model.h"
#include "lens-train-settings.h"
#include "lx-answers.h"
#include "lx-batch.h"
#include "lx-config.h"
#include "lx-tensors.h"
#include "lx-tokenizer.h"

G_BEGIN_DECLS

/* Everything is owned. */
typedef struct {
  LxConfig config;
  LxTensors *params;
  LxTokenizer *tokenizer;
  LxAnswers *answers; /* of the data; NULL for NLVR2 */
  char *vocab_path;
  char *hash;   /* of the weights */
  char *report; /* for a person */
} LensTrainBase;

/* `answers_path` is the data's answer table; NULL: the model's own. A row of the answer head follows
 * its answer into the new table; answers that the model does not know begin at zero. */
gboolean lens_train_base_open(LensModel *model, const LensTrainSettings *settings,
                              const char *answers_path, LensTrainBase *out, GError **error);
void lens_train_base_clear(LensTrainBase *self); /* zeroed is fine */

LxTask lens_train_task(const LensTrainSettings *settings);

G_END_DECLS
