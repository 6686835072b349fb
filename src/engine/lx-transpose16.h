/* The transpose of 16 x 16 floats in registers: for functions that are compiled for AVX-512. */
#pragma once

#include "lx-math.h"

/* At any address. */
typedef float LxV16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t LxV16Index __attribute__((vector_size(64)));

#define LX_SHUFFLE16(a, b, ...) __builtin_shuffle(a, b, (LxV16Index){__VA_ARGS__})

/* Four vectors, a quarter of each: the columns of four rows. */
LX_INLINE void lx_transpose4(const LxV16 *in, LxV16 *out)
{
#define LOW(a, b) LX_SHUFFLE16(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH(a, b) LX_SHUFFLE16(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW_PAIRS(a, b) LX_SHUFFLE16(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH_PAIRS(a, b)                                                                           \
  LX_SHUFFLE16(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
  LxV16 a = LOW(in[0], in[1]), b = HIGH(in[0], in[1]);
  LxV16 c = LOW(in[2], in[3]), d = HIGH(in[2], in[3]);
  out[0] = LOW_PAIRS(a, c);
  out[1] = HIGH_PAIRS(a, c);
  out[2] = LOW_PAIRS(b, d);
  out[3] = HIGH_PAIRS(b, d);
#undef LOW
#undef HIGH
#undef LOW_PAIRS
#undef HIGH_PAIRS
}

/* `rows` <= 16 rows of 16, `ld_in` apart, become 16 rows of `rows`, those after them 0. */
LX_INLINE void lx_transpose16(const float *in, int64_t ld_in, int64_t rows, float *out,
                              int64_t ld_out)
{
#define EVEN(a, b) LX_SHUFFLE16(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define ODD(a, b) LX_SHUFFLE16(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
  LxV16 r[16], t[16];
  for (int i = 0; i < 16; i++)
    r[i] = i < rows ? *(const LxV16 *)(in + i * ld_in) : (LxV16){0};
  for (int i = 0; i < 16; i += 4)
    lx_transpose4(r + i, t + i);
  for (int c = 0; c < 4; c++) {
    LxV16 a = EVEN(t[c], t[4 + c]), b = ODD(t[c], t[4 + c]);
    LxV16 d = EVEN(t[8 + c], t[12 + c]), e = ODD(t[8 + c], t[12 + c]);
    *(LxV16 *)(out + c * ld_out) = EVEN(a, d);
    *(LxV16 *)(out + (4 + c) * ld_out) = EVEN(b, e);
    *(LxV16 *)(out + (8 + c) * ld_out) = ODD(a, d);
    *(LxV16 *)(out + (12 + c) * ld_out) = ODD(b, e);
  }
#undef EVEN
#undef ODD
}
