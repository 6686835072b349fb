#include "bench-training.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-frames.h"
#include "lens-train-job.h"
#include "lens-workbench.h"

enum { ASKS = 40, PAUSE_MS = 50 };

/* A training of `examples` examples; of a full-size model a tenth of them. */
typedef struct {
  const char *name;
  LensTask task;
  int examples, epochs, batch, accumulate;
  gboolean frozen; /* everything but the cross-modality layers and the heads */
} Row;

static const Row rows_of_all[] = {
    {"vqa", LENS_TASK_VQA, 2560, 2, 32, 1, FALSE},
    {"vqa-small-batch", LENS_TASK_VQA, 1280, 2, 8, 1, FALSE},
    {"vqa-accumulate", LENS_TASK_VQA, 1280, 2, 8, 4, FALSE},
    {"vqa-short", LENS_TASK_VQA, 320, 1, 32, 1, FALSE},
    {"vqa-long", LENS_TASK_VQA, 5120, 6, 32, 1, FALSE},
    {"vqa-frozen", LENS_TASK_VQA, 2560, 2, 32, 1, TRUE},
    {"gqa", LENS_TASK_GQA, 2560, 2, 32, 1, FALSE},
    {"nlvr2", LENS_TASK_NLVR2, 1280, 2, 32, 1, FALSE},
    {"pretrain", LENS_TASK_PRETRAIN, 2560, 2, 32, 1, FALSE},
};

typedef struct {
  double seconds, bytes;
  guint steps;
} Figures;

/* Of the process that does one thing, in a folder of its own. */
typedef struct {
  LensWorkbench *workbench;
  LensModel *model;
  const char *data, *model_folder;
  char *state;
} Process;

static double now(void)
{
  return 1e-3 * bench_now();
}

static void fail(const GError *error)
{
  fprintf(stderr, "crosslens-bench: %s\n", error->message);
  _exit(1);
}

static void on_result(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static void wait_for(GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration(NULL, TRUE);
}

/* ---- one process ---- */

static LensModel *import(LensWorkbench *workbench, const char *folder)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  lens_workbench_import_model_async(workbench, folder, NULL, on_result, &result);
  wait_for(&result);
  LensModel *model = lens_workbench_import_model_finish(workbench, result, &error);
  if (!model)
    fail(error);
  return model;
}

static void process_open(Process *self)
{
  g_autoptr(GError) error = NULL;
  self->state = bench_make_folder();
  self->workbench = lens_workbench_new(NULL, self->state, &error);
  if (!self->workbench)
    fail(error);
  self->model = self->model_folder
                    ? import(self->workbench, self->model_folder)
                    : lens_workbench_find_model(self->workbench, "lxmert-world-base");
}

static void process_close(Process *self)
{
  lens_workbench_close(self->workbench);
  bench_remove_folder(self->state);
  g_free(self->state);
}

static LensTrainSettings *make_settings(const Process *self, const Row *row)
{
  LensTrainSettings *settings = lens_train_settings_new(row->task);
  g_free(settings->data);
  settings->data = g_strdup(self->data);
  settings->name = g_strdup("bench");
  settings->base_model_id = g_strdup(lens_model_get_id(self->model));
  settings->examples = self->model_folder ? MAX(1, row->examples / 10) : row->examples;
  settings->epochs = self->model_folder ? MIN(row->epochs, 2) : row->epochs;
  settings->batch = row->batch;
  settings->accumulate = row->accumulate;
  settings->freeze_embeddings = settings->freeze_language = settings->freeze_vision = row->frozen;
  return settings;
}

static void estimate(Process *self, LensTrainSettings *settings, Figures *out)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  lens_workbench_estimate_training_async(self->workbench, settings, NULL, on_result, &result);
  wait_for(&result);
  g_autoptr(LensTrainEstimate) found =
      lens_workbench_estimate_training_finish(self->workbench, result, &error);
  if (!found)
    fail(error);
  *out = (Figures){found->seconds, (double)found->memory, found->steps};
}

static void wait_to_end(LensTrainJob *job)
{
  while (!lens_job_is_finished(LENS_JOB(job)))
    g_main_context_iteration(NULL, TRUE);
}

static LensTrainJob *begin_training(Process *self, LensTrainSettings *settings)
{
  g_autoptr(GError) error = NULL;
  LensTrainJob *job = lens_workbench_start_training(self->workbench, settings, &error);
  if (!job)
    fail(error);
  return job;
}

static void train(Process *self, LensTrainSettings *settings, Figures *out)
{
  double before = bench_memory("VmRSS:"), begin = now();
  LensTrainJob *job = begin_training(self, settings);
  wait_to_end(job);
  if (lens_job_get_state(LENS_JOB(job)) != LENS_JOB_DONE) {
    fprintf(stderr, "crosslens-bench: the training ended early: %s\n",
            lens_job_get_error_text(LENS_JOB(job)));
    _exit(1);
  }
  *out = (Figures){now() - begin, bench_memory("VmHWM:") - before, lens_train_job_get_step(job)};
}

