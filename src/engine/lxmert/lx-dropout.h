/* Dropout whose mask is a function of (seed, step, node, element): nothing is stored, the backward
 * recomputes it, and a resumed run repeats it. */
#pragma once

#include "lx-graph.h"
#include "lx-math.h"
#include "lx-rng.h"

typedef struct {
  uint32_t key, salt;
  uint32_t threshold; /* an element whose hash is below it is dropped; 0 = dropout is off */
  float scale;        /* of the kept ones, 1 / (1 - p) */
} LxDropout;

/* The state for one run of `node`; off unless the graph trains with dropout. */
static inline LxDropout lx_dropout(const LxGraph *graph, const LxNode *node, float p)
{
  LxDropout d = {.scale = 1};
  if (p <= 0 || !lx_graph_dropout(graph))
    return d;
  uint64_t r = lx_rng_at(lx_graph_seed(graph), lx_graph_step(graph), (uint64_t)node->index);
  d.key = (uint32_t)r;
  d.salt = (uint32_t)(r >> 32);
  d.threshold = (uint32_t)(p * 4294967296.0);
  d.scale = 1.0f / (1.0f - p);
  return d;
}

/* What element `i` is multiplied by: 0 or scale. (Hash: Ellis, "lowbias32".) */
LX_INLINE float lx_dropout_factor(const LxDropout *d, uint32_t i)
{
  uint32_t x = i * 0x9e3779b9u + d->key;
  x = (x ^ x >> 16) * 0x7feb352du;
  x = (x ^ x >> 15 ^ d->salt) * 0x846ca68bu;
  x = x ^ x >> 16;
  return x >= d->threshold ? d->scale : 0.0f;
}
