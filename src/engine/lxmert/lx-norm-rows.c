#include "lx-norm-rows.h"

#include <math.h>

#include "lx-chunks.h"
#include "lx-kernel.h"

LX_KERNEL static void prepare_row(const LxNormRows *a, float *restrict y, int64_t row)
{
  int64_t n = a->n;
  if (a->bias)
    for (int64_t j = 0; j < n; j++)
      y[j] += a->bias[j];
  if (a->dropout.threshold) {
    LxDropout d = a->dropout;
    for (int64_t j = 0; j < n; j++)
      y[j] *= lx_dropout_factor(&d, (uint32_t)(row * n + j));
  }
  if (a->residual) {
    const float *residual = a->residual + row * n;
    for (int64_t j = 0; j < n; j++)
      y[j] += residual[j];
  }
}

LX_KERNEL static void norm_row(const LxNormRows *a, float *restrict y, float *restrict xhat,
                               float *restrict rstd, int64_t row)
{
  int64_t n = a->n;
  const float *restrict gamma = a->gamma, *restrict beta = a->beta;
  float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t j = 0; j < n; j++)
    sum += y[j];
  float mean = sum / (float)n;
#pragma omp simd reduction(+ : squares)
  for (int64_t j = 0; j < n; j++)
    squares += (y[j] - mean) * (y[j] - mean);
  float inverse = 1.0f / sqrtf(squares / (float)n + a->eps);
  if (xhat) {
    for (int64_t j = 0; j < n; j++) {
      float x = (y[j] - mean) * inverse;
      xhat[j] = x;
      y[j] = x * gamma[j] + beta[j];
    }
    *rstd = inverse;
  } else {
    for (int64_t j = 0; j < n; j++)
      y[j] = (y[j] - mean) * inverse * gamma[j] + beta[j];
  }
  if (a->after.threshold) {
    LxDropout d = a->after;
    for (int64_t j = 0; j < n; j++)
      y[j] *= lx_dropout_factor(&d, (uint32_t)(row * n + j));
  }
}

static void norm_range(const LxNormRows *a, float *y, float *xhat, float *rstd, int64_t begin,
                       int64_t end)
{
  for (int64_t r = begin; r < end; r++) {
    prepare_row(a, y + r * a->n, r);
    norm_row(a, y + r * a->n, xhat ? xhat + r * a->n : NULL, rstd ? rstd + r : NULL, r);
  }
}

void lx_norm_rows(const LxNormRows *a, float *y, float *xhat, float *rstd, int64_t rows)
{
  LX_FOR_ROWS(rows, a->n * 4, norm_range(a, y, xhat, rstd, begin, end));
}

/* Columns, not rows, are shared out: the sums come out alike with any number of threads. */
LX_KERNEL static void affine_columns(const float *restrict dy, const float *restrict xhat,
                                     int64_t rows, int64_t ld, int64_t n, float *restrict dgamma,
                                     float *restrict dbeta)
{
  float g[64] = {0}, b[64] = {0};
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < n; j++) {
      g[j] += dy[r * ld + j] * xhat[r * ld + j];
      b[j] += dy[r * ld + j];
    }
  for (int64_t j = 0; j < n; j++) {
    dgamma[j] += g[j];
    dbeta[j] += b[j];
  }
}

/* dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat)), dxhat = dy gamma */
LX_KERNEL static void norm_back_range(const LxNormRows *a, float *restrict dy,
                                      const float *restrict xhat, const float *restrict rstd,
                                      int64_t begin, int64_t end)
{
  int64_t n = a->n;
  const float *restrict gamma = a->gamma;
  for (int64_t r = begin; r < end; r++) {
    float *restrict d = dy + r * n;
    const float *restrict x = xhat + r * n;
    float sum = 0, dot = 0;
#pragma omp simd reduction(+ : sum, dot)
    for (int64_t j = 0; j < n; j++) {
      float g = d[j] * gamma[j];
      sum += g;
      dot += g * x[j];
    }
    sum /= (float)n;
    dot /= (float)n;
    for (int64_t j = 0; j < n; j++)
      d[j] = rstd[r] * (d[j] * gamma[j] - sum - x[j] * dot);
  }
}

void lx_norm_rows_backward(const LxNormRows *a, float *dy, const float *xhat, const float *rstd,
                           float *dgamma, float *dbeta, int64_t rows)
{
  int64_t n = a->n;
  lx_dropout_rows(&a->after, dy, rows, n);
  if (dgamma) {
#pragma omp parallel for schedule(static) if (rows * n > 65536)
    for (int64_t j = 0; j < n; j += 64)
      affine_columns(dy + j, xhat + j, rows, n, n - j < 64 ? n - j : 64, dgamma + j, dbeta + j);
  }
  LX_FOR_ROWS(rows, n * 3, norm_back_range(a, dy, xhat, rstd, begin, end));
}

LX_KERNEL static void dropout_range(const LxDropout *dropout, float *restrict y, int64_t n,
                                    int64_t begin, int64_t end)
{
  LxDropout d = *dropout;
  for (int64_t i = begin * n; i < end * n; i++)
    y[i] *= lx_dropout_factor(&d, (uint32_t)i);
}

void lx_dropout_rows(const LxDropout *d, float *y, int64_t rows, int64_t n)
{
  if (d->threshold)
    LX_FOR_ROWS(rows, n * 2, dropout_range(d, y, n, begin, end));
}

LX_KERNEL static void add_range(float *restrict into, const float *restrict from, int64_t n,
                                int64_t begin, int64_t end)
{
  for (int64_t i = begin * n; i < end * n; i++)
    into[i] += from[i];
}

void lx_add_rows(float *into, const float *from, int64_t rows, int64_t n)
{
  LX_FOR_ROWS(rows, n, add_range(into, from, n, begin, end));
}
