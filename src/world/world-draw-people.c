/* Man and woman. Their colour is that of the shirt or the dress. One arm is bent with the hand
 * in front, at WORLD_HAND in world-kinds.h, so that it can hold something. */
#include "world-paint.h"

static const uint32_t skins[] = {0xf3c9a5, 0xe0a878, 0xb97a4e, 0x8a5636};
static const uint32_t hairs[] = {0x3a2a22, 0x6b4226, 0xc9973f, 0x23201f, 0x8f3f24};
static const uint32_t trousers[] = {0x38486b, 0x4d4a55, 0x5c4a3a};

static WorldRgb pick(const uint32_t *list, unsigned n, uint32_t detail)
{
  return WORLD_RGB(list[detail % n]);
}

static void face(WorldPaint *p, WorldRgb skin)
{
  world_path(p, "M-7 -164 L-7 -152 L7 -152 L7 -164 Z");
  world_shade(p, world_rgb_dark(skin, 0.12));
  world_path(
      p, "M-19 -184 C-20 -208 20 -208 19 -184 C18 -168 8 -160 0 -160 C-8 -160 -18 -168 -19 -184 "
         "Z");
  world_shade(p, skin);
  world_path_ellipse(p, -7, -183, 2.3, 3);
  world_path_ellipse(p, 8, -183, 2.3, 3);
  world_flat(p, WORLD_RGB(0x241a1c));
  world_path_ellipse(p, -12, -176, 4, 2.6);
  world_path_ellipse(p, 13, -176, 4, 2.6);
  world_flat_alpha(p, WORLD_RGB(0xe8746a), 0.45);
  world_path(p, "M-5 -171 C-2 -167 4 -167 7 -171");
  world_line(p, WORLD_RGB(0x8f3a34), 1.8);
}

static void far_arm(WorldPaint *p, WorldRgb skin, WorldRgb sleeve)
{
  world_path(p, "M-24 -142 C-34 -124 -36 -108 -33 -92");
  world_limb(p, sleeve, 13);
  world_path_ellipse(p, -33, -86, 6.5, 7.5);
  world_shade(p, skin);
}

static void near_arm(WorldPaint *p, WorldRgb skin, WorldRgb sleeve)
{
  world_path(p, "M24 -142 C34 -128 34 -116 30 -110 C34 -108 40 -110 46 -114");
  world_limb(p, sleeve, 13);
  world_path_ellipse(p, 52, -117, 7, 7);
  world_shade(p, skin);
}

void world_draw_man(WorldPaint *p)
{
  WorldRgb skin = pick(skins, 4, p->detail), hair = pick(hairs, 5, p->detail / 4);
  WorldRgb cloth = pick(trousers, 3, p->detail / 20);
  far_arm(p, skin, world_rgb_dark(p->base, 0.15));
  world_path(p, "M-25 -2 C-25 -14 -2 -14 -2 -2 Z M5 -2 C5 -14 30 -14 30 -2 Z");
  world_shade(p, WORLD_RGB(0x5a3b2a));
  world_path(p, "M-22 -96 L22 -96 L23 -8 L5 -8 L1 -66 L-4 -8 L-21 -8 Z");
  world_shade(p, cloth);
  face(p, skin);
  world_path(p, "M-30 -142 C-26 -156 26 -156 30 -142 L24 -90 L-24 -90 Z");
  world_shade(p, p->base);
  world_path(p, "M-8 -153 L0 -142 L8 -153");
  world_line(p, world_rgb_dark(p->base, 0.5), 2.2);
  world_path(p, "M0 -138 L0 -94");
  world_line(p, world_rgb_dark(p->base, 0.35), 1.4);
  near_arm(p, skin, p->base);
  world_path(p,
             "M-20 -182 C-24 -214 24 -214 20 -182 C14 -192 -4 -198 -10 -192 C-16 -190 -18 -186 -20 "
             "-182 Z");
  world_shade(p, hair);
}

void world_draw_woman(WorldPaint *p)
{
  WorldRgb skin = pick(skins, 4, p->detail), hair = pick(hairs, 5, p->detail / 4);
  world_path(p,
             "M-20 -190 C-30 -206 30 -206 20 -190 C30 -168 30 -146 24 -136 C10 -142 -10 -142 -24 "
             "-136 C-30 -146 -30 -168 -20 -190 Z");
  world_shade(p, world_rgb_dark(hair, 0.12));
  far_arm(p, skin, skin);
  world_path(p, "M-11 -60 L-10 -8 M11 -60 L12 -8");
  world_limb(p, skin, 9);
  world_path(p, "M-19 -2 C-18 -14 -4 -14 -3 -2 Z M6 -2 C6 -14 20 -14 22 -2 Z");
  world_shade(p, WORLD_RGB(0x7b3550));
  face(p, skin);
  world_path(p,
             "M-24 -146 C-18 -156 -10 -152 -7 -150 C-4 -144 4 -144 7 -150 C10 -152 18 -156 24 -146 "
             "C20 -130 16 -120 18 -110 C28 -84 34 -66 38 -48 C20 -40 -20 -40 -38 -48 C-34 -66 -28 "
             "-84 -18 -110 C-16 -120 -20 -130 -24 -146 Z");
  world_shade(p, p->base);
  world_path(p, "M-18 -110 C-8 -105 8 -105 18 -110");
  world_line(p, world_rgb_dark(p->base, 0.45), 3.5);
  world_path(p, "M-12 -100 C-16 -80 -18 -66 -20 -50 M12 -100 C16 -80 18 -66 20 -50 M0 -100 L0 -46");
  world_line(p, world_rgb_dark(p->base, 0.2), 1.5);
  near_arm(p, skin, skin);
  world_path(
      p, "M-22 -180 C-28 -214 28 -214 22 -180 C18 -192 8 -198 0 -197 C-10 -194 -18 -192 -22 -180 "
         "Z");
  world_shade(p, hair);
}
