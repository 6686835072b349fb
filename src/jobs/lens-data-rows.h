/* The rows of a data set that pass a filter, as a list of any length of which only the part that is
 * looked at is in memory. */
#pragma once

#include <gio/gio.h>

#include "lens-data-row.h"
#include "lens-store-data.h"

G_BEGIN_DECLS

typedef struct {
  char *text;
  LensVerdict verdict;
  char *truth, *answer, *answer_type, *question_type; /* NULL or "": any */
  double least, most;                                 /* confidence; most 0: any */
} LensDataFilter;

void lens_data_filter_clear(LensDataFilter *self);
gboolean lens_data_filter_is_empty(const LensDataFilter *self);

#define LENS_TYPE_DATA_ROWS (lens_data_rows_get_type())
G_DECLARE_FINAL_TYPE(LensDataRows, lens_data_rows, LENS, DATA_ROWS, GObject)

/* A GListModel of LensDataRow. Signals: "found" after each search, "failed" (const char *). */
LensDataRows *lens_data_rows_new(LensStore *store);
/* Other rows: at once without a filter, else when the search is done. `evaluation_id` 0: only
 * questions. The filter is copied. */
void lens_data_rows_show(LensDataRows *self, gint64 set_id, gint64 evaluation_id, gint64 n,
                         const LensDataFilter *filter);
/* The same set has become longer, or more of it is answered: what is shown is read again. With a
 * filter the rows stay which they are until the next lens_data_rows_show. */
void lens_data_rows_grow(LensDataRows *self, gint64 n);
gboolean lens_data_rows_is_searching(LensDataRows *self);
/* Rows that are in memory (tests). */
guint lens_data_rows_get_n_held(LensDataRows *self);

G_END_DECLS
