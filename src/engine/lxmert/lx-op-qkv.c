/* y[rows, 3 h] = (x Wq^T + bq, x Wk^T + bk, x Wv^T + bv), x [rows, h].
 * A cross-modality layer's one attention module needs all three of both streams, each computed
 * once; its last use may need only queries or only keys and values. */
#include <stdio.h>

#include "lx-chunks.h"
#include "lx-dense.h"
#include "lx-gemm.h"
#include "lx-kernel.h"
#include "lx-ops.h"

typedef struct {
  LxDense dense; /* where all three are asked for */
  int64_t in, hidden;
  int n;       /* parts */
  int part[3]; /* column block of each */
} Attr;

LX_KERNEL static void bias_range(float *restrict y, const float *restrict bias, int64_t n,
                                 int64_t ld, int64_t begin, int64_t end)
{
  for (int64_t r = begin; r < end; r++)
    for (int64_t j = 0; j < n; j++)
      y[r * ld + j] += bias[j];
}

static void forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  int64_t rows = node->out.dim[0], h = a->hidden;
  const float *x = lx_f32(&node->in[0]->out);
  if (lx_dense_run(graph, node, LX_ACTIVATION_NONE))
    return;
  for (int i = 0; i < a->n; i++) {
    float *y = lx_f32(&node->out) + a->part[i] * h;
    lx_gemm(false, true, rows, h, a->in, 1.0f, x, a->in, lx_f32(node->param[2 * i]->value), a->in,
            0.0f, y, 3 * h);
    const float *bias = lx_f32(node->param[2 * i + 1]->value);
    LX_FOR_ROWS(rows, h, bias_range(y, bias, h, 3 * h, begin, end));
  }
}

static void backward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  for (int i = 0; i < a->n; i++)
    lx_dense_backward(node, i, node->grad + a->part[i] * a->hidden, 3 * a->hidden);
}

static const LxOp qkv_op = {.name = "qkv",
                            .forward = forward,
                            .backward = backward,
                            .heeds_blank = true,
                            .begin_both = lx_dense_begin_both};

LxNode *lx_op_qkv(LxGraph *graph, const char *name, LxNode *x, const char *prefix, int parts)
{
  int64_t h = x ? x->out.dim[1] : 0;
  LxNode *node =
      lx_graph_add(graph, &qkv_op, name, x ? x->rows : 0, LX_F32, 2, (int64_t[]){1, 3 * h});
  lx_node_input(graph, node, x);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !x || !a)
    return NULL;
  node->out.dim[0] = x->out.dim[0];
  a->in = a->hidden = h;
  node->attr = a;
  static const char *const names[3] = {"query", "key", "value"};
  for (int i = 0; i < 3; i++) {
    if (!(parts & (i ? LX_KEY_VALUE : LX_QUERY)))
      continue;
    char full[192];
    a->part[a->n++] = i;
    snprintf(full, sizeof full, "%s.%s.weight", prefix, names[i]);
    lx_node_param(graph, node, full, 2, (int64_t[]){h, h});
    snprintf(full, sizeof full, "%s.%s.bias", prefix, names[i]);
    lx_node_param(graph, node, full, 1, &h);
  }
  a->dense.layers = a->n == 3 ? 3 : 0;
  return lx_graph_failed(graph) ? NULL : node;
}
