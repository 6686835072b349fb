/* The LSTM's rows are laid out by time: all examples' first words, then all second words, …, longer
 * examples first, so that the ones that still run are always the first rows of their step.
 *
 * scratch: gates [rows, 4 h] (after their activations), c [rows, h], h [rows, h].
 * kept: dz [rows, 4 h] (before their activations), dh, dc [examples, h]. */
#include <string.h>

#include "lx-baseline.h"
#include "lx-gemm.h"
#include "lx-kernel.h"
#include "lx-math.h"
#include "lx-norm-rows.h"

typedef struct {
  const LxSeq *seq;
  int64_t h;
  int64_t *rank_example; /* [examples] longest first */
  int64_t *count; /* [longest + 2]: of a length while sorting, then running examples a step */
  int64_t *start; /* [longest + 1] first row of each step */
  int64_t steps;
} Attr;

LX_INLINE float logistic(float x)
{
  return 1.0f / (1.0f + lx_expf(-x));
}

LX_INLINE float tangent(float x)
{
  return 2.0f / (1.0f + lx_expf(-2.0f * x)) - 1.0f;
}

/* Counting sort by length, longest first; the order of equals is their own. */
static void lay_out(Attr *a)
{
  const LxSeq *seq = a->seq;
  int64_t longest = 0, at = 0;
  memset(a->count, 0, (size_t)(seq->longest + 2) * sizeof *a->count);
  for (int64_t e = 0; e < seq->n; e++) {
    int64_t n = lx_seq_length(seq, e);
    longest = n > longest ? n : longest;
    a->count[n]++;
  }
  for (int64_t n = longest; n > 0; n--) { /* first rank of each length */
    int64_t same = a->count[n];
    a->count[n] = at;
    at += same;
  }
  for (int64_t e = 0; e < seq->n; e++)
    a->rank_example[a->count[lx_seq_length(seq, e)]++] = e;
  at = 0;
  for (int64_t t = 0, running = seq->n; t < longest; t++) {
    while (running > 0 && lx_seq_length(seq, a->rank_example[running - 1]) <= t)
      running--;
    a->start[t] = at;
    a->count[t] = running;
    at += running;
  }
  a->steps = longest;
}

LX_KERNEL static void cell_forward(float *restrict z, const float *restrict before,
                                   float *restrict c, float *restrict h, int64_t n)
{
  for (int64_t j = 0; j < n; j++) {
    float i = logistic(z[j]), f = logistic(z[n + j] + 1.0f);
    float g = tangent(z[2 * n + j]), o = logistic(z[3 * n + j]);
    float cell = i * g + (before ? f * before[j] : 0);
    z[j] = i;
    z[n + j] = f;
    z[2 * n + j] = g;
    z[3 * n + j] = o;
    c[j] = cell;
    h[j] = o * tangent(cell);
  }
}

/* dc is the gradient of c_t on entry and of c_(t-1) on return. */
LX_KERNEL static void cell_backward(const float *restrict z, const float *restrict before,
                                    const float *restrict c, const float *restrict dh,
                                    float *restrict dc, float *restrict dz, int64_t n)
{
  for (int64_t j = 0; j < n; j++) {
    float i = z[j], f = z[n + j], g = z[2 * n + j], o = z[3 * n + j], t = tangent(c[j]);
    float d = dc[j] + dh[j] * o * (1.0f - t * t);
    dz[j] = d * g * i * (1.0f - i);
    dz[n + j] = (before ? d * before[j] : 0) * f * (1.0f - f);
    dz[2 * n + j] = d * i * (1.0f - g * g);
    dz[3 * n + j] = dh[j] * t * o * (1.0f - o);
    dc[j] = d * f;
  }
}

typedef struct {
  float *gates, *c, *h, *dz, *dh, *dc;
} Buffers;

static Buffers buffers(const LxNode *node)
{
  const Attr *a = node->attr;
  int64_t rows = a->seq->capacity;
  Buffers b = {node->scratch, NULL, NULL, node->kept, NULL, NULL};
  b.c = b.gates + rows * 4 * a->h;
  b.h = b.c + rows * a->h;
  if (b.dz) {
    b.dh = b.dz + rows * 4 * a->h;
    b.dc = b.dh + a->seq->max_examples * a->h;
  }
  return b;
}

