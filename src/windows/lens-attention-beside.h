/* Which runs the attention pane shows, as they are looked at: the current one or what it is compared
 * with, with whole words where that is asked for, and the one beside it. */
#pragma once

#include "lens-compare-bar.h"

G_BEGIN_DECLS

typedef struct _LensBeside LensBeside;

/* Borrows the widgets, which must live as long. */
LensBeside *lens_beside_new(LensExplorer *explorer, LensCompareBar *bar, GtkDropDown *half_drop);
void lens_beside_free(LensBeside *self);

/* The current run, the one held as A, or their difference; borrowed, NULL without one. */
LensRun *lens_beside_get_run(LensBeside *self);
/* What stands to its left: A, or of a pair the first half where both are looked at; borrowed, NULL for
 * nothing. */
LensRun *lens_beside_get_other(LensBeside *self);
/* Names the two columns. */
void lens_beside_name(LensBeside *self, GtkLabel *left, GtkLabel *right);

G_END_DECLS
