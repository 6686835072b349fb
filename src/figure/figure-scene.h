/* The image with its boxes and their labels, placed so that none covers another. */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const float *boxes;        /* [n][4] x1 y1 x2 y2 divided by the image's size */
  const char *const *labels; /* [n] "red ball 0.97"; an entry may be NULL */
  const bool *removed;       /* [n] drawn dashed, without label; may be NULL */
  const float *weights;      /* [n] 0..1 fills a box with the scale's colour; may be NULL */
  int n;
  cairo_surface_t *image; /* may be NULL */
  int image_width, image_height;
} FigureSceneInput;

typedef struct {
  FigureRect rect; /* the box in the figure */
  char *label;     /* owned */
  bool removed;
  double weight;           /* -1 = none */
  bool label_shown;        /* false: no free place; drawn when highlighted */
  FigureRect label_rect;   /* the label's plate, also when not shown */
  double label_x, label_y; /* baseline */
} FigureSceneBox;

typedef struct {
  double width, height;
  FigureRect image_rect;
  cairo_surface_t *image; /* a reference; may be NULL */
  int image_width, image_height;
  int n;
  FigureSceneBox *boxes; /* in the input's order */
  double font_size;
} FigureScene;

/* The image keeps its shape and is centred. *out is owned: figure_scene_free. */
bool figure_scene_layout(const FigureSceneInput *input, const FigureStyle *style, double width,
                         double height, FigureScene **out, FigureError *error);
void figure_scene_free(FigureScene *self); /* NULL is fine */
/* The smallest box under the point, or the box of the label there. */
FigureHit figure_scene_hit(const FigureScene *self, double x, double y);
void figure_scene_draw(cairo_t *cr, const FigureScene *self, const FigureStyle *style,
                       const FigureHighlight *highlight);

#ifdef __cplusplus
}
#endif
