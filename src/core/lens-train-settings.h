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
  char *name; /* of the resulting model */
  LensTask task;
  char *base_model_id;
  char *data; /* "demo": questions on scenes of the demo world; else a folder */
  int images; /* the first ones of each feature file; 0: all. The authors' tiny is 512, fast 5,000 */
  int examples; /* drawn of theirs; 0: all */
  int epochs;
  int batch;      /* examples of one forward and backward */
  int accumulate; /* batches of one update */
  double learning_rate;
  double warmup;        /* share of all steps; 0: none */
  double dropout;       /* negative: the model's own rates */
  gboolean multi_class; /* VQA, GQA: one right answer and softmax, in place of soft scores */
  guint64 seed;
  gboolean freeze_embeddings;
  gboolean freeze_language;
  gboolean freeze_vision;
  gboolean freeze_cross;
  gboolean freeze_heads;
  /* Learning rates set while it ran: "2:1e-05 5:5e-06" is from epoch 2 (counted from 0) on 1e-5, from
   * epoch 5 on 5e-6. NULL: none. */
  char *rate_changes;
} LensTrainSettings;

#define LENS_TYPE_TRAIN_SETTINGS (lens_train_settings_get_type())
GType lens_train_settings_get_type(void);

/* The paper's values for the task, on a data folder of full size. */
LensTrainSettings *lens_train_settings_new(LensTask task);
/* The same for the few questions and statements of the demo scenes and the small models that ship. Measured: 64
 * steps in 5 seconds, 160 for statements in 15; see README. */
LensTrainSettings *lens_train_settings_new_demo(LensTask task);
LensTrainSettings *lens_train_settings_copy(const LensTrainSettings *self);
void lens_train_settings_free(LensTrainSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensTrainSettings, lens_train_settings_free)

/* The learning rate from `epoch` (from 0) on, with the changes made while it ran. */
double lens_train_settings_get_rate(const LensTrainSettings *self, int epoch);
/* From that epoch on; later changes are dropped. */
void lens_train_settings_change_rate(LensTrainSettings *self, int epoch, double rate);

/* "vqa", "gqa", "nlvr2", "pretrain", as on the command line. */
const char *lens_task_get_id(LensTask task);
/* For a person, translated. */
const char *lens_task_get_name(LensTask task);

G_END_DECLS
