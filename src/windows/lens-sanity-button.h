/* A button over the image: is what the model gets what it was trained on? Its popover lists the
 * facts; the button itself warns when one of them is odd. */
#pragma once

#include <gtk/gtk.h>

#include "lens-scene.h"

G_BEGIN_DECLS

#define LENS_TYPE_SANITY_BUTTON (lens_sanity_button_get_type())
G_DECLARE_FINAL_TYPE(LensSanityButton, lens_sanity_button, LENS, SANITY_BUTTON, GtkWidget)

/* NULL, or a scene of which nothing is known, hides the button. */
void lens_sanity_button_set_scene(LensSanityButton *self, LensScene *scene);

G_END_DECLS
