/* How the heads of a map become one picture: the menu of readings, and the heads that are read
 * together. */
#pragma once

#include <gtk/gtk.h>

#include "lens-selection.h"

G_BEGIN_DECLS

/* The drop-down follows the selection's reading and sets it. */
void lens_attention_choose_reading(GtkDropDown *drop, LensSelection *selection);

/* A button for each head of the picked map, shown while several are read. */
#define LENS_TYPE_HEADS_BAR (lens_heads_bar_get_type())
G_DECLARE_FINAL_TYPE(LensHeadsBar, lens_heads_bar, LENS, HEADS_BAR, GtkWidget)

void lens_heads_bar_set_selection(LensHeadsBar *self, LensSelection *selection);
void lens_heads_bar_set_n_heads(LensHeadsBar *self, int n);

G_END_DECLS
