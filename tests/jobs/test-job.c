/* The base of jobs: reports from any thread arrive on the main thread, coalesced. And what the
 * store keeps of them. */
#include "lens-job.h"
#include "lens-process.h"
#include "lens-regions-blob.h"
#include "lens-train-record.h"
#include "lens-worker.h"

#include <unistd.h>

#define TEST_TYPE_JOB (test_job_get_type())
G_DECLARE_FINAL_TYPE(TestJob, test_job, TEST, JOB, LensJob)

struct _TestJob {
  LensJob parent_instance;
};

G_DEFINE_FINAL_TYPE(TestJob, test_job, LENS_TYPE_JOB)

static void test_job_class_init(TestJobClass *klass)
{
}

static void test_job_init(TestJob *self)
{
}

static gpointer report_many(gpointer job)
{
  for (int i = 1; i <= 1000; i++) {
    g_autofree char *text = g_strdup_printf("%d", i);
    lens_job_report(job, i / 1000.0, text);
  }
  return NULL;
}

static void count(gpointer n)
{
  ++*(int *)n;
}

static void test_reports_are_coalesced(void)
{
  int updates = 0, notifies = 0;
  LensJob *job = g_object_new(TEST_TYPE_JOB, "title", "Counting", NULL);
  g_signal_connect_swapped(job, "updated", G_CALLBACK(count), &updates);
  g_signal_connect_swapped(job, "notify::progress", G_CALLBACK(count), &notifies);
  GThread *thread = g_thread_new("reporter", report_many, job);
  g_thread_join(thread);
  g_assert_cmpfloat(lens_job_get_progress(job), ==, 0); /* nothing before the main loop ran */
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_assert_cmpint(updates, ==, 1);
  g_assert_cmpint(notifies, ==, 1);
  g_assert_cmpfloat(lens_job_get_progress(job), ==, 1);
  g_assert_cmpstr(lens_job_get_message(job), ==, "1000");
  g_assert_finalize_object(job);
}

static void test_states(void)
{
  int finished = 0;
  LensJob *job = g_object_new(TEST_TYPE_JOB, "title", "Working", NULL);
  g_signal_connect_swapped(job, "notify::finished", G_CALLBACK(count), &finished);
  lens_job_report_state(job, LENS_JOB_RUNNING, NULL);
  lens_job_flush(job);
  g_assert_cmpint(lens_job_get_state(job), ==, LENS_JOB_RUNNING);
  g_assert_false(lens_job_is_finished(job));
  lens_job_report_state(job, LENS_JOB_FAILED, "no room");
  lens_job_flush(job);
  g_assert_true(lens_job_is_finished(job));
  g_assert_cmpstr(lens_job_get_error_text(job), ==, "no room");
  g_assert_cmpint(finished, ==, 1);
  lens_job_flush(job); /* nothing to show: no second signal */
  g_assert_cmpint(finished, ==, 1);
  g_assert_finalize_object(job);

  for (int state = LENS_JOB_QUEUED; state <= LENS_JOB_INTERRUPTED; state++)
    g_assert_cmpint(lens_job_state_from_name(lens_job_state_name((LensJobState)state)), ==, state);
}

static void test_settings_as_json(void)
{
  g_autoptr(LensTrainSettings) settings = lens_train_settings_new(LENS_TASK_GQA);
  settings->name = g_strdup("Mine “1”");
  settings->base_model_id = g_strdup("my:base");
  settings->examples = 77;
  settings->learning_rate = 3e-5;
  settings->seed = G_MAXUINT64;
  settings->freeze_vision = TRUE;
  g_autofree char *json = lens_train_settings_to_json(settings);
  g_autoptr(LensTrainSettings) back = lens_train_settings_from_json(json);
  g_assert_nonnull(back);
  g_assert_cmpstr(back->name, ==, settings->name);
  g_assert_cmpint(back->task, ==, LENS_TASK_GQA);
  g_assert_cmpstr(back->base_model_id, ==, "my:base");
  g_assert_cmpint(back->examples, ==, 77);
  g_assert_cmpfloat(back->learning_rate, ==, 3e-5);
  g_assert_cmpuint(back->seed, ==, G_MAXUINT64);
  g_assert_true(back->freeze_vision);
  g_assert_false(back->freeze_cross);
  g_assert_null(lens_train_settings_from_json("[1, 2"));
  g_assert_null(lens_train_settings_from_json("[]"));
}

