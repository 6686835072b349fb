/* A table's rows, shown bit by bit: GtkColumnView makes a widget for each cell of some 200 rows, which
 * with twenty columns holds the main loop for longer than anything else. While the table is seen, rows
 * come a few in each turn; while it is not, they go so. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Rows that are there at once: a screen of them. */
#define LENS_SLOW_ROWS_FIRST 24
/* Rows that come, or go, in one turn. */
#define LENS_SLOW_ROWS_STEP 8

#define LENS_TYPE_SLOW_ROWS (lens_slow_rows_get_type())
G_DECLARE_FINAL_TYPE(LensSlowRows, lens_slow_rows, LENS, SLOW_ROWS, GObject)

/* For the rows of `all`, referenced. Signal "whole": every row is there now. */
LensSlowRows *lens_slow_rows_new(GListModel *all);
/* What the table is to show; borrowed. */
GListModel *lens_slow_rows_get_shown(LensSlowRows *self);
/* Whether the table is seen. */
void lens_slow_rows_set_seen(LensSlowRows *self, gboolean seen);
/* `all` is about to change as a whole: a screen of it is enough for now. */
void lens_slow_rows_begin_again(LensSlowRows *self);

G_END_DECLS
