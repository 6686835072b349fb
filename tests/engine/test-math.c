/* The approximations' errors over all their arguments, and the small products. */
#include "lx-math.h"
#include "lx-gemm.h"
#include "lx-rng.h"
#include "lx-small-gemm.h"
#include "lx-test.h"

static void test_exp(void)
{
  double worst = 0;
  for (double x = -87.2; x < 88; x += 1e-4) {
    double want = exp((float)x), d = fabs(lx_expf((float)x) - want) / want;
    worst = d > worst ? d : worst;
  }
  printf("exp: %.2g\n", worst);
  CHECK(worst < 2e-7, "%g", worst);
  CHECK(lx_expf(-100) == 0 && lx_expf(-10000) == 0 && lx_expf(0) == 1);
}

static void test_normal(void)
{
  double cdf_worst = 0, pdf_worst = 0, gelu_worst = 0;
  for (double v = -12; v < 12; v += 1e-4) {
    float x = (float)v, cdf, pdf;
    lx_normal(x, &cdf, &pdf);
    double want = 0.5 * erfc(-(double)x / sqrt(2)),
           density = exp(-0.5 * (double)x * x) * 0.3989422804;
    double c = fabs(cdf - want) / want, p = fabs(pdf - density) / density;
    double g = fabs((double)x * cdf - x * want);
    cdf_worst = c > cdf_worst ? c : cdf_worst;
    pdf_worst = p > pdf_worst ? p : pdf_worst;
    gelu_worst = g > gelu_worst ? g : gelu_worst;
  }
  printf("normal: cdf %.2g pdf %.2g, gelu %.2g\n", cdf_worst, pdf_worst, gelu_worst);
  /* the relative error grows with x^2 in the far tail, where e^(-x^2 / 2) does */
  CHECK(cdf_worst < 6e-6 && pdf_worst < 6e-6);
  CHECK(gelu_worst < 6e-7, "%g", gelu_worst);
}

static void test_small_gemm(void)
{
  LxRng r = {3, 4, 5};
  static float a[40 * 40], b[40 * 40], c[40 * 40], start[40 * 40];
  for (int turn = 0; turn < 200; turn++) {
    int64_t m = 1 + lx_rng_below(&r, 39), n = 1 + lx_rng_below(&r, 39),
            k = 1 + lx_rng_below(&r, 39);
    bool transposed = turn & 1, add = turn & 2;
    for (int i = 0; i < 1600; i++) {
      a[i] = (float)lx_rng_normal(&r);
      b[i] = (float)lx_rng_normal(&r);
      c[i] = start[i] = 9;
    }
    lx_small_gemm(m, n, k, a, transposed ? 1 : 40, transposed ? 40 : 1, b, 40, c, 40, add);
    double worst = 0;
    for (int64_t i = 0; i < 40; i++)
      for (int64_t j = 0; j < 40; j++) {
        double want = add || i >= m || j >= n ? 9 : 0;
        for (int64_t t = 0; t < k && i < m && j < n; t++)
          want += (double)(transposed ? a[t * 40 + i] : a[i * 40 + t]) * b[t * 40 + j];
        worst = fmax(worst, fabs(want - c[i * 40 + j]));
      }
    CHECK(worst < 1e-4, "%lld %lld %lld: %g", (long long)m, (long long)n, (long long)k, worst);
  }
}

/* Both libraries, all transpositions, row lengths beyond the rows, scaled and added. */
static void test_gemm(void)
{
  LxRng r = {6, 7, 8};
  static float a[130 * 130], b[130 * 130], c[130 * 130];
  for (int turn = 0; turn < 64; turn++) {
    if (!lx_gemm_use(turn & 4 ? LX_GEMM_ONEDNN : LX_GEMM_OPENBLAS))
      continue;
    bool ta = turn & 1, tb = turn & 2;
    float beta = turn & 8 ? 0.5f : 0;
    int64_t m = 1 + lx_rng_below(&r, 120), n = 1 + lx_rng_below(&r, 120),
            k = 1 + lx_rng_below(&r, 120);
    for (int i = 0; i < 130 * 130; i++) {
      a[i] = (float)lx_rng_normal(&r);
      b[i] = (float)lx_rng_normal(&r);
      c[i] = beta != 0 ? 2 : NAN; /* beta = 0 never reads C */
    }
    lx_gemm(ta, tb, m, n, k, 2, a, 130, b, 130, beta, c, 130);
    double worst = 0;
    for (int64_t i = 0; i < m; i++)
      for (int64_t j = 0; j < n; j++) {
        double want = beta * 2;
        for (int64_t t = 0; t < k; t++)
          want +=
              2.0 * (ta ? a[t * 130 + i] : a[i * 130 + t]) * (tb ? b[j * 130 + t] : b[t * 130 + j]);
        double d = fabs(want - c[i * 130 + j]);
        if (!(d <= worst))
          worst = d;
      }
    CHECK(worst < 1e-3, "%d: %g", turn, worst);
  }
}

/* Sums long enough to be done in pieces, whose edges are not whole. */
static void test_long_sums(void)
{
  enum { M = 131, N = 773, K = 1601, LD = 1603 };
  LxRng r = {7, 8, 9};
  float *a = malloc(sizeof(float) * M * LD), *b = malloc(sizeof(float) * N * LD);
  float *c = malloc(sizeof(float) * M * N);
  for (int i = 0; i < M * LD; i++)
    a[i] = (float)lx_rng_normal(&r);
  for (int i = 0; i < N * LD; i++)
    b[i] = (float)lx_rng_normal(&r);
  for (int turn = 0; turn < 4; turn++) {
    if (!lx_gemm_use(turn & 1 ? LX_GEMM_ONEDNN : LX_GEMM_OPENBLAS))
      continue;
    float beta = turn & 2 ? 0.5f : 0;
    for (int i = 0; i < M * N; i++)
      c[i] = beta != 0 ? 2 : NAN;
    lx_gemm(false, true, M, N, K, 2, a, LD, b, LD, beta, c, N);
    double worst = 0;
    for (int i = 0; i < M; i++)
      for (int j = i % 7; j < N; j += 7) {
        double want = beta * 2;
        for (int t = 0; t < K; t++)
          want += 2.0 * a[i * LD + t] * b[j * LD + t];
        double d = fabs(want - c[i * N + j]);
        worst = d <= worst ? worst : d;
      }
    CHECK(worst < 2e-3, "%d: %g", turn, worst);
  }
  free(a);
  free(b);
  free(c);
}

int main(void)
{
  test_exp();
  test_normal();
  test_small_gemm();
  test_gemm();
  test_long_sums();
  return lx_test_end();
}
