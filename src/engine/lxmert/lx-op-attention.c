/* y = concatenation over heads of gate * dropout(P) V, P = softmax(Q K^T / sqrt(d) + mask).
 * in[0] [rows of x, 3 h] (its queries), in[1] [rows of ctx, 3 h] (its keys and values),
 * in[2] mask [rows of ctx]. scratch: P of every example and head, then each thread's buffers.
 * kept: dP in the same layout as P.
 *
 * backward, per example and head, with E = gate * dropout(P) and dO = this head's part of dy:
 *   dV += E^T dO, dE = dO V^T, dP = gate * dropout(dE), dS = P (dP - rowsum(dP P)) / sqrt(d),
 *   dQ += dS K, dK += dS^T Q. */
#include "lx-op-attention.h"

#include <math.h>
#include <omp.h>
#include <string.h>

#include "lx-dropout.h"
#include "lx-kernel.h"
#include "lx-small-gemm.h"

typedef struct {
  int heads, threads;
  int64_t size; /* of one head */
  const LxSeq *x, *ctx;
  float dropout;
  LxGate *gate;
  size_t maps_bytes, thread_floats;
} Attr;

/* One example's one head. */
typedef struct {
  int64_t q, k, wide; /* rows, keys, keys rounded up to 16 */
  int64_t d, ld;      /* head size; row length of qkv */
  const float *query, *key, *value;
  float *mask; /* [wide], closed behind the last key */
  float *map, *map_grad;
  int64_t map_at; /* of `map` in all maps: the dropout's counter */
  LxGate gate;
  float *packed;  /* [d, wide] */
  float *weights; /* [q, wide]: E */
  float *grads;   /* [q, wide]: dE, then dS */
} Head;

static int64_t round16(int64_t n)
{
  return (n + 15) / 16 * 16;
}

/* Elements of all maps before this example's. */
static int64_t map_start(const Attr *a, int64_t example)
{
  int64_t at = 0;
  for (int64_t b = 0; b < example; b++)
    at += lx_seq_length(a->x, b) * lx_seq_length(a->ctx, b);
  return at * a->heads;
}

static Head head_of(const LxNode *node, int64_t example, int head)
{
  const Attr *a = node->attr;
  int64_t hidden = a->heads * a->size, x_row = a->x->offset[example];
  int64_t ctx_row = a->ctx->offset[example];
  const float *ctx = lx_f32(&node->in[1]->out) + ctx_row * 3 * hidden + head * a->size;
  Head s = {.q = lx_seq_length(a->x, example), .k = lx_seq_length(a->ctx, example)};
  s.wide = round16(s.k);
  s.d = a->size;
  s.ld = 3 * hidden;
  s.query = lx_f32(&node->in[0]->out) + x_row * s.ld + head * a->size;
  s.key = ctx + hidden;
  s.value = ctx + 2 * hidden;
  s.map_at = map_start(a, example) + head * s.q * s.k;
  s.map = (float *)node->scratch + s.map_at;
  s.map_grad = node->kept ? (float *)node->kept + s.map_at : NULL;
  s.gate = a->gate[head];
  s.packed = (float *)((char *)node->scratch + a->maps_bytes) +
             (size_t)omp_get_thread_num() * a->thread_floats;
  s.weights = s.packed + a->size * round16(a->ctx->longest);
  s.grads = s.weights + a->x->longest * round16(a->ctx->longest);
  s.mask = s.grads + a->x->longest * round16(a->ctx->longest);
  memcpy(s.mask, lx_f32(&node->in[2]->out) + ctx_row, (size_t)s.k * sizeof *s.mask);
  for (int64_t j = s.k; j < s.wide; j++)
    s.mask[j] = -1e30f;
  return s;
}

/* weights hold Q K^T; it becomes its softmax, its padding 0. Loops over whole vectors: most
 * rows are only one or two vectors long. */
