/* A detector's configuration: the nested fields of the published config.yaml, or our config.json
 * with the same names. */
#pragma once

#include <stdbool.h>

#include "lx-error.h"

#define LX_DET_MAX_ANCHORS 64
#define LX_DET_MAX_THRESHOLDS 16

typedef struct {
  int count;
  double at[LX_DET_MAX_THRESHOLDS];
} LxNumbers;

/* LX_CHANNELS_AS_HF_DEMO feeds RGB pixels against the BGR mean, as Hugging Face's demo does. */
typedef enum {
  LX_CHANNELS_BGR,
  LX_CHANNELS_RGB,
  LX_CHANNELS_AS_HF_DEMO,
  LX_CHANNELS
} LxChannelOrder;
/* "bgr", "rgb", "as-hf-demo". */
const char *lx_channels_name(LxChannelOrder order);

typedef struct {
  /* input */
  int min_size, max_size; /* shorter side; most of the longer */
  LxChannelOrder channels;
  float pixel_mean[3], pixel_std[3]; /* in the order of the network's channels */
  int size_divisibility; /* sides are padded to a multiple, below and to the right; 0 or 1: not */
  double pad_value;      /* of normalised pixels */
  /* backbone */
  int depth, num_blocks[4]; /* bottlenecks of res2 .. res5 */
  int stem_out, res2_out, groups, width_per_group;
  bool max_pool_ceil; /* model.max_pool: pad 0, ceil mode */
  bool stride_in_1x1;
  int res5_dilation; /* above 1: res5 keeps its size, with this dilation */
  /* proposals */
  LxNumbers anchor_sizes, anchor_ratios;
  double anchor_offset;
  int rpn_hidden;
  double rpn_min_size, rpn_nms;
  int pre_nms_topk, post_nms_topk; /* of inference */
  int pre_nms_topk_train, post_nms_topk_train;
  float rpn_weights[4];
  double rpn_iou_low, rpn_iou_high; /* below: background; from: object */
  int rpn_batch;
  double rpn_positive, rpn_smooth_l1_beta;
  /* heads */
  int pooler; /* RoI bins a side */
  bool res5_halve;
  int num_classes, num_attrs; /* without background */
  bool attributes;
  float roi_weights[4];
  int roi_batch;
  double roi_positive, roi_smooth_l1_beta;
  LxNumbers nms_thresholds; /* tried in order */
  int min_detections, max_detections;
  double min_score; /* our own, default 0: weaker boxes beyond min_detections go */
} LxDetectorConfig;

/* The published values: ResNet-101, 1600 classes, 400 attributes, 36 boxes. */
/* Is the mean that is subtracted in the order in which pixels go in? ImageNet's is 123, 116, 103 for R,
 * G, B and tells its own order; of any other mean nothing is known. */
bool lx_channels_agree(const LxDetectorConfig *self);
void lx_detector_config_default(LxDetectorConfig *out);
/* A .json file (or .yaml). Missing fields keep the published values; unusable ones are errors that
 * name the field. */
LxStatus lx_detector_config_read(const char *path, LxDetectorConfig *out, LxError *error);
LxStatus lx_detector_config_write(const LxDetectorConfig *self, const char *path, LxError *error);
/* The sizes make a network that can be built. */
LxStatus lx_detector_config_check(const LxDetectorConfig *self, LxError *error);

/* Derived sizes. */
int lx_detector_anchors(const LxDetectorConfig *self);                /* a cell */
int lx_detector_stage_out(const LxDetectorConfig *self, int stage);   /* stage 2 .. 5 */
int lx_detector_stage_width(const LxDetectorConfig *self, int stage); /* of the bottleneck */
int lx_detector_feature_size(const LxDetectorConfig *self);
