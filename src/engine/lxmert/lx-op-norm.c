/* y[rows, out] = LayerNorm(dropout(x W^T + b) + residual), and LayerNorm alone.
 * kept: xhat [rows, out], then 1 / deviation [rows] (lx-norm-rows.h).
 * backward: d(sum) = LayerNorm'(dy) goes to the residual; the dropout's mask makes it d(x W^T + b).
 */
#include <stdio.h>
#include <string.h>

#include "lx-chunks.h"
#include "lx-dense.h"
#include "lx-gemm.h"
#include "lx-kernel.h"
#include "lx-norm-rows.h"
#include "lx-ops.h"

typedef struct {
  LxDense product;
  int64_t in, out;
  float eps, dropout;
  bool dense, residual;
} Attr;

/* Parameters: [weight, bias,] gamma, beta. Inputs: x [, residual]. */
static LxNormRows rows_of(const LxGraph *graph, const LxNode *node)
{
  const Attr *a = node->attr;
  LxParam *const *norm = node->param + (a->dense ? 2 : 0);
  return (LxNormRows){
      .n = a->out,
      .eps = a->eps,
      .bias = a->dense ? lx_f32(node->param[1]->value) : NULL,
      .dropout = lx_dropout(graph, node, a->dropout),
      .residual = a->residual ? lx_f32(&node->in[1]->out) : NULL,
      .gamma = lx_f32(norm[0]->value),
      .beta = lx_f32(norm[1]->value),
  };
}

static float *kept_rstd(const LxNode *node)
{
  const Attr *a = node->attr;
  return node->kept ? (float *)node->kept + node->out.dim[0] * a->out : NULL;
}

static void forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  int64_t rows = node->out.dim[0];
  const float *x = lx_f32(&node->in[0]->out);
  float *y = lx_f32(&node->out);
  LxNormRows norm = rows_of(graph, node);
  if (a->dense && lx_dense_run(graph, node, LX_ACTIVATION_NONE))
    norm.bias = NULL; /* added already */
  else if (a->dense)
    lx_linear(x, lx_f32(node->param[0]->value), NULL, y, rows, a->in, a->out, false);
  else
    memcpy(y, x, (size_t)(rows * a->out) * sizeof *y);
  lx_norm_rows(&norm, y, node->kept, kept_rstd(node), rows);
}

static void add_to(LxNode *x, const float *dy, int64_t rows, int64_t n)
{
  if (x->grad && lx_take_blank(&x->blank) > 0)
    lx_add_rows(x->grad, dy, rows, n);
  else if (x->grad)
    LX_FOR_ROWS(
        rows, n,
        memcpy(x->grad + begin * n, dy + begin * n, (size_t)((end - begin) * n) * sizeof *dy));
}

static void backward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  int64_t rows = node->out.dim[0];
  float *dy = node->grad;
  LxParam *const *affine = node->param + (a->dense ? 2 : 0);
  LxNormRows norm = rows_of(graph, node);
  lx_norm_rows_backward(&norm, dy, node->kept, kept_rstd(node), affine[0]->grad, affine[1]->grad,
                        rows);
  if (!a->dense) {
    add_to(node->in[0], dy, rows, a->out);
    return;
  }
  if (a->residual)
    add_to(node->in[1], dy, rows, a->out);
  lx_dropout_rows(&norm.dropout, dy, rows, a->out);
  lx_dense_backward(node, 0, dy, a->out);
}

static const LxOp norm_op = {.name = "norm",
                             .forward = forward,
                             .backward = backward,
                             .heeds_blank = true,
                             .begin_both = lx_dense_begin_both};

static void bind(LxGraph *graph, LxNode *node, const char *prefix, const char *what, int ndim,
                 const int64_t *dim)
{
  char name[192];
  snprintf(name, sizeof name, "%s.%s", prefix, what);
  lx_node_param(graph, node, name, ndim, dim);
}

static LxNode *append(LxGraph *graph, const char *name, LxNode *x, Attr attr)
{
  LxNode *node =
      lx_graph_add(graph, &norm_op, name, x ? x->rows : 0, LX_F32, 2, (int64_t[]){1, attr.out});
  lx_node_input(graph, node, x);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !x || !a)
    return NULL;
  node->out.dim[0] = x->out.dim[0];
  *a = attr;
  a->product.layers = a->dense;
  node->attr = a;
  node->kept_bytes = (size_t)(node->out.dim[0] * (a->out + 1)) * sizeof(float);
  return node;
}

LxNode *lx_op_linear_norm(LxGraph *graph, const char *name, LxNode *x, LxNode *residual,
                          const char *dense, const char *norm, int64_t out, float eps,
                          float dropout)
{
  Attr attr = {.in = x ? x->out.dim[1] : 0,
               .out = out,
               .eps = eps,
               .dropout = dropout,
               .dense = true,
               .residual = residual != NULL};
  LxNode *node = append(graph, name, x, attr);
  if (!node)
    return NULL;
  if (residual)
    lx_node_input(graph, node, residual);
  bind(graph, node, dense, "weight", 2, (int64_t[]){out, attr.in});
  bind(graph, node, dense, "bias", 1, &out);
  bind(graph, node, norm, "weight", 1, &out);
  bind(graph, node, norm, "bias", 1, &out);
  return lx_graph_failed(graph) ? NULL : node;
}

LxNode *lx_op_norm(LxGraph *graph, const char *name, LxNode *x, const char *norm, float eps)
{
  int64_t n = x ? x->out.dim[1] : 0;
  LxNode *node = append(graph, name, x, (Attr){.in = n, .out = n, .eps = eps});
  if (!node)
    return NULL;
  bind(graph, node, norm, "weight", 1, &n);
  bind(graph, node, norm, "bias", 1, &n);
  return lx_graph_failed(graph) ? NULL : node;
}
