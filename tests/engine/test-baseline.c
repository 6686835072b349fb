/* LSTM and top-down attention against a plain double-precision reference: the forward directly, every
 * gradient against central differences of that reference. */
#include "lx-baseline.h"
#include "lx-batch.h"
#include "lx-lxmert.h"
#include "lx-rng.h"
#include "lx-test.h"

enum { HIDDEN = 6, FEATURES = 5, WORDS = 11, EXAMPLES = 5, LONGEST = 6, MOST_OBJECTS = 4 };

static const int64_t lengths[EXAMPLES] = {3, 6, 1, 6, 2};
static const int64_t objects[EXAMPLES] = {2, 4, 1, 3, 4};
static LxError error;
static LxRng rng = {31, 8, 0};

typedef struct {
  LxConfig config;
  LxTensors *params;
  double *value[32]; /* the parameters in double, in the order of `params` */
  int64_t ids[EXAMPLES * LONGEST];
  double features[EXAMPLES * MOST_OBJECTS * FEATURES], weight[EXAMPLES * HIDDEN];
  double mask[EXAMPLES * MOST_OBJECTS];
} World;

static double *at(const World *w, const char *name)
{
  for (size_t i = 0; i < lx_tensors_count(w->params); i++)
    if (!strcmp(lx_tensors_name(w->params, i), name))
      return w->value[i];
  CHECK(false, "no parameter %s", name);
  return NULL;
}

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

/* y[out] = W x + b */
static void dense(const World *w, const char *prefix, const double *x, int in, int out, double *y)
{
  char name[96];
  snprintf(name, sizeof name, "%s.weight", prefix);
  const double *weight = at(w, name);
  snprintf(name, sizeof name, "%s.bias", prefix);
  const double *bias = at(w, name);
  for (int o = 0; o < out; o++) {
    y[o] = bias[o];
    for (int i = 0; i < in; i++)
      y[o] += weight[o * in + i] * x[i];
  }
}

static void lstm(const World *w, const int64_t *ids, int64_t n, double *h)
{
  const double *table = at(w, "lxmert.embeddings.word_embeddings.weight");
  const double *u = at(w, "baseline.lstm.recurrent.weight");
  double c[HIDDEN] = {0}, z[4 * HIDDEN];
  memset(h, 0, HIDDEN * sizeof *h);
  for (int64_t t = 0; t < n; t++) {
    dense(w, "baseline.lstm.input", table + ids[t] * HIDDEN, HIDDEN, 4 * HIDDEN, z);
    for (int o = 0; o < 4 * HIDDEN; o++)
      for (int i = 0; i < HIDDEN; i++)
        z[o] += u[o * HIDDEN + i] * h[i];
    for (int j = 0; j < HIDDEN; j++) {
      c[j] = logistic(z[HIDDEN + j] + 1) * c[j] + logistic(z[j]) * tanh(z[2 * HIDDEN + j]);
      h[j] = logistic(z[3 * HIDDEN + j]) * tanh(c[j]);
    }
  }
}

static void gated(const double *x, double *y)
{
  for (int j = 0; j < HIDDEN; j++)
    y[j] = tanh(x[j]) * logistic(x[HIDDEN + j]);
}

/* Weights of the example's objects, then the joint vector. */
static void butd(const World *w, const double *question, const double *features, const double *mask,
                 int64_t n, double *weights, double *joint)
{
  double each[2 * HIDDEN], row[2 * HIDDEN], y[HIDDEN], sum = 0, image[FEATURES] = {0};
  dense(w, "baseline.butd.attention_question", question, HIDDEN, 2 * HIDDEN, each);
  for (int64_t o = 0; o < n; o++) {
    dense(w, "baseline.butd.attention_feature", features + o * FEATURES, FEATURES, 2 * HIDDEN, row);
    for (int j = 0; j < 2 * HIDDEN; j++)
      row[j] += each[j];
    gated(row, y);
    dense(w, "baseline.butd.score", y, HIDDEN, 1, &weights[o]);
    weights[o] = exp(weights[o] + mask[o]);
    sum += weights[o];
  }
  for (int64_t o = 0; o < n; o++) {
    weights[o] /= sum;
    for (int j = 0; j < FEATURES; j++)
      image[j] += weights[o] * features[o * FEATURES + j];
  }
  dense(w, "baseline.butd.question", question, HIDDEN, 2 * HIDDEN, row);
  gated(row, joint);
  dense(w, "baseline.butd.feature", image, FEATURES, 2 * HIDDEN, row);
  gated(row, y);
  for (int j = 0; j < HIDDEN; j++)
    joint[j] *= y[j];
}