static void forward(LxGraph *graph, LxNode *node)
{
  Attr *a = node->attr;
  int64_t h = a->h;
  Buffers b = buffers(node);
  const float *x = lx_f32(&node->in[0]->out), *u = lx_f32(node->param[0]->value);
  lay_out(a);
  for (int64_t t = 0; t < a->steps; t++) {
    int64_t at = a->start[t], before = t ? a->start[t - 1] : 0;
    for (int64_t r = 0; r < a->count[t]; r++)
      memcpy(b.gates + (at + r) * 4 * h, x + (a->seq->offset[a->rank_example[r]] + t) * 4 * h,
             (size_t)(4 * h) * sizeof *x);
    if (t)
      lx_gemm(false, true, a->count[t], 4 * h, h, 1, b.h + before * h, h, u, h, 1,
              b.gates + at * 4 * h, 4 * h);
    for (int64_t r = 0; r < a->count[t]; r++)
      cell_forward(b.gates + (at + r) * 4 * h, t ? b.c + (before + r) * h : NULL,
                   b.c + (at + r) * h, b.h + (at + r) * h, h);
  }
  for (int64_t r = 0; r < a->seq->n; r++) {
    int64_t e = a->rank_example[r], last = lx_seq_length(a->seq, e) - 1;
    memcpy(lx_f32(&node->out) + e * h, b.h + (a->start[last] + r) * h, (size_t)h * sizeof(float));
  }
}

/* The output's gradient enters at each example's last step. */
static void enter(const LxNode *node, const Buffers *b, int64_t t)
{
  const Attr *a = node->attr;
  for (int64_t r = 0; r < a->count[t]; r++) {
    int64_t e = a->rank_example[r];
    if (lx_seq_length(a->seq, e) - 1 == t)
      lx_add_rows(b->dh + r * a->h, node->grad + e * a->h, 1, a->h);
  }
}

static void backward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  int64_t h = a->h;
  Buffers b = buffers(node);
  const float *u = lx_f32(node->param[0]->value);
  float *dx = node->in[0]->grad, *du = node->param[0]->grad;
  memset(b.dh, 0, (size_t)(2 * a->seq->max_examples * h) * sizeof *b.dh);
  for (int64_t t = a->steps - 1; t >= 0; t--) {
    int64_t n = a->count[t], at = a->start[t], before = t ? a->start[t - 1] : 0;
    float *dz = b.dz + at * 4 * h;
    enter(node, &b, t);
    for (int64_t r = 0; r < n; r++)
      cell_backward(b.gates + (at + r) * 4 * h, t ? b.c + (before + r) * h : NULL,
                    b.c + (at + r) * h, b.dh + r * h, b.dc + r * h, dz + r * 4 * h, h);
    for (int64_t r = 0; r < n && dx; r++)
      lx_add_rows(dx + (a->seq->offset[a->rank_example[r]] + t) * 4 * h, dz + r * 4 * h, 1, 4 * h);
    if (t && du)
      lx_gemm(true, false, 4 * h, h, n, 1, dz, 4 * h, b.h + before * h, h, 1, du, h);
    if (t)
      lx_gemm(false, false, n, h, 4 * h, 1, dz, 4 * h, u, h, 0, b.dh, h);
  }
}

static const LxOp lstm_op = {.name = "lstm", .forward = forward, .backward = backward};

LxNode *lx_op_lstm(LxGraph *graph, const char *name, LxNode *x, const LxSeq *seq, int examples,
                   const char *recurrent)
{
  if (!x || !seq)
    return NULL;
  int64_t h = x->out.dim[1] / 4;
  LxNode *node = lx_graph_add(graph, &lstm_op, name, examples, LX_F32, 2, (int64_t[]){1, h});
  lx_node_input(graph, node, x);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  int64_t *ints =
      lx_graph_alloc(graph, (size_t)(seq->max_examples + 2 * seq->longest + 3) * sizeof *ints);
  if (!node || !a || !ints)
    return NULL;
  *a = (Attr){.seq = seq,
              .h = h,
              .rank_example = ints,
              .count = ints + seq->max_examples,
              .start = ints + seq->max_examples + seq->longest + 2};
  node->attr = a;
  node->scratch_bytes = (size_t)(seq->capacity * 6 * h) * sizeof(float);
  node->kept_bytes = (size_t)(seq->capacity * 4 * h + 2 * seq->max_examples * h) * sizeof(float);
  lx_node_param(graph, node, recurrent, 2, (int64_t[]){4 * h, h});
  return lx_graph_failed(graph) ? NULL : node;
}
