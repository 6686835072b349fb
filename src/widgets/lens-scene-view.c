#include "lens-scene-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

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
  LensTarget pinned
      = self->selection ? lens_selection_get_pinned(self->selection) : lens_target_none();
  int own = pinned.kind == LENS_TARGET_BOX ? lens_scene_view_own_box(self, pinned) : -1;
  int shown = own < 0 ? -1 : lens_scene_view_shown_index(self, own);

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
  lens_scene_view_clamp_offset(self, width, height);
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

/* -1: none of them has the keyboard. */
static int
focused_box(LensSceneView *self)
{
  LensCanvas *canvas = LENS_CANVAS(self);

  for (guint i = 0; i < lens_canvas_get_n_nodes(canvas); i++) {
    if (gtk_widget_has_focus(lens_canvas_get_node_widget(canvas, i)))
      return (int)i;
  }
  return -1;
}

/* The box that the keyboard is at, which a click takes it to, too; else the pinned one. */
static gboolean
remove_box(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensSceneView *self = LENS_SCENE_VIEW(widget);
  int box = focused_box(self);
  LensTarget target;

  if (!self->selection)
    return FALSE;
  target = lens_selection_get_pinned(self->selection);
  if (target.kind != LENS_TARGET_BOX)
    target = lens_selection_get_active(self->selection);
  if (box < 0 && target.kind == LENS_TARGET_BOX)
    box = lens_scene_view_own_box(self, target);
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
  int pinned = lens_scene_view_own_box(self, lens_selection_get_pinned(self->selection));

  if (pinned >= 0)
    lens_canvas_focus_node(LENS_CANVAS(self), pinned);
}

void
lens_scene_view_set_scene(LensSceneView *self, LensScene *scene)
{
  gboolean same
      = self->scene && scene && lens_scene_get_pixbuf(self->scene) == lens_scene_get_pixbuf(scene);

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
  int pinned = lens_scene_view_own_box(self, lens_selection_get_pinned(self->selection));

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
  lens_scene_view_clamp_offset(self, lens_canvas_get_width(LENS_CANVAS(self)),
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
  props[PROP_ZOOM]
      = g_param_spec_double("zoom", NULL, NULL, 1, 8, 1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object_class, N_PROPS, props);
  signals[REMOVE_BOX] = g_signal_new("remove-box", LENS_TYPE_SCENE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  signals[PLACE_BOX]
      = g_signal_new("place-box", LENS_TYPE_SCENE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_POINTER, G_TYPE_BOOLEAN);

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
