/* The engine against a plain double implementation at sizes that no golden file covers, examples of
 * different lengths in one batch without padding: forward, total loss, and gradients by central
 * differences in double. */
#include "double-lxmert.h"
#include "lx-rng.h"
#include "lx-test.h"

enum { N = 3, MOST = 16, FEATURES = 24 };

static LxError error;
static LxRng rng = {123, 9, 0};

typedef struct {
  int64_t hidden, heads, intermediate, l, r, x, vocabulary, answers;
} Size;
static const Size sizes[] = {
    {32, 2, 48, 1, 1, 1, 40, 5},  /* one of everything */
    {48, 3, 64, 2, 3, 1, 50, 13}, /* heads of 16, more vision than language */
    {40, 5, 100, 1, 0, 3, 33, 7}, /* heads of 8, no vision layer */
};

/* Everything of one batch, for both sides. */
typedef struct {
  DoubleExample x[N];
  int64_t ids[N][MOST], word_labels[N][MOST], objects[N][MOST], attributes[N][MOST];
  double features[N][MOST * FEATURES], labels[N][MOST * FEATURES], boxes[N][MOST * 4];
  double conf[N][MOST], attribute_conf[N][MOST], mask[N][MOST];
} Batch;

static LxConfig config_of(const Size *s)
{
  LxConfig c;
  lx_config_init(&c);
  c.hidden_size = s->hidden;
  c.num_attention_heads = s->heads;
  c.intermediate_size = s->intermediate;
  c.l_layers = s->l;
  c.r_layers = s->r;
  c.x_layers = s->x;
  c.vocab_size = s->vocabulary;
  c.max_position_embeddings = MOST;
  c.visual_feat_dim = FEATURES;
  c.num_qa_labels = s->answers;
  c.num_object_labels = 6;
  c.num_attr_labels = 4;
  c.initializer_range = 0.15;
  return c;
}

/* Numbers that float32 holds exactly, so that both sides see the same. */
static double draw(void)
{
  return (float)lx_rng_normal(&rng);
}

static void fill_batch(Batch *b, const LxConfig *c)
{
  for (int e = 0; e < N; e++) {
    DoubleExample *x = &b->x[e];
    *x = (DoubleExample){.words = 4 + 5 * e,
                         .objects = 9 - 3 * e,
                         .ids = b->ids[e],
                         .features = b->features[e],
                         .boxes = b->boxes[e],
                         .answer = e == 1 ? -1 : e,
                         .match = e != 1,
                         .word_labels = b->word_labels[e],
                         .object_labels = b->objects[e],
                         .attribute_labels = b->attributes[e],
                         .object_conf = b->conf[e],
                         .attribute_conf = b->attribute_conf[e],
                         .feature_mask = b->mask[e],
                         .feature_labels = b->labels[e]};
    for (int i = 0; i < x->words; i++) {
      b->ids[e][i] = 1 + lx_rng_below(&rng, c->vocab_size - 1);
      b->word_labels[e][i] = i % 3 == 1 ? lx_rng_below(&rng, c->vocab_size) : -1;
    }
    for (int i = 0; i < x->objects; i++) {
      b->objects[e][i] = lx_rng_below(&rng, 6);
      b->attributes[e][i] = lx_rng_below(&rng, 4);
      b->conf[e][i] = (float)lx_rng_uniform(&rng);
      b->attribute_conf[e][i] = (float)lx_rng_uniform(&rng);
      b->mask[e][i] = i % 2;
      for (int j = 0; j < 4; j++)
        b->boxes[e][i * 4 + j] = (float)lx_rng_uniform(&rng);
    }
    for (int i = 0; i < x->objects * FEATURES; i++) {
      b->features[e][i] = draw();
      b->labels[e][i] = draw();
    }
  }
}

static void copy_floats(LxNode *node, int64_t at, const double *from, int64_t n)
{
  for (int64_t i = 0; i < n; i++)
    lx_f32(&node->out)[at + i] = (float)from[i];
}

static void copy_ints(LxNode *node, int64_t at, const int64_t *from, int64_t n)
{
  memcpy(lx_i64(&node->out) + at, from, (size_t)n * sizeof *from);
}

static void give(LxLxmert *m, const Batch *b)
{
  int64_t words[N], objects[N];
  for (int e = 0; e < N; e++) {
    words[e] = b->x[e].words;
    objects[e] = b->x[e].objects;
  }
  CHECK(!lx_lxmert_set_batch(m, N, words, objects, &error), "%s", error.message);
  for (int e = 0; e < N; e++) {
    int64_t w = m->words->offset[e], o = m->objects->offset[e], n = objects[e];
    copy_ints(m->ids, w, b->ids[e], words[e]);
    copy_ints(m->mlm_labels, w, b->word_labels[e], words[e]);
    copy_ints(m->obj_labels, o, b->objects[e], n);
    copy_ints(m->attr_labels, o, b->attributes[e], n);
    copy_floats(m->features, o * FEATURES, b->features[e], n * FEATURES);
    copy_floats(m->feat_labels, o * FEATURES, b->labels[e], n * FEATURES);
    copy_floats(m->boxes, o * 4, b->boxes[e], n * 4);
    copy_floats(m->obj_conf, o, b->conf[e], n);
    copy_floats(m->attr_conf, o, b->attribute_conf[e], n);
    copy_floats(m->feat_conf, o, b->mask[e], n);
    lx_i64(&m->match_labels->out)[e] = b->x[e].match;
    lx_i64(&m->answer_labels->out)[e] = b->x[e].answer;
  }
}

static double apart(const float *got, const double *want, int64_t n)
{
  double worst = 0;
  for (int64_t i = 0; i < n; i++)
    worst = fmax(worst, fabs(got[i] - want[i]));
  return worst;
}

