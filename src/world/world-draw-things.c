/* Kite, umbrella, ball, book, bag, hat, gift, balloon. */
#include "world-paint.h"

void world_draw_kite(WorldPaint *p)
{
  WorldRgb light = world_rgb_light(p->base, 0.4);
  world_path(p, "M0 -56 C-16 -44 14 -34 -2 -20 C-12 -10 8 -8 0 0");
  world_line(p, WORLD_RGB(0x6b6a72), 2);
  world_path(
      p,
      "M-14 -44 L2 -38 L-12 -30 Z M14 -42 L-2 -38 L14 -30 Z M-14 -18 L-2 -14 L-14 -6 Z M12 -18 L-2 "
      "-14 L10 -6 Z");
  world_shade(p, p->base);
  world_path(p, "M0 -150 L46 -106 L0 -50 L-46 -106 Z");
  world_shade(p, p->base);
  world_path(p, "M0 -148 L44 -106 L0 -106 Z M0 -52 L-44 -106 L0 -106 Z");
  world_flat(p, light);
  world_path(p, "M0 -150 L0 -50 M-46 -106 L46 -106");
  world_line(p, world_rgb_dark(p->base, 0.5), 1.8);
}

static void umbrella_open(WorldPaint *p)
{
  world_path(p, "M0 -96 L0 -10 C0 2 -14 2 -14 -8");
  world_limb(p, WORLD_RGB(0x7b5233), 4);
  world_path(p, "M0 -128 L0 -118");
  world_limb(p, WORLD_RGB(0x7b5233), 3);
  world_path(p, "M-76 -72 C-72 -136 72 -136 76 -72 C68 -82 56 -82 50 -72 C44 -82 32 -82 26 -72 C18 "
                "-82 -18 -82 "
                "-26 -72 C-32 -82 -44 -82 -50 -72 C-56 -82 -68 -82 -76 -72 Z");
  world_shade(p, p->base);
  world_path(p,
             "M0 -120 C-18 -112 -26 -92 -26 -74 C-18 -82 18 -82 26 -74 C26 -92 18 -112 0 -120 Z");
  world_flat_alpha(p, world_rgb_light(p->base, 0.4), 0.7);
  world_path(p, "M0 -120 C-36 -112 -50 -92 -50 -74 M0 -120 C36 -112 50 -92 50 -74");
  world_line(p, world_rgb_dark(p->base, 0.4), 1.6);
}

static void umbrella_closed(WorldPaint *p)
{
  world_path(p, "M0 -34 L0 -10 C0 3 -18 3 -17 -10");
  world_limb(p, WORLD_RGB(0x7b5233), 5);
  world_path(p, "M0 -128 L0 -116");
  world_limb(p, WORLD_RGB(0x7b5233), 4);
  world_path(p, "M0 -120 C8 -100 18 -60 20 -34 C12 -40 8 -38 6 -30 C2 -36 -2 -36 -6 -30 C-8 -38 "
                "-12 -40 -20 -34 "
                "C-18 -60 -8 -100 0 -120 Z");
  world_shade(p, p->base);
  world_path(p, "M0 -116 L-6 -34 M0 -116 L7 -34");
  world_line(p, world_rgb_dark(p->base, 0.35), 1.8);
  world_path(p, "M-15 -62 C-6 -56 6 -56 15 -62");
  world_line(p, world_rgb_dark(p->base, 0.5), 4);
}

void world_draw_umbrella(WorldPaint *p)
{
  if (p->state == WORLD_OPEN)
    umbrella_open(p);
  else
    umbrella_closed(p);
}

void world_draw_ball(WorldPaint *p)
{
  world_path_ellipse(p, 0, -29, 29, 29);
  world_round_shade(p, p->base, 0, -29, 29);
  world_path(
      p,
      "M-26 -40 C-8 -30 10 -30 26 -40 M-26 -18 C-8 -10 10 -10 26 -18 M0 -57 C-9 -40 -9 -18 0 -1");
  world_line(p, world_rgb_light(p->base, 0.65), 2.6);
  world_path_ellipse(p, -11, -42, 6, 5);
  world_flat_alpha(p, WORLD_RGB(0xffffff), 0.55);
}

static void book_open(WorldPaint *p)
{
  world_path(p, "M-46 -34 L0 -26 L46 -34 L52 -4 L0 2 L-52 -4 Z");
  world_shade(p, p->base);
  world_path(p, "M0 -28 C-12 -40 -32 -40 -42 -36 L-47 -9 C-32 -12 -12 -10 0 -3 Z M0 -28 C12 -40 32 "
                "-40 42 -36 "
                "L47 -9 C32 -12 12 -10 0 -3 Z");
  world_shade(p, WORLD_RGB(0xfdf6e4));
  world_path(
      p,
      "M-36 -30 C-26 -32 -16 -31 -7 -26 M-38 -23 C-28 -25 -16 -24 -7 -19 M-39 -16 C-28 -18 -16 -17 "
      "-7 "
      "-12 M36 -30 C26 -32 16 -31 7 -26 M38 -23 C28 -25 16 -24 7 -19 M39 -16 C28 -18 16 -17 7 -12");
  world_line(p, WORLD_RGB(0xa9a08c), 1.6);
}

