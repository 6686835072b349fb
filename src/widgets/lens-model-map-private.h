/* What lens-model-map.c (layout, keys) and lens-model-map-draw.c (drawing) share. */
#pragma once

#include "lens-model-map.h"

/* At the usual size of text (lens_canvas_get_text_scale). */
#define GUTTER 20.0 /* layer numbers */
#define HEADER 36.0 /* two lines of titles */
#define FOOTER 18.0 /* the colour scale */
#define COLUMN_GAP 10.0
#define GROUP_GAP 18.0 /* before the cross-modality columns */
#define MAX_CELL 26.0
#define MAX_ROW 26.0

/* A strip is one map: a line of heads. */
typedef struct {
  char *map;
  LensModule module;
  int layer, heads;
  guint first_node;
  FigureRect rect;
} LensStrip;

struct _LensModelMap {
  LensCanvas parent_instance;

  LensRun *run;
  LensModel *model;
  LensSelection *selection;
  LensEdits *edits;
  LensStat stat;
  LensEffects *effects; /* NULL: none */

  GArray *strips; /* of LensStrip */
  GArray *values; /* of double, one a node; NAN = none */
  double low, high;
  guint known; /* of the values */
  int hovered; /* node, -1 */
  double column_x[LENS_N_MODULES], column_w[LENS_N_MODULES];
};

/* Borrowed; NULL when there is none. */
LensStrip *lens_model_map_strip_of_node(LensModelMap *self, int node, int *head);
LensStrip *lens_model_map_find_strip(LensModelMap *self, LensModule module, int layer);
/* Layers of the longest column. */
int lens_model_map_n_lines(LensModelMap *self);

/* Every number is the difference of those of two runs. */
gboolean lens_model_map_is_difference(LensModelMap *self);

/* The node that is hovered here or previewed elsewhere, -1 for none. */
int lens_model_map_get_previewed(LensModelMap *self);

/* lens-model-map-draw.c */
void lens_model_map_draw(LensCanvas *canvas, cairo_t *cr, double width, double height);
