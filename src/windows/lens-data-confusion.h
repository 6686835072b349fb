/* Right answers against given ones, as a matrix of counts. */
#pragma once

#include "lens-canvas.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_CONFUSION (lens_data_confusion_get_type())
G_DECLARE_FINAL_TYPE(LensDataConfusion, lens_data_confusion, LENS, DATA_CONFUSION, LensCanvas)

/* Signal "picked" (const char *right answer, const char *given answer). `pairs` is of
 * LensTally; the most frequent answers are drawn. NULL: nothing. */
void lens_data_confusion_set_pairs(LensDataConfusion *self, GPtrArray *pairs);

G_END_DECLS
