/* The two nodes that training adds to a detector: drawing what is learned from, and the losses. */
#pragma once

#include "lx-detector-graph.h"

/* One run's draw; lives in the graph. */
typedef struct {
  int8_t *anchor_label;  /* [anchors] 1 object, 0 background, -1 not drawn */
  int32_t *anchor_truth; /* [anchors] index of the object */
  int rpn_drawn;
  int64_t *attribute; /* [rois] attribute, -1 none */
  int32_t *roi_truth; /* [rois] index of the object, -1 background */
  LxNode *labels;     /* I64 [rois]: class, num_classes = background */
  LxDetectorTargets *targets;
  LxDetectorGraph *detector;
  /* room for the proposals */
  float *proposals;
} LxDetectorDraw;

/* rois [r, 5]: draws anchors and, from the proposals and the true boxes, RoIs. Sets the number of
 * RoI rows. *labels is the node of their classes. No gradient passes (as published). */
LxNode *lx_op_detector_sample(LxDetectorGraph *detector, LxDetectorTargets *targets,
                              LxNode **labels);

/* Scalar: binary cross-entropy and L1 (smooth below its beta) of the proposals, cross-entropy of
 * class and attribute and L1 of the boxes of the RoIs. */
LxNode *lx_op_detector_loss(LxDetectorGraph *detector, LxDetectorTargets *targets);
