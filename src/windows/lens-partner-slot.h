/* The place of the second image, for models that judge a statement about two (NLVR2): choosing it
 * from the library or from a file, and its boxes. Hidden while the model takes one image. */
#pragma once

#include "lens-explorer.h"
#include "lens-scene-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_PARTNER_SLOT (lens_partner_slot_get_type())
G_DECLARE_FINAL_TYPE(LensPartnerSlot, lens_partner_slot, LENS, PARTNER_SLOT, GtkWidget)

void lens_partner_slot_set_explorer(LensPartnerSlot *self, LensExplorer *explorer);
/* Opens the list of images. */
void lens_partner_slot_choose(LensPartnerSlot *self);
LensSceneView *lens_partner_slot_get_scene_view(LensPartnerSlot *self);

/* Clicks into `widget` look at this half of a pair. */
void lens_partner_slot_turn_on_click(GtkWidget *widget, LensExplorer *explorer, int half);

G_END_DECLS
