/* The course of a training as it is foreseen, against one that is walked through step by step; and
 * the estimate and the time left against what a training then takes. */
#include "training-fixture.h"

#include "lens-train-plan.h"

#define TRIALS 500

/* ---- the course ---- */

/* What lens-train-run.c does, one step after the other. */
static double walk(LensTrainPlan at, const LensTrainCosts *c)
{
  double clock = 0, saved_at = -at.since;
  gboolean saved = at.since >= 0;
  while (at.done < at.steps) {
    clock += c->step;
    at.done++;
    gboolean new_epoch = at.done % at.per_epoch == 0, ended = at.done == at.steps;
    if (new_epoch || ended)
      clock += c->evaluation + c->best;
    if (!ended && lens_train_plan_is_due(saved ? clock - saved_at : -1, c->checkpoint, new_epoch)) {
      clock += c->checkpoint;
      saved_at = clock;
      saved = TRUE;
    }
  }
  return clock + c->checkpoint;
}

static void test_walked(void)
{
  for (int i = 0; i < TRIALS; i++) {
    gint64 per_epoch = g_test_rand_int_range(1, 60);
    LensTrainPlan plan = {per_epoch * g_test_rand_int_range(1, 6), per_epoch, 0, -1};
    /* Binary fractions add up without an error. */
    LensTrainCosts costs = {
        g_test_rand_int_range(1, 64) / 64.0, g_test_rand_int_range(0, 640) / 64.0,
        g_test_rand_int_range(0, 64) / 64.0, g_test_rand_int_range(0, 128) / 64.0};
    if (i % 2) {
      plan.done = g_test_rand_int_range(0, (gint32)plan.steps + 1);
      plan.since = g_test_rand_int_range(0, 640) / 64.0;
    }
    g_assert_cmpfloat(lens_train_plan_seconds(plan, &costs), ==, walk(plan, &costs));
  }
}

static void test_known(void)
{
  LensTrainCosts costs = {0.5, 4, 1, 2};
  LensTrainPlan short_one = {10, 5, 0, -1};
  /* Ten steps, an evaluation with a better model after each epoch, checkpoints after step 1 and at
   * the end. */
  g_assert_cmpfloat(lens_train_plan_seconds(short_one, &costs), ==, 10 * 0.5 + 2 * (4 + 1) + 2 * 2);
  LensTrainPlan long_one = {200, 200, 0, -1};
  /* After step 1, after more than 40 seconds, which is 81 steps, twice, and at the end. */
  g_assert_cmpfloat(lens_train_plan_seconds(long_one, &costs), ==, 200 * 0.5 + (4 + 1) + 4 * 2);
  LensTrainPlan over = {10, 5, 10, 3};
  g_assert_cmpfloat(lens_train_plan_seconds(over, &costs), ==, 2);
}

/* ---- beside a training ---- */

static void on_estimated(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static double estimate(World *self, LensTrainSettings *settings)
{
  GError *error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_estimate_training_async(self->bench, settings, NULL, on_estimated, &result);
  world_wait_for((gpointer *)&result);
  g_autoptr(LensTrainEstimate) found =
      lens_workbench_estimate_training_finish(self->bench, result, &error);
  g_assert_no_error(error);
  return found->seconds;
}

typedef struct {
  double begin, left, at; /* the time left, said first after a tenth of the steps, and when */
} Watch;

static double now(void)
{
  return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static void on_updated(LensTrainJob *job, Watch *watch)
{
  guint total = lens_train_job_get_total_steps(job);
  if (watch->left == 0 && total && lens_train_job_get_step(job) > total / 10) {
    watch->left = lens_train_job_get_seconds_left(job);
    watch->at = now();
  }
}

/* The right order of magnitude: other tests have the processors, too. The benchmark measures it
 * closely. */
static void check_near(double expected, double took)
{
  g_assert_cmpfloat(took, <, 10 * expected + 5);
  g_assert_cmpfloat(took, >, expected / 10 - 0.5);
}

static void test_beside_training(World *self, gconstpointer unused)
{
  g_autoptr(LensTrainSettings) settings = make_settings("Foreseen", 20);
  double expected = estimate(self, settings);
  Watch watch = {.begin = now()};
  LensTrainJob *job = start_with(self, settings);
  g_signal_connect(job, "updated", G_CALLBACK(on_updated), &watch);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  double took = now() - watch.begin, rest = now() - watch.at;
  g_test_message("estimated %.2f s, took %.2f s; said %.2f s left, it were %.2f s", expected, took,
                 watch.left, rest);
  g_assert_cmpfloat(watch.left, >, 0);
  check_near(expected, took);
  check_near(watch.left, rest);
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plan/walked", test_walked);
  g_test_add_func("/plan/known", test_known);
  g_test_add("/plan/beside-training", World, NULL, world_set_up, test_beside_training,
             world_tear_down);
  return g_test_run();
}
