#include "figure-graph-private.h"

#include <math.h>
#include <stdlib.h>

#include "figure-text.h"

/* What one drawing of a graph knows: how much each node takes part in the shown edges. */
typedef struct {
  cairo_t *cr;
  const FigureGraph *graph;
  const FigureStyle *style;
  const FigureHighlight *highlight;
  bool picking; /* something is highlighted */
  double *part; /* [n_nodes] largest t of a shown edge, 0 = takes no part */
} Drawing;

static bool is_picked(const Drawing *d, const FigureNode *node)
{
  const FigureHighlight *h = d->highlight;
  int hovered = node->is_word ? h->word : h->box;
  int pinned = node->is_word ? h->pinned_word : h->pinned_box;
  bool side =
      h->side == FIGURE_EITHER_SIDE || node->side == FIGURE_EITHER_SIDE || h->side == node->side;
  bool both_words = d->graph->query_is_words && d->graph->key_is_words;

  if (both_words && h->side == FIGURE_EITHER_SIDE)
    side = node->side == FIGURE_AS_QUERY;
  if (hovered >= 0)
    return hovered == node->index && side;
  return pinned == node->index && !(both_words && node->side == FIGURE_AS_KEY);
}

static FigureColor kind_color(const FigureStyle *style, bool is_word)
{
  return is_word ? style->word : style->box;
}

static void trace_edge(cairo_t *cr, const FigureEdge *e)
{
  cairo_move_to(cr, e->x[0], e->y[0]);
  cairo_curve_to(cr, e->x[1], e->y[1], e->x[2], e->y[2], e->x[3], e->y[3]);
}

static void set_edge_source(const Drawing *d, const FigureEdge *e, double alpha)
{
  FigureColor a = kind_color(d->style, d->graph->query_is_words);
  FigureColor b = kind_color(d->style, d->graph->key_is_words);
  cairo_pattern_t *p;

  if (d->graph->query_is_words == d->graph->key_is_words) {
    figure_set_color(d->cr, a, alpha);
    return;
  }
  p = cairo_pattern_create_linear(e->x[0], e->y[0], e->x[3], e->y[3]);
  cairo_pattern_add_color_stop_rgba(p, 0.15, a.r, a.g, a.b, alpha);
  cairo_pattern_add_color_stop_rgba(p, 0.85, b.r, b.g, b.b, alpha);
  cairo_set_source(d->cr, p);
  cairo_pattern_destroy(p);
}

/* An arrow head whose tip is the key's anchor. */
static void draw_head(const Drawing *d, const FigureEdge *e, double alpha)
{
  double size = 4.0 + 1.6 * e->width, bx, by, dx, dy, length;

  figure_edge_point(e, 1.0 - fmin(0.3, size / (hypot(e->x[3] - e->x[0], e->y[3] - e->y[0]) + 20)),
                    &bx, &by);
  dx = e->x[3] - bx;
  dy = e->y[3] - by;
  length = hypot(dx, dy);
  if (length < 0.5)
    return;
  dx *= size / length;
  dy *= size / length;
  cairo_move_to(d->cr, e->x[3], e->y[3]);
  cairo_line_to(d->cr, e->x[3] - dx - 0.42 * dy, e->y[3] - dy + 0.42 * dx);
  cairo_line_to(d->cr, e->x[3] - 0.75 * dx, e->y[3] - 0.75 * dy);
  cairo_line_to(d->cr, e->x[3] - dx + 0.42 * dy, e->y[3] - dy - 0.42 * dx);
  cairo_close_path(d->cr);
  set_edge_source(d, e, alpha);
  cairo_fill(d->cr);
}

