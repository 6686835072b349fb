/* The scene's picture in a figure. Scaling a picture down well costs more than everything else that
 * is drawn, so on a screen it is scaled once and kept beside the picture. */
#include <math.h>
#include <stdlib.h>

#include "figure-text.h"

enum { MOST_SCALED = 4 };            /* as many sizes are shown at once, about */
static const double largest = 4.0e6; /* pixels; what is larger is a zoomed view, painted in part */

typedef struct {
  int width, height;
  cairo_surface_t *surface;
} Scaled;

typedef struct {
  Scaled kept[MOST_SCALED]; /* the last one used is first */
} ScaledSet;

static const cairo_user_data_key_t scaled_key;

static void scaled_set_free(void *data)
{
  ScaledSet *set = data;
  for (int i = 0; i < MOST_SCALED; i++)
    cairo_surface_destroy(set->kept[i].surface);
  free(set);
}

static ScaledSet *scaled_set(cairo_surface_t *image)
{
  ScaledSet *set = cairo_surface_get_user_data(image, &scaled_key);
  if (set)
    return set;
  set = calloc(1, sizeof *set);
  if (set && cairo_surface_set_user_data(image, &scaled_key, set, scaled_set_free) !=
                 CAIRO_STATUS_SUCCESS) {
    free(set);
    set = NULL;
  }
  return set;
}

static void paint_scaled(cairo_t *cr, cairo_surface_t *image, double width, double height)
{
  int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
  cairo_scale(cr, width / w, height / h);
  cairo_set_source_surface(cr, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
  cairo_rectangle(cr, 0, 0, w, h);
  cairo_fill(cr);
}

static cairo_surface_t *make_scaled(cairo_surface_t *image, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create(surface);
  paint_scaled(cr, image, width, height);
  if (cairo_status(cr) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy(surface);
    surface = NULL;
  }
  cairo_destroy(cr);
  return surface;
}

/* The picture at this size, borrowed; NULL when it cannot be had. */
static cairo_surface_t *scaled(cairo_surface_t *image, int width, int height)
{
  ScaledSet *set = scaled_set(image);
  Scaled found = {width, height, NULL};
  int at = 0;

  if (!set)
    return NULL;
  while (at < MOST_SCALED - 1 && set->kept[at].surface &&
         (set->kept[at].width != width || set->kept[at].height != height))
    at++;
  if (set->kept[at].width == width && set->kept[at].height == height)
    found.surface = set->kept[at].surface;
  if (!found.surface) {
    found.surface = make_scaled(image, width, height);
    if (!found.surface)
      return NULL;
    cairo_surface_destroy(set->kept[at].surface);
  }
  for (; at > 0; at--)
    set->kept[at] = set->kept[at - 1];
  set->kept[0] = found;
  return found.surface;
}

FigureRect figure_fit_image(int image_width, int image_height, FigureRect room)
{
  double shape = image_width > 0 && image_height > 0 ? (double)image_width / image_height : 4.0 / 3;
  double w = fmax(room.w, 1.0), h = fmax(room.h, 1.0);

  if (w / h > shape)
    w = h * shape;
  else
    h = w / shape;
  return (FigureRect){room.x + (room.w - w) / 2, room.y + (room.h - h) / 2, w, h};
}

static void paint_picture(cairo_t *cr, cairo_surface_t *image, FigureRect rect,
                          const FigureStyle *style)
{
  double pixels = style->pixels_per_unit;
  int w = (int)ceil(rect.w * pixels), h = (int)ceil(rect.h * pixels);
  bool keep = pixels > 0.0 && (double)w * h <= largest && w > 0 && h > 0;
  cairo_surface_t *small = keep ? scaled(image, w, h) : NULL;

  if (small)
    cairo_translate(cr, round(rect.x * pixels) / pixels, round(rect.y * pixels) / pixels);
  else
    cairo_translate(cr, rect.x, rect.y);
  if (!small) {
    paint_scaled(cr, image, rect.w, rect.h);
    return;
  }
  cairo_scale(cr, 1.0 / pixels, 1.0 / pixels);
  cairo_set_source_surface(cr, small, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cr, 0, 0, w, h);
  cairo_fill(cr);
}

void figure_paint_image(cairo_t *cr, cairo_surface_t *image, FigureRect rect,
                        const FigureStyle *style)
{
  int w = image ? cairo_image_surface_get_width(image) : 0;
  int h = image ? cairo_image_surface_get_height(image) : 0;

  cairo_save(cr);
  if (w > 0 && h > 0) {
    paint_picture(cr, image, rect, style);
  } else {
    cairo_rectangle(cr, rect.x + 0.5, rect.y + 0.5, rect.w - 1, rect.h - 1);
    cairo_set_line_width(cr, 1);
    figure_set_color(cr, style->muted, 0.5);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}
