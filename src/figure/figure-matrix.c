#include "figure-matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "figure-text.h"
#include "figure-thumbs.h"

#define GAP 5.0
#define MOST_ASPECT 2.2 /* of a cell */
#define MOST_CELL 64.0  /* of a figure on a page or in a window; larger ones have larger cells */
#define LEAST_THUMB 10.0
#define MOST_THUMB 24.0

void figure_matrix_free(FigureMatrix *self)
{
  if (!self)
    return;
  for (int i = 0; self->row_labels && i < self->n_rows; i++)
    free(self->row_labels[i].text);
  for (int i = 0; self->col_labels && i < self->n_cols; i++)
    free(self->col_labels[i].text);
  free(self->row_labels);
  free(self->col_labels);
  free(self->row_of);
  free(self->col_of);
  free(self->weights);
  if (self->thumbs)
    cairo_surface_destroy(self->thumbs);
  free(self);
}

/* The rows or columns that are shown, and their clean labels (owned by the axis). */
static bool collect(const FigureMap *map, const FigureReading *reading, bool rows, int *n,
                    int **index, FigureAxisLabel **axis)
{
  const char *const *labels = rows ? map->row_labels : map->col_labels;
  int count = rows ? map->rows : map->cols;
  bool words = rows ? map->query_is_words : map->key_is_words;

  *index = calloc((size_t)count, sizeof **index);
  *axis = calloc((size_t)count, sizeof **axis);
  if (!*index || !*axis)
    return false;
  for (int i = 0; i < count; i++) {
    if (reading->hide_special && words && labels && figure_label_is_special(labels[i]))
      continue;
    (*index)[*n] = i;
    (*axis)[*n].index = i;
    (*axis)[*n].text = figure_text_clean(labels ? labels[i] : NULL);
    if (!(*axis)[(*n)++].text)
      return false;
  }
  return true;
}

static double widest(const FigureFont *font, const FigureAxisLabel *axis, int n)
{
  double width = 0.0;
  for (int i = 0; i < n; i++)
    width = fmax(width, figure_text_width(font, axis[i].text));
  return width;
}

static bool shorten(FigureAxisLabel *label, const FigureFont *font, double width)
{
  char *text = figure_text_elide(font, label->text, width);
  if (!text)
    return false;
  free(label->text);
  label->text = text;
  label->size = font->size;
  return true;
}

/* From the cells to the rows' labels: pictures lie between. */
static double row_gap(const FigureMatrix *self)
{
  return GAP + (self->row_thumb > 0 ? self->row_thumb + GAP : 0);
}

/* `outer`: what lies beyond the labels. */
static bool place_rows(FigureMatrix *self, const FigureStyle *style, double outer)
{
  double slot = self->cells.h / self->n_rows, right = self->cells.x - row_gap(self);
  double left = self->cells.x + self->cells.w + row_gap(self);
  double room = self->mirrored ? self->width - outer - left : right - outer;
  FigureRowFit fit = figure_text_fit_column(style, slot);
  FigureFont font;
  bool ok = true;

  figure_font_init(&font, style->font, fit.size);
  for (int i = 0; i < self->n_rows && ok; i++) {
    FigureAxisLabel *label = &self->row_labels[i];
    ok = shorten(label, &font, i % fit.stride == 0 ? room : 0.0);
    label->x = self->mirrored ? left : right - figure_text_width(&font, label->text);
    label->y = self->cells.y + (i + 0.5) * slot + (font.ascent - font.descent) / 2;
    label->rect = figure_text_bounds(&font, label->text, label->x, label->y, 0);
  }
  figure_font_done(&font);
  return ok;
}

/* Where the columns' labels end. */
static double labels_end(const FigureMatrix *self)
{
  return self->cells.y - GAP - (self->col_thumb > 0 ? self->col_thumb + GAP : 0);
}

