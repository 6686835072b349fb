#include "lx-batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-rng.h"

static const char *const names[] = {"pretrain", "vqa", "gqa", "nlvr2"};

const char *lx_task_name(LxTask task)
{
  return names[task];
}

bool lx_task_parse(const char *name, LxTask *out)
{
  for (int i = 0; i < 4; i++)
    if (strcmp(name, names[i]) == 0) {
      *out = (LxTask)i;
      return true;
    }
  return false;
}

static const char *const blind_names[] = {"", "image", "question"};

const char *lx_blind_name(LxBlind blind)
{
  return blind_names[blind];
}

bool lx_blind_parse(const char *name, LxBlind *out)
{
  for (int i = 0; i < 3; i++)
    if (strcmp(name, blind_names[i]) == 0) {
      *out = (LxBlind)i;
      return true;
    }
  return false;
}

unsigned lx_task_heads(LxTask task)
{
  return task == LX_TASK_PRETRAIN ? LX_HEAD_PRETRAIN
         : task == LX_TASK_NLVR2  ? LX_HEAD_NLVR2
                                  : LX_HEAD_ANSWER;
}

/* ---- a batch in memory ---- */

/* What goes into the graph's inputs; NULL where the graph has no such input. Rows lie without gaps. */
struct LxStage {
  int64_t examples, word_rows, object_rows, masked; /* filled */
  int64_t *words, *objects;                         /* [examples] lengths */
  int64_t *ids, *obj_labels, *attr_labels, *mlm_rows, *mlm_labels;
  int64_t *match_labels, *answer_labels, *pair_labels;
  float *features, *boxes, *obj_conf, *attr_conf, *feat_labels, *feat_conf, *answer_scores;
  void *memory; /* of all of them */
};

/* One array of the stage and the node that it fills. */
typedef struct {
  void **array;
  LxNode *node;
} Slot;

enum { SLOTS = 15 };

static void list_slots(LxStage *s, const LxLxmert *m, Slot *slots)
{
  const Slot all[SLOTS] = {
      {(void **)&s->ids, m->ids},
      {(void **)&s->features, m->features},
      {(void **)&s->boxes, m->boxes},
      {(void **)&s->obj_labels, m->obj_labels},
      {(void **)&s->obj_conf, m->obj_conf},
      {(void **)&s->attr_labels, m->attr_labels},
      {(void **)&s->attr_conf, m->attr_conf},
      {(void **)&s->feat_labels, m->feat_labels},
      {(void **)&s->feat_conf, m->feat_conf},
      {(void **)&s->mlm_rows, m->mlm_rows},
      {(void **)&s->mlm_labels, m->mlm_rows ? m->mlm_labels : NULL},
      {(void **)&s->match_labels, m->match_labels},
      {(void **)&s->answer_labels, m->answer_labels},
      {(void **)&s->answer_scores, m->answer_scores},
      {(void **)&s->pair_labels, m->pair_labels},
  };
  memcpy(slots, all, sizeof all);
}

static size_t round64(size_t n)
{
  return (n + 63) & ~(size_t)63;
}

/* Bytes of the node when its rows are as many as can be. */
static size_t node_room(const LxLxmert *m, const LxNode *node)
{
  LxTensor full = node->out;
  full.dim[0] = lx_graph_capacity(m->graph, node->rows);
  return lx_tensor_bytes(&full);
}

LxStatus lx_stage_new(const LxBatcher *batcher, LxStage **out, LxError *error)
{
  const LxLxmert *m = batcher->model;
  LxStage *self = calloc(1, sizeof *self);
  Slot slots[SLOTS];
  size_t lengths = round64((size_t)m->words->max_examples * sizeof(int64_t)), bytes = 2 * lengths;
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a batch.");
  list_slots(self, m, slots);
  for (int i = 0; i < SLOTS; i++)
    if (slots[i].node)
      bytes += round64(node_room(m, slots[i].node));
  char *at = self->memory = aligned_alloc(64, bytes);
  if (!at) {
    free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a batch (%zu MB).", bytes >> 20);
  }
  self->words = (int64_t *)at;
  self->objects = (int64_t *)(at + lengths);
  at += 2 * lengths;
  for (int i = 0; i < SLOTS; i++)
    if (slots[i].node) {
      *slots[i].array = at;
      at += round64(node_room(m, slots[i].node));
    }
  *out = self;
  return LX_OK;
}

