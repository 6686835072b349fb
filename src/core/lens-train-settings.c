#include "lens-train-settings.h"

#include <glib/gi18n.h>

G_DEFINE_BOXED_TYPE(LensTrainSettings, lens_train_settings, lens_train_settings_copy,
                    lens_train_settings_free)

LensTrainSettings *
lens_train_settings_new(LensTask task)
{
  LensTrainSettings *self = g_new0(LensTrainSettings, 1);

  self->task = task;
  self->data = g_strdup("demo");
  self->examples = 512;
  self->epochs = task == LENS_TASK_PRETRAIN ? 1 : 4;
  self->batch = 32;
  self->learning_rate = task == LENS_TASK_GQA ? 1e-5 : task == LENS_TASK_PRETRAIN ? 1e-4 : 5e-5;
  self->seed = 9595; /* the authors' default */
  return self;
}

LensTrainSettings *
lens_train_settings_copy(const LensTrainSettings *self)
{
  LensTrainSettings *copy;

  if (!self)
    return NULL;
  copy = g_memdup2(self, sizeof *self);
  copy->name = g_strdup(self->name);
  copy->base_model_id = g_strdup(self->base_model_id);
  copy->data = g_strdup(self->data);
  return copy;
}

void
lens_train_settings_free(LensTrainSettings *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->base_model_id);
  g_free(self->data);
  g_free(self);
}

const char *
lens_task_get_id(LensTask task)
{
  static const char *const ids[] = { "vqa", "gqa", "nlvr2", "pretrain" };

  g_return_val_if_fail(task < G_N_ELEMENTS(ids), "");
  return ids[task];
}

const char *
lens_task_get_name(LensTask task)
{
  switch (task) {
  case LENS_TASK_VQA:
    return _("Questions (VQA)");
  case LENS_TASK_GQA:
    return _("Compositional questions (GQA)");
  case LENS_TASK_NLVR2:
    return _("Statements on two images (NLVR2)");
  case LENS_TASK_PRETRAIN:
    return _("Pre-training");
  }
  return "";
}
