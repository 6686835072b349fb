/* Products of the size that one attention head has: a library's start-up would cost more than the
 * product. Single-threaded; called inside the loop over (example, head). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* C[m,n] = A[m,k] B[k,n], added to C when `add`. A's element (i, j) is a[i * row + j * column], so
 * that a transposed A costs nothing; B and C are row-major with row lengths ldb and ldc. */
void lx_small_gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t row, int64_t column,
                   const float *b, int64_t ldb, float *c, int64_t ldc, bool add);
/* out[cols, ld] = transpose of in[rows, cols]; columns rows .. ld of out become 0. */
void lx_small_transpose(const float *in, int64_t rows, int64_t cols, int64_t ld_in, float *out,
                        int64_t ld);
/* For tests and measurements: the instruction set `index` from 0, the widest first. False when the
 * processor lacks it or there is none. -1 goes back to the best. */
bool lx_small_gemm_choose(int index);
