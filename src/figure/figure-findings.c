#include "figure-findings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure-text.h"

#define LANE 5.0 /* least height of a head */
#define MOST_LANE 9.0
#define LINE_PAD 5.0 /* above and below a line's lanes */
#define MARGIN 12.0
#define MOST_TICKS 8
#define REACH 7.0 /* how near the pointer must come */

void figure_findings_free(FigureFindings *self)
{
  if (!self)
    return;
  for (int i = 0; self->lines && i < self->n_lines; i++)
    free(self->lines[i].label);
  free(self->lines);
  free(self->dots);
  free(self->title);
  free(self->model);
  free(self->second);
  free(self->head_text);
  free(self->mean_text);
  free(self->chance_text);
  free(self);
}

/* ---- the axis ---- */

/* The greatest number that has to be seen. */
static double greatest(const FigureFindingsInput *input)
{
  double most = 0;
  for (int i = 0; i < input->n; i++) {
    const FigureFinding *f = &input->items[i];
    const double all[] = {f->value, f->high, f->chance};
    for (int j = 0; j < 3; j++)
      if (isfinite(all[j]) && all[j] > most)
        most = all[j];
  }
  return most;
}

/* 1, 2 or 5 times a power of ten, so that at most `n` of them reach `most`. */
static double tick_step(double most, int n)
{
  const double step = pow(10.0, floor(log10(most / n)));
  const double factors[] = {1, 2, 5, 10};
  for (int i = 0; i < 4; i++)
    if (factors[i] * step * n >= most)
      return factors[i] * step;
  return 10 * step;
}

/* Returns the value at the right end. */
static double set_ticks(FigureFindings *self, const FigureFindingsInput *input, double most)
{
  const double scale = input->share ? 100 : 1;
  const double step = tick_step(most * scale, self->plot.w < 300 ? 3 : 6);
  double end = ceil(most * scale / step - 1e-9) * step;
  const int digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  if (input->share && end > 100)
    end = 100; /* ticks end there: a share is never more */
  for (double t = 0; t <= end + 1e-9 && self->n_ticks < MOST_TICKS; t += step) {
    FigureTick *tick = &self->ticks[self->n_ticks++];
    tick->x = self->plot.x + self->plot.w * t / end;
    snprintf(tick->text, sizeof tick->text, "%.*f%s", digits, t, input->share ? "%" : "");
  }
  return end / scale;
}

/* ---- lines and dots ---- */

static bool same_line(const FigureFinding *a, const FigureFinding *b)
{
  return a->second == b->second && strcmp(a->line, b->line) == 0;
}

/* Items from `i` on that are of one line; *heads of them are no mean. */
static int count_line(const FigureFindingsInput *input, int i, int *heads)
{
  int n = 0;
  *heads = 0;
  for (; i + n < input->n && same_line(&input->items[i], &input->items[i + n]); n++)
    *heads += input->items[i + n].head != FIGURE_FINDINGS_MEAN;
  return n;
}

static int count_lines(const FigureFindingsInput *input)
{
  int lines = 0, heads;
  for (int i = 0; i < input->n; lines++)
    i += count_line(input, i, &heads);
  return lines;
}

static double place_x(const FigureFindings *self, double value, double end)
{
  return isfinite(value) ? self->plot.x + self->plot.w * fmin(value / end, 1) : NAN;
}

static void place_dot(FigureFindings *self, const FigureFinding *f, FigureDot *dot, double y,
                      double bar, double end)
{
  *dot = (FigureDot){.x = place_x(self, f->value, end),
                     .y = y,
                     .low = place_x(self, f->low, end),
                     .high = place_x(self, f->high, end),
                     .chance = place_x(self, f->chance, end),
                     .bar = bar,
                     .mean = f->head == FIGURE_FINDINGS_MEAN,
                     .second = f->second};
  const double left = fmin(isnan(dot->low) ? dot->x : dot->low, dot->x - 3);
  const double right = fmax(isnan(dot->high) ? dot->x : dot->high, dot->x + 3);
  if (isfinite(dot->x))
    dot->rect = (FigureRect){left, y - bar, right - left, 2 * bar};
}

/* Lays the line's items out from `y` on; returns where it ends. */
static double place_line(FigureFindings *self, const FigureFindingsInput *input, int begin, int n,
                         int heads, double y, double least, double end)
{
  const double lanes = fmax(heads, 1) * self->lane, h = fmax(lanes + 2 * LINE_PAD, least);
  const double first = y + (h - lanes) / 2;
  int lane = 0;
  for (int i = begin; i < begin + n; i++) {
    const FigureFinding *f = &input->items[i];
    const bool mean = f->head == FIGURE_FINDINGS_MEAN;
    place_dot(self, f, &self->dots[i], mean ? y + h / 2 : first + (lane + 0.5) * self->lane,
              mean ? h / 2 - 2 : self->lane / 2, end);
    lane += !mean;
  }
  return y + h;
}

