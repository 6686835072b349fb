/* Cat, dog and bird. */
#include "world-paint.h"

static const WorldRgb pink_skin = {0.96, 0.66, 0.68};

static void eye(WorldPaint *p, double x, double y, double r, WorldRgb iris)
{
  world_path_ellipse(p, x, y, r, r * 1.15);
  world_flat(p, iris);
  world_path_ellipse(p, x, y, r * 0.5, r * 0.9);
  world_flat(p, WORLD_RGB(0x16131c));
  world_path_ellipse(p, x - r * 0.25, y - r * 0.4, r * 0.28, r * 0.28);
  world_flat(p, WORLD_RGB(0xffffff));
}

static void cat_head(WorldPaint *p, double x, double y)
{
  WorldRgb dark = world_rgb_dark(p->base, 0.3);
  cairo_save(p->cr);
  cairo_translate(p->cr, x, y);
  world_path(p, "M-21 -4 L-20 -28 L-4 -16 Z M21 -4 L20 -28 L4 -16 Z");
  world_shade(p, p->base);
  world_path(p, "M-17 -10 L-17 -22 L-9 -15 Z M17 -10 L17 -22 L9 -15 Z");
  world_flat(p, pink_skin);
  world_path(p, "M-24 2 C-25 -20 25 -20 24 2 C23 15 10 19 0 19 C-10 19 -23 15 -24 2 Z");
  world_shade(p, p->base);
  world_path(p, "M0 -14 L0 -7 M-6 -14 L-5 -8 M6 -14 L5 -8");
  world_line(p, dark, 2);
  world_path(p, "M0 6 C-14 4 -14 17 0 17 C14 17 14 4 0 6 Z");
  world_flat(p, world_rgb_light(p->base, 0.55));
  eye(p, -10, 0, 5, WORLD_RGB(0xb9e04a));
  eye(p, 10, 0, 5, WORLD_RGB(0xb9e04a));
  world_path(p, "M-3.5 5 L3.5 5 L0 9 Z");
  world_flat(p, WORLD_RGB(0xe06b78));
  world_path(p, "M0 9 C-1 13 -5 13 -6 11 M0 9 C1 13 5 13 6 11");
  world_line(p, WORLD_RGB(0x3a2a30), 1.2);
  cairo_restore(p->cr);
}

static void cat_sitting(WorldPaint *p)
{
  world_path(p, "M14 -6 C50 2 50 -28 36 -40");
  world_limb(p, p->base, 9);
  world_path(p, "M-26 0 C-34 -22 -22 -52 0 -52 C22 -52 34 -22 26 0 Z");
  world_shade(p, p->base);
  world_path_ellipse(p, 0, -24, 12, 18);
  world_flat_alpha(p, world_rgb_light(p->base, 0.6), 0.85);
  world_path(p, "M-14 0 C-16 -14 -4 -14 -3 0 Z M14 0 C16 -14 4 -14 3 0 Z");
  world_shade(p, world_rgb_light(p->base, 0.15));
  cat_head(p, 0, -60);
}

static void cat_standing(WorldPaint *p)
{
  world_path(p, "M-36 -32 C-60 -34 -58 -62 -48 -68");
  world_limb(p, p->base, 8);
  world_path(p, "M-26 -20 L-28 -4 M20 -20 L19 -4");
  world_limb(p, world_rgb_dark(p->base, 0.25), 9);
  world_path(p, "M-42 -28 C-42 -48 -20 -46 4 -46 C24 -48 38 -44 37 -28 C36 -12 22 -14 0 -14 C-22 "
                "-12 -42 -10 -42 -28 Z");
  world_shade(p, p->base);
  world_path(p, "M-34 -20 L-36 -4 M29 -20 L30 -4");
  world_limb(p, p->base, 9);
  world_path(p, "M-14 -45 L-12 -34 M-3 -45 L-1 -36 M-24 -44 L-22 -36");
  world_line(p, world_rgb_dark(p->base, 0.3), 2.6);
  cat_head(p, 37, -54);
}

void world_draw_cat(WorldPaint *p)
{
  if (p->state == WORLD_SITTING)
    cat_sitting(p);
  else
    cat_standing(p);
}

static void dog_head(WorldPaint *p, double x, double y)
{
  WorldRgb dark = world_rgb_dark(p->base, 0.32);
  cairo_save(p->cr);
  cairo_translate(p->cr, x, y);
  world_path(p, "M-18 -8 C-20 -26 14 -30 20 -10 C30 -8 40 -6 41 2 C42 12 26 16 14 15 C0 20 -18 16 "
                "-18 -8 Z");
  world_shade(p, p->base);
  world_path(p, "M18 0 C28 -6 40 -4 41 2 C42 12 26 16 16 14 C10 10 12 2 18 0 Z");
  world_flat_alpha(p, world_rgb_light(p->base, 0.5), 0.8);
  world_path(p, "M22 13 C22 24 33 24 32 12 Z");
  world_flat(p, WORLD_RGB(0xee7f8e));
  world_path(p, "M41 5 C34 12 28 12 22 10");
  world_line(p, WORLD_RGB(0x3a2a30), 1.5);
  world_path_ellipse(p, 39, -3, 5, 4);
  world_flat(p, WORLD_RGB(0x1b171d));
  eye(p, 12, -9, 3.8, WORLD_RGB(0xf6efe6));
  world_path(p, "M-10 -20 C-28 -22 -30 8 -22 16 C-12 18 -6 0 -6 -16 Z");
  world_shade(p, dark);
  cairo_restore(p->cr);
}

