#include "lx-optimizer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-chunks.h"
#include "lx-kernel.h"
#include "lx-lxmert-params.h"
#include "lx-pages.h"

typedef struct {
  LxParam *param;
  int64_t n;
  float *m, *v;
  bool decays;
} Slot;

struct LxOptimizer {
  LxGraph *graph;
  LxOptimizerOptions options;
  int64_t step;
  Slot *slots;
  int n_slots;
  LxPages *moments; /* of all slots */
};

void lx_optimizer_options_init(LxOptimizerOptions *options)
{
  *options = (LxOptimizerOptions){.lr = 1e-4,
                                  .warmup = 0.05,
                                  .total_steps = 1,
                                  .decay = 0.01,
                                  .beta1 = 0.9,
                                  .beta2 = 0.999,
                                  .epsilon = 1e-6,
                                  .max_norm = 1};
}

static int64_t room(int64_t n)
{
  return (n + 15) / 16 * 16;
}

static bool trainable(const LxParam *p)
{
  return p->grad && !p->frozen;
}

LxStatus lx_optimizer_new(LxGraph *graph, const LxOptimizerOptions *options, LxOptimizer **out,
                          LxError *error)
{
  int count = lx_graph_param_count(graph);
  LxOptimizer *self = calloc(1, sizeof *self);
  Slot *slots = calloc((size_t)count + 1, sizeof *slots);
  int64_t total = 0;
  for (int i = 0; i < count; i++)
    if (trainable(lx_graph_param(graph, i)))
      total += 2 * room(lx_tensor_count(lx_graph_param(graph, i)->value));
  LxPages *pages = NULL;
  float *moments = lx_pages_alloc(((size_t)total + 16) * sizeof *moments, &pages);
  if (!self || !slots || !moments) {
    free(self);
    free(slots);
    lx_pages_free(pages);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the optimiser (%lld MB).",
                   (long long)(total * 4 >> 20));
  }
  *self = (LxOptimizer){graph, *options, 0, slots, 0, pages};
  for (int i = 0; i < count; i++) {
    LxParam *p = lx_graph_param(graph, i);
    if (!trainable(p))
      continue;
    int64_t n = lx_tensor_count(p->value);
    bool decays = !options->no_decay_groups || !lx_lxmert_no_decay(p->name);
    slots[self->n_slots++] = (Slot){p, n, moments, moments + room(n), decays};
    moments += 2 * room(n);
  }
  *out = self;
  return LX_OK;
}

void lx_optimizer_free(LxOptimizer *self)
{
  if (!self)
    return;
  free(self->slots);
  lx_pages_free(self->moments);
  free(self);
}

double lx_optimizer_schedule(const LxOptimizerOptions *o, int64_t step)
{
  if (o->warmup < 0 || o->total_steps < 1)
    return 1;
  double x = (double)step / (double)o->total_steps;
  if (x < o->warmup)
    return x / o->warmup;
  double rest = o->warmup < 1 ? (1 - x) / (1 - o->warmup) : 0;
  return rest > 0 ? rest : 0;
}

enum { PIECE = 4096 };

LX_KERNEL static double square_sum(const float *x, int64_t n)
{
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++)
    sum += (double)x[i] * (double)x[i];
  return sum;
}

/* In pieces of fixed size, added in order: the same with any number of threads. */
static double slot_squares(const Slot *slot)
{
  enum { AT_ONCE = 1024 };
  double sums[AT_ONCE], total = 0;
  const float *g = slot->param->grad;
  for (int64_t first = 0; first < slot->n; first += (int64_t)AT_ONCE * PIECE) {
    int64_t left = (slot->n - first + PIECE - 1) / PIECE, n = left < AT_ONCE ? left : AT_ONCE;
#pragma omp parallel for schedule(static) if (n > 32)
    for (int64_t p = 0; p < n; p++) {
      int64_t i = first + p * PIECE;
      sums[p] = square_sum(g + i, slot->n - i < PIECE ? slot->n - i : PIECE);
    }
    for (int64_t p = 0; p < n; p++)
      total += sums[p];
  }
  return total;
}

static double norm_of(const LxOptimizer *self)
{
  double total = 0;
  for (int s = 0; s < self->n_slots; s++)
    if (self->slots[s].param->reached)
      total += slot_squares(&self->slots[s]);
  return sqrt(total);
}

typedef struct {
  float scale, beta1, beta2, epsilon, lr, decay;
} Update;