static bool set_label(FigureFindingsLine *line, const char *text, const FigureFont *font,
                      double width)
{
  char *clean = figure_text_clean(text);
  line->label = clean ? figure_text_elide(font, clean, width) : NULL;
  free(clean);
  return line->label != NULL;
}

static double widest_label(const FigureFindingsInput *input, const FigureFont *font)
{
  double most = 0;
  for (int i = 0; i < input->n; i++) {
    char *clean = figure_text_clean(input->items[i].line);
    if (clean)
      most = fmax(most, figure_text_width(font, clean));
    free(clean);
  }
  return most;
}

static bool copy_texts(FigureFindings *self, const FigureFindingsInput *input)
{
  self->title = figure_text_clean(input->title);
  self->model = figure_text_clean(input->model);
  self->second = input->second ? figure_text_clean(input->second) : NULL;
  self->head_text = figure_text_clean(input->head_text);
  self->mean_text = figure_text_clean(input->mean_text);
  self->chance_text = figure_text_clean(input->chance_text);
  return self->title && self->model && self->head_text && self->mean_text && self->chance_text &&
         (self->second || !input->second);
}

/* As high as the figure has room for. */
static double lane_height(const FigureFindingsInput *input, double room)
{
  double lanes = 0, lines = 0;
  for (int i = 0, heads; i < input->n; lines++) {
    i += count_line(input, i, &heads);
    lanes += fmax(heads, 1);
  }
  return fmax(LANE, fmin((room - lines * 2 * LINE_PAD) / lanes, MOST_LANE));
}

static bool place(FigureFindings *self, const FigureFindingsInput *input, const FigureFont *font)
{
  const double labels = fmin(widest_label(input, font), self->width * 0.36);
  const double head = MARGIN + 2 * font->line, foot = 2.6 * font->line + MARGIN;
  double y = head;
  bool ok = true;

  self->lane = lane_height(input, self->height - head - foot);
  self->plot = (FigureRect){MARGIN + labels + 10, head, 0, 0};
  self->plot.w = self->width - self->plot.x - 2 * MARGIN - font->line;
  const double end = set_ticks(self, input, greatest(input));
  for (int i = 0, heads; i < input->n && ok;) {
    FigureFindingsLine *line = &self->lines[self->n_lines++];
    const int n = count_line(input, i, &heads);
    line->y = y;
    line->second = input->items[i].second;
    ok = set_label(line, input->items[i].line, font, labels + 1);
    y = place_line(self, input, i, n, heads, y, font->line + 6, end);
    line->h = y - line->y;
    i += n;
  }
  self->plot.h = y - head;
  self->height = fmax(self->height, y + foot);
  return ok;
}

bool figure_findings_layout(const FigureFindingsInput *input, const FigureStyle *style,
                            double width, double height, FigureFindings **out, FigureError *error)
{
  FigureFont font;
  *out = NULL;
  if (input->n <= 0 || !(greatest(input) > 0))
    return figure_fail(error, "There are no numbers to draw.");
  if (!(width >= 160 && height >= 40))
    return figure_fail(error, "The figure needs at least 160 by 40 units.");
  FigureFindings *self = calloc(1, sizeof *self);
  if (!self)
    return figure_fail(error, "Not enough memory to lay out the figure.");
  self->width = width;
  self->height = height;
  self->font_size = style->font_size * 0.9;
  self->n = input->n;
  self->dots = calloc((size_t)input->n, sizeof *self->dots);
  self->lines = calloc((size_t)count_lines(input), sizeof *self->lines);
  figure_font_init(&font, style->font, self->font_size);
  const bool ok = self->dots && self->lines && copy_texts(self, input) && place(self, input, &font);
  figure_font_done(&font);
  if (!ok) {
    figure_findings_free(self);
    return figure_fail(error, "Not enough memory to lay out the figure.");
  }
  *out = self;
  return true;
}

int figure_findings_hit(const FigureFindings *self, double x, double y)
{
  int best = -1;
  double nearest = REACH;
  for (int i = 0; i < self->n; i++) {
    const FigureDot *dot = &self->dots[i];
    if (!isfinite(dot->x))
      continue;
    const double up = dot->mean ? fmax(fabs(y - dot->y) - dot->bar, 0) : fabs(y - dot->y);
    const double distance = hypot(x - dot->x, up) + (dot->mean ? 2.5 : 0); /* dots go first */
    if (distance < nearest) {
      nearest = distance;
      best = i;
    }
  }
  return best;
}

/* ---- drawing ---- */

