#include "lx-small-gemm.h"

#include "lx-kernel.h"
#include "lx-transpose16.h"

typedef struct {
  int64_t k, row, column, ldb, ldc;
  const float *a, *b;
  float *c;
  bool add;
} Block;

/* C[rows, 16 * wide] for constants `rows` <= 4 and `wide` <= 4: all sums stay in registers. */
LX_INLINE void block(const Block *s, const int rows, const int wide)
{
  LxV16 sum[4][4];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < wide; j++)
      sum[i][j] = (LxV16){0};
  for (int64_t t = 0; t < s->k; t++) {
    const float *b = s->b + t * s->ldb, *a = s->a + t * s->column;
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < wide; j++)
        sum[i][j] += a[i * s->row] * *(const LxV16 *)(b + 16 * j);
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < wide; j++) {
      LxV16 *c = (LxV16 *)(s->c + i * s->ldc + 16 * j);
      if (s->add)
        *c += sum[i][j];
      else
        *c = sum[i][j];
    }
}

LX_INLINE void block_rows(const Block *s, int64_t rows, const int wide)
{
  switch (rows) {
  case 1:
    block(s, 1, wide);
    break;
  case 2:
    block(s, 2, wide);
    break;
  case 3:
    block(s, 3, wide);
    break;
  default:
    block(s, 4, wide);
  }
}

/* What is left of fewer than 16 columns. */
LX_INLINE void edge(const Block *s, int64_t rows, int64_t n)
{
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < n; j++) {
      float sum = 0;
      for (int64_t t = 0; t < s->k; t++)
        sum += s->a[i * s->row + t * s->column] * s->b[t * s->ldb + j];
      float *c = s->c + i * s->ldc + j;
      *c = s->add ? *c + sum : sum;
    }
}

/* As many sums as there are registers for. */
static int64_t most_columns(void)
{
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512f") ? 64 : 32;
#else
  return 32;
#endif
}

LX_KERNEL void lx_small_gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t row,
                             int64_t column, const float *b, int64_t ldb, float *c, int64_t ldc,
                             bool add)
{
  const int64_t widest = most_columns();
  for (int64_t j = 0; j < n;) {
    int64_t left = n - j, width = left >= widest ? widest : left >= 16 ? left & -16 : left;
    for (int64_t i = 0; i < m; i += 4) {
      Block s = {k, row, column, ldb, ldc, a + i * row, b + j, c + i * ldc + j, add};
      int64_t rows = m - i < 4 ? m - i : 4;
      if (width == 64)
        block_rows(&s, rows, 4);
      else if (width == 48)
        block_rows(&s, rows, 3);
      else if (width == 32)
        block_rows(&s, rows, 2);
      else if (width == 16)
        block_rows(&s, rows, 1);
      else
        edge(&s, rows, width);
    }
    j += width;
  }
}

typedef struct {
  int64_t row, row_end, column, column_end; /* of `in` */
} Edge;

LX_INLINE void transpose_edge(const float *in, int64_t rows, int64_t ld_in, float *out, int64_t ld,
                              Edge e)
{
  for (int64_t c = e.column; c < e.column_end; c++)
    for (int64_t r = e.row; r < e.row_end; r++)
      out[c * ld + r] = r < rows ? in[r * ld_in + c] : 0;
}

LX_KERNEL void lx_small_transpose(const float *in, int64_t rows, int64_t cols, int64_t ld_in,
                                  float *out, int64_t ld)
{
  for (int64_t c = 0; c < cols; c += 16)
    for (int64_t r = 0; r < ld; r += 16)
      if (cols - c >= 16 && ld - r >= 16)
        lx_transpose16(in + r * ld_in + c, ld_in, rows - r, out + c * ld + r, ld);
      else
        transpose_edge(in, rows, ld_in, out, ld,
                       (Edge){r, r + 16 < ld ? r + 16 : ld, c, c + 16 < cols ? c + 16 : cols});
}
