/* Asking: properties that hold for any weights, edits, and what is refused. */
#include "lx-lxmert.h"
#include "lx-model.h"
#include "lx-ask.h"
#include "lx-relevancy.h"
#include "lx-rng.h"
#include "lx-test.h"

#include <math.h>
#include <unistd.h>

enum { FEATURES = 10, BOXES = 7 };

/* A model's first run multiplies by the weights as they lie, later ones by packed weights: the same
 * numbers to rounding. */
#define ROUNDING 3e-6

static LxError error;
static LxRng rng = {77, 5, 0};
static const char question[] = "what colour is it ?";

static LxConfig small_config(void)
{
  LxConfig c;
  lx_config_init(&c);
  c.vocab_size = 16;
  c.hidden_size = 32;
  c.num_attention_heads = 4;
  c.intermediate_size = 48;
  c.l_layers = 2;
  c.r_layers = c.x_layers = 2;
  c.max_position_embeddings = 16;
  c.visual_feat_dim = FEATURES;
  c.num_qa_labels = 9;
  c.initializer_range = 0.2; /* large, so that every input matters */
  return c;
}

static LxModel *make_model(unsigned heads)
{
  LxConfig c = small_config();
  LxTensors *params = NULL;
  LxModel *model = NULL;
  CHECK(!lx_lxmert_init_params(&c, heads, 3, &params, &error), "%s", error.message);
  CHECK(!lx_model_new(&c, params, lx_test_data("train/vocab.txt"), NULL, &model, &error), "%s",
        error.message);
  lx_tensors_unref(params);
  lx_config_clear(&c);
  if (!model)
    exit(1);
  return model;
}

static LxRegions *make_regions(int64_t n)
{
  LxRegions *r = NULL;
  CHECK(!lx_regions_new(n, FEATURES, &r, &error));
  r->width = 640;
  r->height = 480;
  for (int64_t i = 0; i < n * FEATURES; i++)
    r->features[i] = (float)lx_rng_normal(&rng);
  for (int64_t i = 0; i < n * 4; i++)
    r->boxes[i] = (float)(lx_rng_uniform(&rng) * 400);
  return r;
}

static LxAsk *ask_new(LxModel *model)
{
  LxAsk *ask = NULL;
  CHECK(!lx_ask_new(model, 0, 0, &ask, &error), "%s", error.message);
  if (!ask)
    exit(1);
  return ask;
}

static double apart(const float *a, const float *b, int64_t n)
{
  double worst = 0;
  for (int64_t i = 0; i < n; i++)
    worst = fmax(worst, fabs((double)a[i] - b[i]));
  return worst;
}

static float *copy(const float *x, int64_t n)
{
  float *y = malloc((size_t)n * sizeof *y);
  memcpy(y, x, (size_t)n * sizeof *y);
  return y;
}

/* Another order of the boxes: the same answers, the map's columns in the other order. */
static void test_permutation(LxModel *model)
{
  static const int order[BOXES] = {3, 0, 6, 1, 5, 2, 4};
  LxRegions *plain = make_regions(BOXES), *mixed = make_regions(BOXES);
  for (int i = 0; i < BOXES; i++) {
    memcpy(mixed->features + i * FEATURES, plain->features + order[i] * FEATURES,
           FEATURES * sizeof(float));
    memcpy(mixed->boxes + i * 4, plain->boxes + order[i] * 4, 4 * sizeof(float));
  }
  LxAsk *a = ask_new(model), *b = ask_new(model);
  CHECK(!lx_ask_run(a, question, plain, &error), "%s", error.message);
  CHECK(!lx_ask_run(b, question, mixed, &error), "%s", error.message);
  CHECK(apart(lx_ask_logits(a), lx_ask_logits(b), 9) < 1e-5);
  int64_t heads, q, k;
  int map = lx_ask_find_map(a, "x.1.lang_to_vis");
  const float *x = lx_ask_map(a, map, 0, &heads, &q, &k),
              *y = lx_ask_map(b, map, 0, &heads, &q, &k);
  CHECK(heads == 4 && q == 7 && k == BOXES);
  for (int64_t i = 0; i < heads * q; i++)
    for (int j = 0; j < BOXES; j++)
      CHECK(fabsf(x[i * k + order[j]] - y[i * k + j]) < 1e-5f);
  lx_ask_free(a);
  lx_ask_free(b);
  lx_regions_free(plain);
  lx_regions_free(mixed);
}

