/* Included by lx-micro.c once for each instruction set, with
 *   MICRO(name)   a suffix for every name here     MICRO_ATTR  the target attribute
 *   MICRO_LANES   floats of a vector               MICRO_ROWS  rows held in registers
 *   MICRO_FMA(a, b, c), MICRO_SET1(x), MICRO_MAX0(a)
 * Deliberately without an include guard. */

typedef float MICRO(Vec) __attribute__((vector_size(MICRO_LANES * 4), aligned(4), may_alias));

#define VEC MICRO(Vec)
#define AT(pointer) (*(VEC *)(pointer))
#define READ(pointer) (*(const VEC *)(pointer))

MICRO_ATTR static inline __attribute__((always_inline)) void
MICRO(conv_body)(const int rows, const int vectors, const LxMicroConv *m)
{
  VEC acc[MICRO_ROWS][2];
  for (int j = 0; j < vectors; j++) {
    VEC start = {0};
    if (m->bias)
      start = READ(m->bias + j * MICRO_LANES);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++)
      acc[i][j] = start;
  }
  const float *w = m->w;
  const int k = m->k;
  for (int t = 0; t < m->taps; t++) {
    const float *a[MICRO_ROWS];
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++)
      a[i] = m->a[t * m->a_step + i] + m->a_offset;
    for (int kk = 0; kk < k; kk++) {
      VEC w0 = READ(w), w1 = vectors == 2 ? READ(w + MICRO_LANES) : w0;
      w += MICRO_LANES * vectors;
#pragma GCC unroll 16
      for (int i = 0; i < rows; i++) {
        VEC x = MICRO_SET1(a[i][kk]);
        acc[i][0] = MICRO_FMA(x, w0, acc[i][0]);
        if (vectors == 2)
          acc[i][1] = MICRO_FMA(x, w1, acc[i][1]);
      }
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) {
      float *c = m->c[i] + m->c_offset + j * MICRO_LANES;
      VEC v = acc[i][j];
      if (m->accumulate)
        v += READ(c);
      if (m->residual)
        v += READ(m->residual[i] + m->c_offset + j * MICRO_LANES);
      if (m->relu)
        v = MICRO_MAX0(v);
      AT(c) = v;
    }
}

MICRO_ATTR static inline __attribute__((always_inline)) void
MICRO(outer_body)(const int k, const int vectors, const LxMicroOuter *m)
{
  VEC acc[MICRO_ROWS][2];
  for (int j = 0; j < vectors; j++)
#pragma GCC unroll 16
    for (int i = 0; i < k; i++)
      acc[i][j] = (VEC){0};
  const float *b = m->b;
  for (int p = 0; p < m->pixels; p++, b += m->b_step) {
    const float *a = m->a[p] + m->a_offset;
    VEC b0 = READ(b), b1 = vectors == 2 ? READ(b + MICRO_LANES) : b0;
#pragma GCC unroll 16
    for (int i = 0; i < k; i++) {
      VEC x = MICRO_SET1(a[i]);
      acc[i][0] = MICRO_FMA(x, b0, acc[i][0]);
      if (vectors == 2)
        acc[i][1] = MICRO_FMA(x, b1, acc[i][1]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < k; i++)
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++)
      AT(m->g + i * m->g_step + j * MICRO_LANES) += acc[i][j];
}

#define CASE(body, n)                                                                              \
  case n:                                                                                          \
    if (n <= MICRO_ROWS && vectors == 2)                                                           \
      MICRO(body)(n <= MICRO_ROWS ? n : 1, 2, m);                                                  \
    else if (n <= MICRO_ROWS)                                                                      \
      MICRO(body)(n <= MICRO_ROWS ? n : 1, 1, m);                                                  \
    break;
#define CASES(body)                                                                                \
  CASE(body, 1)                                                                                    \
  CASE(body, 2)                                                                                    \
  CASE(body, 3)                                                                                    \
  CASE(body, 4)                                                                                    \
  CASE(body, 5)                                                                                    \
  CASE(body, 6)                                                                                    \
  CASE(body, 7)                                                                                    \
  CASE(body, 8)                                                                                    \
  CASE(body, 9)                                                                                    \
  CASE(body, 10)                                                                                   \
  CASE(body, 11)                                                                                   \
  CASE(body, 12)

MICRO_ATTR static void MICRO(conv)(int rows, int vectors, const LxMicroConv *m)
{
  switch (rows) {
    CASES(conv_body)
  }
}

MICRO_ATTR static void MICRO(outer)(int k, int vectors, const LxMicroOuter *m)
{
  switch (k) {
    CASES(outer_body)
  }
}

static const LxMicro MICRO(set) = {
    .name = MICRO_NAME,
    .rows = MICRO_ROWS,
    .lanes = MICRO_LANES,
    .conv = MICRO(conv),
    .outer = MICRO(outer),
};

#undef VEC
#undef AT
#undef READ
#undef CASE
#undef CASES
#undef MICRO
#undef MICRO_ATTR
#undef MICRO_LANES
#undef MICRO_ROWS
#undef MICRO_NAME
#undef MICRO_FMA
#undef MICRO_SET1
#undef MICRO_MAX0
