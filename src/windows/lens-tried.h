/* What "try all heads" found out about the last few runs: shown again when an edit is undone, or the same
 * is asked again. */
#pragma once

#include "lens-effects.h"
#include "lens-run.h"

G_BEGIN_DECLS

typedef struct _LensTried LensTried;

LensTried *lens_tried_new(void);
void lens_tried_free(LensTried *self);

/* Nothing is known yet of what is added. Borrowed, as what is found; NULL: the run, or one of the same
 * model, images, question and edits, was not tried. */
LensEffects *lens_tried_add(LensTried *self, LensRun *run);
LensEffects *lens_tried_find(LensTried *self, LensRun *run);

G_END_DECLS
