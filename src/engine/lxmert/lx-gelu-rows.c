#include "lx-gelu-rows.h"

#include "lx-chunks.h"
#include "lx-kernel.h"
#include "lx-math.h"

LX_KERNEL static void bias_range(float *restrict y, const float *restrict bias, int64_t n,
                                 int64_t begin, int64_t end)
{
  for (int64_t r = begin; r < end; r++)
    for (int64_t j = 0; j < n; j++)
      y[r * n + j] += bias[j];
}

LX_KERNEL static void gelu_range(float *restrict y, const float *restrict bias, int64_t n,
                                 int64_t begin, int64_t end)
{
  for (int64_t r = begin; r < end; r++)
    for (int64_t j = 0; j < n; j++) {
      float x = y[r * n + j] + (bias ? bias[j] : 0), cdf, pdf;
      lx_normal(x, &cdf, &pdf);
      y[r * n + j] = x * cdf;
    }
}

void lx_bias_rows(float *y, const float *bias, int64_t rows, int64_t n)
{
  LX_FOR_ROWS(rows, n, bias_range(y, bias, n, begin, end));
}

void lx_gelu_rows(float *y, const float *bias, int64_t rows, int64_t n)
{
  LX_FOR_ROWS(rows, n * 8, gelu_range(y, bias, n, begin, end));
}

void lx_gelu_row(float *y, int64_t n)
{
  gelu_range(y, NULL, n, 0, 1);
}
