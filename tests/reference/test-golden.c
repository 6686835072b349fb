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
  }
  lx_tensors_unref(params);
  lx_tensors_unref(inputs);
  lx_config_clear(&config);
  return lx_test_end();
}
