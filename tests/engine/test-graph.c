/* Outputs that share memory in a graph for results only: what stays is the same to the last bit, no
 * two that are needed at the same time lie over each other, and depth costs no memory. */
#include "lx-graph-order.h"
#include "lx-graph-places.h"
#include "lx-lxmert.h"
#include "lx-rng.h"
#include "lx-test.h"

enum { EXAMPLES = 6, WORDS = 9, OBJECTS = 7, MASKED = 8 };

static LxError error;
static LxConfig config;
static LxTensors *params;

typedef struct {
  const char *name, *baseline;
  unsigned heads, losses;
} Kind;

static const Kind kinds[] = {
    {"answers", "", LX_HEAD_ANSWER, LX_LOSS_VQA_BCE},
    {"pre-training", "", LX_HEAD_PRETRAIN, LX_LOSS_PRETRAIN},
    {"pairs", "", LX_HEAD_NLVR2, LX_LOSS_NLVR2},
    {"LSTM", "lstm-butd", LX_HEAD_ANSWER, LX_LOSS_VQA_BCE},
    {"BERT and objects", "bert-butd", LX_HEAD_ANSWER, LX_LOSS_VQA_BCE},
};

static void start(const Kind *kind)
{
  lx_config_init(&config);
  config.vocab_size = 40;
  config.hidden_size = 48;
  config.num_attention_heads = 4;
  config.intermediate_size = 96;
  config.l_layers = 3;
  config.r_layers = config.x_layers = 2;
  config.max_position_embeddings = WORDS;
  config.visual_feat_dim = 32;
  config.num_qa_labels = 11;
  config.num_object_labels = 5;
  config.num_attr_labels = 4;
  strcpy(config.baseline, kind->baseline);
  CHECK(!lx_lxmert_init_params(&config, kind->heads, 3, &params, &error), "%s", error.message);
}

static void stop(void)
{
  lx_tensors_unref(params);
  lx_config_clear(&config);
}

static LxLxmert *build_for(const Kind *kind, LxMode mode, bool packed, bool leave_out,
                           bool results_only)
{
  const LxLxmertOptions options = {.max_examples = EXAMPLES,
                                   .max_words = WORDS,
                                   .max_objects = OBJECTS,
                                   .heads = kind->heads,
                                   .losses = kind->losses,
                                   .max_masked = kind->heads & LX_HEAD_MLM ? MASKED : 0,
                                   .packed = packed,
                                   .leave_out_unused = leave_out,
                                   .results_only = results_only};
  LxLxmert *m = NULL;
  CHECK(!lx_lxmert_build(&config, params, &options, mode, &m, &error), "%s", error.message);
  return m;
}

static LxLxmert *build(const Kind *kind, bool packed, bool leave_out, bool results_only)
{
  return build_for(kind, LX_INFER, packed, leave_out, results_only);
}

/* Other sentences and pictures in every run, as many as there is room for or fewer. */
static void fill(LxLxmert *m, uint64_t run)
{
  LxRng rng = {.seed = 11, .stream = run};
  int64_t words[EXAMPLES], objects[EXAMPLES], n = run % 2 ? EXAMPLES - 2 : EXAMPLES;
  for (int i = 0; i < n; i++) {
    words[i] = 2 + lx_rng_below(&rng, WORDS - 1);
    objects[i] = 1 + lx_rng_below(&rng, OBJECTS);
  }
  CHECK(!lx_lxmert_set_batch(m, n, words, objects, &error), "%s", error.message);
  if (m->mlm_rows)
    CHECK(!lx_lxmert_set_masked(m, MASKED - (int64_t)run, &error), "%s", error.message);
  LxNode *numbers[] = {m->features,    m->boxes,     m->obj_conf,     m->attr_conf,
                       m->feat_labels, m->feat_conf, m->answer_scores};
  for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
    for (int64_t i = 0; numbers[k] && i < lx_tensor_count(&numbers[k]->out); i++)
      lx_f32(&numbers[k]->out)[i] = (float)lx_rng_uniform(&rng);
  const struct {
    LxNode *node;
    int64_t below;
  } labels[] = {{m->ids, config.vocab_size}, {m->mlm_labels, config.vocab_size},
                {m->match_labels, 2},        {m->answer_labels, config.num_qa_labels},
                {m->obj_labels, 5},          {m->attr_labels, 4},
                {m->pair_labels, 2},         {m->mlm_rows, m->words->offset[n]}};
  for (size_t k = 0; k < sizeof labels / sizeof *labels; k++)
    for (int64_t i = 0; labels[k].node && i < lx_tensor_count(&labels[k].node->out); i++)
      lx_i64(&labels[k].node->out)[i] = lx_rng_below(&rng, labels[k].below);
}

