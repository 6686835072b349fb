/* The forward product of a node with its weights, by the fastest way where the graph packs. */
#pragma once

#include "lx-graph.h"
#include "lx-packed.h"

/* The first member of an operation's attributes. */
typedef struct {
  int layers;       /* <= 3 pairs of (weight, bias), the node's first parameters; 0 = no product */
  LxPacked *packed; /* borrowed */
  bool failed;
} LxDense;

/* out[rows, sum of outputs] = activation(x W^T + b), x = in[0], with the layers side by side. Up to
 * some hundred rows the weights are read where they lie, and are laid out for good in one of
 * the first runs; the numbers repeat bit by bit. False, and out untouched, when the graph does not
 * pack or there is no memory for it: then the caller multiplies by itself. */
bool lx_dense_run(LxGraph *graph, LxNode *node, LxActivation activation);
/* The backward of one layer: in[0] += dy W, W += dy^T in[0], b += column sums of dy, in gradients;
 * dy [rows, outputs of the layer] with row length `ld`. For operations that heed blanks. */
void lx_dense_backward(LxNode *node, int layer, const float *dy, int64_t ld);
/* An operation's begin_both: products with the same weights read them once. */
void lx_dense_begin_both(LxGraph *graph, LxNode *one, LxNode *other);
