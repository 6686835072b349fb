/* The inside of a living room or a kitchen. */
#include <math.h>

#include "world-backdrop.h"

enum { WALL_FOOT = 286 };

static void source(cairo_t *cr, WorldRgb c)
{
  cairo_set_source_rgb(cr, c.r, c.g, c.b);
}

static void window(cairo_t *cr, const WorldScene *s, double x, double y)
{
  const double w = 150, h = 120;
  source(cr, WORLD_RGB(0xfaf6ee));
  cairo_rectangle(cr, x - 9, y - 9, w + 18, h + 18);
  cairo_fill(cr);
  cairo_save(cr);
  cairo_rectangle(cr, x, y, w, h);
  cairo_clip(cr);
  world_draw_sky(cr, s, y, y + h);
  cairo_move_to(cr, x, y + h);
  cairo_curve_to(cr, x + 40, y + h - 40, x + 90, y + h - 10, x + w, y + h - 34);
  cairo_line_to(cr, x + w, y + h);
  source(cr, s->weather == WORLD_SNOWY ? WORLD_RGB(0xe9f1f8)
             : s->light == WORLD_NIGHT ? WORLD_RGB(0x2b4a4c)
                                       : WORLD_RGB(0x8bbb78));
  cairo_fill(cr);
  cairo_translate(cr, x, y);
  world_draw_weather(cr, s);
  cairo_restore(cr);
  source(cr, WORLD_RGB(0xfaf6ee));
  cairo_rectangle(cr, x + w / 2 - 3, y, 6, h);
  cairo_rectangle(cr, x, y + h / 2 - 3, w, 6);
  cairo_rectangle(cr, x - 16, y + h + 5, w + 32, 9);
  cairo_fill(cr);
  cairo_set_source_rgba(cr, 0.2, 0.15, 0.2, 0.35);
  cairo_set_line_width(cr, 1.5);
  cairo_rectangle(cr, x - 9, y - 9, w + 18, h + 18);
  cairo_stroke(cr);
}

static void curtains(cairo_t *cr, double x, double y, WorldRgb c)
{
  for (int side = 0; side < 2; side++) {
    double a = side ? x + 164 : x - 14, d = side ? -1 : 1;
    cairo_move_to(cr, a - d * 12, y - 18);
    cairo_line_to(cr, a + d * 32, y - 18);
    cairo_curve_to(cr, a + d * 26, y + 40, a + d * 12, y + 70, a + d * 6, y + 150);
    cairo_line_to(cr, a - d * 14, y + 150);
    cairo_close_path(cr);
    source(cr, c);
    cairo_fill_preserve(cr);
    source(cr, world_rgb_dark(c, 0.3));
    cairo_set_line_width(cr, 1.4);
    cairo_stroke(cr);
  }
  source(cr, WORLD_RGB(0x7a5a40));
  cairo_rectangle(cr, x - 34, y - 24, 218, 5);
  cairo_fill(cr);
}

static void planks(cairo_t *cr, WorldRgb floor)
{
  world_fill_vertical(cr, 0, WALL_FOOT, WORLD_WIDTH, WORLD_HEIGHT - WALL_FOOT,
                      world_rgb_dark(floor, 0.12), floor);
  for (int i = -12; i <= 12; i++) {
    cairo_move_to(cr, 320 + i * 44, WALL_FOOT);
    cairo_line_to(cr, 320 + i * 96, WORLD_HEIGHT);
  }
  source(cr, world_rgb_dark(floor, 0.22));
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
}

static void tiles(cairo_t *cr, WorldRgb floor)
{
  planks(cr, floor);
  for (int i = 1; i < 6; i++) {
    double y = WALL_FOOT + 194 * pow(i / 6.0, 1.5);
    cairo_move_to(cr, 0, y);
    cairo_line_to(cr, WORLD_WIDTH, y);
  }
  source(cr, world_rgb_dark(floor, 0.22));
  cairo_stroke(cr);
}

static void picture(cairo_t *cr, double x, double y, WorldRgb c)
{
  source(cr, WORLD_RGB(0x8a6a48));
  cairo_rectangle(cr, x, y, 78, 60);
  cairo_fill(cr);
  world_fill_vertical(cr, x + 6, y + 6, 66, 48, world_rgb_light(c, 0.6), world_rgb_light(c, 0.25));
  cairo_move_to(cr, x + 6, y + 54);
  cairo_line_to(cr, x + 28, y + 26);
  cairo_line_to(cr, x + 42, y + 42);
  cairo_line_to(cr, x + 54, y + 32);
  cairo_line_to(cr, x + 72, y + 54);
  source(cr, world_rgb_dark(c, 0.2));
  cairo_fill(cr);
}

