#include "figure-neuron.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure-text.h"

#define BAND 34.0 /* height of a band of bars */
#define GAP 6.0
#define NUMBER 38.0 /* beside the bar of a weight */

static char **labels_new(const char *const *labels, int n, const FigureFont *font, double width)
{
  char **out = calloc((size_t)n + 1, sizeof *out);

  for (int i = 0; out && i < n; i++) {
    char *clean = figure_text_clean(labels ? labels[i] : "");
    out[i] = clean ? figure_text_elide(font, clean, width) : NULL;
    free(clean);
  }
  return out;
}

/* Of the widest. */
static double labels_width(const char *const *labels, int n, const FigureFont *font)
{
  double most = 0.0;

  for (int i = 0; labels && i < n; i++) {
    char *clean = figure_text_clean(labels[i]);
    most = fmax(most, clean ? figure_text_width(font, clean) : 0.0);
    free(clean);
  }
  return most;
}

static void labels_free(char **labels, int n)
{
  for (int i = 0; labels && i < n; i++)
    free(labels[i]);
  free(labels);
}

void figure_neuron_free(FigureNeuron *self)
{
  if (!self)
    return;
  labels_free(self->query_labels, self->rows);
  labels_free(self->key_labels, self->cols);
  for (int b = 0; b < FIGURE_NEURON_BANDS; b++)
    free(self->elements[b]);
  free(self->query_rects);
  free(self->key_rects);
  free(self->heading);
  free(self->products);
  free(self->logits);
  free(self->weights);
  free(self);
}

static bool allocate(FigureNeuron *self)
{
  size_t cols = (size_t)self->cols, size = (size_t)self->size;
  bool ok = true;

  for (int b = 0; b < FIGURE_NEURON_BANDS; b++)
    ok = (self->elements[b] = calloc(size, sizeof(double))) && ok;
  self->query_rects = calloc((size_t)self->rows, sizeof(FigureRect));
  self->key_rects = calloc(cols, sizeof(FigureRect));
  self->products = calloc(cols * size, sizeof(double));
  self->logits = calloc(cols, sizeof(double));
  self->weights = calloc(cols, sizeof(double));
  self->heading = calloc(1, 96);
  return ok && self->query_rects && self->key_rects && self->products && self->logits &&
         self->weights && self->heading;
}

static void compute(FigureNeuron *self, const FigureNeuronInput *input)
{
  const float *q = input->queries + (size_t)input->query * (size_t)self->size;

  for (int c = 0; c < self->cols; c++) {
    const float *k = input->keys + (size_t)c * (size_t)self->size;
    double sum = 0.0;
    for (int e = 0; e < self->size; e++) {
      double product = (double)q[e] * (double)k[e];
      self->products[(size_t)c * (size_t)self->size + (size_t)e] = product;
      self->most_product = fmax(self->most_product, fabs(product));
      sum += product;
    }
    self->logits[c] = sum / sqrt(self->size);
    self->most_logit = fmax(self->most_logit, fabs(self->logits[c]));
    self->weights[c] = input->weights ? (double)input->weights[c] : 0.0;
    self->most_weight = fmax(self->most_weight, fabs(self->weights[c]));
  }
  for (int e = 0; e < self->size; e++) {
    self->elements[FIGURE_NEURON_Q][e] = (double)q[e];
    self->elements[FIGURE_NEURON_K][e] =
        (double)input->keys[(size_t)input->key * (size_t)self->size + (size_t)e];
    self->elements[FIGURE_NEURON_PRODUCT][e] =
        self->products[(size_t)input->key * (size_t)self->size + (size_t)e];
    for (int b = 0; b < FIGURE_NEURON_BANDS; b++)
      self->most[b] = fmax(self->most[b], fabs(self->elements[b][e]));
  }
  snprintf(self->heading, 96, "q · k / √%d = %.2f    %.40s %.3f", self->size,
           self->logits[self->key], figure_words()->weight, self->weights[self->key]);
}

/* The whole picture for who reads from right to left; the elements' order is that of numbers. */
static void mirror(FigureNeuron *self, const FigureStyle *style)
{
  self->mirrored = style->mirrored;
  self->strip_x = figure_mirror(style, self->width, self->strip_x, self->strip_w);
  self->logit_x = figure_mirror(style, self->width, self->logit_x, self->logit_w);
  self->weight_x = figure_mirror(style, self->width, self->weight_x, self->weight_w);
  for (int r = 0; r < self->rows; r++)
    self->query_rects[r].x =
        figure_mirror(style, self->width, self->query_rects[r].x, self->query_rects[r].w);
  for (int c = 0; c < self->cols; c++)
    self->key_rects[c].x =
        figure_mirror(style, self->width, self->key_rects[c].x, self->key_rects[c].w);
  for (int b = 0; b < FIGURE_NEURON_BANDS; b++)
    self->bands[b].x = self->strip_x;
}

