#include "world-backdrop.h"

#include <math.h>

static void source(cairo_t *cr, WorldRgb c)
{
  cairo_set_source_rgb(cr, c.r, c.g, c.b);
}

void world_fill_vertical(cairo_t *cr, double x, double y, double w, double h, WorldRgb top,
                         WorldRgb bottom)
{
  cairo_pattern_t *g = cairo_pattern_create_linear(0, y, 0, y + h);
  cairo_pattern_add_color_stop_rgb(g, 0, top.r, top.g, top.b);
  cairo_pattern_add_color_stop_rgb(g, 1, bottom.r, bottom.g, bottom.b);
  cairo_set_source(cr, g);
  cairo_pattern_destroy(g);
  cairo_rectangle(cr, x, y, w, h);
  cairo_fill(cr);
}

static void sky_colours(const WorldScene *s, WorldRgb *top, WorldRgb *bottom)
{
  static const uint32_t skies[WORLD_N_LIGHTS][2] = {
      {0x5fb0ea, 0xd8f0fa}, {0x5a6fb4, 0xffc08a}, {0x141c46, 0x41518f}};
  *top = WORLD_RGB(skies[s->light][0]);
  *bottom = WORLD_RGB(skies[s->light][1]);
  /* The greys and how much of them: rain is dark, snow pale. */
  static const uint32_t greys[WORLD_N_WEATHERS][2] = {
      {0, 0}, {0xa9b4c0, 0x3c435a}, {0x76828f, 0x22262f}, {0xbcc5cd, 0x566079}};
  static const double shares[WORLD_N_WEATHERS] = {0, 0.6, 0.8, 0.75};
  WorldRgb grey = WORLD_RGB(greys[s->weather][s->light == WORLD_NIGHT]);
  double t = shares[s->weather] * (s->light == WORLD_EVENING ? 0.85 : 1);
  *top = world_rgb_mix(*top, grey, t);
  *bottom = world_rgb_mix(*bottom, world_rgb_light(grey, 0.3), t);
}

static void stars(cairo_t *cr, const WorldScene *s, double top, double bottom)
{
  WorldRng rng = world_rng(s->seed, 101);
  for (int i = 0; i < 60; i++) {
    double x = world_rng_range(&rng, 0, WORLD_WIDTH), y = world_rng_range(&rng, top, bottom - 20);
    double r = world_rng_range(&rng, 0.5, 1.5);
    cairo_rectangle(cr, x - r / 2, y - r / 2, r, r);
  }
  cairo_set_source_rgba(cr, 1, 1, 0.9, 0.8);
  cairo_fill(cr);
}

void world_draw_sky(cairo_t *cr, const WorldScene *s, double top, double bottom)
{
  WorldRgb a, b;
  sky_colours(s, &a, &b);
  world_fill_vertical(cr, 0, top, WORLD_WIDTH, bottom - top, a, b);
  if (s->light == WORLD_NIGHT && s->weather == WORLD_CLEAR)
    stars(cr, s, top, bottom);
}

/* A row of hills or trees along the horizon. */
static void hills(cairo_t *cr, WorldRng *rng, double base, double height, double step, WorldRgb c)
{
  double x = -step * world_rng_range(rng, 0.2, 1);
  cairo_move_to(cr, x, base);
  while (x < WORLD_WIDTH + step) {
    double w = step * world_rng_range(rng, 0.7, 1.3), h = height * world_rng_range(rng, 0.5, 1);
    cairo_curve_to(cr, x + w * 0.3, base - h, x + w * 0.7, base - h, x + w, base - height * 0.15);
    x += w;
  }
  cairo_line_to(cr, x, base + 4);
  cairo_line_to(cr, -step, base + 4);
  cairo_close_path(cr);
  source(cr, c);
  cairo_fill(cr);
}

static bool is_white(const WorldScene *s)
{
  return s->weather == WORLD_SNOWY || s->place == WORLD_MOUNTAIN;
}

static void tufts(cairo_t *cr, const WorldScene *s, double top, WorldRgb c, bool flowers)
{
  WorldRng rng = world_rng(s->seed, 102);
  for (int i = 0; i < 46; i++) {
    double y = world_rng_range(&rng, top + 8, WORLD_HEIGHT),
           x = world_rng_range(&rng, 0, WORLD_WIDTH);
    double k = 0.4 + 0.8 * (y - top) / (WORLD_HEIGHT - top);
    if (flowers && i % 3 == 0) {
      cairo_rectangle(cr, x, y, 2.4 * k, 2.4 * k);
      continue;
    }
    cairo_move_to(cr, x - 5 * k, y);
    cairo_line_to(cr, x - 6 * k, y - 7 * k);
    cairo_line_to(cr, x - 1 * k, y);
    cairo_line_to(cr, x + 1 * k, y - 9 * k);
    cairo_line_to(cr, x + 3 * k, y);
    cairo_line_to(cr, x + 8 * k, y - 6 * k);
    cairo_line_to(cr, x + 7 * k, y);
    cairo_close_path(cr);
  }
  source(cr, c);
  cairo_fill(cr);
}

