#include "lx-graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-graph-order.h"
#include "lx-pages.h"

struct LxGraph {
  LxTensors *tensors;
  LxNode **nodes, **order; /* order: in which they run forward; NULL = as they are */
  int n_nodes, cap_nodes;
  LxParam **params;
  int n_params, cap_params;
  void **allocs;
  int n_allocs, cap_allocs;
  int64_t capacity[LX_MAX_ROW_KINDS], rows[LX_MAX_ROW_KINDS];
  int n_kinds;
  char *arena, *grads;
  LxPages *arena_pages, *grads_pages; /* NULL: small, from the heap */
  size_t arena_bytes, grads_bytes;
  LxMode mode;
  bool dropout, packed;
  uint64_t seed, step;
  LxError error;
};

LxGraph *lx_graph_new(LxTensors *params)
{
  LxGraph *self = calloc(1, sizeof *self);
  if (!self)
    return NULL;
  self->tensors = lx_tensors_ref(params);
  self->dropout = true;
  return self;
}

static void give_back(char *memory, LxPages *pages)
{
  if (pages)
    lx_pages_free(pages);
  else
    free(memory);
}

void lx_graph_free(LxGraph *self)
{
  if (!self)
    return;
  for (int i = 0; i < self->n_nodes; i++)
    if (self->nodes[i]->op->release)
      self->nodes[i]->op->release(self->nodes[i]);
  for (int i = 0; i < self->n_allocs; i++)
    free(self->allocs[i]);
  free(self->allocs);
  free(self->nodes);
  free(self->order);
  free(self->params);
  give_back(self->arena, self->arena_pages);
  give_back(self->grads, self->grads_pages);
  lx_tensors_unref(self->tensors);
  free(self);
}

LxNode *lx_graph_fail(LxGraph *self, LxStatus code, const char *format, ...)
{
  if (self->error.code)
    return NULL;
  va_list args;
  va_start(args, format);
  self->error.code = code;
  vsnprintf(self->error.message, sizeof self->error.message, format, args);
  va_end(args);
  return NULL;
}

bool lx_graph_failed(const LxGraph *self)
{
  return self->error.code != LX_OK;
}

static bool reserve(LxGraph *self, void *list, int count, int *capacity)
{
  void ***pointers = list;
  if (count < *capacity)
    return true;
  int grown = *capacity ? *capacity * 2 : 64;
  void **larger = realloc(*pointers, (size_t)grown * sizeof *larger);
  if (!larger) {
    lx_graph_fail(self, LX_ERR_MEMORY, "Not enough memory to build the model.");
    return false;
  }
  *pointers = larger;
  *capacity = grown;
  return true;
}

void *lx_graph_alloc(LxGraph *self, size_t bytes)
{
  if (!reserve(self, &self->allocs, self->n_allocs, &self->cap_allocs))
    return NULL;
  void *memory = calloc(1, bytes ? bytes : 1);
  if (!memory)
    return lx_graph_fail(self, LX_ERR_MEMORY, "Not enough memory to build the model.");
  self->allocs[self->n_allocs++] = memory;
  return memory;
}

int lx_graph_add_rows(LxGraph *self, int64_t capacity)
{
  if (self->n_kinds == LX_MAX_ROW_KINDS || capacity < 0) {
    lx_graph_fail(self, LX_ERR_ARGUMENT, "The graph has no room for another kind of rows.");
    return 0;
  }
  self->capacity[self->n_kinds] = self->rows[self->n_kinds] = capacity;
  return self->n_kinds++;
}

