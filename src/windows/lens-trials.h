/* "Try all heads": switches every head off in turn, one question each, and tells how much the best
 * answer's probability falls. The questions go behind what the person asks meanwhile. */
#pragma once

#include "lens-effects.h"
#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_TRIALS (lens_trials_get_type())
G_DECLARE_FINAL_TYPE(LensTrials, lens_trials, LENS, TRIALS, GObject)

/* Signals: "effect" (const char *map, int head, double fall), "finished" (const char *error, NULL
 * when all went well or it was stopped). Begins at once, and leaves out what is known already. */
LensTrials *lens_trials_new(LensWorkbench *workbench, LensRun *run, LensEffects *known);
/* The run whose heads are tried; borrowed. */
LensRun *lens_trials_get_run(LensTrials *self);
void lens_trials_stop(LensTrials *self);

G_END_DECLS