static void compare_forward(const LxLxmert *m, const LxConfig *c, const DoubleParams *p,
                            const Batch *b)
{
  int64_t h = c->hidden_size;
  for (int e = 0; e < N; e++) {
    DoubleResult r;
    double_forward(c, p, &b->x[e], &r);
    double l = apart(lx_f32(&m->lang->out) + m->words->offset[e] * h, r.lang, b->x[e].words * h);
    double v =
        apart(lx_f32(&m->vision->out) + m->objects->offset[e] * h, r.vision, b->x[e].objects * h);
    double a = apart(lx_f32(&m->answer_logits->out) + e * c->num_qa_labels, r.answer_logits,
                     c->num_qa_labels);
    CHECK(l < 1e-5 && v < 1e-5 && a < 1e-5, "example %d: %g %g %g", e, l, v, a);
    double_result_clear(&r);
  }
}

typedef double (*Loss)(const LxConfig *config, const DoubleParams *params, const DoubleExample *x,
                       int n);

/* Along each parameter's own gradient, where the derivative is its norm. Returns how many the loss
 * reaches. */
static int compare_gradients(const LxLxmert *m, const LxConfig *c, const DoubleParams *p,
                             const Batch *b, const char *what, Loss loss)
{
  double worst = 0;
  int reached = 0;
  for (int i = 0; i < lx_graph_param_count(m->graph); i++) {
    const LxParam *param = lx_graph_param(m->graph, i);
    int64_t n = lx_tensor_count(param->value);
    double *x = double_param(p, param->name), size = 0, step = 1e-5;
    for (int64_t j = 0; j < n; j++)
      size += (double)param->grad[j] * param->grad[j];
    size = sqrt(size);
    if (!param->reached) {
      CHECK(size == 0, "%s", param->name);
      continue;
    }
    reached++;
    if (strstr(param->name, "token_type")) { /* only row 0 is read, which gets none */
      CHECK(size == 0);
      continue;
    }
    if (strstr(param->name, "key.bias")) {
      CHECK(size < 1e-5, "%s %g", param->name, size);
      continue;
    }
    double total[2];
    for (int side = 0; side < 2; side++) {
      double by = side ? -step : step;
      for (int64_t j = 0; j < n; j++)
        x[j] += by * param->grad[j] / size;
      total[side] = loss(c, p, b->x, N);
      for (int64_t j = 0; j < n; j++)
        x[j] -= by * param->grad[j] / size;
    }
    double slope = (total[0] - total[1]) / (2 * step);
    CHECK(fabs(slope - size) < 1e-4 * size, "%s: %.9g, differences say %.9g", param->name, size,
          slope);
    worst = fmax(worst, fabs(slope - size) / size);
  }
  printf("hidden %d, %s: gradients within %.2g\n", (int)c->hidden_size, what, worst);
  return reached;
}

/* The multi-class option for VQA, by itself. */
static void compare_multi_class(LxLxmert *m, const LxConfig *c, const DoubleParams *p,
                                const Batch *b)
{
  LxNode *loss = lx_graph_find(m->graph, "loss/vqa_mce");
  double want = double_multi_class(c, p, b->x, N);
  CHECK(fabs(want - lx_f32(&loss->out)[0]) < 1e-5 * want, "%g %g", want, lx_f32(&loss->out)[0]);
  lx_graph_zero_grads(m->graph);
  CHECK(!lx_graph_backward(m->graph, loss, &error), "%s", error.message);
  int all = lx_graph_param_count(m->graph);
  int reached = compare_gradients(m, c, p, b, "multi-class", double_multi_class);
  CHECK(reached > all / 2 && reached < all, "%d of %d", reached, all);
}

static void test_size(const Size *size)
{
  static Batch batch;
  LxConfig c = config_of(size);
  LxTensors *params = NULL;
  LxLxmert *m = NULL;
  LxLxmertOptions o = {.max_examples = N,
                       .max_words = MOST,
                       .max_objects = MOST,
                       .heads = LX_HEAD_PRETRAIN,
                       .losses = LX_LOSS_PRETRAIN | LX_LOSS_VQA_MCE};
  CHECK(!lx_lxmert_init_params(&c, LX_HEAD_PRETRAIN, 17, &params, &error), "%s", error.message);
  for (size_t i = 0; i < lx_tensors_count(params); i++) /* no bias is 0, no norm plain */
    for (int64_t j = 0; j < lx_tensor_count(lx_tensors_at(params, i)); j++)
      lx_f32(lx_tensors_at(params, i))[j] += (float)(0.05 * lx_rng_normal(&rng));
  CHECK(!lx_lxmert_build(&c, params, &o, LX_TRAIN, &m, &error), "%s", error.message);
  if (!m)
    exit(1);
  fill_batch(&batch, &c);
  give(m, &batch);
  lx_graph_set_dropout(m->graph, false);
  CHECK(!lx_graph_run(m->graph, NULL, NULL, &error));
  CHECK(!lx_graph_backward(m->graph, m->total, &error), "%s", error.message);
  DoubleParams *p = double_params_new(params);
  compare_forward(m, &c, p, &batch);
  double total = double_total(&c, p, batch.x, N);
  CHECK(fabs(total - lx_f32(&m->total->out)[0]) < 1e-5 * total, "%g %g", total,
        lx_f32(&m->total->out)[0]);
  CHECK(compare_gradients(m, &c, p, &batch, "pre-training", double_total) ==
        lx_graph_param_count(m->graph));
  compare_multi_class(m, &c, p, &batch);
  double_params_free(p);
  lx_lxmert_free(m);
  lx_tensors_unref(params);
  lx_config_clear(&c);
}

int main(void)
{
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    test_size(&sizes[i]);
  return lx_test_end();
}
