/* Forward, losses and gradients against the authors' PyTorch model in float64 (tests/data/tiny). */
#include "lx-gemm.h"
#include "lx-lxmert-named.h"
#include "lx-packed-shared.h"
#include "lx-safetensors.h"
#include "lx-test.h"

static LxConfig config;
static LxTensors *params, *inputs;
static LxError error;

static LxTensors *open_data(const char *name)
{
  char path[64];
  LxTensors *out = NULL;
  snprintf(path, sizeof path, "tiny/%s", name);
  CHECK(!lx_safetensors_read(lx_test_data(path), &out, &error), "%s", error.message);
  if (!out)
    exit(1);
  return out;
}

static double worst_difference(const LxTensor *a, const LxTensor *b, int64_t n)
{
  double worst = 0;
  for (int64_t i = 0; i < n; i++) {
    double d = fabs(lx_tensor_get(a, i) - lx_tensor_get(b, i));
    if (!(d <= worst))
      worst = d;
  }
  return worst;
}

static double norm_of(const LxTensor *t)
{
  double sum = 0;
  for (int64_t i = 0; i < lx_tensor_count(t); i++)
    sum += lx_tensor_get(t, i) * lx_tensor_get(t, i);
  return sqrt(sum);
}

static double difference_norm(const LxTensor *a, const LxTensor *b)
{
  double sum = 0;
  for (int64_t i = 0; i < lx_tensor_count(a); i++) {
    double d = lx_tensor_get(a, i) - lx_tensor_get(b, i);
    sum += d * d;
  }
  return sqrt(sum);
}

/* Every golden output is there, of the same shape, within 1e-5. */
static void test_forward(void)
{
  LxTensors *golden = open_data("outputs_f64.safetensors"), *ours = NULL;
  CHECK(!lx_lxmert_forward_named(&config, params, inputs, &ours, &error), "%s", error.message);
  double worst = 0;
  for (size_t i = 0; ours && i < lx_tensors_count(golden); i++) {
    const char *name = lx_tensors_name(golden, i);
    const LxTensor *want = lx_tensors_at(golden, i), *got = lx_tensors_find(ours, name);
    CHECK(got && lx_tensor_same_shape(got, want), "%s", name);
    if (!got || !lx_tensor_same_shape(got, want))
      continue;
    double d = worst_difference(got, want, lx_tensor_count(got));
    CHECK(d <= 1e-5, "%s differs by %g", name, d);
    worst = d > worst ? d : worst;
  }
  printf("forward: largest difference %.2g\n", worst);
  lx_tensors_unref(golden);
  lx_tensors_unref(ours);
}

/* The same where the graph packs its weights; the second run repeats the first. */
static void test_packed(void)
{
  LxTensors *golden = open_data("outputs_f64.safetensors");
  LxLxmert *m = NULL;
  CHECK(!lx_lxmert_load(&config, params, inputs, LX_INFER, false, &m, &error), "%s", error.message);
  lx_graph_set_packed(m->graph, true);
  for (int run = 0; run < 2; run++) {
    int compared = 0;
    double worst = 0;
    CHECK(!lx_graph_run(m->graph, NULL, NULL, &error), "%s", error.message);
    for (int i = 0; i < lx_graph_node_count(m->graph); i++) {
      const LxNode *node = lx_graph_node(m->graph, i);
      const LxTensor *want = node->name[0] ? lx_tensors_find(golden, node->name) : NULL;
      LxTensor got = node->out;
      int64_t heads, q, k;
      if (lx_is_attention(node))
        got.data = (void *)lx_attention_map(node, 0, &heads, &q, &k);
      if (!want || got.dtype != LX_F32)
        continue;
      CHECK(lx_is_attention(node) || lx_tensor_count(&got) == lx_tensor_count(want), "%s",
            node->name);
      double d = worst_difference(&got, want, lx_tensor_count(want));
      CHECK(d <= 1e-5, "%s differs by %g in run %d", node->name, d, run);
      worst = d > worst ? d : worst;
      compared++;
    }
    CHECK(compared > 30, "%d compared", compared);
    printf("run %d of packed weights: largest difference %.2g\n", run, worst);
  }
  CHECK(!lx_packed_has_onednn() || lx_packed_shared_bytes(params) > 0, "nothing was packed");
  lx_lxmert_free(m);
  lx_tensors_unref(golden);
}

