/* A VQA fine-tuning step at batch 32: forward, backward, clipping and BertAdam. */
#include <stdio.h>

#include "bench.h"
#include "lx-optimizer.h"

typedef struct {
  LxLxmert *m;
  LxOptimizer *optimizer;
  double forward, backward, update; /* seconds of the last step */
} Step;

static LxStatus step(void *data, LxError *error)
{
  Step *self = data;
  double start = bench_now();
  lx_graph_set_random(self->m->graph, 1, (uint64_t)lx_optimizer_steps(self->optimizer));
  LxStatus status = lx_graph_run(self->m->graph, NULL, NULL, error);
  double ran = bench_now();
  if (!status)
    status = lx_graph_backward(self->m->graph, self->m->total, error);
  double back = bench_now();
  if (!status)
    status = lx_optimizer_step(self->optimizer, 1, NULL, error);
  self->forward = ran - start;
  self->backward = back - ran;
  self->update = bench_now() - back;
  return status;
}

static double gradient_bytes(const LxGraph *graph)
{
  double bytes = 0;
  for (int i = 0; i < lx_graph_param_count(graph); i++)
    if (lx_graph_param(graph, i)->grad)
      bytes += (double)lx_tensor_bytes(lx_graph_param(graph, i)->value);
  return bytes;
}

static LxStatus steps(Bench *self, const LxTensors *params, Step *s, LxError *error)
{
  LxOptimizerOptions options;
  lx_optimizer_options_init(&options);
  options.lr = 1e-6;
  options.warmup = -1;
  options.total_steps = 1000;
  options.max_norm = 5;
  LxStatus status = lx_optimizer_new(s->m->graph, &options, &s->optimizer, error);
  if (status)
    return status;
  BenchRow *row = NULL;
  status = bench_time(self, "fine-tuning step, batch 32", bench_flop(s->m->graph, true), 1, 4, step,
                      s, &row, error);
  if (status)
    return status;
  snprintf(row->note, sizeof row->note, "forward %.0f, backward %.0f, update %.0f ms",
           s->forward * 1e3, s->backward * 1e3, s->update * 1e3);
  bench_print_last(self);
  LxGraph *graph = s->m->graph;
  BenchMemory *memory = &self->memory;
  memory->weights = (double)lx_tensors_bytes(params);
  memory->moments = (double)lx_optimizer_bytes(s->optimizer);
  memory->gradients = gradient_bytes(graph);
  memory->activations = (double)lx_graph_arena_bytes(graph) - memory->gradients;
  memory->peak = bench_peak_bytes();
  bench_print_memory(self);
  return LX_OK;
}

LxStatus bench_train(Bench *self, LxError *error)
{
  LxConfig config;
  LxTensors *params = NULL;
  Step s = {0};
  bench_config(&config);
  LxStatus status = bench_params(&config, &params, error);
  if (!status)
    status = bench_graph(&config, params, 32, LX_TRAIN, &s.m, error);
  if (!status)
    status = steps(self, params, &s, error);
  lx_optimizer_free(s.optimizer);
  lx_lxmert_free(s.m);
  lx_tensors_unref(params);
  lx_config_clear(&config);
  return status;
}