/* The kept outputs are the same, bit for bit; returns how many there are. */
static int check_same(const LxLxmert *one, const LxLxmert *other, const char *what)
{
  int compared = 0;
  for (int i = 0; i < lx_graph_node_count(one->graph); i++) {
    const LxNode *a = lx_graph_node(one->graph, i), *b = lx_graph_node(other->graph, i);
    if (!lx_node_stays(b))
      continue;
    CHECK(a->out.dim[0] == b->out.dim[0] &&
              !memcmp(a->out.data, b->out.data, lx_tensor_bytes(&a->out)),
          "%s: “%s” differs", what, a->name);
    compared += a->n_in > 0;
  }
  return compared;
}

static void test_same_results(const Kind *kind, bool packed, bool leave_out)
{
  LxLxmert *whole = build(kind, packed, leave_out, false);
  LxLxmert *results = build(kind, packed, leave_out, true);
  int compared = 0;
  CHECK(lx_graph_arena_bytes(results->graph) < lx_graph_arena_bytes(whole->graph));
  for (uint64_t run = 0; run < 4; run++) {
    fill(whole, run);
    fill(results, run);
    CHECK(!lx_graph_run(whole->graph, NULL, NULL, &error), "%s", error.message);
    CHECK(!lx_graph_run(results->graph, NULL, NULL, &error), "%s", error.message);
    compared += check_same(whole, results, kind->name);
  }
  CHECK(compared >= 4 * 4, "%d", compared);
  lx_lxmert_free(whole);
  lx_lxmert_free(results);
}

/* Gradients of parameters, added up over some batches with dropout. */
static void test_same_gradients(const Kind *kind, bool leave_out)
{
  LxLxmert *m[2];
  for (int shared = 0; shared < 2; shared++) {
    m[shared] = build_for(kind, LX_TRAIN, false, leave_out, shared);
    for (uint64_t run = 0; run < 3; run++) {
      lx_graph_set_random(m[shared]->graph, 7, run);
      fill(m[shared], run);
      CHECK(!lx_graph_run(m[shared]->graph, NULL, NULL, &error), "%s", error.message);
      CHECK(!lx_graph_backward(m[shared]->graph, m[shared]->total, &error), "%s", error.message);
    }
  }
  int reached = 0;
  for (int i = 0; i < lx_graph_param_count(m[0]->graph); i++) {
    const LxParam *a = lx_graph_param(m[0]->graph, i), *b = lx_graph_param(m[1]->graph, i);
    CHECK(!memcmp(a->grad, b->grad, lx_tensor_bytes(a->value)), "%s: “%s” differs", kind->name,
          a->name);
    reached += a->reached;
  }
  size_t whole = lx_graph_arena_bytes(m[0]->graph), less = lx_graph_arena_bytes(m[1]->graph);
  size_t outputs = 0;
  for (int i = 0; i < lx_graph_node_count(m[0]->graph); i++)
    if (lx_graph_node(m[0]->graph, i)->grad)
      outputs += lx_tensor_bytes(&lx_graph_node(m[0]->graph, i)->out);
  CHECK(reached > 10 && less + outputs / 3 < whole, "%d; %zu, %zu of them gradients; %zu", reached,
        whole, outputs, less);
  lx_lxmert_free(m[0]);
  lx_lxmert_free(m[1]);
}