static void rug(cairo_t *cr, WorldRgb c)
{
  cairo_save(cr);
  cairo_translate(cr, 320, 405);
  cairo_scale(cr, 250, 52);
  cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
  source(cr, c);
  cairo_fill(cr);
  cairo_arc(cr, 0, 0, 0.84, 0, 2 * M_PI);
  cairo_restore(cr);
  source(cr, world_rgb_light(c, 0.45));
  cairo_set_line_width(cr, 4);
  cairo_stroke(cr);
}

static void line(cairo_t *cr, WorldRgb c, double width)
{
  source(cr, c);
  cairo_set_line_width(cr, width);
  cairo_stroke(cr);
}

static void cupboards(cairo_t *cr, double x, double y, double w, double h, int n)
{
  world_fill_vertical(cr, x, y, w * n, h, WORLD_RGB(0xeaf1ee), WORLD_RGB(0xd0dcd8));
  for (int i = 0; i < n; i++) {
    cairo_rectangle(cr, x + i * w + 1, y + 1, w - 2, h - 2);
    cairo_rectangle(cr, x + i * w + 9, y + 9, w - 18, h - 18);
  }
  line(cr, WORLD_RGB(0xaabbb5), 1.6);
  for (int i = 0; i < n; i++)
    cairo_rectangle(cr, x + i * w + w / 2 - 9, y + (y < 150 ? h - 7 : 3), 18, 3);
  source(cr, WORLD_RGB(0x7f8f8a));
  cairo_fill(cr);
}

/* Pale units along the wall, so that they are not taken for furniture of the scene. */
static void kitchen_units(cairo_t *cr, double window_x)
{
  for (int y = 0; y < 3; y++)
    for (int x = 0; x < 34; x++)
      cairo_rectangle(cr, x * 20.0 + (y % 2) * 10 - 10, 142.0 + y * 18, 20, 18);
  cairo_set_source_rgba(cr, 1, 1, 1, 0.35);
  cairo_fill_preserve(cr);
  cairo_set_source_rgba(cr, 0.55, 0.58, 0.6, 0.3);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
  cupboards(cr, 0, 208, 80, WALL_FOOT - 208, 8);
  world_fill_vertical(cr, 0, 194, WORLD_WIDTH, 15, WORLD_RGB(0xdccab0), WORLD_RGB(0xb39c7e));
  cupboards(cr, window_x < 320 ? 340 : 16, 0, 92, 112, 3);
}

static void skirting(cairo_t *cr)
{
  world_fill_vertical(cr, 0, WALL_FOOT - 10, WORLD_WIDTH, 10, WORLD_RGB(0xf6f0e4),
                      WORLD_RGB(0xd8cdbb));
}

void world_draw_room(cairo_t *cr, const WorldScene *s)
{
  static const uint32_t walls[] = {0xf0e2c8, 0xdfe6da, 0xe8dbe0, 0xd9e4ec, 0xf2dfd0};
  static const uint32_t accents[] = {0xb5746a, 0x6f8fa8, 0x8a9a6a, 0xa88ab0, 0xc9a35a};
  WorldRng rng = world_rng(s->seed, 109);
  WorldRgb wall = WORLD_RGB(walls[world_rng_int(&rng, 5)]),
           accent = WORLD_RGB(accents[world_rng_int(&rng, 5)]);
  double x = world_rng_chance(&rng, 0.5) ? world_rng_range(&rng, 50, 110)
                                         : world_rng_range(&rng, 380, 440);
  world_fill_vertical(cr, 0, 0, WORLD_WIDTH, WALL_FOOT, world_rgb_light(wall, 0.15),
                      world_rgb_dark(wall, 0.08));
  if (s->place == WORLD_KITCHEN) {
    kitchen_units(cr, x);
    window(cr, s, x, 30);
    tiles(cr, WORLD_RGB(0xd8cfc4));
    return;
  }
  for (int i = 0; i < 16; i++)
    cairo_rectangle(cr, i * 42 + 6, 0, 14, WALL_FOOT);
  cairo_set_source_rgba(cr, 1, 1, 1, 0.16);
  cairo_fill(cr);
  window(cr, s, x, 60);
  curtains(cr, x, 60, world_rgb_light(accent, 0.25));
  picture(cr, x < 320 ? 400 : 130, 70, accent);
  skirting(cr);
  planks(cr, WORLD_RGB(0xc99a68));
  rug(cr, world_rgb_light(accent, 0.1));
}
