/* Operations of bottom-up and top-down attention: look-up, gated tanh, pooling, product. */
#include <string.h>

#include "lx-baseline.h"
#include "lx-kernel.h"
#include "lx-math.h"
#include "lx-norm-rows.h"

/* ---- y[r] = table[id[r]] ---- */
static const float *row_of(const LxNode *node, int64_t r, int64_t *id)
{
  const LxTensor *table = node->param[0]->value;
  int64_t i = lx_i64(&node->in[0]->out)[r], most = table->dim[0] - 1;
  *id = i < 0 ? 0 : i > most ? most : i;
  return (const float *)table->data + *id * table->dim[1];
}

static void lookup_forward(LxGraph *graph, LxNode *node)
{
  int64_t n = node->out.dim[1], id;
  for (int64_t r = 0; r < node->out.dim[0]; r++)
    memcpy(lx_f32(&node->out) + r * n, row_of(node, r, &id), (size_t)n * sizeof(float));
}

static void lookup_backward(LxGraph *graph, LxNode *node)
{
  int64_t n = node->out.dim[1], id;
  for (int64_t r = 0; r < node->out.dim[0] && node->param[0]->grad; r++) {
    row_of(node, r, &id);
    if (id > 0)
      lx_add_rows(node->param[0]->grad + id * n, node->grad + r * n, 1, n);
  }
}

static const LxOp lookup_op = {
    .name = "lookup", .forward = lookup_forward, .backward = lookup_backward};

LxNode *lx_op_lookup(LxGraph *graph, const char *name, LxNode *ids, const char *table,
                     int64_t vocabulary, int64_t columns)
{
  LxNode *node = lx_graph_add(graph, &lookup_op, name, ids ? ids->rows : 0, LX_F32, 2,
                              (int64_t[]){1, columns});
  lx_node_input(graph, node, ids);
  if (node)
    lx_node_param(graph, node, table, 2, (int64_t[]){vocabulary, columns});
  return lx_graph_failed(graph) ? NULL : node;
}

/* ---- y = tanh(a) * logistic(g); kept: tanh(a), logistic(g), [rows, 2 n] ---- */
LX_KERNEL static void gated_row(float *restrict y, const float *restrict x,
                                const float *restrict each, float *restrict kept, int64_t n)
{
  for (int64_t j = 0; j < n; j++) {
    float a = x[j] + (each ? each[j] : 0), g = x[n + j] + (each ? each[n + j] : 0);
    float t = 2.0f / (1.0f + lx_expf(-2.0f * a)) - 1.0f, s = 1.0f / (1.0f + lx_expf(-g));
    y[j] = t * s;
    if (kept) {
      kept[j] = t;
      kept[n + j] = s;
    }
  }
}

/* kept becomes the gradient of (a, g). */
LX_KERNEL static void gated_back(const float *restrict dy, float *restrict kept, int64_t n)
{
  for (int64_t j = 0; j < n; j++) {
    float t = kept[j], s = kept[n + j];
    kept[j] = dy[j] * s * (1.0f - t * t);
    kept[n + j] = dy[j] * t * s * (1.0f - s);
  }
}

/* The example of each row, one after another. */
static int64_t next_example(const LxSeq *seq, int64_t r, int64_t e)
{
  while (seq && r >= seq->offset[e + 1])
    e++;
  return e;
}

static void gated_forward(LxGraph *graph, LxNode *node)
{
  const LxSeq *seq = node->attr;
  int64_t n = node->out.dim[1];
  float *kept = node->kept;
  for (int64_t r = 0, e = 0; r < node->out.dim[0]; r++) {
    e = next_example(seq, r, e);
    gated_row(lx_f32(&node->out) + r * n, lx_f32(&node->in[0]->out) + r * 2 * n,
              seq ? lx_f32(&node->in[1]->out) + e * 2 * n : NULL, kept ? kept + r * 2 * n : NULL,
              n);
  }
}

static void gated_backward(LxGraph *graph, LxNode *node)
{
  const LxSeq *seq = node->attr;
  int64_t n = node->out.dim[1];
  for (int64_t r = 0, e = 0; r < node->out.dim[0]; r++) {
    float *d = node->scratch;
    memcpy(d, (float *)node->kept + r * 2 * n, (size_t)(2 * n) * sizeof *d);
    gated_back(node->grad + r * n, d, n);
    e = next_example(seq, r, e);
    if (node->in[0]->grad)
      lx_add_rows(node->in[0]->grad + r * 2 * n, d, 1, 2 * n);
    if (seq && node->in[1]->grad)
      lx_add_rows(node->in[1]->grad + e * 2 * n, d, 1, 2 * n);
  }
}

static const LxOp gated_op = {
    .name = "gated", .forward = gated_forward, .backward = gated_backward};

LxNode *lx_op_gated(LxGraph *graph, const char *name, LxNode *x, LxNode *each, const LxSeq *seq)
{
  if (!x || (seq && !each))
    return NULL;
  int64_t n = x->out.dim[1] / 2;
  LxNode *node = lx_graph_add(graph, &gated_op, name, x->rows, LX_F32, 2, (int64_t[]){1, n});
  lx_node_input(graph, node, x);
  if (seq)
    lx_node_input(graph, node, each);
  if (!node)
    return NULL;
  node->out.dim[0] = x->out.dim[0];
  node->attr = (void *)seq;
  node->scratch_bytes = (size_t)(2 * n) * sizeof(float);
  node->kept_bytes = 2 * lx_tensor_bytes(&node->out);
  return lx_graph_failed(graph) ? NULL : node;
}

