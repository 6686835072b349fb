/* A job in the list: title, state, progress. */
#pragma once

#include <gtk/gtk.h>

#include "lens-job.h"

G_BEGIN_DECLS

#define LENS_TYPE_JOB_ROW (lens_job_row_get_type())
G_DECLARE_FINAL_TYPE(LensJobRow, lens_job_row, LENS, JOB_ROW, GtkWidget)

GtkWidget *lens_job_row_new(void);
void lens_job_row_bind(LensJobRow *self, LensJob *job);

/* "Running", "Stopped", …, translated. */
const char *lens_job_row_state_text(LensJobState state);

G_END_DECLS
