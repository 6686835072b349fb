#include "lx-proposals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-boxes.h"

LxStatus lx_proposals(const LxDetectorConfig *config, const LxProposalInput *in, int64_t pre,
                      int64_t post, float *boxes, float *logits, int64_t *count, LxError *error)
{
  LxStatus status = LX_OK;
  size_t n = (size_t)(in->n > 0 ? in->n : 1);
  int64_t *order = malloc(n * sizeof *order), *keep = malloc(n * sizeof *keep);
  float *decoded = malloc(n * 4 * sizeof *decoded);
  *count = 0;
  if (!order || !keep || !decoded) {
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the proposals.");
    goto out;
  }
  lx_sort_scores(in->logits, in->n, order);
  int64_t top = in->n < pre ? in->n : pre, usable = 0;
  for (int64_t i = 0; i < top; i++) {
    int64_t at = order[i];
    float *box = decoded + 4 * at;
    lx_box_decode(in->anchors + 4 * at, in->deltas + 4 * at, config->rpn_weights, box);
    lx_box_clip(box, in->width, in->height);
    double w = box[2] - box[0], h = box[3] - box[1];
    if (w > config->rpn_min_size && h > config->rpn_min_size && isfinite(in->logits[at]))
      order[usable++] = at;
  }
  *count = lx_nms(decoded, order, usable, config->rpn_nms, post, keep);
  for (int64_t i = 0; i < *count; i++) {
    memcpy(boxes + 4 * i, decoded + 4 * keep[i], 4 * sizeof *boxes);
    if (logits)
      logits[i] = in->logits[keep[i]];
  }
out:
  free(order);
  free(keep);
  free(decoded);
  return status;
}
