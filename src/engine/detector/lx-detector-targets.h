/* What the detector is trained towards, for one image. */
#pragma once

#include <stdint.h>

#include "lx-graph.h"

#define LX_DET_MAX_TRUTH 64

typedef struct {
  int count;
  float boxes[LX_DET_MAX_TRUTH][4]; /* pixels of the network's input */
  int64_t classes[LX_DET_MAX_TRUTH];
  int64_t attributes[LX_DET_MAX_TRUTH]; /* -1: none, not trained */
} LxDetectorTruth;

typedef struct {
  double rpn_class, rpn_box, roi_class, roi_box, attribute, total;
  /* how well the sampled RoIs with an object are named, and how many there were */
  int64_t objects, class_right, attribute_right, attributes;
} LxDetectorLoss;

typedef struct {
  LxDetectorTruth truth; /* set before every run */
  uint64_t seed, stream; /* of the sampling; change `stream` with every image */
  LxDetectorLoss loss;   /* set by every run */
} LxDetectorTargets;
