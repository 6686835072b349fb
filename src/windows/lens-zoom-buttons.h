/* Nearer and farther, for an image. */
#pragma once

#include "lens-scene-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_ZOOM_BUTTONS (lens_zoom_buttons_get_type())
G_DECLARE_FINAL_TYPE(LensZoomButtons, lens_zoom_buttons, LENS, ZOOM_BUTTONS, GtkWidget)

GtkWidget *lens_zoom_buttons_new(void);
/* Once. */
void lens_zoom_buttons_set_view(LensZoomButtons *self, LensSceneView *view);

G_END_DECLS
