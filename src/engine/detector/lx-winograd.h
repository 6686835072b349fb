/* 3x3 convolutions of stride 1 as Winograd's minimal filters F(4x4, 3x3): 36 products a tile of 16
 * outputs in place of 144 (Lavin and Gray 2016). Rounding is about four times that of the plain
 * sum: the points 0, +-3/4, +-3/2, infinity keep the transforms' numbers small. */
#pragma once

#include "lx-conv.h"

enum { LX_WINOGRAD_PRODUCTS = 36 };

/* Transformed weights: one [in] x [out] product for each of the 36. */
typedef struct {
  LxConvPack at[LX_WINOGRAD_PRODUCTS];
  float *bias; /* [out] */
} LxWinograd;

/* 3x3, stride 1, one group, channels in whole vectors. Depends on nothing else, so that a weight
 * is always packed in the same way. */
bool lx_winograd_suits(const LxConv *conv);

/* weight[out, in, 3, 3] times scale[out]; bias [out]. *out is the caller's: lx_winograd_clear. */
LxStatus lx_winograd_init(LxWinograd *out, const LxConv *conv, const float *weight,
                          const float *scale, const float *bias, LxError *error);
void lx_winograd_clear(LxWinograd *self);

/* Floats of scratch memory that a run takes, at a 64-byte boundary. */
int64_t lx_winograd_space(const LxConv *conv);
/* y = conv(x) + bias (+ residual) (then ReLU), as lx_conv_forward. */
void lx_winograd_forward(const LxConv *conv, const LxWinograd *self, const float *x,
                         const float *residual, bool relu, float *y, float *space);
