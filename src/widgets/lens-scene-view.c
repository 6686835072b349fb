#include "lens-scene-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-figure.h"

enum { PROP_0, PROP_THRESHOLD, PROP_ZOOM, N_PROPS };
static GParamSpec *props[N_PROPS];
enum { REMOVE_BOX, PLACE_BOX, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensSceneView, lens_scene_view, LENS_TYPE_CANVAS)

GtkWidget *
lens_scene_view_new(void)
{
  return g_object_new(LENS_TYPE_SCENE_VIEW, NULL);
}

static gboolean
region_shown(LensSceneView *self, LensRegion *region)
{
  return lens_region_get_confidence(region) >= self->threshold;
}

/* ---- layout ---- */

static void
clamp_offset(LensSceneView *self, double width, double height)
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

static void
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
  clamp_offset(self, width, height);
  figure_scene_layout(&input, lens_canvas_get_style(canvas), width * self->zoom,
                      height * self->zoom, &self->figure, &error);
  place_nodes(self);
}

/* A region's place among the shown boxes, -1 when it is not shown. */
static int
shown_index(LensSceneView *self, int region)
{
  for (guint i = 0; i < self->shown->len; i++) {
    if (g_array_index(self->shown, int, i) == region)
      return i;
  }
  return -1;
}

/* The box of this scene that a target means, of a cell its end here; -1 for none. */
static int
own_box(LensSceneView *self, LensTarget target)
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
    cairo_rectangle(cr, rect->x + (i & 1 ? rect->w : 0) - 3, rect->y + (i & 2 ? rect->h : 0) - 3,
                    6, 6);
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

static void
lens_scene_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;

  if (!self->figure)
    return;
  if (self->selection) {
    highlight.box = shown_index(self, own_box(self, lens_selection_get_hover(self->selection)));
    highlight.pinned_box
        = shown_index(self, own_box(self, lens_selection_get_pinned(self->selection)));
  }
  cairo_translate(cr, -self->offset_x, -self->offset_y);
  figure_scene_draw(cr, self->figure, lens_canvas_get_style(canvas), &highlight);
  draw_grips(self, cr, highlight.pinned_box);
  draw_draft(self, cr);
}

int
lens_scene_view_hit(LensSceneView *self, double x, double y)
{
  FigureHit hit;

  if (!self->figure)
    return -1;
  hit = figure_scene_hit(self->figure, x + self->offset_x, y + self->offset_y);
  if (hit.kind != FIGURE_HIT_BOX || hit.box < 0 || hit.box >= (int)self->shown->len)
    return -1;
  return g_array_index(self->shown, int, hit.box);
}

/* ---- pointer and keyboard ---- */

static LensTarget
box_target(LensSceneView *self, int box)
{
  return box < 0 ? lens_target_none() : lens_target_box(self->first_box + box);
}

const FigureRect *
lens_scene_view_pinned_rect(LensSceneView *self, int *box)
{
  LensTarget pinned = self->selection ? lens_selection_get_pinned(self->selection)
                                      : lens_target_none();
  int own = pinned.kind == LENS_TARGET_BOX ? own_box(self, pinned) : -1;
  int shown = own < 0 ? -1 : shown_index(self, own);

  *box = shown < 0 ? -1 : own;
  if (shown < 0 || !self->figure || self->figure->boxes[shown].removed)
    return NULL;
  return &self->figure->boxes[shown].rect;
}

static void
update_cursor(LensSceneView *self, double x, double y)
{
  int box;
  const FigureRect *pinned = lens_scene_view_pinned_rect(self, &box);
  const char *name = "default";

  if (self->drag.mode != LENS_DRAG_NONE)
    return;
  if (x >= 0 && self->figure)
    name = lens_scene_drag_cursor(&self->figure->image_rect, pinned, x + self->offset_x,
                                  y + self->offset_y);
  if (g_strcmp0(name, self->cursor) != 0)
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self), self->cursor = name);
}

static void
lens_scene_view_hover(LensCanvas *canvas, double x, double y)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);

  update_cursor(self, x, y);
  if (self->drag.mode != LENS_DRAG_NONE)
    return;
  if (self->selection)
    lens_selection_set_hover(self->selection,
                             box_target(self, x < 0 ? -1 : lens_scene_view_hit(self, x, y)));
}

static void
lens_scene_view_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);
  int box = lens_scene_view_hit(self, x, y);

  if (button == GDK_BUTTON_SECONDARY && box >= 0)
    g_signal_emit(self, signals[REMOVE_BOX], 0, box);
  if (button == GDK_BUTTON_PRIMARY && n_press == 2 && box < 0)
    lens_scene_view_zoom_at(self, self->zoom > 1 ? 1 : 2, x, y);
}

void
lens_scene_view_pin_at(LensSceneView *self, double x, double y)
{
  LensCanvas *canvas = LENS_CANVAS(self);
  int box = lens_scene_view_hit(self, x, y);

  if (!self->selection)
    return;
  if (box < 0) {
    lens_selection_set_pinned(self->selection, lens_target_none());
    return;
  }
  lens_selection_toggle_pinned(self->selection, box_target(self, box));
  lens_canvas_focus_node(canvas, box);
}

