#include "lens-process.h"
#include "lens-store-jobs.h"
#include "lens-train-job-private.h"
#include "lens-train-record.h"

gboolean lens_train_snapshot_save(const LensTrainSnapshot *self, LensStore *store, GError **error)
{
  LensTrainJob *job = self->job;
  g_autoptr(LensTrainSettings) now = lens_train_job_dup_settings(job);
  g_autofree char *settings = lens_train_settings_to_json(now);
  g_autofree char *owner = self->owner ? g_strdup(self->owner) : lens_process_self();
  LensStoreJob row = {
      .id = lens_train_job_get_id(job),
      .kind = (char *)"train",
      .title = now->name,
      .settings = settings,
      .state = (char *)lens_job_state_name(self->state),
      .progress = self->progress,
      .message = (char *)self->message,
      .error = (char *)self->error,
      .output_dir = (char *)lens_train_job_get_output_dir(job),
      .base_hash = (char *)self->base_hash,
      .owner = owner,
      .created_at = lens_train_job_get_created_at(job),
  };
  gint64 id = lens_store_put_job(store, &row, error);
  if (id)
    lens_train_job_set_id(job, id);
  return id != 0;
}
