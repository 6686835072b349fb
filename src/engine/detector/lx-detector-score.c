#include "lx-detector-score.h"

#include <math.h>

#include "lx-boxes.h"

/* The true box that overlaps most, at least by half; -1 = none. */
static int match(const float *box, const LxDetectorTruth *truth, float *iou)
{
  int best = -1;
  *iou = 0.5f;
  for (int g = 0; g < truth->count; g++) {
    float mine = lx_box_iou(box, truth->boxes[g]);
    if (mine >= *iou) {
      *iou = mine;
      best = g;
    }
  }
  return best;
}

static double norm(const float *x, int64_t n)
{
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += (double)x[i] * x[i];
  return sqrt(sum);
}

void lx_detector_score_add(LxDetectorScore *self, const LxRegions *r, const LxDetectorTruth *truth)
{
  bool taken[LX_DET_MAX_TRUTH] = {false};
  for (int64_t i = 0; i < r->count; i++) {
    float iou;
    int g = match(r->boxes + 4 * i, truth, &iou);
    self->norm_sum += norm(r->features + i * r->feature_size, r->feature_size);
    if (g < 0)
      continue;
    if (taken[g]) {
      self->doubles++;
      continue;
    }
    taken[g] = true;
    self->found++;
    self->class_right += r->object_ids[i] == truth->classes[g];
    self->attribute_right += r->attribute_ids[i] == truth->attributes[g];
    self->iou_sum += iou;
  }
  self->images++;
  self->truths += truth->count;
  self->boxes += r->count;
}

static double share(double part, int64_t whole)
{
  return whole ? part / (double)whole : 0;
}

void lx_detector_score_join(LxDetectorScore *self, const LxDetectorScore *other)
{
  self->images += other->images;
  self->truths += other->truths;
  self->found += other->found;
  self->class_right += other->class_right;
  self->attribute_right += other->attribute_right;
  self->boxes += other->boxes;
  self->doubles += other->doubles;
  self->iou_sum += other->iou_sum;
  self->norm_sum += other->norm_sum;
  self->recall = share((double)self->found, self->truths);
  self->class_accuracy = share((double)self->class_right, self->found);
  self->attribute_accuracy = share((double)self->attribute_right, self->found);
  self->mean_iou = share(self->iou_sum, self->found);
  self->boxes_per_image = share((double)self->boxes, self->images);
  self->doubles_share = share((double)self->doubles, self->boxes);
  self->feature_norm = share(self->norm_sum, self->boxes);
}
