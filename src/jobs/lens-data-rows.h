/* The rows of a data set that pass a filter, as a list of any length of which only the part that is
 * looked at is in memory. */
#pragma once

#include <gio/gio.h>

#include "lens-data-filter.h"
#include "lens-data-row.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_ROWS (lens_data_rows_get_type())
G_DECLARE_FINAL_TYPE(LensDataRows, lens_data_rows, LENS, DATA_ROWS, GObject)

/* A GListModel of LensDataRow. The first 200 rows stay the same objects whatever is shown, and are
 * told by their "filled"; the list grows in steps, so that a view makes few widgets at a time.
 *
 * Signals: "exchanging" before other rows take the place of those that are shown: who looks at a
 * row far down should go to the top; "found" when everything is there; "failed" (const char *). */

/* Other rows, when they were looked up; those of another set at once, filled later.
 * `evaluation_id` 0: only questions. The filter is copied. */
void lens_data_rows_show(LensDataRows *self, gint64 set_id, gint64 evaluation_id, gint64 n,
                         const LensDataFilter *filter);
/* The same set has become longer, or more of it is answered: what is shown is read again. With a
 * filter the rows stay which they are until the next lens_data_rows_show. */
void lens_data_rows_grow(LensDataRows *self, gint64 n);
/* What was asked for is not all there yet. */
gboolean lens_data_rows_is_searching(LensDataRows *self);
/* Rows that are in memory (tests). */
guint lens_data_rows_get_n_held(LensDataRows *self);

G_END_DECLS
