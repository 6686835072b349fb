/* The columns of the table of heads: map and head, and of the numbers those that are read together. */
#pragma once

#include <gtk/gtk.h>

#include "lens-run.h"

G_BEGIN_DECLS

typedef struct _LensNumbersColumns LensNumbersColumns;

/* Adds them to the view, which must live as long; *run is that of the rows. Free with g_free. */
LensNumbersColumns *lens_numbers_columns_new(GtkColumnView *view, LensRun *const *run);

/* All statistics that have a column, in their order; static. `n` may be NULL. */
const LensStat *lens_numbers_columns_get_stats(guint *n);

/* Groups count from 0; NULL beyond the last one, which is all numbers. */
const char *lens_numbers_columns_get_group_name(guint group);
guint lens_numbers_columns_get_group(LensNumbersColumns *self);
void lens_numbers_columns_set_group(LensNumbersColumns *self, guint group);
/* Shown with every group; -1: none. */
void lens_numbers_columns_set_filtered(LensNumbersColumns *self, int stat);
/* Before the others, and the group that has it unless all are shown. */
void lens_numbers_columns_put_first(LensNumbersColumns *self, LensStat stat);
void lens_numbers_columns_sort(LensNumbersColumns *self, LensStat stat, GtkSortType order);
/* The map's column is as wide as the longest name of the run's maps, whichever rows are seen. */
void lens_numbers_columns_fit_map(LensNumbersColumns *self, LensRun *run);

G_END_DECLS
