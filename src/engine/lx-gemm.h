/* The one seam for matrix products. lx-gemm-blas.c is the only file that includes cblas.h. */
#pragma once

#include <stdbool.h>

#include "lx-tensor.h"

/* C[m,n] = alpha * op(A) op(B) + beta * C, all row-major float32; op transposes when its flag is
 * set. lda, ldb, ldc are the row lengths as stored. beta = 0 never reads C. */
void lx_gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
             int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/* y[rows,out] = x[rows,in] W^T + bias; W is [out,in] as PyTorch keeps it, bias may be NULL.
 * With `accumulate` y is added to. */
void lx_linear(const float *x, const float *weight, const float *bias, float *y, int64_t rows,
               int64_t in, int64_t out, bool accumulate);