LX_KERNEL static void softmax_rows(const Head *s)
{
  const float *restrict mask = s->mask;
  const int64_t wide = s->wide & -16;
  const float scale = 1.0f / sqrtf((float)s->d);
  for (int64_t i = 0; i < s->q; i++) {
    float *restrict w = s->weights + i * wide;
    float most = -1e30f, sum = 0;
#pragma omp simd reduction(max : most)
    for (int64_t j = 0; j < wide; j++) {
      w[j] = w[j] * scale + mask[j];
      most = w[j] > most ? w[j] : most;
    }
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < wide; j++) {
      w[j] = lx_expf(w[j] - most);
      sum += w[j];
    }
    float inverse = 1.0f / sum;
    for (int64_t j = 0; j < wide; j++)
      w[j] *= inverse;
  }
}

/* A key with a mask of -5000 or less counts as hidden. */
static void uniform_row(float *w, const float *mask, int64_t k, int64_t wide)
{
  int64_t open = 0;
  for (int64_t j = 0; j < k; j++)
    open += mask[j] > -5000;
  for (int64_t j = 0; j < wide; j++)
    w[j] = j < k && (mask[j] > -5000 || !open) ? 1.0f / (float)(open ? open : k) : 0;
}

/* P into the map and E = gate * dropout(P) into weights, both from weights. */
LX_KERNEL static void store_map(const Head *s, const LxDropout *dropout)
{
  LxDropout d = *dropout;
  for (int64_t i = 0; i < s->q; i++) {
    float *restrict w = s->weights + i * s->wide, *restrict map = s->map + i * s->k;
    uint32_t at = (uint32_t)(s->map_at + i * s->k);
    for (int64_t j = 0; j < s->k; j++)
      map[j] = w[j];
    if (d.threshold)
      for (int64_t j = 0; j < (s->wide & -16); j++)
        w[j] *= s->gate.factor * lx_dropout_factor(&d, at + (uint32_t)j);
    else if (s->gate.factor != 1)
      for (int64_t j = 0; j < s->k; j++)
        w[j] *= s->gate.factor;
  }
}

static void head_forward(const Head *s, const LxDropout *dropout, float *y, int64_t ldy)
{
  if (s->gate.kind == LX_GATE_UNIFORM) {
    for (int64_t i = 0; i < s->q; i++)
      uniform_row(s->weights + i * s->wide, s->mask, s->k, s->wide);
  } else {
    lx_small_transpose(s->key, s->k, s->d, s->ld, s->packed, s->wide);
    lx_small_gemm(s->q, s->wide, s->d, s->query, s->ld, 1, s->packed, s->wide, s->weights, s->wide,
                  false);
    softmax_rows(s);
  }
  store_map(s, dropout);
  lx_small_gemm(s->q, s->d, s->k, s->weights, s->wide, 1, s->value, s->ld, y, ldy, false);
}

/* Threads are worth waking from some 20 microseconds of work on. */
static int threads_for(const Attr *a)
{
  int64_t keys = a->ctx->offset[a->ctx->n] / a->ctx->n;
  return a->x->offset[a->x->n] * keys * a->heads * a->size > 250000 ? a->threads : 1;
}

static void forward(LxGraph *graph, LxNode *node)
{
  const Attr *a = node->attr;
  int64_t hidden = a->heads * a->size, tasks = a->x->n * a->heads;
  int threads = threads_for(a);
  LxDropout dropout = lx_dropout(graph, node, a->dropout);
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
  for (int64_t t = 0; t < tasks; t++) {
    int64_t example = t / a->heads;
    int head = (int)(t % a->heads);
    Head s = head_of(node, example, head);
    head_forward(&s, &dropout, lx_f32(&node->out) + a->x->offset[example] * hidden + head * s.d,
                 hidden);
  }
}

/* weights <- E from the stored map. */
LX_KERNEL static void load_weights(const Head *s, const LxDropout *dropout)
{
  LxDropout d = *dropout;
  for (int64_t i = 0; i < s->q; i++) {
    float *restrict w = s->weights + i * s->wide;
    const float *restrict map = s->map + i * s->k;
    uint32_t at = (uint32_t)(s->map_at + i * s->k);
    for (int64_t j = 0; j < s->k; j++)
      w[j] = map[j] * s->gate.factor;
    if (d.threshold)
      for (int64_t j = 0; j < (s->wide & -16); j++)
        w[j] *= lx_dropout_factor(&d, at + (uint32_t)j);
  }
}

