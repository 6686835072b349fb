#include "lx-small-gemm.h"

#include <stddef.h>

#include "lx-transpose16.h"

enum { TALL = 4 }; /* rows of a block */

/* A product, or what is left of it; see lx_small_gemm. */
typedef struct {
  int64_t k, row, column, ldb, ldc;
  const float *a, *b;
  float *c;
  bool add;
} Block;

/* What is left of fewer columns than a vector has. */
LX_INLINE void edge(const Block *s, int64_t m, int64_t n)
{
  for (int64_t i = 0; i < m; i++)
    for (int64_t j = 0; j < n; j++) {
      float sum = 0;
      for (int64_t t = 0; t < s->k; t++)
        sum += s->a[i * s->row + t * s->column] * s->b[t * s->ldb + j];
      float *c = s->c + i * s->ldc + j;
      *c = s->add ? *c + sum : sum;
    }
}

/* One block of the transpose, from row `r` and column `c` of `in` on. */
typedef struct {
  const float *in;
  int64_t rows, cols, ld_in;
  float *out;
  int64_t ld;
} Transpose;

LX_INLINE void transpose_edge(const Transpose *t, int64_t r, int64_t c)
{
  int64_t r_end = r + 16 < t->ld ? r + 16 : t->ld, c_end = c + 16 < t->cols ? c + 16 : t->cols;
  for (; c < c_end; c++)
    for (int64_t i = r; i < r_end; i++)
      t->out[c * t->ld + i] = i < t->rows ? t->in[i * t->ld_in + c] : 0;
}

static void transpose_plain(const Transpose *t, int64_t r, int64_t c)
{
  transpose_edge(t, r, c);
}

#if defined(__x86_64__)
#define SMALL(name) name##_avx512
#define SMALL_ATTR __attribute__((target("avx512f")))
#define SMALL_LANES 16
#define SMALL_WIDE 4
#include "lx-small-gemm-template.inc"

#define SMALL(name) name##_avx2
#define SMALL_ATTR __attribute__((target("avx2,fma")))
#define SMALL_LANES 8
#define SMALL_WIDE 2
#include "lx-small-gemm-template.inc"

__attribute__((target("avx512f"))) static void transpose_avx512(const Transpose *t, int64_t r,
                                                                int64_t c)
{
  if (t->ld - r < 16 || t->cols - c < 16)
    transpose_edge(t, r, c);
  else
    lx_transpose16(t->in + r * t->ld_in + c, t->ld_in, t->rows - r, t->out + c * t->ld + r, t->ld);
}
#endif

#define SMALL(name) name##_plain
#define SMALL_ATTR
#define SMALL_LANES 4
#define SMALL_WIDE 2
#include "lx-small-gemm-template.inc"

typedef struct {
  void (*gemm)(int64_t m, int64_t n, Block block);
  void (*transpose)(const Transpose *t, int64_t r, int64_t c);
} Set;

static const Set sets[] = {
#if defined(__x86_64__)
    {gemm_avx512, transpose_avx512},
    {gemm_avx2, transpose_plain},
#endif
    {gemm_plain, transpose_plain},
};

enum { N_SETS = sizeof sets / sizeof sets[0] };

static bool usable(int index)
{
#if defined(__x86_64__)
  if (index == 0)
    return __builtin_cpu_supports("avx512f");
  if (index == 1)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return index < N_SETS;
}

static int chosen = -1;

bool lx_small_gemm_choose(int index)
{
  if (index >= N_SETS || (index >= 0 && !usable(index)))
    return false;
  chosen = index;
  return true;
}

static const Set *best(void)
{
  int index = chosen < 0 ? 0 : chosen;
  while (!usable(index))
    index++;
  return &sets[index];
}

void lx_small_gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t row, int64_t column,
                   const float *b, int64_t ldb, float *c, int64_t ldc, bool add)
{
  best()->gemm(m, n, (Block){k, row, column, ldb, ldc, a, b, c, add});
}

void lx_small_transpose(const float *in, int64_t rows, int64_t cols, int64_t ld_in, float *out,
                        int64_t ld)
{
  const Set *set = best();
  const Transpose t = {in, rows, cols, ld_in, out, ld};
  for (int64_t c = 0; c < cols; c += 16)
    for (int64_t r = 0; r < ld; r += 16)
      set->transpose(&t, r, c);
}