static void test_regions_as_bytes(void)
{
  LxRegions *regions = NULL;
  g_assert_cmpint(lx_regions_new(3, 5, &regions, NULL), ==, LX_OK);
  regions->width = 640;
  regions->height = 480;
  for (int i = 0; i < 15; i++)
    regions->features[i] = (float)i * 0.5f;
  for (int i = 0; i < 3; i++)
    regions->object_ids[i] = 10 + i;
  regions->boxes[11] = 99;
  g_autoptr(GBytes) bytes = lens_regions_to_bytes(regions);
  LxRegions *back = lens_regions_from_bytes(bytes);
  g_assert_nonnull(back);
  g_assert_cmpint(back->width, ==, 640);
  g_assert_cmpint(back->object_ids[2], ==, 12);
  g_assert_cmpfloat(back->boxes[11], ==, 99);
  g_assert_cmpmem(back->features, 15 * sizeof(float), regions->features, 15 * sizeof(float));
  lx_regions_free(back);
  lx_regions_free(regions);

  gsize size = g_bytes_get_size(bytes);
  for (gsize cut = 0; cut < size; cut++) {
    g_autoptr(GBytes) part = g_bytes_new_from_bytes(bytes, 0, cut);
    g_assert_null(lens_regions_from_bytes(part));
  }
  g_autofree guint8 *damaged = g_memdup2(g_bytes_get_data(bytes, NULL), size);
  memset(damaged + 24, 0xff, 8); /* the count */
  g_autoptr(GBytes) wrong = g_bytes_new_static(damaged, size);
  g_assert_null(lens_regions_from_bytes(wrong));
}

static void test_process(void)
{
  g_autofree char *self = lens_process_self();
  g_assert_false(lens_process_is_other_and_alive(self));
  g_assert_false(lens_process_is_other_and_alive(NULL));
  g_assert_false(lens_process_is_other_and_alive("1:1")); /* another start time */
  g_assert_false(lens_process_is_other_and_alive("rubbish"));
}

/* A training waits for interactive work, but sees in between that it is to stop. */
static void test_gateway(void)
{
  LensGateway gateway;
  gint64 begin = g_get_monotonic_time();
  lens_gateway_init(&gateway);
  g_assert_false(lens_gateway_yield(&gateway, 20000));
  lens_gateway_enter(&gateway);
  g_assert_true(lens_gateway_yield(&gateway, 20000));
  g_assert_cmpint(g_get_monotonic_time() - begin, <, 10 * G_USEC_PER_SEC);
  g_assert_cmpint(g_get_monotonic_time() - begin, >=, 50 * 1000);
  g_usleep(20 * 1000);
  g_assert_false(lens_gateway_yield(&gateway, 10)); /* that long it waits for nobody */
  lens_gateway_leave(&gateway);
  g_assert_false(lens_gateway_yield(&gateway, 20000));
  lens_gateway_clear(&gateway);
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/jobs/reports-are-coalesced", test_reports_are_coalesced);
  g_test_add_func("/jobs/states", test_states);
  g_test_add_func("/jobs/gateway", test_gateway);
  g_test_add_func("/jobs/settings-as-json", test_settings_as_json);
  g_test_add_func("/jobs/regions-as-bytes", test_regions_as_bytes);
  g_test_add_func("/jobs/process", test_process);
  return g_test_run();
}