/* As many elements a head, in the same order of meaning only where both come from one model. */
static void subtract_elements(FigureNeuron *self, const FigureNeuron *other, const int *key_of,
                              double sign)
{
  size_t size = (size_t)self->size;
  bool alike = !other || other->size == self->size;

  for (int b = 0; b < FIGURE_NEURON_BANDS; b++) {
    bool has = other && (b == FIGURE_NEURON_Q || key_of[self->key] >= 0);
    self->most[b] = 0.0;
    for (size_t e = 0; e < size; e++) {
      double before = has && alike ? other->elements[b][e] : 0.0;
      self->elements[b][e] = alike ? sign * (self->elements[b][e] - before) : 0.0;
      self->most[b] = fmax(self->most[b], fabs(self->elements[b][e]));
    }
  }
  self->most_product = 0.0;
  for (int c = 0; c < self->cols; c++)
    for (size_t e = 0; e < size; e++) {
      double *product = &self->products[(size_t)c * size + e];
      double before =
          other && alike && key_of[c] >= 0 ? other->products[(size_t)key_of[c] * size + e] : 0.0;
      *product = alike ? sign * (*product - before) : 0.0;
      self->most_product = fmax(self->most_product, fabs(*product));
    }
}

void figure_neuron_subtract(FigureNeuron *self, const FigureNeuron *other, const int *key_of,
                            bool reversed)
{
  double sign = reversed ? -1.0 : 1.0;

  subtract_elements(self, other, key_of, sign);
  self->most_logit = self->most_weight = 0.0;
  for (int c = 0; c < self->cols; c++) {
    bool has = other && key_of[c] >= 0;
    self->logits[c] = sign * (self->logits[c] - (has ? other->logits[key_of[c]] : 0.0));
    self->weights[c] = sign * (self->weights[c] - (has ? other->weights[key_of[c]] : 0.0));
    self->most_logit = fmax(self->most_logit, fabs(self->logits[c]));
    self->most_weight = fmax(self->most_weight, fabs(self->weights[c]));
  }
  self->difference = true;
  snprintf(self->heading, 96, "%s: q · k / √%d %+.2f    %.30s %+.3f", reversed ? "A − B" : "B − A",
           self->size, self->logits[self->key], figure_words()->weight, self->weights[self->key]);
}

/* The queries in a column of their own, the keys' lines right of it, below the bands. */
static void place(FigureNeuron *self, const FigureNeuronInput *input, const FigureFont *font)
{
  double line = fmax(font->line + 3.0, 15.0);
  double queries = labels_width(input->row_labels, self->rows, font) + 14.0;
  double left = fmax(fmin(queries, 0.2 * self->width), font->size * 4.0) + GAP;
  double keys = labels_width(input->col_labels, self->cols, font) + 12.0;
  double labels = fmax(fmin(keys, 0.24 * self->width), font->size * 4.0),
         bars = fmin(0.14 * self->width, 84.0);
  double top = font->line + GAP, y = top + FIGURE_NEURON_BANDS * (BAND + GAP) + font->line + GAP;

  self->strip_x = left + labels + GAP;
  self->weight_w = bars;
  self->weight_x = self->width - bars - 2;
  self->logit_w = bars;
  self->logit_x = self->weight_x - GAP - bars;
  self->strip_w = fmax(self->logit_x - GAP - self->strip_x, 20.0);
  for (int r = 0; r < self->rows; r++)
    self->query_rects[r] = (FigureRect){0, top + r * line, left - GAP, line};
  for (int b = 0; b < FIGURE_NEURON_BANDS; b++)
    self->bands[b] = (FigureRect){self->strip_x, top + b * (BAND + GAP), self->strip_w, BAND};
  for (int c = 0; c < self->cols; c++)
    self->key_rects[c] = (FigureRect){left, y + c * line, self->width - left, line};
  self->height = fmax(y + self->cols * line, top + self->rows * line) + 4.0;
}

bool figure_neuron_layout(const FigureNeuronInput *input, const FigureStyle *style, double width,
                          FigureNeuron **out, FigureError *error)
{
  FigureNeuron *self;
  FigureFont font;

  *out = NULL;
  if (input->rows <= 0 || input->cols <= 0 || input->size <= 0 || input->query < 0 ||
      input->query >= input->rows || input->key < 0 || input->key >= input->cols)
    return figure_fail(error, "There is no such pair of query and key in this head.");
  self = calloc(1, sizeof *self);
  if (!self)
    return figure_fail(error, "Not enough memory to draw the head.");
  self->rows = input->rows;
  self->cols = input->cols;
  self->size = input->size;
  self->query = input->query;
  self->key = input->key;
  self->query_is_words = input->query_is_words;
  self->key_is_words = input->key_is_words;
  self->width = fmax(width, 240.0);
  self->font_size = style->font_size;
  if (!allocate(self)) {
    figure_neuron_free(self);
    return figure_fail(error, "Not enough memory to draw the head.");
  }
  compute(self, input);
  figure_font_init(&font, style->font, style->font_size);
  place(self, input, &font);
  double labels = self->strip_x - self->key_rects[0].x - 10.0;
  mirror(self, style);
  self->query_labels =
      labels_new(input->row_labels, self->rows, &font, self->query_rects[0].w - 8.0);
  self->key_labels = labels_new(input->col_labels, self->cols, &font, labels);
  figure_font_done(&font);
  *out = self;
  return true;
}

