/* The one seam for matrix products. lx-gemm-blas.c is the only file that includes cblas.h,
 * lx-onednn.c the only one that includes oneDNN's header (see lx-packed.h: weights packed once). */
#pragma once

#include <stdbool.h>

#include "lx-tensor.h"

typedef enum {
  LX_GEMM_OPENBLAS, /* always there */
  LX_GEMM_ONEDNN,   /* when built with it; then the default */
} LxGemmBackend;

/* Chooses the library of lx_gemm for the whole process; false when it is not built in. Call it
 * before the first product (it is meant for tests and benchmarks). */
bool lx_gemm_use(LxGemmBackend backend);
LxGemmBackend lx_gemm_backend(void);
const char *lx_gemm_backend_name(void);

/* C[m,n] = alpha * op(A) op(B) + beta * C, all row-major float32; op transposes when its flag is
 * set. lda, ldb, ldc are the row lengths as stored. beta = 0 never reads C. Uses lx_threads()
 * threads, one when called inside a parallel region. */
void lx_gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
             int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/* y[rows,out] = x[rows,in] W^T + bias; W is [out,in] as PyTorch keeps it, bias may be NULL.
 * With `accumulate` y is added to. */
void lx_linear(const float *x, const float *weight, const float *bias, float *y, int64_t rows,
               int64_t in, int64_t out, bool accumulate);

/* sum[j] += column sums of y[rows, n] with row length ld. The order of additions does not depend
 * on the number of threads. */
void lx_add_column_sums(const float *y, int64_t rows, int64_t n, int64_t ld, float *sum);