void lx_stage_free(LxStage *self)
{
  if (!self)
    return;
  free(self->memory);
  free(self);
}

LxStatus lx_stage_load(const LxStage *self, const LxBatcher *batcher, LxError *error)
{
  LxLxmert *m = batcher->model;
  Slot slots[SLOTS];
  LxStatus status = lx_lxmert_set_batch(m, self->examples, self->words, self->objects, error);
  if (!status && m->mlm_rows)
    status = lx_lxmert_set_masked(m, self->masked, error);
  if (status)
    return status;
  list_slots((LxStage *)self, m, slots);
  for (int i = 0; i < SLOTS; i++)
    if (slots[i].node)
      memcpy(slots[i].node->out.data, *slots[i].array, lx_tensor_bytes(&slots[i].node->out));
  return LX_OK;
}

/* ---- filling it ---- */

typedef struct {
  const LxBatcher *b;
  LxStage *s;
  int64_t features, answers; /* sizes */
  LxRng rng;
} Fill;

static LxStatus put_words(Fill *f, const char *sentence, LxError *error)
{
  LxTokens tokens;
  LxStage *s = f->s;
  LxStatus status =
      lx_tokenizer_encode(f->b->tokenizer, sentence, -1, f->b->max_words, &tokens, error);
  if (status)
    return status;
  memcpy(s->ids + s->word_rows, tokens.ids, (size_t)tokens.count * sizeof(int64_t));
  if (f->b->blind == LX_BLIND_QUESTION)
    for (int64_t i = 1; i + 1 < tokens.count; i++)
      s->ids[s->word_rows + i] = lx_tokenizer_mask(f->b->tokenizer);
  s->words[s->examples] = tokens.count;
  lx_tokens_clear(&tokens);
  return LX_OK;
}

static void put_object_labels(LxStage *s, const LxRegions *regions, int64_t n)
{
  int64_t at = s->object_rows;
  for (int64_t i = 0; i < n && s->obj_labels; i++) {
    s->obj_labels[at + i] = regions->object_ids[i];
    s->obj_conf[at + i] = regions->object_conf[i];
  }
  for (int64_t i = 0; i < n && s->attr_labels; i++) {
    s->attr_labels[at + i] = regions->attribute_ids[i];
    s->attr_conf[at + i] = regions->attribute_conf[i];
  }
}

static LxStatus put_objects(Fill *f, const LxRegions *regions, int64_t index, LxError *error)
{
  LxStage *s = f->s;
  int64_t d = f->features;
  if (!regions || regions->count < 1 || regions->feature_size != d)
    return lx_fail(error, LX_ERR_SHAPE,
                   "Example %lld has %lld objects of %lld features; the model needs %lld features.",
                   (long long)index, (long long)(regions ? regions->count : 0),
                   (long long)(regions ? regions->feature_size : 0), (long long)d);
  int64_t n = regions->count < f->b->max_objects ? regions->count : f->b->max_objects;
  float *features = s->features + s->object_rows * d, *boxes = s->boxes + s->object_rows * 4;
  if (f->b->blind == LX_BLIND_IMAGE) {
    memset(features, 0, (size_t)(n * d) * sizeof *features);
    memset(boxes, 0, (size_t)n * 4 * sizeof *boxes);
  } else {
    memcpy(features, regions->features, (size_t)(n * d) * sizeof *features);
    for (int64_t i = 0; i < n * 4; i++)
      boxes[i] = regions->boxes[i] / (float)(i & 1 ? regions->height : regions->width);
  }
  put_object_labels(s, regions, n);
  s->objects[s->examples] = n;
  return LX_OK;
}

/* Words and objects of this graph example are done. */
static void advance(LxStage *s)
{
  s->word_rows += s->words[s->examples];
  s->object_rows += s->objects[s->examples];
  s->examples++;
}

static void put_answer(Fill *f, const LxTrainExample *example, int64_t e)
{
  LxStage *s = f->s;
  if (s->answer_scores) {
    int64_t n = f->answers;
    float *scores = s->answer_scores + e * n;
    memset(scores, 0, (size_t)n * sizeof *scores);
    for (int64_t i = 0; i < example->n_targets; i++)
      if (example->targets[i].label >= 0 && example->targets[i].label < n)
        scores[example->targets[i].label] = example->targets[i].score;
  } else if (s->answer_labels) {
    int64_t best = -1;
    for (int64_t i = 0; i < example->n_targets; i++)
      if (best < 0 || example->targets[i].score > example->targets[best].score)
        best = i;
    s->answer_labels[e] = best < 0 ? -1 : example->targets[best].label;
  }
}

