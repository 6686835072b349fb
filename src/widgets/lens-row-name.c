#include "lens-row-name.h"

static gboolean
is_row(GtkWidget *widget)
{
  GtkAccessibleRole role = gtk_accessible_get_accessible_role(GTK_ACCESSIBLE(widget));

  return role == GTK_ACCESSIBLE_ROLE_LIST_ITEM || role == GTK_ACCESSIBLE_ROLE_ROW;
}

void
lens_row_name(GtkWidget *child, const char *first, const char *second)
{
  g_autofree char *name = g_strdup_printf(*second ? "%s, %s" : "%s", first, second);
  GtkWidget *row = gtk_widget_get_parent(child);

  while (row && !is_row(row))
    row = gtk_widget_get_parent(row);
  if (row)
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
lens_row_name_labels(GtkWidget *child, GtkLabel *first, GtkLabel *second)
{
  lens_row_name(child, gtk_label_get_text(first),
                gtk_widget_get_visible(GTK_WIDGET(second)) ? gtk_label_get_text(second) : "");
}
