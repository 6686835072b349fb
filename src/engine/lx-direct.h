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

/* Outputs that lie side by side where weights are laid out. */
enum { LX_DIRECT_WIDE = 64 };

/* Lays the weights of `n` layers side by side out as [outputs / 64][in][64], each part's last block
 * filled up with zeros: `blocks`, at a 64-byte boundary, has room for that. False, and nothing
 * written, when it is not available or `in` is not a multiple of 16. */
bool lx_direct_lay_out(const LxDirectPart *parts, int n, int64_t in, float *blocks);

/* y[rows, ldy] = x[rows, in] W^T + b for `n` layers side by side. */
typedef struct {
  const LxDirectPart *parts;
  int n;
  const float *blocks; /* all parts' weights once more, as [outputs / 64][in][64]; or NULL */
  const float *x;
  int64_t rows, in;
  float *y;
  int64_t ldy;
  /* Applied to each `n` outputs of a row while they are in the cache; NULL = none. */
  void (*activation)(float *y, int64_t n);
} LxDirectProduct;

/* One or two products on lx_threads() threads. Two that do not wait for each other take less time
 * together: weights that both have are read once, and while the one with more rows is multiplied
 * the other's weights arrive. The numbers are the same bit by bit: alone or together, with `blocks`
 * or without, whatever the number of rows.
 * False, and y untouched, when it is not available or an `in` is not a multiple of 16. */
bool lx_direct_run(const LxDirectProduct *products, int n);