/* What the keyboard reaches in a zoomed image is moved to the middle, where it was out of sight. */
static void
bring_into_view(LensSceneView *self, int node)
{
  LensCanvas *canvas = LENS_CANVAS(self);
  double width = lens_canvas_get_width(canvas), height = lens_canvas_get_height(canvas), x, y;
  FigureRect rect;

  lens_canvas_get_node_rect(canvas, (guint)node, &rect);
  x = rect.x + rect.w / 2;
  y = rect.y + rect.h / 2;
  if (x >= 0 && x < width && y >= 0 && y < height)
    return;
  self->offset_x += x - width / 2;
  self->offset_y += y - height / 2;
  clamp_offset(self, width, height);
  lens_canvas_invalidate(canvas);
}

static void
lens_scene_view_node_focused(LensCanvas *canvas, int node)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);

  if (node >= 0 && self->zoom > 1)
    bring_into_view(self, node);
  if (self->selection)
    lens_selection_set_hover(self->selection, box_target(self, node));
}

static void
lens_scene_view_node_activated(LensCanvas *canvas, int node)
{
  LensSceneView *self = LENS_SCENE_VIEW(canvas);

  if (self->selection)
    lens_selection_toggle_pinned(self->selection, box_target(self, node));
}

static gboolean
remove_box(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensSceneView *self = LENS_SCENE_VIEW(widget);
  LensTarget target;
  int box;

  if (!self->selection)
    return FALSE;
  target = lens_selection_get_pinned(self->selection);
  if (target.kind != LENS_TARGET_BOX)
    target = lens_selection_get_active(self->selection);
  box = target.kind == LENS_TARGET_BOX ? own_box(self, target) : -1;
  if (box < 0)
    return FALSE;
  g_signal_emit(self, signals[REMOVE_BOX], 0, box);
  return TRUE;
}

/* ---- properties ---- */

static void
name_nodes(LensSceneView *self)
{
  guint n = self->scene ? lens_scene_get_n_regions(self->scene) : 0;

  lens_canvas_set_n_nodes(LENS_CANVAS(self), n);
  for (guint i = 0; i < n; i++) {
    LensRegion *region = lens_scene_get_region(self->scene, i);
    g_autofree char *name = NULL;

    if (lens_region_get_removed(region))
      name = g_strdup_printf(_("%s, removed"), lens_region_get_title(region));
    else
      name = g_strdup_printf(_("%s, confidence %d%%"), lens_region_get_title(region),
                             (int)lround(100 * lens_region_get_confidence(region)));
    lens_canvas_name_node(LENS_CANVAS(self), i, name);
  }
}

