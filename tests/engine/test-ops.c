/* Every operation's backward against central differences of its forward, sums in double; dropout on
 * where there is one (its mask depends on seed, step and node, so it stays). */
#include "lx-op-attention.h"
#include "lx-ops.h"
#include "lx-rng.h"
#include "lx-test.h"

static LxError error;
static LxRng rng = {11, 22, 0};

static void fill(float *x, int64_t n, double scale)
{
  for (int64_t i = 0; i < n; i++)
    x[i] = (float)(scale * lx_rng_normal(&rng));
}

static void param(LxTensors *params, const char *name, int64_t rows, int64_t columns)
{
  LxTensor *t;
  CHECK(!lx_tensors_add(params, name, LX_F32, rows ? 2 : 1,
                        rows ? (int64_t[]){rows, columns} : &columns, &t, &error));
  fill(t->data, lx_tensor_count(t), 0.5);
}

/* All parameters that the cases below name, for 6 columns. */
static LxTensors *make_params(void)
{
  LxTensors *p = lx_tensors_new();
  param(p, "dense.weight", 5, 6);
  param(p, "dense.bias", 0, 5);
  param(p, "square.weight", 6, 6);
  param(p, "square.bias", 0, 6);
  param(p, "norm5.weight", 0, 5);
  param(p, "norm5.bias", 0, 5);
  param(p, "norm6.weight", 0, 6);
  param(p, "norm6.bias", 0, 6);
  param(p, "word", 9, 6);
  param(p, "position", 4, 6);
  param(p, "type", 2, 6);
  static const char *const parts[] = {"query", "key", "value"};
  for (int i = 0; i < 3; i++) {
    char name[32];
    snprintf(name, sizeof name, "att.%s.weight", parts[i]);
    param(p, name, 6, 6);
    snprintf(name, sizeof name, "att.%s.bias", parts[i]);
    param(p, name, 0, 6);
  }
  return p;
}

typedef struct {
  const char *name;
  LxTensors *params;
  LxGraph *graph;
  LxNode *inputs[4]; /* whose gradients are checked too */
  int n_inputs;
} Case;

static Case start(const char *name)
{
  Case c = {name, make_params(), NULL, {NULL}, 0};
  c.graph = lx_graph_new(c.params);
  return c;
}

static LxNode *input(Case *c, int rows, int64_t columns)
{
  LxNode *node = lx_graph_input(c->graph, "", rows, LX_F32, 2, (int64_t[]){1, columns});
  node->no_grad = false;
  c->inputs[c->n_inputs++] = node;
  return node;
}

static double weighted_output(Case *c, const LxNode *out, const float *seed)
{
  double sum = 0;
  CHECK(!lx_graph_run(c->graph, NULL, NULL, &error));
  for (int64_t i = 0; i < lx_tensor_count(&out->out); i++)
    sum += (double)lx_f32(&out->out)[i] * seed[i];
  return sum;
}

/* Compares `grad` of the `n` numbers at `x` with differences. */
static void compare(Case *c, const LxNode *out, const float *seed, const char *what, float *x,
                    const float *grad, int64_t n)
{
  double difference = 0, size = 0;
  for (int64_t i = 0; i < n; i++) {
    float kept = x[i], step = 4e-3f;
    x[i] = kept + step;
    double up = weighted_output(c, out, seed), high = x[i];
    x[i] = kept - step;
    double down = weighted_output(c, out, seed), low = x[i];
    x[i] = kept;
    double numeric = (up - down) / (high - low);
    difference += (numeric - grad[i]) * (numeric - grad[i]);
    size += numeric * numeric;
  }
  /* a step over ReLU's kink is off by up to half of that one slope */
  double allowed = strcmp(c->name, "relu") == 0 ? 2e-2 : 3e-3;
  CHECK(sqrt(difference) <= allowed * sqrt(size) + 2e-4, "%s, %s: off by %g of %g", c->name, what,
        sqrt(difference), sqrt(size));
}

/* Prepares, runs, and checks every parameter and input that `out` reads. `set` fills what must be
 * filled after lx_graph_prepare. */
