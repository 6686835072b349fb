/* Every head's numbers as a table: sortable by any of them, filtered by map and by a bound. */
#pragma once

#include <gtk/gtk.h>

#include "lens-effects.h"
#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

#define LENS_TYPE_NUMBERS_VIEW (lens_numbers_view_get_type())
G_DECLARE_FINAL_TYPE(LensNumbersView, lens_numbers_view, LENS, NUMBERS_VIEW, GtkWidget)

GtkWidget *lens_numbers_view_new(void);

/* `other` NULL: none. With one every cell has its number left of the run's own; of a run that is a
 * difference every number is the difference of those of its two sides. */
void lens_numbers_view_set_runs(LensNumbersView *self, LensRun *run, LensRun *other);
void lens_numbers_view_set_selection(LensNumbersView *self, LensSelection *selection);

/* Keeps the heads whose map's title holds `text` (any case; NULL: all) and whose `stat` is between
 * the bounds (NAN: no bound). */
void lens_numbers_view_filter(LensNumbersView *self, const char *text, LensStat stat, double least,
                              double most);

/* What "try all heads" found out: LENS_STAT_EFFECT of the run's heads; NULL: they were not tried. To be
 * called again when more of them are known. */
void lens_numbers_view_set_effects(LensNumbersView *self, LensEffects *effects);

/* The numbers that are shown together: "How widely it looks", …, at last all of them; NULL beyond. The
 * one that is filtered by is shown with each of them. Property "group". */
const char *lens_numbers_view_get_group_name(guint group);
void lens_numbers_view_set_group(LensNumbersView *self, guint group);

/* "Numbers of 12 of 56 heads"; free with g_free. */
char *lens_numbers_view_describe(LensNumbersView *self);

/* The rows as shown: LensHeadItem, filtered and sorted; borrowed. */
GListModel *lens_numbers_view_get_rows(LensNumbersView *self);
/* The statistic's column before those of the others, and the group that has it. */
void lens_numbers_view_put_first(LensNumbersView *self, LensStat stat);
void lens_numbers_view_sort(LensNumbersView *self, LensStat stat, GtkSortType order);

/* All rows as shown, as CSV with a line of titles; free with g_free. */
char *lens_numbers_view_to_csv(LensNumbersView *self);

G_END_DECLS
