#include "lens-zoom-buttons.h"

#include <glib/gi18n.h>

#define STEP 1.4

struct _LensZoomButtons {
  GtkWidget parent_instance;

  LensSceneView *view; /* borrowed, watched */
  GtkWidget *out, *in;
};

G_DEFINE_FINAL_TYPE(LensZoomButtons, lens_zoom_buttons, GTK_TYPE_WIDGET)

GtkWidget *
lens_zoom_buttons_new(void)
{
  return g_object_new(LENS_TYPE_ZOOM_BUTTONS, NULL);
}

/* Around the middle. */
static void
zoom(LensZoomButtons *self, double factor)
{
  LensCanvas *canvas = LENS_CANVAS(self->view);

  lens_scene_view_zoom_at(self->view, factor * lens_scene_view_get_zoom(self->view),
                          lens_canvas_get_width(canvas) / 2, lens_canvas_get_height(canvas) / 2);
}

static void
zoom_in(LensZoomButtons *self)
{
  zoom(self, STEP);
}

static void
zoom_out(LensZoomButtons *self)
{
  zoom(self, 1 / STEP);
}

static void
update(LensZoomButtons *self)
{
  gtk_widget_set_sensitive(self->out, lens_scene_view_get_zoom(self->view) > 1);
}

void
lens_zoom_buttons_set_view(LensZoomButtons *self, LensSceneView *view)
{
  g_return_if_fail(!self->view);
  g_set_weak_pointer(&self->view, view);
  g_signal_connect_object(view, "notify::zoom", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
}

static GtkWidget *
add_button(LensZoomButtons *self, const char *icon, const char *tooltip, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name(icon);

  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_parent(button, GTK_WIDGET(self));
  g_signal_connect_object(button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

static void
lens_zoom_buttons_dispose(GObject *object)
{
  LensZoomButtons *self = LENS_ZOOM_BUTTONS(object);

  g_clear_weak_pointer(&self->view);
  g_clear_pointer(&self->out, gtk_widget_unparent);
  g_clear_pointer(&self->in, gtk_widget_unparent);
  G_OBJECT_CLASS(lens_zoom_buttons_parent_class)->dispose(object);
}

static void
lens_zoom_buttons_class_init(LensZoomButtonsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_zoom_buttons_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BOX_LAYOUT);
}

static void
lens_zoom_buttons_init(LensZoomButtons *self)
{
  self->out = add_button(self, "zoom-out-symbolic", _("Zoom out (−)"), G_CALLBACK(zoom_out));
  self->in = add_button(self, "zoom-in-symbolic", _("Zoom in (+)"), G_CALLBACK(zoom_in));
}