LxNode *lx_graph_add(LxGraph *self, const LxOp *op, const char *name, int rows, LxDType dtype,
                     int ndim, const int64_t *dim)
{
  if (self->error.code)
    return NULL;
  if (ndim > LX_MAX_DIMS)
    return lx_graph_fail(self, LX_ERR_SHAPE, "Node “%s” has too many dimensions.", name);
  LxNode *node = lx_graph_alloc(self, sizeof *node);
  if (!node || !reserve(self, &self->nodes, self->n_nodes, &self->cap_nodes))
    return NULL;
  node->op = op;
  snprintf(node->name, sizeof node->name, "%s", name ? name : "");
  node->index = self->n_nodes;
  node->rows = rows;
  node->out = (LxTensor){.dtype = dtype, .ndim = ndim};
  for (int i = 0; i < ndim; i++)
    node->out.dim[i] = i == 0 && rows != LX_ROWS_FIXED ? self->capacity[rows] : dim[i];
  node->no_grad = dtype != LX_F32;
  self->nodes[self->n_nodes++] = node;
  return node;
}

void lx_node_input(LxGraph *self, LxNode *node, LxNode *input)
{
  if (!node || !input || self->error.code) {
    lx_graph_fail(self, LX_ERR_ARGUMENT, "A node of the graph lacks an input.");
    return;
  }
  if (node->n_in == LX_MAX_INPUTS) {
    lx_graph_fail(self, LX_ERR_ARGUMENT, "Node “%s” has too many inputs.", node->name);
    return;
  }
  node->in[node->n_in++] = input;
}

static LxParam *bind_param(LxGraph *self, const char *name, const LxTensor *value)
{
  for (int i = 0; i < self->n_params; i++)
    if (self->params[i]->value == value)
      return self->params[i];
  LxParam *param = lx_graph_alloc(self, sizeof *param);
  if (!param || !reserve(self, &self->params, self->n_params, &self->cap_params))
    return NULL;
  for (size_t i = 0; i < lx_tensors_count(self->tensors); i++)
    if (lx_tensors_at(self->tensors, i) == value)
      param->name = lx_tensors_name(self->tensors, i);
  param->value = value;
  self->params[self->n_params++] = param;
  return param;
}

LxParam *lx_node_param(LxGraph *self, LxNode *node, const char *name, int ndim, const int64_t *dim)
{
  if (!node || self->error.code)
    return NULL;
  const LxTensor *value = lx_tensors_find(self->tensors, name);
  if (!value) {
    lx_graph_fail(self, LX_ERR_MISSING, "The model has no parameter “%s”.", name);
    return NULL;
  }
  bool fits = value->ndim == ndim && value->dtype == LX_F32;
  for (int i = 0; fits && i < ndim; i++)
    fits = dim[i] < 0 || dim[i] == value->dim[i];
  if (!fits) {
    char has[96], wants[96];
    LxTensor want = {.ndim = ndim};
    memcpy(want.dim, dim, (size_t)ndim * sizeof *dim);
    lx_graph_fail(self, LX_ERR_SHAPE, "Parameter “%s” is %s %s; the configuration needs F32 %s.",
                  name, lx_dtype_name(value->dtype), lx_tensor_shape_text(value, has, sizeof has),
                  lx_tensor_shape_text(&want, wants, sizeof wants));
    return NULL;
  }
  LxParam *param = bind_param(self, name, value);
  if (!param || node->n_param == LX_MAX_NODE_PARAMS) {
    lx_graph_fail(self, LX_ERR_ARGUMENT, "Node “%s” has too many parameters.", node->name);
    return NULL;
  }
  node->param[node->n_param++] = param;
  return param;
}

static void input_forward(LxGraph *graph, LxNode *node)
{
}

static const LxOp input_op = {.name = "input", .forward = input_forward};

LxNode *lx_graph_input(LxGraph *self, const char *name, int rows, LxDType dtype, int ndim,
                       const int64_t *dim)
{
  LxNode *node = lx_graph_add(self, &input_op, name, rows, dtype, ndim, dim);
  if (node)
    node->no_grad = true;
  return node;
}

void lx_graph_set_packed(LxGraph *self, bool packed)
{
  self->packed = packed;
}

bool lx_graph_packed(const LxGraph *self)
{
  return self->packed && self->mode != LX_TRAIN;
}

LxTensors *lx_graph_tensors(const LxGraph *self)
{
  return self->tensors;
}

static size_t round64(size_t n)
{
  return (n + 63) & ~(size_t)63;
}