FigureHit figure_neuron_hit(const FigureNeuron *self, double x, double y)
{
  FigureHit hit = FIGURE_NO_HIT;

  for (int r = 0; r < self->rows; r++) {
    if (!figure_rect_holds(self->query_rects[r], x, y))
      continue;
    hit.kind = self->query_is_words ? FIGURE_HIT_WORD : FIGURE_HIT_BOX;
    hit.side = FIGURE_AS_QUERY;
    *(self->query_is_words ? &hit.word : &hit.box) = r;
    return hit;
  }
  for (int c = 0; c < self->cols; c++) {
    if (!figure_rect_holds(self->key_rects[c], x, y))
      continue;
    hit.kind = FIGURE_HIT_CELL;
    hit.query = self->query;
    hit.key = c;
    hit.weight = self->weights[c];
  }
  return hit;
}

FigureRect figure_neuron_bar(const FigureNeuron *self, int band, int element)
{
  FigureRect area = self->bands[band];
  double w = area.w / self->size, value = self->elements[band][element];
  double share = self->most[band] > 0.0 ? value / self->most[band] : 0.0;
  double h = fabs(share) * area.h / 2, middle = area.y + area.h / 2;

  return (FigureRect){area.x + element * w, share > 0.0 ? middle - h : middle, w, h};
}

FigureRect figure_neuron_weight(const FigureNeuron *self, int key)
{
  FigureRect line = self->key_rects[key];
  double share = self->most_weight > 0.0 ? fabs(self->weights[key]) / self->most_weight : 0.0;
  double w = share * (self->weight_w - NUMBER);
  double x = self->mirrored ? self->weight_x + self->weight_w - w : self->weight_x;

  return (FigureRect){x, line.y + 3, w, line.h - 6};
}

int figure_neuron_element(const FigureNeuron *self, double x, double y)
{
  double first = self->bands[0].y, last = self->height;
  int element = (int)floor((x - self->strip_x) / self->strip_w * self->size);

  return y >= first && y < last && x >= self->strip_x && element < self->size ? element : -1;
}

/* ---- drawing ---- */

static FigureColor sign_color(const FigureStyle *style, double value)
{
  return value >= 0.0 ? style->word : style->box;
}

/* Beside `edge`: before it or, `after`, behind it, in the reading direction. */
static void write_at(cairo_t *cr, const FigureNeuron *self, const FigureStyle *style,
                     const char *text, double edge, double middle, bool after)
{
  FigureFont font;
  double x, size = 0.92 * self->font_size;

  figure_font_init(&font, style->font, size);
  x = after == style->mirrored ? edge - figure_text_width(&font, text) : edge;
  figure_text_draw(cr, style->font, size, text, x, middle + (font.ascent - font.descent) / 2, 0.0);
  figure_font_done(&font);
}

/* Where a stretch begins and ends in the reading direction, and a point so far beyond. */
static double start_of(const FigureStyle *style, double x, double w, double beyond)
{
  return style->mirrored ? x + w + beyond : x - beyond;
}

static double end_of(const FigureStyle *style, double x, double w, double beyond)
{
  return style->mirrored ? x - beyond : x + w + beyond;
}

static void draw_bands(cairo_t *cr, const FigureNeuron *self, const FigureStyle *style)
{
  static const char *const names[FIGURE_NEURON_BANDS] = {"q", "k", "q × k"};

  for (int b = 0; b < FIGURE_NEURON_BANDS; b++) {
    FigureRect area = self->bands[b];
    double gap = area.w / self->size > 3.0 ? 1.0 : 0.0;
    char range[32];

    figure_set_color(cr, style->muted, 0.35);
    cairo_rectangle(cr, area.x, area.y + area.h / 2 - 0.5, area.w, 1);
    cairo_fill(cr);
    for (int e = 0; e < self->size; e++) {
      FigureRect bar = figure_neuron_bar(self, b, e);
      figure_set_color(cr, sign_color(style, self->elements[b][e]), 1.0);
      cairo_rectangle(cr, bar.x, bar.y, bar.w - gap, bar.h);
      cairo_fill(cr);
    }
    figure_set_color(cr, style->text, 1.0);
    write_at(cr, self, style, names[b], start_of(style, area.x, area.w, 8), area.y + area.h / 2,
             false);
    snprintf(range, sizeof range, "± %.2f", self->most[b]);
    figure_set_color(cr, style->muted, 1.0);
    write_at(cr, self, style, range, end_of(style, area.x, area.w, 6), area.y + area.h / 2, true);
  }
}

