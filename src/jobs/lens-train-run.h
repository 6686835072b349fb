/* One training from begin to end, on the training thread. */
#pragma once

#include "lens-train-job-private.h"
#include "lens-train-queue.h"

G_BEGIN_DECLS

typedef struct {
  LensTrainJob *job;
  LensModel *base;
  const char *data_dir;
  const char *state_dir;
  LensStore *store;
  LensGateway *gateway;
} LensTrainRun;

typedef struct {
  LensJobState state; /* done, stopped, interrupted, failed */
  LensModel *model;   /* owned; NULL when nothing was learned */
  LensModel *best;    /* owned; by validation, NULL where that is the last one */
  char *notice;       /* owned; what could not be kept, or NULL */
} LensTrainOutcome;

/* Goes on from the checkpoint in the job's output folder, if there is one. FALSE with `error` when
 * it failed; the store's row is up to date in either case. */
gboolean lens_train_run(const LensTrainRun *run, LensTrainOutcome *outcome, GError **error);
void lens_train_outcome_clear(LensTrainOutcome *self);

G_END_DECLS
