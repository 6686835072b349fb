/* y[rows, out] = f(x[rows, in] W^T + b), f one of identity, GELU (with erf), tanh, ReLU.
 * kept: f'(x W^T + b), same shape, for every f but the identity. */
#include <math.h>
#include <stdio.h>

#include "lx-chunks.h"
#include "lx-dense.h"
#include "lx-gelu-rows.h"
#include "lx-gemm.h"
#include "lx-kernel.h"
#include "lx-math.h"
#include "lx-ops.h"

typedef struct {
  LxDense dense;
  int64_t in, out;
  LxOpActivation activation;
} Attr;

LX_INLINE float bias_at(const float *bias, int64_t j)
{
  return bias ? bias[j] : 0;
}

LX_KERNEL static void gelu_rows_keep(float *restrict y, const float *restrict bias,
                                     float *restrict slope, int64_t n, int64_t begin, int64_t end)
{
  for (int64_t r = begin; r < end; r++)
    for (int64_t j = 0; j < n; j++) {
      float x = y[r * n + j] + bias_at(bias, j), cdf, pdf;
      lx_normal(x, &cdf, &pdf);
      y[r * n + j] = x * cdf;
      slope[r * n + j] = cdf + x * pdf;
    }
}

static void simple_rows(float *y, const float *bias, float *slope, const Attr *a, int64_t begin,
                        int64_t end)
{
  for (int64_t i = begin * a->out; i < end * a->out; i++) {
    float x = y[i] + bias_at(bias, i % a->out);
    y[i] = a->activation == LX_TANH ? tanhf(x) : x > 0 ? x : 0;
    if (slope)
      slope[i] = a->activation == LX_TANH ? 1 - y[i] * y[i] : x > 0;
  }
}

static void forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  int64_t rows = node->out.dim[0], n = a->out;
  const float *bias = lx_f32(node->param[1]->value), *x = lx_f32(&node->in[0]->out);
  float *y = lx_f32(&node->out), *slope = node->kept;
  bool fused = a->activation == LX_GELU && !slope;
  if (lx_dense_run(graph, node, fused ? LX_ACTIVATION_GELU : LX_ACTIVATION_NONE)) {
    if (fused || a->activation == LX_LINEAR)
      return;
    bias = NULL; /* added already */
  } else {
    lx_linear(x, lx_f32(node->param[0]->value), NULL, y, rows, a->in, n, false);
  }
  if (a->activation == LX_LINEAR)
    lx_bias_rows(y, bias, rows, n);
  else if (a->activation == LX_GELU && slope)
    LX_FOR_ROWS(rows, n * 8, gelu_rows_keep(y, bias, slope, n, begin, end));
  else if (a->activation == LX_GELU)
    lx_gelu_rows(y, bias, rows, n);
  else
    LX_FOR_ROWS(rows, n * 8, simple_rows(y, bias, slope, a, begin, end));
}

LX_KERNEL static void multiply(float *restrict y, const float *restrict by, int64_t n,
                               int64_t begin, int64_t end)
{
  for (int64_t i = begin * n; i < end * n; i++)
    y[i] *= by[i];
}

static void backward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  int64_t rows = node->out.dim[0];
  float *dy = node->grad;
  if (a->activation != LX_LINEAR)
    LX_FOR_ROWS(rows, a->out, multiply(dy, node->kept, a->out, begin, end));
  lx_dense_backward(node, 0, dy, a->out);
}

static const LxOp linear_op = {.name = "linear",
                               .forward = forward,
                               .backward = backward,
                               .heeds_blank = true,
                               .begin_both = lx_dense_begin_both};

LxNode *lx_op_linear_named(LxGraph *graph, const char *name, LxNode *x, const char *weight,
                           const char *bias, int64_t out, LxOpActivation activation)
{
  LxNode *node =
      lx_graph_add(graph, &linear_op, name, x ? x->rows : 0, LX_F32, 2, (int64_t[]){1, out});
  lx_node_input(graph, node, x);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !x || !a)
    return NULL;
  node->out.dim[0] = x->out.dim[0];
  *a = (Attr){.dense = {.layers = 1}, .in = x->out.dim[1], .out = out, .activation = activation};
  node->attr = a;
  if (activation != LX_LINEAR)
    node->kept_bytes = lx_tensor_bytes(&node->out);
  lx_node_param(graph, node, weight, 2, (int64_t[]){out, a->in});
  lx_node_param(graph, node, bias, 1, &out);
  return lx_graph_failed(graph) ? NULL : node;
}

LxNode *lx_op_linear(LxGraph *graph, const char *name, LxNode *x, const char *prefix, int64_t out,
                     LxOpActivation activation)
{
  char weight[192], bias[192];
  snprintf(weight, sizeof weight, "%s.weight", prefix);
  snprintf(bias, sizeof bias, "%s.bias", prefix);
  return lx_op_linear_named(graph, name, x, weight, bias, out, activation);
}
