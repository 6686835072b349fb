/* Fine-tuning: curves, pause, stop, and jobs that outlive the program. */
#include <glib/gstdio.h>
#include <string.h>

#include "training-fixture.h"

static GArray *losses_of(LensTrainJob *job)
{
  GArray *losses = g_array_new(FALSE, FALSE, sizeof(double));
  for (guint i = 0; i < n_losses(job); i++) {
    double step, value;
    lens_series_get_point(lens_train_job_get_loss_series(job), i, &step, &value);
    g_array_append_val(losses, value);
  }
  return losses;
}

static void ask_model(World *self, const char *id)
{
  GError *error = NULL;
  g_autofree char *path = world_scene(self, 0);
  g_autoptr(LensScene) scene = world_open(self, path, &error);
  g_assert_no_error(error);
  g_autoptr(LensRun) run = world_ask(self, scene, "is there a dog?", id, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(g_list_model_get_n_items(lens_run_get_answers(run)), ==, WORLD_ANSWERS);
}

static void test_to_the_end(World *self, gconstpointer unused)
{
  LensTrainJob *job = start(self, "First", 12);
  g_assert_true(job == g_list_model_get_item(lens_workbench_get_jobs(self->bench), 0));
  g_object_unref(job); /* get_item's */
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  g_assert_cmpfloat(lens_job_get_progress(LENS_JOB(job)), ==, 1);
  guint total = lens_train_job_get_total_steps(job);
  g_assert_cmpuint(total, >, 12);
  g_assert_cmpuint(n_losses(job), ==, total);
  check_steps(lens_train_job_get_loss_series(job));
  g_assert_cmpuint(lens_series_get_n_points(lens_train_job_get_accuracy_series(job)), >=, 12);
  g_assert_nonnull(strstr(lens_train_job_get_load_report(job), "0 begin fresh"));

  double first, last, step;
  LensSeries *loss = lens_train_job_get_loss_series(job);
  lens_series_get_point(loss, 0, &step, &first);
  lens_series_get_point(loss, total - 1, &step, &last);
  g_assert_cmpfloat(last, <, first * 0.8);

  LensModel *model = lens_train_job_get_model(job);
  g_assert_cmpstr(lens_model_get_name(model), ==, "First");
  g_assert_true(lens_workbench_find_model(self->bench, lens_model_get_id(model)) == model);
  g_autofree char *id = g_strdup(lens_model_get_id(model));
  g_autofree char *state =
      g_build_filename(lens_model_get_path(model), "training-state.safetensors", NULL);
  g_assert_false(g_file_test(state, G_FILE_TEST_EXISTS));
  ask_model(self, id);

  /* All of it is there after a restart. */
  g_autoptr(GArray) before = losses_of(job);
  world_reopen(self);
  g_autoptr(LensTrainJob) kept = g_list_model_get_item(lens_workbench_get_jobs(self->bench), 0);
  expect_state(kept, LENS_JOB_DONE);
  g_autoptr(GArray) after = losses_of(kept);
  g_assert_cmpmem(before->data, before->len * sizeof(double), after->data,
                  after->len * sizeof(double));
  ask_model(self, id);
}

static void test_stop_keeps(World *self, gconstpointer unused)
{
  LensTrainJob *job = start(self, "Stopped", 5000);
  world_wait(has_loss, job);
  lens_train_job_stop(job);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_STOPPED);
  g_assert_cmpfloat(lens_job_get_progress(LENS_JOB(job)), <, 1);
  g_assert_nonnull(lens_train_job_get_model(job));
  ask_model(self, lens_model_get_id(lens_train_job_get_model(job)));
}

static gboolean is_running(gpointer job)
{
  return lens_job_get_state(job) == LENS_JOB_RUNNING;
}

static void test_pause(World *self, gconstpointer unused)
{
  LensTrainJob *job = start(self, "Paused", 5000);
  world_wait(has_loss, job);
  lens_train_job_pause(job);
  world_wait(is_paused, job);
  guint before = n_losses(job);
  ask_model(self, WORLD_MODEL); /* takes a while, in which no step is made */
  g_assert_cmpuint(n_losses(job), ==, before);
  lens_train_job_resume(job);
  world_wait(is_running, job);
  lens_train_job_pause(job);
  world_wait(is_paused, job);
  lens_train_job_stop(job); /* ends a pause, too */
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_STOPPED);
}

static void test_queue(World *self, gconstpointer unused)
{
  LensTrainJob *first = start(self, "Same", 5000);
  LensTrainJob *second = start(self, "Same", 2);
  LensTrainJob *third = start(self, "Third", 2);
  world_wait(has_loss, first);
  expect_state(second, LENS_JOB_QUEUED);
  lens_train_job_stop(third);   /* while it waits */
  ask_model(self, WORLD_MODEL); /* questions are answered meanwhile */
  expect_state(second, LENS_JOB_QUEUED);
  lens_train_job_stop(first);
  world_wait(is_finished, second);
  expect_state(first, LENS_JOB_STOPPED);
  expect_state(second, LENS_JOB_DONE);
  expect_state(third, LENS_JOB_STOPPED);
  g_assert_cmpuint(n_losses(third), ==, 0);
  g_assert_cmpstr(lens_model_get_path(lens_train_job_get_model(first)), !=,
                  lens_model_get_path(lens_train_job_get_model(second)));
}

