/* All that a training is made of, opened: base model, data, trainer. For the training itself and for
 * its estimate. Training thread. */
#pragma once

#include "lens-train-base.h"
#include "lens-train-data.h"
#include "lens-train-estimate.h"
#include "lx-train.h"

G_BEGIN_DECLS

typedef struct {
  LensModel *model; /* to begin from */
  const LensTrainSettings *settings;
  const char *data_dir;
  const char *state_dir;
  LensStore *store;
  LxProgress progress; /* while it is opened; may wait; 0 to go on */
  LxProgress between;  /* the same between the operations of a step */
  void *progress_data;
} LensTrainSetupRequest;

/* Everything is owned. */
typedef struct {
  LensTrainBase base;
  LensTrainData *data;
  LxTrainer *trainer;
} LensTrainSetup;

gboolean lens_train_setup_open(const LensTrainSetupRequest *request, LensTrainSetup *out,
                               GError **error);
void lens_train_setup_clear(LensTrainSetup *self); /* zeroed is fine */

/* Steps of an epoch. */
gint64 lens_train_setup_per_epoch(const LensTrainSetup *self, const LensTrainSettings *settings);

/* Bytes that the training holds while it runs: parameters, gradients and activations, moments,
 * features, and what an evaluation needs beside them. */
guint64 lens_train_setup_get_memory(const LensTrainSetup *self);

/* Owned. A cancelled request is G_IO_ERROR_CANCELLED, as soon as a step allows. */
LensTrainEstimate *lens_train_estimate_make(const LensTrainSetupRequest *request, GError **error);

G_END_DECLS