static void park(cairo_t *cr, const WorldScene *s, double h)
{
  WorldRng rng = world_rng(s->seed, 103);
  bool white = is_white(s);
  WorldRgb far = white ? WORLD_RGB(0xb9cbdc) : WORLD_RGB(0x77a878);
  hills(cr, &rng, h, 54, 200, world_rgb_mix(far, WORLD_RGB(0xa9c8e0), 0.45));
  hills(cr, &rng, h + 2, 34, 46, far);
  world_fill_vertical(cr, 0, h, WORLD_WIDTH, WORLD_HEIGHT - h,
                      white ? WORLD_RGB(0xdfe9f2) : WORLD_RGB(0x9ecb72),
                      white ? WORLD_RGB(0xf8fbfd) : WORLD_RGB(0x5f9e48));
  double x = world_rng_range(&rng, 180, 460), d = world_rng_range(&rng, -120, 120);
  cairo_move_to(cr, x - 10, h);
  cairo_curve_to(cr, x + d * 0.2, h + 60, x - d, h + 90, x + d - 130, WORLD_HEIGHT);
  cairo_line_to(cr, x + d + 110, WORLD_HEIGHT);
  cairo_curve_to(cr, x - d + 60, h + 100, x + d * 0.2 + 30, h + 60, x + 10, h);
  cairo_close_path(cr);
  source(cr, white ? WORLD_RGB(0xd3dde8) : WORLD_RGB(0xe3cfa2));
  cairo_fill(cr);
  tufts(cr, s, h, white ? WORLD_RGB(0xc9d8e6) : WORLD_RGB(0x4f8c3e), !white);
}

static void skyline(cairo_t *cr, const WorldScene *s, double h)
{
  WorldRng rng = world_rng(s->seed, 104);
  WorldRgb c = s->light == WORLD_NIGHT ? WORLD_RGB(0x343c63) : WORLD_RGB(0xa3b0c4);
  WorldRgb lit = s->light == WORLD_DAY ? world_rgb_light(c, 0.35) : WORLD_RGB(0xffdf8a);
  world_fill_vertical(cr, 0, h - 30, WORLD_WIDTH, 54, world_rgb_dark(c, 0.1),
                      world_rgb_dark(c, 0.2));
  for (double x = -20; x < WORLD_WIDTH;) {
    double w = world_rng_range(&rng, 44, 86), top = h - world_rng_range(&rng, 50, 140);
    WorldRgb side = world_rgb_mix(c, WORLD_RGB(0xd9c3b4), world_rng_range(&rng, 0, 0.35));
    world_fill_vertical(cr, x, top, w - 2, h - top + 30, world_rgb_light(side, 0.1),
                        world_rgb_dark(side, 0.08));
    for (double wy = top + 10; wy < h - 8; wy += 18)
      for (double wx = x + 8; wx < x + w - 14; wx += 14)
        if (world_rng_chance(&rng, 0.55))
          cairo_rectangle(cr, wx, wy, 7, 10);
    source(cr, lit);
    cairo_fill(cr);
    x += w;
  }
}

static void street(cairo_t *cr, const WorldScene *s, double h)
{
  bool white = is_white(s);
  skyline(cr, s, h);
  WorldRgb walk = white ? WORLD_RGB(0xeaf0f5) : WORLD_RGB(0xcfc8bd);
  world_fill_vertical(cr, 0, h + 22, WORLD_WIDTH, WORLD_HEIGHT - h - 22, world_rgb_dark(walk, 0.06),
                      walk);
  for (int i = -9; i <= 9; i++) {
    cairo_move_to(cr, 320 + i * 40, h + 22);
    cairo_line_to(cr, 320 + i * 110, WORLD_HEIGHT);
  }
  source(cr, world_rgb_dark(walk, 0.14));
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
  world_fill_vertical(cr, 0, 306, WORLD_WIDTH, 132, WORLD_RGB(0x6d7078), WORLD_RGB(0x54575f));
  source(cr, world_rgb_light(walk, 0.4));
  cairo_rectangle(cr, 0, 302, WORLD_WIDTH, 5);
  cairo_rectangle(cr, 0, 437, WORLD_WIDTH, 7);
  cairo_fill(cr);
  for (int i = 0; i < 7; i++) {
    cairo_move_to(cr, i * 100 - 10, 362);
    cairo_line_to(cr, i * 100 + 44, 362);
    cairo_line_to(cr, i * 100 + 42, 368);
    cairo_line_to(cr, i * 100 - 12, 368);
    cairo_close_path(cr);
  }
  source(cr, WORLD_RGB(0xeeeade));
  cairo_fill(cr);
}

