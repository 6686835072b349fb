#include <cblas.h>
#include <omp.h>
#include <pthread.h>

#include "lx-gemm-backends.h"

/* OpenBLAS's own worker threads would fight with OpenMP's for the processors (both spin while they
 * wait), and start too slowly for small products. So the engine splits a product itself and each
 * OpenMP thread calls a single-threaded OpenBLAS. */
extern void openblas_set_num_threads(int n);

static void single_thread(void)
{
  int threads = omp_get_max_threads();
  openblas_set_num_threads(1);
  omp_set_num_threads(threads); /* OpenBLAS built on OpenMP has set this to 1, too */
}

static void product(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                    int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  if (m > 0 && n > 0)
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
                (blasint)m, (blasint)n, (blasint)k, alpha, a, (blasint)lda, b, (blasint)ldb, beta,
                c, (blasint)ldc);
}

/* Rows of a grid of `threads` tiles, so that a tile reads as little of A and B as possible. */
static int grid_rows(int64_t m, int64_t n, int threads)
{
  int best = 1;
  double least = 1e300;
  for (int r = 1; r <= threads; r++) {
    if (threads % r)
      continue;
    double reads = (double)m / r + (double)n / (threads / r);
    if (reads < least) {
      least = reads;
      best = r;
    }
  }
  return best;
}

/* The i-th of `parts` pieces of 0..n starts here; multiples of 16 keep the kernels whole. */
static int64_t cut(int64_t n, int i, int parts)
{
  int64_t at = (n * i / parts + 15) / 16 * 16;
  return i == parts || at > n ? n : at;
}

void lx_gemm_openblas(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha,
                      const float *a, int64_t lda, const float *b, int64_t ldb, float beta,
                      float *c, int64_t ldc)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, single_thread);
  int threads = omp_in_parallel() || m * n * k < 500000 ? 1 : omp_get_max_threads();
  if (threads == 1) {
    product(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    return;
  }
  int down = grid_rows(m, n, threads), across = threads / down;
#pragma omp parallel for schedule(static) num_threads(threads)
  for (int t = 0; t < threads; t++) {
    int64_t i = cut(m, t / across, down), i_end = cut(m, t / across + 1, down);
    int64_t j = cut(n, t % across, across), j_end = cut(n, t % across + 1, across);
    product(ta, tb, i_end - i, j_end - j, k, alpha, ta ? a + i : a + i * lda, lda,
            tb ? b + j * ldb : b + j, ldb, beta, c + i * ldc + j, ldc);
  }
}
