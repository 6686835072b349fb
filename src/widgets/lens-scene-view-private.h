/* What the scene view and its input share. */
#pragma once

#include "figure-scene.h"
#include "lens-scene-drag.h"
#include "lens-scene-view.h"

G_BEGIN_DECLS

struct _LensSceneView {
  LensCanvas parent_instance;

  LensScene *scene;
  LensSelection *selection;
  int first_box; /* what the selection calls the scene's first one */
  float *weights;
  double threshold;
  double zoom;
  double offset_x, offset_y; /* of the view's corner in the zoomed figure */
  double pan_x, pan_y;       /* the offset where a pan began */
  LensSceneDrag drag;
  const char *cursor; /* static */
  gboolean drawn;     /* a box was drawn: the keyboard comes to it when it is there */
  gboolean draft;     /* drag.rect is drawn: where the box will be */

  FigureScene *figure; /* boxes under the threshold are not in it */
  GArray *shown;       /* of int: the region of each of the figure's boxes */
};

/* The pinned box's place in the figure; NULL when none is. */
const FigureRect *lens_scene_view_pinned_rect(LensSceneView *self, int *box);
/* A press that was no drag. */
void lens_scene_view_pin_at(LensSceneView *self, double x, double y);

/* ---- lens-scene-draw.c ---- */
/* A region's place among the shown boxes, -1 when it is not shown. */
int lens_scene_view_shown_index(LensSceneView *self, int region);
/* The box of this scene that a target means, of a cell its end here; -1 for none. */
int lens_scene_view_own_box(LensSceneView *self, LensTarget target);
/* The zoomed image covers the view, of that size. */
void lens_scene_view_clamp_offset(LensSceneView *self, double width, double height);
/* LensCanvas's layout and draw. */
void lens_scene_view_layout(LensCanvas *canvas, double width, double height);
void lens_scene_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height);

/* ---- lens-scene-input.c ---- */
/* Zooming, panning, and drawing, moving and resizing boxes, by pointer and by keyboard. */
void lens_scene_input_init(LensSceneView *self);
void lens_scene_input_add_bindings(GtkWidgetClass *widget_class);

G_END_DECLS
