/* The forward product of a node with its weights, by the shared packed copy where the graph asks
 * for it. */
#pragma once

#include "lx-graph.h"
#include "lx-packed.h"

/* Part of an operation's attributes, zeroed at first. */
typedef struct {
  LxPacked *packed; /* borrowed */
  bool failed;
} LxDense;

/* y[rows, sum of out] = activation(x W^T + b) for the node's first `n` <= 3 pairs of (weight, bias)
 * side by side. Packs at the first run, but leaves weights that meet only a few rows as they are. The
 * way depends on the shape alone, so that runs repeat bit by bit. False, and y untouched, when the
 * graph does not pack or there is no memory for it: then the caller multiplies by itself. */
bool lx_dense_run(LxGraph *graph, const LxNode *node, LxDense *dense, int n, const float *x,
                  int64_t rows, float *y, LxActivation activation);
