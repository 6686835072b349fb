/* Chefer's relevancy and the gradients of every attention map against the reference
 * (tests/data/tiny/relevancy.safetensors, "nolrp", both choices of the answer, all samples). */
#include "lx-lxmert-named.h"
#include "lx-relevancy.h"
#include "lx-safetensors.h"
#include "lx-test.h"

static LxConfig config;
static LxTensors *params, *inputs, *golden;
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

/* Largest difference over the largest golden value; -1 when the shapes differ. */
static double difference(const LxTensor *got, const LxTensor *want)
{
  double worst = 0, scale = 0;
  if (!got || !want || !lx_tensor_same_shape(got, want))
    return -1;
  for (int64_t i = 0; i < lx_tensor_count(want); i++) {
    double d = fabs(lx_tensor_get(got, i) - lx_tensor_get(want, i));
    if (!(d <= worst))
      worst = d;
    scale = fmax(scale, fabs(lx_tensor_get(want, i)));
  }
  return worst / scale;
}

static void test_sample(int sample, bool best)
{
  char tag[32], name[96];
  LxTensors *ours = NULL;
  snprintf(tag, sizeof tag, "%d.%s.nolrp", sample, best ? "argmax" : "idx3");
  CHECK(!lx_relevancy_named(&config, params, inputs, sample, LX_METHOD_RELEVANCY, best ? -1 : 3,
                            &ours, &error),
        "%s", error.message);
  if (!ours)
    return;
  int gradients = 0;
  for (size_t i = 0; i < lx_tensors_count(ours); i++) {
    const char *key = lx_tensors_name(ours, i);
    if (strncmp(key, "attn_grad/", 10) == 0) {
      snprintf(name, sizeof name, "attn_grad/%s/%s", tag, key + 10);
      gradients++;
    } else {
      snprintf(name, sizeof name, "%s/%s/f64", key, tag);
    }
    double d = difference(lx_tensors_at(ours, i), lx_tensors_find(golden, name));
    CHECK(d >= 0 && d < 2e-5, "%s: %g", name, d);
  }
  CHECK(gradients == 11, "%d", gradients); /* all but the last layer's vision half */
  CHECK(lx_tensors_find(ours, "R_t_t") && lx_tensors_find(ours, "R_t_i"));
  lx_tensors_unref(ours);
}

/* Rows of a rollout sum to 1, as products of such matrices do; raw attention is the map itself. */
static void test_others(void)
{
  LxTensors *rolled = NULL, *raw = NULL, *gradient = NULL;
  CHECK(!lx_relevancy_named(&config, params, inputs, 1, LX_METHOD_ROLLOUT, -1, &rolled, &error));
  CHECK(!lx_relevancy_named(&config, params, inputs, 1, LX_METHOD_ATTENTION, -1, &raw, &error));
  CHECK(!lx_relevancy_named(&config, params, inputs, 1, LX_METHOD_GRADIENT, -1, &gradient, &error));
  const LxTensor *tt = lx_tensors_find(rolled, "R_t_t"), *ti = lx_tensors_find(raw, "R_t_i");
  const LxTensor *g = lx_tensors_find(gradient, "R_t_i");
  CHECK(tt && tt->dim[0] == 6 && ti && ti->dim[1] == 5);
  for (int r = 1; r < 6; r++) {
    double sum = 0, attended = 0;
    for (int j = 0; j < 6; j++)
      sum += lx_tensor_get(tt, r * 6 + j);
    for (int j = 0; j < 5; j++) {
      attended += lx_tensor_get(ti, r * 5 + j);
      CHECK(lx_tensor_get(g, r * 5 + j) >= 0);
    }
    CHECK(fabs(sum - 1) < 1e-6 && fabs(attended - 1) < 1e-6, "%g %g", sum, attended);
  }
  lx_tensors_unref(rolled);
  lx_tensors_unref(raw);
  lx_tensors_unref(gradient);
}

static void test_refusals(void)
{
  LxTensors *out = NULL;
  CHECK(lx_relevancy_named(&config, params, inputs, 3, LX_METHOD_RELEVANCY, -1, &out, &error) ==
        LX_ERR_ARGUMENT);
  CHECK(lx_relevancy_named(&config, params, inputs, 0, LX_METHOD_RELEVANCY, 17, &out, &error) ==
        LX_ERR_ARGUMENT);
  CHECK(!out);
}

int main(void)
{
  CHECK(!lx_config_read(lx_test_data("tiny/config.json"), &config, &error), "%s", error.message);
  params = open_data("weights.safetensors");
  inputs = open_data("inputs.safetensors");
  golden = open_data("relevancy.safetensors");
  for (int sample = 0; sample < 3; sample++) {
    test_sample(sample, true);
    test_sample(sample, false);
  }
  test_others();
  test_refusals();
  lx_tensors_unref(params);
  lx_tensors_unref(inputs);
  lx_tensors_unref(golden);
  lx_config_clear(&config);
  return lx_test_end();
}
