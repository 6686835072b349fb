#include "lens-train-estimate.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lens-engine-error.h"
#include "lens-train-peek.h"
#include "lens-train-setup.h"
#include "lx-evaluate.h"
#include "lx-file.h"
#include "lx-threads.h"

#define BATCH_OF_EVALUATION 32
/* A checkpoint takes at most a twentieth of the time between two (see lens-train-run.c). */
#define CHECKPOINT_SHARE 20
#define ENOUGH_SECONDS 1.0
#define LOOK_AT_MEMORY 0.02 /* seconds: looking costs about as much as a small operation */
#define MOST_STEPS 50
#define MOST_TRIED ((gsize)64 << 20) /* bytes that are written to learn how fast the disk is */

typedef struct {
  const LensTrainSetupRequest *asked;
  LensTrainSetupRequest request; /* the same, watched */
  LensTrainSetup setup;
  guint64 before, most; /* bytes of memory that this program has */
  double looked;        /* when that was seen */
  double open, step, evaluation, look, file, bytes_per_second;
  double first; /* what the first step takes longer */
} Trial;

static double now(void) { return (double)g_get_monotonic_time() / G_USEC_PER_SEC; }

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

/* The first step also fills caches and pages, which is told apart: the ones behind it count, two in all
 * or, where they are short, as many as make the mean steady. */
static gboolean time_steps(Trial *self, GError **error)
{
  LxError engine = {0};
  double begin = now();
  for (int i = 0; i < 2 || (now() - begin < ENOUGH_SECONDS && i < MOST_STEPS); i++) {
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

/* Of the first `n` examples. */
static gboolean evaluate(Trial *self, gint64 n, GError **error)
{
  LxError engine = {0};
  LxEvaluation result;
  LensTrainSetup *setup = &self->setup;
  const LxExampleSource *source = lens_train_data_get_validation(setup->data);
  double begin = now();
  if (lx_evaluate(lx_trainer_config(setup->trainer), lx_trainer_params(setup->trainer),
                  setup->base.tokenizer, source, lens_train_task(self->asked->settings), n,
                  BATCH_OF_EVALUATION, on_progress, self, NULL, &result, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  self->evaluation = (now() - begin) * (double)source->count / (double)n;
  return TRUE;
}

/* Seconds of one evaluation: of one batch, twice, scaled, or of the whole where that is short; and of a
 * look at the example behind it. */
static gboolean time_evaluation(Trial *self, GError **error)
{
  gint64 all = lens_train_data_get_validation(self->setup.data)->count;
  gint64 n = MIN(all, BATCH_OF_EVALUATION);
  for (int i = 0; n > 0 && i < 2; i++) {
    if (!evaluate(self, n, error))
      return FALSE;
    n = self->evaluation < ENOUGH_SECONDS ? all : n;
  }
  double begin = now();
  LensTrainPeeker *peeker = lens_train_peeker_new(&self->request, &self->setup);
  lens_train_peek_free(lens_train_peeker_look(peeker, 0, NULL));
  self->most = MAX(self->most, resident());
  lens_train_peeker_free(peeker);
  self->look = now() - begin;
  return TRUE;
}

/* A small file and a larger one where the checkpoints will be, each flushed to the disk. */
static gboolean time_disk(Trial *self, gsize wanted, GError **error)
{
  LxError engine = {0};
  gsize n = MIN(wanted, MOST_TRIED);
  g_autofree char *bytes = g_malloc0(n);
  g_autofree char *path = g_build_filename(self->asked->state_dir, "estimate.part", NULL);
  double begin = now();
  LxStatus status = lx_file_write(path, bytes, MIN(n, 1000), &engine);
  self->file = now() - begin;
  begin = now();
  if (status == LX_OK)
    status = lx_file_write(path, bytes, n, &engine);
  self->bytes_per_second = (double)n / MAX(now() - begin - self->file, 1e-4);
  g_unlink(path);
  return status == LX_OK || lens_error_from_engine(error, &engine);
}

/* Checkpoints at the ends of epochs, as far as that takes a twentieth of the time, one at the begin and
 * one at the end; the best model after each epoch, if each is better. */
static double checkpoint_seconds(const Trial *self, double work, gsize params, gsize moments)
{
  double model = 5 * self->file + (double)params / self->bytes_per_second;
  double whole = model + self->file + (double)(params + moments) / self->bytes_per_second;
  double often = work / (CHECKPOINT_SHARE * MAX(whole, 1e-6));
  int epochs = self->asked->settings->epochs;
  return (2 + MIN(often, MAX(epochs, work / 5))) * whole + epochs * model;
}

static LensTrainEstimate *measure(Trial *self, GError **error)
{
  size_t params, graph, moments;
  LensTrainSetup *setup = &self->setup;
  lx_trainer_memory(setup->trainer, &params, &graph, &moments);
  if (!time_steps(self, error) || !time_evaluation(self, error) ||
      !time_disk(self, params, error))
    return NULL;
  LensTrainEstimate *e = g_new0(LensTrainEstimate, 1);
  e->steps = (guint)lx_trainer_total_steps(setup->trainer);
  e->examples = (guint)lens_train_data_get_training(setup->data)->count;
  e->validation = (guint)lens_train_data_get_validation(setup->data)->count;
  e->step_seconds = self->step;
  double work = self->step * e->steps +
                (self->evaluation + self->look) * (self->asked->settings->epochs + 1);
  e->seconds = self->open + self->first + work + checkpoint_seconds(self, work, params, moments);
  /* What was seen, but for pages that were there before; and features that are not read yet. */
  e->memory = MAX(lens_train_setup_get_memory(setup), self->most - MIN(self->before, self->most)) +
              lens_train_data_get_unread(setup->data);
  /* the model, the state (parameters and moments), the best model; twice while one is written */
  e->disk = 2 * ((guint64)params + params + moments) + params;
  e->load_report = g_strdup(setup->base.report);
  return e;
}

LensTrainEstimate *lens_train_estimate_make(const LensTrainSetupRequest *request, GError **error)
{
  Trial self = {.asked = request, .request = *request, .before = resident()};
  LensTrainEstimate *found = NULL;
  double begin = now();
  self.request.progress = self.request.between = on_progress;
  self.request.progress_data = &self;
  /* As the training itself runs. */
  setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
  gboolean opened = lens_train_setup_open(&self.request, &self.setup, error);
  self.open = now() - begin;
  if (opened)
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
