/* Drawing a scene, or parts of it, into any Cairo context (scene pixels, 640x480). */
#pragma once

#include <cairo.h>

#include "world-scene.h"

/* Without the light of the hour, which world_scene_surface() adds. */
void world_scene_draw(const WorldScene *scene, cairo_t *cr);

/* One object alone, without shadow; `index` as in scene->objects. */
void world_scene_draw_object(const WorldScene *scene, int index, cairo_t *cr);

/* The finished picture as an RGB24 image surface, owned by the caller; NULL: out of memory. */
cairo_surface_t *world_scene_surface(const WorldScene *scene, int width, int height);
