#include "figure-text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST 6.5 /* font size below which nobody reads */

bool figure_fail(FigureError *error, const char *format, ...)
{
  va_list args;
  if (error) {
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
  }
  return false;
}

void figure_font_init(FigureFont *self, const char *family, double size)
{
  cairo_font_face_t *face =
      cairo_toy_font_face_create(family, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_matrix_t scale, identity;
  cairo_font_extents_t extents;

  /* Unhinted metrics: the same layout on screen and in a PDF. */
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_matrix_init_scale(&scale, size, size);
  cairo_matrix_init_identity(&identity);
  self->family = family;
  self->size = size;
  self->scaled = cairo_scaled_font_create(face, &scale, &identity, options);
  cairo_scaled_font_extents(self->scaled, &extents);
  self->ascent = extents.ascent;
  self->descent = extents.descent;
  self->line = extents.ascent + extents.descent;
  cairo_font_options_destroy(options);
  cairo_font_face_destroy(face);
}

void figure_font_done(FigureFont *self)
{
  cairo_scaled_font_destroy(self->scaled);
  self->scaled = NULL;
}

/* Bytes of the well-formed UTF-8 character at `s`, 0 when it is none. */
static int utf8_length(const unsigned char *s)
{
  int n = s[0] < 0x80                   ? 1
          : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
          : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
          : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                        : 0;
  for (int i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80)
      return 0;
  if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
      (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
    return 0;
  return n;
}

char *figure_text_clean(const char *text)
{
  const unsigned char *s = (const unsigned char *)(text ? text : "");
  char *out = malloc(strlen((const char *)s) + 1), *to = out;

  if (!out)
    return NULL;
  while (*s) {
    int n = utf8_length(s);
    if (n == 0 || *s < 0x20 || *s == 0x7f) {
      *to++ = n ? ' ' : '?';
      s++;
      continue;
    }
    memcpy(to, s, (size_t)n);
    to += n;
    s += n;
  }
  *to = '\0';
  return out;
}

double figure_text_width(const FigureFont *font, const char *clean)
{
  cairo_text_extents_t extents;
  if (!*clean)
    return 0.0;
  cairo_scaled_font_text_extents(font->scaled, clean, &extents);
  return fmax(extents.x_advance, extents.x_bearing + extents.width);
}

char *figure_text_elide(const FigureFont *font, const char *clean, double width)
{
  static const char dots[] = "…";
  size_t n = strlen(clean);
  char *out = malloc(n + sizeof dots);

  if (!out)
    return NULL;
  strcpy(out, clean);
  if (figure_text_width(font, out) <= width)
    return out;
  while (n > 0) {
    do
      n--;
    while (n > 0 && ((unsigned char)clean[n] & 0xc0) == 0x80);
    strcpy(out + n, dots);
    if (n >= 2 && figure_text_width(font, out) <= width)
      return out;
  }
  out[0] = '\0';
  return out;
}

static double widest(const FigureFont *font, char *const *labels, int n)
{
  double width = 0.0;
  for (int i = 0; i < n; i++)
    width = fmax(width, figure_text_width(font, labels[i]));
  return width;
}

static FigureRowFit fit_at(const FigureFont *font, double width, double slot)
{
  FigureRowFit fit = {.size = font->size, .line = font->line, .stride = 1};

  if (width + 0.5 * font->size <= slot) {
    fit.depth = font->line;
  } else if (slot >= 1.45 * font->line) {
    fit.angle = -M_PI / 4;
    fit.depth = (width + font->line) * M_SQRT1_2;
  } else {
    fit.angle = -M_PI / 2;
    fit.depth = width;
    fit.stride = slot >= font->line * 0.98 ? 1 : (int)ceil(font->line / slot);
  }
  return fit;
}

FigureRowFit figure_text_fit_row(const FigureStyle *style, char *const *labels, int n, double slot,
                                 double max_depth)
{
  FigureRowFit fit = {0};

  for (double size = style->font_size;; size *= 0.92) {
    FigureFont font;
    if (size < SMALLEST)
      size = fmin(SMALLEST, style->font_size);
    figure_font_init(&font, style->font, size);
    fit = fit_at(&font, widest(&font, labels, n), slot);
    figure_font_done(&font);
    if ((fit.stride == 1 && fit.angle > -1.0) || size <= SMALLEST)
      break;
    if (fit.stride == 1 && size < 0.8 * style->font_size)
      break;
  }
  fit.depth = fmin(fit.depth, max_depth);
  return fit;
}

double figure_row_fit_length(const FigureRowFit *fit, double slot, double max_depth)
{
  if (fit->angle > -0.1)
    return slot;
  return fit->angle > -1.0 ? max_depth / M_SQRT1_2 - fit->line : max_depth;
}

FigureRowFit figure_text_fit_column(const FigureStyle *style, double slot)
{
  FigureRowFit fit = {.size = style->font_size, .stride = 1};
  FigureFont font;

  figure_font_init(&font, style->font, style->font_size);
  if (font.line > slot)
    fit.size = fmax(style->font_size * slot / font.line, fmin(SMALLEST, style->font_size));
  fit.line = font.line * fit.size / style->font_size;
  fit.stride = fit.line <= slot * 1.02 ? 1 : (int)ceil(fit.line / slot);
  figure_font_done(&font);
  return fit;
}

FigureRect figure_text_bounds(const FigureFont *font, const char *clean, double x, double y,
                              double angle)
{
  double c = cos(angle), s = sin(angle), w = figure_text_width(font, clean);
  double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;

  for (int i = 0; i < 4; i++) {
    double u = i & 1 ? w : 0.0, v = i & 2 ? font->descent : -font->ascent;
    double px = x + c * u - s * v, py = y + s * u + c * v;
    left = fmin(left, px);
    right = fmax(right, px);
    top = fmin(top, py);
    bottom = fmax(bottom, py);
  }
  return (FigureRect){left, top, right - left, bottom - top};
}

void figure_set_color(cairo_t *cr, FigureColor color, double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

static const cairo_user_data_key_t paths_key;

void figure_text_as_paths(cairo_t *cr, bool as_paths)
{
  static int yes;
  cairo_set_user_data(cr, &paths_key, as_paths ? &yes : NULL, NULL);
}

bool figure_text_is_paths(cairo_t *cr)
{
  return cairo_get_user_data(cr, &paths_key) != NULL;
}

void figure_text_draw(cairo_t *cr, const char *family, double size, const char *clean, double x,
                      double y, double angle)
{
  cairo_font_options_t *options;

  if (!*clean)
    return;
  cairo_save(cr);
  options = cairo_font_options_create();
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, options);
  cairo_font_options_destroy(options);
  cairo_select_font_face(cr, family, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
  cairo_move_to(cr, x, y);
  if (angle != 0.0)
    cairo_rotate(cr, angle);
  if (figure_text_is_paths(cr)) {
    cairo_text_path(cr, clean);
    cairo_fill(cr);
  } else {
    cairo_show_text(cr, clean);
  }
  cairo_new_path(cr);
  cairo_restore(cr);
}

void figure_rounded_rect(cairo_t *cr, FigureRect r, double radius)
{
  radius = fmin(radius, fmin(r.w, r.h) / 2);
  cairo_new_sub_path(cr);
  cairo_arc(cr, r.x + r.w - radius, r.y + radius, radius, -M_PI / 2, 0);
  cairo_arc(cr, r.x + r.w - radius, r.y + r.h - radius, radius, 0, M_PI / 2);
  cairo_arc(cr, r.x + radius, r.y + r.h - radius, radius, M_PI / 2, M_PI);
  cairo_arc(cr, r.x + radius, r.y + radius, radius, M_PI, 3 * M_PI / 2);
  cairo_close_path(cr);
}
