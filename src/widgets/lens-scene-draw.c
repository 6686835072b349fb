/* The image and its boxes: laid out, and drawn with what is hovered, pinned or dragged. */
#include "lens-figure.h"
#include "lens-scene-view-private.h"

static gboolean
region_shown(LensSceneView *self, LensRegion *region)
{
  return lens_region_get_confidence(region) >= self->threshold;
}

void
lens_scene_view_clamp_offset(LensSceneView *self, double width, double height)
{
  self->offset_x = CLAMP(self->offset_x, 0, width * (self->zoom - 1));
  self->offset_y = CLAMP(self->offset_y, 0, height * (self->zoom - 1));
}

static void
place_nodes(LensSceneView *self)
{
  const FigureRect none = { 0 };

  for (guint i = 0; i < lens_canvas_get_n_nodes(LENS_CANVAS(self)); i++)
    lens_canvas_place_node(LENS_CANVAS(self), i, &none);
  for (int i = 0; self->figure && i < self->figure->n; i++) {
    FigureRect rect = self->figure->boxes[i].rect;

    rect.x -= self->offset_x;
    rect.y -= self->offset_y;
    lens_canvas_place_node(LENS_CANVAS(self), g_array_index(self->shown, int, i), &rect);
  }
}

void
lens_scene_view_layout(LensCanvas *canvas, double width, double height)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);
  g_autofree float *all = NULL, *boxes = NULL, *weights = NULL;
  g_autofree bool *removed = NULL;
  g_autoptr(GPtrArray) labels = g_ptr_array_new_with_free_func(g_free);
  FigureSceneInput input = { 0 };
  FigureError error = { { 0 } };
  guint n;

  g_clear_pointer(&self->figure, figure_scene_free);
  g_array_set_size(self->shown, 0);
  if (!self->scene)
    return;

  n = lens_scene_get_n_regions(self->scene);
  all = lens_figure_boxes(self->scene);
  boxes = g_new(float, 4 * MAX(n, 1));
  weights = g_new(float, MAX(n, 1));
  removed = g_new(bool, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    LensRegion *region = lens_scene_get_region(self->scene, i);
    int region_index = i;

    if (!region_shown(self, region))
      continue;
    memcpy(boxes + 4 * self->shown->len, all + 4 * i, 4 * sizeof(float));
    weights[self->shown->len] = self->weights ? self->weights[i] : 0;
    removed[self->shown->len] = lens_region_get_removed(region);
    g_ptr_array_add(labels, g_strdup_printf("%s %.2f", lens_region_get_title(region),
                                            lens_region_get_confidence(region)));
    g_array_append_val(self->shown, region_index);
  }
  input.boxes = boxes;
  input.labels = (const char *const *)labels->pdata;
  input.removed = removed;
  input.weights = self->weights ? weights : NULL;
  input.n = self->shown->len;
  input.image = lens_figure_surface(self->scene);
  input.image_width = lens_scene_get_width(self->scene);
  input.image_height = lens_scene_get_height(self->scene);
  lens_scene_view_clamp_offset(self, width, height);
  figure_scene_layout(&input, lens_canvas_get_style(canvas), width * self->zoom,
                      height * self->zoom, &self->figure, &error);
  place_nodes(self);
}

int
lens_scene_view_shown_index(LensSceneView *self, int region)
{
  for (guint i = 0; i < self->shown->len; i++) {
    if (g_array_index(self->shown, int, i) == region)
      return i;
  }
  return -1;
}

int
lens_scene_view_own_box(LensSceneView *self, LensTarget target)
{
  int word, box, n = self->scene ? (int)lens_scene_get_n_regions(self->scene) : 0;

  lens_selection_resolve(self->selection, target, &word, &box);
  box -= self->first_box;
  return box >= 0 && box < n ? box : -1;
}

/* What the pinned box can be taken hold of by. */
static void
draw_grips(LensSceneView *self, cairo_t *cr, int shown)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  const FigureRect *rect;

  if (shown < 0 || self->figure->boxes[shown].removed)
    return;
  rect = &self->figure->boxes[shown].rect;
  for (int i = 0; i < 4; i++) {
    cairo_rectangle(cr, rect->x + (i & 1 ? rect->w : 0) - 3, rect->y + (i & 2 ? rect->h : 0) - 3, 6,
                    6);
    cairo_set_source_rgb(cr, style->background.r, style->background.g, style->background.b);
    cairo_fill_preserve(cr);
    cairo_set_source_rgb(cr, style->accent.r, style->accent.g, style->accent.b);
    cairo_set_line_width(cr, 1.5);
    cairo_stroke(cr);
  }
}

static void
draw_draft(LensSceneView *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  static const double dashes[] = { 5, 3 };
  const FigureRect *image = &self->figure->image_rect;
  const float *r = self->drag.rect;

  if (!self->draft)
    return;
  cairo_rectangle(cr, image->x + r[0] * image->w, image->y + r[1] * image->h,
                  (r[2] - r[0]) * image->w, (r[3] - r[1]) * image->h);
  cairo_set_line_width(cr, 2);
  cairo_set_source_rgb(cr, style->background.r, style->background.g, style->background.b);
  cairo_stroke_preserve(cr);
  cairo_set_dash(cr, dashes, 2, 0);
  cairo_set_source_rgb(cr, style->accent.r, style->accent.g, style->accent.b);
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
}

void
lens_scene_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;

  if (!self->figure)
    return;
  if (self->selection) {
    highlight.box
        = lens_scene_view_shown_index(self, lens_scene_view_own_box(self, lens_selection_get_hover(
                                                                              self->selection)));
    highlight.pinned_box
        = lens_scene_view_shown_index(self, lens_scene_view_own_box(self, lens_selection_get_pinned(
                                                                              self->selection)));
  }
  cairo_translate(cr, -self->offset_x, -self->offset_y);
  figure_scene_draw(cr, self->figure, lens_canvas_get_style(canvas), &highlight);
  draw_grips(self, cr, highlight.pinned_box);
  draw_draft(self, cr);
}
