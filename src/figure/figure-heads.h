/* Small multiples: every head of one map, or of many maps (one line of pictures each). */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int map, head;
  FigureRect cells;        /* the small matrix */
  double label_x, label_y; /* "head 3" */
  int rows, cols;          /* shown */
  double *weights;         /* [rows][cols] of what is shown */
  double max;
  bool off; /* drawn as switched off */
} FigureHeadPanel;

typedef struct {
  double width, height; /* height may be more than asked for: let it scroll */
  int n_panels;
  FigureHeadPanel *panels;
  int n_titles;
  char **titles; /* of the maps */
  double *title_x, *title_y;
  double font_size;
} FigureHeads;

/* reading->head is not used: every head is shown. `off` may be NULL, else [n_maps][heads] with true
 * for heads that are switched off. *out is owned: figure_heads_free. */
bool figure_heads_layout(const FigureMap *const *maps, int n_maps, const bool *const *off,
                         const FigureReading *reading, const FigureStyle *style, double width,
                         double height, FigureHeads **out, FigureError *error);
void figure_heads_free(FigureHeads *self); /* NULL is fine */
FigureHit figure_heads_hit(const FigureHeads *self, double x, double y);
/* `map`, `head`: the one that is picked, -1 = none. */
void figure_heads_draw(cairo_t *cr, const FigureHeads *self, const FigureStyle *style, int map,
                       int head);

#ifdef __cplusplus
}
#endif