/* Every gradient: 1e-4 of its norm; key biases, whose true gradient is 0, 1e-6 absolutely. */
static void test_gradients(void)
{
  LxTensors *golden = open_data("grads.safetensors"), *ours = NULL;
  CHECK(!lx_lxmert_gradients_named(&config, params, inputs, &ours, &error), "%s", error.message);
  double worst = 0;
  for (size_t i = 0; ours && i < lx_tensors_count(golden); i++) {
    const char *name = lx_tensors_name(golden, i);
    const LxTensor *want = lx_tensors_at(golden, i), *got = lx_tensors_find(ours, name);
    CHECK(got && lx_tensor_same_shape(got, want), "%s", name);
    if (!got)
      continue;
    if (strstr(name, "key.bias")) {
      CHECK(worst_difference(got, want, lx_tensor_count(got)) <= 1e-6, "%s %g", name,
            worst_difference(got, want, lx_tensor_count(got)));
      continue;
    }
    double d = difference_norm(got, want) / norm_of(want);
    CHECK(d <= 1e-4, "%s differs by %g of its norm", name, d);
    worst = d > worst ? d : worst;
  }
  if (ours)
    CHECK(lx_tensors_count(ours) == lx_tensors_count(golden), "%zu gradients",
          lx_tensors_count(ours));
  printf("gradients: largest difference %.2g of the norm\n", worst);
  lx_tensors_unref(golden);
  lx_tensors_unref(ours);
}

/* d(vqa_bce)/d(answer_logits); and fine-tuning leaves the last vision half unreached. */
static void test_vqa_gradient(void)
{
  LxTensors *golden = open_data("outputs_f64.safetensors");
  LxLxmert *m = NULL;
  CHECK(!lx_lxmert_load(&config, params, inputs, LX_TRAIN, false, &m, &error), "%s", error.message);
  LxNode *loss = lx_graph_find(m->graph, "loss/vqa_bce");
  CHECK(!lx_graph_run(m->graph, NULL, NULL, &error), "%s", error.message);
  CHECK(!lx_graph_backward(m->graph, loss, &error), "%s", error.message);
  LxTensor got = m->answer_logits->out;
  got.data = m->answer_logits->grad;
  double d = worst_difference(&got, lx_tensors_find(golden, "grad/answer_logits_of_vqa_bce"),
                              lx_tensor_count(&got));
  CHECK(d <= 1e-6, "%g", d);
  static const char *const left_alone[] = {
      "lxmert.encoder.x_layers.1.visn_self_att.self.query.weight",
      "lxmert.encoder.x_layers.1.visn_inter.dense.bias",
      "lxmert.encoder.x_layers.1.visn_output.LayerNorm.weight", "cls.predictions.bias"};
  for (int i = 0; i < 4; i++) {
    LxParam *p = lx_graph_find_param(m->graph, left_alone[i]);
    CHECK(p && !p->reached, "%s", left_alone[i]);
  }
  LxParam *p =
      lx_graph_find_param(m->graph, "lxmert.encoder.x_layers.1.visual_attention.att.query.weight");
  CHECK(p && p->reached);
  lx_lxmert_free(m);
  lx_tensors_unref(golden);
}

/* A graph that leaves out what the answers do not read gives the same loss and gradients. */
static void test_left_out(void)
{
  enum { N = 3, WORDS = 8, OBJECTS = 5 };
  static const int64_t words[N] = {8, 3, 6}, objects[N] = {5, 5, 2};
  LxLxmert *m[2] = {NULL};
  for (int i = 0; i < 2; i++) {
    LxLxmertOptions o = {.max_examples = N,
                         .max_words = WORDS,
                         .max_objects = OBJECTS,
                         .heads = LX_HEAD_ANSWER,
                         .losses = LX_LOSS_VQA_BCE,
                         .leave_out_unused = i};
    CHECK(!lx_lxmert_build(&config, params, &o, LX_TRAIN, &m[i], &error), "%s", error.message);
    lx_graph_set_dropout(m[i]->graph, false);
    CHECK(!lx_lxmert_set_batch(m[i], N, words, objects, &error), "%s", error.message);
    for (int64_t j = 0; j < lx_tensor_count(&m[i]->ids->out); j++)
      lx_i64(&m[i]->ids->out)[j] = 1 + j * 31 % (config.vocab_size - 1);
    const LxNode *floats[] = {m[i]->features, m[i]->boxes, m[i]->answer_scores};
    for (int k = 0; k < 3; k++)
      for (int64_t j = 0; j < lx_tensor_count(&floats[k]->out); j++)
        lx_f32(&floats[k]->out)[j] = (float)(j * 37 % 101) / 101;
    CHECK(!lx_graph_run(m[i]->graph, NULL, NULL, &error), "%s", error.message);
    CHECK(!lx_graph_backward(m[i]->graph, m[i]->total, &error), "%s", error.message);
  }
  const LxTensor *answers = &m[0]->answer_logits->out;
  CHECK(m[1]->lang->out.dim[0] == N && !m[1]->vision);
  CHECK(worst_difference(&m[1]->answer_logits->out, answers, lx_tensor_count(answers)) < 1e-5);
  for (int i = 0; i < lx_graph_param_count(m[0]->graph); i++) {
    const LxParam *whole = lx_graph_param(m[0]->graph, i);
    const LxParam *less = lx_graph_find_param(m[1]->graph, whole->name);
    CHECK((less && less->reached) == whole->reached, "%s", whole->name);
    if (!less || !whole->reached)
      continue;
    LxTensor want = *whole->value, got = *less->value;
    want.data = whole->grad;
    got.data = less->grad;
    double d = difference_norm(&got, &want);
    CHECK(d <= 1e-5 * norm_of(&want) + 1e-6, "%s differs by %g of %g", whole->name, d,
          norm_of(&want));
  }
  lx_lxmert_free(m[0]);
  lx_lxmert_free(m[1]);
}

