/* One training job: its curve, speed, time left, and what can be done with it. */
#pragma once

#include <adwaita.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_JOB_VIEW (lens_job_view_get_type())
G_DECLARE_FINAL_TYPE(LensJobView, lens_job_view, LENS, JOB_VIEW, AdwBin)

/* Signals: "use-model" (LensModel), "failed" (const char *), "told" (const char *: something was
 * done), "removed" (LensJob: it can be brought back). Actions: job.rename, job.export, job.delete. */
void lens_job_view_set_workbench(LensJobView *self, LensWorkbench *workbench);
/* NULL for none; a job that trains nothing shows title and progress only. */
void lens_job_view_set_job(LensJobView *self, LensJob *job);
/* What the menu does; `name` is the new one, `into` an existing folder. */
gboolean lens_job_view_rename(LensJobView *self, const char *name);
void lens_job_view_export(LensJobView *self, const char *into);
void lens_job_view_remove(LensJobView *self);
/* Shows `job`'s curves beside those of the picked one, or no more. */
void lens_job_view_compare(LensJobView *self, LensTrainJob *job, gboolean compare);

G_END_DECLS
