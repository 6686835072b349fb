#include "lx-detector-select.h"

#include <math.h>
#include <stdlib.h>

#include "lx-boxes.h"

void lx_softmax(const float *logits, int n, float *probs)
{
  float top = logits[0], sum = 0;
  for (int i = 1; i < n; i++)
    top = logits[i] > top ? logits[i] : top;
  for (int i = 0; i < n; i++)
    sum += probs[i] = expf(logits[i] - top);
  for (int i = 0; i < n; i++)
    probs[i] /= sum;
}

/* The reference drops the last logit before the softmax. */
int64_t lx_best_attribute(const float *logits, int n, float *probability)
{
  int64_t best = 0;
  double sum = 0;
  for (int i = 1; i < n; i++)
    if (logits[i] > logits[best])
      best = i;
  for (int i = 0; i < n; i++)
    sum += exp((double)logits[i] - logits[best]);
  *probability = (float)(1 / sum);
  return best;
}

static void best_boxes(const LxDetectorConfig *c, const LxSelectionInput *in, LxSelection *s)
{
  int n = c->num_classes;
  for (int64_t r = 0; r < in->rois; r++) {
    float *probs = s->probs + r * (n + 1), *box = s->boxes + 4 * r;
    lx_softmax(in->cls_logits + r * (n + 1), n + 1, probs);
    int best = 0;
    for (int i = 1; i < n; i++)
      if (probs[i] > probs[best])
        best = i;
    s->classes[r] = best;
    s->scores[r] = probs[best];
    lx_box_decode(in->proposals + 4 * r, in->box_deltas + (r * n + best) * 4, c->roi_weights, box);
    lx_box_clip(box, in->width, in->height);
  }
}

LxStatus lx_selection_new(const LxDetectorConfig *config, const LxSelectionInput *in,
                          LxSelection **out, LxError *error)
{
  size_t n = (size_t)(in->rois ? in->rois : 1);
  LxSelection *s = calloc(1, sizeof *s);
  int64_t *order = malloc(n * sizeof *order);
  if (s) {
    s->rois = in->rois;
    s->probs = malloc(n * (size_t)(config->num_classes + 1) * sizeof(float));
    s->boxes = malloc(n * 4 * sizeof(float));
    s->scores = malloc(n * sizeof(float));
    s->classes = malloc(n * sizeof(int64_t));
    s->keep = malloc(n * sizeof(int64_t));
  }
  if (!s || !order || !s->probs || !s->boxes || !s->scores || !s->classes || !s->keep) {
    free(order);
    lx_selection_free(s);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to choose the boxes.");
  }
  best_boxes(config, in, s);
  lx_sort_scores(s->scores, in->rois, order);
  for (int t = 0; t < config->nms_thresholds.count; t++) {
    s->kept = lx_nms(s->boxes, order, in->rois, config->nms_thresholds.at[t], in->rois, s->keep);
    s->survivors[s->tried++] = s->kept;
    if (s->kept >= config->min_detections)
      break;
  }
  s->kept = s->kept < config->max_detections ? s->kept : config->max_detections;
  while (s->kept > config->min_detections && s->scores[s->keep[s->kept - 1]] < config->min_score)
    s->kept--;
  free(order);
  *out = s;
  return LX_OK;
}

void lx_selection_free(LxSelection *self)
{
  if (!self)
    return;
  free(self->probs);
  free(self->boxes);
  free(self->scores);
  free(self->classes);
  free(self->keep);
  free(self);
}
