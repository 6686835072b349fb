#include "figure-graph-private.h"

#include <math.h>
#include <stdlib.h>

#include "figure-labels.h"
#include "figure-text.h"

#define MARGIN 6.0
#define DOT_GAP 7.0 /* between a label and its anchor */

static bool set_shown(FigureNode *node, const FigureFont *font, double width)
{
  char *shown = figure_text_elide(font, node->label, width);

  if (!shown)
    return false;
  free(node->shown);
  node->shown = shown;
  node->label_length = figure_text_width(font, shown);
  node->label_line = font->line;
  node->label_size = font->size;
  return true;
}

static void set_label_rect(FigureNode *node, const FigureFont *font)
{
  node->label_rect =
      figure_text_bounds(font, node->shown, node->label_x, node->label_y, node->label_angle);
}

/* Visible nodes among nodes[from .. from+n-1], and their labels, borrowed. */
static int visible(const FigureGraph *self, int from, int n, int *index, char **labels)
{
  int m = 0;
  for (int i = from; i < from + n; i++)
    if (!self->nodes[i].hidden) {
      index[m] = i;
      labels[m++] = self->nodes[i].label;
    }
  return m;
}

typedef struct {
  double left, right; /* slots lie between */
  double y;           /* of the anchors */
  bool above;         /* labels above the anchors */
  double max_depth;
} WordRow;

/* How far labels of the row reach beyond its slots: to the right above, to the left below. */
static double overhang(const WordRow *row, const FigureRowFit *fit, const FigureStyle *style,
                       char *const *labels, int n, double slot)
{
  double most = 0.0, longest = figure_row_fit_length(fit, slot, row->max_depth);
  FigureFont font;

  if (fit->angle > -0.1 || fit->angle < -1.0)
    return 0.0;
  figure_font_init(&font, style->font, fit->size);
  for (int i = 0; i < n; i++) {
    double reach = fmin(figure_text_width(&font, labels[i]), longest) * M_SQRT1_2 + DOT_GAP;
    double inside = slot * (row->above ? n - i - 0.5 : i + 0.5);
    most = fmax(most, reach - inside);
  }
  figure_font_done(&font);
  return most;
}

static void place_word(FigureNode *node, const WordRow *row, const FigureFont *font, double x,
                       double slot, double depth, double angle)
{
  double w = node->label_length;

  node->anchor_x = x;
  node->anchor_y = row->y;
  node->label_angle = angle;
  if (angle > -0.1) {
    node->label_x = x - w / 2;
    node->label_y = row->above ? row->y - DOT_GAP - font->descent : row->y + DOT_GAP + font->ascent;
  } else {
    double c = cos(angle), s = sin(angle), centre = (font->ascent - font->descent) / 2;
    double from = row->above ? DOT_GAP : -DOT_GAP - w; /* along the baseline */
    node->label_x = x + c * from - s * centre;
    node->label_y = row->y + s * from + c * centre;
  }
  node->rect = (FigureRect){x - slot / 2, row->above ? row->y - depth - DOT_GAP : row->y - 4, slot,
                            depth + DOT_GAP + 4};
  set_label_rect(node, font);
}

/* Puts the visible words nodes[from..] on a row. `row->y` is the anchors' line. */
static bool place_row(FigureGraph *self, const FigureStyle *style, WordRow *row,
                      const FigureRowFit *fit, const int *index, int n)
{
  double slot = (row->right - row->left) / (n > 0 ? n : 1);
  double longest = figure_row_fit_length(fit, slot, row->max_depth);
  FigureFont font;
  bool ok = true;

  figure_font_init(&font, style->font, fit->size);
  for (int i = 0; i < n && ok; i++) {
    FigureNode *node = &self->nodes[index[i]];
    ok = set_shown(node, &font, i % fit->stride == 0 ? longest : 0.0);
    place_word(node, row, &font, row->left + (i + 0.5) * slot, slot, fit->depth, fit->angle);
  }
  figure_font_done(&font);
  return ok;
}

/* Fits the row between left and right, giving way to slanted labels' overhang. */
static FigureRowFit fit_row(const FigureStyle *style, WordRow *row, char *const *labels, int n)
{
  double left = row->left, right = row->right;
  double slot = (right - left) / (n > 0 ? n : 1);
  FigureRowFit fit = figure_text_fit_row(style, labels, n, slot, row->max_depth);

  for (int pass = 0; pass < 3 && n > 0; pass++) {
    double over = overhang(row, &fit, style, labels, n, slot);
    if (row->above)
      row->right = right - fmin(fmax(over, 0.0), (right - left) / 3);
    else
      row->left = left + fmin(fmax(over, 0.0), (right - left) / 3);
    slot = (row->right - row->left) / n;
    fit = figure_text_fit_row(style, labels, n, slot, row->max_depth);
  }
  return fit;
}

