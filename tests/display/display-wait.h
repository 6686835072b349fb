/* Waiting for the main loop, always with a bound. */
#pragma once

#include <gtk/gtk.h>

typedef gboolean (*DisplayCondition)(gpointer data);

/* Fails the test after 30 seconds. */
void display_wait(DisplayCondition condition, gpointer data);
/* Until the widget has a size and one frame was drawn since. */
void display_settle(GtkWidget *widget);
/* A window of this size around the widget, shown. */
GtkWidget *display_show(GtkWidget *child, int width, int height);

/* The nth widget of a type below and with `root`, depth first; NULL: there are fewer. */
GtkWidget *display_find(GtkWidget *root, GType type, int nth);

/* The open window of a type; there must be one. */
GtkWidget *display_toplevel(GType type);

/* What the pointer does, through the widget's own event controllers. */
void display_hover(GtkWidget *widget, double x, double y);
void display_leave(GtkWidget *widget);
void display_click(GtkWidget *widget, double x, double y);
