#include "figure-matrix.h"

#include <math.h>
#include <stdio.h>

#include "figure-text.h"
#include "figure-thumbs.h"

static double weight_at(const FigureMatrix *self, int r, int c)
{
  return self->weights[(size_t)self->row_of[r] * (size_t)self->cols + (size_t)self->col_of[c]];
}

static double luminance(FigureColor c)
{
  return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b;
}

static void draw_value(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style,
                       FigureRect cell, double weight, FigureColor under)
{
  double size = fmin(0.85 * style->font_size, cell.w / 3.2);
  FigureColor ink = luminance(under) > 0.5 ? (FigureColor){0.1, 0.1, 0.13} : (FigureColor){1, 1, 1};
  FigureFont font;
  char text[16];

  snprintf(text, sizeof text, "%.2f", weight);
  figure_font_init(&font, style->font, size);
  figure_set_color(cr, ink, 0.9);
  figure_text_draw(cr, style->font, size, text + (text[0] == '0'),
                   cell.x + (cell.w - figure_text_width(&font, text + (text[0] == '0'))) / 2,
                   cell.y + cell.h / 2 + (font.ascent - font.descent) / 2, 0);
  figure_font_done(&font);
}

static void draw_cells(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style)
{
  double w = self->cells.w / self->n_cols, h = self->cells.h / self->n_rows;
  double gap = fmin(w, h) >= 9.0 ? 1.0 : 0.0;

  for (int r = 0; r < self->n_rows; r++)
    for (int c = 0; c < self->n_cols; c++) {
      double t = weight_at(self, r, c) / self->scale_max;
      FigureColor color = figure_style_scale(style, t);
      double x0 = floor(self->cells.x + c * w), x1 = floor(self->cells.x + (c + 1) * w);
      double y0 = floor(self->cells.y + r * h), y1 = floor(self->cells.y + (r + 1) * h);
      FigureRect cell = {x0, y0, fmax(x1 - x0 - gap, 0.5), fmax(y1 - y0 - gap, 0.5)};
      cairo_rectangle(cr, cell.x, cell.y, cell.w, cell.h);
      figure_set_color(cr, color, 1.0);
      cairo_fill(cr);
      if (w >= 22.0 && h >= 13.0)
        draw_value(cr, self, style, cell, weight_at(self, r, c), color);
    }
}

static bool is_lit(const FigureHighlight *h, bool is_word, int index, FigureSide side, bool mixed)
{
  int hovered = is_word ? h->word : h->box, pinned = is_word ? h->pinned_word : h->pinned_box;
  bool fits =
      mixed || h->side == side || (h->side == FIGURE_EITHER_SIDE && side == FIGURE_AS_QUERY);
  return hovered >= 0 ? hovered == index && fits
                      : pinned == index && (mixed || side == FIGURE_AS_QUERY);
}

static void draw_axis(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style,
                      const FigureHighlight *highlight, bool rows)
{
  const FigureAxisLabel *labels = rows ? self->row_labels : self->col_labels;
  int n = rows ? self->n_rows : self->n_cols;
  bool is_word = rows ? self->query_is_words : self->key_is_words;
  bool mixed = self->query_is_words != self->key_is_words;

  for (int i = 0; i < n; i++) {
    FigureRect thumb = figure_matrix_thumb(self, rows, i);
    if (self->thumbs && thumb.w > 0)
      figure_thumbs_draw(cr, self->thumbs, labels[i].index, thumb);
    bool lit =
        is_lit(highlight, is_word, labels[i].index, rows ? FIGURE_AS_QUERY : FIGURE_AS_KEY, mixed);
    double w = self->cells.w / self->n_cols, h = self->cells.h / self->n_rows;
    figure_set_color(cr, lit ? style->accent : style->text, 1.0);
    figure_text_draw(cr, style->font, labels[i].size, labels[i].text, labels[i].x, labels[i].y,
                     labels[i].angle);
    if (!lit)
      continue;
    if (rows)
      cairo_rectangle(cr, self->cells.x - 1, self->cells.y + i * h - 1, self->cells.w + 1, h + 1);
    else
      cairo_rectangle(cr, self->cells.x + i * w - 1, self->cells.y - 1, w + 1, self->cells.h + 1);
    cairo_set_line_width(cr, 1.5);
    cairo_stroke(cr);
  }
}

static void draw_names(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style)
{
  const FigureWords *say = figure_words();
  double size = 0.95 * style->font_size, x = self->cells.x;
  FigureFont font;
  char query[96], key[96];

  snprintf(query, sizeof query, "%s%s", say->query, self->query_is_words ? say->words : say->boxes);
  snprintf(key, sizeof key, "%s%s", say->key, self->key_is_words ? say->words : say->boxes);
  figure_font_init(&font, style->font, size);
  if (self->mirrored)
    x += self->cells.w - figure_text_width(&font, key);
  figure_set_color(cr, self->key_is_words ? style->word : style->box, 1.0);
  figure_text_draw(cr, style->font, size, key, x, self->axis_y, 0);
  figure_set_color(cr, self->query_is_words ? style->word : style->box, 1.0);
  figure_text_draw(cr, style->font, size, query, self->axis_x,
                   fmin(self->cells.y + figure_text_width(&font, query), self->height - 2),
                   -M_PI / 2);
  figure_font_done(&font);
}

static void draw_scale(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style)
{
  FigureRect r = self->scale_rect;
  double size = 0.85 * style->font_size;
  FigureFont font;
  char text[32];

  figure_font_init(&font, style->font, size);
  figure_set_color(cr, style->muted, 1.0);
  figure_text_draw(cr, style->font, size, "0", r.x, r.y + r.h, 0);
  double from = r.x + figure_text_width(&font, "0") + 5, width = r.w - (from - r.x);
  int steps = 48;
  for (int i = 0; i < steps; i++) {
    figure_set_color(cr, figure_style_scale(style, (i + 0.5) / steps), 1.0);
    cairo_rectangle(cr, from + width * i / steps, r.y, width / steps + 0.5, r.h);
    cairo_fill(cr);
  }
  snprintf(text, sizeof text, self->scale_max >= 0.01 ? "%.2f" : "%.1e", self->scale_max);
  figure_set_color(cr, style->muted, 1.0);
  figure_text_draw(cr, style->font, size, text, r.x + r.w + 5, r.y + r.h, 0);
  from = r.x + r.w + 5 + figure_text_width(&font, text) + 8;
  if (from + figure_text_width(&font, self->quantity) < self->width)
    figure_text_draw(cr, style->font, size, self->quantity, from, r.y + r.h, 0);
  figure_font_done(&font);
}

void figure_matrix_draw(cairo_t *cr, const FigureMatrix *self, const FigureStyle *style,
                        const FigureHighlight *highlight, int query, int key)
{
  static const FigureHighlight nothing = {-1, -1, FIGURE_EITHER_SIDE, -1, -1};
  FigureRect cell = figure_matrix_cell(self, query, key);

  if (!highlight)
    highlight = &nothing;
  cairo_save(cr);
  draw_cells(cr, self, style);
  draw_axis(cr, self, style, highlight, true);
  draw_axis(cr, self, style, highlight, false);
  draw_names(cr, self, style);
  draw_scale(cr, self, style);
  if (cell.w > 0.0) {
    cairo_rectangle(cr, floor(cell.x) - 0.5, floor(cell.y) - 0.5, cell.w + 1, cell.h + 1);
    cairo_set_line_width(cr, 2.0);
    figure_set_color(cr, style->accent, 1.0);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}