/* Large memory comes zeroed from the system, page by page as it is used. */
static char *zeroed(size_t bytes, LxPages **pages)
{
  enum { LARGE = 4 << 20 };
  if (bytes >= LARGE)
    return lx_pages_alloc(bytes, pages);
  char *memory = bytes ? aligned_alloc(64, bytes) : NULL;
  if (memory)
    memset(memory, 0, bytes);
  return memory;
}

static bool wants_grad(const LxGraph *self, const LxNode *node)
{
  return self->mode != LX_INFER && !node->no_grad;
}

static void place(LxGraph *self)
{
  char *at = self->arena, *grad = self->grads;
  for (int i = 0; i < self->n_nodes; i++) {
    LxNode *node = self->nodes[i];
    node->out.data = at;
    at += round64(lx_tensor_bytes(&node->out));
    node->scratch = node->scratch_bytes ? at : NULL;
    at += round64(node->scratch_bytes);
    node->kept = node->kept_bytes && self->mode != LX_INFER ? at : NULL;
    at += self->mode != LX_INFER ? round64(node->kept_bytes) : 0;
    if (wants_grad(self, node)) {
      node->grad = (float *)grad;
      grad += round64(lx_tensor_bytes(&node->out));
    }
  }
  for (int i = 0; i < self->n_params && self->mode == LX_TRAIN; i++)
    if (!self->params[i]->frozen) {
      self->params[i]->grad = (float *)grad;
      grad += round64(lx_tensor_bytes(self->params[i]->value));
    }
}

LxStatus lx_graph_prepare(LxGraph *self, LxMode mode, LxError *error)
{
  if (self->error.code)
    return lx_fail(error, self->error.code, "%s", self->error.message);
  self->mode = mode;
  for (int i = 0; i < self->n_nodes; i++) {
    const LxNode *node = self->nodes[i];
    self->arena_bytes += round64(lx_tensor_bytes(&node->out)) + round64(node->scratch_bytes);
    self->arena_bytes += mode != LX_INFER ? round64(node->kept_bytes) : 0;
    if (wants_grad(self, node))
      self->grads_bytes += round64(lx_tensor_bytes(&node->out));
  }
  for (int i = 0; i < self->n_params && mode == LX_TRAIN; i++)
    if (!self->params[i]->frozen)
      self->grads_bytes += round64(lx_tensor_bytes(self->params[i]->value));
  self->arena = zeroed(self->arena_bytes, &self->arena_pages);
  self->grads = zeroed(self->grads_bytes, &self->grads_pages);
  if ((self->arena_bytes && !self->arena) || (self->grads_bytes && !self->grads))
    return lx_fail(error, LX_ERR_MEMORY,
                   "Not enough memory to run the model: %zu MB are needed. "
                   "Close other programs or choose a smaller batch.",
                   (self->arena_bytes + self->grads_bytes) >> 20);
  place(self);
  self->order = lx_graph_packed(self) ? lx_graph_order(self->nodes, self->n_nodes) : NULL;
  return LX_OK;
}

LxStatus lx_graph_set_rows(LxGraph *self, int kind, int64_t n, LxError *error)
{
  if (n < 0 || n > self->capacity[kind])
    return lx_fail(error, LX_ERR_ARGUMENT, "The graph has room for %lld rows, not for %lld.",
                   (long long)self->capacity[kind], (long long)n);
  self->rows[kind] = n;
  for (int i = 0; i < self->n_nodes; i++)
    if (self->nodes[i]->rows == kind)
      self->nodes[i]->out.dim[0] = n;
  return LX_OK;
}

int64_t lx_graph_rows(const LxGraph *self, int kind)
{
  return self->rows[kind];
}

int64_t lx_graph_capacity(const LxGraph *self, int kind)
{
  return self->capacity[kind];
}

/* An operation that could not run has made the graph fail. */
static LxStatus run_status(const LxGraph *self, LxError *error)
{
  return self->error.code ? lx_fail(error, self->error.code, "%s", self->error.message) : LX_OK;
}

