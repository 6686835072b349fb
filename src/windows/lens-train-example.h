/* The pinned example of a training: picture and question of one validation example, the model's
 * answers and one of its attention maps, drawn again at every evaluation. */
#pragma once

#include <adwaita.h>

#include "lens-train-job.h"

G_BEGIN_DECLS

#define LENS_TYPE_TRAIN_EXAMPLE (lens_train_example_get_type())
G_DECLARE_FINAL_TYPE(LensTrainExample, lens_train_example, LENS, TRAIN_EXAMPLE, AdwBin)

/* NULL for none; hidden while there is no example. */
void lens_train_example_set_job(LensTrainExample *self, LensTrainJob *job);
/* The run that is drawn, borrowed; NULL for none (tests). */
LensRun *lens_train_example_get_run(LensTrainExample *self);

G_END_DECLS