/* One example alone in `one`, as in the padded batch `all`: the same questions, without the padding. */
static void take_example(LxLxmert *one, const LxLxmert *all, int64_t e, int64_t words)
{
  int64_t objects = lx_seq_length(all->objects, e), first = all->words->offset[e];
  int64_t box = all->objects->offset[e], wide = all->features->out.dim[1];
  CHECK(!lx_lxmert_set_batch(one, 1, &words, &objects, &error), "%s", error.message);
  memcpy(one->ids->out.data, lx_i64(&all->ids->out) + first, (size_t)words * sizeof(int64_t));
  memcpy(one->types->out.data, lx_i64(&all->types->out) + first, (size_t)words * sizeof(int64_t));
  memcpy(one->features->out.data, lx_f32(&all->features->out) + box * wide,
         (size_t)(objects * wide) * sizeof(float));
  memcpy(one->boxes->out.data, lx_f32(&all->boxes->out) + box * 4,
         (size_t)(objects * 4) * sizeof(float));
}

/* Largest difference between what a node has for the example alone and in the batch. */
static double node_difference(const LxNode *alone, const LxNode *batched, const LxLxmert *all,
                              int64_t e)
{
  double worst = 0;
  if (lx_is_attention(alone)) {
    int64_t heads, q, k, q_all, k_all;
    const float *a = lx_attention_map(alone, 0, &heads, &q, &k);
    const float *b = lx_attention_map(batched, e, &heads, &q_all, &k_all);
    for (int64_t i = 0; i < heads * q; i++)
      for (int64_t j = 0; j < k_all; j++)
        worst = fmax(worst, fabs((j < k ? a[i * k + j] : 0) -
                                 b[(i / q * q_all + i % q) * k_all + j])); /* padding gets 0 */
    return worst;
  }
  int64_t first = alone->rows == all->words->rows     ? all->words->offset[e]
                  : alone->rows == all->objects->rows ? all->objects->offset[e]
                                                      : e;
  const float *b = lx_f32(&batched->out) + first * batched->out.dim[1];
  for (int64_t i = 0; i < lx_tensor_count(&alone->out); i++)
    worst = fmax(worst, fabs(lx_f32(&alone->out)[i] - b[i]));
  return worst;
}

/* Padding changes nothing: a question alone has the numbers that it has among longer ones. */
static void test_padding(void)
{
  const LxTensor *mask = lx_tensors_find(inputs, "attention_mask");
  LxLxmert *all = NULL, *one = NULL;
  int compared = 0, shorter = 0;
  CHECK(!lx_lxmert_load(&config, params, inputs, LX_INFER, false, &all, &error), "%s",
        error.message);
  int64_t longest = mask->dim[1];
  LxLxmertOptions o = {.max_examples = 1,
                       .max_words = longest,
                       .max_objects = lx_seq_length(all->objects, 0),
                       .heads = lx_lxmert_heads_of(params)};
  CHECK(!lx_lxmert_build(&config, params, &o, LX_INFER, &one, &error), "%s", error.message);
  CHECK(!lx_graph_run(all->graph, NULL, NULL, &error), "%s", error.message);
  for (int64_t e = 0; e < all->n_examples; e++) {
    int64_t words = 0;
    for (int64_t i = 0; i < longest; i++)
      words += lx_tensor_get(mask, e * longest + i) > 0;
    shorter += words < longest;
    take_example(one, all, e, words);
    CHECK(!lx_graph_run(one->graph, NULL, NULL, &error), "%s", error.message);
    for (int i = 0; i < lx_graph_node_count(one->graph); i++) {
      const LxNode *node = lx_graph_node(one->graph, i);
      const LxNode *other = *node->name ? lx_graph_find(all->graph, node->name) : NULL;
      if (!other || node->out.dtype != LX_F32 || node->out.ndim != 2)
        continue;
      double d = node_difference(node, other, all, e);
      CHECK(d < 1e-5, "example %d, %s: %g", (int)e, node->name, d);
      compared++;
    }
  }
  CHECK(shorter > 0 && compared > 100, "%d shorter, %d compared", shorter, compared);
  lx_lxmert_free(all);
  lx_lxmert_free(one);
}

int main(void)
{
  CHECK(!lx_config_read(lx_test_data("tiny/config.json"), &config, &error), "%s", error.message);
  params = open_data("weights.safetensors");
  inputs = open_data("inputs.safetensors");
  for (int backend = 0; backend < 2; backend++) {
    if (!lx_gemm_use(backend ? LX_GEMM_ONEDNN : LX_GEMM_OPENBLAS))
      continue;
    printf("%s\n", lx_gemm_backend_name());
    test_forward();
    test_packed();
    test_gradients();
    test_vqa_gradient();
    test_left_out();
    test_padding();
  }
  lx_tensors_unref(params);
  lx_tensors_unref(inputs);
  lx_config_clear(&config);
  return lx_test_end();
}