static void run_node(LxGraph *self, LxNode *node)
{
  if (node->partner && node->partner->ran)
    node->op->begin_both(self, node, node->partner);
  node->op->forward(self, node);
}

LxStatus lx_graph_run(LxGraph *self, LxProgress progress, void *user_data, LxError *error)
{
  LxNode *const *order = self->order ? self->order : self->nodes;
  for (int i = 0; i < self->n_nodes; i++)
    self->nodes[i]->ran = !(self->nodes[i]->begun = false);
  for (int i = 0; i < self->n_nodes; i++) {
    if (progress && progress((double)i / self->n_nodes, "run", user_data))
      return lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    run_node(self, order[i]);
  }
  return run_status(self, error);
}

LxStatus lx_graph_run_changed(LxGraph *self, LxNode *const *changed, int n, LxError *error)
{
  for (int i = 0; i < self->n_nodes; i++)
    self->nodes[i]->ran = self->nodes[i]->begun = false;
  for (int i = 0; i < n; i++)
    changed[i]->ran = true;
  for (int i = 0; i < self->n_nodes; i++) {
    LxNode *node = self->nodes[i];
    for (int j = 0; j < node->n_in && !node->ran; j++)
      node->ran = node->in[j]->ran;
  }
  LxNode *const *order = self->order ? self->order : self->nodes;
  for (int i = 0; i < self->n_nodes; i++)
    if (order[i]->ran)
      run_node(self, order[i]);
  return run_status(self, error);
}

LxStatus lx_graph_run_from(LxGraph *self, LxNode *from, LxError *error)
{
  return lx_graph_run_changed(self, &from, 1, error);
}

static void clear(float *grad, size_t bytes)
{
  enum { PIECE = 1 << 18 };
#pragma omp parallel for schedule(static) if (bytes > 4 * PIECE)
  for (size_t at = 0; at < bytes; at += PIECE)
    memset((char *)grad + at, 0, bytes - at < PIECE ? bytes - at : PIECE);
}

float lx_take_blank(bool *blank)
{
  float kept = *blank ? 0 : 1;
  *blank = false;
  return kept;
}

void lx_node_clear_blank(LxNode *self)
{
  if (self->grad && self->blank)
    clear(self->grad, lx_tensor_bytes(&self->out));
  self->blank = false;
}

static void clear_blank_param(LxParam *param)
{
  if (param->grad && param->blank)
    clear(param->grad, lx_tensor_bytes(param->value));
  param->blank = false;
}

/* Marks what the loss depends on, blanks those gradients, and notes which parameters it reaches. */
static void mark_live(LxGraph *self, LxNode *loss)
{
  for (int i = 0; i < self->n_nodes; i++)
    self->nodes[i]->live = false;
  for (int i = 0; i < self->n_params; i++)
    self->params[i]->reached = false;
  loss->live = true;
  for (int i = loss->index; i >= 0; i--) {
    LxNode *node = self->nodes[i];
    if (!node->live)
      continue;
    for (int j = 0; j < node->n_in && node->op->backward; j++)
      node->in[j]->live |= !node->in[j]->no_grad;
    for (int j = 0; j < node->n_param && node->op->backward; j++) {
      node->param[j]->reached = !node->param[j]->frozen;
      node->param[j]->last = i; /* the backward comes from above */
    }
    node->blank = true;
  }
  for (int i = 0; i < self->n_params; i++)
    if (!self->params[i]->reached)
      clear_blank_param(self->params[i]);
}

/* What this node adds to, but for what it overwrites by itself. */
static void clear_blanks(const LxNode *node)
{
  for (int j = 0; j < node->n_in && !node->op->heeds_blank; j++)
    lx_node_clear_blank(node->in[j]);
  for (int j = 0; j < node->n_param; j++)
    if (!node->op->heeds_blank || node->param[j]->value->ndim < 2)
      clear_blank_param(node->param[j]);
}

