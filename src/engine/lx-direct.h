/* Products of a few rows by weights as they lie in memory: y = x W^T needs no packed copy when the
 * sums run along the rows of both, and each weight is read once, in order, from where the model's
 * file is mapped. Up to some hundred rows nothing is faster: reading the weights costs most. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* True when this processor has the vectors that make it worth while (AVX-512). */
bool lx_direct_available(void);

/* One linear layer: weight [out, in] row-major; bias [out] or NULL. */
typedef struct {
  const float *weight, *bias;
  int64_t out;
} LxDirectPart;

/* y[rows, ldy] = x[rows, in] W^T + b for `n` <= 4 layers side by side, on lx_threads() threads.
 * False, and y untouched, when it is not available or `in` is not a multiple of 16. */
bool lx_direct_run(const LxDirectPart *parts, int n, const float *x, int64_t rows, int64_t in,
                   float *y, int64_t ldy);
