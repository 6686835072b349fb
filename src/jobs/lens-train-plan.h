/* How a training's parts follow each other and what they cost: for the estimate before it begins,
 * and for the time that is left while it runs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds of one each. */
typedef struct {
  double step;
  double evaluation; /* and the look at the example behind it */
  double best;       /* what writing the best model adds to an evaluation, on average */
  double checkpoint;
} LensTrainCosts;

typedef struct {
  gint64 steps, per_epoch; /* of the whole; of an epoch */
  gint64 done;             /* steps */
  double since;            /* seconds since the last checkpoint; negative: there is none */
} LensTrainPlan;

/* Whether a checkpoint is to be written after a step that was not the last. The first one comes at
 * once: it shows early that the folder can be written. Then they are so far apart that they take at
 * most a twentieth of the time. */
gboolean lens_train_plan_is_due(double since, double checkpoint, gboolean new_epoch);

/* Seconds from `plan` on to the last checkpoint. The evaluation that belongs to step `done` is
 * over. */
double lens_train_plan_seconds(LensTrainPlan plan, const LensTrainCosts *costs);

G_END_DECLS
