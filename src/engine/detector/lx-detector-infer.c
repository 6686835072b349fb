#include "lx-detector-infer.h"

#include <stdio.h>

#define HEAD "roi_heads.box_predictor."
#define RPN "proposal_generator.rpn_head."

/* One side of a tensor; 0 when it is not there or has no such side. */
static int side(const LxTensors *params, const char *name, int which)
{
  const LxTensor *t = lx_tensors_find(params, name);
  return t && which < t->ndim && t->dim[which] < 1000000 ? (int)t->dim[which] : 0;
}

static int count_blocks(const LxTensors *params, int stage)
{
  char name[64];
  for (int block = 0;; block++) {
    snprintf(name, sizeof name, "%s.res%d.%d.conv1.weight", stage == 5 ? "roi_heads" : "backbone",
             stage, block);
    if (!side(params, name, 0))
      return block;
  }
}

static int depth_of(const int blocks[4])
{
  int convolutions = 2;
  for (int i = 0; i < 4; i++)
    convolutions += 3 * blocks[i];
  return convolutions;
}

/* The published ones have 12 (from 64) or 15 (from 32), three ratios for each size. */
static void infer_anchors(const LxTensors *params, LxDetectorConfig *c)
{
  int n = side(params, RPN "objectness_logits.weight", 0), sizes = n / 3;
  if (n == lx_detector_anchors(c) || n % 3 || sizes < 1 || sizes > 5)
    return;
  c->anchor_ratios = (LxNumbers){3, {0.5, 1, 2}};
  c->anchor_sizes.count = sizes;
  for (int i = 0; i < sizes; i++)
    c->anchor_sizes.at[i] = 512 >> (sizes - 1 - i);
}

LxStatus lx_detector_config_infer(const LxTensors *params, LxDetectorConfig *c, LxError *error)
{
  static const char *const needed[] = {
      "backbone.stem.conv1.weight",   "backbone.res2.0.conv1.weight", RPN "conv.weight",
      RPN "objectness_logits.weight", HEAD "cls_score.weight",        HEAD "bbox_pred.weight"};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
    if (!side(params, needed[i], 0))
      return lx_fail(error, LX_ERR_MISSING, "the weights are no Faster R-CNN's: “%s” is missing.",
                     needed[i]);
  for (int stage = 2; stage <= 5; stage++)
    c->num_blocks[stage - 2] = count_blocks(params, stage);
  c->depth = depth_of(c->num_blocks);
  int width = side(params, "backbone.res2.0.conv1.weight", 0);
  int in_group = side(params, "backbone.res2.0.conv2.weight", 1);
  c->stem_out = side(params, needed[0], 0);
  c->res2_out = side(params, "backbone.res2.0.conv3.weight", 0);
  c->groups = in_group ? width / in_group : 1;
  c->width_per_group = c->groups ? width / c->groups : width;
  c->rpn_hidden = side(params, RPN "conv.weight", 0);
  infer_anchors(params, c);
  c->num_classes = side(params, HEAD "cls_score.weight", 0) - 1;
  c->attributes = side(params, HEAD "attr_score.weight", 0) > 1;
  c->num_attrs = c->attributes ? side(params, HEAD "attr_score.weight", 0) - 1 : 0;
  return lx_detector_config_check(c, error);
}
