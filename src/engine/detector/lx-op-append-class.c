/* The attribute head's input: y[r] = (features[r], table[id[r]]).
 * Backward: dfeatures = the first part, dtable[id[r]] += the second. */
#include <string.h>

#include "lx-detector-ops.h"

typedef struct {
  int classes, width;
} Append;

static int64_t id_of(const LxNode *ids, int64_t row, int classes)
{
  if (ids->out.dtype == LX_I64) {
    int64_t id = lx_i64(&ids->out)[row];
    return id >= 0 && id < classes ? id : classes - 1;
  }
  const float *x = lx_f32(&ids->out) + row * classes;
  int64_t best = 0;
  for (int i = 1; i < classes; i++)
    if (x[i] > x[best])
      best = i;
  return best;
}

static void append_forward(LxGraph *graph, LxNode *node)
{
  const Append *a = node->attr;
  const float *x = lx_f32(&node->in[0]->out), *table = lx_f32(node->param[0]->value);
  int64_t d = node->in[0]->out.dim[1];
  float *y = lx_f32(&node->out);
  for (int64_t r = 0; r < node->out.dim[0]; r++, y += d + a->width) {
    memcpy(y, x + r * d, (size_t)d * sizeof *y);
    memcpy(y + d, table + id_of(node->in[1], r, a->classes) * a->width,
           (size_t)a->width * sizeof *y);
  }
}

static void append_backward(LxGraph *graph, LxNode *node)
{
  const Append *a = node->attr;
  int64_t d = node->in[0]->out.dim[1];
  const float *g = node->grad;
  float *gx = node->in[0]->grad, *gt = node->param[0]->grad;
  for (int64_t r = 0; r < node->out.dim[0]; r++, g += d + a->width) {
    for (int64_t i = 0; gx && i < d; i++)
      gx[r * d + i] += g[i];
    float *row = gt ? gt + id_of(node->in[1], r, a->classes) * a->width : NULL;
    for (int i = 0; row && i < a->width; i++)
      row[i] += g[d + i];
  }
}

static const LxOp append_op = {
    .name = "append-class", .forward = append_forward, .backward = append_backward};

LxNode *lx_op_append_class(LxGraph *graph, const char *name, LxNode *features, LxNode *ids,
                           const char *table, int classes, int width)
{
  if (!features || !ids)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "The attribute head lacks an input.");
  int64_t dim[2] = {features->out.dim[0], features->out.dim[1] + width};
  int64_t shape[2] = {classes, width};
  LxNode *node = lx_graph_add(graph, &append_op, name, features->rows, LX_F32, 2, dim);
  Append *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !a)
    return NULL;
  *a = (Append){classes, width};
  node->attr = a;
  lx_node_input(graph, node, features);
  lx_node_input(graph, node, ids);
  lx_node_param(graph, node, table, 2, shape);
  return node;
}
