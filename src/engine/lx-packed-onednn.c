#include "lx-packed.h"

#include <oneapi/dnnl/dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lx-pages.h"

/* Products for that many different row counts are kept ready; the oldest makes room. */
enum { PLANS = 12 };

typedef struct {
  int64_t rows;
  LxActivation activation;
  uint64_t used;
  dnnl_primitive_t primitive;
  dnnl_memory_t x, y, scratch;
} Plan;

struct LxPacked {
  int64_t in, out;
  dnnl_memory_desc_t layout;
  float *weights, *bias;
  LxPages *pages; /* of weights */
  size_t bytes;
  dnnl_memory_t weight_memory, bias_memory;
  Plan plans[PLANS];
  uint64_t clock;
  void *scratch;
  size_t scratch_bytes;
  pthread_mutex_t lock;
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

bool lx_packed_has_onednn(void)
{
  return true;
}

static LxStatus failed(LxError *error, const char *what)
{
  return lx_fail(error, LX_ERR_MEMORY, "oneDNN cannot %s; there may not be enough memory.", what);
}

static dnnl_status_t describe(int64_t rows, const LxPacked *self, const dnnl_memory_desc_t *weights,
                              LxActivation activation, dnnl_primitive_desc_t *out)
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
static dnnl_status_t pack_part(LxPacked *self, const LxPackedPart *part, int64_t first)
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
    s = dnnl_memory_create(&dst, &to, engine, self->weights);
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
static dnnl_status_t pack(LxPacked *self, const LxPackedPart *parts, int n)
{
  enum { BLOCK = 64 };
  dnnl_status_t s = dnnl_success;
  int64_t first = 0;
  bool whole = true;
  for (int i = 0; i + 1 < n; i++)
    whole &= parts[i].out % BLOCK == 0;
  for (int i = 0; i < n && whole && !s; first += parts[i++].out)
    s = pack_part(self, &parts[i], first);
  if (whole && !s)
    return s;
  float *all = aligned_alloc(64, (size_t)(self->in * self->out * 4 + 63) / 64 * 64);
  if (!all)
    return dnnl_out_of_memory;
  first = 0;
  for (int i = 0; i < n; first += parts[i++].out)
    memcpy(all + first * self->in, parts[i].weight, (size_t)(parts[i].out * self->in) * 4);
  LxPackedPart one = {all, NULL, self->out};
  s = pack_part(self, &one, 0);
  free(all);
  return s;
}

static LxStatus set_up(LxPacked *self, const LxPackedPart *parts, int n, LxError *error)
{
  dnnl_primitive_desc_t desc;
  if (describe(32, self, NULL, LX_ACTIVATION_NONE, &desc))
    return failed(error, "lay out the weights");
  self->layout = *dnnl_primitive_desc_query_md(desc, dnnl_query_weights_md, 0);
  dnnl_primitive_desc_destroy(desc);
  self->bytes = dnnl_memory_desc_get_size(&self->layout);
  self->weights = lx_pages_alloc(self->bytes, &self->pages);
  self->bias = calloc((size_t)self->out, sizeof(float));
  dnnl_memory_desc_t bias;
  dnnl_dims_t db = {1, self->out};
  if (!self->weights || !self->bias || pack(self, parts, n) ||
      dnnl_memory_desc_init_by_tag(&bias, 2, db, dnnl_f32, dnnl_ab) ||
      dnnl_memory_create(&self->weight_memory, &self->layout, engine, self->weights) ||
      dnnl_memory_create(&self->bias_memory, &bias, engine, self->bias))
    return failed(error, "pack the weights");
  int64_t first = 0;
  for (int i = 0; i < n; first += parts[i++].out)
    if (parts[i].bias)
      memcpy(self->bias + first, parts[i].bias, (size_t)parts[i].out * sizeof(float));
  return LX_OK;
}

LxStatus lx_packed_new(const LxPackedPart *parts, int n, int64_t in, LxPacked **out,
                       LxError *error)
{
  pthread_once(&once, start);
  LxPacked *self = calloc(1, sizeof *self);
  if (!self || started) {
    free(self);
    return failed(error, "start");
  }
  pthread_mutex_init(&self->lock, NULL);
  self->in = in;
  for (int i = 0; i < n; i++)
    self->out += parts[i].out;
  LxStatus status = set_up(self, parts, n, error);
  if (status)
    lx_packed_free(self);
  else
    *out = self;
  return status;
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

void lx_packed_free(LxPacked *self)
{
  if (!self)
    return;
  for (int i = 0; i < PLANS; i++)
    clear_plan(&self->plans[i]);
  if (self->weight_memory)
    dnnl_memory_destroy(self->weight_memory);
  if (self->bias_memory)
    dnnl_memory_destroy(self->bias_memory);
  pthread_mutex_destroy(&self->lock);
  lx_pages_free(self->pages);
  free(self->bias);
  free(self->scratch);
  free(self);
}

int64_t lx_packed_out(const LxPacked *self)
{
  return self->out;
}

size_t lx_packed_bytes(const LxPacked *self)
{
  return self->bytes;
}

static dnnl_status_t make_plan(LxPacked *self, Plan *plan, int64_t rows, LxActivation activation)
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

static Plan *find_plan(LxPacked *self, int64_t rows, LxActivation activation)
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

static dnnl_status_t execute(LxPacked *self, Plan *plan, const float *x, float *y)
{
  plan->used = ++self->clock;
  dnnl_status_t s = dnnl_memory_set_data_handle(plan->x, (void *)x);
  if (!s)
    s = dnnl_memory_set_data_handle(plan->y, y);
  if (!s)
    s = dnnl_memory_set_data_handle(plan->scratch, self->scratch);
  dnnl_exec_arg_t args[] = {{DNNL_ARG_SRC, plan->x},
                            {DNNL_ARG_WEIGHTS, self->weight_memory},
                            {DNNL_ARG_BIAS, self->bias_memory},
                            {DNNL_ARG_DST, plan->y},
                            {DNNL_ARG_SCRATCHPAD, plan->scratch}};
  return s ? s : dnnl_primitive_execute(plan->primitive, stream, 5, args);
}

LxStatus lx_packed_run(LxPacked *self, const float *x, int64_t rows, float *y,
                       LxActivation activation, LxError *error)
{
  if (rows <= 0)
    return LX_OK;
  pthread_mutex_lock(&self->lock);
  Plan *plan = find_plan(self, rows, activation);
  LxStatus status =
      !plan || execute(self, plan, x, y) ? failed(error, "multiply") : LX_OK;
  pthread_mutex_unlock(&self->lock);
  return status;
}