static bool place_cols(FigureMatrix *self, const FigureStyle *style, const FigureRowFit *fit,
                       double top)
{
  double slot = self->cells.w / self->n_cols, bottom = labels_end(self);
  double longest = figure_row_fit_length(fit, slot, bottom - top);
  FigureFont font;
  bool ok = true;

  figure_font_init(&font, style->font, fit->size);
  for (int i = 0; i < self->n_cols && ok; i++) {
    FigureAxisLabel *label = &self->col_labels[i];
    double x = self->cells.x + (i + 0.5) * slot, half = (font.ascent - font.descent) / 2;
    double room = longest;
    if (fit->angle < -0.1 && fit->angle > -1.0) /* slanted labels end before the figure does */
      room = fmin(room, (self->width - 1 - x) / M_SQRT1_2 - half);
    ok = shorten(label, &font, i % fit->stride == 0 ? room : 0.0);
    label->angle = fit->angle;
    label->x = fit->angle > -0.1 ? x - figure_text_width(&font, label->text) / 2
                                 : x - half * sin(fit->angle);
    label->y = fit->angle > -0.1 ? bottom - font.descent : bottom - (half * 0.3);
    label->rect = figure_text_bounds(&font, label->text, label->x, label->y, label->angle);
  }
  figure_font_done(&font);
  return ok;
}

static FigureRowFit fit_cols(const FigureMatrix *self, const FigureStyle *style, double slot,
                             double depth)
{
  FigureRowFit fit = {.size = style->font_size, .stride = 1};
  char **texts = calloc((size_t)self->n_cols, sizeof *texts);

  for (int i = 0; texts && i < self->n_cols; i++)
    texts[i] = self->col_labels[i].text;
  if (texts)
    fit = figure_text_fit_row(style, texts, self->n_cols, slot, depth);
  free(texts);
  return fit;
}

/* How far slanted labels reach to the right of the cells. */
static double overhang(const FigureMatrix *self, const FigureStyle *style, const FigureRowFit *fit,
                       double slot)
{
  double most = 0.0;
  FigureFont font;

  if (fit->angle > -0.1 || fit->angle < -1.0)
    return 0.0;
  figure_font_init(&font, style->font, fit->size);
  for (int i = 0; i < self->n_cols; i++) {
    double reach = (figure_text_width(&font, self->col_labels[i].text) + font.line) * M_SQRT1_2;
    most = fmax(most, reach - slot * (self->n_cols - i - 0.5));
  }
  figure_font_done(&font);
  return most;
}

static double thumb_side(double slot)
{
  return slot < LEAST_THUMB + 2 ? 0.0 : fmin(slot - 2, MOST_THUMB);
}

/* The cells below column labels that fit slots of this width. */
static FigureRowFit divide(FigureMatrix *self, const FigureStyle *style, double slot, double top,
                           double bottom)
{
  FigureRowFit fit = fit_cols(self, style, slot, (bottom - top) * 0.32);
  double beside = self->mirrored ? self->cells.x : 0.0; /* slanted labels may lean over the rows' */
  double over = fmin(fmax(overhang(self, style, &fit, slot) - beside, 0.0), 0.2 * self->width),
         cell;

  self->cells.y = top + fit.depth + GAP + (self->col_thumb > 0 ? self->col_thumb + GAP : 0);
  self->cells.w = fmax(self->width - self->cells.x - 4 - over, 4.0);
  self->cells.h = fmax(bottom - self->cells.y, 4.0);
  cell = fmin(self->cells.w / self->n_cols, self->cells.h / self->n_rows);
  cell = fmin(cell, fmax(MOST_CELL, 0.1 * fmin(self->width, self->height)));
  self->cells.w = fmin(self->cells.w, MOST_ASPECT * cell * self->n_cols);
  self->cells.h = fmin(self->cells.h, MOST_ASPECT * cell * self->n_rows);
  return fit_cols(self, style, self->cells.w / self->n_cols, labels_end(self) - top);
}

