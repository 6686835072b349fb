/* What stands in the table of heads, and the same as CSV. */
#pragma once

#include <gtk/gtk.h>

#include "lens-head-item.h"
#include "lens-run.h"

G_BEGIN_DECLS

/* The factories of the columns: the map's title, the head's number, the word or box that gets most
 * (*run says what it is called; the pointer must stay valid), and a statistic. */
GtkListItemFactory *lens_numbers_map_cells(void);
GtkListItemFactory *lens_numbers_head_cells(void);
GtkListItemFactory *lens_numbers_top_cells(LensRun *const *run);
GtkListItemFactory *lens_numbers_stat_cells(LensStat stat);

/* The head of a row widget of the table, or of the row under a point of it; borrowed, NULL: none. */
LensHeadItem *lens_numbers_item_of_row(GtkWidget *row);
LensHeadItem *lens_numbers_item_at(GtkWidget *table, double x, double y);

/* `rows`: of LensHeadItem; `other`: what stands beside `run`, NULL for nothing. Free with g_free. */
char *lens_numbers_csv(GListModel *rows, LensRun *run, LensRun *other, const LensStat *stats,
                       guint n_stats);

G_END_DECLS
