#include "figure-graph-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure-text.h"

#define LEAST_SCALE 0.2 /* full line width means at least this weight */

static bool is_cross(const FigureGraph *self)
{
  return self->query_is_words != self->key_is_words;
}

void figure_graph_free(FigureGraph *self)
{
  if (!self)
    return;
  for (int i = 0; i < self->n_nodes; i++) {
    free(self->nodes[i].label);
    free(self->nodes[i].shown);
  }
  free(self->nodes);
  free(self->edges);
  free(self->query_node);
  free(self->key_node);
  if (self->image)
    cairo_surface_destroy(self->image);
  free(self);
}

static bool add_nodes(FigureGraph *self, const FigureMap *map, const FigureReading *reading)
{
  bool boxes_only = !map->query_is_words && !map->key_is_words;
  int keys_from = boxes_only ? 0 : map->rows;
  int n = boxes_only ? (map->rows > map->cols ? map->rows : map->cols) : map->rows + map->cols;

  self->nodes = calloc((size_t)n, sizeof *self->nodes);
  self->query_node = calloc((size_t)map->rows, sizeof *self->query_node);
  self->key_node = calloc((size_t)map->cols, sizeof *self->key_node);
  if (!self->nodes || !self->query_node || !self->key_node)
    return false;
  self->n_nodes = n;
  for (int r = 0; r < map->rows; r++)
    self->query_node[r] = r;
  for (int c = 0; c < map->cols; c++)
    self->key_node[c] = keys_from + c;
  for (int i = 0; i < n; i++) {
    FigureNode *node = &self->nodes[i];
    bool query = i < map->rows;
    int index = query ? i : i - keys_from;
    const char *const *labels = query ? map->row_labels : map->col_labels;
    node->index = index;
    node->is_word = query ? map->query_is_words : map->key_is_words;
    node->side = boxes_only ? FIGURE_EITHER_SIDE : query ? FIGURE_AS_QUERY : FIGURE_AS_KEY;
    node->label = figure_text_clean(labels ? labels[index] : NULL);
    node->shown = figure_text_clean(NULL);
    if (!node->label || !node->shown)
      return false;
    node->hidden = reading->hide_special && node->is_word && figure_label_is_special(node->label);
  }
  return true;
}

static void add_mass(FigureGraph *self, const double *weights)
{
  for (int r = 0; r < self->rows; r++)
    for (int c = 0; c < self->cols; c++) {
      double w = weights[(size_t)r * (size_t)self->cols + (size_t)c];
      self->nodes[self->key_node[c]].mass += w;
      if (self->key_node[0] != 0) /* not boxes over boxes, whose nodes are both */
        self->nodes[self->query_node[r]].mass += w;
    }
}

static int compare_edges(const void *a, const void *b)
{
  const FigureEdge *x = a, *y = b;
  int by_weight = (x->weight > y->weight) - (x->weight < y->weight);
  return by_weight ? by_weight : x->query != y->query ? x->query - y->query : x->key - y->key;
}

/* Which edges are drawn when nothing is highlighted: enough to show the pattern, few enough to be
 * told apart. */
static void mark_strong(FigureGraph *self)
{
  bool words = self->query_is_words && self->key_is_words;
  int most = words ? 400 : is_cross(self) ? 80 : 40;
  double least = self->scale * (words ? 0.02 : is_cross(self) ? 0.08 : 0.12);

  for (int i = 0; i < self->n_edges; i++)
    self->edges[i].strong = i >= self->n_edges - most && self->edges[i].weight >= least;
}

static bool add_edges(FigureGraph *self, const double *weights)
{
  size_t n = (size_t)self->rows * (size_t)self->cols;
  double top = 0.0;

  for (size_t i = 0; i < n; i++)
    top = fmax(top, weights[i]);
  self->scale = fmax(top, LEAST_SCALE);
  self->edges = calloc(n, sizeof *self->edges);
  if (!self->edges)
    return false;
  for (size_t i = 0; i < n; i++) {
    FigureEdge *edge = &self->edges[self->n_edges];
    double t = weights[i] / self->scale;
    int r = (int)(i / (size_t)self->cols), c = (int)(i % (size_t)self->cols);
    if (!(t > 0.001) || self->nodes[self->query_node[r]].hidden ||
        self->nodes[self->key_node[c]].hidden)
      continue;
    *edge = (FigureEdge){.from = self->query_node[r],
                         .to = self->key_node[c],
                         .query = r,
                         .key = c,
                         .weight = weights[i]};
    edge->width = 0.5 + (self->query_is_words && self->key_is_words ? 5.5 : 4.0) * fmin(t, 1.0);
    edge->alpha = 0.10 + 0.80 * fmin(t, 1.0);
    figure_graph_bend(self, edge);
    self->n_edges++;
  }
  qsort(self->edges, (size_t)self->n_edges, sizeof *self->edges, compare_edges);
  mark_strong(self);
  return true;
}

