/* Reading a data set's questions into the store, in pieces, so that the first ones can be seen at
 * once and a file of any size takes little memory. */
#pragma once

#include "lens-data-set.h"
#include "lens-store-data.h"
#include "lx-error.h"

G_BEGIN_DECLS

typedef struct {
  LensStore *store;
  const LensDataSource *source;
  gint64 set_id;
  LxProgress progress; /* may ask to stop */
  gpointer progress_data;
} LensDataReading;

/* *n: rows. *warning: what is odd but can be used (owned; NULL for nothing). Errors name the file
 * and the entry or line. */
gboolean lens_data_read(const LensDataReading *reading, gint64 *n, char **warning, GError **error);

G_END_DECLS
