#include "lens-train-estimate.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lens-engine-error.h"
#include "lens-train-peek.h"
#include "lens-train-plan.h"
#include "lens-train-setup.h"
#include "lx-evaluate.h"
#include "lx-file.h"
#include "lx-threads.h"

#define BATCH_OF_EVALUATION 32
#define ENOUGH_SECONDS 1.0
#define LOOK_AT_MEMORY 0.02 /* seconds: looking costs about as much as a small operation */
#define MOST_STEPS 50
#define MOST_SECONDS_OF_OPENING 2
/* What is written to learn how fast the disk is: as much as a model, since many disks take the
 * first hundred megabytes faster than the next. */
#define PIECE ((gsize)32 << 20)
#define MOST_TRIED ((gsize)1 << 30)
#define MOST_SECONDS_OF_WRITING 3

typedef struct {
  const LensTrainSetupRequest *asked;
  LensTrainSetupRequest request; /* the same, watched */
  LensTrainSetup setup;
  guint64 before, most; /* bytes of memory that this program has */
  double looked;        /* when that was seen */
  double open, step, evaluation, look, file, bytes_per_second;
  double first; /* what the first step takes longer */
  double half;  /* when the first half of the evaluation was done */
} Trial;

static double now(void)
{
  return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static guint64 resident(void)
{
  unsigned long long all = 0, here = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file && fscanf(file, "%llu %llu", &all, &here) != 2)
    here = 0;
  if (file)
    fclose(file);
  return here * (guint64)sysconf(_SC_PAGESIZE);
}

static int on_progress(double done, const char *what, void *user_data)
{
  Trial *self = user_data;
  double time = now();
  if (time - self->looked > LOOK_AT_MEMORY) {
    self->most = MAX(self->most, resident());
    self->looked = time;
  }
  return self->asked->progress(done, what, self->asked->progress_data);
}

/* The first step also lays out memory, which is told apart: the ones behind it count, two in all
 * or, where they are short, as many as make the mean steady. */
static gboolean time_steps(Trial *self, GError **error)
{
  LxError engine = {0};
  double begin = now();
  for (int i = 0; i < 3 || (now() - begin < ENOUGH_SECONDS && i < MOST_STEPS); i++) {
    if (lx_trainer_step(self->setup.trainer, NULL, &engine) != LX_OK)
      return lens_error_from_engine(error, &engine);
    if (i == 0) {
      self->first = self->step = now() - begin;
      begin = now();
    } else {
      self->step = (now() - begin) / i;
    }
    if (lx_trainer_done(self->setup.trainer))
      break;
  }
  self->first = MAX(0, self->first - self->step);
  return TRUE;
}

static int on_evaluation(double done, const char *what, void *user_data)
{
  Trial *self = user_data;
  if (self->half == 0 && done >= 0.5)
    self->half = now();
  return on_progress(done, what, self);
}

