/* Furniture and what stands on it. Seat and top heights are repeated in world-kinds.c. */
#include "world-paint.h"

void world_draw_chair(WorldPaint *p)
{
  WorldRgb dark = world_rgb_dark(p->base, 0.25);
  world_path(p, "M-30 -56 L-30 -3 M30 -56 L30 -3");
  world_limb(p, dark, 6);
  world_path_round(p, -34, -132, 68, 26, 8);
  world_shade(p, p->base);
  world_path(p, "M-31 -108 L-31 -60 M31 -108 L31 -60 M-10 -106 L-10 -62 M10 -106 L10 -62");
  world_limb(p, p->base, 6);
  world_path(p, "M-34 -64 L34 -64 L42 -50 L-42 -50 Z");
  world_shade(p, world_rgb_light(p->base, 0.12));
  world_path_round(p, -42, -51, 84, 9, 3);
  world_shade(p, dark);
  world_path(p, "M-38 -40 L-38 -3 M38 -40 L38 -3");
  world_limb(p, p->base, 7);
}

void world_draw_table(WorldPaint *p)
{
  WorldRgb dark = world_rgb_dark(p->base, 0.25);
  world_path(p, "M-78 -82 L-78 -20 M78 -82 L78 -20");
  world_limb(p, world_rgb_dark(p->base, 0.4), 8);
  world_path(p, "M-88 -104 L88 -104 L108 -80 L-108 -80 Z");
  world_shade(p, world_rgb_light(p->base, 0.12));
  world_path_round(p, -108, -81, 216, 12, 4);
  world_shade(p, dark);
  world_path(p, "M-98 -68 L-96 -4 M98 -68 L96 -4");
  world_limb(p, p->base, 10);
}

void world_draw_sofa(WorldPaint *p)
{
  WorldRgb light = world_rgb_light(p->base, 0.12);
  world_path(p, "M-96 -12 L-98 -2 M96 -12 L98 -2");
  world_limb(p, WORLD_RGB(0x4a3426), 8);
  world_path_round(p, -108, -122, 108, 84, 18);
  world_path_round(p, 0, -122, 108, 84, 18);
  world_shade(p, p->base);
  world_path(p, "M-98 -58 L98 -58 L106 -40 L-106 -40 Z");
  world_shade(p, light);
  world_path_round(p, -104, -46, 208, 34, 8);
  world_shade(p, world_rgb_dark(p->base, 0.1));
  world_path(p, "M0 -58 L0 -14");
  world_line(p, world_rgb_dark(p->base, 0.5), 2);
  world_path_round(p, -126, -84, 36, 76, 16);
  world_path_round(p, 90, -84, 36, 76, 16);
  world_shade(p, light);
}

void world_draw_lamp(WorldPaint *p)
{
  world_path(p, "M0 -140 L0 -8");
  world_limb(p, WORLD_RGB(0x6a6460), 5);
  world_path(p, "M-26 0 C-24 -12 24 -12 26 0 Z");
  world_shade(p, WORLD_RGB(0x6a6460));
  world_path_ellipse(p, 0, -136, 9, 9);
  world_shade(p, WORLD_RGB(0xfff0b8));
  world_path(p, "M-26 -200 L26 -200 L44 -138 C20 -132 -20 -132 -44 -138 Z");
  world_shade(p, p->base);
  world_path(p, "M-18 -197 L-28 -140 M0 -198 L0 -136 M18 -197 L28 -140");
  world_line(p, world_rgb_light(p->base, 0.35), 2);
}

void world_draw_bench(WorldPaint *p)
{
  WorldRgb iron = WORLD_RGB(0x3d4148);
  world_path(p, "M-74 -92 L-70 -44 M74 -92 L70 -44 M-66 -36 L-68 -2 M66 -36 L68 -2");
  world_limb(p, iron, 6);
  for (int i = 0; i < 3; i++) {
    world_path_round(p, -88, -95 + i * 16, 176, 12, 4);
    world_shade(p, p->base);
  }
  world_path(p, "M-84 -50 L84 -50 L92 -38 L-92 -38 Z");
  world_shade(p, world_rgb_light(p->base, 0.15));
  world_path_round(p, -92, -39, 184, 9, 3);
  world_shade(p, world_rgb_dark(p->base, 0.2));
  world_path(p, "M-80 -28 L-82 -2 M80 -28 L82 -2");
  world_limb(p, iron, 7);
}

void world_draw_vase(WorldPaint *p)
{
  world_path(
      p,
      "M-8 -64 C-14 -76 -26 -80 -30 -90 M4 -64 C4 -80 2 -88 4 -98 M10 -64 C16 -76 24 -78 30 -86");
  world_line(p, WORLD_RGB(0x4f8f46), 3.4);
  world_path(p, "M-30 -90 C-22 -92 -18 -84 -19 -78 C-26 -78 -30 -84 -30 -90 Z M4 -98 C12 -92 10 "
                "-84 4 -80 C-3 "
                "-84 -3 -92 4 -98 Z M30 -88 C22 -88 18 -82 19 -76 C26 -76 30 -80 30 -88 Z");
  world_shade(p, WORLD_RGB(0x6cb25c));
  world_path(
      p,
      "M-15 -70 C-10 -56 -30 -46 -28 -26 C-26 -10 -18 -2 -14 0 L14 0 C18 -2 26 -10 28 -26 C30 -46 "
      "10 -56 15 -70 C8 -66 -8 -66 -15 -70 Z");
  world_shade(p, p->base);
  world_path(p, "M-27 -32 C-10 -25 10 -25 27 -32 L28 -22 C10 -15 -10 -15 -28 -22 Z");
  world_flat_alpha(p, world_rgb_light(p->base, 0.6), 0.8);
  world_path_ellipse(p, -14, -38, 4, 9);
  world_flat_alpha(p, WORLD_RGB(0xffffff), 0.5);
}

void world_draw_cup(WorldPaint *p)
{
  world_path(p, "M18 -38 C40 -42 40 -12 16 -14");
  world_limb(p, p->base, 6);
  world_path(p, "M-24 -46 L22 -46 C22 -22 18 -4 10 0 L-12 0 C-20 -4 -24 -22 -24 -46 Z");
  world_shade(p, p->base);
  world_path_ellipse(p, -1, -46, 23, 6);
  world_shade(p, world_rgb_light(p->base, 0.3));
  world_path_ellipse(p, -1, -45, 18, 4);
  world_flat(p, WORLD_RGB(0x5c3620));
  world_path(p, "M-17 -36 C-17 -24 -14 -14 -10 -8");
  world_line(p, world_rgb_light(p->base, 0.6), 3);
}
