/* Trees, the house, and what is in the sky. */
#include "world-paint.h"

#include <math.h>

static void blobs(WorldPaint *p, const double (*c)[3], int n, WorldRgb colour)
{
  WorldRgb ink = world_rgb_dark(colour, 0.6);
  for (int i = 0; i < n; i++)
    world_path_ellipse(p, c[i][0], c[i][1], c[i][2], c[i][2]);
  world_line(p, ink, p->line * 2);
  for (int i = 0; i < n; i++)
    world_path_ellipse(p, c[i][0], c[i][1], c[i][2], c[i][2]);
  world_shade_soft(p, colour);
}

void world_draw_tree(WorldPaint *p)
{
  static const double crown[][3] = {{-52, -134, 40}, {52, -130, 42}, {-30, -184, 44},
                                    {32, -190, 42},  {0, -214, 38},  {0, -146, 52}};
  static const double lights[][3] = {
      {-40, -196, 20}, {10, -226, 18}, {-62, -142, 16}, {34, -176, 18}};
  world_path(p, "M-20 0 C-10 -16 -12 -60 -14 -110 L14 -110 C12 -60 12 -16 24 0 Z");
  world_shade(p, WORLD_RGB(0x7a4f30));
  world_path(p, "M-4 -12 C-2 -40 -4 -60 -3 -80 M7 -20 C6 -40 7 -50 6 -66");
  world_line(p, WORLD_RGB(0x54331d), 2);
  blobs(p, crown, 6, p->base);
  for (int i = 0; i < 4; i++)
    world_path_ellipse(p, lights[i][0], lights[i][1], lights[i][2], lights[i][2] * 0.8);
  world_flat_alpha(p, p->snow ? WORLD_RGB(0xffffff) : world_rgb_light(p->base, 0.35),
                   p->snow ? 0.95 : 0.55);
  world_path(p, "M-70 -112 C-40 -92 40 -90 76 -108 C50 -116 -44 -118 -70 -112 Z");
  world_flat_alpha(p, world_rgb_dark(p->base, 0.4), 0.45);
}

void world_draw_fir(WorldPaint *p)
{
  static const char *tiers[] = {
      "M0 -160 C16 -116 44 -76 78 -52 C56 -40 40 -46 26 -38 C10 -46 -10 -46 -26 -38 C-40 -46 -56 "
      "-40 "
      "-78 "
      "-52 C-44 -76 -16 -116 0 -160 Z",
      "M0 -206 C14 -166 38 -130 64 -108 C46 -98 34 -104 22 -96 C8 -104 -8 -104 -22 -96 C-34 -104 "
      "-46 "
      "-98 "
      "-64 -108 C-38 -130 -14 -166 0 -206 Z",
      "M0 -246 C10 -212 28 -182 48 -164 C34 -154 26 -160 16 -154 C6 -160 -6 -160 -16 -154 C-26 "
      "-160 "
      "-34 "
      "-154 -48 -164 C-28 -182 -10 -212 0 -246 Z",
  };
  static const char *snow[] = {
      "M-60 -62 C-44 -50 -30 -62 -14 -52 C-18 -80 -10 -100 -16 -110 C-30 -86 -46 -72 -60 -62 Z",
      "M-48 -116 C-36 -106 -24 -116 -12 -108 C-14 -130 -8 -150 -12 -160 C-24 -138 -36 -126 -48 "
      "-116 "
      "Z",
      "M0 -242 C8 -216 22 -194 34 -180 C22 -172 12 -184 0 -176 C-12 -184 -22 -172 -34 -180 C-22 "
      "-194 "
      "-8 "
      "-216 0 -242 Z",
  };
  world_path(p, "M-11 0 L-9 -44 L9 -44 L12 0 Z");
  world_shade(p, WORLD_RGB(0x6d452a));
  for (int i = 0; i < 3; i++) {
    world_path(p, tiers[i]);
    world_shade(p, p->base);
    if (!p->snow)
      continue;
    world_path(p, snow[i]);
    world_flat(p, WORLD_RGB(0xf6fafd));
  }
}

static void house_window(WorldPaint *p, double x, double y)
{
  world_path_round(p, x - 20, y - 20, 40, 42, 2);
  world_shade(p, WORLD_RGB(0xf2ece0));
  world_path_round(p, x - 16, y - 16, 32, 34, 1);
  world_flat(p, p->light == WORLD_DAY ? WORLD_RGB(0x9fcbe0) : WORLD_RGB(0xffe08a));
  cairo_move_to(p->cr, x, y - 16);
  cairo_line_to(p->cr, x, y + 18);
  cairo_move_to(p->cr, x - 16, y);
  cairo_line_to(p->cr, x + 16, y);
  world_line(p, WORLD_RGB(0xf2ece0), 3);
}

