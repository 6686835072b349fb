#include "lens-cut-label.h"

static gboolean
on_query_tooltip(GtkLabel *label)
{
  if (!pango_layout_is_ellipsized(gtk_label_get_layout(label)))
    g_signal_stop_emission_by_name(label, "query-tooltip"); /* GTK's own handler would show it */
  return FALSE;
}

void
lens_cut_label_set_text(GtkLabel *label, const char *text)
{
  gtk_label_set_text(label, text);
  gtk_widget_set_tooltip_text(GTK_WIDGET(label), *text ? text : NULL);
  if (!g_signal_handler_find(label, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_query_tooltip, NULL))
    g_signal_connect(label, "query-tooltip", G_CALLBACK(on_query_tooltip), NULL);
}
