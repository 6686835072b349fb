#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lx-ask-private.h"

LxStatus lx_ask_new(LxModel *model, int64_t max_words, int64_t max_objects, LxAsk **out,
                    LxError *error)
{
  LxAsk *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to ask.");
  self->model = lx_model_ref(model);
  int64_t most = lx_model_config(model)->max_position_embeddings;
  self->max_words = max_words > most ? most : max_words;
  self->max_objects = max_objects;
  *out = self;
  return LX_OK;
}

void lx_ask_free(LxAsk *self)
{
  if (!self)
    return;
  lx_lxmert_free(self->m);
  lx_model_unref(self->model);
  lx_tokens_clear(&self->tokens);
  free(self->maps);
  free(self->changed);
  free(self->probabilities);
  free(self);
}

static bool for_pairs(const LxAsk *self)
{
  return lx_model_heads(self->model) & LX_HEAD_NLVR2;
}

static LxStatus build(const LxAsk *self, LxMode mode, LxLxmert **out, LxError *error)
{
  LxLxmertOptions options = {.max_examples = for_pairs(self) ? 2 : 1,
                             .max_words = self->max_words,
                             .max_objects = self->max_objects,
                             .packed = true,
                             .heads = lx_model_heads(self->model) &
                                      (LX_HEAD_ANSWER | LX_HEAD_NLVR2 | LX_HEAD_MATCH)};
  return lx_lxmert_build(lx_model_config(self->model), lx_model_params(self->model), &options, mode,
                         out, error);
}

static int list_maps(const LxLxmert *m, LxNode **maps)
{
  int n = 0;
  for (int i = 0; i < lx_graph_node_count(m->graph); i++)
    if (lx_is_attention(lx_graph_node(m->graph, i))) {
      if (maps)
        maps[n] = lx_graph_node(m->graph, i);
      n++;
    }
  return n;
}

static void copy_gates(LxNode *const *from, LxNode *const *to, int n)
{
  for (int i = 0; i < n; i++)
    for (int h = 0; h < lx_attention_heads(to[i]); h++)
      lx_attention_set_gate(to[i], h, lx_attention_gate(from[i], h));
}

/* A graph with room for so many tokens and boxes; gates move over from a smaller one. */
static LxStatus ensure_room(LxAsk *self, int64_t words, int64_t objects, LxError *error)
{
  if (self->m && words <= self->max_words && objects <= self->max_objects)
    return LX_OK;
  LxLxmert *m = NULL;
  self->max_words = words > self->max_words ? words : self->max_words;
  self->max_objects = objects > self->max_objects ? objects : self->max_objects;
  LxStatus status = build(self, LX_INFER, &m, error);
  if (status)
    return status;
  int n = list_maps(m, NULL);
  LxNode **maps = calloc((size_t)n + 1, sizeof *maps);
  bool *changed = calloc((size_t)n + 1, sizeof *changed);
  int64_t answers = m->answer_logits ? m->answer_logits->out.dim[1] : 0;
  float *probabilities = calloc((size_t)answers + 1, sizeof *probabilities);
  if (!maps || !changed || !probabilities) {
    free(maps);
    free(changed);
    free(probabilities);
    lx_lxmert_free(m);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to ask.");
  }
  list_maps(m, maps);
  if (self->m)
    copy_gates(self->maps, maps, n);
  lx_lxmert_free(self->m);
  free(self->maps);
  free(self->changed);
  free(self->probabilities);
  self->m = m;
  self->maps = maps;
  self->n_maps = n;
  self->changed = changed;
  self->probabilities = probabilities;
  return LX_OK;
}

