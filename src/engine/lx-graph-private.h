/* What a graph holds: for its own files, lx-graph*.c. */
#pragma once

#include "lx-graph.h"
#include "lx-pages.h"

struct LxGraph {
  LxTensors *tensors;
  LxNode **nodes, **order; /* order: in which they run forward; NULL = as they are */
  int n_nodes, cap_nodes;
  LxParam **params;
  int n_params, cap_params;
  void **allocs;
  int n_allocs, cap_allocs;
  int64_t capacity[LX_MAX_ROW_KINDS], rows[LX_MAX_ROW_KINDS];
  int n_kinds;
  char *arena, *grads;
  LxPages *arena_pages, *grads_pages; /* NULL: small, from the heap */
  size_t arena_bytes, grads_bytes;
  LxMode mode;
  bool dropout, packed, sharing;
  uint64_t seed, step;
  LxError error;
};
