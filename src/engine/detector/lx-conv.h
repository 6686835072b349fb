/* Convolution on [n, h, w, channels] activations, forward and both gradients. Weights are packed
 * into panels for lx-micro.h; PyTorch's [out, in / groups, kh, kw] is what is read and written.
 * Loops run on OpenMP threads, serially when the caller is in a parallel region already. */
#pragma once

#include "lx-tensor.h"

typedef struct {
  int n, h, w, in; /* input */
  int out, kernel, stride, pad, dilation, groups;
  int oh, ow; /* output, see lx_conv_shape */
} LxConv;

/* Most input (or output) channels of a group. */
#define LX_CONV_MAX_CHANNELS 8192

/* Fills oh and ow: floor((h + 2 pad - dilation (kernel - 1) - 1) / stride) + 1. */
void lx_conv_shape(LxConv *conv);

/* Weights ready to be used: panels of 1 or 2 vectors, rows tap by tap and channel by channel. */
typedef struct {
  int groups, taps, k, n; /* a group's product is [pixels, taps * k] x [taps * k, n] */
  int64_t group_floats;
  float *data; /* groups * group_floats */
  float *bias; /* groups * padded n, or NULL */
  int padded;  /* n rounded up to whole vectors */
} LxConvPack;

/* Allocates for the forward pass (`transposed` false) or for the gradient of the input. */
LxStatus lx_conv_pack_new(const LxConv *conv, bool transposed, LxConvPack *out, LxError *error);
void lx_conv_pack_clear(LxConvPack *pack);
/* weight[out, in / groups, kernel, kernel] times scale[out] (NULL = 1); bias[out] may be NULL. */
void lx_conv_pack_fill(LxConvPack *pack, const LxConv *conv, bool transposed, const float *weight,
                       const float *scale, const float *bias);

/* y = conv(x) + bias (+ residual) (then ReLU). residual has y's shape or is NULL. */
void lx_conv_forward(const LxConv *conv, const LxConvPack *pack, const float *x,
                     const float *residual, bool relu, float *y);
/* gx += the gradient of x, given gy; `pack` is the transposed one. */
void lx_conv_backward_input(const LxConv *conv, const LxConvPack *pack, const float *gy, float *gx);
/* The gradient of the weight in packed rows: g[groups][taps * k, padded] is added to; unpack with
 * lx_conv_unpack_add. `pack` is the forward one and only gives the layout. */
void lx_conv_backward_weight(const LxConv *conv, const LxConvPack *pack, const float *x,
                             const float *gy, float *g);
int64_t lx_conv_weight_floats(const LxConvPack *pack);
/* grad[out, in / groups, kernel, kernel] += scale[out] * g. */
void lx_conv_unpack_add(const LxConvPack *pack, const LxConv *conv, const float *g,
                        const float *scale, float *grad);
