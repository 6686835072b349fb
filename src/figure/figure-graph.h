/* The graph of one attention map.
 *
 *   words -> words   queries above, keys below, curves between them
 *   boxes -> boxes   arrows over the image, from the asking box to the box it looks at
 *   words <-> boxes  words beside the image (below it when the figure is tall), arrows to or from
 *                    the boxes, always from query to key
 */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  bool is_word;    /* else a box */
  FigureSide side; /* row of words above or below; FIGURE_EITHER_SIDE for boxes of a visual map */
  int index;       /* of the word or the box in the map */
  bool hidden;     /* left out by the reading: not drawn, never hit */
  FigureRect rect; /* the word's chip or the box on the image */
  double anchor_x, anchor_y; /* where edges start or end */
  char *label;               /* full text; owned by the graph */
  char *shown; /* what fits; "" when there is no room (the pointer still finds the node) */
  double label_x, label_y; /* baseline start of `shown` */
  double label_angle;      /* radians, 0 = horizontal, negative = rising */
  double label_size;       /* font size */
  double label_length;     /* width of `shown` along its baseline */
  double label_line;       /* its line height */
  FigureRect label_rect;   /* bounds of the drawn label */
  double mass;             /* attention that it gives (query) or gets (key), summed */
} FigureNode;

typedef struct {
  int from, to;   /* nodes: query and key */
  int query, key; /* row and column of the map */
  double weight;
  double width;      /* of the line */
  double alpha;      /* 0..1 */
  bool strong;       /* drawn when nothing is highlighted */
  double x[4], y[4]; /* cubic Bezier from query to key */
} FigureEdge;

typedef struct {
  double width, height;
  bool query_is_words, key_is_words;
  int n_nodes, n_edges;
  FigureNode *nodes;
  FigureEdge *edges; /* by rising weight, so that strong lines are drawn last */
  int *query_node;   /* [rows] -> node */
  int *key_node;     /* [cols] -> node */
  int rows, cols;
  FigureRect image_rect;  /* where the image is drawn; empty for words only */
  bool words_beside;      /* words left of the image, else below it */
  cairo_surface_t *image; /* a reference; may be NULL */
  int image_width, image_height;
  char heading[96]; /* "query: words -> key: boxes", the arrow as in the drawing */
  FigureRect heading_rect;
  char measure[96]; /* "widest line: 0.42 · lines: 80/341": what a line means, how many are drawn */
  FigureRect measure_rect; /* w = 0: there is no room for it */
  double scale;            /* the weight that is drawn at full width */
} FigureGraph;

/* Needs the style for the font only. Fails on an empty map or a width or height under 40. *out is
 * owned: figure_graph_free. */
bool figure_graph_layout(const FigureMap *map, const FigureReading *reading,
                         const FigureStyle *style, double width, double height, FigureGraph **out,
                         FigureError *error);
void figure_graph_free(FigureGraph *self); /* NULL is fine */

/* The node under the point (the smallest box when several overlap), else an edge that is drawn with
 * `highlight`, within 4 units. */
FigureHit figure_graph_hit(const FigureGraph *self, const FigureHighlight *highlight, double x,
                           double y);

/* True when the edge is drawn at full strength with this highlight: the edges of the highlighted
 * word or box (in words over words and boxes over boxes those where it is the query, unless
 * highlight->side says the key), else the strong ones. */
bool figure_graph_edge_shown(const FigureGraph *self, const FigureEdge *edge,
                             const FigureHighlight *highlight);

/* Paints onto whatever is there; the style's background is not painted. */
void figure_graph_draw(cairo_t *cr, const FigureGraph *self, const FigureStyle *style,
                       const FigureHighlight *highlight);

#ifdef __cplusplus
}
#endif
