/* A piece of work on a data set, on the data thread. */
#pragma once

#include "lens-data-set.h"
#include "lens-job.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_JOB (lens_data_job_get_type())
G_DECLARE_FINAL_TYPE(LensDataJob, lens_data_job, LENS, DATA_JOB, LensJob)

LensDataJob *lens_data_job_new(const char *title, LensDataSet *set);
LensDataSet *lens_data_job_get_set(LensDataJob *self);
GCancellable *lens_data_job_get_cancellable(LensDataJob *self);
/* An LxProgress whose user_data is the job. */
int lens_data_job_progress(double done, const char *what, void *job);

G_END_DECLS