static void dog_sitting(WorldPaint *p)
{
  world_path(p, "M-26 -10 C-48 -8 -48 -30 -42 -36");
  world_limb(p, p->base, 8);
  world_path(p, "M-30 0 C-38 -34 -22 -66 2 -66 C22 -64 22 -30 20 0 Z");
  world_shade(p, p->base);
  world_path(p, "M-32 0 C-36 -30 -6 -30 -4 0 Z");
  world_shade(p, world_rgb_dark(p->base, 0.08));
  world_path(p, "M14 -38 L15 -5");
  world_limb(p, p->base, 11);
  world_path(p, "M8 0 C8 -10 26 -10 26 0 Z");
  world_shade(p, world_rgb_light(p->base, 0.2));
  world_path(p, "M-14 -62 C-4 -52 14 -52 20 -60");
  world_limb(p, WORLD_RGB(0x4b4f5c), 4);
  dog_head(p, 4, -76);
}

static void dog_standing(WorldPaint *p)
{
  world_path(p, "M-46 -52 C-66 -60 -64 -78 -58 -84");
  world_limb(p, p->base, 8);
  world_path(p, "M-30 -30 L-27 -5 M24 -30 L23 -5");
  world_limb(p, world_rgb_dark(p->base, 0.28), 11);
  world_path(p, "M-52 -46 C-52 -66 -24 -60 0 -60 C24 -62 44 -64 42 -42 C40 -22 22 -26 0 -26 C-24 "
                "-24 -52 -22 -52 -46 Z");
  world_shade(p, p->base);
  world_path(p, "M-42 -34 L-43 -5 M34 -34 L35 -5");
  world_limb(p, p->base, 11);
  world_path_ellipse(p, -18, -46, 14, 10);
  world_flat_alpha(p, world_rgb_dark(p->base, 0.32), 0.8);
  world_path(p, "M24 -60 C30 -50 40 -50 46 -56");
  world_limb(p, WORLD_RGB(0x4b4f5c), 4);
  dog_head(p, 36, -70);
}

void world_draw_dog(WorldPaint *p)
{
  if (p->state == WORLD_SITTING)
    dog_sitting(p);
  else
    dog_standing(p);
}

static void bird_standing(WorldPaint *p)
{
  world_path(p, "M-4 -12 L-6 -1 L2 -1 M8 -12 L8 -1 L15 -1");
  world_line(p, WORLD_RGB(0xc9741c), 2.6);
  world_path(p, "M-16 -24 L-46 -22 L-44 -32 L-16 -36 Z");
  world_shade(p, world_rgb_dark(p->base, 0.2));
  world_path(p, "M26 -46 L42 -41 L26 -37 Z");
  world_shade(p, WORLD_RGB(0xf0a128));
  world_path(p,
             "M-24 -26 C-22 -44 -2 -38 4 -48 C8 -60 30 -58 29 -42 C30 -20 16 -9 2 -9 C-12 -9 -24 "
             "-14 -24 -26 Z");
  world_shade(p, p->base);
  world_path(p, "M26 -34 C26 -18 14 -11 4 -11 C8 -18 18 -24 26 -34 Z");
  world_flat_alpha(p, world_rgb_light(p->base, 0.65), 0.8);
  world_path(p, "M-30 -22 C-22 -38 4 -38 10 -30 C6 -16 -14 -14 -30 -22 Z");
  world_shade(p, world_rgb_dark(p->base, 0.18));
  eye(p, 19, -46, 3.6, WORLD_RGB(0xffffff));
}

static void bird_flying(WorldPaint *p)
{
  world_path(p, "M2 -34 C-8 -60 -26 -70 -40 -72 C-36 -52 -28 -36 -12 -26 Z");
  world_shade(p, world_rgb_dark(p->base, 0.3));
  world_path(p, "M-22 -24 L-50 -30 L-46 -16 L-20 -14 Z");
  world_shade(p, world_rgb_dark(p->base, 0.2));
  world_path(p, "M34 -30 L49 -24 L34 -21 Z");
  world_shade(p, WORLD_RGB(0xf0a128));
  world_path(p,
             "M-28 -18 C-18 -32 6 -32 16 -36 C28 -42 40 -36 38 -25 C34 -6 8 -4 -4 -6 C-14 -8 -24 "
             "-12 -28 -18 Z");
  world_shade(p, p->base);
  world_path(p, "M36 -20 C32 -8 12 -5 0 -8 C12 -10 24 -14 36 -20 Z");
  world_flat_alpha(p, world_rgb_light(p->base, 0.65), 0.8);
  world_path(p, "M14 -24 C16 -50 2 -72 -10 -84 C-18 -64 -20 -40 -10 -22 Z");
  world_shade(p, world_rgb_dark(p->base, 0.1));
  world_path(p, "M-11 -70 C-8 -56 -4 -44 0 -32 M-2 -68 C2 -56 4 -46 6 -34");
  world_line(p, world_rgb_dark(p->base, 0.4), 1.4);
  eye(p, 30, -28, 3.4, WORLD_RGB(0xffffff));
}

void world_draw_bird(WorldPaint *p)
{
  if (p->state == WORLD_FLYING)
    bird_flying(p);
  else
    bird_standing(p);
}
