/* Reports of findings, kept with their data set. See lens-store.h for threads. */
#pragma once

#include "lens-store.h"

G_BEGIN_DECLS

/* In place of the model's older one over the same rows of the set: the key of a filter, "" for
 * all. */
gboolean lens_store_findings_put(LensStore *self, gint64 set_id, const char *model_id,
                                 const char *rows, const char *report, GError **error);
/* *report: owned, NULL when there is none. */
gboolean lens_store_findings_get(LensStore *self, gint64 set_id, const char *model_id,
                                 const char *rows, char **report, GError **error);

G_END_DECLS
