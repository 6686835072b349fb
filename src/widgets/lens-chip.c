#include "lens-chip.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "figure.h"

struct _LensChip {
  GtkWidget parent_instance;

  GtkWidget *label;
  char *text;
  double weight;
  gboolean masked;
};

G_DEFINE_FINAL_TYPE(LensChip, lens_chip, GTK_TYPE_WIDGET)

static void
update_name(LensChip *self)
{
  g_autofree char *name = NULL;

  if (self->masked)
    name = g_strdup_printf(_("Word %s, masked"), self->text);
  else if (self->weight >= 0)
    name = g_strdup_printf(_("Word %s, relative attention %.2f"), self->text, self->weight);
  else
    name = g_strdup_printf(_("Word %s"), self->text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Made when it is wanted: one that is set asks the display where the pointer is, for every word of
 * every question. */
static gboolean
on_query_tooltip(LensChip *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text(tooltip, self->masked ? _("Masked. Delete or a right click shows it again.")
                                             : _("Click to pin. Double click or F2 edits it, "
                                                 "Delete or a right click masks it."));
  return TRUE;
}

GtkWidget *
lens_chip_new(const char *text)
{
  LensChip *self = g_object_new(LENS_TYPE_CHIP, NULL);

  self->text = g_strdup(text);
  gtk_label_set_text(GTK_LABEL(self->label), text);
  if (figure_label_is_special(text))
    gtk_widget_add_css_class(GTK_WIDGET(self), "special");
  update_name(self);
  return GTK_WIDGET(self);
}

const char *
lens_chip_get_text(LensChip *self)
{
  return self->text;
}

void
lens_chip_set_weight(LensChip *self, double weight)
{
  if (self->weight == weight)
    return;
  self->weight = weight;
  update_name(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

double
lens_chip_get_weight(LensChip *self)
{
  return self->weight;
}

static void
set_class(LensChip *self, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class(GTK_WIDGET(self), name);
  else
    gtk_widget_remove_css_class(GTK_WIDGET(self), name);
}

void
lens_chip_set_state(LensChip *self, gboolean active, gboolean pinned, gboolean masked)
{
  set_class(self, "active", active);
  set_class(self, "pinned", pinned);
  set_class(self, "masked", masked);
  gtk_accessible_update_state(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_STATE_SELECTED, pinned, -1);
  if (self->masked == masked)
    return;
  self->masked = masked;
  update_name(self);
}

static void
lens_chip_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  LensChip *self = LENS_CHIP(widget);
  float width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);

  if (self->weight > 0.02) {
    gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
    GskRoundedRect clip;
    FigureStyle style;
    FigureColor color;

    figure_style_init(&style, dark);
    color = style.word;
    gsk_rounded_rect_init_from_rect(&clip, &GRAPHENE_RECT_INIT(-8, -3, width + 16, height + 6), 9);
    gtk_snapshot_push_rounded_clip(snapshot, &clip);
    gtk_snapshot_append_color(snapshot, &(GdkRGBA){ color.r, color.g, color.b, 0.4 * self->weight },
                              &clip.bounds);
    gtk_snapshot_pop(snapshot);
  }
  gtk_widget_snapshot_child(widget, self->label, snapshot);
}

static void
lens_chip_dispose(GObject *object)
{
  LensChip *self = LENS_CHIP(object);

  g_clear_pointer(&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS(lens_chip_parent_class)->dispose(object);
}

static void
lens_chip_finalize(GObject *object)
{
  g_free(LENS_CHIP(object)->text);
  G_OBJECT_CLASS(lens_chip_parent_class)->finalize(object);
}

static void
lens_chip_class_init(LensChipClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_chip_dispose;
  G_OBJECT_CLASS(klass)->finalize = lens_chip_finalize;
  widget_class->snapshot = lens_chip_snapshot;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "lenschip");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_OPTION);
}

static void
lens_chip_init(LensChip *self)
{
  self->weight = -1;
  self->label = gtk_label_new(NULL);
  gtk_label_set_ellipsize(GTK_LABEL(self->label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(self->label), 24);
  gtk_widget_set_parent(self->label, GTK_WIDGET(self));
  gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_query_tooltip), NULL);
}
