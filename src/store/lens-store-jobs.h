/* Background jobs with their curves, and models that a person added. See lens-store.h for threads.
 */
#pragma once

#include "lens-store.h"

G_BEGIN_DECLS

/* Inserts when `job->id` is 0 (created_at 0 = now), else updates everything but kind and
 * created_at. Returns the id; 0 with `error`. */
gint64 lens_store_put_job(LensStore *self, const LensStoreJob *job, GError **error);
/* Of LensStoreJob, newest first, deleted ones left out. */
GPtrArray *lens_store_list_jobs(LensStore *self, GError **error);
/* Adds points to a curve in one transaction; a point of the same step is replaced. */
gboolean lens_store_add_points(LensStore *self, gint64 job_id, const char *series,
                               const LensStorePoint *points, guint n, GError **error);
/* Drops the points after `step`: a resumed job repeats what came after its checkpoint. */
gboolean lens_store_cut_points(LensStore *self, gint64 job_id, gint64 step, GError **error);
/* Of LensStorePoint, by step. */
GArray *lens_store_list_points(LensStore *self, gint64 job_id, const char *series, GError **error);

/* imported_at 0 = now. Takes a deletion back. */
gboolean lens_store_put_model(LensStore *self, const LensStoreModel *model, GError **error);
/* Of LensStoreModel, oldest first, deleted ones left out. */
GPtrArray *lens_store_list_models(LensStore *self, GError **error);

G_END_DECLS
