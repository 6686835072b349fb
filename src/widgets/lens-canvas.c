#include "lens-canvas.h"

#include <adwaita.h>
#include <math.h>

#include "lens-font-family.h"
#include "lens-node.h"

typedef struct {
  GPtrArray *nodes; /* of LensNode; children, borrowed */
  GArray *rects;    /* of FigureRect */
  int current;
  FigureStyle style;
  double width, height;      /* of the last layout */
  GdkModifierType modifiers; /* of the last click */
  gboolean printing, paths;  /* the next frame is for a file */
} LensCanvasPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(LensCanvas, lens_canvas, GTK_TYPE_WIDGET)

#define PRIV(self) ((LensCanvasPrivate *)lens_canvas_get_instance_private(self))

/* ---- nodes ---- */

static void
on_node_focus(GObject *object, GParamSpec *pspec, LensCanvas *self)
{
  LensCanvasPrivate *priv = PRIV(self);
  GtkWidget *widget = GTK_WIDGET(object);
  guint index;

  gtk_widget_queue_draw(GTK_WIDGET(self)); /* the ring comes or goes */
  if (!gtk_widget_has_focus(widget) || !g_ptr_array_find(priv->nodes, widget, &index))
    return;
  priv->current = index;
  if (LENS_CANVAS_GET_CLASS(self)->node_focused)
    LENS_CANVAS_GET_CLASS(self)->node_focused(self, index);
}

void
lens_canvas_set_n_nodes(LensCanvas *self, guint n)
{
  LensCanvasPrivate *priv = PRIV(self);

  while (priv->nodes->len > n) {
    GtkWidget *node = g_ptr_array_steal_index(priv->nodes, priv->nodes->len - 1);

    gtk_widget_unparent(node);
  }
  while (priv->nodes->len < n) {
    GtkWidget *node = GTK_WIDGET(lens_node_new(LENS_CANVAS_GET_CLASS(self)->node_role));

    g_signal_connect_object(node, "notify::has-focus", G_CALLBACK(on_node_focus), self, 0);
    gtk_widget_set_parent(node, GTK_WIDGET(self));
    g_ptr_array_add(priv->nodes, node);
  }
  g_array_set_size(priv->rects, n);
  if (priv->current >= (int)n)
    priv->current = 0;
}

guint
lens_canvas_get_n_nodes(LensCanvas *self)
{
  return PRIV(self)->nodes->len;
}

void
lens_canvas_name_node(LensCanvas *self, guint node, const char *name)
{
  g_return_if_fail(node < PRIV(self)->nodes->len);
  lens_node_set_name(g_ptr_array_index(PRIV(self)->nodes, node), name);
}

const char *
lens_canvas_get_node_name(LensCanvas *self, guint node)
{
  g_return_val_if_fail(node < PRIV(self)->nodes->len, NULL);
  return lens_node_get_name(g_ptr_array_index(PRIV(self)->nodes, node));
}

void
lens_canvas_select_node(LensCanvas *self, guint node, gboolean selected)
{
  g_return_if_fail(node < PRIV(self)->nodes->len);
  lens_node_set_selected(g_ptr_array_index(PRIV(self)->nodes, node), selected);
}

void
lens_canvas_place_node(LensCanvas *self, guint node, const FigureRect *rect)
{
  LensCanvasPrivate *priv = PRIV(self);

  g_return_if_fail(node < priv->rects->len);
  g_array_index(priv->rects, FigureRect, node) = *rect;
}

void
lens_canvas_get_node_rect(LensCanvas *self, guint node, FigureRect *rect)
{
  LensCanvasPrivate *priv = PRIV(self);

  g_return_if_fail(node < priv->rects->len);
  *rect = g_array_index(priv->rects, FigureRect, node);
}

GtkWidget *
lens_canvas_get_node_widget(LensCanvas *self, guint node)
{
  g_return_val_if_fail(node < PRIV(self)->nodes->len, NULL);
  return g_ptr_array_index(PRIV(self)->nodes, node);
}

int
lens_canvas_get_current_node(LensCanvas *self)
{
  return PRIV(self)->current;
}

void
lens_canvas_set_current_node(LensCanvas *self, int node)
{
  if (node >= 0 && node < (int)PRIV(self)->nodes->len)
    PRIV(self)->current = node;
}

gboolean
lens_canvas_focus_node(LensCanvas *self, int node)
{
  LensCanvasPrivate *priv = PRIV(self);

  if (node < 0 || node >= (int)priv->nodes->len)
    return FALSE;
  return gtk_widget_grab_focus(g_ptr_array_index(priv->nodes, node));
}

