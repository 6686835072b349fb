/* A small deterministic generator (splitmix64), equal on every machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t state;
} WorldRng;

static inline uint64_t world_mix(uint64_t z)
{
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static inline WorldRng world_rng(uint64_t seed, uint64_t stream)
{
  return (WorldRng){world_mix(seed ^ world_mix(stream + 0x51ed27))};
}

static inline uint64_t world_rng_next(WorldRng *rng)
{
  rng->state += 0x9e3779b97f4a7c15u;
  return world_mix(rng->state);
}

/* Uniform in 0 .. n-1. */
static inline int world_rng_int(WorldRng *rng, int n)
{
  return (int)((world_rng_next(rng) >> 32) * (uint64_t)n >> 32);
}

/* Uniform in [low, high). */
static inline double world_rng_range(WorldRng *rng, double low, double high)
{
  return low + (high - low) * ((double)(world_rng_next(rng) >> 11) * 0x1p-53);
}

static inline bool world_rng_chance(WorldRng *rng, double p)
{
  return world_rng_range(rng, 0, 1) < p;
}
