#include "lens-train-estimate.h"

#include <sys/resource.h>
#include <unistd.h>

#include "lens-engine-error.h"
#include "lens-train-setup.h"
#include "lx-evaluate.h"

#define BATCH_OF_EVALUATION 32
/* A checkpoint takes at most a twentieth of the time of the training (see lens-train-run.c). */
#define CHECKPOINT_SHARE 1.03

static double now(void) { return (double)g_get_monotonic_time() / G_USEC_PER_SEC; }

/* The first step also fills caches and pages: the second one counts. */
static gboolean time_steps(LensTrainSetup *setup, double *seconds, GError **error)
{
  LxError engine = {0};
  for (int i = 0; i < 2; i++) {
    double begin = now();
    if (lx_trainer_step(setup->trainer, NULL, &engine) != LX_OK)
      return lens_error_from_engine(error, &engine);
    *seconds = now() - begin;
    if (lx_trainer_done(setup->trainer))
      break;
  }
  return TRUE;
}

/* Seconds of one evaluation: of one batch, twice, scaled. */
static gboolean time_evaluation(LensTrainSetup *setup, const LensTrainSetupRequest *request,
                                double *seconds, GError **error)
{
  LxError engine = {0};
  LxEvaluation result;
  const LxExampleSource *source = lens_train_data_get_validation(setup->data);
  gint64 n = MIN(source->count, BATCH_OF_EVALUATION);
  *seconds = 0;
  for (int i = 0; n > 0 && i < 2; i++) {
    double begin = now();
    if (lx_evaluate(lx_trainer_config(setup->trainer), lx_trainer_params(setup->trainer),
                    setup->base.tokenizer, source, lens_train_task(request->settings), n,
                    BATCH_OF_EVALUATION, request->progress, request->progress_data, NULL, &result,
                    &engine) != LX_OK)
      return lens_error_from_engine(error, &engine);
    *seconds = (now() - begin) * (double)source->count / (double)n;
  }
  return TRUE;
}

static LensTrainEstimate *measure(LensTrainSetup *setup, const LensTrainSetupRequest *request,
                                  GError **error)
{
  size_t params, graph, moments;
  double step = 0, evaluation = 0;
  if (!time_steps(setup, &step, error) || !time_evaluation(setup, request, &evaluation, error))
    return NULL;
  LensTrainEstimate *self = g_new0(LensTrainEstimate, 1);
  lx_trainer_memory(setup->trainer, &params, &graph, &moments);
  self->steps = (guint)lx_trainer_total_steps(setup->trainer);
  self->examples = (guint)lens_train_data_get_training(setup->data)->count;
  self->validation = (guint)lens_train_data_get_validation(setup->data)->count;
  self->step_seconds = step;
  self->seconds = CHECKPOINT_SHARE * step * self->steps +
                  evaluation * (request->settings->epochs + 1);
  self->memory = lens_train_setup_get_memory(setup);
  /* the model, the state (parameters and moments), the best model; twice while one is written */
  self->disk = 2 * ((guint64)params + params + moments) + params;
  self->load_report = g_strdup(setup->base.report);
  return self;
}

LensTrainEstimate *lens_train_estimate_make(const LensTrainSetupRequest *request, GError **error)
{
  LensTrainSetup setup = {0};
  LensTrainEstimate *self = NULL;
  /* As the training itself runs. */
  setpriority(PRIO_PROCESS, (id_t)gettid(), 10);
  if (lens_train_setup_open(request, &setup, error))
    self = measure(&setup, request, error);
  lens_train_setup_clear(&setup);
  return self;
}

void lens_train_estimate_free(LensTrainEstimate *self)
{
  if (!self)
    return;
  g_free(self->load_report);
  g_free(self);
}