/* ---- y[e] = sum of softmax(score + mask) * v; scratch: the weights [rows] ---- */
static void weights_of(float *w, const float *score, const float *mask, int64_t n)
{
  float most = score[0] + mask[0], sum = 0;
  for (int64_t i = 1; i < n; i++)
    most = score[i] + mask[i] > most ? score[i] + mask[i] : most;
  for (int64_t i = 0; i < n; i++)
    sum += w[i] = lx_expf(score[i] + mask[i] - most);
  for (int64_t i = 0; i < n; i++)
    w[i] /= sum;
}

LX_KERNEL static void add_scaled(float *restrict y, const float *restrict x, float by, int64_t n)
{
  for (int64_t j = 0; j < n; j++)
    y[j] += by * x[j];
}

LX_KERNEL static float dot(const float *restrict x, const float *restrict y, int64_t n)
{
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t j = 0; j < n; j++)
    sum += x[j] * y[j];
  return sum;
}

static void pool_forward(LxGraph *graph, LxNode *node)
{
  const LxSeq *seq = node->attr;
  int64_t n = node->out.dim[1];
  const float *v = lx_f32(&node->in[1]->out);
  float *y = lx_f32(&node->out), *w = node->scratch;
  memset(y, 0, lx_tensor_bytes(&node->out));
  for (int64_t e = 0; e < seq->n; e++) {
    int64_t first = seq->offset[e];
    weights_of(w + first, lx_f32(&node->in[0]->out) + first, lx_f32(&node->in[2]->out) + first,
               lx_seq_length(seq, e));
    for (int64_t r = first; r < seq->offset[e + 1]; r++)
      add_scaled(y + e * n, v + r * n, w[r], n);
  }
}

/* d score = w (dw - sum of w dw), dw[r] = dy . v[r]; dv[r] = w[r] dy */
static void pool_backward(LxGraph *graph, LxNode *node)
{
  const LxSeq *seq = node->attr;
  int64_t n = node->out.dim[1];
  const float *v = lx_f32(&node->in[1]->out), *w = node->scratch;
  float *dw = node->kept, *ds = node->in[0]->grad, *dv = node->in[1]->grad;
  for (int64_t e = 0; e < seq->n; e++) {
    const float *dy = node->grad + e * n;
    float mean = 0;
    for (int64_t r = seq->offset[e]; r < seq->offset[e + 1]; r++) {
      dw[r] = dot(dy, v + r * n, n);
      mean += w[r] * dw[r];
      if (dv)
        add_scaled(dv + r * n, dy, w[r], n);
    }
    for (int64_t r = seq->offset[e]; r < seq->offset[e + 1] && ds; r++)
      ds[r] += w[r] * (dw[r] - mean);
  }
}

static const LxOp pool_op = {.name = "pool", .forward = pool_forward, .backward = pool_backward};

LxNode *lx_op_pool(LxGraph *graph, const char *name, LxNode *score, LxNode *v, LxNode *mask,
                   const LxSeq *seq, int examples)
{
  if (!score || !v || !mask || !seq)
    return NULL;
  LxNode *node =
      lx_graph_add(graph, &pool_op, name, examples, LX_F32, 2, (int64_t[]){1, v->out.dim[1]});
  lx_node_input(graph, node, score);
  lx_node_input(graph, node, v);
  lx_node_input(graph, node, mask);
  if (!node)
    return NULL;
  node->attr = (void *)seq;
  node->scratch_bytes = node->kept_bytes = (size_t)seq->capacity * sizeof(float);
  return lx_graph_failed(graph) ? NULL : node;
}

const float *lx_pool_weights(const LxNode *node, int64_t example)
{
  const LxSeq *seq = node->attr;
  return (const float *)node->scratch + seq->offset[example];
}

/* ---- y = a * b ---- */
LX_KERNEL static void add_products(float *restrict y, const float *restrict a,
                                   const float *restrict b, int64_t n)
{
  for (int64_t i = 0; i < n; i++)
    y[i] += a[i] * b[i];
}

static void multiply_forward(LxGraph *graph, LxNode *node)
{
  memset(node->out.data, 0, lx_tensor_bytes(&node->out));
  add_products(lx_f32(&node->out), lx_f32(&node->in[0]->out), lx_f32(&node->in[1]->out),
               lx_tensor_count(&node->out));
}

static void multiply_backward(LxGraph *graph, LxNode *node)
{
  for (int i = 0; i < 2; i++)
    if (node->in[i]->grad)
      add_products(node->in[i]->grad, node->grad, lx_f32(&node->in[1 - i]->out),
                   lx_tensor_count(&node->out));
}

static const LxOp multiply_op = {
    .name = "multiply", .forward = multiply_forward, .backward = multiply_backward};

LxNode *lx_op_multiply(LxGraph *graph, const char *name, LxNode *a, LxNode *b)
{
  if (!a || !b)
    return NULL;
  LxNode *node =
      lx_graph_add(graph, &multiply_op, name, a->rows, LX_F32, 2, (int64_t[]){1, a->out.dim[1]});
  lx_node_input(graph, node, a);
  lx_node_input(graph, node, b);
  if (node)
    node->out.dim[0] = a->out.dim[0];
  return lx_graph_failed(graph) ? NULL : node;
}
