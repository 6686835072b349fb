/* Losses and their sum: scalars, computed in double. kept holds d(loss)/d(x) for a seed of 1, so
 * the backward only scales it. */
#include <math.h>

#include "lx-chunks.h"
#include "lx-kernel.h"
#include "lx-loss-share.h"
#include "lx-math.h"
#include "lx-ops.h"

typedef struct {
  float scale;
  bool weighted;
  double count;                 /* rows that the last forward took the mean over */
  double weight[LX_MAX_INPUTS]; /* of a sum's terms */
} Attr;

LX_KERNEL static void add_scaled(float *restrict into, const float *restrict from, float by,
                                 int64_t n, int64_t begin, int64_t end)
{
  for (int64_t i = begin * n; i < end * n; i++)
    into[i] += by * from[i];
}

/* Shared by all that keep their gradient. */
static void backward(LxGraph *graph, LxNode *node)
{
  LxNode *x = node->in[0];
  if (!x->grad)
    return;
  int64_t rows = x->out.dim[0], n = rows ? lx_tensor_count(&x->out) / rows : 0;
  LX_FOR_ROWS(rows, n, add_scaled(x->grad, node->kept, node->grad[0], n, begin, end));
}

/* ---- cross-entropy: -log softmax(x)[label] ---- */
/* Returns the row's loss; gradient = by * (softmax(x) - onehot) unless NULL. */
LX_KERNEL static double cross_entropy_row(const float *restrict x, int64_t n, int64_t label,
                                          float by, float *restrict gradient)
{
  float most = x[0], sum = 0;
#pragma omp simd reduction(max : most)
  for (int64_t j = 0; j < n; j++)
    most = x[j] > most ? x[j] : most;
#pragma omp simd reduction(+ : sum)
  for (int64_t j = 0; j < n; j++)
    sum += lx_expf(x[j] - most);
  if (gradient) {
    float each = by / sum;
    for (int64_t j = 0; j < n; j++)
      gradient[j] = lx_expf(x[j] - most) * each;
    gradient[label] -= by;
  }
  return (double)most + log((double)sum) - (double)x[label];
}

static bool counts(int64_t label, int64_t n)
{
  return label >= 0 && label < n;
}

static void cross_entropy_forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  int64_t rows = node->in[0]->out.dim[0], n = node->in[0]->out.dim[1], valid = 0;
  const float *x = lx_f32(&node->in[0]->out);
  const int64_t *label = lx_i64(&node->in[1]->out);
  const float *weight = a->weighted ? lx_f32(&node->in[2]->out) : NULL;
  float *kept = node->kept;
  for (int64_t r = 0; r < rows; r++)
    valid += counts(label[r], n);
  double by = a->scale / (double)(weight ? rows : valid), total = 0;
  a->count = (double)(weight ? rows : valid);
  for (int64_t r = 0; r < rows; r++) {
    float *gradient = kept ? kept + r * n : NULL;
    float w = (float)(by * (weight ? weight[r] : 1));
    if (counts(label[r], n) && w != 0)
      total += cross_entropy_row(x + r * n, n, label[r], w, gradient) * w;
    else if (gradient)
      for (int64_t j = 0; j < n; j++)
        gradient[j] = 0;
  }
  lx_f32(&node->out)[0] = (float)total;
}

/* ---- smooth L1: 0.5 d^2 where |d| < 1, else |d| - 0.5 ---- */
static void smooth_l1_forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  int64_t rows = node->in[0]->out.dim[0], n = node->in[0]->out.dim[1];
  a->count = (double)rows;
  const float *x = lx_f32(&node->in[0]->out), *target = lx_f32(&node->in[1]->out);
  const float *weight = lx_f32(&node->in[2]->out);
  float *kept = node->kept;
  double total = 0;
  for (int64_t r = 0; r < rows; r++) {
    double by = a->scale * weight[r] / ((double)rows * (double)n), row = 0;
    for (int64_t j = 0; j < n; j++) {
      float d = x[r * n + j] - target[r * n + j], size = fabsf(d);
      row += size < 1 ? 0.5f * d * d : size - 0.5f;
      if (kept)
        kept[r * n + j] = (float)by * (d < -1 ? -1 : d > 1 ? 1 : d);
    }
    total += by * row;
  }
  lx_f32(&node->out)[0] = (float)total;
}