static void add_heading(FigureGraph *self, const FigureStyle *style)
{
  const FigureWords *say = figure_words();
  FigureFont font;

  snprintf(self->heading, sizeof self->heading, "%s%s -> %s%s", say->query,
           self->query_is_words ? say->words : say->boxes, say->key,
           self->key_is_words ? say->words : say->boxes);
  figure_font_init(&font, style->font, style->font_size * 0.95);
  double width = fmin(figure_text_width(&font, self->heading) + 8, self->width - 8);
  self->heading_rect =
      (FigureRect){figure_mirror(style, self->width, 4, width), 3, width, font.line + 3};
  figure_font_done(&font);
}

/* Beside the heading, once the lines are known. */
static void add_measure(FigureGraph *self, const FigureStyle *style)
{
  const FigureWords *say = figure_words();
  FigureRect r = self->heading_rect;
  FigureFont font;
  int drawn = 0, used;

  for (int i = 0; i < self->n_edges; i++)
    drawn += self->edges[i].strong;
  if (!drawn)
    return;
  used = snprintf(self->measure, sizeof self->measure, "%.30s %.2f", say->widest,
                  self->edges[self->n_edges - 1].weight);
  if (drawn < self->n_edges && used > 0 && used < (int)sizeof self->measure)
    snprintf(self->measure + used, sizeof self->measure - (size_t)used, " · %.20s %d/%d",
             say->lines, drawn, self->n_edges);
  figure_font_init(&font, style->font, style->font_size * 0.95);
  double width = figure_text_width(&font, self->measure), gap = 1.6 * font.size;
  double x = style->mirrored ? r.x - gap - width : r.x + r.w + gap;
  if (x >= 4.0 && x + width <= self->width - 4.0)
    self->measure_rect = (FigureRect){x, r.y, width, r.h};
  figure_font_done(&font);
}

static bool fill(FigureGraph *self, const FigureMap *map, const FigureReading *reading,
                 const FigureStyle *style, double *weights, FigureError *error)
{
  bool placed;

  if (!figure_read(map, reading, weights))
    return figure_fail(error, "The map has no head %d to draw.", reading->head);
  if (!add_nodes(self, map, reading))
    return figure_fail(error, "Not enough memory to lay out the graph.");
  add_mass(self, weights);
  add_heading(self, style);
  if (map->query_is_words && map->key_is_words)
    placed = figure_graph_arrange_words(self, style);
  else if (is_cross(self))
    placed = figure_graph_arrange_cross(self, map, style);
  else
    placed = figure_graph_arrange_boxes(self, map, style);
  if (!placed || !add_edges(self, weights))
    return figure_fail(error, "Not enough memory to lay out the graph.");
  add_measure(self, style);
  return true;
}

static bool check_map(const FigureMap *map, double width, double height, FigureError *error)
{
  int boxes = map->query_is_words ? 0 : map->rows;

  if (!map->key_is_words && map->cols > boxes)
    boxes = map->cols;
  if (map->rows <= 0 || map->cols <= 0 || map->heads <= 0 || !map->values)
    return figure_fail(error, "The attention map is empty.");
  if (boxes > 0 && (!map->boxes || map->n_boxes < boxes))
    return figure_fail(error, "The map has %d boxes but only %d have a place on the image.", boxes,
                       map->boxes ? map->n_boxes : 0);
  if (!(width >= 40.0 && height >= 40.0))
    return figure_fail(error, "The figure needs at least 40 by 40 units.");
  return true;
}

bool figure_graph_layout(const FigureMap *map, const FigureReading *reading,
                         const FigureStyle *style, double width, double height, FigureGraph **out,
                         FigureError *error)
{
  FigureGraph *self;
  double *weights;
  bool ok = false;

  *out = NULL;
  if (!check_map(map, width, height, error))
    return false;
  self = calloc(1, sizeof *self);
  weights = malloc((size_t)map->rows * (size_t)map->cols * sizeof *weights);
  if (self && weights) {
    self->width = width;
    self->height = height;
    self->query_is_words = map->query_is_words;
    self->key_is_words = map->key_is_words;
    self->rows = map->rows;
    self->cols = map->cols;
    self->image_width = map->image_width;
    self->image_height = map->image_height;
    self->image = map->image ? cairo_surface_reference(map->image) : NULL;
    ok = fill(self, map, reading, style, weights, error);
  } else {
    figure_fail(error, "Not enough memory to lay out the graph.");
  }
  free(weights);
  if (!ok) {
    figure_graph_free(self);
    return false;
  }
  *out = self;
  return true;
}