static void check(Case *c, LxNode *out, void (*set)(Case *c))
{
  float seed[512];
  bool prepared = !lx_graph_prepare(c->graph, LX_TRAIN, &error);
  CHECK(prepared && out, "%s: %s", c->name, error.message);
  if (prepared && out) {
    lx_graph_set_random(c->graph, 5, 3);
    for (int i = 0; i < c->n_inputs; i++)
      fill(lx_f32(&c->inputs[i]->out), lx_tensor_count(&c->inputs[i]->out), 1);
    if (set)
      set(c);
    fill(seed, lx_tensor_count(&out->out), 1);
    weighted_output(c, out, seed);
    CHECK(!lx_graph_backward_with(c->graph, out, seed, &error), "%s", error.message);
    for (int i = 0; i < lx_graph_param_count(c->graph); i++) {
      LxParam *p = lx_graph_param(c->graph, i);
      CHECK(p->reached);
      /* row 0 of an embedding gets no gradient although the forward reads it */
      int64_t skip = strchr(p->name, '.') ? 0 : 6;
      for (int64_t j = 0; j < skip; j++)
        CHECK(p->grad[j] == 0, "%s", p->name);
      compare(c, out, seed, p->name, lx_f32(p->value) + skip, p->grad + skip,
              lx_tensor_count(p->value) - skip);
    }
    for (int i = 0; i < c->n_inputs; i++)
      compare(c, out, seed, "input", lx_f32(&c->inputs[i]->out), c->inputs[i]->grad,
              lx_tensor_count(&c->inputs[i]->out));
  }
  lx_graph_free(c->graph);
  lx_tensors_unref(c->params);
}

static void test_linear(void)
{
  static const char *const names[] = {"linear", "gelu", "tanh", "relu"};
  for (int a = LX_LINEAR; a <= LX_RELU; a++) {
    Case c = start(names[a]);
    int rows = lx_graph_add_rows(c.graph, 7);
    check(&c, lx_op_linear(c.graph, "y", input(&c, rows, 6), "dense", 5, (LxOpActivation)a), NULL);
  }
}

static void test_norm(void)
{
  for (int i = 0; i < 4; i++) {
    static const char *const names[] = {"linear norm", "with dropout", "with residual",
                                        "with both"};
    Case c = start(names[i]);
    int rows = lx_graph_add_rows(c.graph, 7);
    LxNode *x = input(&c, rows, 6), *residual = i > 1 ? input(&c, rows, 5) : NULL;
    check(
        &c,
        lx_op_linear_norm(c.graph, "y", x, residual, "dense", "norm5", 5, 1e-12f, i & 1 ? 0.4f : 0),
        NULL);
  }
  Case c = start("norm alone");
  int rows = lx_graph_add_rows(c.graph, 7);
  check(&c, lx_op_norm(c.graph, "y", input(&c, rows, 6), "norm6", 1e-12f), NULL);
}

static void set_ids(Case *c)
{
  for (int i = 0; i < 3; i++) {
    LxTensor *t = &lx_graph_node(c->graph, i)->out;
    for (int64_t r = 0; r < t->dim[0]; r++)
      lx_i64(t)[r] = i == 0 ? r * 5 % 9 : i == 1 ? r % 4 : r % 2;
  }
}

static void test_embed(void)
{
  static const LxEmbeddingNames names = {"word", "position", "type", "norm6"};
  Case c = start("embedding");
  int rows = lx_graph_add_rows(c.graph, 8);
  LxNode *ids[3];
  for (int i = 0; i < 3; i++)
    ids[i] = lx_graph_input(c.graph, "", rows, LX_I64, 1, (int64_t[]){1});
  check(&c, lx_op_embed(c.graph, "y", ids[0], ids[1], ids[2], &names, 6, 1e-12f, 0.3f), set_ids);
}

static void test_rows(void)
{
  Case c = start("average");
  int rows = lx_graph_add_rows(c.graph, 7);
  LxNode *a = input(&c, rows, 6), *b = input(&c, rows, 6);
  check(&c, lx_op_average(c.graph, "y", a, b, 0.3f), NULL);

  c = start("pairs");
  rows = lx_graph_add_rows(c.graph, 6);
  int pairs = lx_graph_add_rows(c.graph, 3);
  check(&c, lx_op_pairs(c.graph, "y", input(&c, rows, 6), pairs), NULL);
}

static void set_index(Case *c)
{
  static const int64_t index[] = {4, 0, 4, 2};
  memcpy(lx_graph_node(c->graph, 1)->out.data, index, sizeof index);
}

static void test_gather(void)
{
  Case c = start("gather");
  int rows = lx_graph_add_rows(c.graph, 6), few = lx_graph_add_rows(c.graph, 4);
  LxNode *x = input(&c, rows, 6);
  LxNode *index = lx_graph_input(c.graph, "", few, LX_I64, 1, (int64_t[]){1});
  check(&c, lx_op_gather(c.graph, "y", x, index), set_index);
}

/* ---- attention over two examples of different lengths ---- */
static LxSeq *words, *objects;
static LxNode *attention, *object_mask;
static int gate_case;