/* A map and what it is made from are kept: they are there after the run, and a gate of that map can be
 * set and run from there on, when all that is read on the way is kept; else that is refused. */
static void test_kept(void)
{
  LxGraph *graphs[2];
  LxNode *maps[2], *ends[2];
  for (int shared = 0; shared < 2; shared++) {
    LxGraph *graph = graphs[shared] = lx_graph_new(params);
    LxSeq *words = lx_seq_new(graph, 2, WORDS);
    LxNode *mask = lx_graph_input(graph, "mask", words->rows, LX_F32, 1, (int64_t[]){1});
    LxNode *x = lx_graph_input(graph, "x", words->rows, LX_F32, 2, (int64_t[]){1, 48});
    LxNode *middle = NULL;
    for (int i = 0; i < 3; i++) {
      char name[64];
      snprintf(name, sizeof name, "lxmert.encoder.layer.%d.attention.self", i);
      LxNode *qkv = lx_op_qkv(graph, "qkv", x, name, LX_QUERY | LX_KEY_VALUE);
      LxNode *map = lx_op_attention(graph, "map", qkv, words, qkv, words, mask, 4, 0);
      x = lx_op_average(graph, "average", x, map, 0);
      if (i == 1) {
        maps[shared] = map;
        middle = qkv;
        lx_graph_keep(graph, qkv);
        lx_graph_keep(graph, map);
      }
    }
    ends[shared] = x;
    lx_graph_keep(graph, x);
    if (shared)
      lx_graph_set_sharing(graph, true);
    CHECK(!lx_graph_prepare(graph, LX_INFER, &error), "%s", error.message);
    CHECK(!lx_seq_set(graph, words, 2, (int64_t[]){WORDS, 4}, &error));
    for (int64_t i = 0; i < lx_tensor_count(&middle->in[0]->out); i++)
      lx_f32(&lx_graph_find(graph, "x")->out)[i] = (float)(i * 7919 % 1009) * 1e-3f - 0.5f;
    CHECK(!lx_graph_run(graph, NULL, NULL, &error), "%s", error.message);
  }
  int64_t heads, q, k;
  for (int64_t e = 0; e < 2; e++) {
    const float *one = lx_attention_map(maps[0], e, &heads, &q, &k);
    const float *other = lx_attention_map(maps[1], e, &heads, &q, &k);
    CHECK(heads == 4 && q == (e ? 4 : WORDS) && q == k);
    CHECK(!memcmp(one, other, (size_t)(heads * q * k) * sizeof *one), "example %d", (int)e);
  }
  for (int i = 0; i < 2; i++)
    lx_attention_set_gate(maps[i], 1, (LxGate){LX_GATE_SCALE, 0});
  CHECK(!lx_graph_run_from(graphs[0], maps[0], &error), "%s", error.message);
  CHECK(lx_graph_run_from(graphs[1], maps[1], &error) == LX_ERR_ARGUMENT, "“average” is gone");
  CHECK(strstr(error.message, "“average”"), "%s", error.message);
  CHECK(!lx_graph_run(graphs[1], NULL, NULL, &error), "%s", error.message);
  CHECK(!memcmp(ends[0]->out.data, ends[1]->out.data, lx_tensor_bytes(&ends[0]->out)));
  lx_graph_free(graphs[0]);
  lx_graph_free(graphs[1]);
}

