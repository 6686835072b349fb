#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "lx-rng.h"

void bench_config(LxConfig *config)
{
  lx_config_init(config);
  config->num_qa_labels = 3129;
}

static LxStatus add_random(const LxParamSpec *spec, void *user_data, LxError *error)
{
  LxTensor *t;
  LxStatus status = lx_tensors_add(user_data, spec->name, LX_F32, spec->ndim, spec->dim, &t, error);
  if (status)
    return status;
  bool norm = strstr(spec->name, "ayerNorm") || strstr(spec->name, "layer_norm") ||
              strstr(spec->name, "logit_fc.2");
  bool one = norm && strstr(spec->name, ".weight");
  int64_t n = lx_tensor_count(t);
  float *x = lx_f32(t);
  /* uniform, with the usual deviation of 0.02 */
#pragma omp parallel for schedule(static) if (n > 65536)
  for (int64_t i = 0; i < n; i++)
    x[i] = one ? 1 : 0.07f * ((float)(lx_rng_mix((uint64_t)(n + i)) >> 40) * 0x1p-24f - 0.5f);
  return LX_OK;
}

LxStatus bench_params(const LxConfig *config, LxTensors **out, LxError *error)
{
  LxTensors *params = lx_tensors_new();
  if (!params)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the weights.");
  LxStatus status = lx_lxmert_each_param(config, LX_HEAD_ANSWER, add_random, params, error);
  if (status)
    lx_tensors_unref(params);
  else
    *out = params;
  return status;
}

static void fill(LxLxmert *m, int64_t vocabulary)
{
  for (int64_t i = 0; i < lx_tensor_count(&m->ids->out); i++)
    lx_i64(&m->ids->out)[i] = i * 7919 % vocabulary;
  const LxNode *floats[] = {m->features, m->boxes, m->answer_scores};
  for (int k = 0; k < 3; k++)
    for (int64_t i = 0; floats[k] && i < lx_tensor_count(&floats[k]->out); i++) {
      float u = (float)(lx_rng_mix((uint64_t)i) >> 40) * 0x1p-24f;
      lx_f32(&floats[k]->out)[i] = k == 2 ? u > 0.999f : u;
    }
}

LxStatus bench_graph(const LxConfig *config, LxTensors *params, int64_t batch, LxMode mode,
                     LxLxmert **out, LxError *error)
{
  int64_t words[64], objects[64];
  LxLxmertOptions options = {.max_examples = batch,
                             .max_words = BENCH_WORDS,
                             .max_objects = BENCH_OBJECTS,
                             .heads = LX_HEAD_ANSWER,
                             .losses = mode == LX_TRAIN ? LX_LOSS_VQA_BCE : 0,
                             .packed = true,
                             .leave_out_unused = mode == LX_TRAIN,
                             .results_only = batch > 1};
  LxLxmert *m;
  LxStatus status = lx_lxmert_build(config, params, &options, mode, &m, error);
  if (status)
    return status;
  for (int i = 0; i < batch; i++) {
    words[i] = BENCH_WORDS;
    objects[i] = BENCH_OBJECTS;
  }
  status = lx_lxmert_set_batch(m, batch, words, objects, error);
  if (status) {
    lx_lxmert_free(m);
    return status;
  }
  fill(m, config->vocab_size);
  *out = m;
  return LX_OK;
}

static double node_flop(const LxNode *node, bool train)
{
  double rows = (double)node->out.dim[0], total = 0;
  if (lx_is_attention(node)) {
    int64_t heads, q, k;
    lx_attention_map(node, 0, &heads, &q, &k);
    return 4 * rows * (double)k * (double)node->out.dim[1] * (train ? 3 : 1);
  }
  for (int i = 0; i < node->n_param && strcmp(node->op->name, "embed"); i++)
    if (node->param[i]->value->ndim == 2) /* d(weight), and d(x) unless x is data */
      total += 2 * rows * (double)lx_tensor_count(node->param[i]->value) *
               (!train                 ? 1
                : node->in[0]->no_grad ? 2
                                       : 3);
  return total;
}

double bench_flop(const LxGraph *graph, bool train)
{
  double total = 0;
  for (int i = 0; i < lx_graph_node_count(graph); i++)
    total += node_flop(lx_graph_node(graph, i), train);
  return total;
}