void
lens_canvas_invalidate(LensCanvas *self)
{
  gtk_widget_queue_allocate(GTK_WIDGET(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

double
lens_canvas_get_width(LensCanvas *self)
{
  return PRIV(self)->width;
}

double
lens_canvas_get_height(LensCanvas *self)
{
  return PRIV(self)->height;
}

const FigureStyle *
lens_canvas_get_style(LensCanvas *self)
{
  return &PRIV(self)->style;
}

/* ---- keyboard ---- */

static gboolean
node_reachable(LensCanvasPrivate *priv, guint node)
{
  const FigureRect *rect = &g_array_index(priv->rects, FigureRect, node);

  return rect->w > 0 && rect->h > 0;
}

/* The nearest node whose centre lies in the direction; sideways distance counts double, so that a
 * row is followed before another is entered. */
static int
nearest_node(LensCanvas *self, int node, GtkDirectionType direction)
{
  LensCanvasPrivate *priv = PRIV(self);
  const FigureRect *from = &g_array_index(priv->rects, FigureRect, node);
  double x = from->x + from->w / 2, y = from->y + from->h / 2, best = INFINITY;
  int found = -1;

  for (guint i = 0; i < priv->rects->len; i++) {
    const FigureRect *to = &g_array_index(priv->rects, FigureRect, i);
    double dx = to->x + to->w / 2 - x, dy = to->y + to->h / 2 - y, along, across, distance;

    if ((int)i == node || !node_reachable(priv, i))
      continue;
    along = direction == GTK_DIR_LEFT    ? -dx
            : direction == GTK_DIR_RIGHT ? dx
            : direction == GTK_DIR_UP    ? -dy
                                         : dy;
    across = direction == GTK_DIR_LEFT || direction == GTK_DIR_RIGHT ? dy : dx;
    distance = along + 2 * fabs(across);
    if (along > 0.5 && distance < best) {
      best = distance;
      found = i;
    }
  }
  return found;
}

static int
first_reachable(LensCanvasPrivate *priv)
{
  if (priv->current >= 0 && priv->current < (int)priv->nodes->len
      && node_reachable(priv, priv->current))
    return priv->current;
  for (guint i = 0; i < priv->nodes->len; i++) {
    if (node_reachable(priv, i))
      return i;
  }
  return -1;
}

static gboolean
lens_canvas_focus(GtkWidget *widget, GtkDirectionType direction)
{
  LensCanvas *self = LENS_CANVAS(widget);
  LensCanvasPrivate *priv = PRIV(self);
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(widget));
  guint node;

  if (!focus || !g_ptr_array_find(priv->nodes, focus, &node))
    return lens_canvas_focus_node(self, first_reachable(priv));
  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD)
    return FALSE;
  /* TRUE also when there is nothing that way: arrows stay inside. */
  lens_canvas_focus_node(self, LENS_CANVAS_GET_CLASS(self)->move(self, node, direction));
  return TRUE;
}

static gboolean
lens_canvas_grab_focus(GtkWidget *widget)
{
  LensCanvas *self = LENS_CANVAS(widget);

  return lens_canvas_focus_node(self, first_reachable(PRIV(self)));
}

static gboolean
activate_current(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensCanvas *self = LENS_CANVAS(widget);
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(widget));
  guint node;

  if (!focus || !g_ptr_array_find(PRIV(self)->nodes, focus, &node))
    return FALSE;
  if (!LENS_CANVAS_GET_CLASS(self)->node_activated)
    return FALSE;
  LENS_CANVAS_GET_CLASS(self)->node_activated(self, node);
  return TRUE;
}

static void
on_focus_leave(GtkEventControllerFocus *controller, LensCanvas *self)
{
  if (LENS_CANVAS_GET_CLASS(self)->node_focused)
    LENS_CANVAS_GET_CLASS(self)->node_focused(self, -1);
}

/* ---- pointer ---- */

static void
on_motion(GtkEventControllerMotion *controller, double x, double y, LensCanvas *self)
{
  if (LENS_CANVAS_GET_CLASS(self)->hover)
    LENS_CANVAS_GET_CLASS(self)->hover(self, x, y);
}

static void
on_leave(GtkEventControllerMotion *controller, LensCanvas *self)
{
  if (LENS_CANVAS_GET_CLASS(self)->hover)
    LENS_CANVAS_GET_CLASS(self)->hover(self, -1, -1);
}

static void
on_click(GtkGestureClick *gesture, int n_press, double x, double y, LensCanvas *self)
{
  guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));

  if (button == 0) /* touch, or a test */
    button = GDK_BUTTON_PRIMARY;
  PRIV(self)->modifiers
      = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture));
  if (LENS_CANVAS_GET_CLASS(self)->click)
    LENS_CANVAS_GET_CLASS(self)->click(self, x, y, button, n_press);
}

