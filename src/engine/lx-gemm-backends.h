/* Private to the seam: what lx-gemm.c chooses between. Same contract as lx_gemm. */
#pragma once

#include "lx-gemm.h"

void lx_gemm_openblas(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha,
                      const float *a, int64_t lda, const float *b, int64_t ldb, float beta,
                      float *c, int64_t ldc);
void lx_gemm_onednn(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                    int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);
