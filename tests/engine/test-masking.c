/* What pre-training hides and exchanges, counted: the shares of the authors' code, labels where
 * they belong, exchanged features from all of the data. */
#include <math.h>
#include <string.h>

#include "train-fixture.h"

enum { BATCH = 16, FILLS = 150, MOST_WORDS = 12 };

/* Of all that was seen. */
typedef struct {
  int examples, unmatched;
  int words, masked, as_mask, kept;
  int objects, hidden, zeroed, same, exchanged;
  bool from[EXAMPLES]; /* images that exchanged features came from */
} Counts;

static LxLxmert *build(const LxConfig *config, LxTensors *params)
{
  const LxLxmertOptions options = {.max_examples = BATCH,
                                   .max_words = MOST_WORDS,
                                   .max_objects = OBJECTS,
                                   .heads = LX_HEAD_PRETRAIN,
                                   .losses = LX_LOSS_PRETRAIN,
                                   .max_masked = BATCH * MOST_WORDS};
  LxLxmert *model = NULL;
  CHECK(!lx_lxmert_build(config, params, &options, LX_INFER, &model, &error), "%s", error.message);
  return model;
}

/* Share of n in all, within five deviations of what it should be. */
static void check_share(const char *what, int n, int all, double share)
{
  const double sigma = sqrt(share * (1 - share) / all);
  CHECK(all > 0 && fabs((double)n / all - share) < 5 * sigma, "%s: %d of %d, not %g", what, n, all,
        share);
}

/* The sentence of example e of the batch, masked pieces put back, is `sentence`. */
static bool says(const LxLxmert *m, const LxTokenizer *tokenizer, int e, const char *sentence)
{
  int64_t piece[MOST_WORDS], n = lx_seq_length(m->words, e), first = m->words->offset[e];
  LxTokens tokens;
  memcpy(piece, lx_i64(&m->ids->out) + first, (size_t)n * sizeof *piece);
  for (int64_t i = 0; i < m->mlm_rows->out.dim[0]; i++) {
    const int64_t at = lx_i64(&m->mlm_rows->out)[i] - first;
    if (at >= 0 && at < n)
      piece[at] = lx_i64(&m->mlm_labels->out)[i];
  }
  CHECK(!lx_tokenizer_encode(tokenizer, sentence, -1, MOST_WORDS, &tokens, &error));
  const bool same = tokens.count == n && !memcmp(tokens.ids, piece, (size_t)n * sizeof *piece);
  lx_tokens_clear(&tokens);
  return same;
}

static void count_words(const LxLxmert *m, const LxTokenizer *tokenizer, Counts *c)
{
  const int64_t *shown = lx_i64(&m->ids->out), mask = lx_tokenizer_mask(tokenizer);
  for (int e = 0; e < BATCH; e++)
    c->words += (int)lx_seq_length(m->words, e) - 2;
  for (int64_t i = 0; i < m->mlm_rows->out.dim[0]; i++) {
    const int64_t row = lx_i64(&m->mlm_rows->out)[i], label = lx_i64(&m->mlm_labels->out)[i];
    for (int e = 0; e < BATCH; e++) /* [CLS] and [SEP] are left alone */
      CHECK(row != m->words->offset[e] && row != m->words->offset[e + 1] - 1);
    c->masked++;
    c->as_mask += shown[row] == mask;
    c->kept += shown[row] == label;
  }
}

/* The image one of whose objects has exactly these features, -1. */
static int image_of(const float *features)
{
  for (int i = 0; i < EXAMPLES; i++)
    for (int64_t o = 0; o < images[i]->count; o++)
      if (!memcmp(images[i]->features + o * FEATURES, features, FEATURES * sizeof(float)))
        return i;
  return -1;
}

