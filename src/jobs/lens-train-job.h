/* Fine-tuning in a background thread: live curves, pause, stop (what was learned is kept). Made by
 * lens_workbench_start_training; at most one runs, the others wait in the queue. */
#pragma once

#include "lens-job.h"
#include "lens-model.h"
#include "lens-run.h"
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
/* SHA-256 of the base model's weights: the parent, as a commit's; NULL until loaded. */
const char *lens_train_job_get_base_hash(LensTrainJob *self);
/* Where the model and its checkpoints are. */
const char *lens_train_job_get_output_dir(LensTrainJob *self);
/* The learning rate from the epoch after this one on; also of a job that has not begun. */
void lens_train_job_set_learning_rate(LensTrainJob *self, double rate);
/* That will be used, or is used now when nothing was changed. */
double lens_train_job_get_learning_rate(LensTrainJob *self);

/* The validation example that is asked again at every evaluation: NULL until the first. Borrowed.
 * The run's baseline are its answers when it was asked first. Signal "example-changed". */
LensRun *lens_train_job_get_example(LensTrainJob *self);
/* What the data says is right; "" unknown. */
const char *lens_train_job_get_example_truth(LensTrainJob *self);
void lens_train_job_get_example_place(LensTrainJob *self, guint *index, guint *count, guint *step);
/* Another one, asked after the current step. */
void lens_train_job_set_example(LensTrainJob *self, guint index);

/* The resulting model once the job is done or was stopped with something learned; else NULL. */
LensModel *lens_train_job_get_model(LensTrainJob *self);
/* The one with the best validation accuracy, where that is not the last one; else NULL. */
LensModel *lens_train_job_get_best_model(LensTrainJob *self);
/* The best validation accuracy of a trained checkpoint, FALSE before the first. */
gboolean lens_train_job_get_best(LensTrainJob *self, double *step, double *accuracy);

/* Another process does it, of the command line: it can be stopped here, nothing else. */
gboolean lens_train_job_is_elsewhere(LensTrainJob *self);

/* Stops after the current step, writes the model and keeps it. The same as lens_job_cancel. */
void lens_train_job_stop(LensTrainJob *self);
/* Takes effect after the current step. */
void lens_train_job_pause(LensTrainJob *self);
/* Goes on after a pause, or tries at once to save again where the disk was full. An interrupted job goes on from its last checkpoint through
 * lens_workbench_resume_training. */
void lens_train_job_resume(LensTrainJob *self);

G_END_DECLS
