/* A counter-based random generator (SplitMix64's finaliser): the value depends only on
 * (seed, stream, counter), so dropout masks need no storage and a resumed run repeats exactly. */
#pragma once

#include <math.h>
#include <stdint.h>

static inline uint64_t lx_rng_mix(uint64_t z)
{
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static inline uint64_t lx_rng_at(uint64_t seed, uint64_t stream, uint64_t counter)
{
  return lx_rng_mix(lx_rng_mix(seed ^ lx_rng_mix(stream)) + counter * 0xd1342543de82ef95u);
}

/* The same as a sequence: copy the struct to save the state. */
typedef struct {
  uint64_t seed, stream, counter;
} LxRng;

static inline uint64_t lx_rng_u64(LxRng *r)
{
  return lx_rng_at(r->seed, r->stream, r->counter++);
}

/* [0, 1) with 53 bits */
static inline double lx_rng_uniform(LxRng *r)
{
  return (double)(lx_rng_u64(r) >> 11) * 0x1p-53;
}

__extension__ typedef unsigned __int128 LxU128;

/* 0 .. n-1; n > 0 */
static inline int64_t lx_rng_below(LxRng *r, int64_t n)
{
  return (int64_t)(((LxU128)lx_rng_u64(r) * (uint64_t)n) >> 64);
}

/* standard normal (Box-Muller, one of the pair) */
static inline double lx_rng_normal(LxRng *r)
{
  double u = 1.0 - lx_rng_uniform(r), v = lx_rng_uniform(r);
  return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}
