#include "lens-train-setup.h"

#include <glib/gi18n.h>

#include "lens-engine-error.h"

static void fill_options(const LensTrainSettings *settings, LxTrainOptions *options)
{
  lx_train_options_init(options, lens_train_task(settings));
  options->epochs = settings->epochs;
  options->batch = settings->batch;
  options->accumulate = settings->accumulate;
  options->seed = settings->seed;
  options->dropout = settings->dropout;
  options->multi_class = settings->multi_class;
  options->optimizer.lr = settings->learning_rate;
  options->optimizer.warmup = settings->warmup;
  options->frozen = (settings->freeze_embeddings ? LX_PART_EMBEDDINGS : 0) |
                    (settings->freeze_language ? LX_PART_LANGUAGE : 0) |
                    (settings->freeze_vision ? LX_PART_VISION : 0) |
                    (settings->freeze_cross ? LX_PART_CROSS : 0) |
                    (settings->freeze_heads ? LX_PART_HEADS : 0);
}

static gboolean open_trainer(const LensTrainSetupRequest *request, LensTrainSetup *self,
                             GError **error)
{
  LxError engine = {0};
  LxTrainOptions options;
  fill_options(request->settings, &options);
  /* Small models have fewer positions than the published ones. */
  options.max_words = MIN(options.max_words, self->base.config.max_position_embeddings);
  options.between = request->between;
  options.between_data = request->progress_data;
  return lx_trainer_new(&self->base.config, self->base.params, self->base.tokenizer,
                        lens_train_data_get_training(self->data), &options, &self->trainer,
                        &engine) == LX_OK ||
         lens_error_from_engine(error, &engine);
}

gboolean lens_train_setup_open(const LensTrainSetupRequest *request, LensTrainSetup *self,
                               GError **error)
{
  const LensTrainSettings *settings = request->settings;
  g_autofree char *answers = lens_train_data_find_answers(settings, request->data_dir);
  if (request->progress(0, _("Opening the base model"), request->progress_data)) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    return FALSE;
  }
  if (!lens_train_base_open(request->model, settings, answers, &self->base, error))
    return FALSE;
  LensTrainDataRequest data = {
      .settings = settings,
      .data_dir = request->data_dir,
      .state_dir = request->state_dir,
      .store = request->store,
      .answers = self->base.answers,
      .model_id = lens_model_get_id(request->model),
      .features = (int)self->base.config.visual_feat_dim,
      .progress = request->progress,
      .progress_data = request->progress_data,
  };
  self->data = lens_train_data_open(&data, error);
  return self->data && open_trainer(request, self, error);
}

void lens_train_setup_clear(LensTrainSetup *self)
{
  lx_trainer_free(self->trainer);
  lens_train_data_free(self->data);
  lens_train_base_clear(&self->base);
  self->trainer = NULL;
  self->data = NULL;
}

gint64 lens_train_setup_per_epoch(const LensTrainSetup *self, const LensTrainSettings *settings)
{
  return MAX(1, lx_trainer_total_steps(self->trainer) / MAX(1, settings->epochs));
}

guint64 lens_train_setup_get_memory(const LensTrainSetup *self)
{
  size_t params, graph, moments;
  lx_trainer_memory(self->trainer, &params, &graph, &moments);
  return (guint64)params + graph + moments + lens_train_data_get_bytes(self->data);
}
