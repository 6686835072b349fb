/* The pane's keys in the whole window: 1-6 pick a column, P pins the run, D goes through the
 * comparison, Esc lets go of what is pinned. */
#pragma once

#include "lens-attention-pane.h"
#include "lens-compare-bar.h"

G_BEGIN_DECLS

/* For the pane's window, as long as the pane is in it. */
GtkEventController *lens_attention_keys_new(LensAttentionPane *pane, LensModelMap *map,
                                            LensCompareBar *bar);

G_END_DECLS
