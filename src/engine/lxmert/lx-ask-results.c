/* Reading the results of a run. */
#include <stdio.h>
#include <string.h>

#include "lx-ask-private.h"

int64_t lx_ask_token_count(const LxAsk *self)
{
  return self->tokens.count;
}

const char *lx_ask_token(const LxAsk *self, int64_t i, size_t *begin, size_t *end)
{
  if (begin)
    *begin = self->tokens.begin[i];
  if (end)
    *end = self->tokens.end[i];
  return lx_tokenizer_piece(lx_model_tokenizer(self->model), self->tokens.ids[i]);
}

int64_t lx_ask_box_count(const LxAsk *self, int image)
{
  return image < self->images ? lx_seq_length(self->m->objects, image) : 0;
}

int64_t lx_ask_answer_count(const LxAsk *self)
{
  return self->images && self->m->answer_logits ? self->m->answer_logits->out.dim[1] : 0;
}

const float *lx_ask_logits(const LxAsk *self)
{
  return lx_ask_answer_count(self) ? lx_f32(&self->m->answer_logits->out) : NULL;
}

const float *lx_ask_probabilities(const LxAsk *self)
{
  return lx_ask_answer_count(self) ? self->probabilities : NULL;
}

const char *lx_ask_answer_text(const LxAsk *self, int64_t answer)
{
  if (lx_model_heads(self->model) & LX_HEAD_NLVR2)
    return answer == 0 ? "false" : answer == 1 ? "true" : NULL;
  const LxAnswers *answers = lx_model_answers(self->model);
  return answers ? lx_answers_text(answers, answer) : NULL;
}

int64_t lx_ask_top(const LxAsk *self, int64_t k, int64_t *answers)
{
  int64_t n = lx_ask_answer_count(self), found = 0;
  const float *logits = lx_ask_logits(self);
  for (int64_t i = 0; i < n; i++) {
    int64_t at = found;
    while (at > 0 && logits[i] > logits[answers[at - 1]])
      at--;
    if (at >= k)
      continue;
    int64_t last = found < k ? found++ : k - 1;
    memmove(answers + at + 1, answers + at, (size_t)(last - at) * sizeof *answers);
    answers[at] = i;
  }
  return found;
}

int lx_ask_map_count(const LxAsk *self)
{
  return self->n_maps;
}

const char *lx_ask_map_name(const LxAsk *self, int index)
{
  return self->maps[index]->name + strlen("attn/");
}

int lx_ask_find_map(const LxAsk *self, const char *name)
{
  for (int i = 0; i < self->n_maps; i++)
    if (strcmp(lx_ask_map_name(self, i), name) == 0)
      return i;
  return -1;
}

const float *lx_ask_map(const LxAsk *self, int index, int image, int64_t *heads, int64_t *q,
                        int64_t *k)
{
  return lx_attention_map(self->maps[index], image, heads, q, k);
}

static void copy_rows(const float *from, int64_t stride, int64_t rows, int64_t size, float *out)
{
  for (int64_t r = 0; r < rows && out; r++)
    memcpy(out + r * size, from + r * stride, (size_t)size * sizeof *out);
}

void lx_ask_queries(const LxAsk *self, int map, int head, int image, int64_t *rows, int64_t *size,
                    float *out)
{
  int64_t heads, keys, stride;
  lx_attention_map(self->maps[map], image, &heads, rows, &keys);
  const float *first = lx_attention_query(self->maps[map], image, head, &stride, size);
  copy_rows(first, stride, *rows, *size, out);
}

void lx_ask_keys(const LxAsk *self, int map, int head, int image, int64_t *rows, int64_t *size,
                 float *out)
{
  int64_t heads, queries, stride;
  lx_attention_map(self->maps[map], image, &heads, &queries, rows);
  const float *first = lx_attention_key(self->maps[map], image, head, &stride, size);
  copy_rows(first, stride, *rows, *size, out);
}

const float *lx_ask_hidden(const LxAsk *self, const char *name, int image, int64_t *rows,
                           int64_t *columns)
{
  char full[64];
  snprintf(full, sizeof full, "hidden/%s", name);
  const LxNode *node = self->images ? lx_graph_find(self->m->graph, full) : NULL;
  if (!node || image >= self->images)
    return NULL;
  const LxSeq *seq = node->rows == self->m->words->rows ? self->m->words : self->m->objects;
  *rows = lx_seq_length(seq, image);
  *columns = node->out.dim[1];
  return lx_f32(&node->out) + seq->offset[image] * *columns;
}

double lx_ask_milliseconds(const LxAsk *self)
{
  return self->milliseconds;
}
