#include "lx-micro.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define MICRO(name) name##_avx512
#define MICRO_NAME "AVX-512"
#define MICRO_ATTR __attribute__((target("avx512f,fma")))
#define MICRO_LANES 16
#define MICRO_ROWS 12
#define MICRO_FMA(a, b, c) (VEC) _mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c))
#define MICRO_SET1(x) (VEC) _mm512_set1_ps(x)
#define MICRO_MAX0(a) (VEC) _mm512_max_ps(_mm512_setzero_ps(), (__m512)(a))
#include "lx-micro-template.inc"

#define MICRO(name) name##_avx2
#define MICRO_NAME "AVX2"
#define MICRO_ATTR __attribute__((target("avx2,fma")))
#define MICRO_LANES 8
#define MICRO_ROWS 6
#define MICRO_FMA(a, b, c) (VEC) _mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c))
#define MICRO_SET1(x) (VEC) _mm256_set1_ps(x)
#define MICRO_MAX0(a) (VEC) _mm256_max_ps(_mm256_setzero_ps(), (__m256)(a))
#include "lx-micro-template.inc"
#endif

#define MICRO(name) name##_plain
#define MICRO_NAME "128-bit"
#define MICRO_ATTR
#define MICRO_LANES 4
#define MICRO_ROWS 4
#define MICRO_FMA(a, b, c) ((a) * (b) + (c))
#define MICRO_SET1(x) ((VEC){(x), (x), (x), (x)})
#define MICRO_MAX0(a) max0_plain(a)
typedef float Plain __attribute__((vector_size(16), aligned(4), may_alias));
static inline Plain max0_plain(Plain a)
{
  for (int i = 0; i < 4; i++)
    a[i] = a[i] < 0 ? 0 : a[i];
  return a;
}
#include "lx-micro-template.inc"

static const LxMicro *const sets[] = {
#if defined(__x86_64__)
    &set_avx512,
    &set_avx2,
#endif
    &set_plain,
};

enum { N_SETS = sizeof sets / sizeof sets[0] };

static bool usable(int index)
{
  int from_last = N_SETS - 1 - index;
#if defined(__x86_64__)
  if (from_last == 2)
    return __builtin_cpu_supports("avx512f");
  if (from_last == 1)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return from_last == 0;
}

static const LxMicro *chosen;

const LxMicro *lx_micro(void)
{
  if (chosen)
    return chosen;
  for (int i = 0; i < N_SETS - 1; i++)
    if (usable(i))
      return sets[i];
  return &set_plain;
}

bool lx_micro_choose(int index)
{
  if (index >= N_SETS || (index >= 0 && !usable(index)))
    return false;
  chosen = index >= 0 ? sets[index] : NULL;
  return true;
}
