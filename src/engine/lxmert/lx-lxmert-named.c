#include "lx-lxmert-named.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned lx_lxmert_heads_of(const LxTensors *params)
{
  unsigned heads = 0;
  const LxTensor *answer = lx_tensors_find(params, "answer_head.logit_fc.0.weight");
  if (lx_tensors_find(params, "cls.predictions.bias"))
    heads |= LX_HEAD_MLM;
  if (lx_tensors_find(params, "cls.seq_relationship.weight"))
    heads |= LX_HEAD_MATCH;
  if (lx_tensors_find(params, "obj_predict_head.decoder_dict.obj.weight"))
    heads |= LX_HEAD_OBJECTS;
  if (answer && answer->ndim == 2)
    heads |= answer->dim[1] == answer->dim[0] ? LX_HEAD_NLVR2 : LX_HEAD_ANSWER;
  return heads;
}

/* Labels in the file by name -> the losses they allow. */
static unsigned losses_of(const LxTensors *inputs, unsigned heads)
{
  static const struct {
    unsigned loss, head;
    const char *labels;
  } known[] = {
      {LX_LOSS_MLM, LX_HEAD_MLM, "masked_lm_labels"},
      {LX_LOSS_MATCH, LX_HEAD_MATCH, "matched_label"},
      {LX_LOSS_OBJ, LX_HEAD_OBJECTS, "obj_labels"},
      {LX_LOSS_ATTR, LX_HEAD_OBJECTS, "attr_labels"},
      {LX_LOSS_FEAT, LX_HEAD_OBJECTS, "feat_labels"},
      {LX_LOSS_QA, LX_HEAD_ANSWER, "ans"},
      {LX_LOSS_VQA_BCE, LX_HEAD_ANSWER, "vqa_target"},
      {LX_LOSS_NLVR2, LX_HEAD_NLVR2, "pair_labels"},
  };
  unsigned losses = 0;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if ((heads & known[i].head) && lx_tensors_find(inputs, known[i].labels))
      losses |= known[i].loss;
  return losses;
}

/* Copies a named input into its node, converting between the types of numbers. */
static LxStatus copy_in(LxNode *node, const LxTensors *inputs, bool required, LxError *error)
{
  if (!node)
    return LX_OK;
  const LxTensor *from = lx_tensors_find(inputs, node->name);
  if (!from)
    return required ? lx_fail(error, LX_ERR_MISSING, "The inputs have no tensor “%s”.", node->name)
                    : LX_OK;
  int64_t n = lx_tensor_count(&node->out);
  if (lx_tensor_count(from) != n) {
    char shape[96];
    return lx_fail(error, LX_ERR_SHAPE, "Input “%s” is %s, which is not the batch's size.",
                   node->name, lx_tensor_shape_text(from, shape, sizeof shape));
  }
  for (int64_t i = 0; i < n; i++)
    if (node->out.dtype == LX_I64)
      lx_i64(&node->out)[i] = (int64_t)lx_tensor_get(from, i);
    else
      lx_f32(&node->out)[i] = (float)lx_tensor_get(from, i);
  return LX_OK;
}

static LxStatus check_ids(const LxLxmert *m, const LxConfig *config, LxError *error)
{
  for (int64_t i = 0; i < lx_tensor_count(&m->ids->out); i++) {
    int64_t id = lx_i64(&m->ids->out)[i];
    if (id < 0 || id >= config->vocab_size)
      return lx_fail(error, LX_ERR_ARGUMENT, "Token id %lld is not in the vocabulary of %lld.",
                     (long long)id, (long long)config->vocab_size);
  }
  return LX_OK;
}

static LxStatus mask_in(LxNode *node, const LxTensors *inputs, const char *name, LxError *error)
{
  const LxTensor *from = lx_tensors_find(inputs, name);
  if (!from)
    return LX_OK;
  if (lx_tensor_count(from) != lx_tensor_count(&node->out))
    return lx_fail(error, LX_ERR_SHAPE, "Input “%s” does not have the batch's size.", name);
  for (int64_t i = 0; i < lx_tensor_count(from); i++)
    lx_f32(&node->out)[i] = (float)((1 - lx_tensor_get(from, i)) * -10000);
  return LX_OK;
}