/* sum of weight * pooled; pooled (may be NULL) [examples, hidden], weights [all objects]. */
static double reference(const World *w, double *pooled, double *weights)
{
  double sum = 0, question[HIDDEN], joint[HIDDEN], own[MOST_OBJECTS];
  int64_t word = 0, object = 0;
  for (int e = 0; e < EXAMPLES; e++) {
    lstm(w, w->ids + word, lengths[e], question);
    butd(w, question, w->features + object * FEATURES, w->mask + object, objects[e], own, joint);
    for (int j = 0; j < HIDDEN; j++)
      sum += w->weight[e * HIDDEN + j] * joint[j];
    if (pooled)
      memcpy(pooled + e * HIDDEN, joint, sizeof joint);
    if (weights)
      memcpy(weights + object, own, (size_t)objects[e] * sizeof *own);
    word += lengths[e];
    object += objects[e];
  }
  return sum;
}

static void make_world(World *w)
{
  lx_config_init(&w->config);
  w->config.vocab_size = WORDS;
  w->config.hidden_size = HIDDEN;
  w->config.num_attention_heads = 2;
  w->config.l_layers = w->config.r_layers = w->config.x_layers = 0;
  w->config.visual_feat_dim = FEATURES;
  w->config.num_qa_labels = 3;
  strcpy(w->config.baseline, LX_BASELINE_LSTM);
  CHECK(!lx_lxmert_init_params(&w->config, LX_HEAD_ANSWER, 3, &w->params, &error));
  for (size_t i = 0; i < lx_tensors_count(w->params); i++) {
    LxTensor *t = lx_tensors_at(w->params, i);
    w->value[i] = malloc((size_t)lx_tensor_count(t) * sizeof(double));
    for (int64_t j = 0; j < lx_tensor_count(t); j++) {
      lx_f32(t)[j] = (float)(0.5 * lx_rng_normal(&rng));
      w->value[i][j] = lx_f32(t)[j];
    }
  }
  for (int i = 0; i < EXAMPLES * LONGEST; i++)
    w->ids[i] = lx_rng_below(&rng, WORDS);
  for (size_t i = 0; i < sizeof w->features / sizeof *w->features; i++)
    w->features[i] = (float)lx_rng_normal(&rng);
  for (size_t i = 0; i < sizeof w->weight / sizeof *w->weight; i++)
    w->weight[i] = (float)lx_rng_normal(&rng);
  w->mask[3] = -10000; /* an object of the second example that nobody may see */
}

static void fill_graph(const World *w, LxLxmert *m)
{
  CHECK(!lx_lxmert_set_batch(m, EXAMPLES, lengths, objects, &error), "%s", error.message);
  memcpy(m->ids->out.data, w->ids, lx_tensor_bytes(&m->ids->out));
  for (int64_t i = 0; i < lx_tensor_count(&m->features->out); i++)
    lx_f32(&m->features->out)[i] = (float)w->features[i];
  for (int64_t i = 0; i < lx_tensor_count(&m->object_mask->out); i++)
    lx_f32(&m->object_mask->out)[i] = (float)w->mask[i];
}

static void check_forward(const World *w, const LxLxmert *m)
{
  double pooled[EXAMPLES * HIDDEN], weights[EXAMPLES * MOST_OBJECTS], worst = 0;
  reference(w, pooled, weights);
  for (int i = 0; i < EXAMPLES * HIDDEN; i++)
    worst = fmax(worst, fabs(pooled[i] - lx_f32(&m->pooled->out)[i]));
  CHECK(worst < 2e-6, "pooled off by %g", worst);
  const LxNode *pool = lx_graph_find(m->graph, "butd/attended");
  int64_t at_row = 0;
  for (int e = 0; e < EXAMPLES; e++)
    for (int64_t o = 0; o < objects[e]; o++, at_row++)
      CHECK(fabs(lx_pool_weights(pool, e)[o] - weights[at_row]) < 1e-6);
}