void world_draw_house(WorldPaint *p)
{
  WorldRgb roof = p->snow ? WORLD_RGB(0xeef4fa) : WORLD_RGB(0x6a5550);
  world_path(p, "M44 -206 L44 -160 L70 -140 L70 -206 Z");
  world_shade(p, WORLD_RGB(0x8c6a5c));
  world_path_round(p, 40, -212, 34, 10, 2);
  world_shade(p, WORLD_RGB(0x74574b));
  world_path(p, "M-94 0 L-94 -118 L0 -196 L94 -118 L94 0 Z");
  world_shade(p, p->base);
  for (int i = 1; i < 6; i++) {
    cairo_move_to(p->cr, -93, -i * 20);
    cairo_line_to(p->cr, 93, -i * 20);
  }
  world_line(p, world_rgb_dark(p->base, 0.14), 1.2);
  world_path(p, "M0 -214 L120 -112 L110 -98 L0 -190 L-110 -98 L-120 -112 Z");
  world_shade(p, roof);
  world_path_round(p, -19, -64, 38, 64, 3);
  world_shade(p, WORLD_RGB(0x5b3d2c));
  world_path_ellipse(p, 11, -30, 2.6, 2.6);
  world_flat(p, WORLD_RGB(0xf0c64a));
  house_window(p, -58, -66);
  house_window(p, 58, -66);
  world_path_ellipse(p, 0, -136, 15, 15);
  world_shade(p, WORLD_RGB(0xf2ece0));
  world_path_ellipse(p, 0, -136, 11, 11);
  world_flat(p, p->light == WORLD_DAY ? WORLD_RGB(0x9fcbe0) : WORLD_RGB(0xffe08a));
}

void world_draw_mushroom(WorldPaint *p)
{
  world_path(p, "M-12 0 C-8 -14 -9 -22 -8 -32 L10 -32 C9 -20 10 -14 14 0 C8 3 -6 3 -12 0 Z");
  world_shade(p, WORLD_RGB(0xf3e6cc));
  world_path(p, "M-38 -28 C-38 -74 40 -74 40 -28 C20 -20 -20 -20 -38 -28 Z");
  world_shade(p, p->base);
  WorldRgb dots = p->colour == WORLD_WHITE ? WORLD_RGB(0xc9b79a) : WORLD_RGB(0xfffaf0);
  world_path_ellipse(p, -16, -46, 6, 5);
  world_path_ellipse(p, 8, -52, 7, 5.5);
  world_path_ellipse(p, 24, -36, 5, 4.5);
  world_path_ellipse(p, -2, -33, 5, 4);
  world_path_ellipse(p, -28, -33, 4, 3.5);
  world_flat(p, dots);
}

void world_draw_apple(WorldPaint *p)
{
  world_path(p, "M0 -40 C0 -48 4 -52 8 -54");
  world_line(p, WORLD_RGB(0x5b3a20), 4);
  world_path(p, "M4 -44 C10 -58 26 -56 30 -50 C22 -40 10 -40 4 -44 Z");
  world_shade(p, WORLD_RGB(0x5aa544));
  world_path(
      p,
      "M0 -38 C-10 -46 -28 -42 -28 -22 C-28 -4 -14 2 -7 0 C-2 -2 2 -2 7 0 C14 2 28 -4 28 -22 C28 "
      "-42 10 -46 0 -38 Z");
  world_round_shade(p, p->base, 0, -20, 28);
  world_path_ellipse(p, -13, -29, 5, 7);
  world_flat_alpha(p, WORLD_RGB(0xffffff), 0.5);
}

void world_draw_cloud(WorldPaint *p)
{
  static const double parts[][3] = {
      {-44, -24, 24}, {-14, -42, 32}, {24, -36, 28}, {52, -22, 22}, {4, -22, 22}};
  WorldRgb ink = world_rgb_dark(p->base, 0.25);
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < 5; i++)
      world_path_ellipse(p, parts[i][0], parts[i][1], parts[i][2], parts[i][2]);
    world_path_round(p, -64, -24, 134, 24, 12);
    if (pass == 0)
      world_line(p, ink, p->line * 2);
    else
      world_shade_soft(p, p->base);
  }
  world_path_ellipse(p, -20, -52, 18, 12);
  world_path_ellipse(p, 22, -46, 14, 9);
  world_flat_alpha(p, WORLD_RGB(0xffffff), 0.55);
}

void world_draw_sun(WorldPaint *p)
{
  for (int i = 0; i < 12; i++) {
    double a = M_PI * i / 6, s = 0.13, r = i % 2 ? 47 : 54;
    cairo_move_to(p->cr, 37 * cos(a - s), -54 + 37 * sin(a - s));
    cairo_line_to(p->cr, r * cos(a), -54 + r * sin(a));
    cairo_line_to(p->cr, 37 * cos(a + s), -54 + 37 * sin(a + s));
    cairo_close_path(p->cr);
  }
  world_shade(p, world_rgb_light(p->base, 0.2));
  world_path_ellipse(p, 0, -54, 33, 33);
  world_round_shade(p, p->base, 0, -54, 33);
}

void world_draw_moon(WorldPaint *p)
{
  world_path(
      p,
      "M10 -78 C-26 -84 -46 -50 -30 -22 C-16 2 18 4 34 -16 C10 -14 -8 -28 -8 -48 C-8 -62 0 -72 10 "
      "-78 Z");
  world_shade(p, p->base);
  world_path_ellipse(p, -22, -42, 5, 5);
  world_path_ellipse(p, -10, -18, 4, 4);
  world_path_ellipse(p, -14, -62, 3, 3);
  world_flat_alpha(p, world_rgb_dark(p->base, 0.3), 0.5);
}
