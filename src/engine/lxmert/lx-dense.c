#include "lx-dense.h"

#include "lx-chunks.h"
#include "lx-direct.h"
#include "lx-kernel.h"
#include "lx-math.h"
#include "lx-packed-shared.h"

enum {
  PARTS = 3,
  FEW_ROWS = 4, /* packing gains nothing: each weight is used too seldom */
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

LX_KERNEL static void gelu_rows(float *restrict y, int64_t n, int64_t begin, int64_t end)
{
  for (int64_t i = begin * n; i < end * n; i++) {
    float cdf, pdf;
    lx_normal(y[i], &cdf, &pdf);
    y[i] *= cdf;
  }
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
    LX_FOR_ROWS(rows, out * 8, gelu_rows(y, out, begin, end));
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