/* ---- binary cross-entropy: max(x, 0) - x t + log(1 + e^-|x|) ---- */
static void bce_forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  a->count = (double)node->in[0]->out.dim[0];
  int64_t count = lx_tensor_count(&node->in[0]->out);
  const float *x = lx_f32(&node->in[0]->out), *target = lx_f32(&node->in[1]->out);
  float *kept = node->kept;
  double total = 0, by = count ? a->scale / (double)count : 0;
  for (int64_t i = 0; i < count; i++) {
    float e = lx_expf(-fabsf(x[i]));
    total += (x[i] > 0 ? x[i] : 0) - x[i] * target[i] + log1pf(e);
    if (kept)
      kept[i] = (float)by * ((x[i] >= 0 ? 1 : e) / (1 + e) - target[i]);
  }
  lx_f32(&node->out)[0] = (float)(by * total);
}

/* ---- sum of scalars ---- */
static void sum_forward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  double total = 0;
  for (int i = 0; i < node->n_in; i++)
    total += a->weight[i] * lx_f32(&node->in[i]->out)[0];
  lx_f32(&node->out)[0] = (float)total;
}

static void sum_backward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  for (int i = 0; i < node->n_in; i++)
    if (node->in[i]->grad)
      node->in[i]->grad[0] += (float)a->weight[i] * node->grad[0];
}

static const LxOp cross_entropy_op = {
    .name = "cross-entropy", .forward = cross_entropy_forward, .backward = backward};
static const LxOp smooth_l1_op = {
    .name = "smooth-l1", .forward = smooth_l1_forward, .backward = backward};
static const LxOp bce_op = {.name = "bce", .forward = bce_forward, .backward = backward};
static const LxOp sum_op = {.name = "sum", .forward = sum_forward, .backward = sum_backward};

static LxNode *append(LxGraph *graph, const LxOp *op, const char *name, LxNode *const *inputs,
                      int n, float scale)
{
  LxNode *node = lx_graph_add(graph, op, name, LX_ROWS_FIXED, LX_F32, 0, NULL);
  for (int i = 0; i < n; i++)
    lx_node_input(graph, node, inputs[i]);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !a || lx_graph_failed(graph))
    return NULL;
  *a = (Attr){.scale = scale, .weighted = n == 3};
  for (int i = 0; i < LX_MAX_INPUTS; i++)
    a->weight[i] = 1;
  node->attr = a;
  node->kept_bytes = op == &sum_op ? 0 : lx_tensor_bytes(&inputs[0]->out);
  return node;
}

LxNode *lx_op_cross_entropy(LxGraph *graph, const char *name, LxNode *logits, LxNode *labels,
                            LxNode *weight, float scale)
{
  LxNode *inputs[] = {logits, labels, weight};
  return append(graph, &cross_entropy_op, name, inputs, weight ? 3 : 2, scale);
}

LxNode *lx_op_smooth_l1(LxGraph *graph, const char *name, LxNode *x, LxNode *target, LxNode *weight,
                        float scale)
{
  return append(graph, &smooth_l1_op, name, (LxNode *[]){x, target, weight}, 3, scale);
}

LxNode *lx_op_bce(LxGraph *graph, const char *name, LxNode *logits, LxNode *target, float scale)
{
  return append(graph, &bce_op, name, (LxNode *[]){logits, target}, 2, scale);
}

LxNode *lx_op_sum(LxGraph *graph, const char *name, LxNode *const *terms, int n)
{
  if (n > LX_MAX_INPUTS)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "A sum has at most %d terms.", LX_MAX_INPUTS);
  return append(graph, &sum_op, name, terms, n, 1);
}

double lx_loss_count(const LxNode *loss)
{
  return ((const Attr *)loss->attr)->count;
}

void lx_sum_set_weight(LxNode *sum, int term, double weight)
{
  ((Attr *)sum->attr)->weight[term] = weight;
}