static void peaks(cairo_t *cr, WorldRng *rng, double base, WorldRgb rock)
{
  for (int i = 0; i < 4; i++) {
    double x = i * 190 + world_rng_range(rng, -50, 50), h = world_rng_range(rng, 90, 160),
           w = h * 1.25;
    cairo_move_to(cr, x - w, base + 4);
    cairo_line_to(cr, x, base - h);
    cairo_line_to(cr, x + w, base + 4);
    source(cr, rock);
    cairo_fill(cr);
    cairo_move_to(cr, x, base - h);
    cairo_line_to(cr, x + w, base + 4);
    cairo_line_to(cr, x + w * 0.2, base + 4);
    cairo_line_to(cr, x + w * 0.12, base - h * 0.5);
    source(cr, world_rgb_dark(rock, 0.14));
    cairo_fill(cr);
    double k = 0.36;
    cairo_move_to(cr, x, base - h);
    cairo_line_to(cr, x - w * k, base - h * (1 - k));
    cairo_line_to(cr, x - w * k * 0.45, base - h * (1 - k) - 4);
    cairo_line_to(cr, x - w * k * 0.1, base - h * (1 - k) + 12);
    cairo_line_to(cr, x + w * k * 0.4, base - h * (1 - k) - 3);
    cairo_line_to(cr, x + w * k, base - h * (1 - k));
    source(cr, WORLD_RGB(0xf4f8fc));
    cairo_fill(cr);
  }
}

static void mountain(cairo_t *cr, const WorldScene *s, double h)
{
  WorldRng rng = world_rng(s->seed, 105);
  WorldRgb rock = s->light == WORLD_NIGHT ? WORLD_RGB(0x4a557e) : WORLD_RGB(0x8d9cb8);
  peaks(cr, &rng, h, rock);
  hills(cr, &rng, h + 6, 30, 150, WORLD_RGB(0xd5e0ec));
  world_fill_vertical(cr, 0, h, WORLD_WIDTH, WORLD_HEIGHT - h, WORLD_RGB(0xdde7f1),
                      WORLD_RGB(0xfafcfe));
  for (int i = 0; i < 3; i++)
    hills(cr, &rng, h + 70 + i * 70, 14, 260, i % 2 ? WORLD_RGB(0xeef4f9) : WORLD_RGB(0xe3ecf4));
}

static void village(cairo_t *cr, const WorldScene *s, double h)
{
  WorldRng rng = world_rng(s->seed, 106);
  bool white = is_white(s), dark = s->light != WORLD_DAY;
  hills(cr, &rng, h, 80, 240, dark ? WORLD_RGB(0x35416d) : WORLD_RGB(0x8fb0a8));
  hills(cr, &rng, h + 4, 44, 180,
        white  ? WORLD_RGB(0xa7b8d0)
        : dark ? WORLD_RGB(0x3f5a5c)
               : WORLD_RGB(0x74a070));
  for (int i = 0; i < 9; i++) {
    double x = world_rng_range(&rng, 10, 620), w = world_rng_range(&rng, 16, 26), y = h + 6;
    cairo_move_to(cr, x - w * 0.7, y - w * 0.7);
    cairo_line_to(cr, x, y - w * 1.35);
    cairo_line_to(cr, x + w * 0.7, y - w * 0.7);
    cairo_line_to(cr, x + w * 0.5, y - w * 0.7);
    cairo_line_to(cr, x + w * 0.5, y + 4);
    cairo_line_to(cr, x - w * 0.5, y + 4);
    cairo_line_to(cr, x - w * 0.5, y - w * 0.7);
    source(cr, dark ? WORLD_RGB(0x2b345c) : WORLD_RGB(0x8a8494));
    cairo_fill(cr);
    cairo_rectangle(cr, x - 3, y - w * 0.5, 5, 6);
    source(cr, WORLD_RGB(0xffdc7a));
    cairo_fill(cr);
  }
  world_fill_vertical(cr, 0, h, WORLD_WIDTH, WORLD_HEIGHT - h,
                      white ? WORLD_RGB(0xcbd8e8) : WORLD_RGB(0x86a766),
                      white ? WORLD_RGB(0xf2f6fb) : WORLD_RGB(0x547f4c));
  cairo_move_to(cr, 0, 372);
  cairo_curve_to(cr, 200, 340, 440, 400, 640, 356);
  cairo_line_to(cr, 640, 430);
  cairo_curve_to(cr, 440, 470, 200, 410, 0, 446);
  source(cr, white ? WORLD_RGB(0xb9c4d4) : WORLD_RGB(0xb29e86));
  cairo_fill(cr);
  tufts(cr, s, h, white ? WORLD_RGB(0xb6c6da) : WORLD_RGB(0x476f3f), false);
}