static double now_ms(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static LxStatus finish(LxAsk *self, double start, LxError *error)
{
  self->milliseconds = now_ms() - start;
  self->words_changed = self->boxes_changed = false;
  memset(self->changed, 0, (size_t)self->n_maps * sizeof *self->changed);
  int64_t n = lx_ask_answer_count(self);
  const float *logits = lx_ask_logits(self);
  double most = -INFINITY, sum = 0;
  for (int64_t i = 0; i < n; i++)
    most = logits[i] > most ? logits[i] : most;
  if (n && !isfinite(most))
    return lx_fail(error, LX_ERR_NUMERIC,
                   "The model's answer is not a number; its input or its weights are damaged.");
  for (int64_t i = 0; i < n; i++)
    sum += exp(logits[i] - most);
  for (int64_t i = 0; i < n; i++)
    self->probabilities[i] = (float)(exp(logits[i] - most) / sum);
  return LX_OK;
}

static LxStatus check_regions(const LxAsk *self, const LxRegions *regions, LxError *error)
{
  int64_t wants = lx_model_config(self->model)->visual_feat_dim;
  if (regions->count < 1)
    return lx_fail(error, LX_ERR_ARGUMENT, "There is no object in the image to ask about.");
  if (regions->feature_size != wants)
    return lx_fail(error, LX_ERR_SHAPE,
                   "Each object has %lld features, but the model was trained on %lld. Use the "
                   "detector that belongs to the model.",
                   (long long)regions->feature_size, (long long)wants);
  for (int64_t i = 0; i < regions->count * regions->feature_size; i++)
    if (!isfinite(regions->features[i]))
      return lx_fail(error, LX_ERR_NUMERIC, "The features of object %lld are not numbers.",
                     (long long)(i / regions->feature_size + 1));
  return LX_OK;
}

static LxStatus read_question(LxAsk *self, const char *question, LxError *error)
{
  LxTokens tokens;
  int64_t most = lx_model_config(self->model)->max_position_embeddings;
  LxStatus status =
      lx_tokenizer_encode(lx_model_tokenizer(self->model), question, -1, most, &tokens, error);
  if (status)
    return status;
  if (tokens.count <= 2)
    status = lx_fail(error, LX_ERR_ARGUMENT, "The question is empty. Type one, then ask.");
  else if (tokens.dropped)
    status = lx_fail(error, LX_ERR_ARGUMENT,
                     "The question is too long: %lld pieces, and the model takes %lld. Shorten it.",
                     (long long)(tokens.count - 2 + tokens.dropped), (long long)(most - 2));
  if (status) {
    lx_tokens_clear(&tokens);
    return status;
  }
  lx_tokens_clear(&self->tokens);
  self->tokens = tokens;
  return LX_OK;
}

static LxStatus run(LxAsk *self, const char *question, const LxRegions *const *regions, int images,
                    LxError *error)
{
  int64_t words[2], objects[2], most = 0;
  double start = now_ms();
  LxStatus status = LX_OK;
  if (images != (for_pairs(self) ? 2 : 1))
    return lx_fail(error, LX_ERR_ARGUMENT,
                   images == 2 ? "This model answers questions about one image."
                               : "This model judges statements about two images; give it both.");
  for (int i = 0; i < images && !status; i++) {
    status = check_regions(self, regions[i], error);
    objects[i] = regions[i]->count;
    most = objects[i] > most ? objects[i] : most;
  }
  if (!status)
    status = read_question(self, question, error);
  words[0] = words[1] = self->tokens.count;
  if (!status)
    status = ensure_room(self, self->tokens.count, most, error);
  if (!status)
    status = lx_lxmert_set_batch(self->m, images, words, objects, error);
  if (status)
    return status;
  LxLxmert *m = self->m;
  for (int i = 0; i < images; i++) {
    int64_t at = m->objects->offset[i], d = regions[i]->feature_size;
    memcpy(lx_i64(&m->ids->out) + m->words->offset[i], self->tokens.ids,
           (size_t)words[i] * sizeof(int64_t));
    memcpy(lx_f32(&m->features->out) + at * d, regions[i]->features,
           (size_t)(objects[i] * d) * sizeof(float));
    lx_regions_normalized_boxes(regions[i], lx_f32(&m->boxes->out) + at * 4);
  }
  self->images = images;
  status = lx_graph_run(m->graph, NULL, NULL, error);
  return status ? status : finish(self, start, error);
}

LxStatus lx_ask_run(LxAsk *self, const char *question, const LxRegions *regions, LxError *error)
{
  return run(self, question, &regions, 1, error);
}

LxStatus lx_ask_run_pair(LxAsk *self, const char *statement, const LxRegions *left,
                         const LxRegions *right, LxError *error)
{
  return run(self, statement, (const LxRegions *[]){left, right}, 2, error);
}

LxStatus lx_ask_set_gate(LxAsk *self, const char *map, int head, LxGate gate, LxError *error)
{
  LxStatus status = self->m ? LX_OK : ensure_room(self, 2, 1, error);
  if (status)
    return status;
  int index = lx_ask_find_map(self, map);
  if (index < 0)
    return lx_fail(error, LX_ERR_ARGUMENT, "The model has no attention map “%s”.", map);
  LxNode *node = self->maps[index];
  if (head < -1 || head >= lx_attention_heads(node))
    return lx_fail(error, LX_ERR_ARGUMENT, "Map “%s” has %d heads, counted from 0.", map,
                   lx_attention_heads(node));
  for (int h = head < 0 ? 0 : head; h <= (head < 0 ? lx_attention_heads(node) - 1 : head); h++) {
    LxGate old = lx_attention_gate(node, h);
    if (old.kind == gate.kind && old.factor == gate.factor)
      continue;
    lx_attention_set_gate(node, h, gate);
    self->changed[index] = true;
  }
  return LX_OK;
}

void lx_ask_reset_gates(LxAsk *self)
{
  for (int i = 0; i < self->n_maps; i++)
    lx_ask_set_gate(self, lx_ask_map_name(self, i), -1, (LxGate){LX_GATE_SCALE, 1}, NULL);
}

LxStatus lx_ask_set_box_removed(LxAsk *self, int64_t box, bool removed, LxError *error)
{
  int64_t first = self->images ? lx_ask_box_count(self, 0) : 0;
  int image = self->images == 2 && box >= first;
  int64_t at = image ? box - first : box;
  if (!self->images || at < 0 || at >= lx_ask_box_count(self, image))
    return lx_fail(error, LX_ERR_ARGUMENT, "There is no box %lld.", (long long)box);
  float *mask = lx_f32(&self->m->object_mask->out) + self->m->objects->offset[image];
  float value = removed ? -10000.0f : 0;
  if (mask[at] == value)
    return LX_OK;
  bool other = !removed;
  for (int64_t i = 0; i < lx_ask_box_count(self, image); i++)
    other |= i != at && mask[i] == 0;
  if (!other)
    return lx_fail(error, LX_ERR_ARGUMENT, "At least one box must stay.");
  mask[at] = value;
  self->boxes_changed = true;
  return LX_OK;
}

LxStatus lx_ask_set_word_masked(LxAsk *self, int64_t token, bool masked, LxError *error)
{
  if (!self->images || token < 0 || token >= self->tokens.count)
    return lx_fail(error, LX_ERR_ARGUMENT, "There is no word %lld.", (long long)token);
  int64_t mask = lx_tokenizer_mask(lx_model_tokenizer(self->model));
  if (mask < 0)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "The model's vocabulary has no [MASK].");
  LxLxmert *m = self->m;
  for (int i = 0; i < self->images; i++) {
    int64_t *id = lx_i64(&m->ids->out) + m->words->offset[i] + token;
    int64_t value = masked ? mask : self->tokens.ids[token];
    self->words_changed |= *id != value;
    *id = value;
  }
  return LX_OK;
}