/* Divides the room: axis name, row labels, cells; axis name, column labels, cells, scale. */
static bool arrange(FigureMatrix *self, const FigureStyle *style)
{
  FigureFont font;
  double line, left, top, labels, bottom;
  FigureRowFit fit;

  figure_font_init(&font, style->font, style->font_size);
  line = font.line;
  labels = fmin(widest(&font, self->row_labels, self->n_rows), self->width * 0.3) + GAP;
  figure_font_done(&font);
  left = line + 4; /* the axis name stands upright here */
  top = line + 4;
  bottom = self->height - line - 10; /* the scale lies below */
  /* pictures where the cells will be about as large as they can be told apart at */
  if (self->thumbs && !self->query_is_words)
    self->row_thumb = thumb_side((bottom - top) * 0.75 / self->n_rows);
  if (self->thumbs && !self->key_is_words)
    self->col_thumb = thumb_side((self->width - left - labels - 30) / self->n_cols);
  labels += self->row_thumb > 0 ? self->row_thumb + GAP : 0;
  self->cells.x = left + labels;
  fit = divide(self, style, (self->width - left - labels - 4) / self->n_cols, top, bottom);
  if (fit.angle > -0.1) /* the cells are narrower than that room: their names may have to slant */
    fit = divide(self, style, self->cells.w / self->n_cols, top, bottom);
  self->cells.x = figure_mirror(style, self->width, self->cells.x, self->cells.w);
  self->axis_x = self->mirrored ? self->width - line / 3 : line;
  self->axis_y = line - 2;
  self->scale_rect =
      (FigureRect){self->cells.x, fmin(self->cells.y + self->cells.h + 9, self->height - line),
                   fmin(140.0, self->cells.w), 8};
  return place_rows(self, style, left) && place_cols(self, style, &fit, top);
}

static void find_max(FigureMatrix *self)
{
  for (int r = 0; r < self->n_rows; r++)
    for (int c = 0; c < self->n_cols; c++)
      self->scale_max = fmax(
          self->scale_max,
          self->weights[(size_t)self->row_of[r] * (size_t)self->cols + (size_t)self->col_of[c]]);
  if (!(self->scale_max > 0.0))
    self->scale_max = 1.0;
}

static bool fill(FigureMatrix *self, const FigureMap *map, const FigureReading *reading,
                 const FigureStyle *style, FigureError *error)
{
  if (!figure_read(map, reading, self->weights))
    return figure_fail(error, "The map has no head %d to draw.", reading->head);
  if (!collect(map, reading, true, &self->n_rows, &self->row_of, &self->row_labels) ||
      !collect(map, reading, false, &self->n_cols, &self->col_of, &self->col_labels))
    return figure_fail(error, "Not enough memory to lay out the matrix.");
  if (self->n_rows == 0 || self->n_cols == 0)
    return figure_fail(error, "Nothing is left to show when special words are hidden.");
  find_max(self);
  self->thumbs = figure_thumbs_new(map);
  if (!arrange(self, style))
    return figure_fail(error, "Not enough memory to lay out the matrix.");
  return true;
}

bool figure_matrix_layout(const FigureMap *map, const FigureReading *reading,
                          const FigureStyle *style, double width, double height, FigureMatrix **out,
                          FigureError *error)
{
  FigureMatrix *self;

  *out = NULL;
  if (map->rows <= 0 || map->cols <= 0 || map->heads <= 0 || !map->values)
    return figure_fail(error, "The attention map is empty.");
  if (!(width >= 40.0 && height >= 40.0))
    return figure_fail(error, "The figure needs at least 40 by 40 units.");
  self = calloc(1, sizeof *self);
  if (self)
    self->weights = malloc((size_t)map->rows * (size_t)map->cols * sizeof *self->weights);
  if (!self || !self->weights) {
    figure_matrix_free(self);
    return figure_fail(error, "Not enough memory to lay out the matrix.");
  }
  self->width = width;
  self->height = height;
  self->rows = map->rows;
  self->cols = map->cols;
  self->query_is_words = map->query_is_words;
  self->key_is_words = map->key_is_words;
  self->mirrored = style->mirrored;
  self->font_size = style->font_size;
  snprintf(self->quantity, sizeof self->quantity, "%s",
           map->quantity ? map->quantity : figure_words()->attention);
  if (!fill(self, map, reading, style, error)) {
    figure_matrix_free(self);
    return false;
  }
  *out = self;
  return true;
}