/* A removed box is as good as one that was never there. */
static void test_removed_box(LxModel *model)
{
  LxRegions *all = make_regions(BOXES), *fewer = make_regions(BOXES - 1);
  memcpy(fewer->features, all->features, (BOXES - 1) * FEATURES * sizeof(float));
  memcpy(fewer->boxes, all->boxes, (BOXES - 1) * 4 * sizeof(float));
  LxAsk *a = ask_new(model), *b = ask_new(model);
  CHECK(!lx_ask_run(a, question, all, &error) && !lx_ask_run(b, question, fewer, &error));
  float *before = copy(lx_ask_logits(a), 9);
  CHECK(!lx_ask_set_box_removed(a, BOXES - 1, true, &error), "%s", error.message);
  CHECK(!lx_ask_update(a, &error), "%s", error.message);
  CHECK(apart(lx_ask_logits(a), lx_ask_logits(b), 9) < 1e-5);
  CHECK(apart(lx_ask_logits(a), before, 9) > 1e-3);
  CHECK(!lx_ask_set_box_removed(a, BOXES - 1, false, &error) && !lx_ask_update(a, &error));
  CHECK(apart(lx_ask_logits(a), before, 9) < ROUNDING);
  for (int i = 0; i + 1 < BOXES; i++)
    CHECK(!lx_ask_set_box_removed(a, i, true, &error));
  CHECK(lx_ask_set_box_removed(a, BOXES - 1, true, &error) == LX_ERR_ARGUMENT);
  CHECK(lx_ask_set_box_removed(a, BOXES, true, &error) == LX_ERR_ARGUMENT);
  free(before);
  lx_ask_free(a);
  lx_ask_free(b);
  lx_regions_free(all);
  lx_regions_free(fewer);
}

/* Gates: 1 changes nothing, 0 does, an update equals a whole run, undone is as before. */
static void test_gates(LxModel *model)
{
  LxRegions *regions = make_regions(BOXES);
  LxAsk *a = ask_new(model), *b = ask_new(model);
  CHECK(!lx_ask_run(a, question, regions, &error));
  CHECK(lx_ask_map_count(a) == 2 + 2 + 4 * 2);
  float *before = copy(lx_ask_logits(a), 9);
  for (int i = 0; i < lx_ask_map_count(a); i++) {
    const char *name = lx_ask_map_name(a, i);
    bool unread = strcmp(name, "x.1.vis_to_lang") == 0 || strcmp(name, "x.1.vis_self") == 0;
    CHECK(!lx_ask_set_gate(a, name, 2, (LxGate){LX_GATE_SCALE, 1}, &error));
    CHECK(!lx_ask_update(a, &error) && apart(lx_ask_logits(a), before, 9) < ROUNDING);
    for (int kind = 0; kind < 2; kind++) {
      LxGate gate = kind ? (LxGate){LX_GATE_UNIFORM, 1} : (LxGate){LX_GATE_SCALE, 0};
      CHECK(!lx_ask_set_gate(a, name, kind ? -1 : 2, gate, &error) && !lx_ask_update(a, &error));
      CHECK(!lx_ask_set_gate(b, name, kind ? -1 : 2, gate, &error), "%s", error.message);
      CHECK(!lx_ask_run(b, question, regions, &error));
      CHECK(apart(lx_ask_logits(a), lx_ask_logits(b), 9) < ROUNDING, "%s", name);
      CHECK((apart(lx_ask_logits(a), before, 9) > 1e-5) != unread, "%s", name);
      if (kind) {
        int64_t heads, q, k;
        const float *map = lx_ask_map(a, i, 0, &heads, &q, &k);
        for (int64_t j = 0; j < heads * q * k; j++)
          CHECK(fabsf(map[j] - 1.0f / (float)k) < 1e-6f);
      }
    }
    lx_ask_reset_gates(a);
    lx_ask_reset_gates(b);
    CHECK(!lx_ask_update(a, &error) && apart(lx_ask_logits(a), before, 9) < ROUNDING);
  }
  CHECK(lx_ask_set_gate(a, "x.9.lang_self", 0, (LxGate){0}, &error) == LX_ERR_ARGUMENT);
  CHECK(lx_ask_set_gate(a, "lang.0", 4, (LxGate){0}, &error) == LX_ERR_ARGUMENT);
  free(before);
  lx_ask_free(a);
  lx_ask_free(b);
  lx_regions_free(regions);
}