static void check_refused(World *self, LensTrainSettings *settings, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(lens_workbench_start_training(self->bench, settings, &error));
  g_assert_cmpint(error->domain, ==, LENS_ERROR);
  g_assert_nonnull(strstr(error->message, word));
}

static void test_bad_settings(World *self, gconstpointer unused)
{
  g_autoptr(LensTrainSettings) settings = make_settings("../escape", 1);
  check_refused(self, settings, "name");
  g_free(settings->name);
  settings->name = g_strdup("Fine");
  settings->epochs = 0;
  check_refused(self, settings, "epochs");
  settings->epochs = 1;
  settings->learning_rate = 0;
  check_refused(self, settings, "learning rate");
  settings->learning_rate = 1e-4;
  g_free(settings->base_model_id);
  settings->base_model_id = g_strdup("nobody");
  check_refused(self, settings, "nobody");
}

static void test_missing_data(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(LensTrainSettings) settings = make_settings("Nowhere", 1);
  g_free(settings->data);
  settings->data = world_file(self, "no-data");
  LensTrainJob *job = lens_workbench_start_training(self->bench, settings, &error);
  g_assert_no_error(error);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_FAILED);
  g_assert_nonnull(strstr(lens_job_get_error_text(LENS_JOB(job)), settings->data));
  g_assert_null(lens_train_job_get_model(job));
}

/* ---- across restarts ---- */

/* The undisturbed run of the same settings, in a world of its own. */
static GArray *undisturbed(int epochs)
{
  World other = {0};
  world_set_up(&other, NULL);
  LensTrainJob *job = start(&other, "Whole", epochs);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  GArray *losses = losses_of(job);
  world_tear_down(&other, NULL);
  return losses;
}

static void resume_and_compare(World *self, int epochs)
{
  GError *error = NULL;
  LensTrainJob *job = first_job(self);
  expect_state(job, LENS_JOB_INTERRUPTED);
  g_assert_true(lens_workbench_resume_training(self->bench, job, &error));
  g_assert_no_error(error);
  g_assert_false(lens_workbench_resume_training(self->bench, job, &error));
  g_clear_error(&error);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  check_steps(lens_train_job_get_loss_series(job));
  g_autoptr(GArray) resumed = losses_of(job);
  g_autoptr(GArray) whole = undisturbed(epochs);
  g_assert_cmpmem(resumed->data, resumed->len * sizeof(double), whole->data,
                  whole->len * sizeof(double));
}

static void test_closed_while_running(World *self, gconstpointer unused)
{
  start(self, "Whole", 40);
  world_wait(has_loss, first_job(self));
  world_reopen(self);
  g_assert_cmpuint(n_losses(first_job(self)), >, 0);
  resume_and_compare(self, 40);
}

/* A waiting job begins by itself after a restart. */
static void test_queue_survives(World *self, gconstpointer unused)
{
  start(self, "Running", 5000);
  world_wait(has_loss, first_job(self));
  start(self, "Waiting", 2);
  LensTrainJob *stopped = start(self, "Stopped", 2);
  ask_model(self, WORLD_MODEL);
  lens_train_job_stop(stopped);
  world_wait(is_finished, stopped);
  world_reopen(self);
  expect_state(first_job(self), LENS_JOB_STOPPED);
  g_autoptr(LensTrainJob) waiting = g_list_model_get_item(lens_workbench_get_jobs(self->bench), 1);
  g_assert_cmpstr(lens_job_get_title(LENS_JOB(waiting)), ==, "Waiting");
  world_wait(is_finished, waiting);
  expect_state(waiting, LENS_JOB_DONE);
}

#define ADD(name, func)                                                                            \
  g_test_add("/training/" name, World, NULL, world_set_up, func, world_tear_down)

static void on_estimated(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

/* The estimate is still finding the objects of the demo when the person starts: both come to their end. */
static void test_started_at_once(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(LensTrainSettings) settings = make_settings("Quick", 1);
  lens_workbench_estimate_training_async(self->bench, settings, NULL, on_estimated, &result);
  LensTrainJob *job = start_with(self, settings);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  world_wait_for((gpointer *)&result);
  g_autoptr(LensTrainEstimate) found =
      lens_workbench_estimate_training_finish(self->bench, result, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found->steps, ==, lens_train_job_get_total_steps(job));
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("to-the-end", test_to_the_end);
  ADD("stop-keeps", test_stop_keeps);
  ADD("started-at-once", test_started_at_once);
  ADD("pause", test_pause);
  ADD("queue", test_queue);
  ADD("bad-settings", test_bad_settings);
  ADD("missing-data", test_missing_data);
  ADD("closed-while-running", test_closed_while_running);
  ADD("queue-survives", test_queue_survives);
  return g_test_run();
}
