#include "display-wait.h"

#define BOUND (30 * G_USEC_PER_SEC)
#define LONGEST_TURN (2 * G_USEC_PER_SEC) /* what takes longer was this process held from outside */

void
display_wait(DisplayCondition condition, gpointer data)
{
  gint64 before = g_get_monotonic_time(), waited = 0;

  while (!condition(data)) {
    gint64 now = g_get_monotonic_time();

    waited += MIN(now - before, LONGEST_TURN);
    before = now;
    if (waited > BOUND)
      g_error("waited for 30 seconds in vain");
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
  }
}

static gboolean
has_size(gpointer widget)
{
  return gtk_widget_get_width(widget) > 0 && gtk_widget_get_height(widget) > 0
         && gtk_widget_get_mapped(widget);
}

static gboolean
on_tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  return ++*(int *)data < 3;
}

static gboolean
ticked(gpointer data)
{
  return *(int *)data >= 3;
}

void
display_settle(GtkWidget *widget)
{
  int ticks = 0;

  display_wait(has_size, widget);
  gtk_widget_add_tick_callback(widget, on_tick, &ticks, NULL);
  display_wait(ticked, &ticks);
}

GtkWidget *
display_show(GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new();

  gtk_window_set_default_size(GTK_WINDOW(window), width, height);
  gtk_window_set_decorated(GTK_WINDOW(window), FALSE);
  gtk_window_set_child(GTK_WINDOW(window), child);
  gtk_window_present(GTK_WINDOW(window));
  display_settle(child);
  return window;
}

static GtkWidget *
find_left(GtkWidget *root, GType type, int *left)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE(root, type) && (*left)-- == 0 ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(root); !found && child;
       child = gtk_widget_get_next_sibling(child))
    found = find_left(child, type, left);
  return found;
}

GtkWidget *
display_find(GtkWidget *root, GType type, int nth)
{
  return find_left(root, type, &nth);
}

static gpointer
find_controller(GtkWidget *widget, GType type)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers(widget);

  for (guint i = 0; i < g_list_model_get_n_items(controllers); i++) {
    g_autoptr(GObject) controller = g_list_model_get_item(controllers, i);

    if (G_TYPE_CHECK_INSTANCE_TYPE(controller, type))
      return controller; /* the widget keeps it alive */
  }
  g_error("%s has no %s", G_OBJECT_TYPE_NAME(widget), g_type_name(type));
}

void
display_hover(GtkWidget *widget, double x, double y)
{
  g_signal_emit_by_name(find_controller(widget, GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", x, y);
}

void
display_leave(GtkWidget *widget)
{
  g_signal_emit_by_name(find_controller(widget, GTK_TYPE_EVENT_CONTROLLER_MOTION), "leave");
}

void
display_click(GtkWidget *widget, double x, double y)
{
  g_signal_emit_by_name(find_controller(widget, GTK_TYPE_GESTURE_CLICK), "pressed", 1, x, y);
}

GtkWidget *
display_toplevel(GType type)
{
  GListModel *windows = gtk_window_get_toplevels();

  for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
    g_autoptr(GtkWidget) window = g_list_model_get_item(windows, i);

    if (g_type_is_a(G_OBJECT_TYPE(window), type))
      return window;
  }
  g_assert_not_reached();
}