LX_KERNEL static void update_range(const Slot *slot, const Update *update, int64_t begin,
                                   int64_t end)
{
  Update u = *update;
  float decay = slot->decays ? u.decay : 0;
  const float *restrict g = slot->param->grad;
  float *restrict w = slot->param->value->data, *restrict m = slot->m, *restrict v = slot->v;
  for (int64_t i = begin; i < end; i++) {
    float gradient = g[i] * u.scale;
    m[i] = u.beta1 * m[i] + (1 - u.beta1) * gradient;
    v[i] = u.beta2 * v[i] + (1 - u.beta2) * gradient * gradient;
    w[i] -= u.lr * (m[i] / (sqrtf(v[i]) + u.epsilon) + decay * w[i]);
  }
}

LxStatus lx_optimizer_step(LxOptimizer *self, double scale, double *norm, LxError *error)
{
  const LxOptimizerOptions *o = &self->options;
  double size = norm_of(self) * scale;
  if (norm)
    *norm = size;
  if (!isfinite(size))
    return lx_fail(error, LX_ERR_NUMERIC,
                   "A gradient is not a number; a smaller learning rate may help.");
  /* PyTorch's clip_grad_norm_ */
  if (o->max_norm > 0 && o->max_norm / (size + 1e-6) < 1)
    scale *= o->max_norm / (size + 1e-6);
  Update u = {(float)scale,
              (float)o->beta1,
              (float)o->beta2,
              (float)o->epsilon,
              (float)(o->lr * lx_optimizer_schedule(o, self->step)),
              (float)o->decay};
  for (int s = 0; s < self->n_slots; s++) {
    const Slot *slot = &self->slots[s];
    if (slot->param->reached)
      LX_FOR_ROWS(slot->n, 4, update_range(slot, &u, begin, end));
    slot->param->blank |= slot->param->reached;
  }
  self->step++;
  return LX_OK;
}

void lx_optimizer_set_rate(LxOptimizer *self, double lr)
{
  self->options.lr = lr;
}

double lx_optimizer_rate(const LxOptimizer *self)
{
  return self->options.lr;
}

size_t lx_optimizer_bytes(const LxOptimizer *self)
{
  int64_t n = 0;
  for (int s = 0; s < self->n_slots; s++)
    n += 2 * self->slots[s].n;
  return (size_t)n * sizeof(float);
}

int64_t lx_optimizer_steps(const LxOptimizer *self)
{
  return self->step;
}

static LxStatus add_moment(const Slot *slot, const char *kind, float *m, LxTensors *out,
                           LxError *error)
{
  char name[256];
  const LxTensor *value = slot->param->value;
  snprintf(name, sizeof name, "%s/%s", kind, slot->param->name);
  return lx_tensors_add_view(out, name, LX_F32, value->ndim, value->dim, m, error);
}

LxStatus lx_optimizer_save(const LxOptimizer *self, LxTensors *out, LxError *error)
{
  LxTensor *step, *rate;
  LxStatus status = lx_tensors_add(out, "step", LX_I64, 0, NULL, &step, error);
  if (!status)
    lx_i64(step)[0] = self->step;
  if (!status)
    status = lx_tensors_add(out, "lr", LX_F64, 0, NULL, &rate, error);
  if (!status)
    *(double *)rate->data = self->options.lr;
  for (int s = 0; s < self->n_slots && !status; s++) {
    status = add_moment(&self->slots[s], "m", self->slots[s].m, out, error);
    if (!status)
      status = add_moment(&self->slots[s], "v", self->slots[s].v, out, error);
  }
  return status;
}

static LxStatus load_moment(const Slot *slot, const char *kind, float *into, const LxTensors *state,
                            LxError *error)
{
  char name[256];
  snprintf(name, sizeof name, "%s/%s", kind, slot->param->name);
  const LxTensor *t = lx_tensors_find(state, name);
  if (!t || t->dtype != LX_F32 || lx_tensor_count(t) != slot->n)
    return lx_fail(error, LX_ERR_MISSING,
                   "The saved training state does not belong to this model: “%s” does not fit.",
                   name);
  memcpy(into, t->data, (size_t)slot->n * sizeof(float));
  return LX_OK;
}

LxStatus lx_optimizer_load(LxOptimizer *self, const LxTensors *state, LxError *error)
{
  const LxTensor *step = lx_tensors_find(state, "step");
  if (!step || step->dtype != LX_I64)
    return lx_fail(error, LX_ERR_MISSING, "The saved training state has no step.");
  LxStatus status = LX_OK;
  for (int s = 0; s < self->n_slots && !status; s++) {
    status = load_moment(&self->slots[s], "m", self->slots[s].m, state, error);
    if (!status)
      status = load_moment(&self->slots[s], "v", self->slots[s].v, state, error);
  }
  const LxTensor *rate = lx_tensors_find(state, "lr"); /* older states have none */
  if (!status && rate && rate->dtype == LX_F64 && rate->ndim == 0)
    self->options.lr = *(const double *)rate->data;
  if (!status)
    self->step = lx_i64(step)[0];
  return status;
}
