/* The name of a list's or table's row for a screen reader: GTK names rows only from 4.12 on. */
#pragma once

#include <gtk/gtk.h>

/* "Scene 1, 12 questions"; `second` may be "". `child`: anything in the row, which must be in its list
 * already. */
void lens_row_name(GtkWidget *child, const char *first, const char *second);
/* ... of the texts of two labels; the second may be hidden. */
void lens_row_name_labels(GtkWidget *child, GtkLabel *first, GtkLabel *second);