/* Every parameter that pooled reads. The row 0 of the words has none by design. */
static void check_gradients(World *w, const LxLxmert *m)
{
  int compared = 0;
  for (size_t i = 0; i < lx_tensors_count(w->params); i++) {
    const char *name = lx_tensors_name(w->params, i);
    LxParam *p = lx_graph_find_param(m->graph, name);
    bool words = !strcmp(name, "lxmert.embeddings.word_embeddings.weight");
    double off = 0, size = 0;
    if (!p || (!words && strncmp(name, "baseline.", 9)))
      continue;
    for (int64_t j = words ? HIDDEN : 0; j < lx_tensor_count(p->value); j++) {
      double kept = w->value[i][j], step = 1e-5;
      w->value[i][j] = kept + step;
      double up = reference(w, NULL, NULL);
      w->value[i][j] = kept - step;
      double numeric = (up - reference(w, NULL, NULL)) / (2 * step);
      w->value[i][j] = kept;
      off += (numeric - p->grad[j]) * (numeric - p->grad[j]);
      size += numeric * numeric;
    }
    for (int64_t j = 0; words && j < HIDDEN; j++)
      CHECK(p->grad[j] == 0);
    CHECK(sqrt(off) < 2e-5 * sqrt(size) + 1e-6, "%s: off by %g of %g", name, sqrt(off), sqrt(size));
    compared++;
  }
  CHECK(compared == 14, "%d parameters", compared);
}

static void test_reference(void)
{
  World w = {0};
  LxLxmert *m = NULL;
  float seed[EXAMPLES * HIDDEN];
  make_world(&w);
  LxLxmertOptions options = {.max_examples = EXAMPLES + 1,
                             .max_words = LONGEST,
                             .max_objects = MOST_OBJECTS,
                             .heads = LX_HEAD_ANSWER};
  LxStatus status = lx_lxmert_build(&w.config, w.params, &options, LX_TRAIN, &m, &error);
  CHECK(!status, "%s", error.message);
  if (!status) {
    fill_graph(&w, m);
    for (int i = 0; i < EXAMPLES * HIDDEN; i++)
      seed[i] = (float)w.weight[i];
    CHECK(!lx_graph_run(m->graph, NULL, NULL, &error));
    check_forward(&w, m);
    CHECK(!lx_graph_backward_with(m->graph, m->pooled, seed, &error));
    check_gradients(&w, m);
    lx_graph_zero_grads(m->graph); /* a second backward of the same run gives the same */
    CHECK(!lx_graph_backward_with(m->graph, m->pooled, seed, &error));
    check_gradients(&w, m);
  }
  lx_lxmert_free(m);
  for (size_t i = 0; i < lx_tensors_count(w.params); i++)
    free(w.value[i]);
  lx_tensors_unref(w.params);
  lx_config_clear(&w.config);
}

/* A baseline does not pre-train, and what it lacks is not asked for. */
static void test_limits(void)
{
  LxConfig config;
  LxTensors *params = NULL;
  LxLxmert *m = NULL;
  lx_config_init(&config);
  config.vocab_size = WORDS;
  config.hidden_size = 12;
  config.l_layers = 1;
  config.r_layers = config.x_layers = 0;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.visual_feat_dim = FEATURES;
  config.num_qa_labels = 3;
  strcpy(config.baseline, LX_BASELINE_BERT);
  CHECK(!lx_lxmert_init_params(&config, LX_HEAD_NLVR2, 3, &params, &error));
  CHECK(!lx_tensors_find(params, "lxmert.encoder.visn_fc.visn_fc.weight"));
  CHECK(!lx_tensors_find(params, "baseline.lstm.recurrent.weight"));
  LxLxmertOptions options = {.max_examples = 2,
                             .max_words = 4,
                             .max_objects = 3,
                             .heads = LX_HEAD_MLM,
                             .losses = LX_LOSS_MLM};
  CHECK(lx_lxmert_build(&config, params, &options, LX_TRAIN, &m, &error) == LX_ERR_ARGUMENT);
  options.heads = LX_HEAD_NLVR2;
  options.losses = LX_LOSS_NLVR2;
  CHECK(!lx_lxmert_build(&config, params, &options, LX_TRAIN, &m, &error), "%s", error.message);
  lx_lxmert_free(m);
  lx_tensors_unref(params);
  lx_config_clear(&config);
}

int main(void)
{
  test_reference();
  test_limits();
  return lx_test_end();
}