static LxStatus fill(LxLxmert *m, const LxTensors *inputs, const LxConfig *config,
                     bool use_visual_mask, LxError *error)
{
  LxNode *required[] = {m->ids,           m->features,    m->boxes,     m->mlm_labels,
                        m->match_labels,  m->obj_labels,  m->obj_conf,  m->attr_labels,
                        m->attr_conf,     m->feat_labels, m->feat_conf, m->answer_labels,
                        m->answer_scores, m->pair_labels};
  LxStatus status = copy_in(m->types, inputs, false, error);
  for (size_t i = 0; i < sizeof required / sizeof *required && !status; i++)
    status = copy_in(required[i], inputs, true, error);
  if (!status)
    status = check_ids(m, config, error);
  if (!status)
    status = mask_in(m->word_mask, inputs, "attention_mask", error);
  if (!status && use_visual_mask)
    status = mask_in(m->object_mask, inputs, "visual_attention_mask", error);
  return status;
}

LxStatus lx_lxmert_load(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                        LxMode mode, bool use_visual_mask, LxLxmert **out, LxError *error)
{
  const LxTensor *ids = lx_tensors_find(inputs, "input_ids");
  const LxTensor *features = lx_tensors_find(inputs, "visual_feats");
  if (!ids || !features || ids->ndim != 2 || features->ndim != 3 || features->dim[0] != ids->dim[0])
    return lx_fail(error, LX_ERR_MISSING,
                   "The inputs need input_ids [batch, words] and visual_feats "
                   "[batch, objects, features].");
  unsigned heads = lx_lxmert_heads_of(params);
  int64_t n = ids->dim[0];
  LxLxmertOptions options = {
      .max_examples = n,
      .max_words = ids->dim[1],
      .max_objects = features->dim[1],
      .heads = heads,
      .losses = mode == LX_INFER && use_visual_mask ? 0 : losses_of(inputs, heads)};
  LxLxmert *m = NULL;
  int64_t *words = malloc((size_t)(n ? n : 1) * 2 * sizeof *words);
  if (!words)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a batch of %lld.", (long long)n);
  for (int64_t i = 0; i < n; i++) {
    words[i] = ids->dim[1];
    words[n + i] = features->dim[1];
  }
  LxStatus status = lx_lxmert_build(config, params, &options, mode, &m, error);
  if (!status)
    status = lx_lxmert_set_batch(m, n, words, words + n, error);
  if (!status)
    status = fill(m, inputs, config, use_visual_mask, error);
  free(words);
  if (status)
    lx_lxmert_free(m);
  else
    *out = m;
  return status;
}

/* Copies an attention node's maps as [batch, heads, q, k]. */
static LxStatus maps_out(const LxLxmert *m, const LxNode *node, const char *name, LxTensors *out,
                         LxError *error)
{
  int64_t heads, q, k, each;
  const float *map = lx_attention_map(node, 0, &heads, &q, &k);
  LxTensor *t;
  LxStatus status =
      lx_tensors_add(out, name, LX_F32, 4, (int64_t[]){m->n_examples, heads, q, k}, &t, error);
  if (status)
    return status;
  each = heads * q * k;
  for (int64_t e = 0; e < m->n_examples; e++) {
    map = lx_attention_map(node, e, &heads, &q, &k);
    memcpy(lx_f32(t) + e * each, map, (size_t)each * sizeof(float));
  }
  return LX_OK;
}

/* Copies a node's output; rows of words and objects become [batch, rows of one, columns]. */
static LxStatus node_out(const LxLxmert *m, const LxNode *node, const char *name, LxTensors *out,
                         LxError *error)
{
  LxTensor *t;
  int64_t dim[3] = {m->n_examples, node->out.dim[0] / m->n_examples, node->out.dim[1]};
  bool split = node->rows == m->words->rows || node->rows == m->objects->rows;
  LxStatus status =
      split ? lx_tensors_add(out, name, LX_F32, 3, dim, &t, error)
            : lx_tensors_add(out, name, LX_F32, node->out.ndim, node->out.dim, &t, error);
  if (!status)
    memcpy(t->data, node->out.data, lx_tensor_bytes(&node->out));
  return status;
}

static bool is_output(const LxNode *node)
{
  const char *s = node->name;
  return strncmp(s, "hidden/", 7) == 0 || strncmp(s, "loss/", 5) == 0 || strcmp(s, "pooled") == 0 ||
         strcmp(s, "feat_pred") == 0 || strstr(s, "_logits");
}

static LxStatus collect(const LxLxmert *m, LxTensors *out, LxError *error)
{
  LxStatus status = LX_OK;
  for (int i = 0; i < lx_graph_node_count(m->graph) && !status; i++) {
    const LxNode *node = lx_graph_node(m->graph, i);
    if (lx_is_attention(node))
      status = maps_out(m, node, node->name, out, error);
    else if (is_output(node))
      status = node_out(m, node, node->name, out, error);
  }
  return status;
}