static void beach(cairo_t *cr, const WorldScene *s, double h)
{
  WorldRng rng = world_rng(s->seed, 107);
  bool dark = s->light == WORLD_NIGHT;
  world_fill_vertical(cr, 0, h, WORLD_WIDTH, 100, dark ? WORLD_RGB(0x27406f) : WORLD_RGB(0x2f8fc4),
                      dark ? WORLD_RGB(0x3d7090) : WORLD_RGB(0x7fd3d8));
  for (int i = 0; i < 26; i++) {
    double y = world_rng_range(&rng, h + 6, 268), x = world_rng_range(&rng, 0, 640),
           w = 8 + (y - h) * 0.35;
    cairo_move_to(cr, x, y);
    cairo_curve_to(cr, x + w * 0.3, y - 3, x + w * 0.7, y - 3, x + w, y);
  }
  cairo_set_source_rgba(cr, 1, 1, 1, 0.55);
  cairo_set_line_width(cr, 1.6);
  cairo_stroke(cr);
  for (int i = 0; i < 3; i++) {
    double y = 268 + i * 5;
    cairo_move_to(cr, 0, y);
    for (int k = 0; k < 4; k++)
      cairo_curve_to(cr, k * 160 + 50, y + 14, k * 160 + 100, y - 10, k * 160 + 160,
                     y + (k % 2 ? 0 : 4));
    cairo_line_to(cr, 640, 480);
    cairo_line_to(cr, 0, 480);
    static const uint32_t layers[] = {0xf6fbfb, 0xd9c191, 0xefdcb0};
    source(cr, WORLD_RGB(layers[i]));
    cairo_fill(cr);
  }
  world_fill_vertical(cr, 0, 300, WORLD_WIDTH, 180, WORLD_RGB(0xefdcb0), WORLD_RGB(0xe2bf83));
  for (int i = 0; i < 90; i++)
    cairo_rectangle(cr, world_rng_range(&rng, 0, 640), world_rng_range(&rng, 300, 480), 2, 1.4);
  source(cr, WORLD_RGB(0xc79f63));
  cairo_fill(cr);
}

void world_draw_backdrop(cairo_t *cr, const WorldScene *s)
{
  double h = world_ground(s->place)->horizon;
  if (!world_is_outdoor(s->place)) {
    world_draw_room(cr, s);
    return;
  }
  world_draw_sky(cr, s, 0, h + 4);
  if (s->place == WORLD_PARK)
    park(cr, s, h);
  else if (s->place == WORLD_STREET)
    street(cr, s, h);
  else if (s->place == WORLD_MOUNTAIN)
    mountain(cr, s, h);
  else if (s->place == WORLD_VILLAGE)
    village(cr, s, h);
  else
    beach(cr, s, h);
}

static void rain(cairo_t *cr, WorldRng *rng, double w, double h, int n)
{
  for (int i = 0; i < n; i++) {
    double x = world_rng_range(rng, 0, w + 20), y = world_rng_range(rng, -10, h),
           k = world_rng_range(rng, 8, 18);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x - k * 0.3, y + k);
  }
  cairo_set_source_rgba(cr, 0.85, 0.92, 1, 0.6);
  cairo_set_line_width(cr, 1.3);
  cairo_stroke(cr);
}

static void snow(cairo_t *cr, WorldRng *rng, double w, double h, int n)
{
  for (int i = 0; i < n; i++) {
    double r = world_rng_range(rng, 0.9, 2.4);
    cairo_new_sub_path(cr);
    cairo_arc(cr, world_rng_range(rng, 0, w), world_rng_range(rng, 0, h), r, 0, 2 * M_PI);
  }
  cairo_set_source_rgba(cr, 1, 1, 1, 0.85);
  cairo_fill(cr);
}

void world_draw_weather(cairo_t *cr, const WorldScene *s)
{
  WorldRng rng = world_rng(s->seed, 108);
  bool outdoors = world_is_outdoor(s->place);
  double w = outdoors ? WORLD_WIDTH : 150, h = outdoors ? WORLD_HEIGHT : 120;
  if (s->weather == WORLD_RAINY)
    rain(cr, &rng, w, h, outdoors ? 190 : 26);
  else if (s->weather == WORLD_SNOWY)
    snow(cr, &rng, w, h, outdoors ? 180 : 30);
}