bool figure_graph_arrange_words(FigureGraph *self, const FigureStyle *style)
{
  double top = self->heading_rect.y + self->heading_rect.h + MARGIN;
  double most = (self->height - top) * 0.34;
  WordRow above = {MARGIN, self->width - MARGIN, 0, true, most};
  WordRow below = {MARGIN, self->width - MARGIN, self->height, false, most};
  size_t n = (size_t)self->n_nodes;
  int *index = calloc(2 * n, sizeof *index), *keys = index ? index + n : NULL;
  char **labels = calloc(2 * n, sizeof *labels), **key_labels = labels ? labels + n : NULL;
  bool ok = index && labels;

  if (ok) {
    int nq = visible(self, 0, self->rows, index, labels);
    int nk = visible(self, self->rows, self->cols, keys, key_labels);
    FigureRowFit up = fit_row(style, &above, labels, nq);
    FigureRowFit down = fit_row(style, &below, key_labels, nk);
    if (nq == nk) { /* the same words above and below: the same slots */
      above.left = below.left = fmax(above.left, below.left);
      above.right = below.right = fmin(above.right, below.right);
      up = figure_text_fit_row(style, labels, nq, (above.right - above.left) / fmax(nq, 1), most);
      down = figure_text_fit_row(style, key_labels, nk, (above.right - above.left) / fmax(nk, 1),
                                 most);
    }
    above.y = top + up.depth + DOT_GAP;
    below.y = self->height - MARGIN - down.depth - DOT_GAP;
    ok = place_row(self, style, &above, &up, index, nq) &&
         place_row(self, style, &below, &down, keys, nk);
  }
  free(index);
  free(labels);
  return ok;
}

static void place_box(FigureNode *node, const FigureMap *map, FigureRect image)
{
  const float *b = map->boxes + 4 * (size_t)node->index;
  double x1 = fmin(fmax((double)b[0], 0.0), 1.0), y1 = fmin(fmax((double)b[1], 0.0), 1.0);
  double x2 = fmin(fmax((double)b[2], x1), 1.0), y2 = fmin(fmax((double)b[3], y1), 1.0);

  node->rect = (FigureRect){image.x + x1 * image.w, image.y + y1 * image.h,
                            fmax((x2 - x1) * image.w, 1.0), fmax((y2 - y1) * image.h, 1.0)};
  node->anchor_x = node->rect.x + node->rect.w / 2;
  node->anchor_y = node->rect.y + node->rect.h / 2;
}

typedef struct {
  double mass;
  int node;
} Ranked;

static int compare_mass(const void *a, const void *b)
{
  const Ranked *x = a, *y = b;
  int by_mass = (x->mass < y->mass) - (x->mass > y->mass);
  return by_mass ? by_mass : x->node - y->node;
}

static bool place_boxes(FigureGraph *self, const FigureMap *map, const FigureStyle *style)
{
  size_t n = (size_t)self->n_nodes;
  Ranked *order = calloc(n, sizeof *order);
  int m = 0;
  FigureLabel *labels = calloc(n, sizeof *labels);
  bool ok = order && labels;
  FigureFont font;

  figure_font_init(&font, style->font, style->font_size * 0.85);
  for (int i = 0; i < self->n_nodes && ok; i++)
    if (!self->nodes[i].is_word) {
      place_box(&self->nodes[i], map, self->image_rect);
      ok = set_shown(&self->nodes[i], &font, self->image_rect.w * 0.5);
      order[m++] = (Ranked){self->nodes[i].mass, i};
    }
  if (ok)
    qsort(order, (size_t)m, sizeof *order, compare_mass);
  for (int i = 0; i < m && ok; i++) {
    FigureNode *node = &self->nodes[order[i].node];
    labels[i].box = node->rect;
    labels[i].w = node->shown[0] ? node->label_length + 6 : 0.0;
    labels[i].h = font.line + 2;
  }
  if (ok)
    figure_labels_place(labels, m, self->image_rect);
  for (int i = 0; i < m && ok; i++) {
    FigureNode *node = &self->nodes[order[i].node];
    node->label_rect = labels[i].place;
    node->label_x = labels[i].place.x + 3;
    node->label_y = labels[i].place.y + 1 + font.ascent;
    if (!labels[i].placed)
      node->shown[0] = '\0';
  }
  figure_font_done(&font);
  free(order);
  free(labels);
  return ok;
}

bool figure_graph_arrange_boxes(FigureGraph *self, const FigureMap *map, const FigureStyle *style)
{
  double top = self->heading_rect.y + self->heading_rect.h + 4;
  FigureRect room = {2, top, self->width - 4, fmax(self->height - top - 2, 1.0)};

  self->image_rect = figure_fit_image(map->image_width, map->image_height, room);
  return place_boxes(self, map, style);
}