static int position(const int *index, int n, int wanted)
{
  for (int i = 0; i < n; i++)
    if (index[i] == wanted)
      return i;
  return -1;
}

FigureRect figure_matrix_cell(const FigureMatrix *self, int query, int key)
{
  int r = position(self->row_of, self->n_rows, query);
  int c = position(self->col_of, self->n_cols, key);
  double w = self->cells.w / self->n_cols, h = self->cells.h / self->n_rows;

  if (r < 0 || c < 0)
    return (FigureRect){0, 0, 0, 0};
  return (FigureRect){self->cells.x + c * w, self->cells.y + r * h, w, h};
}

FigureRect figure_matrix_thumb(const FigureMatrix *self, bool row, int index)
{
  double side = row ? self->row_thumb : self->col_thumb;
  double w = self->cells.w / self->n_cols, h = self->cells.h / self->n_rows;

  if (side <= 0 || index < 0 || index >= (row ? self->n_rows : self->n_cols))
    return (FigureRect){0, 0, 0, 0};
  side = fmin(side, (row ? h : w) - 1);
  if (row)
    return (FigureRect){self->mirrored ? self->cells.x + self->cells.w + GAP
                                       : self->cells.x - GAP - side,
                        self->cells.y + (index + 0.5) * h - side / 2, side, side};
  return (FigureRect){self->cells.x + (index + 0.5) * w - side / 2, self->cells.y - GAP - side,
                      side, side};
}

static FigureHit label_hit(bool is_word, int index, FigureSide side)
{
  FigureHit hit = FIGURE_NO_HIT;
  hit.kind = is_word ? FIGURE_HIT_WORD : FIGURE_HIT_BOX;
  hit.side = side;
  *(is_word ? &hit.word : &hit.box) = index;
  return hit;
}

/* Between the cells and the axis name. */
static bool in_labels(const FigureMatrix *self, double x)
{
  return self->mirrored ? x >= self->cells.x + self->cells.w && x < self->axis_x - self->font_size
                        : x < self->cells.x && x >= self->axis_x;
}

FigureHit figure_matrix_hit(const FigureMatrix *self, double x, double y)
{
  FigureHit hit = FIGURE_NO_HIT;
  double u = (x - self->cells.x) / self->cells.w * self->n_cols;
  double v = (y - self->cells.y) / self->cells.h * self->n_rows;
  int c = (int)floor(u), r = (int)floor(v);
  bool in_cols = c >= 0 && c < self->n_cols, in_rows = r >= 0 && r < self->n_rows;

  if (in_cols && in_rows) {
    hit.kind = FIGURE_HIT_CELL;
    hit.query = self->row_of[r];
    hit.key = self->col_of[c];
    hit.weight = self->weights[(size_t)hit.query * (size_t)self->cols + (size_t)hit.key];
    return hit;
  }
  if (in_rows && in_labels(self, x))
    return label_hit(self->query_is_words, self->row_of[r], FIGURE_AS_QUERY);
  if (y < self->cells.y && y >= self->axis_y) {
    double angle = self->col_labels[0].angle;
    double above = labels_end(self) - y;
    if (angle < -0.1 && angle > -1.0 && above > 0) /* slanted: follow the label to its column */
      c = (int)floor((x - above - self->cells.x) / self->cells.w * self->n_cols);
    if (c >= 0 && c < self->n_cols)
      return label_hit(self->key_is_words, self->col_of[c], FIGURE_AS_KEY);
  }
  return hit;
}
