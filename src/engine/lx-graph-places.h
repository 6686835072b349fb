/* Where the outputs of a graph's nodes and their memory for themselves lie in its arena. */
#pragma once

#include "lx-graph.h"

typedef struct {
  size_t out, scratch, kept; /* bytes from the arena's begin */
} LxPlace;

/* Fills `places` (one a node, by index) and gives the arena's size. With `share` an output's memory
 * goes to others after its last reader, and scratch memory after its node, but for inputs and what
 * lx_graph_keep names. `order`: in which the `n` nodes run. False: not enough memory. */
bool lx_graph_find_places(LxNode *const *nodes, LxNode *const *order, int n, LxMode mode,
                          bool share, LxPlace *places, size_t *bytes);
