#include "lx-gemm.h"

#include <string.h>

#include "config.h"
#include "lx-gemm-backends.h"
#include "lx-kernel.h"

#ifdef LX_HAVE_ONEDNN
static LxGemmBackend backend = LX_GEMM_ONEDNN;
#else
static LxGemmBackend backend = LX_GEMM_OPENBLAS;
#endif

bool lx_gemm_use(LxGemmBackend wanted)
{
#ifndef LX_HAVE_ONEDNN
  if (wanted == LX_GEMM_ONEDNN)
    return false;
#endif
  backend = wanted;
  return true;
}

LxGemmBackend lx_gemm_backend(void)
{
  return backend;
}

const char *lx_gemm_backend_name(void)
{
  return backend == LX_GEMM_ONEDNN ? "oneDNN" : "OpenBLAS";
}

static void scale_rows(int64_t m, int64_t n, float beta, float *c, int64_t ldc)
{
  for (int64_t i = 0; i < m; i++)
    for (int64_t j = 0; j < n; j++)
      c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
}

void lx_gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
             int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  if (m <= 0 || n <= 0)
    return;
  if (k <= 0) {
    scale_rows(m, n, beta, c, ldc);
    return;
  }
#ifdef LX_HAVE_ONEDNN
  if (backend == LX_GEMM_ONEDNN) {
    lx_gemm_onednn(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    return;
  }
#endif
  lx_gemm_openblas(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

LX_KERNEL static void add_bias(float *y, const float *bias, int64_t rows, int64_t n)
{
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < n; j++)
      y[r * n + j] += bias[j];
}

void lx_linear(const float *x, const float *weight, const float *bias, float *y, int64_t rows,
               int64_t in, int64_t out, bool accumulate)
{
  lx_gemm(false, true, rows, out, in, 1.0f, x, in, weight, in, accumulate ? 1.0f : 0.0f, y, out);
  if (bias)
    add_bias(y, bias, rows, out);
}

LX_KERNEL static void column_sums(const float *restrict y, int64_t rows, int64_t n, int64_t ld,
                                  float *restrict sum)
{
  float total[64] = {0};
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < n; j++)
      total[j] += y[r * ld + j];
  for (int64_t j = 0; j < n; j++)
    sum[j] += total[j];
}

void lx_add_column_sums(const float *y, int64_t rows, int64_t n, int64_t ld, float *sum)
{
#pragma omp parallel for schedule(static) if (rows * n > 131072)
  for (int64_t j = 0; j < n; j += 64)
    column_sums(y + j, rows, n - j < 64 ? n - j : 64, ld, sum + j);
}
