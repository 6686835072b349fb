/* The columns of the Data page's table and the rows of its list of data sets. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void lens_data_table_set_up(GtkColumnView *table);
/* Statements about pairs have no types: their column goes. */
void lens_data_table_set_kind(GtkColumnView *table, const char *kind);
void lens_data_table_set_up_sets(GtkListView *list);

G_END_DECLS
