/* GTK's render nodes in a vector file. Internal to lens-print. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* As gsk_render_node_draw, but what only pixels can show is a picture of its own, and glyphs are
 * filled outlines where asked. */
void lens_print_node(GskRenderNode *node, cairo_t *cr, gboolean text_as_paths);

G_END_DECLS
