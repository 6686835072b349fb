/* The one seam to oneDNN: lx-onednn.c alone includes its header. Here is what lx-packed.c builds
 * on; its plain product is lx_gemm_onednn (lx-gemm-backends.h). Only in builds that have it. */
#pragma once

#include "lx-packed.h"

/* The product y[rows, out] = f(x[rows, in] W^T + b) with W in the layout that oneDNN's kernels
 * read; the memory is the caller's. Used by one thread at a time. */
typedef struct LxOnednnLayer LxOnednnLayer;

typedef struct {
  float *weights; /* lx_onednn_layer_bytes, at a 64-byte boundary */
  float *bias;    /* [out] */
} LxOnednnWeights;

/* NULL when there is not enough memory. */
LxOnednnLayer *lx_onednn_layer_new(int64_t in, int64_t out);
void lx_onednn_layer_free(LxOnednnLayer *self); /* NULL is fine */
size_t lx_onednn_layer_bytes(const LxOnednnLayer *self);
/* True where that layout is [outputs / 64][in][64], as lx-direct.h reads it. */
bool lx_onednn_layer_in_blocks(const LxOnednnLayer *self);
/* Copies `n` parts side by side into `weights`, on all threads. False: not enough memory. */
bool lx_onednn_layer_fill(const LxOnednnLayer *self, const LxPackedPart *parts, int n,
                          float *weights);
/* False: not enough memory; y is undefined then. */
bool lx_onednn_layer_run(LxOnednnLayer *self, const LxOnednnWeights *weights, const float *x,
                         int64_t rows, float *y, LxActivation activation);
