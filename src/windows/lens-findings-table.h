/* The numbers of one measure as a table that sorts by any column. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds the columns; rows are LensFinding. */
void lens_findings_table_set_up(GtkColumnView *table);
/* Shows these numbers, in the order that was picked. `numbers` NULL: none. */
void lens_findings_table_show(GtkColumnView *table, GListModel *numbers);
/* Sorts by column "map", "head", "value", "low", "chance", "p", "examples". */
void lens_findings_table_sort(GtkColumnView *table, const char *column, GtkSortType order);

G_END_DECLS
