/* Small pictures of the boxes, beside their names. Internal to src/figure. */
#pragma once

#include "figure.h"

/* One square picture for each of the map's boxes, side by side on one surface, each what lies around
 * the box: cairo_surface_destroy. NULL when the map has no image or there is no memory. */
cairo_surface_t *figure_thumbs_new(const FigureMap *map);

/* Paints box `index` into `place`. */
void figure_thumbs_draw(cairo_t *cr, cairo_surface_t *thumbs, int index, FigureRect place);
