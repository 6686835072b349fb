/* Text as the figures need it: measured, shortened, rotated. Cairo's own font interface; one face,
 * which fontconfig finds by name. Internal to src/figure. */
#pragma once

#include "figure.h"

typedef struct {
  const char *family;
  double size;
  double ascent, descent;
  double line; /* ascent + descent */
  cairo_scaled_font_t *scaled;
} FigureFont;

/* Borrowed family. figure_font_done releases it. */
void figure_font_init(FigureFont *self, const char *family, double size);
void figure_font_done(FigureFont *self);

/* A copy in valid UTF-8 without control characters, as Cairo needs it. NULL when out of memory. */
char *figure_text_clean(const char *text);
double figure_text_width(const FigureFont *font, const char *clean);
/* A copy that is at most `width` wide, shortened with "…"; "" when not even two letters fit. */
char *figure_text_elide(const FigureFont *font, const char *clean, double width);

/* How a row of labels is written under (or over) slots of one width. */
typedef struct {
  double angle; /* 0, -pi/4 or -pi/2 */
  double size;  /* font size */
  double depth; /* height that the row needs */
  double line;  /* line height at that size */
  int stride;   /* every stride-th label has room */
} FigureRowFit;

/* `labels` are clean. Labels may take at most `max_depth`; longer ones are to be shortened. */
FigureRowFit figure_text_fit_row(const FigureStyle *style, char *const *labels, int n, double slot,
                                 double max_depth);
/* The widest that a label may be in that row. */
double figure_row_fit_length(const FigureRowFit *fit, double slot, double max_depth);

/* The same for a column: horizontal labels on lines `slot` high. */
FigureRowFit figure_text_fit_column(const FigureStyle *style, double slot);

/* Bounds of a text drawn at (x, y) with this angle. */
FigureRect figure_text_bounds(const FigureFont *font, const char *clean, double x, double y,
                              double angle);

void figure_set_color(cairo_t *cr, FigureColor color, double alpha);
/* Draws at the baseline start; the current source. */
void figure_text_draw(cairo_t *cr, const char *family, double size, const char *clean, double x,
                      double y, double angle);
void figure_rounded_rect(cairo_t *cr, FigureRect r, double radius);

static inline bool figure_rect_holds(FigureRect r, double x, double y)
{
  return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}
static inline bool figure_rects_meet(FigureRect a, FigureRect b)
{
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* The largest rectangle of the image's shape inside `room`, centred. */
FigureRect figure_fit_image(int image_width, int image_height, FigureRect room);
/* Paints the image into the rectangle, or an empty frame when there is none. */
void figure_paint_image(cairo_t *cr, cairo_surface_t *image, FigureRect rect,
                        const FigureStyle *style);

/* Fills `error` and returns false. */
bool figure_fail(FigureError *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