GdkModifierType
lens_canvas_get_modifiers(LensCanvas *self)
{
  return PRIV(self)->modifiers;
}

/* ---- size, drawing, style ---- */

static void
lens_canvas_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  LensCanvas *self = LENS_CANVAS(widget);
  LensCanvasPrivate *priv = PRIV(self);

  priv->width = width;
  priv->height = height;
  if (width > 0 && height > 0 && LENS_CANVAS_GET_CLASS(self)->layout)
    LENS_CANVAS_GET_CLASS(self)->layout(self, width, height);
  for (guint i = 0; i < priv->nodes->len; i++) {
    GtkWidget *node = g_ptr_array_index(priv->nodes, i);
    const FigureRect *rect = &g_array_index(priv->rects, FigureRect, i);
    gboolean reachable = node_reachable(priv, i);
    GtkAllocation area
        = { (int)floor(rect->x), (int)floor(rect->y), (int)ceil(rect->w), (int)ceil(rect->h) };

    gtk_widget_set_child_visible(node, reachable);
    if (reachable)
      gtk_widget_size_allocate(node, &area, -1);
  }
}

static void
lens_canvas_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  LensCanvas *self = LENS_CANVAS(widget);
  LensCanvasPrivate *priv = PRIV(self);
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);

  if (width > 0 && height > 0 && LENS_CANVAS_GET_CLASS(self)->draw) {
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));

    if (priv->printing)
      lens_canvas_paint(self, cr, priv->paths, FALSE);
    else
      LENS_CANVAS_GET_CLASS(self)->draw(self, cr, width, height);
    cairo_destroy(cr);
  }
  for (guint i = 0; i < priv->nodes->len; i++) {
    GtkWidget *node = g_ptr_array_index(priv->nodes, i);

    /* Nodes are transparent; only the one with the focus ring has anything to show. */
    if (gtk_widget_has_focus(node))
      gtk_widget_snapshot_child(widget, node, snapshot);
  }
}

double
lens_canvas_get_text_scale(LensCanvas *self)
{
  PangoContext *pango = gtk_widget_get_pango_context(GTK_WIDGET(self));
  const PangoFontDescription *font = pango_context_get_font_description(pango);
  double dots = pango_cairo_context_get_resolution(pango);
  double points = font && !pango_font_description_get_size_is_absolute(font)
                      ? (double)pango_font_description_get_size(font) / PANGO_SCALE
                      : 0;

  return (dots > 0 ? dots / 96 : 1) * MAX(points / 11, 1);
}

static void
update_style(LensCanvas *self)
{
  LensCanvasPrivate *priv = PRIV(self);
  AdwStyleManager *manager = adw_style_manager_get_default();
  PangoContext *pango = gtk_widget_get_pango_context(GTK_WIDGET(self));
  g_autofree char *family = lens_font_family(pango, pango_context_get_language(pango));

  figure_style_init(&priv->style, adw_style_manager_get_dark(manager));
  if (adw_style_manager_get_high_contrast(manager))
    figure_style_raise_contrast(&priv->style);
  if (family)
    g_strlcpy(priv->style.font, family, sizeof priv->style.font);
  priv->style.font_size *= lens_canvas_get_text_scale(self);
  priv->style.mirrored = gtk_widget_get_direction(GTK_WIDGET(self)) == GTK_TEXT_DIR_RTL;
  priv->style.pixels_per_unit = gtk_widget_get_scale_factor(GTK_WIDGET(self));
}

static void
refresh_style(LensCanvas *self)
{
  update_style(self);
  if (LENS_CANVAS_GET_CLASS(self)->style_changed)
    LENS_CANVAS_GET_CLASS(self)->style_changed(self);
  lens_canvas_invalidate(self);
}

/* ---- for a file ---- */

/* The layout depends on the style's font only, but subclasses keep colours in it. */
static void
lay_out_again(LensCanvas *self)
{
  LensCanvasPrivate *priv = PRIV(self);

  if (LENS_CANVAS_GET_CLASS(self)->style_changed)
    LENS_CANVAS_GET_CLASS(self)->style_changed(self);
  if (LENS_CANVAS_GET_CLASS(self)->layout)
    LENS_CANVAS_GET_CLASS(self)->layout(self, priv->width, priv->height);
}