static void test_words(LxModel *model)
{
  LxRegions *regions = make_regions(BOXES), *more = make_regions(BOXES * 3);
  LxAsk *a = ask_new(model), *b = ask_new(model);
  CHECK(!lx_ask_run(a, question, regions, &error));
  CHECK(lx_ask_token_count(a) == 7);
  size_t begin, end;
  CHECK(strcmp(lx_ask_token(a, 2, &begin, &end), "colour") == 0 && begin == 5 && end == 11);
  CHECK(!lx_ask_set_word_masked(a, 2, true, &error) && !lx_ask_update(a, &error));
  CHECK(!lx_ask_run(b, "what [MASK] is it ?", regions, &error));
  CHECK(apart(lx_ask_logits(a), lx_ask_logits(b), 9) < ROUNDING);
  CHECK(!lx_ask_run(a, question, regions, &error));
  CHECK(apart(lx_ask_logits(a), lx_ask_logits(b), 9) > 1e-4);
  /* room grows by itself, and gates come along */
  CHECK(!lx_ask_set_gate(a, "vis.0", 1, (LxGate){LX_GATE_SCALE, 0}, &error));
  CHECK(!lx_ask_run(a, "how many red cat dog is it what colour ?", more, &error), "%s",
        error.message);
  CHECK(!lx_ask_set_gate(b, "vis.0", 1, (LxGate){LX_GATE_SCALE, 0}, &error));
  CHECK(!lx_ask_run(b, "how many red cat dog is it what colour ?", more, &error));
  CHECK(apart(lx_ask_logits(a), lx_ask_logits(b), 9) < ROUNDING);

  int64_t top[4], rows, columns;
  CHECK(lx_ask_top(a, 4, top) == 4);
  double sum = 0;
  for (int i = 0; i < 9; i++) {
    sum += lx_ask_probabilities(a)[i];
    CHECK(lx_ask_logits(a)[i] <= lx_ask_logits(a)[top[0]]);
  }
  CHECK(fabs(sum - 1) < 1e-6 && lx_ask_logits(a)[top[1]] >= lx_ask_logits(a)[top[2]]);
  const float *hidden = lx_ask_hidden(a, "x.1.vis", 0, &rows, &columns);
  CHECK(hidden && rows == BOXES * 3 && columns == 32 &&
        !lx_ask_hidden(a, "x.2.vis", 0, &rows, &columns));

  /* a map is the softmax of its queries and keys */
  int map = lx_ask_find_map(a, "lang.1");
  int64_t n, size, heads, q, k;
  float queries[16 * 8], keys[16 * 8];
  lx_ask_queries(a, map, 3, 0, &n, &size, queries);
  lx_ask_keys(a, map, 3, 0, &n, &size, keys);
  CHECK(n == 12 && size == 8);
  double scores[16], total = 0;
  for (int j = 0; j < 12; j++) {
    double dot = 0;
    for (int d = 0; d < 8; d++)
      dot += (double)queries[4 * 8 + d] * keys[j * 8 + d];
    total += scores[j] = exp(dot / sqrt(8));
  }
  const float *values = lx_ask_map(a, map, 0, &heads, &q, &k) + 3 * q * k + 4 * k;
  for (int j = 0; j < 12; j++)
    CHECK(fabs(values[j] - scores[j] / total) < 1e-5);
  lx_ask_free(a);
  lx_ask_free(b);
  lx_regions_free(regions);
  lx_regions_free(more);
}

static void test_refusals(LxModel *model)
{
  LxRegions *regions = make_regions(BOXES), *none = NULL, *other = NULL;
  LxAsk *a = ask_new(model);
  char *long_question = malloc(10001);
  for (int i = 0; i < 10000; i++)
    long_question[i] = "cat "[i % 4];
  long_question[10000] = 0;
  CHECK(!lx_regions_new(0, FEATURES, &none, &error) &&
        !lx_regions_new(3, FEATURES + 1, &other, &error));
  CHECK(lx_ask_update(a, &error) == LX_ERR_ARGUMENT);
  CHECK(lx_ask_run(a, "", regions, &error) == LX_ERR_ARGUMENT && strstr(error.message, "empty"));
  CHECK(lx_ask_run(a, " \n ", regions, &error) == LX_ERR_ARGUMENT);
  CHECK(lx_ask_run(a, long_question, regions, &error) == LX_ERR_ARGUMENT);
  CHECK(strstr(error.message, "too long"), "%s", error.message);
  CHECK(lx_ask_run(a, question, none, &error) == LX_ERR_ARGUMENT);
  CHECK(lx_ask_run(a, question, other, &error) == LX_ERR_SHAPE);
  CHECK(lx_ask_run_pair(a, question, regions, regions, &error) == LX_ERR_ARGUMENT);
  regions->features[5] = NAN;
  CHECK(lx_ask_run(a, question, regions, &error) == LX_ERR_NUMERIC);
  regions->features[5] = 0;
  CHECK(!lx_ask_run(a, question, regions, &error), "%s", error.message);
  LxRelevancy *r = NULL;
  CHECK(!lx_relevancy_of_ask(a, LX_METHOD_RELEVANCY, -1, 0, &r, &error), "%s", error.message);
  CHECK(r && r->words == 7 && r->boxes == BOXES);
  lx_relevancy_free(r);
  free(long_question);
  lx_ask_free(a);
  lx_regions_free(regions);
  lx_regions_free(none);
  lx_regions_free(other);
}