static void set_attention(Case *c)
{
  CHECK(!lx_seq_set(c->graph, words, 2, (int64_t[]){3, 2}, &error));
  CHECK(!lx_seq_set(c->graph, objects, 2, (int64_t[]){4, 19}, &error));
  lx_f32(&object_mask->out)[2] = -10000;
  if (gate_case == 1)
    lx_attention_set_gate(attention, 1, (LxGate){LX_GATE_SCALE, 0.4f});
  if (gate_case == 2)
    lx_attention_set_gate(attention, 0, (LxGate){LX_GATE_UNIFORM, 1});
}

static void test_attention(void)
{
  static const char *const names[] = {"attention", "attention, gate 0.4",
                                      "attention, uniform head"};
  for (gate_case = 0; gate_case < 3; gate_case++)
    for (int dropout = 0; dropout < 2; dropout++) {
      Case c = start(names[gate_case]);
      words = lx_seq_new(c.graph, 2, 4);
      objects = lx_seq_new(c.graph, 2, 20);
      LxNode *x = input(&c, words->rows, 6), *ctx = input(&c, objects->rows, 6);
      object_mask = lx_graph_input(c.graph, "", objects->rows, LX_F32, 1, (int64_t[]){1});
      LxNode *q = lx_op_qkv(c.graph, "", x, "att", LX_QUERY);
      LxNode *kv = lx_op_qkv(c.graph, "", ctx, "att", LX_KEY_VALUE);
      attention =
          lx_op_attention(c.graph, "y", q, words, kv, objects, object_mask, 2, dropout ? 0.3f : 0);
      check(&c, attention, set_attention);
    }
}

/* What one head's map must hold: softmax(q k / sqrt(size) + mask), or the same for all keys that are
 * not hidden. */
static void check_map(int64_t example, int head)
{
  int64_t heads, q, k, stride, size;
  const float *map = lx_attention_map(attention, example, &heads, &q, &k) + head * q * k;
  const float *query = lx_attention_query(attention, example, head, &stride, &size);
  const float *key = lx_attention_key(attention, example, head, &stride, &size);
  const float *mask = lx_f32(&object_mask->out) + objects->offset[example];
  bool uniform = lx_attention_gate(attention, head).kind == LX_GATE_UNIFORM;
  for (int64_t i = 0; i < q; i++) {
    double e[20], sum = 0;
    for (int64_t j = 0; j < k; j++) {
      double dot = 0;
      for (int64_t d = 0; d < size; d++)
        dot += (double)query[i * stride + d] * key[j * stride + d];
      e[j] = exp((uniform ? 0 : dot / sqrt((double)size)) + mask[j]);
      sum += e[j];
    }
    for (int64_t j = 0; j < k; j++)
      CHECK(fabs(map[i * k + j] - e[j] / sum) < 1e-6, "example %d, head %d, %d to %d: %g, not %g",
            (int)example, head, (int)i, (int)j, map[i * k + j], e[j] / sum);
  }
}

static void test_maps(void)
{
  Case c = start("attention's maps");
  words = lx_seq_new(c.graph, 2, 4);
  objects = lx_seq_new(c.graph, 2, 20);
  LxNode *x = input(&c, words->rows, 6), *ctx = input(&c, objects->rows, 6);
  object_mask = lx_graph_input(c.graph, "", objects->rows, LX_F32, 1, (int64_t[]){1});
  LxNode *q = lx_op_qkv(c.graph, "", x, "att", LX_QUERY);
  LxNode *kv = lx_op_qkv(c.graph, "", ctx, "att", LX_KEY_VALUE);
  attention = lx_op_attention(c.graph, "y", q, words, kv, objects, object_mask, 2, 0);
  CHECK(!lx_graph_prepare(c.graph, LX_INFER, &error), "%s", error.message);
  for (int i = 0; i < c.n_inputs; i++)
    fill(lx_f32(&c.inputs[i]->out), lx_tensor_count(&c.inputs[i]->out), 1);
  gate_case = 2;
  set_attention(&c);
  for (int uniform = 1; uniform >= 0; uniform--) {
    lx_attention_set_gate(attention, 0, (LxGate){uniform ? LX_GATE_UNIFORM : LX_GATE_SCALE, 1});
    lx_f32(&object_mask->out)[7] = uniform ? 0 : -1.5f; /* less, not hidden */
    CHECK(!lx_graph_run(c.graph, NULL, NULL, &error), "%s", error.message);
    for (int i = 0; i < 4; i++)
      check_map(i / 2, i % 2);
  }
  lx_graph_free(c.graph);
  lx_tensors_unref(c.params);
}

static void set_self(Case *c)
{
  CHECK(!lx_seq_set(c->graph, words, 2, (int64_t[]){4, 3}, &error));
}

