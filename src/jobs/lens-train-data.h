/* What a training learns from and is checked with: the shipped scenes' questions with features
 * from the detector, or a folder with the authors' JSON and TSV files. */
#pragma once

#include <gio/gio.h>

#include "lens-store.h"
#include "lens-train-settings.h"
#include "lx-examples.h"

G_BEGIN_DECLS

typedef struct _LensTrainData LensTrainData;

typedef struct {
  const LensTrainSettings *settings;
  const char *data_dir;
  const char *state_dir;
  LensStore *store;
  const LxAnswers *answers; /* NULL for NLVR2 */
  const char
      *model_id; /* that is trained, and the numbers of its features: the demo's are made by */
  int features;  /* its detector */
  /* Told what is being done, 0..1; may wait. Returns 0 to go on. */
  LxProgress progress;
  void *progress_data;
} LensTrainDataRequest;

/* "demo": a fifth of the scenes (their number modulo 5 is 4) is kept for validation, and features
 * that the store lacks are detected now and written to state_dir/features. A folder:
 * `vqa/train.json` and `vqa/minival.json` (or those files in the folder itself, `gqa/…`, `nlvr2/…`
 * and `lxmert/world_…` for those tasks), features from every .tsv in the folder or one below.
 * Training thread. */
LensTrainData *lens_train_data_open(const LensTrainDataRequest *request, GError **error);
void lens_train_data_free(LensTrainData *self); /* NULL is fine */

/* Borrowed. At most settings->examples examples for training, drawn by the seed. */
const LxExampleSource *lens_train_data_get_training(LensTrainData *self);
/* count 0 when there is nothing to check with. */
const LxExampleSource *lens_train_data_get_validation(LensTrainData *self);
/* The table of answers that belongs to the data, owned; NULL: it has none of its own (the demo, which
 * every shipped model knows the answers of) or needs none. */
char *lens_train_data_find_answers(const LensTrainSettings *settings, const char *data_dir);

/* The folder holds questions to learn the task from, and features. */
gboolean lens_train_data_offers(const char *folder, LensTask task);

/* The picture of an image, owned; NULL when there is none. */
char *lens_train_data_find_image(const LensTrainSettings *settings, const char *data_dir,
                                 const char *image_id);
/* The folder that holds objects_vocab.txt and attributes_vocab.txt, owned. */
char *lens_train_data_folder(const LensTrainSettings *settings, const char *data_dir);
/* Bytes of features that are held. */
gsize lens_train_data_get_bytes(LensTrainData *self);
/* Bytes that the cache will grow by as images are read: as many as those so far had each. */
gsize lens_train_data_get_unread(LensTrainData *self);

G_END_DECLS
