/* The products and transposes of one attention head against plain sums, at every edge of the blocks, by each
 * instruction set that this processor has. */
#include "lx-rng.h"
#include "lx-small-gemm.h"
#include "lx-test.h"

enum { MOST = 160 * 160 };

static float a[MOST], b[MOST], c[MOST], before[MOST];

static void fill(float *x, uint64_t stream)
{
  LxRng rng = {.seed = 3, .stream = stream};
  for (int i = 0; i < MOST; i++)
    x[i] = (float)(lx_rng_uniform(&rng) - 0.5);
}

/* A as it lies or transposed, rows of all three longer than they need be. */
static void check_product(int64_t m, int64_t n, int64_t k, bool transposed, bool add)
{
  int64_t row = transposed ? 1 : k + 3, column = transposed ? m + 3 : 1, ldb = n + 1, ldc = n + 2;
  memcpy(c, before, sizeof c);
  lx_small_gemm(m, n, k, a, row, column, b, ldb, c, ldc, add);
  for (int64_t i = 0; i < m; i++)
    for (int64_t j = 0; j < ldc; j++) {
      double sum = j >= n || add ? before[i * ldc + j] : 0;
      for (int64_t t = 0; t < k && j < n; t++)
        sum += (double)a[i * row + t * column] * b[t * ldb + j];
      CHECK(fabs(sum - c[i * ldc + j]) < 1e-5, "%d x %d x %d at %d, %d: %g, not %g", (int)m, (int)n,
            (int)k, (int)i, (int)j, c[i * ldc + j], sum);
    }
  CHECK(!memcmp(c + m * ldc, before + m * ldc, sizeof *c * 16), "%d x %d: wrote behind the end",
        (int)m, (int)n);
}

static void check_transpose(int64_t rows, int64_t cols, int64_t ld)
{
  memcpy(c, before, sizeof c);
  lx_small_transpose(a, rows, cols, cols + 5, c, ld);
  for (int64_t i = 0; i < cols; i++)
    for (int64_t j = 0; j < ld; j++)
      CHECK(c[i * ld + j] == (j < rows ? a[j * (cols + 5) + i] : 0), "%d x %d at %d, %d", (int)rows,
            (int)cols, (int)i, (int)j);
  CHECK(!memcmp(c + cols * ld, before + cols * ld, sizeof *c * 16), "%d x %d: wrote behind the end",
        (int)rows, (int)cols);
}

int main(void)
{
  static const int64_t rows[] = {1, 2, 3, 4, 5, 7, 20}, depths[] = {1, 3, 16, 37};
  static const int64_t columns[] = {1, 15, 16, 17, 31, 32, 47, 48, 63, 64, 65, 80, 113};
  fill(a, 1);
  fill(b, 2);
  fill(before, 3);
  for (int set = 0, used = 0; set < 4; set++) {
    if (!lx_small_gemm_choose(set))
      continue;
    printf("instruction set %d, %d before it\n", set, used++);
    for (int i = 0; i < 7; i++)
      for (int j = 0; j < 13; j++)
        for (int t = 0; t < 4; t++)
          for (int way = 0; way < 4; way++)
            check_product(rows[i], columns[j], depths[t], way & 1, way & 2);
    for (int i = 0; i < 13; i++)
      for (int j = 0; j < 13; j++)
        for (int64_t more = 0; more < 20; more += 19)
          check_transpose(columns[i], columns[j], (columns[i] + 15) / 16 * 16 + more);
  }
  return lx_test_end();
}
