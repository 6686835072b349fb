#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-graph-order.h"
#include "lx-graph-places.h"
#include "lx-graph-private.h"

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

void lx_graph_set_sharing(LxGraph *self, bool sharing)
{
  self->sharing = sharing;
}

static bool shares(const LxGraph *self)
{
  return self->sharing && self->mode == LX_INFER;
}

void lx_graph_keep(LxGraph *self, LxNode *node)
{
  if (node)
    node->keep = true;
}

bool lx_node_stays(const LxNode *self)
{
  return self->keep || !self->n_in;
}

static LxNode *const *order_of(const LxGraph *self)
{
  return self->order ? self->order : self->nodes;
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

static size_t param_grad_bytes(const LxGraph *self, int i)
{
  const LxParam *param = self->params[i];
  bool wanted = self->mode == LX_TRAIN && !param->frozen;
  return wanted ? (lx_tensor_bytes(param->value) + 63) & ~(size_t)63 : 0;
}

/* Gradients of parameters lie behind those of outputs, which take `outputs` bytes. */
static void place(LxGraph *self, const LxPlace *places, size_t outputs)
{
  for (int i = 0; i < self->n_nodes; i++) {
    LxNode *node = self->nodes[i];
    bool trains = self->mode != LX_INFER;
    node->out.data = self->arena + places[i].out;
    node->scratch = node->scratch_bytes ? self->arena + places[i].scratch : NULL;
    node->kept = node->kept_bytes && trains ? self->arena + places[i].kept : NULL;
    node->grad = trains && !node->no_grad ? (float *)(self->grads + places[i].grad) : NULL;
  }
  char *grad = self->grads + outputs;
  for (int i = 0; i < self->n_params; grad += param_grad_bytes(self, i++))
    self->params[i]->grad = param_grad_bytes(self, i) ? (float *)grad : NULL;
}

LxStatus lx_graph_prepare(LxGraph *self, LxMode mode, LxError *error)
{
  if (self->error.code)
    return lx_fail(error, self->error.code, "%s", self->error.message);
  LxPlacesSize size = {0};
  self->mode = mode;
  self->order = lx_graph_packed(self) ? lx_graph_order(self->nodes, self->n_nodes) : NULL;
  LxPlace *places = calloc((size_t)self->n_nodes + 1, sizeof *places);
  bool found = places && lx_graph_find_places(self->nodes, order_of(self), self->n_nodes, mode,
                                              self->sharing, places, &size);
  if (found) {
    self->arena_bytes = size.arena;
    self->grads_bytes = size.grads;
    for (int i = 0; i < self->n_params; i++)
      self->grads_bytes += param_grad_bytes(self, i);
    self->arena = zeroed(self->arena_bytes, &self->arena_pages);
    self->grads = zeroed(self->grads_bytes, &self->grads_pages);
  }
  if (!found || (self->arena_bytes && !self->arena) || (self->grads_bytes && !self->grads)) {
    free(places);
    return lx_fail(error, LX_ERR_MEMORY,
                   "Not enough memory to run the model: %zu MB are needed. "
                   "Close other programs or choose a smaller batch.",
                   (self->arena_bytes + self->grads_bytes) >> 20);
  }
  place(self, places, size.grads);
  free(places);
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
  LxNode *const *order = order_of(self);
  for (int i = 0; i < self->n_nodes; i++)
    self->nodes[i]->ran = !(self->nodes[i]->begun = false);
  for (int i = 0; i < self->n_nodes; i++) {
    if (progress && progress((double)i / self->n_nodes, "run", user_data))
      return lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    run_node(self, order[i]);
  }
  return run_status(self, error);
}

/* What is run again reads only what is run again or has stayed. */
static LxStatus check_sources(const LxGraph *self, LxError *error)
{
  for (int i = 0; i < self->n_nodes; i++) {
    const LxNode *node = self->nodes[i];
    for (int j = 0; j < node->n_in && node->ran; j++)
      if (!node->in[j]->ran && !lx_node_stays(node->in[j]))
        return lx_fail(error, LX_ERR_ARGUMENT, "Node “%s” reads “%s”, which was not kept.",
                       node->name, node->in[j]->name);
  }
  return LX_OK;
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
  LxStatus status = shares(self) ? check_sources(self, error) : LX_OK;
  if (status)
    return status;
  LxNode *const *order = order_of(self);
  for (int i = 0; i < self->n_nodes; i++)
    if (order[i]->ran)
      run_node(self, order[i]);
  return run_status(self, error);
}

LxStatus lx_graph_run_from(LxGraph *self, LxNode *from, LxError *error)
{
  return lx_graph_run_changed(self, &from, 1, error);
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
