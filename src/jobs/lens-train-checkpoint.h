/* What a training writes: the last checkpoint (a model folder with the training's state), and beside
 * it, in a folder of its own, the model with the best validation accuracy. */
#pragma once

#include "lens-train-setup.h"

G_BEGIN_DECLS

typedef struct {
  const LensTrainSetup *setup;
  LensModel *base;
  const char *folder;
  const char *name; /* of the model, for a person */
  const char *task;
} LensTrainCheckpoint;

/* FALSE with `error` when the disk will not take it; what was there before is whole then. */
gboolean lens_train_checkpoint_save(const LensTrainCheckpoint *self, GError **error);
gboolean lens_train_checkpoint_save_best(const LensTrainCheckpoint *self, double accuracy,
                                         GError **error);
/* "FOLDER-best"; owned. */
char *lens_train_checkpoint_best_folder(const char *folder);
/* That of the best model; owned. */
char *lens_train_checkpoint_best_name(const char *name);
/* The training state is as large as the model three times over; a finished job needs it no more. */
void lens_train_checkpoint_drop_state(const char *folder);
void lens_train_checkpoint_drop_best(const char *folder);
/* The models of a job's folder as list entries: both owned, NULL where nothing was saved. */
void lens_train_checkpoint_describe(const char *folder, LensModel **last, LensModel **best);

G_END_DECLS
