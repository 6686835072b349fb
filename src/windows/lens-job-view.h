/* One training job: its curve, speed, time left, and what can be done with it. */
#pragma once

#include <adwaita.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_JOB_VIEW (lens_job_view_get_type())
G_DECLARE_FINAL_TYPE(LensJobView, lens_job_view, LENS, JOB_VIEW, AdwBin)

/* Signals: "use-model" (LensModel), "failed" (const char *). */
void lens_job_view_set_workbench(LensJobView *self, LensWorkbench *workbench);
/* NULL for none; a job that trains nothing shows title and progress only. */
void lens_job_view_set_job(LensJobView *self, LensJob *job);

G_END_DECLS