static void
update_name(LensSceneView *self)
{
  g_autofree char *name = NULL;

  if (self->scene)
    name = g_strdup_printf(_("Image %s with %u objects"), lens_scene_get_name(self->scene),
                           lens_scene_get_n_regions(self->scene));
  else
    name = g_strdup(_("No image"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_region_changed(LensSceneView *self)
{
  name_nodes(self);
  lens_canvas_invalidate(LENS_CANVAS(self));
}

static void
watch_regions(LensSceneView *self, gboolean watch)
{
  guint n = self->scene ? lens_scene_get_n_regions(self->scene) : 0;

  for (guint i = 0; i < n; i++) {
    LensRegion *region = lens_scene_get_region(self->scene, i);

    if (watch)
      g_signal_connect_object(region, "notify::removed", G_CALLBACK(on_region_changed), self,
                              G_CONNECT_SWAPPED);
    else
      g_signal_handlers_disconnect_by_func(region, on_region_changed, self);
  }
}

static void
focus_pinned(LensSceneView *self)
{
  int pinned = own_box(self, lens_selection_get_pinned(self->selection));

  if (pinned >= 0)
    lens_canvas_focus_node(LENS_CANVAS(self), pinned);
}

void
lens_scene_view_set_scene(LensSceneView *self, LensScene *scene)
{
  gboolean same = self->scene && scene
                  && lens_scene_get_pixbuf(self->scene) == lens_scene_get_pixbuf(scene);

  if (self->scene == scene)
    return;
  watch_regions(self, FALSE);
  g_set_object(&self->scene, scene);
  watch_regions(self, TRUE);
  g_clear_pointer(&self->weights, g_free);
  self->draft = self->drag.mode != LENS_DRAG_NONE && same;
  if (!same) { /* else it is the same picture with boxes moved or added */
    self->drag.mode = LENS_DRAG_NONE;
    self->offset_x = self->offset_y = 0;
    self->zoom = 1;
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ZOOM]);
    lens_canvas_set_current_node(LENS_CANVAS(self), 0);
  }
  name_nodes(self);
  update_name(self);
  lens_canvas_invalidate(LENS_CANVAS(self));
  if (same && self->drawn && self->selection)
    focus_pinned(self);
  self->drawn = FALSE;
}

LensScene *
lens_scene_view_get_scene(LensSceneView *self)
{
  return self->scene;
}

static void
on_hover_changed(LensSceneView *self)
{
  int pinned = own_box(self, lens_selection_get_pinned(self->selection));

  for (guint i = 0; i < lens_canvas_get_n_nodes(LENS_CANVAS(self)); i++)
    lens_canvas_select_node(LENS_CANVAS(self), i, pinned == (int)i);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_scene_view_set_selection(LensSceneView *self, LensSelection *selection)
{
  if (self->selection)
    g_signal_handlers_disconnect_by_func(self->selection, on_hover_changed, self);
  g_set_object(&self->selection, selection);
  if (selection)
    g_signal_connect_object(selection, "hover-changed", G_CALLBACK(on_hover_changed), self,
                            G_CONNECT_SWAPPED);
}

void
lens_scene_view_set_first_box(LensSceneView *self, int first)
{
  self->first_box = first;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_scene_view_set_weights(LensSceneView *self, const float *weights)
{
  guint n = self->scene ? lens_scene_get_n_regions(self->scene) : 0;

  if (!weights && !self->weights)
    return;
  g_clear_pointer(&self->weights, g_free);
  if (weights)
    self->weights = g_memdup2(weights, n * sizeof(float));
  for (int i = 0; self->figure && i < self->figure->n; i++) /* nothing moves */
    self->figure->boxes[i].weight
        = weights ? (double)weights[g_array_index(self->shown, int, i)] : -1;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_scene_view_set_threshold(LensSceneView *self, double threshold)
{
  if (self->threshold == threshold)
    return;
  self->threshold = threshold;
  lens_canvas_invalidate(LENS_CANVAS(self));
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_THRESHOLD]);
}

double
lens_scene_view_get_zoom(LensSceneView *self)
{
  return self->zoom;
}

void
lens_scene_view_zoom_at(LensSceneView *self, double zoom, double x, double y)
{
  double ratio;

  zoom = CLAMP(zoom, 1, 8);
  if (zoom == self->zoom)
    return;
  ratio = zoom / self->zoom;
  self->offset_x = (self->offset_x + x) * ratio - x;
  self->offset_y = (self->offset_y + y) * ratio - y;
  self->zoom = zoom;
  clamp_offset(self, lens_canvas_get_width(LENS_CANVAS(self)),
               lens_canvas_get_height(LENS_CANVAS(self)));
  lens_canvas_invalidate(LENS_CANVAS(self));
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_ZOOM]);
}

static void
lens_scene_view_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LensSceneView *self = LENS_SCENE_VIEW(object);

  if (id == PROP_THRESHOLD)
    g_value_set_double(value, self->threshold);
  else if (id == PROP_ZOOM)
    g_value_set_double(value, self->zoom);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_scene_view_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_THRESHOLD)
    lens_scene_view_set_threshold(LENS_SCENE_VIEW(object), g_value_get_double(value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_scene_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : 120;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 360;
}

static void
lens_scene_view_finalize(GObject *object)
{
  LensSceneView *self = LENS_SCENE_VIEW(object);

  watch_regions(self, FALSE);
  g_clear_object(&self->scene);
  g_clear_object(&self->selection);
  g_free(self->weights);
  g_clear_pointer(&self->figure, figure_scene_free);
  g_array_unref(self->shown);
  G_OBJECT_CLASS(lens_scene_view_parent_class)->finalize(object);
}

static void
lens_scene_view_class_init(LensSceneViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  object_class->get_property = lens_scene_view_get_property;
  object_class->set_property = lens_scene_view_set_property;
  object_class->finalize = lens_scene_view_finalize;
  widget_class->measure = lens_scene_view_measure;
  canvas_class->layout = lens_scene_view_layout;
  canvas_class->draw = lens_scene_view_draw;
  canvas_class->hover = lens_scene_view_hover;
  canvas_class->click = lens_scene_view_click;
  canvas_class->node_focused = lens_scene_view_node_focused;
  canvas_class->node_activated = lens_scene_view_node_activated;

  props[PROP_THRESHOLD]
      = g_param_spec_double("threshold", NULL, NULL, 0, 1, 0,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_ZOOM] = g_param_spec_double("zoom", NULL, NULL, 1, 8, 1,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object_class, N_PROPS, props);
  signals[REMOVE_BOX] = g_signal_new("remove-box", LENS_TYPE_SCENE_VIEW, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  signals[PLACE_BOX] = g_signal_new("place-box", LENS_TYPE_SCENE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_POINTER,
                                    G_TYPE_BOOLEAN);

  lens_scene_input_add_bindings(widget_class);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_Delete, 0, remove_box, NULL);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST_BOX);
}

static void
lens_scene_view_init(LensSceneView *self)
{
  self->cursor = "default";
  self->shown = g_array_new(FALSE, FALSE, sizeof(int));
  self->zoom = 1;
  lens_scene_input_init(self);
  update_name(self);
}
