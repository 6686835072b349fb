/* The name of a list's row for a screen reader: GTK names rows only from 4.12 on. */
#pragma once

#include <gtk/gtk.h>

/* `child`: anything in the row, which must be in its list already. */
void lens_row_name(GtkWidget *child, const char *name);
/* The name is the texts of two labels, one after the other; the second may be hidden. */
void lens_row_name_labels(GtkWidget *child, GtkLabel *first, GtkLabel *second);
