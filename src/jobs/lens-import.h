/* A model as somebody wrote it: what is in its files by name, and how it becomes a folder of ours. */
#pragma once

#include "lens-detectors.h"

G_BEGIN_DECLS

typedef struct {
  char *path;
  char *layout;             /* "Hugging Face", "BERT", … */
  gboolean config_inferred; /* no config.json of LXMERT's: sizes come from the tensors */
  gboolean heads_assumed;   /* and nothing says how many heads there are */
  int language_layers, vision_layers, cross_layers, heads, hidden;
  int features;             /* numbers of a box's feature */
  int words;                /* of the vocabulary that it was trained with */
  guint loaded;             /* parameter tensors that were found */
  char **missing, **unused; /* names; what is missing begins at random */
  int answers;              /* of its table; 0: none */
  gboolean can_answer;      /* it has an answer head */
  const char *task;         /* "pretrain", "vqa" or "nlvr2", by its heads */
  char *vocab_path;         /* NULL: none beside the weights */
  gboolean in_place;        /* can be used where it lies; else it is copied */
  char *detector;           /* one that gives such features; NULL: none is here */
  LensDetector
      *eyes; /* it is no model but a detector; NULL otherwise, and most of the above is empty */
} LensImport;

/* Reads the weights: a folder, or a .safetensors, .bin, .pt or .pth file. Any thread. */
LensImport *lens_import_look(const char *path, const char *data_dir, const char *state_dir,
                             GError **error);
void lens_import_free(LensImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensImport, lens_import_free)

/* Writes a folder that Crosslens and Hugging Face open. `features` as it was looked at; `answers_path`
 * NULL: the table beside the weights. */
gboolean lens_import_convert(const char *path, int features, const char *vocab_path,
                             const char *answers_path, const char *folder, GError **error);

G_END_DECLS