/* Words in a column, against their anchors at its inner edge. */
static bool place_column(FigureGraph *self, const FigureStyle *style, const int *index, int n,
                         FigureRect room)
{
  double slot = fmin(room.h / (n > 0 ? n : 1), 2.2 * style->font_size);
  double top = room.y + (room.h - slot * n) / 2;
  FigureRowFit fit = figure_text_fit_column(style, slot);
  FigureFont font;
  bool ok = true;

  figure_font_init(&font, style->font, fit.size);
  for (int i = 0; i < n && ok; i++) {
    FigureNode *node = &self->nodes[index[i]];
    double y = top + (i + 0.5) * slot;
    ok = set_shown(node, &font, i % fit.stride == 0 ? room.w - DOT_GAP - 4 : 0.0);
    node->anchor_x = style->mirrored ? room.x : room.x + room.w;
    node->anchor_y = y;
    node->label_x =
        style->mirrored ? room.x + DOT_GAP : node->anchor_x - DOT_GAP - node->label_length;
    node->label_y = y + (font.ascent - font.descent) / 2;
    node->rect =
        (FigureRect){style->mirrored ? room.x - 6 : room.x, y - slot / 2, room.w + 6, slot};
    set_label_rect(node, &font);
  }
  figure_font_done(&font);
  return ok;
}

static double widest_label(const FigureStyle *style, char *const *labels, int n)
{
  double width = 0.0;
  FigureFont font;

  figure_font_init(&font, style->font, style->font_size);
  for (int i = 0; i < n; i++)
    width = fmax(width, figure_text_width(&font, labels[i]));
  figure_font_done(&font);
  return width;
}

static double area(FigureRect r)
{
  return r.w * r.h;
}

bool figure_graph_arrange_cross(FigureGraph *self, const FigureMap *map, const FigureStyle *style)
{
  double top = self->heading_rect.y + self->heading_rect.h + 4, height = self->height - top - 4;
  int from = self->query_is_words ? 0 : self->rows,
      count = self->query_is_words ? self->rows : self->cols;
  int *index = calloc((size_t)count, sizeof *index);
  char **labels = calloc((size_t)count, sizeof *labels);
  bool ok = index && labels;

  if (ok) {
    int n = visible(self, from, count, index, labels);
    double column = fmin(widest_label(style, labels, n) + DOT_GAP + 8, self->width * 0.3);
    double gap = fmin(0.18 * self->width, 90.0), slot = height / (n > 0 ? n : 1);
    FigureRect beside = figure_fit_image(
        map->image_width, map->image_height,
        (FigureRect){column + gap, top, fmax(self->width - column - gap - 2, 1.0), height});
    WordRow row = {MARGIN, self->width - MARGIN, 0, false, height * 0.25};
    FigureRowFit fit = fit_row(style, &row, labels, n);
    double drop = fmin(0.2 * height, 90.0);
    FigureRect over = figure_fit_image(
        map->image_width, map->image_height,
        (FigureRect){2, top, self->width - 4, fmax(height - fit.depth - DOT_GAP - drop, 1.0)});
    bool crowded = slot < 0.8 * style->font_size;
    if (area(beside) >= area(over) && !crowded) {
      beside.x = figure_mirror(style, self->width, self->width - 2 - beside.w, beside.w);
      self->image_rect = beside;
      self->words_beside = true;
      ok = place_column(
          self, style, index, n,
          (FigureRect){figure_mirror(style, self->width, 2, column), top, column, height});
    } else {
      over.y = top;
      self->image_rect = over;
      row.y = fmin(self->height - MARGIN - fit.depth - DOT_GAP, over.y + over.h + 1.6 * drop);
      ok = place_row(self, style, &row, &fit, index, n);
    }
    ok = ok && place_boxes(self, map, style);
  }
  free(index);
  free(labels);
  return ok;
}

void figure_graph_bend(const FigureGraph *self, FigureEdge *edge)
{
  const FigureNode *a = &self->nodes[edge->from], *b = &self->nodes[edge->to];
  double x0 = a->anchor_x, y0 = a->anchor_y, x3 = b->anchor_x, y3 = b->anchor_y;
  double dx = x3 - x0, dy = y3 - y0, length = hypot(dx, dy);

  edge->x[0] = x0, edge->y[0] = y0, edge->x[3] = x3, edge->y[3] = y3;
  if (a == b || length < 1.0) { /* a loop above the box's centre */
    double r = 16.0;
    edge->x[1] = x0 - r, edge->y[1] = y0 - 1.8 * r, edge->x[2] = x0 + r, edge->y[2] = y0 - 1.8 * r;
  } else if (!a->is_word && !b->is_word) { /* an arc to the left: both directions stay apart */
    double bend = fmin(0.18 * length, 40.0), nx = dy / length * bend, ny = -dx / length * bend;
    edge->x[1] = x0 + dx / 3 + nx, edge->y[1] = y0 + dy / 3 + ny;
    edge->x[2] = x0 + 2 * dx / 3 + nx, edge->y[2] = y0 + 2 * dy / 3 + ny;
  } else if (self->words_beside) {
    edge->x[1] = x0 + 0.5 * dx, edge->y[1] = y0;
    edge->x[2] = x0 + 0.5 * dx, edge->y[2] = y3;
  } else {
    edge->x[1] = x0, edge->y[1] = y0 + 0.5 * dy;
    edge->x[2] = x3, edge->y[2] = y0 + 0.5 * dy;
  }
}
