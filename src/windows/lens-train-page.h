/* Train: the list of jobs, and the picked one with its live curve. */
#pragma once

#include <adwaita.h>

#include "lens-job-view.h"
#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_TRAIN_PAGE (lens_train_page_get_type())
G_DECLARE_FINAL_TYPE(LensTrainPage, lens_train_page, LENS, TRAIN_PAGE, AdwBin)

/* Signal "use-model" (LensModel): the person wants to ask this one. */
void lens_train_page_set_workbench(LensTrainPage *self, LensWorkbench *workbench);
void lens_train_page_select_job(LensTrainPage *self, LensJob *job);
LensJobView *lens_train_page_get_job_view(LensTrainPage *self);

G_END_DECLS
