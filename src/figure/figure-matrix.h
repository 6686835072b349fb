/* One attention map as a matrix: queries down, keys across, labels and a colour scale. */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int index;                /* row or column of the map */
  char *text;               /* what fits; "" when there is no room for it */
  double x, y, angle, size; /* baseline start, radians, font size */
  FigureRect rect;          /* bounds of the drawn label */
} FigureAxisLabel;

typedef struct {
  double width, height;
  bool query_is_words, key_is_words;
  bool mirrored;        /* the rows' labels stand right of the cells */
  int rows, cols;       /* of the map */
  int n_rows, n_cols;   /* shown: special words may be hidden */
  int *row_of, *col_of; /* [n_rows], [n_cols]: index in the map */
  double *weights;      /* [rows][cols], as read */
  FigureRect cells;     /* all cells; one is cells.w / n_cols by cells.h / n_rows */
  FigureAxisLabel *row_labels, *col_labels; /* [n_rows], [n_cols] */
  FigureRect scale_rect;                    /* the colour scale */
  double scale_max;                         /* weight at the scale's end; it starts at 0 */
  char quantity[96];                        /* written beside it: "attention" */
  double axis_x, axis_y;                    /* where "query" and "key" are written */
  double font_size;
  cairo_surface_t *thumbs;     /* of the boxes; NULL: none are drawn */
  double row_thumb, col_thumb; /* their sides, between labels and cells; 0 = none there */
} FigureMatrix;

/* Fails on an empty map or a width or height under 40. *out is owned: figure_matrix_free. */
bool figure_matrix_layout(const FigureMap *map, const FigureReading *reading,
                          const FigureStyle *style, double width, double height, FigureMatrix **out,
                          FigureError *error);
void figure_matrix_free(FigureMatrix *self); /* NULL is fine */

/* The cell's rectangle for a row and column of the map; empty when hidden. */
FigureRect figure_matrix_cell(const FigureMatrix *self, int query, int key);

/* Where the picture of the box of a row or column is drawn; empty without one. */
FigureRect figure_matrix_thumb(const FigureMatrix *self, bool row, int index);

/* A cell, or the word or box of a label. */
FigureHit figure_matrix_hit(const FigureMatrix *self, double x, double y);

/* `query`, `key`: the cell that is framed, -1 = none. The highlighted word or box frames its whole
 * row and column. */
void figure_matrix_draw(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style,
                        const FigureHighlight *highlight, int query, int key);

#ifdef __cplusplus
}
#endif