/* grads: dE -> dS; keeps dP. */
LX_KERNEL static void softmax_backward(const Head *s, const LxDropout *dropout)
{
  LxDropout d = *dropout;
  float scale = 1.0f / sqrtf((float)s->d);
  for (int64_t i = 0; i < s->q; i++) {
    float *restrict g = s->grads + i * s->wide, *restrict keep = s->map_grad + i * s->k;
    const float *restrict map = s->map + i * s->k;
    uint32_t at = (uint32_t)(s->map_at + i * s->k);
    float dot = 0;
    if (d.threshold)
      for (int64_t j = 0; j < (s->wide & -16); j++)
        g[j] *= s->gate.factor * lx_dropout_factor(&d, at + (uint32_t)j);
    else if (s->gate.factor != 1)
      for (int64_t j = 0; j < s->k; j++)
        g[j] *= s->gate.factor;
#pragma omp simd reduction(+ : dot)
    for (int64_t j = 0; j < s->k; j++)
      dot += g[j] * map[j];
    for (int64_t j = 0; j < s->k; j++) {
      keep[j] = g[j];
      g[j] = map[j] * (g[j] - dot) * scale;
    }
  }
}

typedef struct {
  const float *dy;
  int64_t ldy;
  float *dquery, *dkey, *dvalue; /* row length ld; NULL = not wanted */
  bool add;                      /* to what they hold */
} HeadGrads;

static void head_backward(const Head *s, const LxDropout *dropout, const HeadGrads *g)
{
  if (g->dvalue) {
    load_weights(s, dropout);
    lx_small_gemm(s->k, s->d, s->q, s->weights, 1, s->wide, g->dy, g->ldy, g->dvalue, s->ld,
                  g->add);
  }
  lx_small_transpose(s->value, s->k, s->d, s->ld, s->packed, s->wide);
  lx_small_gemm(s->q, s->wide, s->d, g->dy, g->ldy, 1, s->packed, s->wide, s->grads, s->wide,
                false);
  softmax_backward(s, dropout);
  if (s->gate.kind == LX_GATE_UNIFORM)
    return;
  if (g->dquery)
    lx_small_gemm(s->q, s->d, s->k, s->grads, s->wide, 1, s->key, s->ld, g->dquery, s->ld, g->add);
  if (g->dkey)
    lx_small_gemm(s->k, s->d, s->q, s->grads, 1, s->wide, s->query, s->ld, g->dkey, s->ld, g->add);
}

/* Attention of a sequence to itself gives all of a blank gradient its numbers. */
static bool overwrites(const LxNode *node)
{
  const Attr *a = node->attr;
  bool all = node->in[0] == node->in[1] && node->in[0]->blank;
  for (int i = 0; i < a->heads; i++)
    all &= a->gate[i].kind != LX_GATE_UNIFORM;
  return all;
}

static void backward(LxGraph *graph, LxNode *node)
{
  bool add = !overwrites(node);
  for (int i = 0; i < 3; i++)
    if (i == 2 || add)
      lx_node_clear_blank(node->in[i]);
  const Attr *a = node->attr;
  int64_t hidden = a->heads * a->size, tasks = a->x->n * a->heads;
  LxDropout dropout = lx_dropout(graph, node, a->dropout);
  float *dx = node->in[0]->grad, *dctx = node->in[1]->grad;
  int threads = threads_for(a);
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
  for (int64_t t = 0; t < tasks; t++) {
    int64_t example = t / a->heads;
    int head = (int)(t % a->heads);
    Head s = head_of(node, example, head);
    int64_t x_row = a->x->offset[example], ctx_row = a->ctx->offset[example];
    HeadGrads g = {.dy = node->grad + x_row * hidden + head * s.d, .ldy = hidden, .add = add};
    g.dquery = dx ? dx + x_row * s.ld + head * s.d : NULL;
    g.dkey = dctx ? dctx + ctx_row * s.ld + hidden + head * s.d : NULL;
    g.dvalue = dctx ? dctx + ctx_row * s.ld + 2 * hidden + head * s.d : NULL;
    head_backward(&s, &dropout, &g);
  }
  node->in[0]->blank = false;
}

