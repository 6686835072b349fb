/* What dragging does to the boxes of an image, as numbers: a new box, or the pinned one moved or
 * resized by its edges and corners. Everything in the figure's pixels; what comes out are shares of
 * the image, inside it and never without an area. */
#pragma once

#include <glib.h>

#include "figure.h"

G_BEGIN_DECLS

typedef enum {
  LENS_DRAG_NONE,
  LENS_DRAG_PAN,
  LENS_DRAG_NEW,
  LENS_DRAG_MOVE,
  LENS_DRAG_RESIZE,
} LensDragMode;

typedef struct {
  LensDragMode mode;
  int box;        /* the pinned one; -1: a new one */
  gboolean moved; /* far enough to be no click */
  float rect[4];  /* x1 y1 x2 y2, each 0..1 */

  FigureRect image, from;
  double x, y;
  int side_x, side_y; /* the edge that follows: -1 left or top, 1 right or bottom, 0 none */
} LensSceneDrag;

/* `pinned` may be NULL. Mode NONE outside the image. */
void lens_scene_drag_begin(LensSceneDrag *self, const FigureRect *image, const FigureRect *pinned,
                           int box, double x, double y);
/* The pointer is dx, dy from where it began; TRUE once it is a drag and `rect` says where to. */
gboolean lens_scene_drag_update(LensSceneDrag *self, double dx, double dy);
/* A step of the keyboard, in shares of the image: moves the box, or its right and lower edge. */
void lens_scene_drag_nudge(float rect[4], double dx, double dy, gboolean resize);
/* A CSS cursor name for what dragging from here would do. */
const char *lens_scene_drag_cursor(const FigureRect *image, const FigureRect *pinned, double x,
                                   double y);

G_END_DECLS
