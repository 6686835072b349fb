/* The bar above the table: search and filters of a data set's rows. */
#pragma once

#include <adwaita.h>

#include "lens-data-desk.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_FILTERS (lens_data_filters_get_type())
G_DECLARE_FINAL_TYPE(LensDataFilters, lens_data_filters, LENS, DATA_FILTERS, AdwBin)

/* Signal "changed". */
/* What there is to choose from; without an evaluation what asks for answers cannot be used. */
void lens_data_filters_set_summary(LensDataFilters *self, LensDataSummary *summary,
                                   gboolean answered);
/* Borrowed. */
const LensDataFilter *lens_data_filters_get(LensDataFilters *self);
void lens_data_filters_clear(LensDataFilters *self);
void lens_data_filters_set_text(LensDataFilters *self, const char *text);
void lens_data_filters_set_verdict(LensDataFilters *self, LensVerdict verdict);
/* 0 any, 1 over 90%, 2 between, 3 under 50%. */
void lens_data_filters_set_confidence(LensDataFilters *self, guint band);
/* Only rows with this right and this given answer. */
void lens_data_filters_set_pair(LensDataFilters *self, const char *truth, const char *answer);
void lens_data_filters_focus_search(LensDataFilters *self);

G_END_DECLS
