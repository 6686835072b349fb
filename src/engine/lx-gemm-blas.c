#include "lx-gemm.h"

#include <cblas.h>
#include <string.h>

void lx_gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
             int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  if (m <= 0 || n <= 0)
    return;
  cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
              (blasint)m, (blasint)n, (blasint)k, alpha, a, (blasint)lda, b, (blasint)ldb, beta, c,
              (blasint)ldc);
}

void lx_linear(const float *x, const float *weight, const float *bias, float *y, int64_t rows,
               int64_t in, int64_t out, bool accumulate)
{
  lx_gemm(false, true, rows, out, in, 1.0f, x, in, weight, in, accumulate ? 1.0f : 0.0f, y, out);
  if (!bias)
    return;
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < out; j++)
      y[r * out + j] += bias[j];
}
