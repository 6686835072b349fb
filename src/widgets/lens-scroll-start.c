#include "lens-scroll-start.h"

/* How far the person has scrolled away from the start, kept on the adjustment. */
static const char KEY[] = "lens-scroll-start";

static double
end_of(GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_upper(adjustment) - gtk_adjustment_get_page_size(adjustment);
}

static gboolean
on_frame(GtkWidget *scrolled, GdkFrameClock *clock, gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment(GTK_SCROLLED_WINDOW(scrolled));
  const int *away = g_object_get_data(G_OBJECT(adjustment), KEY);

  gtk_adjustment_set_value(adjustment, end_of(adjustment) - (away ? *away : 0));
  return G_SOURCE_REMOVE;
}

/* They change while sizes are given out, when nothing may move any more. */
static void
on_bounds(GtkAdjustment *adjustment, GtkWidget *scrolled)
{
  if (gtk_widget_get_direction(scrolled) == GTK_TEXT_DIR_RTL)
    gtk_widget_add_tick_callback(scrolled, on_frame, NULL, NULL);
}

static void
on_value(GtkAdjustment *adjustment, GtkWidget *scrolled)
{
  int away = (int)(end_of(adjustment) - gtk_adjustment_get_value(adjustment));

  g_object_set_data_full(G_OBJECT(adjustment), KEY, g_memdup2(&away, sizeof away), g_free);
}

void
lens_scroll_start(GtkScrolledWindow *scrolled)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment(scrolled);

  g_signal_connect_object(adjustment, "changed", G_CALLBACK(on_bounds), scrolled, 0);
  g_signal_connect_object(adjustment, "value-changed", G_CALLBACK(on_value), scrolled, 0);
}
