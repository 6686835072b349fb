/* What a fine-tuning job is to do. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  LENS_TASK_VQA,
  LENS_TASK_GQA,
  LENS_TASK_NLVR2,
  LENS_TASK_PRETRAIN,
} LensTask;

typedef struct {
  char *name;          /* of the resulting model */
  LensTask task;
  char *base_model_id;
  char *data;          /* "demo": questions on scenes of the demo world; else a folder */
  int examples;        /* 0: all */
  int epochs;
  int batch;
  double learning_rate;
  guint64 seed;
  gboolean freeze_language;
  gboolean freeze_vision;
  gboolean freeze_cross;
} LensTrainSettings;

#define LENS_TYPE_TRAIN_SETTINGS (lens_train_settings_get_type())
GType lens_train_settings_get_type(void);

/* Sensible values for the task on the demo questions. */
LensTrainSettings *lens_train_settings_new(LensTask task);
LensTrainSettings *lens_train_settings_copy(const LensTrainSettings *self);
void lens_train_settings_free(LensTrainSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensTrainSettings, lens_train_settings_free)

/* "vqa", "gqa", "nlvr2", "pretrain", as on the command line. */
const char *lens_task_get_id(LensTask task);
/* For a person, translated. */
const char *lens_task_get_name(LensTask task);

G_END_DECLS
