#include "config.h"

#ifdef LX_HAVE_ONEDNN

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include "lx-gemm-backends.h"

/* Its kernels point the stack register at a buffer on the heap (jit_avx512_common_gemm_f32: ws). A
 * signal whose handler runs on such a thread has its frame written over the heap. So a program that
 * catches signals blocks them in every thread that computes and waits for them in a thread of their
 * own: src/tools/cli-signals.c. */

static void product(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                    int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  /* a refusal (out of memory for its buffers) must not leave C undefined */
  if (dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) !=
      dnnl_success)
    lx_gemm_openblas(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void lx_gemm_onednn(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha,
                    const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c,
                    int64_t ldc)
{
  /* below some 10 microseconds of work, waking the other threads costs more than they save */
  int threads = m * n * k < 500000 ? omp_get_max_threads() : 1;
  if (threads > 1)
    omp_set_num_threads(1);
  /* its kernel for a transposed B loses a fifth of its speed on long sums */
  int64_t piece = tb && !ta && k > 1536 ? 768 : k;
  for (int64_t i = 0; i < k; i += piece)
    product(ta, tb, m, n, k - i < piece ? k - i : piece, alpha, ta ? a + i * lda : a + i, lda,
            tb ? b + i : b + i * ldb, ldb, i ? 1 : beta, c, ldc);
  if (threads > 1)
    omp_set_num_threads(threads);
}

#endif
