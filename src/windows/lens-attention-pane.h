/* The right of Explore: the map of the model, and the picked map as graph or matrix. */
#pragma once

#include <gtk/gtk.h>

#include "lens-explorer.h"
#include "lens-model-map.h"

G_BEGIN_DECLS

#define LENS_TYPE_ATTENTION_PANE (lens_attention_pane_get_type())
G_DECLARE_FINAL_TYPE(LensAttentionPane, lens_attention_pane, LENS, ATTENTION_PANE, GtkWidget)

void lens_attention_pane_set_explorer(LensAttentionPane *self, LensExplorer *explorer);
LensModelMap *lens_attention_pane_get_model_map(LensAttentionPane *self);

/* "graph", "matrix", "heads", "numbers" */
void lens_attention_pane_set_view(LensAttentionPane *self, const char *view);
const char *lens_attention_pane_get_view(LensAttentionPane *self);

/* Saves what is shown, by the name's ending (svg, pdf, png, csv). */
gboolean lens_attention_pane_export(LensAttentionPane *self, const char *path, GError **error);

G_END_DECLS
