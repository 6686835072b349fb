/* The right of Explore: the map of the model, and the picked map as graph or matrix. */
#pragma once

#include <gtk/gtk.h>

#include "lens-compare-bar.h"
#include "lens-explorer.h"
#include "lens-model-map.h"
#include "lens-print.h"

G_BEGIN_DECLS

#define LENS_TYPE_ATTENTION_PANE (lens_attention_pane_get_type())
G_DECLARE_FINAL_TYPE(LensAttentionPane, lens_attention_pane, LENS, ATTENTION_PANE, GtkWidget)

void lens_attention_pane_set_explorer(LensAttentionPane *self, LensExplorer *explorer);
LensExplorer *lens_attention_pane_get_explorer(LensAttentionPane *self); /* NULL before it is set */
LensModelMap *lens_attention_pane_get_model_map(LensAttentionPane *self);

/* "graph", "matrix", "heads", "numbers" */
void lens_attention_pane_set_view(LensAttentionPane *self, const char *view);
const char *lens_attention_pane_get_view(LensAttentionPane *self);

/* Which of the run held as A, the current one and their differences is shown. */
void lens_attention_pane_set_compare(LensAttentionPane *self, LensCompareMode mode);
LensCompareMode lens_attention_pane_get_compare(LensAttentionPane *self);

/* The run that is shown: the current one, the one held as A, or their difference; borrowed. */
LensRun *lens_attention_pane_get_run(LensAttentionPane *self);
/* That beside it; NULL: none. */
LensRun *lens_attention_pane_get_other_run(LensAttentionPane *self);
/* Saves the view as it is shown (lens_print_canvas). */
gboolean lens_attention_pane_export(LensAttentionPane *self, const LensPrint *print,
                                    const char *path, GError **error);
/* The numbers of what is shown: of the table its rows, else of the map as it is read. */
gboolean lens_attention_pane_export_csv(LensAttentionPane *self, const char *path, GError **error);

G_END_DECLS