typedef void (*Body)(Process *self, LensTrainSettings *settings, Figures *out);

/* In a fresh process, so that nobody's memory is in the way. */
static gboolean run(const Process *common, const Row *row, Body body, Figures *out)
{
  int ends[2], code = 1;
  if (pipe(ends) != 0)
    return FALSE;
  pid_t child = fork();
  if (child == 0) {
    Process self = *common;
    Figures figures = {0};
    process_open(&self);
    g_autoptr(LensTrainSettings) settings = make_settings(&self, row);
    body(&self, settings, &figures);
    process_close(&self);
    _exit(write(ends[1], &figures, sizeof figures) == sizeof figures ? 0 : 1);
  }
  close(ends[1]);
  gboolean ok = child > 0 && read(ends[0], out, sizeof *out) == sizeof *out;
  close(ends[0]);
  return child > 0 && waitpid(child, &code, 0) == child && ok && code == 0;
}

/* ---- estimates ---- */

static gboolean compare_row(const Process *common, const Row *row)
{
  Figures e = {0}, t = {0};
  if (!run(common, row, estimate, &e) || !run(common, row, train, &t))
    return FALSE;
  printf(
      "%-18s %5u steps  estimated %7.1f s, took %7.1f s: %4.2f  estimated %6.0f MB, had %6.0f MB: "
      "%4.2f\n",
      row->name, t.steps, e.seconds, t.seconds, t.seconds / e.seconds, 1e-6 * e.bytes,
      1e-6 * t.bytes, t.bytes / e.bytes);
  fflush(stdout);
  return TRUE;
}

/* ---- questions beside a training ---- */

static double ask(Process *self, LensScene *scene, LensModel *model, int i)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  double begin = now();
  lens_workbench_ask_async(self->workbench, scene,
                           i % 2 ? "what color is the ball ?" : "is there a dog ?", model, NULL,
                           NULL, on_result, &result);
  wait_for(&result);
  g_autoptr(LensRun) answered = lens_workbench_ask_finish(self->workbench, result, &error);
  if (!answered)
    fail(error);
  return now() - begin;
}

static int compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* The median of questions with a pause before each, as a person has. */
static double ask_many(Process *self, LensScene *scene, LensModel *model, const char *when)
{
  double times[ASKS];
  for (int i = 0; i < 3; i++)
    ask(self, scene, model, i);
  for (int i = 0; i < ASKS; i++) {
    for (double end = now() + 1e-3 * PAUSE_MS; now() < end; g_usleep(1000))
      g_main_context_iteration(NULL, FALSE);
    times[i] = ask(self, scene, model, i);
  }
  qsort(times, ASKS, sizeof *times, compare_doubles);
  printf("%-18s median %7.1f ms, 95%% within %7.1f ms\n", when, 1e3 * times[ASKS / 2],
         1e3 * times[ASKS * 95 / 100]);
  fflush(stdout);
  return times[ASKS / 2];
}

static LensScene *open_scene(Process *self)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  const char *picture = lens_workbench_get_start_image(self->workbench, NULL);
  lens_workbench_open_image_async(self->workbench, picture, NULL, NULL, NULL, on_result, &result);
  wait_for(&result);
  LensScene *scene = lens_workbench_open_image_finish(self->workbench, result, &error);
  if (!scene)
    fail(error);
  return scene;
}

static void ask_beside(Process *self, LensTrainSettings *settings, Figures *out)
{
  g_autoptr(LensScene) scene = open_scene(self);
  LensModel *model = self->model_folder
                         ? self->model
                         : lens_workbench_find_model(self->workbench, "lxmert-world-vqa");
  double idle = ask_many(self, scene, model, "asked when idle");
  LensTrainJob *job = begin_training(self, settings);
  while (lens_train_job_get_step(job) < 1 && !lens_job_is_finished(LENS_JOB(job)))
    g_main_context_iteration(NULL, TRUE);
  guint first = lens_train_job_get_step(job);
  double busy = ask_many(self, scene, model, "asked in training");
  printf("%-18s %.2f times as long; %u steps of the training meanwhile\n", "", busy / idle,
         lens_train_job_get_step(job) - first);
  fflush(stdout);
  lens_job_cancel(LENS_JOB(job));
  wait_to_end(job);
  *out = (Figures){busy, 0, 0};
}

static gboolean wanted(char **rows, const char *name)
{
  return !*rows || g_strv_contains((const char *const *)rows, name);
}

int bench_training(const char *data, const char *model, char **rows)
{
  static const Row beside = {"questions", LENS_TASK_VQA, 0, 10, 32, 1, FALSE};
  const Process common = {.data = data, .model_folder = model};
  Figures ignored;
  gboolean ok = TRUE;
  for (gsize i = 0; ok && i < G_N_ELEMENTS(rows_of_all); i++)
    if (wanted(rows, rows_of_all[i].name))
      ok = compare_row(&common, &rows_of_all[i]);
  if (ok && wanted(rows, beside.name))
    ok = run(&common, &beside, ask_beside, &ignored);
  return ok ? 0 : 1;
}
