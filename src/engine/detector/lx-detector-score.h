/* How good reported regions are against known boxes. */
#pragma once

#include "lx-detector-targets.h"
#include "lx-regions.h"

typedef struct {
  int64_t images, truths, found, class_right, attribute_right, boxes, doubles;
  double iou_sum, norm_sum;
  double recall;                             /* true boxes with a reported one at IoU >= 0.5 */
  double class_accuracy, attribute_accuracy; /* of the found ones */
  double mean_iou;                           /* of the found ones */
  double boxes_per_image;                    /* reported */
  double doubles_share; /* reported boxes whose true box another one already has */
  double feature_norm;
} LxDetectorScore;

/* Adds one picture's regions (by falling confidence) to the counts; boxes in the same pixels. */
void lx_detector_score_add(LxDetectorScore *self, const LxRegions *regions,
                           const LxDetectorTruth *truth);
/* Adds another score's counts and works out the shares. */
void lx_detector_score_join(LxDetectorScore *self, const LxDetectorScore *other);
