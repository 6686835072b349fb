/* What is behind the objects, and the weather in front of them. Scene pixels (640x480). */
#pragma once

#include <cairo.h>

#include "world-kinds.h"
#include "world-paint.h"
#include "world-rng.h"

void world_draw_backdrop(cairo_t *cr, const WorldScene *scene);
void world_draw_weather(cairo_t *cr, const WorldScene *scene);

/* The sky alone, inside the current clip, between two heights; rooms show it in the window. */
void world_draw_sky(cairo_t *cr, const WorldScene *scene, double top, double bottom);
void world_draw_room(cairo_t *cr, const WorldScene *scene);

/* Fills a rectangle with a vertical gradient. */
void world_fill_vertical(cairo_t *cr, double x, double y, double w, double h, WorldRgb top,
                         WorldRgb bottom);