static void line_to(cairo_t *cr, double x1, double y1, double x2, double y2)
{
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

static void draw_frame(cairo_t *cr, const FigureFindings *self, const FigureStyle *style,
                       const FigureFont *font)
{
  const FigureRect p = self->plot;
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < self->n_lines; i++) {
    const FigureFindingsLine *line = &self->lines[i];
    if (i % 2 == 0) {
      figure_set_color(cr, style->muted, 0.08);
      cairo_rectangle(cr, MARGIN, line->y, p.x + p.w + font->line - MARGIN, line->h);
      cairo_fill(cr);
    }
    figure_set_color(cr, style->text, 1);
    figure_text_draw(cr, style->font, self->font_size, line->label,
                     p.x - 10 - figure_text_width(font, line->label),
                     line->y + line->h / 2 + font->ascent / 2 - 1, 0);
  }
  for (int i = 0; i < self->n_ticks; i++) {
    const FigureTick *tick = &self->ticks[i];
    const double at = tick->x - figure_text_width(font, tick->text) / 2;
    figure_set_color(cr, style->muted, 0.35);
    line_to(cr, tick->x, p.y, tick->x, p.y + p.h);
    figure_set_color(cr, style->muted, 1);
    figure_text_draw(cr, style->font, self->font_size, tick->text, at, p.y - 5, 0);
    figure_text_draw(cr, style->font, self->font_size, tick->text, at, p.y + p.h + font->line, 0);
  }
}

static void draw_cross(cairo_t *cr, double x, double y)
{
  line_to(cr, x - 2, y - 2, x + 2, y + 2);
  line_to(cr, x - 2, y + 2, x + 2, y - 2);
}

static void draw_dot(cairo_t *cr, const FigureDot *dot, const FigureStyle *style, bool picked)
{
  const FigureColor color = picked ? style->accent : dot->second ? style->box : style->word;
  if (!isfinite(dot->x))
    return;
  if (isfinite(dot->chance) && !dot->mean) {
    cairo_set_line_width(cr, 1);
    figure_set_color(cr, style->muted, 0.9);
    draw_cross(cr, dot->chance, dot->y);
  }
  figure_set_color(cr, color, dot->mean ? 0.55 : 0.9);
  if (dot->mean) {
    cairo_set_line_width(cr, picked ? 3.5 : 2);
    line_to(cr, dot->x, dot->y - dot->bar, dot->x, dot->y + dot->bar);
    return;
  }
  cairo_set_line_width(cr, 1.2);
  if (isfinite(dot->low) && isfinite(dot->high))
    line_to(cr, dot->low, dot->y, dot->high, dot->y);
  cairo_arc(cr, dot->x, dot->y, picked ? 4 : 2.4, 0, 2 * acos(-1.0));
  cairo_fill(cr);
}

/* A sign and its word; returns where the next one begins. */
static double draw_key(cairo_t *cr, const FigureFindings *self, const FigureStyle *style,
                       const FigureFont *font, const FigureDot *sign, double x, double y,
                       const char *text)
{
  FigureDot dot = *sign;
  dot.x += x + 8;
  dot.low += x + 8;
  dot.high += x + 8;
  dot.chance += x + 8;
  dot.y = y - font->ascent / 2 + 1;
  draw_dot(cr, &dot, style, false);
  figure_set_color(cr, style->text, 1);
  figure_text_draw(cr, style->font, self->font_size, text, x + 20, y, 0);
  return x + 20 + figure_text_width(font, text) + 16;
}

static void draw_legend(cairo_t *cr, const FigureFindings *self, const FigureStyle *style,
                        const FigureFont *font)
{
  const FigureDot head = {.low = -6, .high = 6, .chance = NAN};
  const FigureDot mean = {.low = NAN, .high = NAN, .chance = NAN, .bar = 6, .mean = true};
  const FigureDot other = {.low = -6, .high = 6, .chance = NAN, .second = true};
  const double y = self->plot.y + self->plot.h + 2.4 * font->line;
  double x = MARGIN;

  x = draw_key(cr, self, style, font, &head, x, y, self->second ? self->model : self->head_text);
  if (self->second)
    x = draw_key(cr, self, style, font, &other, x, y, self->second);
  x = draw_key(cr, self, style, font, &mean, x, y, self->mean_text);
  cairo_set_line_width(cr, 1);
  figure_set_color(cr, style->muted, 0.9);
  draw_cross(cr, x + 8, y - font->ascent / 2 + 1);
  figure_set_color(cr, style->text, 1);
  figure_text_draw(cr, style->font, self->font_size, self->chance_text, x + 20, y, 0);
}

void figure_findings_draw(cairo_t *cr, const FigureFindings *self, const FigureStyle *style,
                          int dot)
{
  FigureFont font;
  figure_font_init(&font, style->font, self->font_size);
  cairo_save(cr);
  figure_set_color(cr, style->text, 1);
  figure_text_draw(cr, style->font, style->font_size, self->title, MARGIN, MARGIN + font.ascent - 4,
                   0);
  draw_frame(cr, self, style, &font);
  for (int pass = 0; pass < 2; pass++) /* means lie below the dots */
    for (int i = 0; i < self->n; i++)
      if (self->dots[i].mean == (pass == 0) && i != dot)
        draw_dot(cr, &self->dots[i], style, false);
  if (dot >= 0 && dot < self->n)
    draw_dot(cr, &self->dots[dot], style, true);
  draw_legend(cr, self, style, &font);
  cairo_restore(cr);
  figure_font_done(&font);
}
