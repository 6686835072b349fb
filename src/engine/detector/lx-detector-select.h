/* The last step: from the heads' outputs on all proposals to the boxes that are reported. */
#pragma once

#include "lx-detector-config.h"

#include <stdint.h>

typedef struct {
  int64_t rois;
  float *probs;     /* [rois, classes + 1], softmax, background last */
  float *boxes;     /* [rois, 4] of the best class, clipped */
  float *scores;    /* [rois] */
  int64_t *classes; /* [rois], background left out */
  int64_t *keep;    /* [kept] indices of RoIs by falling score */
  int64_t kept;
  int tried;                                /* NMS thresholds that were tried */
  int64_t survivors[LX_DET_MAX_THRESHOLDS]; /* of each */
} LxSelection;

typedef struct {
  int64_t rois;
  const float *proposals;  /* [rois, 4] */
  const float *cls_logits; /* [rois, classes + 1] */
  const float *box_deltas; /* [rois, 4 classes] */
  float width, height;     /* of the network's image without padding */
} LxSelectionInput;

/* *out is owned: lx_selection_free. */
LxStatus lx_selection_new(const LxDetectorConfig *config, const LxSelectionInput *in,
                          LxSelection **out, LxError *error);
void lx_selection_free(LxSelection *self);

/* Best of `n` of softmax(logits[n + 1]) without the last (= none). */
int64_t lx_best_attribute(const float *logits, int n, float *probability);
/* probs = softmax(logits) over n. */
void lx_softmax(const float *logits, int n, float *probs);
