/* One attention map as a graph: words above and below for language, arrows over the image for
 * vision, lines between words and boxes for cross-modality. */
#pragma once

#include "figure-graph.h"
#include "lens-run-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_GRAPH_VIEW (lens_graph_view_get_type())
G_DECLARE_FINAL_TYPE(LensGraphView, lens_graph_view, LENS, GRAPH_VIEW, LensRunView)

GtkWidget *lens_graph_view_new(void);

/* The layout as drawn, borrowed; NULL when nothing is shown (tests). */
const FigureGraph *lens_graph_view_get_graph(LensGraphView *self);

G_END_DECLS