static void test_pairs(void)
{
  LxModel *model = make_model(LX_HEAD_NLVR2);
  LxRegions *left = make_regions(4), *right = make_regions(6);
  LxAsk *a = ask_new(model);
  CHECK(!lx_ask_run_pair(a, question, left, right, &error), "%s", error.message);
  CHECK(lx_ask_answer_count(a) == 2 && strcmp(lx_ask_answer_text(a, 1), "true") == 0);
  CHECK(lx_ask_box_count(a, 0) == 4 && lx_ask_box_count(a, 1) == 6);
  float first = lx_ask_logits(a)[0];
  CHECK(!lx_ask_run_pair(a, question, right, left, &error));
  CHECK(lx_ask_logits(a)[0] != first);
  first = lx_ask_logits(a)[0];
  CHECK(!lx_ask_set_box_removed(a, 6 + 3, true, &error), "%s",
        error.message); /* the second's fourth */
  CHECK(!lx_ask_update(a, &error) && lx_ask_logits(a)[0] != first);
  CHECK(lx_ask_set_box_removed(a, 6 + 4, true, &error) == LX_ERR_ARGUMENT);
  for (int i = 0; i < 3; i++)
    CHECK(!lx_ask_set_box_removed(a, 6 + i, i < 2, &error));
  CHECK(lx_ask_set_box_removed(a, 6 + 2, true, &error) == LX_ERR_ARGUMENT); /* its last */
  CHECK(!lx_ask_set_box_removed(a, 0, true, &error));                       /* the other has more */
  for (int i = 0; i < 10; i++)
    CHECK(!lx_ask_set_box_removed(a, i, false, &error));
  CHECK(!lx_ask_update(a, &error) && fabsf(lx_ask_logits(a)[0] - first) < 1e-6f);
  LxRelevancy *r = NULL;
  CHECK(!lx_relevancy_of_ask(a, LX_METHOD_RELEVANCY, 1, 1, &r, &error), "%s", error.message);
  CHECK(r && r->boxes == 4);
  lx_relevancy_free(r);
  CHECK(lx_ask_run(a, question, left, &error) == LX_ERR_ARGUMENT);
  lx_ask_free(a);
  lx_model_unref(model);
  lx_regions_free(left);
  lx_regions_free(right);
}

/* A model written as BF16 and opened again answers nearly alike; damaged ones are refused. */
static void test_folder(LxModel *model)
{
  char folder[] = "/tmp/lx-model-XXXXXX", path[64];
  const char *vocab = lx_test_data("train/vocab.txt");
  LxModel *again = NULL;
  LxRegions *regions = make_regions(BOXES);
  CHECK(mkdtemp(folder) != NULL);
  CHECK(lx_model_open("/nowhere/at/all", &again, &error) != LX_OK);
  CHECK(strstr(error.message, "/nowhere/at/all"), "%s", error.message);
  CHECK(lx_model_open(folder, &again, &error) != LX_OK);
  CHECK(!lx_model_write(folder, lx_model_config(model), lx_model_params(model), LX_BF16, vocab,
                        NULL, &error),
        "%s", error.message);
  CHECK(!lx_model_open(folder, &again, &error), "%s", error.message);
  LxAsk *a = ask_new(model), *b = ask_new(again);
  CHECK(!lx_ask_run(a, question, regions, &error) && !lx_ask_run(b, question, regions, &error));
  double d = apart(lx_ask_probabilities(a), lx_ask_probabilities(b), 9);
  CHECK(d > 0 && d < 0.05, "%g", d);
  lx_ask_free(a);
  lx_ask_free(b);
  lx_model_unref(again);

  LxTensor *t = lx_tensors_find(lx_model_params(model), "lxmert.pooler.dense.weight");
  float kept = lx_f32(t)[7];
  lx_f32(t)[7] = NAN;
  CHECK(!lx_model_write(folder, lx_model_config(model), lx_model_params(model), LX_F32, vocab, NULL,
                        &error));
  lx_f32(t)[7] = kept;
  CHECK(lx_model_open(folder, &again, &error) == LX_ERR_NUMERIC);
  CHECK(strstr(error.message, "lxmert.pooler.dense.weight"), "%s", error.message);
  snprintf(path, sizeof path, "%s/model.safetensors", folder);
  CHECK(truncate(path, 20000) == 0);
  CHECK(lx_model_open(folder, &again, &error) == LX_ERR_FORMAT, "%s", error.message);
  snprintf(path, sizeof path, "rm -r %s", folder);
  CHECK(system(path) == 0);
  lx_regions_free(regions);
}

int main(void)
{
  LxModel *model = make_model(LX_HEAD_ANSWER);
  test_permutation(model);
  test_removed_box(model);
  test_gates(model);
  test_words(model);
  test_refusals(model);
  test_folder(model);
  lx_model_unref(model);
  test_pairs();
  return lx_test_end();
}