LxStatus lx_ask_update(LxAsk *self, LxError *error)
{
  if (!self->images)
    return lx_fail(error, LX_ERR_ARGUMENT, "Nothing was asked yet.");
  double start = now_ms();
  LxNode *changed[2 + 256];
  int n = 0;
  if (self->words_changed)
    changed[n++] = self->m->ids;
  if (self->boxes_changed)
    changed[n++] = self->m->object_mask;
  bool all = false;
  for (int i = 0; i < self->n_maps; i++)
    if (self->changed[i]) {
      if (n == 2 + 256)
        all = true;
      else
        changed[n++] = self->maps[i];
    }
  if (!n)
    return LX_OK;
  LxStatus status = all ? lx_graph_run(self->m->graph, NULL, NULL, error)
                        : lx_graph_run_changed(self->m->graph, changed, n, error);
  return status ? status : finish(self, start, error);
}

LxStatus lx_ask_copy_for_explaining(const LxAsk *self, LxLxmert **out, LxError *error)
{
  LxLxmert *m = NULL;
  LxStatus status = build(self, LX_EXPLAIN, &m, error);
  if (status)
    return status;
  LxNode **maps = calloc((size_t)self->n_maps + 1, sizeof *maps);
  if (!maps) {
    lx_lxmert_free(m);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to explain the answer.");
  }
  list_maps(m, maps);
  copy_gates(self->maps, maps, self->n_maps);
  free(maps);
  int64_t words[2], objects[2];
  for (int i = 0; i < self->images; i++) {
    words[i] = lx_seq_length(self->m->words, i);
    objects[i] = lx_seq_length(self->m->objects, i);
  }
  status = lx_lxmert_set_batch(m, self->images, words, objects, error);
  if (status) {
    lx_lxmert_free(m);
    return status;
  }
  const LxNode *from[] = {self->m->ids, self->m->features, self->m->boxes, self->m->object_mask};
  LxNode *to[] = {m->ids, m->features, m->boxes, m->object_mask};
  for (int i = 0; i < 4; i++)
    memcpy(to[i]->out.data, from[i]->out.data, lx_tensor_bytes(&to[i]->out));
  *out = m;
  return LX_OK;
}