static void draw_edge(const Drawing *d, const FigureEdge *e, double alpha, bool arrow)
{
  bool over_image = d->graph->image_rect.w > 0.0;

  cairo_set_line_cap(d->cr, over_image ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  if (over_image && e->width > 2.0 && alpha > 0.25) { /* a halo lifts strong lines off the image */
    trace_edge(d->cr, e);
    cairo_set_line_width(d->cr, e->width + 1.6);
    figure_set_color(d->cr, d->style->background, 0.45 * alpha);
    cairo_stroke(d->cr);
  }
  trace_edge(d->cr, e);
  cairo_set_line_width(d->cr, e->width);
  set_edge_source(d, e, alpha);
  cairo_stroke(d->cr);
  if (arrow)
    draw_head(d, e, fmin(1.0, alpha + 0.15));
}

static void draw_edges(const Drawing *d)
{
  bool arrows = !(d->graph->query_is_words && d->graph->key_is_words);

  for (int pass = d->picking ? 0 : 1; pass < 2; pass++)
    for (int i = 0; i < d->graph->n_edges; i++) {
      const FigureEdge *e = &d->graph->edges[i];
      bool shown = figure_graph_edge_shown(d->graph, e, d->highlight);
      if (pass == 1 && shown)
        draw_edge(d, e, d->picking ? fmin(1.0, e->alpha + 0.1) : e->alpha, arrows);
      else if (pass == 0 && !shown && e->strong && !arrows)
        draw_edge(d, e, 0.1 * e->alpha, false);
    }
}

static void draw_image(const Drawing *d)
{
  FigureRect r = d->graph->image_rect;

  if (r.w <= 0.0)
    return;
  figure_paint_image(d->cr, d->graph->image, r, d->style);
  cairo_rectangle(d->cr, r.x, r.y, r.w, r.h);
  figure_set_color(d->cr, d->style->background, d->graph->image ? 0.42 : 0.0);
  cairo_fill(d->cr);
}

static void draw_box(const Drawing *d, int i)
{
  const FigureNode *node = &d->graph->nodes[i];
  bool picked = is_picked(d, node);
  double part = d->part[i];
  FigureRect r = node->rect;

  if (node->hidden)
    return;
  if (d->picking && part > 0.0) {
    cairo_rectangle(d->cr, r.x, r.y, r.w, r.h);
    figure_set_color(d->cr, d->style->box, 0.38 * part);
    cairo_fill(d->cr);
  }
  cairo_rectangle(d->cr, r.x, r.y, r.w, r.h);
  cairo_set_line_width(d->cr, picked ? 2.5 : d->picking ? 1.0 + part : 1.0);
  figure_set_color(d->cr, picked ? d->style->accent : d->style->box,
                   picked        ? 1.0
                   : !d->picking ? 0.2 + 0.4 * part
                   : part > 0.0  ? 0.35 + 0.6 * part
                                 : 0.18);
  cairo_stroke(d->cr);
}

static void draw_anchor(const Drawing *d, int i)
{
  const FigureNode *node = &d->graph->nodes[i];
  double part = d->part[i];

  if (node->hidden || (!node->is_word && part <= 0.0))
    return;
  cairo_arc(d->cr, node->anchor_x, node->anchor_y, node->is_word ? 2.4 : 2.2 + 1.6 * part, 0,
            2 * M_PI);
  figure_set_color(d->cr,
                   is_picked(d, node) ? d->style->accent : kind_color(d->style, node->is_word),
                   d->picking && part <= 0.0 ? 0.35 : 1.0);
  cairo_fill(d->cr);
}

static void draw_word_plate(const Drawing *d, const FigureNode *node, FigureColor color,
                            double alpha)
{
  FigureRect r = {-3, -0.80 * node->label_line, node->label_length + 6, 1.02 * node->label_line};

  cairo_save(d->cr);
  cairo_translate(d->cr, node->label_x, node->label_y);
  cairo_rotate(d->cr, node->label_angle);
  figure_rounded_rect(d->cr, r, 4);
  figure_set_color(d->cr, color, alpha);
  cairo_fill(d->cr);
  cairo_restore(d->cr);
}

static void draw_word(const Drawing *d, int i)
{
  const FigureNode *node = &d->graph->nodes[i];
  bool picked = is_picked(d, node);
  double part = d->part[i];

  if (node->hidden || !node->shown[0])
    return;
  if (picked)
    draw_word_plate(d, node, d->style->accent, 0.28);
  else if (d->picking && part > 0.0)
    draw_word_plate(d, node, d->style->word, 0.34 * part);
  figure_set_color(d->cr, figure_label_is_special(node->label) ? d->style->muted : d->style->text,
                   d->picking && !picked && part < 0.02 ? 0.45 : 1.0);
  figure_text_draw(d->cr, d->style->font, node->label_size, node->shown, node->label_x,
                   node->label_y, node->label_angle);
}

static void draw_box_label(const Drawing *d, int i)
{
  const FigureNode *node = &d->graph->nodes[i];
  bool picked = is_picked(d, node);
  const char *text = node->shown[0] ? node->shown : node->label;

  double least = d->picking ? 0.08 : 0.22; /* fewer labels leave more of the image to see */
  if (node->hidden || !*text || (!picked && (d->part[i] < least || !node->shown[0])))
    return;
  figure_rounded_rect(d->cr, node->label_rect, 3);
  figure_set_color(d->cr, picked ? d->style->accent : d->style->background, picked ? 1.0 : 0.82);
  cairo_fill(d->cr);
  figure_set_color(d->cr, picked ? d->style->background : d->style->text, 1.0);
  figure_text_draw(d->cr, d->style->font, node->label_size, text, node->label_x, node->label_y, 0);
}

/* "query: words (arrow) key: boxes", each kind in its colour: the figure's legend too. */
static void draw_heading(const Drawing *d)
{
  FigureRect r = d->graph->heading_rect;
  FigureFont font;
  double x = r.x, y;

  figure_font_init(&font, d->style->font, d->style->font_size * 0.95);
  y = r.y + font.ascent;
  for (int side = 0; side < 2; side++) {
    bool words = side ? d->graph->key_is_words : d->graph->query_is_words;
    const FigureWords *say = figure_words();
    const char *role = side ? say->key : say->query, *kind = words ? say->words : say->boxes;
    figure_set_color(d->cr, d->style->muted, 1.0);
    figure_text_draw(d->cr, font.family, font.size, role, x, y, 0);
    x += figure_text_width(&font, role);
    figure_set_color(d->cr, kind_color(d->style, words), 1.0);
    figure_text_draw(d->cr, font.family, font.size, kind, x, y, 0);
    x += figure_text_width(&font, kind) + 5;
    if (side == 0) {
      double w = figure_text_width(&font, "->") + 2, h = 0.3 * font.size, m = y - h;
      cairo_move_to(d->cr, x, m);
      cairo_line_to(d->cr, x + w, m);
      cairo_move_to(d->cr, x + w - h, m - h * 0.8);
      cairo_line_to(d->cr, x + w, m);
      cairo_line_to(d->cr, x + w - h, m + h * 0.8);
      cairo_set_line_width(d->cr, 1.2);
      figure_set_color(d->cr, d->style->muted, 1.0);
      cairo_stroke(d->cr);
      x += w + 5;
    }
  }
  figure_font_done(&font);
}

static void draw_measure(const Drawing *d)
{
  FigureRect r = d->graph->measure_rect;
  FigureFont font;

  if (!(r.w > 0.0))
    return;
  figure_font_init(&font, d->style->font, d->style->font_size * 0.95);
  figure_set_color(d->cr, d->style->muted, 1.0);
  figure_text_draw(d->cr, font.family, font.size, d->graph->measure, r.x, r.y + font.ascent, 0);
  figure_font_done(&font);
}

static bool anything_picked(const Drawing *d)
{
  for (int i = 0; i < d->graph->n_nodes; i++)
    if (is_picked(d, &d->graph->nodes[i]))
      return true;
  return false;
}

static void find_parts(Drawing *d)
{
  for (int i = 0; i < d->graph->n_edges; i++) {
    const FigureEdge *e = &d->graph->edges[i];
    double t = fmin(1.0, e->weight / d->graph->scale);
    if (!figure_graph_edge_shown(d->graph, e, d->highlight))
      continue;
    d->part[e->from] = fmax(d->part[e->from], t);
    d->part[e->to] = fmax(d->part[e->to], t);
  }
}

void figure_graph_draw(cairo_t *cr, const FigureGraph *self, const FigureStyle *style,
                       const FigureHighlight *highlight)
{
  static const FigureHighlight nothing = {-1, -1, FIGURE_EITHER_SIDE, -1, -1};
  Drawing d = {cr, self, style, highlight ? highlight : &nothing, false, NULL};

  d.part = calloc((size_t)self->n_nodes + 1, sizeof *d.part);
  if (!d.part)
    return;
  cairo_save(cr);
  d.picking = anything_picked(&d);
  find_parts(&d);
  draw_image(&d);
  for (int i = 0; i < self->n_nodes; i++)
    if (!self->nodes[i].is_word)
      draw_box(&d, i);
  draw_edges(&d);
  for (int i = 0; i < self->n_nodes; i++)
    draw_anchor(&d, i);
  for (int i = 0; i < self->n_nodes; i++)
    if (self->nodes[i].is_word)
      draw_word(&d, i);
    else if (!is_picked(&d, &self->nodes[i]))
      draw_box_label(&d, i);
  for (int i = 0; i < self->n_nodes; i++)
    if (!self->nodes[i].is_word && is_picked(&d, &self->nodes[i]))
      draw_box_label(&d, i);
  draw_heading(&d);
  draw_measure(&d);
  cairo_restore(cr);
  free(d.part);
}
