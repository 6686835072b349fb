#include "lx-dense.h"

#include "lx-direct.h"
#include "lx-gelu-rows.h"
#include "lx-packed-shared.h"

enum {
  PARTS = 3,
  FEW_ROWS = 128, /* up to a few examples, packing gains nothing: reading the weights costs most */
};

static void find_packed(LxGraph *graph, const LxNode *node, LxDense *dense, int n)
{
  const LxTensor *weights[PARTS], *biases[PARTS];
  for (int i = 0; i < n; i++) {
    weights[i] = node->param[2 * i]->value;
    biases[i] = node->param[2 * i + 1]->value;
  }
  dense->failed = lx_packed_shared(lx_graph_tensors(graph), weights, biases, n, true,
                                   &dense->packed, NULL) != LX_OK;
}

static bool run_direct(const LxNode *node, int n, const float *x, int64_t rows, float *y,
                       LxActivation activation)
{
  LxDirectPart parts[PARTS];
  int64_t out = 0;
  for (int i = 0; i < n; out += parts[i++].out)
    parts[i] = (LxDirectPart){lx_f32(node->param[2 * i]->value),
                              lx_f32(node->param[2 * i + 1]->value),
                              node->param[2 * i]->value->dim[0]};
  if (!lx_direct_run(parts, n, x, rows, node->param[0]->value->dim[1], y, out))
    return false;
  if (activation == LX_ACTIVATION_GELU)
    lx_gelu_rows(y, NULL, rows, out);
  return true;
}

bool lx_dense_run(LxGraph *graph, const LxNode *node, LxDense *dense, int n, const float *x,
                  int64_t rows, float *y, LxActivation activation)
{
  if (!lx_graph_packed(graph) || n > PARTS)
    return false;
  if (rows <= FEW_ROWS && run_direct(node, n, x, rows, y, activation))
    return true;
  if (!dense->packed && !dense->failed)
    find_packed(graph, node, dense, n);
  return dense->packed && !lx_packed_run(dense->packed, x, rows, y, activation, NULL);
}
