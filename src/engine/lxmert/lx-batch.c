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

/* One filling: where the next words and boxes go. */
typedef struct {
  const LxBatcher *b;
  LxLxmert *m;
  LxRng rng;
  int64_t graph_examples;
  int64_t word_row, object_row, masked;
  int64_t *words, *objects; /* lengths of the graph's examples */
} Fill;

static LxStatus put_words(Fill *f, const char *sentence, LxError *error)
{
  LxTokens tokens;
  LxStatus status =
      lx_tokenizer_encode(f->b->tokenizer, sentence, -1, f->b->max_words, &tokens, error);
  if (status)
    return status;
  memcpy(lx_i64(&f->m->ids->out) + f->word_row, tokens.ids,
         (size_t)tokens.count * sizeof(int64_t));
  if (f->b->blind == LX_BLIND_QUESTION)
    for (int64_t i = 1; i + 1 < tokens.count; i++)
      lx_i64(&f->m->ids->out)[f->word_row + i] = lx_tokenizer_mask(f->b->tokenizer);
  f->words[f->graph_examples] = tokens.count;
  lx_tokens_clear(&tokens);
  return LX_OK;
}

static LxStatus put_objects(Fill *f, const LxRegions *regions, int64_t index, LxError *error)
{
  LxLxmert *m = f->m;
  int64_t d = m->features->out.dim[1], at = f->object_row;
  if (!regions || regions->count < 1 || regions->feature_size != d)
    return lx_fail(error, LX_ERR_SHAPE,
                   "Example %lld has %lld objects of %lld features; the model needs %lld features.",
                   (long long)index, (long long)(regions ? regions->count : 0),
                   (long long)(regions ? regions->feature_size : 0), (long long)d);
  int64_t n = regions->count < f->b->max_objects ? regions->count : f->b->max_objects;
  memcpy(lx_f32(&m->features->out) + at * d, regions->features, (size_t)(n * d) * sizeof(float));
  float *boxes = lx_f32(&m->boxes->out) + at * 4;
  for (int64_t i = 0; i < n * 4; i++)
    boxes[i] = regions->boxes[i] / (float)(i & 1 ? regions->height : regions->width);
  if (f->b->blind == LX_BLIND_IMAGE) {
    memset(lx_f32(&m->features->out) + at * d, 0, (size_t)(n * d) * sizeof(float));
    memset(boxes, 0, (size_t)n * 4 * sizeof *boxes);
  }
  for (int64_t i = 0; i < n; i++) {
    if (m->obj_labels) {
      lx_i64(&m->obj_labels->out)[at + i] = regions->object_ids[i];
      lx_f32(&m->obj_conf->out)[at + i] = regions->object_conf[i];
    }
    if (m->attr_labels) {
      lx_i64(&m->attr_labels->out)[at + i] = regions->attribute_ids[i];
      lx_f32(&m->attr_conf->out)[at + i] = regions->attribute_conf[i];
    }
  }
  f->objects[f->graph_examples] = n;
  return LX_OK;
}

/* The pair's next graph example: words and objects of this one are done. */
static void advance(Fill *f)
{
  f->word_row += f->words[f->graph_examples];
  f->object_row += f->objects[f->graph_examples];
  f->graph_examples++;
}

static void put_answer(Fill *f, const LxTrainExample *example, int64_t e)
{
  LxLxmert *m = f->m;
  if (m->answer_scores) {
    int64_t n = m->answer_scores->out.dim[1];
    float *scores = lx_f32(&m->answer_scores->out) + e * n;
    memset(scores, 0, (size_t)n * sizeof *scores);
    for (int64_t i = 0; i < example->n_targets; i++)
      if (example->targets[i].label >= 0 && example->targets[i].label < n)
        scores[example->targets[i].label] = example->targets[i].score;
  } else if (m->answer_labels) {
    int64_t best = -1;
    for (int64_t i = 0; i < example->n_targets; i++)
      if (best < 0 || example->targets[i].score > example->targets[best].score)
        best = i;
    lx_i64(&m->answer_labels->out)[e] = best < 0 ? -1 : example->targets[best].label;
  }
}

static LxStatus fill_question(Fill *f, int64_t index, LxError *error)
{
  LxTrainExample example = {0};
  LxStatus status = f->b->source->get(f->b->source->user_data, index, true, &example, error);
  int64_t e = f->graph_examples;
  int images = f->b->task == LX_TASK_NLVR2 ? 2 : 1;
  for (int i = 0; i < images && !status; i++) {
    status = put_words(f, example.sentence, error);
    if (!status)
      status = put_objects(f, example.image[i], index, error);
    if (!status)
      advance(f);
  }
  if (status)
    return status;
  put_answer(f, &example, e);
  if (f->m->pair_labels)
    lx_i64(&f->m->pair_labels->out)[e / 2] = example.label;
  return LX_OK;
}

