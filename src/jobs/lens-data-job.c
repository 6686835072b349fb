#include "lens-data-job.h"

#include "lens-engine-error.h"

struct _LensDataJob {
  LensJob parent_instance;
  LensDataSet *set;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE(LensDataJob, lens_data_job, LENS_TYPE_JOB)

LensDataJob *lens_data_job_new(const char *title, LensDataSet *set)
{
  LensDataJob *self = g_object_new(LENS_TYPE_DATA_JOB, "title", title, NULL);
  self->set = g_object_ref(set);
  return self;
}

LensDataSet *lens_data_job_get_set(LensDataJob *self)
{
  return self->set;
}

GCancellable *lens_data_job_get_cancellable(LensDataJob *self)
{
  return self->cancellable;
}

int lens_data_job_progress(double done, const char *what, void *job)
{
  LensDataJob *self = job;
  lens_job_report(LENS_JOB(self), CLAMP(done, 0, 1), lens_engine_doing(what));
  return g_cancellable_is_cancelled(self->cancellable);
}

static void lens_data_job_cancel(LensJob *job)
{
  g_cancellable_cancel(LENS_DATA_JOB(job)->cancellable);
}

static void lens_data_job_finalize(GObject *object)
{
  LensDataJob *self = LENS_DATA_JOB(object);
  g_clear_object(&self->set);
  g_clear_object(&self->cancellable);
  G_OBJECT_CLASS(lens_data_job_parent_class)->finalize(object);
}

static void lens_data_job_class_init(LensDataJobClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_data_job_finalize;
  LENS_JOB_CLASS(klass)->cancel = lens_data_job_cancel;
}

static void lens_data_job_init(LensDataJob *self)
{
  self->cancellable = g_cancellable_new();
}
