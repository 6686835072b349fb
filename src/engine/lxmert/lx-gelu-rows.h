/* What follows a product, on whole rows by all threads. */
#pragma once

#include <stdint.h>

/* y[rows, n] += bias[n] */
void lx_bias_rows(float *y, const float *bias, int64_t rows, int64_t n);
/* y[rows, n] = gelu(y + bias), with erf; bias may be NULL. */
void lx_gelu_rows(float *y, const float *bias, int64_t rows, int64_t n);
/* y = GELU(y), n numbers, on this thread. */
void lx_gelu_row(float *y, int64_t n);