static void book_closed(WorldPaint *p)
{
  world_path(p, "M-36 -56 L28 -56 L34 -50 L34 0 L-30 0 L-36 -6 Z");
  world_shade(p, WORLD_RGB(0xf6ecd2));
  world_path(p, "M-28 -4 L32 -4 M-28 -8 L32 -8");
  world_line(p, WORLD_RGB(0xb9ab88), 1.4);
  world_path_round(p, -37, -57, 64, 52, 3);
  world_shade(p, p->base);
  world_path(p, "M-29 -56 L-29 -6");
  world_line(p, world_rgb_dark(p->base, 0.45), 3);
  world_path_round(p, -18, -46, 34, 12, 2);
  world_flat_alpha(p, world_rgb_light(p->base, 0.65), 0.9);
}

void world_draw_book(WorldPaint *p)
{
  if (p->state == WORLD_OPEN)
    book_open(p);
  else
    book_closed(p);
}

void world_draw_bag(WorldPaint *p)
{
  world_path(p, "M-18 -44 C-18 -78 18 -78 18 -44");
  world_limb(p, world_rgb_dark(p->base, 0.25), 5);
  world_path(p,
             "M-32 -46 L32 -46 C36 -30 38 -14 36 -4 C20 1 -20 1 -36 -4 C-38 -14 -36 -30 -32 -46 Z");
  world_shade(p, p->base);
  world_path(p, "M-33 -46 L33 -46 C34 -34 22 -24 0 -22 C-22 -24 -34 -34 -33 -46 Z");
  world_shade(p, world_rgb_dark(p->base, 0.14));
  world_path_round(p, -6, -28, 12, 11, 2);
  world_shade(p, WORLD_RGB(0xe9c65a));
}

void world_draw_hat(WorldPaint *p)
{
  world_path(p, "M-46 -10 C-44 -20 44 -20 46 -10 C46 0 -46 0 -46 -10 Z");
  world_shade(p, world_rgb_dark(p->base, 0.08));
  world_path(p, "M-25 -12 C-26 -34 -22 -48 -12 -50 C-4 -46 4 -46 12 -50 C22 -48 26 -34 25 -12 C12 "
                "-7 -12 -7 -25 "
                "-12 Z");
  world_shade(p, p->base);
  world_path(p, "M-25 -23 C-10 -17 10 -17 25 -23 L25 -12 C12 -7 -12 -7 -25 -12 Z");
  world_flat(p, p->colour == WORLD_BLACK ? WORLD_RGB(0x9a9aa2) : world_rgb_dark(p->base, 0.6));
}

void world_draw_gift(WorldPaint *p)
{
  WorldRgb ribbon = p->colour == WORLD_WHITE ? WORLD_RGB(0xb9bcc6) : WORLD_RGB(0xfdf3d8);
  world_path_round(p, -30, -44, 60, 44, 2);
  world_shade(p, p->base);
  world_path_round(p, -35, -54, 70, 15, 3);
  world_shade(p, world_rgb_light(p->base, 0.12));
  world_path(p, "M-6 -54 L6 -54 L6 -1 L-6 -1 Z");
  world_flat(p, ribbon);
  world_path(p, "M0 -54 C-28 -54 -28 -78 -14 -74 C-6 -72 -2 -62 0 -54 Z M0 -54 C28 -54 28 -78 14 "
                "-74 C6 -72 2 "
                "-62 0 -54 Z");
  world_shade(p, ribbon);
}

void world_draw_balloon(WorldPaint *p)
{
  world_path(p, "M0 -54 C-8 -40 8 -24 0 0");
  world_line(p, WORLD_RGB(0x6b6a72), 2.2);
  world_path(p, "M-6 -50 L6 -50 L0 -60 Z");
  world_shade(p, world_rgb_dark(p->base, 0.2));
  world_path(p,
             "M0 -56 C-20 -62 -33 -82 -32 -102 C-30 -142 30 -142 32 -102 C33 -82 20 -62 0 -56 Z");
  world_round_shade(p, p->base, 0, -98, 38);
  world_path_ellipse(p, -12, -112, 6, 10);
  world_flat_alpha(p, WORLD_RGB(0xffffff), 0.55);
}
