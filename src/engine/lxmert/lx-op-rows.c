/* Operations that only move or average rows. */
#include <string.h>

#include "lx-chunks.h"
#include "lx-kernel.h"
#include "lx-norm-rows.h"
#include "lx-ops.h"

typedef struct {
  float dropout;
} AverageAttr;

/* ---- y = dropout((a + b) / 2) ---- */
LX_KERNEL static void average_range(float *restrict y, const float *restrict a,
                                    const float *restrict b, int64_t n, int64_t begin, int64_t end)
{
  for (int64_t i = begin * n; i < end * n; i++)
    y[i] = 0.5f * (a[i] + b[i]);
}

static void average_forward(LxGraph *graph, LxNode *node)
{
  const AverageAttr *attr = node->attr;
  int64_t rows = node->out.dim[0], n = node->out.dim[1];
  float *y = lx_f32(&node->out);
  const float *a = lx_f32(&node->in[0]->out), *b = lx_f32(&node->in[1]->out);
  LX_FOR_ROWS(rows, n, average_range(y, a, b, n, begin, end));
  LxDropout d = lx_dropout(graph, node, attr->dropout);
  lx_dropout_rows(&d, y, rows, n);
}

LX_KERNEL static void half_range(float *restrict into, const float *restrict from, int64_t n,
                                 int64_t begin, int64_t end)
{
  for (int64_t i = begin * n; i < end * n; i++)
    into[i] += 0.5f * from[i];
}

static void average_backward(LxGraph *graph, LxNode *node)
{
  const AverageAttr *attr = node->attr;
  int64_t rows = node->out.dim[0], n = node->out.dim[1];
  LxDropout d = lx_dropout(graph, node, attr->dropout);
  lx_dropout_rows(&d, node->grad, rows, n);
  for (int i = 0; i < 2; i++)
    if (node->in[i]->grad)
      LX_FOR_ROWS(rows, n, half_range(node->in[i]->grad, node->grad, n, begin, end));
}

static const LxOp average_op = {
    .name = "average", .forward = average_forward, .backward = average_backward};

LxNode *lx_op_average(LxGraph *graph, const char *name, LxNode *a, LxNode *b, float dropout)
{
  int64_t n = a ? a->out.dim[1] : 0;
  LxNode *node =
      lx_graph_add(graph, &average_op, name, a ? a->rows : 0, LX_F32, 2, (int64_t[]){1, n});
  lx_node_input(graph, node, a);
  lx_node_input(graph, node, b);
  AverageAttr *attr = lx_graph_alloc(graph, sizeof *attr);
  if (!node || !a || !b || !attr)
    return NULL;
  node->out.dim[0] = a->out.dim[0];
  attr->dropout = dropout;
  node->attr = attr;
  return node;
}

/* ---- y[r] = x[index[r]] ---- */
static void gather_forward(LxGraph *graph, LxNode *node)
{
  int64_t rows = node->out.dim[0], n = node->out.dim[1];
  const float *x = lx_f32(&node->in[0]->out);
  const int64_t *index = lx_i64(&node->in[1]->out);
  for (int64_t r = 0; r < rows; r++)
    memcpy(lx_f32(&node->out) + r * n, x + index[r] * n, (size_t)n * sizeof(float));
}

static void gather_backward(LxGraph *graph, LxNode *node)
{
  int64_t rows = node->out.dim[0], n = node->out.dim[1];
  const int64_t *index = lx_i64(&node->in[1]->out);
  float *dx = node->in[0]->grad;
  for (int64_t r = 0; r < rows && dx; r++)
    lx_add_rows(dx + index[r] * n, node->grad + r * n, 1, n);
}

static const LxOp gather_op = {
    .name = "gather", .forward = gather_forward, .backward = gather_backward};

LxNode *lx_op_gather(LxGraph *graph, const char *name, LxNode *x, LxNode *index)
{
  int64_t n = x ? x->out.dim[1] : 0;
  LxNode *node =
      lx_graph_add(graph, &gather_op, name, index ? index->rows : 0, LX_F32, 2, (int64_t[]){1, n});
  lx_node_input(graph, node, x);
  lx_node_input(graph, node, index);
  if (!node || !index)
    return NULL;
  node->out.dim[0] = index->out.dim[0];
  return node;
}

/* ---- two rows side by side: the same memory, read with rows of twice the length ---- */
static void pairs_forward(LxGraph *graph, LxNode *node)
{
  memcpy(node->out.data, node->in[0]->out.data, lx_tensor_bytes(&node->out));
}

static void pairs_backward(LxGraph *graph, LxNode *node)
{
  if (node->in[0]->grad)
    lx_add_rows(node->in[0]->grad, node->grad, node->out.dim[0], node->out.dim[1]);
}

static const LxOp pairs_op = {
    .name = "pairs", .forward = pairs_forward, .backward = pairs_backward};

LxNode *lx_op_pairs(LxGraph *graph, const char *name, LxNode *x, int rows)
{
  int64_t n = x ? x->out.dim[1] : 0;
  LxNode *node = lx_graph_add(graph, &pairs_op, name, rows, LX_F32, 2, (int64_t[]){1, 2 * n});
  lx_node_input(graph, node, x);
  return node;
}
