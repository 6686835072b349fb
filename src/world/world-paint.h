/* Painting with a few brushes: every drawing of the world is made of these.
 *
 * Drawings are in "design pixels": the size at which the object appears in front, at scale 1.
 * The origin is the centre of the base, y grows downwards, so most y are negative. */
#pragma once

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "world-scene.h"

typedef struct {
  double r, g, b;
} WorldRgb;

typedef struct {
  cairo_t *cr;
  WorldRgb base; /* the object's colour */
  double line;   /* outline width in design pixels */
  WorldColour colour;
  WorldState state;
  WorldLight light;
  bool snow;       /* snow lies on what is outdoors */
  uint32_t detail; /* picks skin, hair, pattern, ... */
} WorldPaint;

WorldRgb world_colour_rgb(WorldColour colour);
WorldRgb world_rgb_mix(WorldRgb a, WorldRgb b, double t); /* a at 0, b at 1 */
WorldRgb world_rgb_dark(WorldRgb c, double t);
WorldRgb world_rgb_light(WorldRgb c, double t);
#define WORLD_RGB(hex)                                                                             \
  ((WorldRgb){(((hex) >> 16) & 255) / 255.0, (((hex) >> 8) & 255) / 255.0, ((hex)&255) / 255.0})

/* Adds to the current path: SVG's M L C Q Z with absolute coordinates (locale-independent). */
void world_path(WorldPaint *p, const char *svg);
void world_path_ellipse(WorldPaint *p, double cx, double cy, double rx, double ry);
void world_path_round(WorldPaint *p, double x, double y, double w, double h, double radius);

/* Each consumes the current path. */
void world_shade(WorldPaint *p, WorldRgb c);      /* light to dark gradient and outline */
void world_shade_soft(WorldPaint *p, WorldRgb c); /* the same without outline */
void world_flat(WorldPaint *p, WorldRgb c);
void world_flat_alpha(WorldPaint *p, WorldRgb c, double alpha);
void world_round_shade(WorldPaint *p, WorldRgb c, double cx, double cy, double radius);
void world_line(WorldPaint *p, WorldRgb c, double width);
/* A thick limb (leg, tail, handle): a stroke with an outline around it. */
void world_limb(WorldPaint *p, WorldRgb c, double width);

typedef void (*WorldDrawing)(WorldPaint *p);
WorldDrawing world_drawing(WorldClass class_id);

void world_draw_cat(WorldPaint *p);
void world_draw_dog(WorldPaint *p);
void world_draw_bird(WorldPaint *p);
void world_draw_man(WorldPaint *p);
void world_draw_woman(WorldPaint *p);
void world_draw_car(WorldPaint *p);
void world_draw_bus(WorldPaint *p);
void world_draw_bicycle(WorldPaint *p);
void world_draw_boat(WorldPaint *p);
void world_draw_tree(WorldPaint *p);
void world_draw_fir(WorldPaint *p);
void world_draw_house(WorldPaint *p);
void world_draw_mushroom(WorldPaint *p);
void world_draw_apple(WorldPaint *p);
void world_draw_cloud(WorldPaint *p);
void world_draw_sun(WorldPaint *p);
void world_draw_moon(WorldPaint *p);
void world_draw_chair(WorldPaint *p);
void world_draw_table(WorldPaint *p);
void world_draw_sofa(WorldPaint *p);
void world_draw_lamp(WorldPaint *p);
void world_draw_bench(WorldPaint *p);
void world_draw_vase(WorldPaint *p);
void world_draw_cup(WorldPaint *p);
void world_draw_kite(WorldPaint *p);
void world_draw_umbrella(WorldPaint *p);
void world_draw_ball(WorldPaint *p);
void world_draw_book(WorldPaint *p);
void world_draw_bag(WorldPaint *p);
void world_draw_hat(WorldPaint *p);
void world_draw_gift(WorldPaint *p);
void world_draw_balloon(WorldPaint *p);
