/* Where the outputs of a graph's nodes, their memory for themselves and their gradients lie. */
#pragma once

#include "lx-graph.h"

typedef struct {
  size_t out, scratch, kept; /* bytes from the arena's begin */
  size_t grad;               /* bytes from the gradients' begin */
} LxPlace;

typedef struct {
  size_t arena, grads; /* bytes of both */
} LxPlacesSize;

/* Fills `places` (one a node, by index). With `share` memory goes to others, but for inputs and what
 * lx_graph_keep names: in LX_INFER an output's after its last reader and scratch memory after its
 * node, in LX_TRAIN an output's gradient after the node's backward. `order`: in which the `n` nodes run
 * forward; backward they run as they are listed. False: not enough memory. */
bool lx_graph_find_places(LxNode *const *nodes, LxNode *const *order, int n, LxMode mode,
                          bool share, LxPlace *places, LxPlacesSize *size);
