/* One row of a data set: picture, question, answers. */
#pragma once

#include <adwaita.h>

#include "lens-data-desk.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_DETAILS (lens_data_details_get_type())
G_DECLARE_FINAL_TYPE(LensDataDetails, lens_data_details, LENS, DATA_DETAILS, AdwBin)

/* NULL row: says that one can be picked. `picture` and, of a pair, `second` (may be NULL) are read
 * in the background. */
void lens_data_details_set_row(LensDataDetails *self, LensDataRow *row, const char *picture,
                               const char *second);

G_END_DECLS
