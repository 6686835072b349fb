#include "figure-thumbs.h"

#include <math.h>

#define SIDE 48 /* pixels; drawn at up to half of it */

/* The square around the box, moved into the image as far as it goes; in pixels of the image. */
static FigureRect around(const FigureMap *map, int index)
{
  const float *b = map->boxes + 4 * (size_t)index;
  double w = (double)(b[2] - b[0]) * map->image_width,
         h = (double)(b[3] - b[1]) * map->image_height;
  double side = fmax(fmax(w, h), 4.0);
  double most = fmin(map->image_width, map->image_height);
  FigureRect r = {0, 0, fmin(side, most), fmin(side, most)};

  r.x = (double)(b[0] + b[2]) / 2 * map->image_width - r.w / 2;
  r.y = (double)(b[1] + b[3]) / 2 * map->image_height - r.h / 2;
  r.x = fmax(0.0, fmin(r.x, map->image_width - r.w));
  r.y = fmax(0.0, fmin(r.y, map->image_height - r.h));
  return r;
}

cairo_surface_t *figure_thumbs_new(const FigureMap *map)
{
  cairo_surface_t *thumbs;
  cairo_t *cr;
  double sx;

  if (!map->image || map->n_boxes <= 0 || !map->boxes || map->image_width <= 0 ||
      map->image_height <= 0)
    return NULL;
  thumbs = cairo_image_surface_create(CAIRO_FORMAT_RGB24, map->n_boxes * SIDE, SIDE);
  cr = cairo_create(thumbs);
  /* the surface may hold fewer pixels than the image that the boxes are of */
  sx = (double)cairo_image_surface_get_width(map->image) / map->image_width;
  for (int i = 0; i < map->n_boxes; i++) {
    FigureRect from = around(map, i);
    double scale = SIDE / from.w;
    cairo_save(cr);
    cairo_rectangle(cr, i * SIDE, 0, SIDE, SIDE);
    cairo_clip(cr);
    cairo_translate(cr, i * SIDE, 0);
    cairo_scale(cr, scale, scale);
    cairo_translate(cr, -from.x, -from.y);
    cairo_scale(cr, 1 / sx, 1 / sx);
    cairo_set_source_surface(cr, map->image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
    cairo_paint(cr);
    cairo_restore(cr);
  }
  cairo_destroy(cr);
  if (cairo_surface_status(thumbs) == CAIRO_STATUS_SUCCESS)
    return thumbs;
  cairo_surface_destroy(thumbs);
  return NULL;
}

void figure_thumbs_draw(cairo_t *cr, cairo_surface_t *thumbs, int index, FigureRect place)
{
  cairo_save(cr);
  cairo_rectangle(cr, place.x, place.y, place.w, place.h);
  cairo_clip(cr);
  cairo_translate(cr, place.x, place.y);
  cairo_scale(cr, place.w / SIDE, place.h / SIDE);
  cairo_set_source_surface(cr, thumbs, -index * SIDE, 0);
  cairo_paint(cr);
  cairo_restore(cr);
}
