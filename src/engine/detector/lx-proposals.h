/* From the region proposal network's outputs to boxes worth a closer look. */
#pragma once

#include "lx-detector-config.h"

#include <stdint.h>

typedef struct {
  const float *logits, *deltas, *anchors; /* [n], [n, 4], [n, 4] */
  int64_t n;
  float width, height; /* of the image without padding */
} LxProposalInput;

/* The `pre` best by logit, decoded, clipped, with both sides over rpn_min_size, after NMS the first
 * `post`. boxes[post, 4], logits[post] (may be NULL), *count. */
LxStatus lx_proposals(const LxDetectorConfig *config, const LxProposalInput *in, int64_t pre,
                      int64_t post, float *boxes, float *logits, int64_t *count, LxError *error);