static void test_self_attention(void)
{
  Case c = start("self-attention");
  words = lx_seq_new(c.graph, 2, 4);
  LxNode *x = input(&c, words->rows, 6);
  LxNode *mask = lx_graph_input(c.graph, "", words->rows, LX_F32, 1, (int64_t[]){1});
  LxNode *qkv = lx_op_qkv(c.graph, "", x, "att", LX_QUERY | LX_KEY_VALUE);
  check(&c, lx_op_attention(c.graph, "y", qkv, words, qkv, words, mask, 3, 0.2f), set_self);
}

/* ---- losses ---- */
static void set_labels(Case *c)
{
  static const int64_t labels[] = {2, -1, 0, 5, -1, 1, 1};
  for (int i = 0; i < lx_graph_node_count(c->graph); i++) {
    LxNode *node = lx_graph_node(c->graph, i);
    if (node->out.dtype == LX_I64)
      memcpy(node->out.data, labels, sizeof labels);
    else if (node->out.ndim == 1)
      for (int64_t r = 0; r < node->out.dim[0]; r++)
        lx_f32(&node->out)[r] = (float)(r % 3) * 0.4f;
    else if (node->no_grad)
      fill(lx_f32(&node->out), lx_tensor_count(&node->out), 1);
  }
}

static void test_losses(void)
{
  for (int i = 0; i < 5; i++) {
    static const char *const names[] = {"cross-entropy", "weighted cross-entropy", "smooth L1",
                                        "binary cross-entropy", "sum"};
    Case c = start(names[i]);
    int rows = lx_graph_add_rows(c.graph, 7);
    LxNode *x = input(&c, rows, 6);
    LxNode *labels = lx_graph_input(c.graph, "", rows, LX_I64, 1, (int64_t[]){1});
    LxNode *weight = lx_graph_input(c.graph, "", rows, LX_F32, 1, (int64_t[]){1});
    LxNode *target = lx_graph_input(c.graph, "", rows, LX_F32, 2, (int64_t[]){1, 6});
    LxNode *loss = i == 0   ? lx_op_cross_entropy(c.graph, "l", x, labels, NULL, 3)
                   : i == 1 ? lx_op_cross_entropy(c.graph, "l", x, labels, weight, 3)
                   : i == 2 ? lx_op_smooth_l1(c.graph, "l", x, target, weight, 3)
                            : lx_op_bce(c.graph, "l", x, target, 3);
    if (i == 4) {
      LxNode *other = lx_op_cross_entropy(c.graph, "l", x, labels, NULL, 2);
      loss = lx_op_sum(c.graph, "l", (LxNode *[]){loss, other, loss}, 3);
    }
    check(&c, loss, set_labels);
  }
}

/* Whatever the dropout's rate, the mean of what it lets through stays. */
static void test_dropout_rate(void)
{
  Case c = start("dropout");
  int rows = lx_graph_add_rows(c.graph, 20000);
  LxNode *a = input(&c, rows, 6);
  LxNode *y = lx_op_average(c.graph, "y", a, a, 0.1f);
  CHECK(!lx_graph_prepare(c.graph, LX_TRAIN, &error));
  int64_t n = lx_tensor_count(&a->out), zeros = 0;
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    lx_f32(&a->out)[i] = 1;
  lx_graph_set_random(c.graph, 1, 1);
  CHECK(!lx_graph_run(c.graph, NULL, NULL, &error));
  for (int64_t i = 0; i < n; i++) {
    zeros += lx_f32(&y->out)[i] == 0;
    sum += lx_f32(&y->out)[i];
  }
  CHECK(fabs((double)zeros / (double)n - 0.1) < 0.005, "%lld", (long long)zeros);
  CHECK(fabs(sum / (double)n - 1) < 0.005, "%g", sum / (double)n);
  float first = lx_f32(&y->out)[0];
  int64_t same = 0;
  for (uint64_t step = 2; step < 102; step++) {
    lx_graph_set_random(c.graph, 1, step);
    CHECK(!lx_graph_run_from(c.graph, y, &error));
    same += lx_f32(&y->out)[0] == first;
  }
  CHECK(same < 100 && same > 50); /* another mask at every step */
  lx_graph_set_dropout(c.graph, false);
  CHECK(!lx_graph_run(c.graph, NULL, NULL, &error));
  for (int64_t i = 0; i < n; i++)
    zeros -= lx_f32(&y->out)[i] != 1;
  CHECK(zeros > 0);
  lx_graph_free(c.graph);
  lx_tensors_unref(c.params);
}

int main(void)
{
  test_linear();
  test_norm();
  test_embed();
  test_rows();
  test_gather();
  test_attention();
  test_maps();
  test_self_attention();
  test_losses();
  test_dropout_rate();
  return lx_test_end();
}
