/* Lays out one picture or two: the second beside the first or below it, whichever leaves them larger. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LENS_TYPE_PAIR_LAYOUT (lens_pair_layout_get_type())
G_DECLARE_FINAL_TYPE(LensPairLayout, lens_pair_layout, LENS, PAIR_LAYOUT, GtkLayoutManager)

GtkLayoutManager *lens_pair_layout_new(void);

G_END_DECLS