static LxStatus get(const Fill *f, int64_t index, bool images, LxTrainExample *out, LxError *error)
{
  *out = (LxTrainExample){0};
  return f->b->source->get(f->b->source->user_data, index, images, out, error);
}

static LxStatus fill_question(Fill *f, int64_t index, LxError *error)
{
  LxTrainExample example;
  LxStage *s = f->s;
  LxStatus status = get(f, index, true, &example, error);
  int64_t e = s->examples;
  int images = f->b->task == LX_TASK_NLVR2 ? 2 : 1;
  for (int i = 0; i < images && !status; i++) {
    status = put_words(f, example.sentence, error);
    if (!status)
      status = put_objects(f, example.image[i], index, error);
    if (!status)
      advance(s);
  }
  if (status)
    return status;
  put_answer(f, &example, e);
  if (s->pair_labels)
    s->pair_labels[e / 2] = example.label;
  return LX_OK;
}

/* ---- pre-training ---- */

/* Each word but [CLS] and [SEP] with probability 0.15: 80% [MASK], 10% any piece, 10% kept. The
 * masked ones are the rows of the word head. Without a head for them nothing is masked. */
static void mask_words(Fill *f)
{
  LxStage *s = f->s;
  int64_t n = s->words[s->examples], *ids = s->ids + s->word_rows;
  if (!s->mlm_rows)
    return;
  for (int64_t i = 1; i + 1 < n; i++) {
    double u = lx_rng_uniform(&f->rng);
    if (u >= 0.15)
      continue;
    s->mlm_rows[s->masked] = s->word_rows + i;
    s->mlm_labels[s->masked++] = ids[i];
    if (u < 0.15 * 0.8)
      ids[i] = lx_tokenizer_mask(f->b->tokenizer);
    else if (u < 0.15 * 0.9)
      ids[i] = lx_rng_below(&f->rng, lx_tokenizer_count(f->b->tokenizer));
  }
}

/* The answer of a matched pair, one drawn in proportion to its score. */
static int64_t draw_answer(Fill *f, const LxTrainExample *example)
{
  double total = 0, u = lx_rng_uniform(&f->rng);
  for (int64_t i = 0; i < example->n_targets; i++)
    total += example->targets[i].score;
  for (int64_t i = 0; i < example->n_targets; i++) {
    u -= example->targets[i].score / total;
    if (u < 0 || i + 1 == example->n_targets)
      return example->targets[i].label;
  }
  return -1;
}

/* With probability 0.5 the sentence of another image: puts it and sets *replaced. */
static LxStatus maybe_replace(Fill *f, int64_t index, const char *image_id, bool *replaced,
                              LxError *error)
{
  LxTrainExample other;
  *replaced = false;
  if (!f->s->match_labels || lx_rng_uniform(&f->rng) >= 0.5)
    return LX_OK;
  for (int tries = 0; tries < 16; tries++) {
    int64_t j = lx_rng_below(&f->rng, f->b->source->count);
    LxStatus status = get(f, j, false, &other, error);
    if (status)
      return status;
    if (j == index || strcmp(other.image_id, image_id) == 0)
      continue;
    *replaced = true;
    return put_words(f, other.sentence, error);
  }
  return LX_OK;
}

/* The feature of a random object of a random example's image, from the whole source. */
static LxStatus put_random_feature(Fill *f, float *out, LxError *error)
{
  LxTrainExample other;
  LxStatus status = get(f, lx_rng_below(&f->rng, f->b->source->count), true, &other, error);
  if (status)
    return status;
  const LxRegions *r = other.image[0];
  if (!r || r->count < 1 || r->feature_size != f->features)
    return LX_OK; /* the example says so itself when its turn comes */
  int64_t n = r->count < f->b->max_objects ? r->count : f->b->max_objects;
  memcpy(out, r->features + lx_rng_below(&f->rng, n) * f->features,
         (size_t)f->features * sizeof *out);
  return LX_OK;
}

/* Each object with probability 0.15: 80% zeros, 10% the feature of any object of the data, 10% kept.
 * feat_labels keep the originals. */