/* Tells of the parameters that this node was the last one for. */
static LxStatus tell_complete(const LxNode *node, const LxBackwardWatch *watch, LxError *error)
{
  LxStatus status = LX_OK;
  for (int j = 0; j < node->n_param && watch->complete && !status; j++) {
    LxParam *param = node->param[j];
    if (!param->grad || !param->reached || param->last != node->index)
      continue;
    param->last = -1; /* once, also when a node has it twice */
    status = watch->complete(param, watch->user_data, error);
  }
  return status;
}

static LxStatus run_backward(LxGraph *self, LxNode *from, const LxBackwardWatch *watch,
                             LxError *error)
{
  LxStatus status = LX_OK;
  for (int i = from->index; i >= 0 && !status; i--) {
    LxNode *node = self->nodes[i];
    if (!node->live)
      continue;
    lx_node_clear_blank(node); /* nothing came */
    if (!node->op->backward)
      continue;
    if (watch->progress && watch->progress(1 - (double)i / self->n_nodes, "run", watch->user_data))
      return lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    clear_blanks(node);
    node->op->backward(self, node);
    status = tell_complete(node, watch, error);
  }
  return status;
}

static LxStatus start_backward(LxGraph *self, LxNode *node, const float *grad,
                               const LxBackwardWatch *watch, LxError *error)
{
  if (!node->grad)
    return lx_fail(error, LX_ERR_ARGUMENT, "Node “%s” has no gradient in this mode.", node->name);
  mark_live(self, node);
  memcpy(node->grad, grad, lx_tensor_bytes(&node->out));
  node->blank = false;
  return run_backward(self, node, watch, error);
}

LxStatus lx_graph_backward_with(LxGraph *self, LxNode *node, const float *grad, LxError *error)
{
  LxBackwardWatch nobody = {0};
  return start_backward(self, node, grad, &nobody, error);
}

LxStatus lx_graph_backward_watched(LxGraph *self, LxNode *loss, const LxBackwardWatch *watch,
                                   LxError *error)
{
  if (lx_tensor_count(&loss->out) != 1)
    return lx_fail(error, LX_ERR_ARGUMENT, "Backward starts from a single number.");
  float one = 1;
  return start_backward(self, loss, &one, watch, error);
}

LxStatus lx_graph_backward(LxGraph *self, LxNode *loss, LxError *error)
{
  LxBackwardWatch nobody = {0};
  return lx_graph_backward_watched(self, loss, &nobody, error);
}

void lx_graph_zero_grads(LxGraph *self)
{
  for (int i = 0; i < self->n_params; i++) {
    self->params[i]->blank = true;
    clear_blank_param(self->params[i]);
  }
}

LxMode lx_graph_mode(const LxGraph *self)
{
  return self->mode;
}

void lx_graph_set_random(LxGraph *self, uint64_t seed, uint64_t step)
{
  self->seed = seed;
  self->step = step;
}

uint64_t lx_graph_seed(const LxGraph *self)
{
  return self->seed;
}

uint64_t lx_graph_step(const LxGraph *self)
{
  return self->step;
}

void lx_graph_set_dropout(LxGraph *self, bool on)
{
  self->dropout = on;
}

bool lx_graph_dropout(const LxGraph *self)
{
  return self->mode == LX_TRAIN && self->dropout;
}

LxNode *lx_graph_find(const LxGraph *self, const char *name)
{
  for (int i = 0; i < self->n_nodes; i++)
    if (strcmp(self->nodes[i]->name, name) == 0)
      return self->nodes[i];
  return NULL;
}

int lx_graph_node_count(const LxGraph *self)
{
  return self->n_nodes;
}

LxNode *lx_graph_node(const LxGraph *self, int index)
{
  return self->nodes[index];
}

int lx_graph_param_count(const LxGraph *self)
{
  return self->n_params;
}

LxParam *lx_graph_param(const LxGraph *self, int index)
{
  return self->params[index];
}

LxParam *lx_graph_find_param(const LxGraph *self, const char *name)
{
  for (int i = 0; i < self->n_params; i++)
    if (strcmp(self->params[i]->name, name) == 0)
      return self->params[i];
  return NULL;
}

size_t lx_graph_arena_bytes(const LxGraph *self)
{
  return self->arena_bytes + self->grads_bytes;
}
