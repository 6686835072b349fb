/* Fine-tuning in a background thread: live curves, pause, stop (what was learned is kept). Made by
 * lens_workbench_start_training; at most one runs, the others wait in the queue. */
#pragma once

#include "lens-job.h"
#include "lens-model.h"
#include "lens-series.h"
#include "lens-train-settings.h"

G_BEGIN_DECLS

#define LENS_TYPE_TRAIN_JOB (lens_train_job_get_type())
G_DECLARE_FINAL_TYPE(LensTrainJob, lens_train_job, LENS, TRAIN_JOB, LensJob)

/* The row's number in the store; 0 until it is written. */
gint64 lens_train_job_get_id(LensTrainJob *self);
/* Borrowed. */
LensTrainSettings *lens_train_job_get_settings(LensTrainJob *self);
/* Training loss at each step, and validation accuracy 0..1 at each evaluation; x is the step. They
 * grow on the main thread. */
LensSeries *lens_train_job_get_loss_series(LensTrainJob *self);
LensSeries *lens_train_job_get_accuracy_series(LensTrainJob *self);
guint lens_train_job_get_step(LensTrainJob *self);
guint lens_train_job_get_total_steps(LensTrainJob *self);          /* 0 until known */
double lens_train_job_get_examples_per_second(LensTrainJob *self); /* 0 until known */
double lens_train_job_get_seconds_left(LensTrainJob *self);        /* -1 until known */
/* Which parameters came from the base model and which began fresh, in one sentence; NULL until
 * loaded. */
const char *lens_train_job_get_load_report(LensTrainJob *self);
/* The resulting model once the job is done or was stopped with something learned; else NULL. */
LensModel *lens_train_job_get_model(LensTrainJob *self);

/* Stops after the current step, writes the model and keeps it. The same as lens_job_cancel. */
void lens_train_job_stop(LensTrainJob *self);
/* Takes effect after the current step. */
void lens_train_job_pause(LensTrainJob *self);
/* Goes on after a pause. An interrupted job goes on from its last checkpoint through
 * lens_workbench_resume_training. */
void lens_train_job_resume(LensTrainJob *self);

G_END_DECLS
