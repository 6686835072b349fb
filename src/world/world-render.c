#include "world-render.h"

#include <math.h>

#include "world-backdrop.h"

void world_scene_draw_object(const WorldScene *scene, int index, cairo_t *cr)
{
  const WorldObject *o = &scene->objects[index];
  double line = 0.9 + 0.9 * o->scale;
  WorldPaint p = {
      .cr = cr,
      .base = world_colour_rgb(o->colour),
      .line = line / o->scale,
      .colour = o->colour,
      .state = o->state,
      .light = scene->light,
      .snow = scene->weather == WORLD_SNOWY || scene->place == WORLD_MOUNTAIN,
      .detail = o->detail,
  };
  cairo_save(cr);
  cairo_translate(cr, o->x, o->y);
  cairo_scale(cr, o->flip ? -o->scale : o->scale, o->scale);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  world_drawing(o->class_id)(&p);
  cairo_restore(cr);
}

/* A soft ellipse where the object touches what it stands on. */
static void contact_shadow(const WorldScene *scene, const WorldObject *o, cairo_t *cr)
{
  bool held = o->support >= 0 && world_kind(scene->objects[o->support].class_id)->half <= 0;
  if (held || o->depth <= 0)
    return;
  double rx = (o->full[2] - o->full[0]) * 0.56, ry = fmin(rx * 0.2, 16);
  if (o->class_id == WORLD_TREE)
    rx *= 0.7;
  if (o->class_id == WORLD_UMBRELLA && o->state == WORLD_OPEN)
    rx *= 0.6;
  if (o->support >= 0)
    rx *= 0.9, ry = fmin(rx * 0.16, 6);
  cairo_pattern_t *g = cairo_pattern_create_radial(0, 0, 0.2, 0, 0, 1);
  double alpha = o->class_id == WORLD_BOAT ? 0.25 : 0.38;
  cairo_pattern_add_color_stop_rgba(g, 0, 0.08, 0.06, 0.16, alpha);
  cairo_pattern_add_color_stop_rgba(g, 0.6, 0.08, 0.06, 0.16, alpha * 0.6);
  cairo_pattern_add_color_stop_rgba(g, 1, 0.08, 0.06, 0.16, 0);
  cairo_save(cr);
  cairo_translate(cr, (o->full[0] + o->full[2]) / 2, o->y - 1);
  cairo_scale(cr, rx, ry);
  cairo_set_source(cr, g);
  cairo_pattern_destroy(g);
  cairo_rectangle(cr, -1, -1, 2, 2);
  cairo_fill(cr);
  cairo_restore(cr);
}

void world_scene_draw(const WorldScene *scene, cairo_t *cr)
{
  world_draw_backdrop(cr, scene);
  for (int i = 0; i < scene->n_objects; i++) {
    contact_shadow(scene, &scene->objects[i], cr);
    world_scene_draw_object(scene, i, cr);
  }
  if (world_is_outdoor(scene->place))
    world_draw_weather(cr, scene);
}

/* Light of the hour, as one table for each channel. */
static void light_tables(WorldLight light, uint8_t table[3][256])
{
  static const double gain[WORLD_N_LIGHTS][3] = {{1, 1, 1}, {1, 0.94, 0.88}, {0.85, 0.87, 0.98}};
  for (int c = 0; c < 3; c++)
    for (int v = 0; v < 256; v++)
      table[c][v] = (uint8_t)(v * gain[light][c] + 0.5);
}

cairo_surface_t *world_scene_surface(const WorldScene *scene, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, (double)width / WORLD_WIDTH, (double)height / WORLD_HEIGHT);
  world_scene_draw(scene, cr);
  bool ok = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
  cairo_destroy(cr);
  if (!ok) {
    cairo_surface_destroy(surface);
    return NULL;
  }
  cairo_surface_flush(surface);
  uint8_t table[3][256], *data = cairo_image_surface_get_data(surface);
  size_t stride = (size_t)cairo_image_surface_get_stride(surface);
  light_tables(world_is_outdoor(scene->place) ? scene->light : WORLD_DAY, table);
  for (int y = 0; y < height; y++) {
    uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);
    for (int x = 0; x < width; x++)
      row[x] = (uint32_t)table[0][row[x] >> 16 & 255] << 16 |
               (uint32_t)table[1][row[x] >> 8 & 255] << 8 | table[2][row[x] & 255];
  }
  cairo_surface_mark_dirty(surface);
  return surface;
}

bool world_scene_render(const WorldScene *scene, int width, int height, uint8_t *rgb, size_t stride)
{
  cairo_surface_t *surface = world_scene_surface(scene, width, height);
  if (!surface)
    return false;
  const uint8_t *data = cairo_image_surface_get_data(surface);
  size_t in_stride = (size_t)cairo_image_surface_get_stride(surface);
  for (int y = 0; y < height; y++) {
    const uint32_t *in = (const uint32_t *)(const void *)(data + (size_t)y * in_stride);
    uint8_t *out = rgb + (size_t)y * stride;
    for (int x = 0; x < width; x++) {
      out[3 * x] = (uint8_t)(in[x] >> 16);
      out[3 * x + 1] = (uint8_t)(in[x] >> 8);
      out[3 * x + 2] = (uint8_t)in[x];
    }
  }
  cairo_surface_destroy(surface);
  return true;
}
