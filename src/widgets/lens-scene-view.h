/* The image with the boxes that were found: zoom, pan, a confidence threshold, hover and pin.
 * Dragging draws a new box, or moves and resizes the pinned one; Ctrl or the middle button pans.
 * Insert adds one, Ctrl+arrows move the pinned one, Ctrl+Shift+arrows resize it. */
#pragma once

#include "lens-canvas.h"
#include "lens-scene.h"
#include "lens-selection.h"

G_BEGIN_DECLS

#define LENS_TYPE_SCENE_VIEW (lens_scene_view_get_type())
G_DECLARE_FINAL_TYPE(LensSceneView, lens_scene_view, LENS, SCENE_VIEW, LensCanvas)

/* Signal "remove-box" (int box): Delete, or a secondary click; asked again it means put back.
 * Signal "place-box" (int box, gpointer const float[4], gboolean live): -1 a new one; x1 y1 x2 y2
 * in shares of the image; live: more of the same movement follows. */
GtkWidget *lens_scene_view_new(void);

void lens_scene_view_set_scene(LensSceneView *self, LensScene *scene);
LensScene *lens_scene_view_get_scene(LensSceneView *self);
void lens_scene_view_set_selection(LensSceneView *self, LensSelection *selection);
/* What the selection calls the scene's first box: another image's may be counted before it. 0 at first. */
void lens_scene_view_set_first_box(LensSceneView *self, int first);

/* Attention to each box, 0..1, shown as fill; NULL for none. Copied; one value a region. */
void lens_scene_view_set_weights(LensSceneView *self, const float *weights);

/* Boxes under this confidence are not shown; property "threshold". */
void lens_scene_view_set_threshold(LensSceneView *self, double threshold);

/* 1 = the image fits; property "zoom", 1..8. The view is kept around the point (widget
 * coordinates). */
double lens_scene_view_get_zoom(LensSceneView *self);
void lens_scene_view_zoom_at(LensSceneView *self, double zoom, double x, double y);

/* The box under a point, -1 for none (tests). */
int lens_scene_view_hit(LensSceneView *self, double x, double y);

G_END_DECLS
