/* Car, bus, bicycle and boat. */
#include "world-paint.h"

#include <math.h>

static const WorldRgb tyre = {0.15, 0.15, 0.17};

static WorldRgb glass(WorldPaint *p)
{
  return p->light == WORLD_NIGHT ? WORLD_RGB(0xf3dc8f) : WORLD_RGB(0xbfe3f2);
}

static void wheel(WorldPaint *p, double x, double r)
{
  world_path_ellipse(p, x, -r, r, r);
  world_flat(p, tyre);
  world_path_ellipse(p, x, -r, r * 0.58, r * 0.58);
  world_shade(p, WORLD_RGB(0xc9ced6));
  world_path_ellipse(p, x, -r, r * 0.18, r * 0.18);
  world_flat(p, WORLD_RGB(0x5b616b));
}

void world_draw_car(WorldPaint *p)
{
  world_path(
      p, "M-100 -22 C-102 -44 -96 -52 -76 -54 C-60 -82 -52 -92 -14 -92 C24 -92 34 -80 52 -56 C86 "
         "-54 102 -46 101 -22 C101 -16 98 -14 92 -14 L-92 -14 C-98 -14 -100 -16 -100 -22 Z");
  world_shade(p, p->base);
  world_path(
      p, "M-64 -55 C-54 -76 -48 -83 -18 -83 L-18 -55 Z M-10 -83 C18 -83 26 -74 39 -55 L-10 -55 Z");
  world_shade(p, glass(p));
  world_path(p, "M-50 -57 L-36 -80 L-28 -81 L-42 -57 Z M6 -57 L-2 -81 L6 -82 L16 -57 Z");
  world_flat_alpha(p, WORLD_RGB(0xffffff), 0.45);
  world_path(p, "M-14 -54 L-14 -20 M-98 -34 L98 -34");
  world_line(p, world_rgb_dark(p->base, 0.4), 1.6);
  world_path_round(p, -8, -48, 14, 4, 2);
  world_flat(p, world_rgb_dark(p->base, 0.5));
  world_path_ellipse(p, 93, -40, 6, 7);
  world_shade(p, WORLD_RGB(0xfff3b0));
  world_path_round(p, -101, -44, 8, 12, 3);
  world_shade(p, WORLD_RGB(0xc63a34));
  wheel(p, -58, 21);
  wheel(p, 58, 21);
}

void world_draw_bus(WorldPaint *p)
{
  world_path_round(p, -145, -142, 290, 126, 16);
  world_shade(p, p->base);
  world_path_round(p, -143, -58, 286, 12, 1);
  world_flat(p, world_rgb_light(p->base, 0.6));
  for (int i = 0; i < 5; i++) {
    world_path_round(p, -134 + i * 43, -126, 37, 42, 5);
    world_shade(p, glass(p));
    cairo_move_to(p->cr, -126 + i * 43, -88);
    cairo_line_to(p->cr, -114 + i * 43, -124);
    cairo_line_to(p->cr, -106 + i * 43, -124);
    cairo_line_to(p->cr, -118 + i * 43, -88);
    world_flat_alpha(p, WORLD_RGB(0xffffff), 0.4);
  }
  world_path_round(p, 84, -126, 32, 104, 4);
  world_shade(p, glass(p));
  world_path(p, "M100 -124 L100 -24");
  world_line(p, world_rgb_dark(p->base, 0.4), 2.5);
  world_path(p, "M122 -126 L144 -122 L145 -74 L122 -74 Z");
  world_shade(p, glass(p));
  world_path_ellipse(p, 138, -36, 6, 8);
  world_shade(p, WORLD_RGB(0xfff3b0));
  world_path_round(p, -145, -40, 7, 16, 3);
  world_shade(p, WORLD_RGB(0xc63a34));
  wheel(p, -88, 24);
  wheel(p, 56, 24);
}

static void spoked_wheel(WorldPaint *p, double x)
{
  const double r = 34;
  for (int i = 0; i < 6; i++) {
    double a = M_PI * i / 6;
    cairo_move_to(p->cr, x + r * cos(a), -r - 3 + r * sin(a));
    cairo_line_to(p->cr, x - r * cos(a), -r - 3 - r * sin(a));
  }
  world_line(p, WORLD_RGB(0xb4bac4), 1.2);
  world_path_ellipse(p, x, -r - 3, r, r);
  world_line(p, tyre, 6);
  world_path_ellipse(p, x, -r - 3, r - 5, r - 5);
  world_line(p, WORLD_RGB(0xd5d9e0), 1.6);
}

void world_draw_bicycle(WorldPaint *p)
{
  spoked_wheel(p, -48);
  spoked_wheel(p, 48);
  world_path(
      p, "M-48 -37 L-18 -80 L34 -80 L-4 -36 Z M-18 -80 L-4 -36 M-22 -86 L-18 -80 M48 -37 L32 -90");
  world_limb(p, p->base, 7);
  world_path(p, "M32 -90 L30 -100 L44 -102");
  world_limb(p, WORLD_RGB(0x4a4d56), 4);
  world_path(p, "M-40 -94 C-34 -98 -14 -96 -8 -90 C-12 -84 -32 -84 -40 -94 Z");
  world_shade(p, WORLD_RGB(0x3a2c28));
  world_path_ellipse(p, -4, -36, 8, 8);
  world_shade(p, WORLD_RGB(0x8b9099));
  world_path(p, "M-4 -36 L4 -20 M-2 -20 L10 -20");
  world_line(p, WORLD_RGB(0x3a3c44), 3.5);
}

void world_draw_boat(WorldPaint *p)
{
  world_path(p, "M0 -40 L0 -156");
  world_limb(p, WORLD_RGB(0x8a5a34), 5);
  world_path(p, "M6 -150 C34 -120 56 -84 64 -48 L6 -48 Z");
  world_shade(p, WORLD_RGB(0xfbf6e8));
  world_path(p, "M-6 -140 C-22 -110 -40 -78 -54 -48 L-6 -48 Z");
  world_shade(p, WORLD_RGB(0xefe6d2));
  world_path(p, "M-84 -40 L86 -40 C80 -16 66 -2 50 0 L-50 0 C-68 -4 -80 -20 -84 -40 Z");
  world_shade(p, p->base);
  world_path(p, "M-82 -32 L83 -32");
  world_line(p, world_rgb_light(p->base, 0.6), 4);
  for (int i = -1; i < 2; i++) {
    world_path_ellipse(p, i * 34, -18, 6, 6);
    world_shade(p, WORLD_RGB(0xcfe8f2));
  }
}
