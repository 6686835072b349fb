/* What a training will take, found out by making two real steps of it and throwing them away. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint steps;      /* of the whole training */
  guint examples;   /* that it learns from */
  guint validation; /* that it is checked with */
  double step_seconds;
  double seconds;    /* of the whole training: steps, evaluations, checkpoints */
  guint64 memory;    /* bytes */
  guint64 disk;      /* bytes: checkpoint with its moments, and the best model */
  char *load_report; /* owned */
} LensTrainEstimate;

void lens_train_estimate_free(LensTrainEstimate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensTrainEstimate, lens_train_estimate_free)

G_END_DECLS
