/* BertAdam, as the authors train: Adam without bias correction, decoupled weight decay, a
 * triangular learning rate.
 *
 *   m = 0.9 m + 0.1 g,  v = 0.999 v + 0.001 g^2,  w -= lr(x) (m / (sqrt(v) + 1e-6) + decay w)
 *   lr(x) = lr * (x / warmup            while x < warmup,
 *                 (1 - x) / (1 - warmup) then, at least 0),   x = step / total_steps
 *
 * The step counts from 0, so with a warm-up the first update moves nothing. Parameters that the
 * loss does not reach are left alone, decay included. */
#pragma once

#include "lx-graph.h"

typedef struct {
  double lr;
  double warmup; /* share of all steps; negative = constant lr */
  int64_t total_steps;
  double decay; /* 0.01 */
  double beta1, beta2, epsilon;
  bool no_decay_groups; /* leave biases and LayerNorms undecayed */
  double max_norm;      /* of all gradients together; 0 = no clipping */
} LxOptimizerOptions;

typedef struct LxOptimizer LxOptimizer;

/* lr 1e-4, warmup 0.05, decay 0.01, betas 0.9 and 0.999, epsilon 1e-6, clip 1. */
void lx_optimizer_options_init(LxOptimizerOptions *options);

/* For the trainable parameters of `graph` (prepared in LX_TRAIN), whose values must be owned by the
 * caller alone: they are changed in place. The graph must outlive it. *out: lx_optimizer_free. */
LxStatus lx_optimizer_new(LxGraph *graph, const LxOptimizerOptions *options, LxOptimizer **out,
                          LxError *error);
void lx_optimizer_free(LxOptimizer *self); /* NULL is fine */

/* Scales the gradients by `scale` (1 / accumulated batches), clips their global norm and updates the
 * parameters; the gradients are blank then. *norm (may be NULL) is the norm before clipping.
 * LX_ERR_NUMERIC, and nothing moved, when a gradient is not a number. */
LxStatus lx_optimizer_step(LxOptimizer *self, double scale, double *norm, LxError *error);

/* The rate that the schedule scales, from the next step on. */
void lx_optimizer_set_rate(LxOptimizer *self, double lr);
double lx_optimizer_rate(const LxOptimizer *self);

int64_t lx_optimizer_steps(const LxOptimizer *self); /* done so far */
size_t lx_optimizer_bytes(const LxOptimizer *self);  /* of the moments */
/* The factor of lr for the step that comes next. */
double lx_optimizer_schedule(const LxOptimizerOptions *options, int64_t step);

/* Moments as "m/NAME", "v/NAME", the step as "step" (I64 scalar) and the rate as "lr" (F64 scalar),
 * added to `out`: the moments as views, so that saving needs no memory for them. The optimizer must
 * outlive `out`, and its next step changes it. */
LxStatus lx_optimizer_save(const LxOptimizer *self, LxTensors *out, LxError *error);
LxStatus lx_optimizer_load(LxOptimizer *self, const LxTensors *state, LxError *error);
