/* Layer normalisation of rows, shared by the operations that end with it.
 * y = xhat * gamma + beta, xhat = (x - mean) * rstd, rstd = 1 / sqrt(variance + eps). */
#pragma once

#include "lx-dropout.h"

typedef struct {
  int64_t n; /* columns */
  float eps;
  const float *bias;     /* [n] added first; NULL = none */
  LxDropout dropout;     /* then this */
  const float *residual; /* [rows, n] then added; NULL = none */
  const float *gamma, *beta;
  LxDropout after; /* dropout of the result */
} LxNormRows;

/* In place on y[rows, n]. xhat [rows, n] and rstd [rows] may be NULL. */
void lx_norm_rows(const LxNormRows *a, float *y, float *xhat, float *rstd, int64_t rows);

/* dy is overwritten with d(x), the gradient of what was normalised. dgamma and dbeta [n] are added
 * to; NULL skips both. */
void lx_norm_rows_backward(const LxNormRows *a, float *dy, const float *xhat, const float *rstd,
                           float *dgamma, float *dbeta, int64_t rows);

/* y[i] *= dropout factor of element i; a no-op when it is off. */
void lx_dropout_rows(const LxDropout *d, float *y, int64_t rows, int64_t n);
/* into += from */
void lx_add_rows(float *into, const float *from, int64_t rows, int64_t n);
