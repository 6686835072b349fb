#include "lens-print-node.h"

#include <math.h>

#define PIXELS 3 /* for one, where only a picture will do */

static void
draw_text(GskRenderNode *node, cairo_t *cr, gboolean paths)
{
  guint n = gsk_text_node_get_num_glyphs(node);
  const PangoGlyphInfo *infos = gsk_text_node_get_glyphs(node, NULL);
  const GdkRGBA *color = gsk_text_node_get_color(node);
  const graphene_point_t *offset = gsk_text_node_get_offset(node);
  g_autofree PangoGlyphInfo *glyphs = g_memdup2(infos, n * sizeof *infos);
  PangoGlyphString string = { .num_glyphs = (int)n, .glyphs = glyphs };

  if (!paths) {
    gsk_render_node_draw(node, cr);
    return;
  }
  cairo_new_path(cr);
  cairo_move_to(cr, offset->x, offset->y);
  pango_cairo_glyph_string_path(cr, gsk_text_node_get_font(node), &string);
  gdk_cairo_set_source_rgba(cr, color);
  cairo_fill(cr);
}

/* FALSE: it turns in space, and stays as GTK draws it. */
static gboolean
apply_transform(GskRenderNode *node, cairo_t *cr)
{
  GskTransform *transform = gsk_transform_node_get_transform(node);
  float xx, yx, xy, yy, dx, dy;
  cairo_matrix_t matrix;

  if (gsk_transform_get_category(transform) < GSK_TRANSFORM_CATEGORY_2D)
    return FALSE;
  gsk_transform_to_2d(transform, &xx, &yx, &xy, &yy, &dx, &dy);
  cairo_matrix_init(&matrix, xx, yx, xy, yy, dx, dy);
  cairo_transform(cr, &matrix);
  return TRUE;
}

/* Sides of several colours are joined by GTK with a mesh, which SVG has not; here they are strips. */
static void
draw_border(GskRenderNode *node, cairo_t *cr)
{
  const graphene_rect_t *r = &gsk_border_node_get_outline(node)->bounds;
  const GdkRGBA *colors = gsk_border_node_get_colors(node);
  const float *w = gsk_border_node_get_widths(node); /* top, right, bottom, left */
  const double strips[4][4] = {
    { r->origin.x, r->origin.y, r->size.width, w[0] },
    { r->origin.x + r->size.width - w[1], r->origin.y, w[1], r->size.height },
    { r->origin.x, r->origin.y + r->size.height - w[2], r->size.width, w[2] },
    { r->origin.x, r->origin.y, w[3], r->size.height },
  };

  if (gdk_rgba_equal(&colors[0], &colors[1]) && gdk_rgba_equal(&colors[0], &colors[2])
      && gdk_rgba_equal(&colors[0], &colors[3])) {
    gsk_render_node_draw(node, cr);
    return;
  }
  for (int i = 0; i < 4; i++) {
    cairo_rectangle(cr, strips[i][0], strips[i][1], strips[i][2], strips[i][3]);
    gdk_cairo_set_source_rgba(cr, &colors[i]);
    cairo_fill(cr);
  }
}

static void
clip_rounded(const GskRoundedRect *rect, cairo_t *cr)
{
  double x = rect->bounds.origin.x, y = rect->bounds.origin.y;
  double w = rect->bounds.size.width, h = rect->bounds.size.height;
  const graphene_size_t *c = rect->corner;

  cairo_new_sub_path(cr);
  cairo_arc(cr, x + w - c[1].width, y + c[1].width, c[1].width, -G_PI_2, 0);
  cairo_arc(cr, x + w - c[2].width, y + h - c[2].width, c[2].width, 0, G_PI_2);
  cairo_arc(cr, x + c[3].width, y + h - c[3].width, c[3].width, G_PI_2, G_PI);
  cairo_arc(cr, x + c[0].width, y + c[0].width, c[0].width, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
  cairo_clip(cr);
}

static void
draw_faded(GskRenderNode *node, cairo_t *cr, gboolean paths)
{
  cairo_push_group(cr);
  lens_print_node(gsk_opacity_node_get_child(node), cr, paths);
  cairo_pop_group_to_source(cr);
  cairo_paint_with_alpha(cr, gsk_opacity_node_get_opacity(node));
}

static void
draw_clipped(GskRenderNode *node, cairo_t *cr, gboolean paths)
{
  const graphene_rect_t *clip = gsk_clip_node_get_clip(node);

  cairo_rectangle(cr, clip->origin.x, clip->origin.y, clip->size.width, clip->size.height);
  cairo_clip(cr);
  lens_print_node(gsk_clip_node_get_child(node), cr, paths);
}

/* Shadows, blurs and recoloured icons, which no vector format has: one of them would make a picture
 * of the whole page. */
static void
draw_picture(GskRenderNode *node, cairo_t *cr)
{
  graphene_rect_t bounds;
  cairo_surface_t *surface;
  cairo_t *pixels;

  gsk_render_node_get_bounds(node, &bounds);
  surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(PIXELS * bounds.size.width),
                                       (int)ceil(PIXELS * bounds.size.height));
  pixels = cairo_create(surface);
  cairo_scale(pixels, PIXELS, PIXELS);
  cairo_translate(pixels, -bounds.origin.x, -bounds.origin.y);
  gsk_render_node_draw(node, pixels);
  cairo_destroy(pixels);
  cairo_translate(cr, bounds.origin.x, bounds.origin.y);
  cairo_scale(cr, 1.0 / PIXELS, 1.0 / PIXELS);
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_paint(cr);
  cairo_surface_destroy(surface);
}

void
lens_print_node(GskRenderNode *node, cairo_t *cr, gboolean paths)
{
  cairo_save(cr);
  switch ((int)gsk_render_node_get_node_type(node)) {
  case GSK_CONTAINER_NODE:
    for (guint i = 0; i < gsk_container_node_get_n_children(node); i++)
      lens_print_node(gsk_container_node_get_child(node, i), cr, paths);
    break;
  case GSK_TEXT_NODE:
    draw_text(node, cr, paths);
    break;
  case GSK_TRANSFORM_NODE:
    if (apply_transform(node, cr))
      lens_print_node(gsk_transform_node_get_child(node), cr, paths);
    else
      gsk_render_node_draw(node, cr);
    break;
  case GSK_BORDER_NODE:
    draw_border(node, cr);
    break;
  case GSK_CLIP_NODE:
    draw_clipped(node, cr, paths);
    break;
  case GSK_ROUNDED_CLIP_NODE:
    clip_rounded(gsk_rounded_clip_node_get_clip(node), cr);
    lens_print_node(gsk_rounded_clip_node_get_child(node), cr, paths);
    break;
  case GSK_OPACITY_NODE:
    draw_faded(node, cr, paths);
    break;
  case GSK_DEBUG_NODE:
    lens_print_node(gsk_debug_node_get_child(node), cr, paths);
    break;
  case GSK_CAIRO_NODE:
  case GSK_COLOR_NODE:
  case GSK_LINEAR_GRADIENT_NODE:
  case GSK_REPEATING_LINEAR_GRADIENT_NODE:
  case GSK_TEXTURE_NODE:
    gsk_render_node_draw(node, cr);
    break;
  default:
    draw_picture(node, cr);
  }
  cairo_restore(cr);
}