static const LxOp attention_op = {
    .name = "attention", .forward = forward, .backward = backward, .heeds_blank = true};

LxNode *lx_op_attention(LxGraph *graph, const char *name, LxNode *x, const LxSeq *x_seq,
                        LxNode *ctx, const LxSeq *ctx_seq, LxNode *mask, int heads, float dropout)
{
  int64_t hidden = x ? x->out.dim[1] / 3 : 0;
  if (x && (heads < 1 || hidden % heads))
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "%lld hidden units do not split into %d heads.",
                         (long long)hidden, heads);
  LxNode *node =
      lx_graph_add(graph, &attention_op, name, x ? x->rows : 0, LX_F32, 2, (int64_t[]){1, hidden});
  lx_node_input(graph, node, x);
  lx_node_input(graph, node, ctx);
  lx_node_input(graph, node, mask);
  Attr *a = lx_graph_alloc(graph, sizeof *a);
  LxGate *gate = lx_graph_alloc(graph, (size_t)heads * sizeof *gate);
  if (!node || !a || !gate || !x_seq || !ctx_seq)
    return NULL;
  for (int i = 0; i < heads; i++)
    gate[i] = (LxGate){LX_GATE_SCALE, 1};
  int64_t wide = round16(ctx_seq->longest), longest = x_seq->longest;
  size_t map_floats = (size_t)(heads * x_seq->capacity * ctx_seq->longest);
  *a = (Attr){heads, omp_get_max_threads(), hidden / heads, x_seq, ctx_seq, dropout, gate};
  a->maps_bytes = (map_floats * sizeof(float) + 63) & ~(size_t)63;
  a->thread_floats = (size_t)round16(a->size * wide + 2 * longest * wide + wide);
  node->attr = a;
  node->scratch_bytes = a->maps_bytes + (size_t)a->threads * a->thread_floats * sizeof(float);
  node->kept_bytes = a->maps_bytes;
  return node;
}

bool lx_is_attention(const LxNode *node)
{
  return node->op == &attention_op;
}

int lx_attention_heads(const LxNode *node)
{
  return ((const Attr *)node->attr)->heads;
}

const float *lx_attention_map(const LxNode *node, int64_t example, int64_t *heads, int64_t *q,
                              int64_t *k)
{
  const Attr *a = node->attr;
  *heads = a->heads;
  *q = lx_seq_length(a->x, example);
  *k = lx_seq_length(a->ctx, example);
  return (const float *)node->scratch + map_start(a, example);
}

const float *lx_attention_map_grad(const LxNode *node, int64_t example)
{
  return node->kept ? (const float *)node->kept + map_start(node->attr, example) : NULL;
}

void lx_attention_set_gate(LxNode *node, int head, LxGate gate)
{
  ((const Attr *)node->attr)->gate[head] = gate;
}

LxGate lx_attention_gate(const LxNode *node, int head)
{
  return ((const Attr *)node->attr)->gate[head];
}

static const float *head_rows(const LxNode *node, int input, const LxSeq *seq, int64_t column,
                              int64_t example, int64_t *stride)
{
  *stride = node->in[input]->out.dim[1];
  return lx_f32(&node->in[input]->out) + seq->offset[example] * *stride + column;
}

const float *lx_attention_query(const LxNode *node, int64_t example, int head, int64_t *stride,
                                int64_t *size)
{
  const Attr *a = node->attr;
  *size = a->size;
  return head_rows(node, 0, a->x, head * a->size, example, stride);
}

const float *lx_attention_key(const LxNode *node, int64_t example, int head, int64_t *stride,
                              int64_t *size)
{
  const Attr *a = node->attr;
  *size = a->size;
  return head_rows(node, 1, a->ctx, (a->heads + head) * a->size, example, stride);
}