static LxStatus mask_objects(Fill *f, LxError *error)
{
  LxStage *s = f->s;
  LxStatus status = LX_OK;
  int64_t d = f->features, begin = s->object_rows, end = begin + s->objects[s->examples];
  if (!s->feat_labels)
    return LX_OK;
  memcpy(s->feat_labels + begin * d, s->features + begin * d,
         (size_t)((end - begin) * d) * sizeof(float));
  for (int64_t r = begin; r < end && !status; r++) {
    double u = lx_rng_uniform(&f->rng);
    s->feat_conf[r] = u < 0.15;
    if (u < 0.15 * 0.8)
      memset(s->features + r * d, 0, (size_t)d * sizeof(float));
    else if (u < 0.15 * 0.9 && f->b->blind != LX_BLIND_IMAGE)
      status = put_random_feature(f, s->features + r * d, error);
  }
  return status;
}

static LxStatus fill_pretrain(Fill *f, int64_t index, LxError *error)
{
  LxStage *s = f->s;
  LxTrainExample example;
  int64_t e = s->examples;
  bool replaced = false;
  LxStatus status = get(f, index, true, &example, error);
  if (!status)
    status = put_objects(f, example.image[0], index, error);
  if (!status)
    status = put_words(f, example.sentence, error);
  if (status)
    return status;
  int64_t answer = draw_answer(f, &example);
  char image_id[256];
  strncpy(image_id, example.image_id, sizeof image_id - 1);
  image_id[sizeof image_id - 1] = 0;
  status = maybe_replace(f, index, image_id, &replaced, error);
  if (status)
    return status;
  if (s->match_labels)
    s->match_labels[e] = !replaced;
  if (s->answer_labels)
    s->answer_labels[e] = replaced ? -1 : answer;
  mask_words(f);
  return mask_objects(f, error);
}

LxStatus lx_stage_fill(LxStage *self, const LxBatcher *batcher, const int64_t *index, int64_t n,
                       int64_t serial, LxError *error)
{
  const LxLxmert *m = batcher->model;
  int64_t each = batcher->task == LX_TASK_NLVR2 ? 2 : 1;
  if (n * each > m->words->max_examples)
    return lx_fail(error, LX_ERR_ARGUMENT, "The graph has no room for a batch of %lld.",
                   (long long)n);
  Fill f = {.b = batcher,
            .s = self,
            .features = m->features->out.dim[1],
            .answers = m->answer_scores ? m->answer_scores->out.dim[1] : 0};
  LxStatus status = LX_OK;
  self->examples = self->word_rows = self->object_rows = self->masked = 0;
  for (int64_t i = 0; i < n && !status; i++) {
    f.rng = (LxRng){batcher->seed, 0x6d61736b, (uint64_t)(serial + i) << 20};
    if (batcher->task != LX_TASK_PRETRAIN) {
      status = fill_question(&f, index[i], error);
      continue;
    }
    status = fill_pretrain(&f, index[i], error);
    advance(self);
  }
  return status;
}

LxStatus lx_batch_fill(const LxBatcher *self, const int64_t *index, int64_t n, int64_t serial,
                       LxError *error)
{
  LxStage *stage = NULL;
  LxStatus status = lx_stage_new(self, &stage, error);
  if (!status)
    status = lx_stage_fill(stage, self, index, n, serial, error);
  if (!status)
    status = lx_stage_load(stage, self, error);
  lx_stage_free(stage);
  return status;
}

LxStatus lx_batch_measure(const LxBatcher *self, const int64_t *index, int64_t n, int64_t *words,
                          int64_t *objects, LxError *error)
{
  LxStatus status = LX_OK;
  for (int64_t i = 0; i < n && !status; i++) {
    LxTrainExample example = {0};
    LxTokens tokens;
    status = self->source->get(self->source->user_data, index[i], true, &example, error);
    for (int k = 0; k < 2 && !status; k++)
      if (example.image[k] && example.image[k]->count > *objects)
        *objects = example.image[k]->count;
    if (!status)
      status =
          lx_tokenizer_encode(self->tokenizer, example.sentence, -1, INT32_MAX, &tokens, error);
    if (status)
      break;
    *words = tokens.count > *words ? tokens.count : *words;
    lx_tokens_clear(&tokens);
  }
  return status;
}