static void count_objects(const LxLxmert *m, int e, const LxRegions *image, Counts *c)
{
  static const float none[FEATURES];
  for (int64_t o = 0; o < image->count; o++) {
    const int64_t row = m->objects->offset[e] + o;
    const float *own = image->features + o * FEATURES;
    const float *shown = lx_f32(&m->features->out) + row * FEATURES;
    const bool hidden = lx_f32(&m->feat_conf->out)[row] > 0;
    const size_t size = FEATURES * sizeof(float);
    CHECK(!memcmp(lx_f32(&m->feat_labels->out) + row * FEATURES, own, size));
    CHECK(lx_i64(&m->obj_labels->out)[row] == image->object_ids[o]);
    CHECK(lx_f32(&m->obj_conf->out)[row] == image->object_conf[o]);
    CHECK(hidden || !memcmp(shown, own, size));
    c->objects++;
    c->hidden += hidden;
    if (!hidden)
      continue;
    const bool same = !memcmp(shown, own, size), zero = !memcmp(shown, none, size);
    const int other = same || zero ? -1 : image_of(shown);
    c->zeroed += zero;
    c->same += same;
    c->exchanged += other >= 0;
    CHECK(same || zero || other >= 0, "features of no object of the data");
    if (other >= 0)
      c->from[other] = true;
  }
}

static void count_batch(const LxLxmert *m, const LxTokenizer *tokenizer, const int64_t *index,
                        Counts *c)
{
  count_words(m, tokenizer, c);
  for (int e = 0; e < BATCH; e++) {
    const int64_t i = index[e];
    const bool matched = lx_i64(&m->match_labels->out)[e] == 1;
    bool said = false;
    for (int64_t j = 0; j < EXAMPLES; j++) /* another one's sentence when it is unmatched */
      said = said || (matched == (j == i) && says(m, tokenizer, e, sentences[j]));
    CHECK(said, "example %lld, %s", (long long)i, matched ? "matched" : "unmatched");
    CHECK(lx_i64(&m->answer_labels->out)[e] == (matched ? targets[i].label : -1));
    c->examples++;
    c->unmatched += !matched;
    count_objects(m, e, images[i], c);
  }
}

static void test_shares(const LxTokenizer *tokenizer)
{
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTensors *params = NULL;
  CHECK(!lx_lxmert_init_params(&config, LX_HEAD_PRETRAIN, 1, &params, &error));
  LxLxmert *m = build(&config, params);
  const LxBatcher batcher = {m, tokenizer, &source, LX_TASK_PRETRAIN, MOST_WORDS, OBJECTS, 11};
  Counts c = {0};
  LxRng random = {5, 1, 0};
  int sources = 0;
  for (int fill = 0; fill < FILLS; fill++) {
    int64_t index[BATCH];
    for (int e = 0; e < BATCH; e++)
      index[e] = lx_rng_below(&random, EXAMPLES);
    CHECK(!lx_batch_fill(&batcher, index, BATCH, (int64_t)fill * BATCH, &error), "%s",
          error.message);
    count_batch(m, tokenizer, index, &c);
  }
  check_share("unmatched", c.unmatched, c.examples, 0.5);
  check_share("masked words", c.masked, c.words, 0.15);
  /* a random piece is now and then [MASK] or the word itself */
  const double by_chance = 0.1 / (double)lx_tokenizer_count(tokenizer);
  check_share("[MASK]", c.as_mask, c.masked, 0.8 + by_chance);
  check_share("kept words", c.kept, c.masked, 0.1 + by_chance);
  check_share("hidden objects", c.hidden, c.objects, 0.15);
  check_share("zeros", c.zeroed, c.hidden, 0.8);
  check_share("kept objects", c.same, c.hidden, 0.1);
  check_share("exchanged objects", c.exchanged, c.hidden, 0.1);
  for (int i = 0; i < EXAMPLES; i++)
    sources += c.from[i];
  CHECK(sources > EXAMPLES / 2, "features from %d images only", sources);
  lx_lxmert_free(m);
  lx_tensors_unref(params);
  lx_config_clear(&config);
}

int main(void)
{
  LxTokenizer *tokenizer = NULL;
  CHECK(!lx_tokenizer_open(lx_test_data("train/vocab.txt"), &tokenizer, &error), "%s",
        error.message);
  if (!tokenizer)
    return lx_test_end();
  make_examples();
  test_shares(tokenizer);
  free_examples();
  lx_tokenizer_free(tokenizer);
  return lx_test_end();
}
