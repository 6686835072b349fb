/* The order of the table of heads: by any of its columns, and what has no number always last. */
#pragma once

#include <gtk/gtk.h>

#include "lens-map.h"

G_BEGIN_DECLS

/* Sorters of columns: by the place in the model, by the head, by a statistic. */
GtkSorter *lens_numbers_order_by_place(void);
GtkSorter *lens_numbers_order_by_head(void);
GtkSorter *lens_numbers_order_by_stat(LensStat stat);

/* For the rows: as the column view's sorter says, rising or falling, but with the heads to which the
 * number that is sorted by does not apply behind all others. Takes `of_view`. */
GtkSorter *lens_numbers_order_new(GtkSorter *of_view);

G_END_DECLS
