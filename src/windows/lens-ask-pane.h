/* The middle of Explore: the image, the question, its tokens and the answers. */
#pragma once

#include <gtk/gtk.h>

#include "lens-canvas.h"
#include "lens-explorer.h"

G_BEGIN_DECLS

#define LENS_TYPE_ASK_PANE (lens_ask_pane_get_type())
G_DECLARE_FINAL_TYPE(LensAskPane, lens_ask_pane, LENS, ASK_PANE, GtkWidget)

void lens_ask_pane_set_explorer(LensAskPane *self, LensExplorer *explorer);

/* Moves the keyboard to the entry and selects its text. */
void lens_ask_pane_focus_question(LensAskPane *self);

/* Opens the list of images for the second one of a pair. */
void lens_ask_pane_choose_partner(LensAskPane *self);

/* The image with its boxes. */
LensCanvas *lens_ask_pane_get_scene_view(LensAskPane *self);

G_END_DECLS
