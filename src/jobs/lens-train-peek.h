/* One validation example that is looked at while a model learns: asked again at every evaluation,
 * with its answer and every attention map. Training thread. */
#pragma once

#include "lens-run.h"
#include "lens-train-setup.h"

G_BEGIN_DECLS

/* What the window shows; owned objects, safe to hand to another thread. */
typedef struct {
  LensRun *run;
  char *truth; /* what the data says; "" unknown */
  guint index, count, step;
} LensTrainPeek;

typedef struct _LensTrainPeeker LensTrainPeeker;

/* The request and the setup are borrowed and live longer. */
LensTrainPeeker *lens_train_peeker_new(const LensTrainSetupRequest *request,
                                       const LensTrainSetup *setup);
void lens_train_peeker_free(LensTrainPeeker *self); /* NULL is fine */
/* Asks validation example `index`. NULL with `error`, or without when there is none to ask
 * (pre-training, no validation). The answers of the first time that an example was asked are the
 * run's baseline. */
LensTrainPeek *lens_train_peeker_look(LensTrainPeeker *self, guint index, GError **error);
void lens_train_peek_free(LensTrainPeek *self); /* NULL is fine */

G_END_DECLS