/* 1 = matches, 0 = does not, -1 = nothing is highlighted that this graph knows. */
static int edge_matches(const FigureGraph *self, const FigureEdge *edge, int word, int box,
                        FigureSide side)
{
  int query = self->query_is_words ? word : box, key = self->key_is_words ? word : box;

  if (is_cross(self)) {
    if (query < 0 && key < 0)
      return -1;
    return (query >= 0 && edge->query == query) || (key >= 0 && edge->key == key);
  }
  if (query < 0)
    return -1;
  return side == FIGURE_AS_KEY ? edge->key == key : edge->query == query;
}

bool figure_graph_edge_shown(const FigureGraph *self, const FigureEdge *edge,
                             const FigureHighlight *highlight)
{
  int match = edge_matches(self, edge, highlight->word, highlight->box, highlight->side);

  if (match < 0)
    match =
        edge_matches(self, edge, highlight->pinned_word, highlight->pinned_box, FIGURE_EITHER_SIDE);
  return match < 0 ? edge->strong : match == 1;
}

void figure_edge_point(const FigureEdge *edge, double t, double *x, double *y)
{
  double u = 1.0 - t, a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
  *x = a * edge->x[0] + b * edge->x[1] + c * edge->x[2] + d * edge->x[3];
  *y = a * edge->y[0] + b * edge->y[1] + c * edge->y[2] + d * edge->y[3];
}

static double edge_distance(const FigureEdge *edge, double x, double y)
{
  double best = 1e18, x0, y0, x1, y1;

  figure_edge_point(edge, 0.0, &x0, &y0);
  for (int i = 1; i <= 24; i++) {
    figure_edge_point(edge, i / 24.0, &x1, &y1);
    double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
    double t = length > 0 ? ((x - x0) * dx + (y - y0) * dy) / length : 0.0;
    t = fmax(0.0, fmin(1.0, t));
    best = fmin(best, hypot(x - x0 - t * dx, y - y0 - t * dy));
    x0 = x1;
    y0 = y1;
  }
  return best;
}

/* Rotated labels are tested in their own direction, so that neighbours do not steal the pointer. */
static bool node_holds(const FigureNode *node, double x, double y)
{
  double c = cos(node->label_angle), s = sin(node->label_angle);
  double u = c * (x - node->label_x) + s * (y - node->label_y);
  double v = c * (y - node->label_y) - s * (x - node->label_x);

  if (node->hidden)
    return false;
  if (!node->is_word)
    return figure_rect_holds(node->rect, x, y) ||
           (node->shown[0] && figure_rect_holds(node->label_rect, x, y));
  if (hypot(x - node->anchor_x, y - node->anchor_y) < 6.0)
    return true;
  if (node->label_angle != 0.0 && node->shown[0])
    return u >= -2 && u <= node->label_length + 2 && v >= -0.8 * node->label_line &&
           v <= 0.25 * node->label_line;
  return figure_rect_holds(node->rect, x, y);
}

FigureHit figure_graph_hit(const FigureGraph *self, const FigureHighlight *highlight, double x,
                           double y)
{
  FigureHit hit = FIGURE_NO_HIT;
  double smallest = 1e18;

  for (int i = 0; i < self->n_nodes; i++) {
    const FigureNode *node = &self->nodes[i];
    double area = node->rect.w * node->rect.h;
    if (area >= smallest || !node_holds(node, x, y))
      continue;
    smallest = area;
    hit.kind = node->is_word ? FIGURE_HIT_WORD : FIGURE_HIT_BOX;
    hit.word = node->is_word ? node->index : -1;
    hit.box = node->is_word ? -1 : node->index;
    hit.side = node->side;
  }
  for (int i = self->n_edges - 1; i >= 0 && hit.kind == FIGURE_HIT_NONE; i--) {
    const FigureEdge *edge = &self->edges[i];
    if (!figure_graph_edge_shown(self, edge, highlight) || edge_distance(edge, x, y) > 4.0)
      continue;
    hit = (FigureHit){FIGURE_HIT_EDGE, -1, -1, FIGURE_EITHER_SIDE, edge->query,
                      edge->key,       -1, -1, edge->weight};
  }
  return hit;
}
