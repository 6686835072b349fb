/* Splitting rows among threads. The kernels themselves are plain functions over a range of rows,
 * so that each is compiled for every instruction set (lx-kernel.h). */
#pragma once

#include <omp.h>
#include <stdint.h>

/* How many pieces are worth their overhead; `row_cost` counts element operations of one row. */
static inline int lx_chunks(int64_t rows, int64_t row_cost)
{
  if (omp_in_parallel() || rows * row_cost < 65536)
    return 1;
  int threads = omp_get_max_threads();
  return rows < threads ? (int)rows : threads;
}

/* First row of piece `i` of `n`. */
static inline int64_t lx_chunk(int64_t rows, int i, int n)
{
  return rows * i / n;
}

/* Runs `call` (an expression of `begin` and `end`) over all rows. */
#define LX_FOR_ROWS(rows, row_cost, call)                                                          \
  do {                                                                                             \
    int64_t rows_ = (rows);                                                                        \
    int n_ = lx_chunks(rows_, (row_cost));                                                         \
    _Pragma("omp parallel for schedule(static) num_threads(n_) if (n_ > 1)") for (int i_ = 0;      \
                                                                                  i_ < n_; i_++)   \
    {                                                                                              \
      int64_t begin = lx_chunk(rows_, i_, n_), end = lx_chunk(rows_, i_ + 1, n_);                  \
      call;                                                                                        \
    }                                                                                              \
  } while (0)
