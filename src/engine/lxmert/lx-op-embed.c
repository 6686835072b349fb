/* y[rows, hidden] = dropout(LayerNorm(word[id] + position[p] + type[t])).
 * kept: xhat [rows, hidden], then 1 / deviation [rows]. */
#include "lx-chunks.h"
#include "lx-kernel.h"
#include "lx-norm-rows.h"
#include "lx-ops.h"

#include <stdio.h>

typedef struct {
  int64_t hidden;
  float eps, dropout;
} Attr;

/* Row of table `i` (0 word, 1 position, 2 type) that row `r` looks up. */
static int64_t row_of(const LxNode *node, int i, int64_t r)
{
  int64_t id = lx_i64(&node->in[i]->out)[r], last = node->param[i]->value->dim[0] - 1;
  return id < 0 ? 0 : id > last ? last : id;
}

LX_KERNEL static void sum3(float *restrict y, const float *restrict a, const float *restrict b,
                           const float *restrict c, int64_t n)
{
  for (int64_t j = 0; j < n; j++)
    y[j] = a[j] + b[j] + c[j];
}

static const float *table_row(const LxNode *node, int i, int64_t r)
{
  return lx_f32(node->param[i]->value) + row_of(node, i, r) * node->out.dim[1];
}

/* A word's row lies anywhere in a table of 94 MB, so the next ones are asked for in time. */
static void sum_rows(const LxNode *node, int64_t begin, int64_t end)
{
  enum { AHEAD = 2, LINE = 16 };
  int64_t n = node->out.dim[1];
  for (int64_t r = begin; r < end; r++) {
    const float *next = table_row(node, 0, r + AHEAD < end ? r + AHEAD : r);
    for (int64_t j = 0; j < n; j += LINE)
      __builtin_prefetch(next + j);
    sum3(lx_f32(&node->out) + r * n, table_row(node, 0, r), table_row(node, 1, r),
         table_row(node, 2, r), n);
  }
}

static LxNormRows rows_of(const LxGraph *graph, const LxNode *node)
{
  const Attr *a = node->attr;
  return (LxNormRows){
      .n = a->hidden,
      .eps = a->eps,
      .gamma = lx_f32(node->param[3]->value),
      .beta = lx_f32(node->param[4]->value),
      .after = lx_dropout(graph, node, a->dropout),
  };
}

static float *kept_rstd(const LxNode *node)
{
  const Attr *a = node->attr;
  return node->kept ? (float *)node->kept + node->out.dim[0] * a->hidden : NULL;
}

static void forward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  int64_t rows = node->out.dim[0], n = a->hidden;
  float *y = lx_f32(&node->out);
  LX_FOR_ROWS(rows, n * 4, sum_rows(node, begin, end));
  LxNormRows norm = rows_of(graph, node);
  lx_norm_rows(&norm, y, node->kept, kept_rstd(node), rows);
}

static void backward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  int64_t rows = node->out.dim[0], n = a->hidden;
  LxNormRows norm = rows_of(graph, node);
  lx_norm_rows_backward(&norm, node->grad, node->kept, kept_rstd(node), node->param[3]->grad,
                        node->param[4]->grad, rows);
  for (int i = 0; i < 3; i++)
    for (int64_t r = 0; r < rows && node->param[i]->grad; r++) {
      int64_t id = row_of(node, i, r);
      if (id != 0)
        lx_add_rows(node->param[i]->grad + id * n, node->grad + r * n, 1, n);
    }
}

static const LxOp embed_op = {.name = "embed", .forward = forward, .backward = backward};

LxNode *lx_op_embed(LxGraph *graph, const char *name, LxNode *ids, LxNode *positions, LxNode *types,
                    const LxEmbeddingNames *names, int64_t hidden, float eps, float dropout)
{
  LxNode *node =
      lx_graph_add(graph, &embed_op, name, ids ? ids->rows : 0, LX_F32, 2, (int64_t[]){1, hidden});
  lx_node_input(graph, node, ids);
  lx_node_input(graph, node, positions);
  lx_node_input(graph, node, types);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !ids || !a)
    return NULL;
  node->out.dim[0] = ids->out.dim[0];
  *a = (Attr){hidden, eps, dropout};
  node->attr = a;
  node->kept_bytes = (size_t)(node->out.dim[0] * (hidden + 1)) * sizeof(float);
  const int64_t table[2] = {-1, hidden};
  char gamma[192], beta[192];
  snprintf(gamma, sizeof gamma, "%s.weight", names->norm);
  snprintf(beta, sizeof beta, "%s.bias", names->norm);
  lx_node_param(graph, node, names->word, 2, table);
  lx_node_param(graph, node, names->position, 2, table);
  lx_node_param(graph, node, names->type, 2, table);
  lx_node_param(graph, node, gamma, 1, &hidden);
  lx_node_param(graph, node, beta, 1, &hidden);
  return lx_graph_failed(graph) ? NULL : node;
}
