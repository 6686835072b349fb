#include "lens-attention-reading.h"

#include <glib/gi18n.h>

#define SELECTION "lens-selection"
#define MOST_HEADS 64

/* ---- the menu ---- */

static const struct {
  LensReading reading;
  const char *name;
} readings[] = {
  { LENS_READING_HEAD, N_("One head") },
  { LENS_READING_SEVERAL, N_("Several heads") },
  { LENS_READING_MEAN, N_("Mean of heads") },
  { LENS_READING_MAX, N_("Largest of heads") },
  { LENS_READING_ROLLOUT, N_("Rollout") },
  { LENS_READING_GRADIENT, N_("Gradient") },
  { LENS_READING_GRADIENT_ATTENTION, N_("Gradient × attention") },
  { LENS_READING_RELEVANCY, N_("Relevancy") },
};
G_STATIC_ASSERT(G_N_ELEMENTS(readings) == LENS_N_READINGS);

static void
on_selected(GtkDropDown *drop, GParamSpec *pspec, gpointer data)
{
  LensSelection *selection = g_object_get_data(G_OBJECT(drop), SELECTION);
  guint place = gtk_drop_down_get_selected(drop);

  if (place < G_N_ELEMENTS(readings))
    lens_selection_set_reading(selection, readings[place].reading);
}

static void
show_reading(GtkDropDown *drop)
{
  LensSelection *selection = g_object_get_data(G_OBJECT(drop), SELECTION);

  for (guint i = 0; i < G_N_ELEMENTS(readings); i++) {
    if (readings[i].reading == lens_selection_get_reading(selection))
      gtk_drop_down_set_selected(drop, i);
  }
}

void
lens_attention_choose_reading(GtkDropDown *drop, LensSelection *selection)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

  for (guint i = 0; i < G_N_ELEMENTS(readings); i++)
    gtk_string_list_append(names, _(readings[i].name));
  gtk_drop_down_set_model(drop, G_LIST_MODEL(names));
  g_object_set_data_full(G_OBJECT(drop), SELECTION, g_object_ref(selection), g_object_unref);
  show_reading(drop);
  g_signal_connect(drop, "notify::selected", G_CALLBACK(on_selected), NULL);
  g_signal_connect_object(selection, "view-changed", G_CALLBACK(show_reading), drop,
                          G_CONNECT_SWAPPED);
}

/* ---- several heads ---- */

struct _LensHeadsBar {
  GtkWidget parent_instance;

  LensSelection *selection;
  GtkWidget *box;
  GPtrArray *buttons; /* of GtkToggleButton, borrowed */
  gboolean syncing;
};

G_DEFINE_FINAL_TYPE(LensHeadsBar, lens_heads_bar, GTK_TYPE_WIDGET)

static void
show_chosen(LensHeadsBar *self)
{
  guint64 chosen = lens_selection_get_chosen(self->selection);

  gtk_widget_set_visible(GTK_WIDGET(self),
                         lens_selection_get_reading(self->selection) == LENS_READING_SEVERAL);
  self->syncing = TRUE;
  for (guint i = 0; i < self->buttons->len; i++)
    gtk_toggle_button_set_active(g_ptr_array_index(self->buttons, i), chosen >> i & 1);
  self->syncing = FALSE;
}

static void
on_toggled(GtkToggleButton *button, LensHeadsBar *self)
{
  guint head;

  if (self->syncing || !g_ptr_array_find(self->buttons, button, &head))
    return;
  lens_selection_toggle_chosen(self->selection, head);
  show_chosen(self); /* the last one stays */
}

void
lens_heads_bar_set_selection(LensHeadsBar *self, LensSelection *selection)
{
  g_return_if_fail(!self->selection);
  self->selection = g_object_ref(selection);
  g_signal_connect_object(selection, "view-changed", G_CALLBACK(show_chosen), self,
                          G_CONNECT_SWAPPED);
  show_chosen(self);
}

void
lens_heads_bar_set_n_heads(LensHeadsBar *self, int n)
{
  n = MIN(n, MOST_HEADS);
  while ((int)self->buttons->len > n)
    gtk_box_remove(GTK_BOX(self->box),
                   g_ptr_array_steal_index(self->buttons, self->buttons->len - 1));
  while ((int)self->buttons->len < n) {
    g_autofree char *text = g_strdup_printf("%u", self->buttons->len + 1);
    g_autofree char *name = g_strdup_printf(_("Head %u"), self->buttons->len + 1);
    GtkWidget *button = gtk_toggle_button_new_with_label(text);

    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_widget_set_hexpand(button, TRUE);
    g_ptr_array_add(self->buttons, button);
    g_signal_connect(button, "toggled", G_CALLBACK(on_toggled), self);
    gtk_box_append(GTK_BOX(self->box), button);
  }
  if (self->selection)
    show_chosen(self);
}

static void
lens_heads_bar_dispose(GObject *object)
{
  LensHeadsBar *self = LENS_HEADS_BAR(object);

  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->buttons, g_ptr_array_unref);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(lens_heads_bar_parent_class)->dispose(object);
}

static void
lens_heads_bar_class_init(LensHeadsBarClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_heads_bar_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lens_heads_bar_init(LensHeadsBar *self)
{
  self->buttons = g_ptr_array_new();
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(self->box, "linked");
  gtk_widget_add_css_class(self->box, "heads-bar");
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
