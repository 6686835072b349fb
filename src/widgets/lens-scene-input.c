#include "lens-scene-view-private.h"

#include <math.h>

static gboolean
on_scroll(GtkEventControllerScroll *scroll, double dx, double dy, LensSceneView *self)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
  double width = lens_canvas_get_width(LENS_CANVAS(self));
  double height = lens_canvas_get_height(LENS_CANVAS(self));

  if (state & GDK_CONTROL_MASK) {
    GdkEvent *event = gtk_event_controller_get_current_event(GTK_EVENT_CONTROLLER(scroll));
    double x = width / 2, y = height / 2;

    if (event && gdk_event_get_position(event, &x, &y)) {
      GtkNative *native = gtk_widget_get_native(GTK_WIDGET(self));
      double native_x, native_y;

      gtk_native_get_surface_transform(native, &native_x, &native_y);
      gtk_widget_translate_coordinates(GTK_WIDGET(native), GTK_WIDGET(self), x - native_x,
                                       y - native_y, &x, &y);
    }
    lens_scene_view_zoom_at(self, self->zoom * pow(1.15, -dy), x, y);
    return TRUE;
  }
  if (self->zoom <= 1)
    return FALSE;
  self->offset_x += 40 * dx;
  self->offset_y += 40 * dy;
  lens_canvas_invalidate(LENS_CANVAS(self));
  return TRUE;
}

static void
place_box(LensSceneView *self, int box, const float rect[4], gboolean live)
{
  g_signal_emit_by_name(self, "place-box", box, rect, live);
}

static void
on_drag_begin(GtkGestureDrag *drag, double x, double y, LensSceneView *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag));
  int box;
  const FigureRect *pinned = lens_scene_view_pinned_rect(self, &box);

  self->draft = FALSE;
  self->pan_x = self->offset_x;
  self->pan_y = self->offset_y;
  self->drag = (LensSceneDrag){ .mode = LENS_DRAG_NONE, .box = -1 };
  if (!self->figure)
    return;
  if (state & GDK_CONTROL_MASK
      || gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(drag)) == GDK_BUTTON_MIDDLE)
    self->drag.mode = LENS_DRAG_PAN;
  else
    lens_scene_drag_begin(&self->drag, &self->figure->image_rect, pinned, box, x + self->offset_x,
                          y + self->offset_y);
}

static void
on_drag_update(GtkGestureDrag *drag, double dx, double dy, LensSceneView *self)
{
  if (self->drag.mode == LENS_DRAG_PAN) {
    self->offset_x = self->pan_x - dx;
    self->offset_y = self->pan_y - dy;
    lens_canvas_invalidate(LENS_CANVAS(self));
    return;
  }
  self->draft = lens_scene_drag_update(&self->drag, dx, dy);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (self->draft && self->drag.mode != LENS_DRAG_NEW)
    place_box(self, self->drag.box, self->drag.rect, TRUE);
}

static void
on_drag_end(GtkGestureDrag *drag, double dx, double dy, LensSceneView *self)
{
  LensDragMode mode = self->drag.mode;
  double x, y;

  self->drag.mode = LENS_DRAG_NONE;
  if (mode == LENS_DRAG_PAN)
    return;
  if (self->draft)
    place_box(self, mode == LENS_DRAG_NEW ? -1 : self->drag.box, self->drag.rect, FALSE);
  else if (!self->drag.moved && gtk_gesture_drag_get_start_point(drag, &x, &y))
    lens_scene_view_pin_at(self, x, y);
  self->drawn = self->draft && mode == LENS_DRAG_NEW;
  if (self->draft && !self->drawn)
    lens_canvas_focus_node(LENS_CANVAS(self), self->drag.box);
  /* A new box is drawn as a draft until it is there. */
  self->draft = self->draft && mode == LENS_DRAG_NEW;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- boxes by keyboard ---- */

static gboolean
nudge_box(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensSceneView *self = LENS_SCENE_VIEW(widget);
  float rect[4];
  double dx, dy;
  gboolean resize;
  int box;

  g_variant_get(args, "(ddb)", &dx, &dy, &resize);
  if (!lens_scene_view_pinned_rect(self, &box))
    return FALSE;
  lens_region_get_box(lens_scene_get_region(self->scene, box), rect);
  for (int k = 0; k < 4; k++)
    rect[k] /= k & 1 ? lens_scene_get_height(self->scene) : lens_scene_get_width(self->scene);
  lens_scene_drag_nudge(rect, dx, dy, resize);
  place_box(self, box, rect, FALSE);
  return TRUE;
}

static gboolean
add_box(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensSceneView *self = LENS_SCENE_VIEW(widget);
  static const float middle[] = { 0.375f, 0.375f, 0.625f, 0.625f };

  if (!self->scene)
    return FALSE;
  place_box(self, -1, middle, FALSE);
  return TRUE;
}

static void
add_box_bindings(GtkWidgetClass *widget_class)
{
  static const struct {
    guint key, keypad;
    double dx, dy;
  } arrows[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, -0.02, 0 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 0.02, 0 },
    { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -0.02 },
    { GDK_KEY_Down, GDK_KEY_KP_Down, 0, 0.02 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(arrows); i++) {
    gtk_widget_class_add_binding(widget_class, arrows[i].key, GDK_CONTROL_MASK, nudge_box, "(ddb)",
                                 arrows[i].dx, arrows[i].dy, FALSE);
    gtk_widget_class_add_binding(widget_class, arrows[i].key, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                 nudge_box, "(ddb)", arrows[i].dx, arrows[i].dy, TRUE);
    gtk_widget_class_add_binding(widget_class, arrows[i].keypad, GDK_CONTROL_MASK, nudge_box,
                                 "(ddb)", arrows[i].dx, arrows[i].dy, FALSE);
  }
  gtk_widget_class_add_binding(widget_class, GDK_KEY_Insert, 0, add_box, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_KP_Insert, 0, add_box, NULL);
}

static gboolean
zoom_by(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensSceneView *self = LENS_SCENE_VIEW(widget);
  double factor = g_variant_get_double(args);

  lens_scene_view_zoom_at(self, factor > 0 ? self->zoom * factor : 1,
                          lens_canvas_get_width(LENS_CANVAS(self)) / 2,
                          lens_canvas_get_height(LENS_CANVAS(self)) / 2);
  return TRUE;
}

void
lens_scene_input_add_bindings(GtkWidgetClass *widget_class)
{
  add_box_bindings(widget_class);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_plus, 0, zoom_by, "d", 1.25);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_KP_Add, 0, zoom_by, "d", 1.25);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_minus, 0, zoom_by, "d", 0.8);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_KP_Subtract, 0, zoom_by, "d", 0.8);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_0, 0, zoom_by, "d", 0.0);
}

static void
add_drag(LensSceneView *self, guint button)
{
  GtkGesture *drag = gtk_gesture_drag_new();

  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), button);
  g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drag));
}

void
lens_scene_input_init(LensSceneView *self)
{
  GtkEventController *scroll
      = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  add_drag(self, GDK_BUTTON_MIDDLE);
  gtk_widget_add_controller(GTK_WIDGET(self), scroll);
  add_drag(self, GDK_BUTTON_PRIMARY);
}
