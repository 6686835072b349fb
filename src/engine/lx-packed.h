/* Linear layers whose weights are laid out once for fast products with few rows.
 *
 * With oneDNN (lx-packed.c) the weights are copied into the blocks its kernels read, for good from
 * their second to fifth use on; a product of 20 to 56 rows then runs near the machine's limit.
 * Without it (lx-packed-blas.c) nothing is copied and OpenBLAS multiplies by the weights as they
 * are. Both give the same numbers to rounding. */
#pragma once

#include "lx-tensor.h"

typedef struct LxPacked LxPacked;

/* One linear layer, y = x W^T + b: weight [out, in] row-major; bias [out] or NULL. */
typedef struct {
  const float *weight, *bias;
  int64_t out;
} LxPackedPart;

typedef enum { LX_ACTIVATION_NONE, LX_ACTIVATION_GELU /* with erf */ } LxActivation;

/* Packs `n` layers of the same input side by side (query, key, value become one product). The
 * parts' memory must stay mapped as long as the result. Once they are copied for good, weights in a
 * mapped file are given back to the system (lx_file_let_go).
 * *out is owned: lx_packed_free. */
LxStatus lx_packed_new(const LxPackedPart *parts, int n, int64_t in, LxPacked **out,
                       LxError *error);
void lx_packed_free(LxPacked *self); /* NULL is fine */
/* Sum of the parts' outputs: the row length of y. */
int64_t lx_packed_out(const LxPacked *self);
/* Bytes of memory beyond the parts' own (0 without oneDNN, or not yet copied for good). */
size_t lx_packed_bytes(LxPacked *self);
/* y[rows, out] = activation(x[rows, in] W^T + b). Safe from several threads. */
LxStatus lx_packed_run(LxPacked *self, const float *x, int64_t rows, float *y,
                       LxActivation activation, LxError *error);
/* The weights as lx-direct.h reads them best, [outputs / 64][in][64] of all parts, once they are
 * laid out that way for good; NULL before, and where they are laid out in another way. Counts as a
 * use, after which they may be. Valid as long as `self`. */
const float *lx_packed_blocks(LxPacked *self);
/* True when this build multiplies by oneDNN. */
bool lx_packed_has_onednn(void);
