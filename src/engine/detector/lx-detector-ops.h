/* Constructors of the detector's operations. Images and feature maps are [n, h, w, channels];
 * what a person sees of them (stages) is turned to PyTorch's [n, channels, h, w]. */
#pragma once

#include "lx-conv-packs.h"
#include "lx-graph.h"

typedef struct {
  const char
      *weight;      /* parameter [out, in / groups, kernel, kernel]; [out, in] of a linear layer */
  const char *bias; /* parameter [out] or NULL */
  const char *norm; /* prefix of a frozen batch norm (weight, bias, running_mean, running_var)
                          or NULL; eps is 1e-5 */
  int out, kernel, stride, pad, dilation, groups;
  bool relu;
} LxConvSpec;

/* y = relu(norm(conv(x)) + residual). x is [n, h, w, in], or [rows, in] with a kernel of 0 (a
 * linear layer, y [rows, out]). Frozen batch norm is the affine map
 * w' = w gamma / sqrt(var + eps), b' = beta - mean gamma / sqrt(var + eps); gamma and beta train.
 * packs NULL: weights are packed anew in every run (training); else once and shared. */
LxNode *lx_op_conv(LxGraph *graph, const char *name, const LxConvSpec *spec, LxNode *x,
                   LxNode *residual, LxConvPacks *packs);

/* Sets the running statistics of a convolution's norm to those of its present input (which has
 * been run). False for nodes that have no norm. The parameters must belong to the caller. */
bool lx_op_conv_calibrate(LxNode *node);

/* 3x3 stride 2; ceil mode without padding, or padding 1. With `relu` max(0, .) of it, which is the
 * pool of the ReLU. */
LxNode *lx_op_max_pool(LxGraph *graph, const char *name, LxNode *x, bool ceil_mode, bool relu);

/* y[r, py, px, c] = the maximum of x over the bin; rois [r, 5]: image index, x1 y1 x2 y2 in input
 * pixels. Corners times `scale` are rounded half away from zero, the size is inclusive (at least
 * 1), an empty bin is 0. The first maximum gets the gradient. */
LxNode *lx_op_roi_pool(LxGraph *graph, const char *name, LxNode *x, LxNode *rois, int bins,
                       float scale);

/* y[r, c] = mean over the positions of x[r, h, w, c]. */
LxNode *lx_op_mean_positions(LxGraph *graph, const char *name, LxNode *x);

/* y[r] = features[r] and row id[r] of the table side by side. ids: I64 [r] labels (training), or
 * logits [r, classes], of which the largest counts. */
LxNode *lx_op_append_class(LxGraph *graph, const char *name, LxNode *features, LxNode *ids,
                           const char *table, int classes, int width);

/* The plain functions under them. */
void lx_max_pool_size(int h, int w, bool ceil_mode, int *oh, int *ow);
void lx_roi_pool(const float *x, int h, int w, int c, const float *rois, int64_t n, int bins,
                 float scale, float *y, int32_t *argmax);
