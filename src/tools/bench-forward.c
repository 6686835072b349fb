/* A full-size forward at batch 1, every attention map kept, and at batch 32 for its answers alone;
 * and what it costs to switch a head of the last cross-modality layer off. */
#include <stdio.h>

#include "bench.h"

static LxStatus run(void *data, LxError *error)
{
  return lx_graph_run(data, NULL, NULL, error);
}

static LxStatus forward_at(Bench *self, LxTensors *params, const LxConfig *config, int64_t batch,
                           LxError *error)
{
  LxLxmert *m;
  LxStatus status = bench_graph(config, params, batch, LX_INFER, &m, error);
  if (status)
    return status;
  char name[48];
  BenchRow *row = NULL;
  snprintf(name, sizeof name, "forward, batch %lld", (long long)batch);
  status = bench_time(self, name, bench_flop(m->graph, false), 2, batch == 1 ? 31 : 7, run,
                      m->graph, &row, error);
  if (!status) {
    snprintf(row->note, sizeof row->note, "%.0f MB of activations",
             (double)lx_graph_arena_bytes(m->graph) / 1e6);
    bench_print_last(self);
  }
  lx_lxmert_free(m);
  return status;
}

LxStatus bench_forward(Bench *self, LxError *error)
{
  LxConfig config;
  LxTensors *params = NULL;
  bench_config(&config);
  LxStatus status = bench_params(&config, &params, error);
  if (!status)
    status = forward_at(self, params, &config, self->batch ? self->batch : 1, error);
  if (!status && !self->batch)
    status = forward_at(self, params, &config, 32, error);
  lx_tensors_unref(params);
  lx_config_clear(&config);
  return status;
}

typedef struct {
  LxGraph *graph;
  LxNode *map;
} Gate;

static LxStatus switch_head(void *data, LxError *error)
{
  const Gate *gate = data;
  float now = lx_attention_gate(gate->map, 3).factor;
  lx_attention_set_gate(gate->map, 3, (LxGate){LX_GATE_SCALE, 1 - now});
  return lx_graph_run_from(gate->graph, gate->map, error);
}

static LxStatus gates_of(Bench *self, LxLxmert *m, LxError *error)
{
  static const char *const names[] = {"attn/x.4.lang_to_vis", "attn/x.4.vis_to_lang",
                                      "attn/x.4.lang_self", "attn/x.4.vis_self"};
  BenchRow *row = NULL;
  LxStatus status = bench_time(self, "forward, batch 1", bench_flop(m->graph, false), 2, 21, run,
                               m->graph, &row, error);
  if (status)
    return status;
  double whole = row->median;
  bench_print_last(self);
  for (int i = 0; i < 4; i++) {
    Gate gate = {m->graph, lx_graph_find(m->graph, names[i])};
    char name[64];
    snprintf(name, sizeof name, "one head off, %s", names[i] + 5);
    status = bench_time(self, name, 0, 2, 21, switch_head, &gate, &row, error);
    if (status)
      return status;
    snprintf(row->note, sizeof row->note, "%.1f%% of a forward", 100 * row->median / whole);
    bench_print_last(self);
  }
  return LX_OK;
}

LxStatus bench_gate(Bench *self, LxError *error)
{
  LxConfig config;
  LxTensors *params = NULL;
  LxLxmert *m = NULL;
  bench_config(&config);
  LxStatus status = bench_params(&config, &params, error);
  if (!status)
    status = bench_graph(&config, params, 1, LX_INFER, &m, error);
  if (!status)
    status = gates_of(self, m, error);
  lx_lxmert_free(m);
  lx_tensors_unref(params);
  lx_config_clear(&config);
  return status;
}
