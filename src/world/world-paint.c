#include "world-paint.h"

#include <math.h>

static const uint32_t palette[WORLD_N_ATTRIBUTES] = {
    [WORLD_RED] = 0xd8322c,   [WORLD_ORANGE] = 0xf2851d, [WORLD_YELLOW] = 0xf7d02b,
    [WORLD_GREEN] = 0x3fa34d, [WORLD_BLUE] = 0x2b6fd6,   [WORLD_PURPLE] = 0x7d3fb2,
    [WORLD_PINK] = 0xf48fb8,  [WORLD_BROWN] = 0x84512c,  [WORLD_BLACK] = 0x2a2a30,
    [WORLD_WHITE] = 0xf4f3ef, [WORLD_GRAY] = 0x90959c,
};

WorldRgb world_colour_rgb(WorldColour colour)
{
  return WORLD_RGB(palette[colour]);
}

WorldRgb world_rgb_mix(WorldRgb a, WorldRgb b, double t)
{
  return (WorldRgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

WorldRgb world_rgb_dark(WorldRgb c, double t)
{
  return world_rgb_mix(c, WORLD_RGB(0x14102a), t);
}

WorldRgb world_rgb_light(WorldRgb c, double t)
{
  return world_rgb_mix(c, WORLD_RGB(0xfffbf0), t);
}

/* strtod() would read "1,5" under some locales; this reads the C notation only. */
static double read_number(const char **s)
{
  double sign = 1, value = 0, unit = 1;
  while (**s == ' ' || **s == ',')
    (*s)++;
  if (**s == '-') {
    sign = -1;
    (*s)++;
  }
  for (; **s >= '0' && **s <= '9'; (*s)++)
    value = value * 10 + (**s - '0');
  if (**s == '.')
    for ((*s)++; **s >= '0' && **s <= '9'; (*s)++)
      value += (**s - '0') * (unit /= 10);
  return sign * value;
}

static void quadratic(cairo_t *cr, const double v[4])
{
  double x, y;
  cairo_get_current_point(cr, &x, &y);
  cairo_curve_to(cr, x + (v[0] - x) * 2 / 3, y + (v[1] - y) * 2 / 3, v[2] + (v[0] - v[2]) * 2 / 3,
                 v[3] + (v[1] - v[3]) * 2 / 3, v[2], v[3]);
}

void world_path(WorldPaint *p, const char *svg)
{
  char op = 'M';
  while (*svg) {
    double v[6];
    if (*svg == ' ') {
      svg++;
      continue;
    }
    if (*svg >= 'A' && *svg <= 'Z')
      op = *svg++;
    if (op == 'Z') {
      cairo_close_path(p->cr);
      continue;
    }
    int n = op == 'C' ? 6 : op == 'Q' ? 4 : 2;
    for (int i = 0; i < n; i++)
      v[i] = read_number(&svg);
    if (op == 'M')
      cairo_move_to(p->cr, v[0], v[1]);
    else if (op == 'L')
      cairo_line_to(p->cr, v[0], v[1]);
    else if (op == 'Q')
      quadratic(p->cr, v);
    else
      cairo_curve_to(p->cr, v[0], v[1], v[2], v[3], v[4], v[5]);
    while (*svg == ' ')
      svg++;
  }
}

void world_path_ellipse(WorldPaint *p, double cx, double cy, double rx, double ry)
{
  cairo_matrix_t saved;
  cairo_get_matrix(p->cr, &saved);
  cairo_translate(p->cr, cx, cy);
  cairo_scale(p->cr, rx, ry);
  cairo_new_sub_path(p->cr);
  cairo_arc(p->cr, 0, 0, 1, 0, 2 * M_PI);
  cairo_close_path(p->cr);
  cairo_set_matrix(p->cr, &saved);
}

void world_path_round(WorldPaint *p, double x, double y, double w, double h, double radius)
{
  cairo_t *cr = p->cr;
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + w - radius, y + radius, radius, -M_PI / 2, 0);
  cairo_arc(cr, x + w - radius, y + h - radius, radius, 0, M_PI / 2);
  cairo_arc(cr, x + radius, y + h - radius, radius, M_PI / 2, M_PI);
  cairo_arc(cr, x + radius, y + radius, radius, M_PI, 1.5 * M_PI);
  cairo_close_path(cr);
}

static void outline(WorldPaint *p, WorldRgb c)
{
  WorldRgb ink = world_rgb_dark(c, 0.62);
  cairo_set_source_rgb(p->cr, ink.r, ink.g, ink.b);
  cairo_set_line_width(p->cr, p->line);
  cairo_stroke(p->cr);
}

static void add_stops(cairo_pattern_t *g, WorldRgb c)
{
  WorldRgb hi = world_rgb_light(c, 0.26), lo = world_rgb_dark(c, 0.22);
  cairo_pattern_add_color_stop_rgb(g, 0, hi.r, hi.g, hi.b);
  cairo_pattern_add_color_stop_rgb(g, 0.45, c.r, c.g, c.b);
  cairo_pattern_add_color_stop_rgb(g, 1, lo.r, lo.g, lo.b);
}

static void fill_shaded(WorldPaint *p, WorldRgb c)
{
  double x1, y1, x2, y2;
  cairo_path_extents(p->cr, &x1, &y1, &x2, &y2);
  cairo_pattern_t *g =
      cairo_pattern_create_linear(x1 + (x2 - x1) * 0.3, y1, x1 + (x2 - x1) * 0.6, y2);
  add_stops(g, c);
  cairo_set_source(p->cr, g);
  cairo_pattern_destroy(g);
}

void world_shade(WorldPaint *p, WorldRgb c)
{
  fill_shaded(p, c);
  cairo_fill_preserve(p->cr);
  outline(p, c);
}

void world_shade_soft(WorldPaint *p, WorldRgb c)
{
  fill_shaded(p, c);
  cairo_fill(p->cr);
}

void world_round_shade(WorldPaint *p, WorldRgb c, double cx, double cy, double radius)
{
  cairo_pattern_t *g = cairo_pattern_create_radial(cx - radius * 0.35, cy - radius * 0.4,
                                                   radius * 0.05, cx, cy, radius * 1.05);
  WorldRgb hi = world_rgb_light(c, 0.5), lo = world_rgb_dark(c, 0.3);
  cairo_pattern_add_color_stop_rgb(g, 0, hi.r, hi.g, hi.b);
  cairo_pattern_add_color_stop_rgb(g, 0.4, c.r, c.g, c.b);
  cairo_pattern_add_color_stop_rgb(g, 1, lo.r, lo.g, lo.b);
  cairo_set_source(p->cr, g);
  cairo_pattern_destroy(g);
  cairo_fill_preserve(p->cr);
  outline(p, c);
}

void world_flat(WorldPaint *p, WorldRgb c)
{
  cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
  cairo_fill(p->cr);
}

void world_flat_alpha(WorldPaint *p, WorldRgb c, double alpha)
{
  cairo_set_source_rgba(p->cr, c.r, c.g, c.b, alpha);
  cairo_fill(p->cr);
}

void world_line(WorldPaint *p, WorldRgb c, double width)
{
  cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
  cairo_set_line_width(p->cr, width);
  cairo_stroke(p->cr);
}

void world_limb(WorldPaint *p, WorldRgb c, double width)
{
  WorldRgb ink = world_rgb_dark(c, 0.62);
  cairo_set_source_rgb(p->cr, ink.r, ink.g, ink.b);
  cairo_set_line_width(p->cr, width + 2 * p->line * 0.75);
  cairo_stroke_preserve(p->cr);
  cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
  cairo_set_line_width(p->cr, width);
  cairo_stroke(p->cr);
}
