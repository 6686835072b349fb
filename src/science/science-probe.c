#include "science-probe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_QUESTION = 64, MOST_OBJECTS = 100 };

LxStatus science_probe_init(ScienceProbe *self, const LxConfig *config, LxTensors *params,
                            unsigned heads, const LxTokenizer *tokenizer, LxError *error)
{
  const int64_t longest = config->max_position_embeddings;
  *self = (ScienceProbe){.tokenizer = tokenizer,
                         .max_words = longest < LONGEST_QUESTION ? longest : LONGEST_QUESTION,
                         .max_objects = MOST_OBJECTS};
  const LxLxmertOptions options = {.max_examples = 1,
                                   .max_words = self->max_words,
                                   .max_objects = self->max_objects,
                                   .heads = heads,
                                   .packed = true};
  return lx_lxmert_build(config, params, &options, LX_EXPLAIN, &self->graph, error);
}

void science_probe_clear(ScienceProbe *self)
{
  lx_lxmert_free(self->graph);
  memset(self, 0, sizeof *self);
}

static LxStatus put_words(ScienceProbe *self, LxError *error)
{
  LxTokens tokens;
  LxStatus status = lx_tokenizer_encode(self->tokenizer, self->example.sentence, -1,
                                        self->max_words, &tokens, error);
  if (status)
    return status;
  self->words = (int)tokens.count;
  self->n_order = 0;
  for (int i = 0; i < self->words; i++) {
    lx_i64(&self->graph->ids->out)[i] = tokens.ids[i];
    self->token[i] = lx_tokenizer_piece(self->tokenizer, tokens.ids[i]);
  }
  lx_tokens_clear(&tokens);
  science_pos_tokens(self->token, self->words, self->pos, self->plural);
  for (int i = 0; i < self->words; i++)
    if (self->pos[i] != SCIENCE_POS_SPECIAL)
      self->order[self->n_order++] = i;
  return LX_OK;
}

static LxStatus put_boxes(ScienceProbe *self, bool blind, LxError *error)
{
  const LxRegions *regions = self->example.image[0];
  const int64_t size = self->graph->features->out.dim[1];
  float *features = lx_f32(&self->graph->features->out), *boxes = lx_f32(&self->graph->boxes->out);

  if (blind) {
    self->boxes = 1;
    memset(features, 0, (size_t)size * sizeof *features);
    memset(boxes, 0, 4 * sizeof *boxes);
    return LX_OK;
  }
  if (!regions || regions->count < 1 || regions->feature_size != size)
    return lx_fail(error, LX_ERR_SHAPE,
                   "Image %s has %lld objects of %lld features; the model needs %lld features.",
                   self->example.image_id, (long long)(regions ? regions->count : 0),
                   (long long)(regions ? regions->feature_size : 0), (long long)size);
  self->boxes = (int)(regions->count < self->max_objects ? regions->count : self->max_objects);
  memcpy(features, regions->features, (size_t)(self->boxes * size) * sizeof *features);
  for (int i = 0; i < 4 * self->boxes; i++)
    boxes[i] = regions->boxes[i] / (float)(i & 1 ? regions->height : regions->width);
  return LX_OK;
}

LxStatus science_probe_run(ScienceProbe *self, const LxTrainExample *example, bool blind,
                           LxError *error)
{
  self->example = *example;
  LxStatus status = put_words(self, error);
  if (!status)
    status = put_boxes(self, blind, error);
  if (!status)
    status = lx_lxmert_set_batch(self->graph, 1, (int64_t[]){self->words}, (int64_t[]){self->boxes},
                                 error);
  if (!status)
    status = lx_graph_run(self->graph->graph, NULL, NULL, error);
  return status;
}

int64_t science_probe_answer(const ScienceProbe *self, double *probability)
{
  const LxNode *node = self->graph->answer_logits;
  if (!node)
    return -1;
  const float *logits = lx_f32(&node->out);
  const int64_t n = node->out.dim[1];
  int64_t best = 0;
  double sum = 0;
  for (int64_t i = 1; i < n; i++)
    best = logits[i] > logits[best] ? i : best;
  for (int64_t i = 0; i < n; i++)
    sum += exp((double)(logits[i] - logits[best]));
  if (probability)
    *probability = 1 / sum;
  return best;
}

double science_score(const LxTrainExample *example, int64_t label)
{
  for (int64_t i = 0; i < example->n_targets; i++)
    if (example->targets[i].label == label)
      return example->targets[i].score;
  return 0;
}

const float *science_probe_map(const ScienceProbe *self, const char *name, int *heads, int *queries,
                               int *keys)
{
  char full[48];
  int64_t h, q, k;
  snprintf(full, sizeof full, "attn/%s", name);
  const LxNode *node = lx_graph_find(self->graph->graph, full);
  if (!node)
    return NULL;
  const float *map = lx_attention_map(node, 0, &h, &q, &k);
  *heads = (int)h;
  *queries = (int)q;
  *keys = (int)k;
  return map;
}