static void draw_line(cairo_t *cr, const FigureNeuron *self, const FigureStyle *style, int key)
{
  FigureRect line = self->key_rects[key];
  double middle = line.y + line.h / 2, w = self->strip_w / self->size, half = self->logit_w / 2;
  double logit = self->most_logit > 0.0 ? self->logits[key] / self->most_logit * (half - 2) : 0.0;
  char number[24];

  for (int e = 0; e < self->size; e++) {
    double value = self->products[(size_t)key * (size_t)self->size + (size_t)e];
    double share = self->most_product > 0.0 ? fabs(value) / self->most_product : 0.0;
    figure_set_color(cr, sign_color(style, value), sqrt(share));
    cairo_rectangle(cr, self->strip_x + e * w, line.y + 1.5, w, line.h - 3);
    cairo_fill(cr);
  }
  figure_set_color(cr, sign_color(style, logit), 0.85);
  cairo_rectangle(cr, self->logit_x + half + fmin(logit, 0.0), line.y + 3, fabs(logit), line.h - 6);
  cairo_fill(cr);
  figure_set_color(cr,
                   self->difference ? sign_color(style, self->weights[key])
                                    : figure_style_scale(style, 0.62),
                   1.0);
  FigureRect weight = figure_neuron_weight(self, key);
  cairo_rectangle(cr, weight.x, weight.y, weight.w, weight.h);
  cairo_fill(cr);
  snprintf(number, sizeof number, self->difference ? "%+.3f" : "%.3f", self->weights[key]);
  figure_set_color(cr, style->text, 1.0);
  write_at(cr, self, style, number, end_of(style, self->weight_x, self->weight_w, 0), middle,
           false);
  write_at(cr, self, style, self->key_labels[key] ? self->key_labels[key] : "",
           start_of(style, self->strip_x, self->strip_w, 8), middle, false);
}

static void frame(cairo_t *cr, FigureRect r, FigureColor color, double fill)
{
  figure_rounded_rect(cr, (FigureRect){r.x + 0.5, r.y + 0.5, r.w - 1, r.h - 1}, 4.0);
  figure_set_color(cr, color, fill);
  cairo_fill_preserve(cr);
  figure_set_color(cr, color, 0.9);
  cairo_set_line_width(cr, 1.0);
  cairo_stroke(cr);
}

void figure_neuron_draw(cairo_t *cr, const FigureNeuron *self, const FigureStyle *style,
                        int element)
{
  FigureColor query = self->query_is_words ? style->word : style->box;
  double heads = self->key_rects[0].y - self->font_size * 0.8;
  double strip = start_of(style, self->strip_x, self->strip_w, 0);
  const FigureWords *say = figure_words();

  frame(cr, self->query_rects[self->query], query, 0.15);
  frame(cr, self->key_rects[self->key], style->accent, 0.1);
  if (element >= 0) {
    figure_set_color(cr, style->accent, 0.25);
    cairo_rectangle(cr, self->strip_x + element * self->strip_w / self->size, self->bands[0].y,
                    self->strip_w / self->size, self->height - self->bands[0].y);
    cairo_fill(cr);
  }
  draw_bands(cr, self, style);
  for (int c = 0; c < self->cols; c++)
    draw_line(cr, self, style, c);
  for (int r = 0; r < self->rows; r++) {
    FigureRect rect = self->query_rects[r];
    figure_set_color(cr, r == self->query ? query : style->text, 1.0);
    write_at(cr, self, style, self->query_labels[r] ? self->query_labels[r] : "",
             start_of(style, rect.x, rect.w, -4), rect.y + rect.h / 2, true);
  }
  figure_set_color(cr, style->text, 1.0);
  write_at(cr, self, style, self->heading, strip, self->font_size * 0.7, true);
  figure_set_color(cr, style->muted, 1.0);
  write_at(cr, self, style, say->query_alone, figure_mirror(style, self->width, 4, 0),
           self->font_size * 0.7, true);
  write_at(cr, self, style, say->key_alone, start_of(style, self->strip_x, self->strip_w, 8), heads,
           false);
  write_at(cr, self, style, "q × k", strip, heads, true);
  write_at(cr, self, style, say->logit,
           start_of(style, self->logit_x, self->logit_w, 12 - self->logit_w / 2), heads, true);
  write_at(cr, self, style, say->weight, start_of(style, self->weight_x, self->weight_w, 0), heads,
           true);
}