static LxStatus collect_masked(const LxLxmert *m, LxTensors *out, LxError *error)
{
  LxStatus status = node_out(m, m->lang, "vmask/lang", out, error);
  if (!status)
    status = node_out(m, m->vision, "vmask/vis", out, error);
  if (!status)
    status = node_out(m, m->pooled, "vmask/pooled", out, error);
  if (!status && m->answer_logits)
    status = node_out(m, m->answer_logits, "vmask/answer_logits", out, error);
  for (int i = 0; i < lx_graph_node_count(m->graph) && !status; i++) {
    const LxNode *node = lx_graph_node(m->graph, i);
    char name[64];
    snprintf(name, sizeof name, "vmask/%s", node->name);
    if (lx_is_attention(node))
      status = maps_out(m, node, name, out, error);
  }
  return status;
}

/* "grad/answer_logits_of_vqa_bce": d(loss/vqa_bce)/d(answer_logits). */
static LxStatus collect_vqa_gradient(const LxLxmert *m, LxNode *loss, LxTensors *out,
                                     LxError *error)
{
  const LxNode *logits = m->answer_logits;
  LxTensor *t;
  LxStatus status = lx_graph_backward(m->graph, loss, error);
  if (!status)
    status = lx_tensors_add(out, "grad/answer_logits_of_vqa_bce", LX_F32, logits->out.ndim,
                            logits->out.dim, &t, error);
  if (!status)
    memcpy(t->data, logits->grad, lx_tensor_bytes(t));
  return status;
}

static LxStatus run_collect(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                            bool masked, LxTensors *out, LxError *error)
{
  LxLxmert *m = NULL;
  bool gradient = !masked && lx_tensors_find(inputs, "vqa_target") &&
                  (lx_lxmert_heads_of(params) & LX_HEAD_ANSWER);
  LxStatus status =
      lx_lxmert_load(config, params, inputs, gradient ? LX_EXPLAIN : LX_INFER, masked, &m, error);
  if (!status)
    status = lx_graph_run(m->graph, NULL, NULL, error);
  if (!status)
    status = masked ? collect_masked(m, out, error) : collect(m, out, error);
  LxNode *loss = status || !gradient ? NULL : lx_graph_find(m->graph, "loss/vqa_bce");
  if (loss)
    status = collect_vqa_gradient(m, loss, out, error);
  lx_lxmert_free(m);
  return status;
}

LxStatus lx_lxmert_forward_named(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                                 LxTensors **out, LxError *error)
{
  LxTensors *results = lx_tensors_new();
  if (!results)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the results.");
  LxStatus status = run_collect(config, params, inputs, false, results, error);
  if (!status && lx_tensors_find(inputs, "visual_attention_mask"))
    status = run_collect(config, params, inputs, true, results, error);
  if (status)
    lx_tensors_unref(results);
  else
    *out = results;
  return status;
}

static LxStatus gradients_out(const LxLxmert *m, LxTensors *out, LxError *error)
{
  LxStatus status = LX_OK;
  for (int i = 0; i < lx_graph_param_count(m->graph) && !status; i++) {
    const LxParam *p = lx_graph_param(m->graph, i);
    LxTensor *t;
    if (!p->reached || !p->grad)
      continue;
    status = lx_tensors_add(out, p->name, LX_F32, p->value->ndim, p->value->dim, &t, error);
    if (!status)
      memcpy(t->data, p->grad, lx_tensor_bytes(t));
  }
  return status;
}

LxStatus lx_lxmert_gradients_named(const LxConfig *config, LxTensors *params,
                                   const LxTensors *inputs, LxTensors **out, LxError *error)
{
  LxLxmert *m = NULL;
  LxTensors *results = NULL;
  LxStatus status = lx_lxmert_load(config, params, inputs, LX_TRAIN, false, &m, error);
  if (status)
    return status;
  lx_graph_set_dropout(m->graph, false);
  results = lx_tensors_new();
  if (!results)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the gradients.");
  if (!status && !m->total)
    status = lx_fail(error, LX_ERR_MISSING, "The inputs hold no labels, so there is no loss.");
  if (!status)
    status = lx_graph_run(m->graph, NULL, NULL, error);
  if (!status)
    status = lx_graph_backward(m->graph, m->total, error);
  if (!status)
    status = gradients_out(m, results, error);
  lx_lxmert_free(m);
  if (status)
    lx_tensors_unref(results);
  else
    *out = results;
  return status;
}
