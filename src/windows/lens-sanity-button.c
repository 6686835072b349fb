#include "lens-sanity-button.h"

#include <glib/gi18n.h>

struct _LensSanityButton {
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkBox *rows; /* in its popover */
};

G_DEFINE_FINAL_TYPE(LensSanityButton, lens_sanity_button, GTK_TYPE_WIDGET)

static GtkWidget *
make_label(const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new(text);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 40);
  if (css_class)
    gtk_widget_add_css_class(label, css_class);
  return label;
}

static GtkWidget *
make_mark(gboolean odd, gboolean known)
{
  GtkWidget *image = gtk_image_new_from_icon_name(odd     ? "dialog-warning-symbolic"
                                                  : known ? "object-select-symbolic"
                                                          : "dialog-question-symbolic");

  gtk_widget_set_valign(image, GTK_ALIGN_START);
  gtk_widget_add_css_class(image, odd ? "warning" : known ? "success" : "dim-label");
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 odd     ? _("Odd")
                                 : known ? _("As expected")
                                         : _("Not known"),
                                 -1);
  return image;
}

/* A mark, the title over the value, and what to do when it is odd. */
static GtkWidget *
make_row(const LensSanity *sanity, LensSanityFact fact)
{
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *text = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
  g_autofree char *value = lens_sanity_value(sanity, fact);
  g_autofree char *advice = lens_sanity_advice(sanity, fact);

  gtk_box_append(GTK_BOX(row),
                 make_mark(lens_sanity_is_odd(sanity, fact), lens_sanity_is_known(sanity, fact)));
  gtk_box_append(GTK_BOX(row), text);
  gtk_box_append(GTK_BOX(text), make_label(lens_sanity_title(fact), "caption-heading"));
  gtk_box_append(GTK_BOX(text), make_label(value, "numeric"));
  if (advice)
    gtk_box_append(GTK_BOX(text), make_label(advice, "caption"));
  return row;
}

static int
fill(LensSanityButton *self, const LensSanity *sanity)
{
  GtkWidget *child;
  int odd = 0;

  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->rows))))
    gtk_box_remove(self->rows, child);
  gtk_box_append(self->rows, make_label(_("What the model gets"), "heading"));
  for (int fact = 0; fact < LENS_N_SANITY; fact++) {
    gtk_box_append(self->rows, make_row(sanity, (LensSanityFact)fact));
    odd += lens_sanity_is_odd(sanity, (LensSanityFact)fact);
  }
  return odd;
}

void
lens_sanity_button_set_scene(LensSanityButton *self, LensScene *scene)
{
  const LensSanity *sanity = scene ? lens_scene_get_sanity(scene) : NULL;
  g_autofree char *text = NULL;
  int odd;

  gtk_widget_set_visible(GTK_WIDGET(self), sanity != NULL);
  if (!sanity)
    return;
  odd = fill(self, sanity);
  text = odd ? g_strdup_printf(ngettext("Features: %d thing is odd", "Features: %d things are odd",
                                        (gulong)odd),
                               odd)
             : g_strdup(_("Features as expected"));
  gtk_menu_button_set_icon_name(self->button,
                                odd ? "dialog-warning-symbolic" : "dialog-information-symbolic");
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->button), text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                 -1);
}

static void
lens_sanity_button_dispose(GObject *object)
{
  LensSanityButton *self = LENS_SANITY_BUTTON(object);

  if (self->button)
    gtk_widget_unparent(GTK_WIDGET(self->button));
  self->button = NULL;
  G_OBJECT_CLASS(lens_sanity_button_parent_class)->dispose(object);
}

static void
lens_sanity_button_class_init(LensSanityButtonClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_sanity_button_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lens_sanity_button_init(LensSanityButton *self)
{
  GtkWidget *popover = gtk_popover_new();
  GtkWidget *rows = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);

  self->button = GTK_MENU_BUTTON(gtk_menu_button_new());
  self->rows = GTK_BOX(rows);
  gtk_widget_set_margin_start(rows, 6);
  gtk_widget_set_margin_end(rows, 6);
  gtk_widget_set_margin_top(rows, 6);
  gtk_widget_set_margin_bottom(rows, 6);
  gtk_popover_set_child(GTK_POPOVER(popover), rows);
  gtk_menu_button_set_popover(self->button, popover);
  gtk_menu_button_set_has_frame(self->button, FALSE);
  gtk_widget_set_parent(GTK_WIDGET(self->button), GTK_WIDGET(self));
}