/* ---- pre-training ---- */

/* Each word but [CLS] and [SEP] with probability 0.15: 80% [MASK], 10% any piece, 10% kept. The
 * masked ones are the rows of the word head. Without a head for them nothing is masked. */
static void mask_words(Fill *f)
{
  LxLxmert *m = f->m;
  int64_t n = f->words[f->graph_examples], *ids = lx_i64(&m->ids->out) + f->word_row;
  if (!m->mlm_rows)
    return;
  for (int64_t i = 1; i + 1 < n; i++) {
    double u = lx_rng_uniform(&f->rng);
    if (u >= 0.15)
      continue;
    lx_i64(&m->mlm_rows->out)[f->masked] = f->word_row + i;
    lx_i64(&m->mlm_labels->out)[f->masked++] = ids[i];
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
  LxTrainExample other = {0};
  *replaced = false;
  if (!f->m->match_labels || lx_rng_uniform(&f->rng) >= 0.5)
    return LX_OK;
  for (int tries = 0; tries < 16; tries++) {
    int64_t j = lx_rng_below(&f->rng, f->b->source->count);
    LxStatus status = f->b->source->get(f->b->source->user_data, j, false, &other, error);
    if (status)
      return status;
    if (j == index || strcmp(other.image_id, image_id) == 0)
      continue;
    *replaced = true;
    return put_words(f, other.sentence, error);
  }
  return LX_OK;
}

static LxStatus fill_pretrain(Fill *f, int64_t index, LxError *error)
{
  LxLxmert *m = f->m;
  LxTrainExample example = {0};
  int64_t e = f->graph_examples;
  bool replaced = false;
  LxStatus status = f->b->source->get(f->b->source->user_data, index, true, &example, error);
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
  if (m->match_labels)
    lx_i64(&m->match_labels->out)[e] = !replaced;
  if (m->answer_labels)
    lx_i64(&m->answer_labels->out)[e] = replaced ? -1 : answer;
  mask_words(f);
  advance(f);
  return LX_OK;
}

/* Each object with probability 0.15: 80% zeros, 10% the feature of any object of this batch (whose
 * images are a random draw), 10% kept. feat_labels keep the originals. */
static void mask_objects(Fill *f)
{
  LxLxmert *m = f->m;
  if (!m->feat_labels)
    return;
  int64_t rows = f->object_row, d = m->features->out.dim[1];
  float *features = lx_f32(&m->features->out), *labels = lx_f32(&m->feat_labels->out);
  memcpy(labels, features, (size_t)(rows * d) * sizeof *labels);
  for (int64_t r = 0; r < rows; r++) {
    double u = lx_rng_uniform(&f->rng);
    lx_f32(&m->feat_conf->out)[r] = u < 0.15;
    if (u < 0.15 * 0.8)
      memset(features + r * d, 0, (size_t)d * sizeof *features);
    else if (u < 0.15 * 0.9)
      memcpy(features + r * d, labels + lx_rng_below(&f->rng, rows) * d,
             (size_t)d * sizeof *features);
  }
}

LxStatus lx_batch_fill(const LxBatcher *self, const int64_t *index, int64_t n, int64_t serial,
                       LxError *error)
{
  int64_t each = self->task == LX_TASK_NLVR2 ? 2 : 1;
  int64_t *lengths = malloc((size_t)(n * each + 1) * 2 * sizeof *lengths);
  if (!lengths)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a batch of %lld.", (long long)n);
  if (n * each > self->model->words->max_examples) {
    free(lengths);
    return lx_fail(error, LX_ERR_ARGUMENT, "The graph has no room for a batch of %lld.",
                   (long long)n);
  }
  Fill f = {.b = self, .m = self->model, .words = lengths, .objects = lengths + n * each + 1};
  LxStatus status = LX_OK;
  for (int64_t i = 0; i < n && !status; i++) {
    f.rng = (LxRng){self->seed, 0x6d61736b, (uint64_t)(serial + i) << 20};
    status = self->task == LX_TASK_PRETRAIN ? fill_pretrain(&f, index[i], error)
                                            : fill_question(&f, index[i], error);
  }
  if (!status && self->task == LX_TASK_PRETRAIN) {
    f.rng = (LxRng){self->seed, 0x66656174, (uint64_t)serial << 20};
    mask_objects(&f);
  }
  if (!status)
    status = lx_lxmert_set_batch(self->model, f.graph_examples, f.words, f.objects, error);
  if (!status && self->model->mlm_rows)
    status = lx_lxmert_set_masked(self->model, f.masked, error);
  free(lengths);
  return status;
}
