/* A model that questions can be asked of. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What a model folder says of itself; strings are copied. */
typedef struct {
  const char *id;   /* stable: the folder's name, or the store's id */
  const char *name; /* for a person */
  const char *path; /* the folder */
  const char *task; /* "pretrain", "vqa", "gqa", "nlvr2" */
  const char *note; /* one line: where it came from, how good it is; may be NULL */
  int language_layers;
  int vision_layers;
  int cross_layers;
  int heads;
  int hidden;
  int n_answers;
  int features; /* numbers of a box's feature; 0 unknown */
  gboolean shipped;
  const char *hash; /* tells these weights from others; NULL unknown */
} LensModelInfo;

#define LENS_TYPE_MODEL (lens_model_get_type())
G_DECLARE_FINAL_TYPE(LensModel, lens_model, LENS, MODEL, GObject)

LensModel *lens_model_new(const LensModelInfo *info);

/* Borrowed, valid as long as the model. */
const LensModelInfo *lens_model_get_info(LensModel *self);
const char *lens_model_get_id(LensModel *self);
const char *lens_model_get_name(LensModel *self);
const char *lens_model_get_path(LensModel *self);

G_END_DECLS
