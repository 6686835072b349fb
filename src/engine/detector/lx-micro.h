/* The innermost loops of convolutions and their gradients, one set for each instruction set.
 *
 * "Indirect convolution" (Dukhan 2019): a tile of output pixels is a list of pointers to input
 * pixels, one list a kernel tap, so neither im2col copies nor special cases for padding, stride
 * or dilation are needed (padding points to a row of zeros). Activations are [n, h, w, channels]. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One product C[rows, width] = init + sum_t A_t[rows, k] W_t[k, width]. */
typedef struct {
  int taps, k;
  const float *const *a; /* a[t * a_step + i]: row i of tap t */
  int a_step;
  int a_offset;      /* added to every row pointer (floats) */
  const float *w;    /* [taps * k, width], packed */
  const float *bias; /* [width] or NULL */
  float *const *c;   /* c[i] + c_offset: row i of the result */
  int c_offset;
  bool accumulate;              /* adds to what C holds */
  const float *const *residual; /* added at the end, residual[i] + c_offset; or NULL */
  bool relu;
} LxMicroConv;

/* G[k, width] += sum_p A[p, k] B[p, width] over a tile of pixels: a weight's gradient. */
typedef struct {
  int pixels;
  const float *const *a; /* a[p] + a_offset: k numbers */
  int a_offset;
  const float *b; /* [pixels, width], b_step floats apart */
  int b_step;
  float *g; /* [k, g_step] */
  int g_step;
} LxMicroOuter;

typedef struct {
  const char *name;
  int rows;  /* most rows (or k of the outer product) of one call */
  int lanes; /* floats of a vector; a panel is 1 or 2 vectors wide */
  /* rows in 1 .. rows, vectors 1 or 2 */
  void (*conv)(int rows, int vectors, const LxMicroConv *args);
  void (*outer)(int k, int vectors, const LxMicroOuter *args);
} LxMicro;

/* The best set for this processor, unless another was chosen. */
const LxMicro *lx_micro(void);

/* For tests and measurements, before any weights are packed: set `index` from 0, the widest first.
 * False when the processor lacks it or there is none. -1 goes back to the best. */
bool lx_micro_choose(int index);