/* Seconds that the first `n` examples take. */
static gboolean evaluate(Trial *self, gint64 n, double *seconds, GError **error)
{
  LxError engine = {0};
  LxEvaluation result;
  LensTrainSetup *setup = &self->setup;
  double begin = now();
  self->half = 0;
  if (lx_evaluate(lx_trainer_config(setup->trainer), lx_trainer_params(setup->trainer),
                  setup->base.tokenizer, lens_train_data_get_validation(setup->data),
                  lens_train_task(self->asked->settings), n, BATCH_OF_EVALUATION, on_evaluation,
                  self, NULL, NULL, &result, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  *seconds = now() - begin;
  return TRUE;
}

/* Of one evaluation: of two batches, the first of which also lays the weights out, and as many like
 * the second as there are; or of the whole where that is short, then with what was read for the
 * first time behind it. */
static gboolean time_evaluation(Trial *self, GError **error)
{
  gint64 all = lens_train_data_get_validation(self->setup.data)->count;
  gint64 n = MIN(all, 2 * BATCH_OF_EVALUATION);
  if (n > 0 && !evaluate(self, n, &self->evaluation, error))
    return FALSE;
  if (n < all)
    self->evaluation += (now() - self->half) * (double)(all - n) / BATCH_OF_EVALUATION;
  if (n > 0 && self->evaluation < ENOUGH_SECONDS && !evaluate(self, all, &self->evaluation, error))
    return FALSE;
  double begin = now();
  LensTrainPeeker *peeker = lens_train_peeker_new(&self->request, &self->setup);
  lens_train_peek_free(lens_train_peeker_look(peeker, 0, NULL));
  self->most = MAX(self->most, resident());
  lens_train_peeker_free(peeker);
  self->look = now() - begin;
  return TRUE;
}

/* A small file and then as much as a model, three times where that is little, where the checkpoints
 * will be; each file flushed to the disk. */
static gboolean time_disk(Trial *self, gsize wanted, GError **error)
{
  LxError engine = {0};
  gsize n = MIN(wanted, PIECE), most = CLAMP(wanted, 3 * n, MOST_TRIED), written = 0;
  g_autofree char *bytes = g_malloc0(n);
  g_autofree char *path = g_build_filename(self->asked->state_dir, "estimate.part", NULL);
  double begin = now(), passed = 0;
  LxStatus status = lx_file_write(path, bytes, MIN(n, 1000), &engine);
  self->file = now() - begin;
  begin = now();
  while (status == LX_OK && written < most && passed < MOST_SECONDS_OF_WRITING) {
    status = lx_file_write(path, bytes, n, &engine);
    written += n;
    passed = now() - begin;
  }
  self->bytes_per_second = (double)written / MAX(passed - self->file, 1e-4);
  g_unlink(path);
  return status == LX_OK || lens_error_from_engine(error, &engine);
}

/* A checkpoint is the model in five files and the state; the best model is written after the first
 * epoch, and then as often as not. */
static double total_seconds(const Trial *self, gsize params, gsize moments)
{
  double model = 5 * self->file + (double)params / self->bytes_per_second;
  double state = self->file + (double)(params + moments) / self->bytes_per_second;
  LensTrainCosts costs = {self->step, self->evaluation + self->look, model / 2, model + state};
  LensTrainPlan plan = {lx_trainer_total_steps(self->setup.trainer),
                        lens_train_setup_per_epoch(&self->setup, self->asked->settings), 0, -1};
  return self->open + costs.evaluation + self->first + model / 2 +
         lens_train_plan_seconds(plan, &costs);
}

static LensTrainEstimate *measure(Trial *self, GError **error)
{
  size_t params, graph, moments;
  LensTrainSetup *setup = &self->setup;
  lx_trainer_memory(setup->trainer, &params, &graph, &moments);
  if (!time_steps(self, error) || !time_evaluation(self, error) || !time_disk(self, params, error))
    return NULL;
  LensTrainEstimate *e = g_new0(LensTrainEstimate, 1);
  e->steps = (guint)lx_trainer_total_steps(setup->trainer);
  e->examples = (guint)lens_train_data_get_training(setup->data)->count;
  e->validation = (guint)lens_train_data_get_validation(setup->data)->count;
  e->step_seconds = self->step;
  e->seconds = total_seconds(self, params, moments);
  /* What was seen, but for pages that were there before; and features that are not read yet. */
  e->memory = MAX(lens_train_setup_get_memory(setup), self->most - MIN(self->before, self->most)) +
              lens_train_data_get_unread(setup->data);
  /* the model, the state (parameters and moments), the best model; twice while one is written */
  e->disk = 2 * ((guint64)params + params + moments) + params;
  e->load_report = g_strdup(setup->base.report);
  return e;
}

/* Twice where it is short: the first time also reads files that the training then finds in memory.
 */
static gboolean open_setup(Trial *self, GError **error)
{
  for (int i = 0; i < 2 && (i == 0 || self->open < MOST_SECONDS_OF_OPENING); i++) {
    double begin = now();
    lens_train_setup_clear(&self->setup);
    if (!lens_train_setup_open(&self->request, &self->setup, error))
      return FALSE;
    self->open = now() - begin;
  }
  return TRUE;
}

LensTrainEstimate *lens_train_estimate_make(const LensTrainSetupRequest *request, GError **error)
{
  Trial self = {.asked = request, .request = *request, .before = resident()};
  LensTrainEstimate *found = NULL;
  self.request.progress = self.request.between = on_progress;
  self.request.progress_data = &self;
  /* As the training itself runs. */
  setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
  if (open_setup(&self, error))
    found = measure(&self, error);
  lens_train_setup_clear(&self.setup);
  lx_threads_release(); /* the training has its own */
  return found;
}

void lens_train_estimate_free(LensTrainEstimate *self)
{
  if (!self)
    return;
  g_free(self->load_report);
  g_free(self);
}