void
lens_canvas_paint(LensCanvas *self, cairo_t *cr, gboolean text_as_paths, gboolean light)
{
  LensCanvasPrivate *priv = PRIV(self);
  FigureStyle shown = priv->style;
  gboolean other = light && shown.dark;

  if (!LENS_CANVAS_GET_CLASS(self)->draw || priv->width <= 0 || priv->height <= 0)
    return;
  if (other) {
    figure_style_init(&priv->style, FALSE);
    g_strlcpy(priv->style.font, shown.font, sizeof priv->style.font);
    priv->style.font_size = shown.font_size;
    priv->style.mirrored = shown.mirrored;
    lay_out_again(self);
  }
  priv->style.pixels_per_unit = 0;
  figure_text_as_paths(cr, text_as_paths);
  LENS_CANVAS_GET_CLASS(self)->draw(self, cr, priv->width, priv->height);
  priv->style = shown;
  if (other)
    lay_out_again(self);
}

void
lens_canvas_set_printing(LensCanvas *self, gboolean printing, gboolean text_as_paths)
{
  PRIV(self)->printing = printing;
  PRIV(self)->paths = text_as_paths;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_canvas_show_layout(cairo_t *cr, PangoLayout *layout)
{
  if (!figure_text_is_paths(cr)) {
    pango_cairo_show_layout(cr, layout);
    return;
  }
  pango_cairo_layout_path(cr, layout);
  cairo_fill(cr);
}

void
lens_canvas_align_layout(PangoLayout *layout, PangoAlignment alignment)
{
  PangoDirection base = pango_context_get_base_dir(pango_layout_get_context(layout));
  PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);

  if (alignment != PANGO_ALIGN_CENTER && line
      && pango_layout_line_get_resolved_direction(line) != base)
    alignment = alignment == PANGO_ALIGN_LEFT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
  pango_layout_set_alignment(layout, alignment);
}

static void
lens_canvas_direction_changed(GtkWidget *widget, GtkTextDirection before)
{
  GTK_WIDGET_CLASS(lens_canvas_parent_class)->direction_changed(widget, before);
  refresh_style(LENS_CANVAS(widget));
}

static void
lens_canvas_system_setting_changed(GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS(lens_canvas_parent_class)->system_setting_changed(widget, setting);
  if (setting == GTK_SYSTEM_SETTING_FONT_NAME || setting == GTK_SYSTEM_SETTING_FONT_CONFIG
      || setting == GTK_SYSTEM_SETTING_DPI)
    refresh_style(LENS_CANVAS(widget));
}

static void
lens_canvas_dispose(GObject *object)
{
  lens_canvas_set_n_nodes(LENS_CANVAS(object), 0);
  G_OBJECT_CLASS(lens_canvas_parent_class)->dispose(object);
}

static void
lens_canvas_finalize(GObject *object)
{
  LensCanvasPrivate *priv = PRIV(LENS_CANVAS(object));

  g_ptr_array_unref(priv->nodes);
  g_array_unref(priv->rects);
  G_OBJECT_CLASS(lens_canvas_parent_class)->finalize(object);
}

static void
lens_canvas_class_init(LensCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  static const guint keys[] = { GDK_KEY_space, GDK_KEY_Return, GDK_KEY_KP_Enter };

  object_class->dispose = lens_canvas_dispose;
  object_class->finalize = lens_canvas_finalize;
  widget_class->focus = lens_canvas_focus;
  widget_class->grab_focus = lens_canvas_grab_focus;
  widget_class->size_allocate = lens_canvas_size_allocate;
  widget_class->snapshot = lens_canvas_snapshot;
  widget_class->system_setting_changed = lens_canvas_system_setting_changed;
  widget_class->direction_changed = lens_canvas_direction_changed;
  klass->move = nearest_node;
  klass->node_role = GTK_ACCESSIBLE_ROLE_OPTION;
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    gtk_widget_class_add_binding(widget_class, keys[i], 0, activate_current, NULL);
  gtk_widget_class_set_css_name(widget_class, "lenscanvas");
}

static void
lens_canvas_init(LensCanvas *self)
{
  LensCanvasPrivate *priv = PRIV(self);
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkEventController *focus = gtk_event_controller_focus_new();
  GtkGesture *click = gtk_gesture_click_new();

  priv->nodes = g_ptr_array_new();
  priv->rects = g_array_new(FALSE, TRUE, sizeof(FigureRect));

  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "enter", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(focus, "leave", G_CALLBACK(on_focus_leave), self);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), 0);
  g_signal_connect(click, "pressed", G_CALLBACK(on_click), self);
  gtk_widget_add_controller(GTK_WIDGET(self), motion);
  gtk_widget_add_controller(GTK_WIDGET(self), focus);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(click));
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);

  update_style(self);
  g_signal_connect(self, "notify::scale-factor", G_CALLBACK(refresh_style), NULL);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                          G_CALLBACK(refresh_style), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(adw_style_manager_get_default(), "notify::high-contrast",
                          G_CALLBACK(refresh_style), self, G_CONNECT_SWAPPED);
}
