#include "config.h"

#ifdef LX_HAVE_ONEDNN

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lx-direct.h"
#include "lx-gemm-backends.h"
#include "lx-onednn.h"

/* ---- products of any two matrices ---- */

/* Its kernels point the stack register at a buffer on the heap (jit_avx512_common_gemm_f32: ws). A
 * signal whose handler runs on such a thread has its frame written over the heap. So a program that
 * catches signals blocks them in every thread that computes and waits for them in a thread of their
 * own: src/tools/cli-signals.c. */

static void product(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                    int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  /* a refusal (out of memory for its buffers) must not leave C undefined */
  if (dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) !=
      dnnl_success)
    lx_gemm_openblas(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

/* A B^T with long sums: rows of B that are a multiple of 4 KB apart all fall on the same lines of a
 * cache, which costs the kernel a fifth of its speed. So it gets copies of pieces of B. */
enum { LONG_SUM = 1536, MANY_ROWS = 128, PIECE = 768 };
static struct {
  pthread_mutex_t lock;
  float *piece; /* [PIECE, PIECE], for as long as the program runs */
} copies = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void copy_piece(int64_t n, int64_t k, const float *b, int64_t ldb)
{
#pragma omp parallel for schedule(static)
  for (int64_t j = 0; j < n; j++)
    memcpy(copies.piece + j * PIECE, b + j * ldb, (size_t)k * sizeof *b);
}

static int64_t piece_of(int64_t left)
{
  return left < PIECE ? left : PIECE;
}

/* False, with nothing done, when there is no memory for the copies. */
static bool long_product(int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
                         const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  pthread_mutex_lock(&copies.lock);
  if (!copies.piece)
    copies.piece = aligned_alloc(64, sizeof(float) * PIECE * PIECE);
  bool ok = copies.piece != NULL;
  for (int64_t j = 0; j < n && ok; j += PIECE)
    for (int64_t i = 0; i < k; i += PIECE) {
      copy_piece(piece_of(n - j), piece_of(k - i), b + j * ldb + i, ldb);
      product(false, true, m, piece_of(n - j), piece_of(k - i), alpha, a + i, lda, copies.piece,
              PIECE, i ? 1 : beta, c + j, ldc);
    }
  pthread_mutex_unlock(&copies.lock);
  return ok;
}

void lx_gemm_onednn(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                    int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc)
{
  /* below some 10 microseconds of work, waking the other threads costs more than they save */
  int threads = m * n * k < 500000 ? omp_get_max_threads() : 1;
  if (threads > 1)
    omp_set_num_threads(1);
  bool is_long = tb && !ta && k > LONG_SUM && m > MANY_ROWS && !omp_in_parallel();
  if (!is_long || !long_product(m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
    product(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (threads > 1)
    omp_set_num_threads(threads);
}

/* ---- layers whose weights are in the layout that the kernels read ---- */

/* Products for that many different row counts are kept ready; the oldest makes room. */
enum { PLANS = 12 };

typedef struct {
  int64_t rows;
  LxActivation activation;
  uint64_t used;
  dnnl_primitive_t primitive;
  dnnl_memory_t x, y, scratch;
} Plan;

struct LxOnednnLayer {
  int64_t in, out;
  dnnl_memory_desc_t layout;
  dnnl_memory_t weights, bias; /* without memory of their own */
  Plan plans[PLANS];
  uint64_t clock;
  void *scratch;
  size_t scratch_bytes;
};

static dnnl_engine_t engine;
static dnnl_stream_t stream;
static dnnl_status_t started;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
  started = dnnl_engine_create(&engine, dnnl_cpu, 0);
  if (!started)
    started = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
}

static dnnl_status_t describe(int64_t rows, const LxOnednnLayer *self,
                              const dnnl_memory_desc_t *weights, LxActivation activation,
                              dnnl_primitive_desc_t *out)
{
  dnnl_memory_desc_t x, w, b, y;
  dnnl_dims_t dx = {rows, self->in}, dw = {self->in, self->out}, db = {1, self->out},
              dy = {rows, self->out};
  dnnl_matmul_desc_t matmul;
  dnnl_primitive_attr_t attr = NULL;
  dnnl_post_ops_t post = NULL;
  dnnl_status_t s = dnnl_memory_desc_init_by_tag(&x, 2, dx, dnnl_f32, dnnl_ab);
  if (weights)
    w = *weights;
  else if (!s)
    s = dnnl_memory_desc_init_by_tag(&w, 2, dw, dnnl_f32, dnnl_format_tag_any);
  if (!s)
    s = dnnl_memory_desc_init_by_tag(&b, 2, db, dnnl_f32, dnnl_ab);
  if (!s)
    s = dnnl_memory_desc_init_by_tag(&y, 2, dy, dnnl_f32, dnnl_ab);
  if (!s)
    s = dnnl_matmul_desc_init(&matmul, &x, &w, &b, &y);
  if (!s)
    s = dnnl_primitive_attr_create(&attr);
  if (!s)
    s = dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
  if (!s && activation == LX_ACTIVATION_GELU) {
    s = dnnl_post_ops_create(&post);
    if (!s)
      s = dnnl_post_ops_append_eltwise(post, 1, dnnl_eltwise_gelu_erf, 0, 0);
    if (!s)
      s = dnnl_primitive_attr_set_post_ops(attr, post);
  }
  if (!s)
    s = dnnl_primitive_desc_create(out, &matmul, attr, engine, NULL);
  if (post)
    dnnl_post_ops_destroy(post);
  if (attr)
    dnnl_primitive_attr_destroy(attr);
  return s;
}

/* Copies one part [out, in] into columns `first`… of the blocked [in, out] weights. */
static dnnl_status_t pack_part(const LxOnednnLayer *self, const LxPackedPart *part, int64_t first,
                               float *weights)
{
  dnnl_memory_desc_t from, to;
  dnnl_dims_t dim = {self->in, part->out}, offset = {0, first};
  dnnl_memory_t src = NULL, dst = NULL;
  dnnl_primitive_desc_t desc = NULL;
  dnnl_primitive_t reorder = NULL;
  dnnl_status_t s = dnnl_memory_desc_init_by_tag(&from, 2, dim, dnnl_f32, dnnl_ba);
  if (!s)
    s = dnnl_memory_desc_init_submemory(&to, &self->layout, dim, offset);
  if (!s)
    s = dnnl_memory_create(&src, &from, engine, (void *)part->weight);
  if (!s)
    s = dnnl_memory_create(&dst, &to, engine, weights);
  if (!s)
    s = dnnl_reorder_primitive_desc_create(&desc, &from, engine, &to, engine, NULL);
  if (!s)
    s = dnnl_primitive_create(&reorder, desc);
  dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, src}, {DNNL_ARG_TO, dst}};
  if (!s)
    s = dnnl_primitive_execute(reorder, stream, 2, args);
  if (reorder)
    dnnl_primitive_destroy(reorder);
  if (desc)
    dnnl_primitive_desc_destroy(desc);
  if (src)
    dnnl_memory_destroy(src);
  if (dst)
    dnnl_memory_destroy(dst);
  return s;
}

/* Parts whose boundaries do not fall on the layout's blocks are gathered first. */
bool lx_onednn_layer_fill(const LxOnednnLayer *self, const LxPackedPart *parts, int n,
                          float *weights)
{
  enum { BLOCK = 64 };
  dnnl_status_t s = dnnl_success;
  int64_t first = 0;
  bool whole = true;
  for (int i = 0; i + 1 < n; i++)
    whole &= parts[i].out % BLOCK == 0;
  for (int i = 0; i < n && whole && !s; first += parts[i++].out)
    s = pack_part(self, &parts[i], first, weights);
  if (whole && !s)
    return true;
  float *all = aligned_alloc(64, (size_t)(self->in * self->out * 4 + 63) / 64 * 64);
  if (!all)
    return false;
  first = 0;
  for (int i = 0; i < n; first += parts[i++].out)
    memcpy(all + first * self->in, parts[i].weight, (size_t)(parts[i].out * self->in) * 4);
  LxPackedPart one = {all, NULL, self->out};
  s = pack_part(self, &one, 0, weights);
  free(all);
  return !s;
}

static dnnl_status_t set_up(LxOnednnLayer *self)
{
  dnnl_primitive_desc_t desc;
  dnnl_memory_desc_t bias;
  dnnl_dims_t db = {1, self->out};
  dnnl_status_t s = describe(32, self, NULL, LX_ACTIVATION_NONE, &desc);
  if (s)
    return s;
  self->layout = *dnnl_primitive_desc_query_md(desc, dnnl_query_weights_md, 0);
  dnnl_primitive_desc_destroy(desc);
  s = dnnl_memory_desc_init_by_tag(&bias, 2, db, dnnl_f32, dnnl_ab);
  if (!s)
    s = dnnl_memory_create(&self->weights, &self->layout, engine, DNNL_MEMORY_NONE);
  if (!s)
    s = dnnl_memory_create(&self->bias, &bias, engine, DNNL_MEMORY_NONE);
  return s;
}

LxOnednnLayer *lx_onednn_layer_new(int64_t in, int64_t out)
{
  pthread_once(&once, start);
  LxOnednnLayer *self = started ? NULL : calloc(1, sizeof *self);
  if (!self)
    return NULL;
  self->in = in;
  self->out = out;
  if (set_up(self)) {
    lx_onednn_layer_free(self);
    return NULL;
  }
  return self;
}

static void clear_plan(Plan *plan)
{
  if (plan->primitive)
    dnnl_primitive_destroy(plan->primitive);
  if (plan->x)
    dnnl_memory_destroy(plan->x);
  if (plan->y)
    dnnl_memory_destroy(plan->y);
  if (plan->scratch)
    dnnl_memory_destroy(plan->scratch);
  *plan = (Plan){0};
}

void lx_onednn_layer_free(LxOnednnLayer *self)
{
  if (!self)
    return;
  for (int i = 0; i < PLANS; i++)
    clear_plan(&self->plans[i]);
  if (self->weights)
    dnnl_memory_destroy(self->weights);
  if (self->bias)
    dnnl_memory_destroy(self->bias);
  free(self->scratch);
  free(self);
}

size_t lx_onednn_layer_bytes(const LxOnednnLayer *self)
{
  return dnnl_memory_desc_get_size(&self->layout);
}

bool lx_onednn_layer_in_blocks(const LxOnednnLayer *self)
{
  const dnnl_blocking_desc_t *b = &self->layout.format_desc.blocking;
  return self->layout.format_kind == dnnl_blocked && b->inner_nblks == 2 && b->inner_idxs[0] == 0 &&
         b->inner_idxs[1] == 1 && b->inner_blks[1] == LX_DIRECT_WIDE &&
         b->strides[0] == b->inner_blks[0] * LX_DIRECT_WIDE &&
         b->strides[1] == self->in * LX_DIRECT_WIDE && self->layout.padded_dims[0] == self->in &&
         self->layout.offset0 == 0;
}

static dnnl_status_t make_plan(LxOnednnLayer *self, Plan *plan, int64_t rows,
                               LxActivation activation)
{
  dnnl_primitive_desc_t desc;
  dnnl_status_t s = describe(rows, self, &self->layout, activation, &desc);
  if (s)
    return s;
  *plan = (Plan){.rows = rows, .activation = activation};
  const dnnl_memory_desc_t *scratch =
      dnnl_primitive_desc_query_md(desc, dnnl_query_scratchpad_md, 0);
  size_t bytes = dnnl_memory_desc_get_size(scratch);
  if (bytes > self->scratch_bytes) {
    free(self->scratch);
    self->scratch = aligned_alloc(64, (bytes + 63) / 64 * 64);
    self->scratch_bytes = self->scratch ? bytes : 0;
  }
  s = dnnl_primitive_create(&plan->primitive, desc);
  if (!s)
    s = dnnl_memory_create(&plan->x, dnnl_primitive_desc_query_md(desc, dnnl_query_src_md, 0),
                           engine, DNNL_MEMORY_NONE);
  if (!s)
    s = dnnl_memory_create(&plan->y, dnnl_primitive_desc_query_md(desc, dnnl_query_dst_md, 0),
                           engine, DNNL_MEMORY_NONE);
  if (!s)
    s = dnnl_memory_create(&plan->scratch, scratch, engine, DNNL_MEMORY_NONE);
  if (s || self->scratch_bytes < bytes)
    clear_plan(plan);
  dnnl_primitive_desc_destroy(desc);
  return s ? s : self->scratch_bytes < bytes ? dnnl_out_of_memory : dnnl_success;
}

static Plan *find_plan(LxOnednnLayer *self, int64_t rows, LxActivation activation)
{
  Plan *oldest = &self->plans[0];
  for (int i = 0; i < PLANS; i++) {
    Plan *plan = &self->plans[i];
    if (plan->primitive && plan->rows == rows && plan->activation == activation)
      return plan;
    if (plan->used < oldest->used)
      oldest = plan;
  }
  clear_plan(oldest);
  return make_plan(self, oldest, rows, activation) ? NULL : oldest;
}

static dnnl_status_t execute(LxOnednnLayer *self, Plan *plan, const LxOnednnWeights *weights,
                             const float *x, float *y)
{
  plan->used = ++self->clock;
  dnnl_status_t s = dnnl_memory_set_data_handle(plan->x, (void *)x);
  if (!s)
    s = dnnl_memory_set_data_handle(plan->y, y);
  if (!s)
    s = dnnl_memory_set_data_handle(plan->scratch, self->scratch);
  if (!s)
    s = dnnl_memory_set_data_handle(self->weights, weights->weights);
  if (!s)
    s = dnnl_memory_set_data_handle(self->bias, weights->bias);
  dnnl_exec_arg_t args[] = {{DNNL_ARG_SRC, plan->x},
                            {DNNL_ARG_WEIGHTS, self->weights},
                            {DNNL_ARG_BIAS, self->bias},
                            {DNNL_ARG_DST, plan->y},
                            {DNNL_ARG_SCRATCHPAD, plan->scratch}};
  return s ? s : dnnl_primitive_execute(plan->primitive, stream, 5, args);
}

bool lx_onednn_layer_run(LxOnednnLayer *self, const LxOnednnWeights *weights, const float *x,
                         int64_t rows, float *y, LxActivation activation)
{
  Plan *plan = find_plan(self, rows, activation);
  return plan && !execute(self, plan, weights, x, y);
}

#endif
