/* Trainings on the tests' tiny world. */
#pragma once

#include <string.h>

#include "jobs-world.h"
#include "lens-train-job.h"

static inline LensTrainSettings *make_settings(const char *name, int epochs)
{
  LensTrainSettings *settings = lens_train_settings_new(LENS_TASK_VQA);
  settings->name = g_strdup(name);
  settings->base_model_id = g_strdup(WORLD_MODEL);
  settings->examples = 0;
  settings->epochs = epochs;
  settings->batch = 4;
  settings->learning_rate = 1e-3;
  settings->seed = 5;
  return settings;
}

static inline LensTrainJob *start_with(World *self, LensTrainSettings *settings)
{
  GError *error = NULL;
  LensTrainJob *job = lens_workbench_start_training(self->bench, settings, &error);
  g_assert_no_error(error);
  return job;
}

static inline LensTrainJob *start(World *self, const char *name, int epochs)
{
  g_autoptr(LensTrainSettings) settings = make_settings(name, epochs);
  return start_with(self, settings);
}

static inline gboolean is_finished(gpointer job)
{
  return lens_job_is_finished(job);
}

static inline guint n_losses(LensTrainJob *job)
{
  return lens_series_get_n_points(lens_train_job_get_loss_series(job));
}

static inline gboolean has_loss(gpointer job)
{
  return n_losses(job) > 0 || lens_job_is_finished(job);
}

static inline gboolean is_paused(gpointer job)
{
  return lens_job_get_state(job) == LENS_JOB_PAUSED;
}

static inline void expect_state(LensTrainJob *job, LensJobState state)
{
  const char *text = lens_job_get_error_text(LENS_JOB(job));
  if (lens_job_get_state(LENS_JOB(job)) != state && text)
    g_test_message("%s", text);
  g_assert_cmpstr(lens_job_state_name(lens_job_get_state(LENS_JOB(job))), ==,
                  lens_job_state_name(state));
}

/* Steps 1, 2, 3, … without a gap. */
static inline void check_steps(LensSeries *series)
{
  for (guint i = 0; i < lens_series_get_n_points(series); i++) {
    double step, value;
    lens_series_get_point(series, i, &step, &value);
    g_assert_cmpfloat(step, ==, i + 1);
  }
}

/* step, value, step, value, … */
static inline GArray *points_of(LensSeries *series)
{
  GArray *points = g_array_new(FALSE, FALSE, sizeof(double));
  for (guint i = 0; i < lens_series_get_n_points(series); i++) {
    double point[2];
    lens_series_get_point(series, i, &point[0], &point[1]);
    g_array_append_vals(points, point, 2);
  }
  return points;
}

static inline void check_same(LensSeries *series, GArray *expected)
{
  g_autoptr(GArray) points = points_of(series);
  g_assert_cmpmem(points->data, points->len * sizeof(double), expected->data,
                  expected->len * sizeof(double));
}

static inline LensTrainJob *first_job(World *self)
{
  g_autoptr(LensTrainJob) job = g_list_model_get_item(lens_workbench_get_jobs(self->bench), 0);
  g_assert_nonnull(job);
  return job; /* the list keeps it */
}

/* The bytes of a file of the job's folder. */
static inline GBytes *read_result(LensTrainJob *job, const char *ending, const char *name)
{
  GError *error = NULL;
  char *bytes = NULL;
  gsize size = 0;
  g_autofree char *folder = g_strconcat(lens_train_job_get_output_dir(job), ending, NULL);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_file_get_contents(path, &bytes, &size, &error);
  g_assert_no_error(error);
  return g_bytes_new_take(bytes, size);
}
