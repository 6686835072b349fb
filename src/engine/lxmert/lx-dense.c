#include "lx-dense.h"

#include "lx-packed-shared.h"

enum { PAIRS = LX_MAX_NODE_PARAMS / 2 };

static void pack(LxGraph *graph, const LxNode *node, LxDense *dense, int n)
{
  const LxTensor *weights[PAIRS], *biases[PAIRS];
  for (int i = 0; i < n; i++) {
    weights[i] = node->param[2 * i]->value;
    biases[i] = node->param[2 * i + 1]->value;
  }
  dense->tried = true;
  if (lx_packed_shared(lx_graph_tensors(graph), weights, biases, n, &dense->packed, NULL))
    dense->packed = NULL;
}

bool lx_dense_run(LxGraph *graph, const LxNode *node, LxDense *dense, int n, const float *x,
                  int64_t rows, float *y, LxActivation activation)
{
  if (!lx_graph_packed(graph))
    return false;
  if (!dense->tried)
    pack(graph, node, dense, n);
  return dense->packed && !lx_packed_run(dense->packed, x, rows, y, activation, NULL);
}
