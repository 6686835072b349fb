/* Where training and evaluation get their examples: a count and a function, so that files, the demo
 * world and tests feed them alike. */
#pragma once

#include "lx-dataset.h"
#include "lx-features.h"
#include "lx-regions.h"

/* All borrowed, valid until the source's next `get`. */
typedef struct {
  const char *sentence;
  const char *image_id;      /* of the (first) image */
  const LxRegions *image[2]; /* the second only for pairs (NLVR2) */
  const LxTarget *targets;   /* answers with scores; [n_targets] */
  int64_t n_targets;
  int64_t label; /* of a pair: 0 or 1, -1 = unknown */
} LxTrainExample;

typedef struct {
  int64_t count;
  /* 0 <= index < count. Fills *out; without `images` image[] may stay NULL (only the sentence is
   * wanted). */
  LxStatus (*get)(void *user_data, int64_t index, bool images, LxTrainExample *out, LxError *error);
  void *user_data;
} LxExampleSource;

/* The examples of a dataset with the features of their images; both must outlive it. */
typedef struct LxDatasetSource LxDatasetSource;
LxStatus lx_dataset_source_new(const LxDataset *dataset, LxFeatures *features,
                               LxDatasetSource **out, LxError *error);
void lx_dataset_source_free(LxDatasetSource *self); /* NULL is fine */
const LxExampleSource *lx_dataset_source(const LxDatasetSource *self);
