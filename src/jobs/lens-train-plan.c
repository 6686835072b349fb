#include "lens-train-plan.h"

#include <math.h>

/* At least this far apart, or an epoch, and so far that saving takes at most a twentieth of the
 * time. */
#define CHECKPOINT_SECONDS 5
#define CHECKPOINT_SHARE 20

static double apart(double checkpoint, gboolean new_epoch)
{
  double share = CHECKPOINT_SHARE * checkpoint;
  return new_epoch ? share : MAX(share, CHECKPOINT_SECONDS);
}

gboolean lens_train_plan_is_due(double since, double checkpoint, gboolean new_epoch)
{
  return since < 0 || since > apart(checkpoint, new_epoch);
}

/* Steps until something else is to be done: an epoch ends, or a checkpoint is due. */
static gint64 steps_ahead(const LensTrainPlan *plan, const LensTrainCosts *costs)
{
  gint64 left = MIN(plan->per_epoch - plan->done % plan->per_epoch, plan->steps - plan->done);
  if (plan->since < 0)
    return 1;
  double seconds = apart(costs->checkpoint, FALSE) - plan->since;
  double n = costs->step > 0 ? floor(seconds / costs->step) + 1 : (double)left;
  return n < 1 ? 1 : n < (double)left ? (gint64)n : left;
}

double lens_train_plan_seconds(LensTrainPlan plan, const LensTrainCosts *costs)
{
  double seconds = 0;
  while (plan.done < plan.steps) {
    gint64 n = steps_ahead(&plan, costs);
    plan.done += n;
    double passed = (double)n * costs->step;
    gboolean new_epoch = plan.done % plan.per_epoch == 0;
    if (new_epoch || plan.done == plan.steps)
      passed += costs->evaluation + costs->best;
    if (plan.since >= 0)
      plan.since += passed;
    if (plan.done < plan.steps &&
        lens_train_plan_is_due(plan.since, costs->checkpoint, new_epoch)) {
      passed += costs->checkpoint;
      plan.since = 0;
    }
    seconds += passed;
  }
  return seconds + costs->checkpoint;
}