/* What is needed at the same time lies apart, in the order of packed graphs and as they are built. */
static void test_apart(const Kind *kind, bool ordered)
{
  LxLxmert *m = build(kind, ordered, false, true);
  int n = lx_graph_node_count(m->graph);
  LxNode **nodes = calloc((size_t)n, sizeof *nodes), **order = NULL;
  LxPlace *places = calloc((size_t)n, sizeof *places);
  int *first = calloc((size_t)n, sizeof *first), *last = calloc((size_t)n, sizeof *last);
  LxPlacesSize size;
  size_t sum = 0;
  int partners = 0;
  for (int i = 0; i < n; i++) {
    nodes[i] = lx_graph_node(m->graph, i);
    if (nodes[i]->rows != LX_ROWS_FIXED) /* as many as there is room for, as in lx_graph_prepare */
      CHECK(!lx_graph_set_rows(m->graph, nodes[i]->rows,
                               lx_graph_capacity(m->graph, nodes[i]->rows), &error));
  }
  if (ordered)
    order = lx_graph_order(nodes, n);
  LxNode *const *runs = order ? order : nodes;
  CHECK(lx_graph_find_places(nodes, runs, n, LX_INFER, true, places, &size));
  for (int at = 0; at < n; at++) {
    first[runs[at]->index] = lx_node_stays(runs[at]) ? 0 : at;
    last[runs[at]->index] = lx_node_stays(runs[at]) ? n : at;
  }
  for (int at = 0; at < n; at++) {
    const LxNode *node = runs[at];
    for (int i = 0; i < node->n_in; i++)
      if (last[node->in[i]->index] < at)
        last[node->in[i]->index] = at;
    if (node->partner && first[node->partner->index] > at)
      first[node->partner->index] = at;
    partners += node->partner != NULL;
    sum += lx_tensor_bytes(&node->out);
  }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      size_t begin = places[i].out, end = begin + lx_tensor_bytes(&nodes[i]->out);
      size_t other = places[j].out, other_end = other + lx_tensor_bytes(&nodes[j]->out);
      bool together = first[i] <= last[j] && first[j] <= last[i];
      CHECK(end <= size.arena);
      CHECK(i == j || !together || end <= other || other_end <= begin, "“%s” over “%s”",
            nodes[i]->name, nodes[j]->name);
    }
  CHECK(size.arena < sum / 2, "%zu of %zu", size.arena, sum);
  CHECK(!ordered || partners >= config.x_layers, "%d", partners);
  free(order);
  free(nodes);
  free(places);
  free(first);
  free(last);
  lx_lxmert_free(m);
}

/* The published depth takes hardly more than two layers of each kind; all that is alive at once are a few
 * outputs of one layer. */
static void test_bounded(void)
{
  size_t bytes[2], inputs = 0;
  for (int deep = 0; deep < 2; deep++) {
    start(&kinds[0]);
    config.l_layers = deep ? 9 : 2;
    config.r_layers = config.x_layers = deep ? 5 : 2;
    lx_tensors_unref(params);
    CHECK(!lx_lxmert_init_params(&config, LX_HEAD_ANSWER, 3, &params, &error));
    LxLxmert *m = build(&kinds[0], true, true, true);
    bytes[deep] = lx_graph_arena_bytes(m->graph);
    inputs = lx_tensor_bytes(&m->features->out);
    lx_lxmert_free(m);
    stop();
  }
  size_t row = sizeof(float) * EXAMPLES * (WORDS + OBJECTS), wide = 3 * 48 + 96 + 4 * 48;
  printf("two layers of each kind: %zu bytes, published depth: %zu\n", bytes[0], bytes[1]);
  CHECK(bytes[1] <= bytes[0] * 21 / 20, "%zu, %zu", bytes[0], bytes[1]);
  CHECK(bytes[1] < inputs + row * wide + 60000, "%zu", bytes[1]); /* 60000: threads' buffers */
}

int main(void)
{
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    start(&kinds[i]);
    for (int way = 0; way < 4; way++)
      test_same_results(&kinds[i], way & 1, way & 2);
    for (int leave_out = 0; leave_out < 2; leave_out++)
      test_same_gradients(&kinds[i], leave_out);
    if (!*kinds[i].baseline)
      for (int ordered = 0; ordered < 2; ordered++)
        test_apart(&kinds[i], ordered);
    if (i == 0)
      test_kept();
    stop();
  }
  test_bounded();
  return lx_test_end();
}
