/* One drawn thing (a word, a box, a head) as the keyboard and a screen reader see it: a
 * transparent, focusable child of a LensCanvas with an accessible name. The pointer passes through;
 * the canvas finds what lies under it by its own hit test. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LENS_TYPE_NODE (lens_node_get_type())
G_DECLARE_FINAL_TYPE(LensNode, lens_node, LENS, NODE, GtkWidget)

LensNode *lens_node_new(GtkAccessibleRole role);

/* What a screen reader says; copied. */
void lens_node_set_name(LensNode *self, const char *name);
const char *lens_node_get_name(LensNode *self);

/* The selected state: pinned, or picked. */
void lens_node_set_selected(LensNode *self, gboolean selected);

G_END_DECLS
