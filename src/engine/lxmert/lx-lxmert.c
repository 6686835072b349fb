#include "lx-lxmert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-baseline.h"

/* What the builder's functions share. */
typedef struct {
  LxLxmert *m;
  LxGraph *g;
  const LxConfig *c;
  const LxLxmertOptions *o;
  int heads;
  float eps, dropout, attention_dropout;
} Build;

typedef char Path[160];

__attribute__((format(printf, 2, 3))) static const char *path(Path buf, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  vsnprintf(buf, sizeof(Path), format, args);
  va_end(args);
  return buf;
}

static LxNode *input(Build *b, const char *name, int rows, LxDType dtype, int64_t columns)
{
  return lx_graph_input(b->g, name, rows, dtype, columns ? 2 : 1, (int64_t[]){1, columns});
}

static void add_inputs(Build *b)
{
  LxLxmert *m = b->m;
  const LxConfig *c = b->c;
  m->words = lx_seq_new(b->g, b->o->max_examples, b->o->max_words);
  m->objects = lx_seq_new(b->g, b->o->max_examples, b->o->max_objects);
  m->each = lx_seq_new(b->g, b->o->max_examples, 1);
  m->pairs = lx_graph_add_rows(b->g, b->o->max_examples / 2);
  m->masked = lx_graph_add_rows(b->g, b->o->max_masked);
  if (!m->words || !m->objects || !m->each)
    return;
  m->examples = m->each->rows;
  int words = m->words->rows, objects = m->objects->rows;
  m->ids = input(b, "input_ids", words, LX_I64, 0);
  m->positions = input(b, "position_ids", words, LX_I64, 0);
  m->types = input(b, "token_type_ids", words, LX_I64, 0);
  m->word_mask = input(b, "word_mask", words, LX_F32, 0);
  m->features = input(b, "visual_feats", objects, LX_F32, c->visual_feat_dim);
  m->boxes = input(b, "visual_pos", objects, LX_F32, c->visual_pos_dim);
  m->object_mask = input(b, "object_mask", objects, LX_F32, 0);
  m->first = input(b, "first", m->examples, LX_I64, 0);
}

static LxNode *word_embeddings(Build *b)
{
  static const LxEmbeddingNames names = {
      "lxmert.embeddings.word_embeddings.weight", "lxmert.embeddings.position_embeddings.weight",
      "lxmert.embeddings.token_type_embeddings.weight", "lxmert.embeddings.LayerNorm"};
  return lx_op_embed(b->g, "hidden/lang.0", b->m->ids, b->m->positions, b->m->types, &names,
                     b->c->hidden_size, b->eps, b->dropout);
}

static LxNode *object_embeddings(Build *b)
{
  LxNode *feature =
      lx_op_linear_norm(b->g, "visn_fc", b->m->features, NULL, "lxmert.encoder.visn_fc.visn_fc",
                        "lxmert.encoder.visn_fc.visn_layer_norm", b->c->hidden_size, b->eps, 0);
  LxNode *box =
      lx_op_linear_norm(b->g, "box_fc", b->m->boxes, NULL, "lxmert.encoder.visn_fc.box_fc",
                        "lxmert.encoder.visn_fc.box_layer_norm", b->c->hidden_size, b->eps, 0);
  return lx_op_average(b->g, "hidden/vis.0", feature, box, b->dropout);
}

/* LN(dropout(dense(x)) + residual) with the parameters `prefix`.dense and .LayerNorm */
static LxNode *output(Build *b, const char *name, LxNode *x, LxNode *residual, const char *prefix)
{
  Path dense, norm;
  return lx_op_linear_norm(b->g, name, x, residual, path(dense, "%s.dense", prefix),
                           path(norm, "%s.LayerNorm", prefix), b->c->hidden_size, b->eps,
                           b->dropout);
}

static LxNode *self_attention(Build *b, const char *map, const char *name, LxNode *x,
                              const LxSeq *seq, LxNode *mask, const char *prefix)
{
  Path p;
  LxNode *qkv = lx_op_qkv(b->g, "", x, path(p, "%s.self", prefix), LX_QUERY | LX_KEY_VALUE);
  LxNode *attention =
      lx_op_attention(b->g, map, qkv, seq, qkv, seq, mask, b->heads, b->attention_dropout);
  return output(b, name, attention, x, path(p, "%s.output", prefix));
}

static LxNode *feed_forward(Build *b, const char *name, LxNode *x, const char *inter,
                            const char *prefix)
{
  Path p;
  LxNode *inner =
      lx_op_linear(b->g, "", x, path(p, "%s.dense", inter), b->c->intermediate_size, LX_GELU);
  return output(b, name, inner, x, prefix);
}

/* A stack of language or vision layers. `kind` is "lang" or "vis". */
static LxNode *layers(Build *b, LxNode *x, const char *kind, const char *list, int64_t n,
                      const LxSeq *seq, LxNode *mask)
{
  Path map, name, p, q;
  for (int i = 0; i < n; i++) {
    LxNode *att = self_attention(b, path(map, "attn/%s.%d", kind, i),
                                 path(name, "hidden/%s.%d.att", kind, i + 1), x, seq, mask,
                                 path(p, "lxmert.encoder.%s.%d.attention", list, i));
    x = feed_forward(b, path(name, "hidden/%s.%d", kind, i + 1), att,
                     path(p, "lxmert.encoder.%s.%d.intermediate", list, i),
                     path(q, "lxmert.encoder.%s.%d.output", list, i));
  }
  return x;
}

/* The same at the rows of each [CLS] alone: [examples, hidden]. */
static LxNode *first_self_attention(Build *b, const char *map, const char *name, LxNode *x,
                                    const LxSeq *seq, LxNode *mask, const char *prefix)
{
  Path p;
  path(p, "%s.self", prefix);
  LxNode *first = lx_op_gather(b->g, "", x, b->m->first);
  LxNode *query = lx_op_qkv(b->g, "", first, p, LX_QUERY);
  LxNode *ctx = lx_op_qkv(b->g, "", x, p, LX_KEY_VALUE);
  LxNode *attention =
      lx_op_attention(b->g, map, query, b->m->each, ctx, seq, mask, b->heads, b->attention_dropout);
  return output(b, name, attention, first, path(p, "%s.output", prefix));
}

/* The half of a cross-modality layer that ends in one stream. */
typedef struct {
  const char *cross, *self, *cross_hidden, *self_hidden, *out_hidden, *params;
} Half;
static const Half lang_half = {"lang_to_vis",  "lang_self", "lang_cross",
                               "lang_selfatt", "lang",      "lang"};
static const Half vis_half = {"vis_to_lang", "vis_self", "vis_cross", "vis_selfatt", "vis", "visn"};

static LxNode *cross_half(Build *b, int i, const Half *h, LxNode *x, LxNode *qkv, const LxSeq *seq,
                          LxNode *mask, LxNode *other_qkv, const LxSeq *other_seq,
                          LxNode *other_mask, bool first_only)
{
  Path map, name, p;
  LxNode *cross = lx_op_attention(b->g, path(map, "attn/x.%d.%s", i, h->cross), qkv, seq, other_qkv,
                                  other_seq, other_mask, b->heads, b->attention_dropout);
  cross = output(b, path(name, "hidden/x.%d.%s", i, h->cross_hidden), cross, x,
                 path(p, "lxmert.encoder.x_layers.%d.visual_attention.output", i));
  path(map, "attn/x.%d.%s", i, h->self);
  path(name, "hidden/x.%d.%s", i, h->self_hidden);
  path(p, "lxmert.encoder.x_layers.%d.%s_self_att", i, h->params);
  return first_only ? first_self_attention(b, map, name, cross, seq, mask, p)
                    : self_attention(b, map, name, cross, seq, mask, p);
}

static LxNode *cross_feed(Build *b, int i, const Half *h, LxNode *x)
{
  Path name, inter, out;
  return feed_forward(b, path(name, "hidden/x.%d.%s", i, h->out_hidden), x,
                      path(inter, "lxmert.encoder.x_layers.%d.%s_inter", i, h->params),
                      path(out, "lxmert.encoder.x_layers.%d.%s_output", i, h->params));
}

static void cross_layer(Build *b, int i)
{
  LxLxmert *m = b->m;
  LxNode *lang = m->lang, *vision = m->vision;
  bool whole = !b->o->leave_out_unused || i + 1 < b->c->x_layers;
  bool with_vision = whole || (b->o->heads & LX_HEAD_OBJECTS);
  bool first_only = !whole && !(b->o->heads & LX_HEAD_MLM);
  int all = LX_QUERY | LX_KEY_VALUE;
  Path p;
  path(p, "lxmert.encoder.x_layers.%d.visual_attention.att", i);
  LxNode *lang_qkv = lx_op_qkv(b->g, "", lang, p, with_vision ? all : LX_QUERY);
  LxNode *vis_qkv = lx_op_qkv(b->g, "", vision, p, with_vision ? all : LX_KEY_VALUE);
  lang = cross_half(b, i, &lang_half, lang, lang_qkv, m->words, m->word_mask, vis_qkv, m->objects,
                    m->object_mask, first_only);
  if (with_vision)
    vision = cross_half(b, i, &vis_half, vision, vis_qkv, m->objects, m->object_mask, lang_qkv,
                        m->words, m->word_mask, false);
  m->lang = cross_feed(b, i, &lang_half, lang);
  m->vision = with_vision ? cross_feed(b, i, &vis_half, vision) : NULL;
}

/* LN(gelu(dense(x))) */
static LxNode *transform(Build *b, LxNode *x, const char *prefix)
{
  Path p;
  LxNode *inner =
      lx_op_linear(b->g, "", x, path(p, "%s.dense", prefix), b->c->hidden_size, LX_GELU);
  return lx_op_norm(b->g, "", inner, path(p, "%s.LayerNorm", prefix), b->eps);
}

static void word_head(Build *b)
{
  LxLxmert *m = b->m;
  LxNode *x = m->lang;
  if (b->o->max_masked) {
    m->mlm_rows = input(b, "mlm_rows", m->masked, LX_I64, 0);
    x = lx_op_gather(b->g, "", x, m->mlm_rows);
  }
  x = transform(b, x, "cls.predictions.transform");
  m->mlm_logits =
      lx_op_linear_named(b->g, "mlm_logits", x, "lxmert.embeddings.word_embeddings.weight",
                         "cls.predictions.bias", b->c->vocab_size, LX_LINEAR);
}

static void object_head(Build *b)
{
  LxLxmert *m = b->m;
  LxNode *x = transform(b, m->vision, "obj_predict_head.transform");
  m->obj_logits = lx_op_linear(b->g, "obj_logits", x, "obj_predict_head.decoder_dict.obj",
                               b->c->num_object_labels, LX_LINEAR);
  m->attr_logits = lx_op_linear(b->g, "attr_logits", x, "obj_predict_head.decoder_dict.attr",
                                b->c->num_attr_labels, LX_LINEAR);
  m->feat_pred = lx_op_linear(b->g, "feat_pred", x, "obj_predict_head.decoder_dict.feat",
                              b->c->visual_feat_dim, LX_LINEAR);
}

static void answer_head(Build *b)
{
  LxLxmert *m = b->m;
  LxNode *x = m->pooled;
  bool pairs = b->o->heads & LX_HEAD_NLVR2;
  if (pairs)
    x = lx_op_pairs(b->g, "pairs", x, m->pairs);
  x = lx_op_linear(b->g, "", x, "answer_head.logit_fc.0", 2 * b->c->hidden_size, LX_GELU);
  x = lx_op_norm(b->g, "", x, "answer_head.logit_fc.2", b->eps);
  m->answer_logits = lx_op_linear(b->g, "answer_logits", x, "answer_head.logit_fc.3",
                                  pairs ? 2 : b->c->num_qa_labels, LX_LINEAR);
}

static void pool_words(Build *b, const char *name)
{
  LxLxmert *m = b->m;
  LxNode *first =
      m->lang && m->lang->rows == m->examples ? m->lang : lx_op_gather(b->g, "", m->lang, m->first);
  m->pooled = lx_op_linear(b->g, name, first, "lxmert.pooler.dense", b->c->hidden_size, LX_TANH);
}

static void add_heads(Build *b)
{
  LxLxmert *m = b->m;
  if (b->o->heads & LX_HEAD_MLM)
    word_head(b);
  if (b->o->heads & LX_HEAD_MATCH)
    m->match_logits =
        lx_op_linear(b->g, "match_logits", m->pooled, "cls.seq_relationship", 2, LX_LINEAR);
  if (b->o->heads & LX_HEAD_OBJECTS)
    object_head(b);
  if (b->o->heads & (LX_HEAD_ANSWER | LX_HEAD_NLVR2))
    answer_head(b);
}

static void object_losses(Build *b, LxNode **terms, int *n)
{
  LxLxmert *m = b->m;
  int rows = m->objects->rows;
  float scale = (float)b->c->visual_loss_normalizer;
  if (b->o->losses & LX_LOSS_OBJ) {
    m->obj_labels = input(b, "obj_labels", rows, LX_I64, 0);
    m->obj_conf = input(b, "obj_conf", rows, LX_F32, 0);
    terms[(*n)++] =
        lx_op_cross_entropy(b->g, "loss/obj", m->obj_logits, m->obj_labels, m->obj_conf, scale);
  }
  if (b->o->losses & LX_LOSS_ATTR) {
    m->attr_labels = input(b, "attr_labels", rows, LX_I64, 0);
    m->attr_conf = input(b, "attr_conf", rows, LX_F32, 0);
    terms[(*n)++] =
        lx_op_cross_entropy(b->g, "loss/attr", m->attr_logits, m->attr_labels, m->attr_conf, scale);
  }
  if (b->o->losses & LX_LOSS_FEAT) {
    m->feat_labels = input(b, "feat_labels", rows, LX_F32, b->c->visual_feat_dim);
    m->feat_conf = input(b, "feat_conf", rows, LX_F32, 0);
    terms[(*n)++] =
        lx_op_smooth_l1(b->g, "loss/feat", m->feat_pred, m->feat_labels, m->feat_conf, scale);
  }
}

static void answer_losses(Build *b, LxNode **terms, int *n)
{
  LxLxmert *m = b->m;
  float answers = (float)b->c->num_qa_labels;
  LxNode *apart[3];
  int n_apart = 0;
  if (b->o->losses & (LX_LOSS_QA | LX_LOSS_VQA_MCE))
    m->answer_labels = input(b, "ans", m->examples, LX_I64, 0);
  if (b->o->losses & LX_LOSS_QA)
    terms[(*n)++] =
        lx_op_cross_entropy(b->g, "loss/qa", m->answer_logits, m->answer_labels, NULL, 1);
  if (b->o->losses & LX_LOSS_PRETRAIN) {
    terms = apart;
    n = &n_apart;
  }
  if (b->o->losses & LX_LOSS_VQA_MCE)
    terms[(*n)++] = lx_op_cross_entropy(b->g, "loss/vqa_mce", m->answer_logits, m->answer_labels,
                                        NULL, answers);
  if (b->o->losses & LX_LOSS_VQA_BCE) {
    m->answer_scores = input(b, "vqa_target", m->examples, LX_F32, b->c->num_qa_labels);
    terms[(*n)++] = lx_op_bce(b->g, "loss/vqa_bce", m->answer_logits, m->answer_scores, answers);
  }
  if (b->o->losses & LX_LOSS_NLVR2) {
    m->pair_labels = input(b, "pair_labels", m->pairs, LX_I64, 0);
    terms[(*n)++] =
        lx_op_cross_entropy(b->g, "loss/nlvr2", m->answer_logits, m->pair_labels, NULL, 1);
  }
}

static void add_losses(Build *b)
{
  LxLxmert *m = b->m;
  LxNode *terms[9];
  int n = 0;
  if (b->o->losses & LX_LOSS_MLM) {
    m->mlm_labels =
        input(b, "masked_lm_labels", b->o->max_masked ? m->masked : m->words->rows, LX_I64, 0);
    terms[n++] = lx_op_cross_entropy(b->g, "loss/mlm", m->mlm_logits, m->mlm_labels, NULL, 1);
  }
  if (b->o->losses & LX_LOSS_MATCH) {
    m->match_labels = input(b, "matched_label", m->examples, LX_I64, 0);
    terms[n++] = lx_op_cross_entropy(b->g, "loss/match", m->match_logits, m->match_labels, NULL, 1);
  }
  object_losses(b, terms, &n);
  answer_losses(b, terms, &n);
  if (n)
    m->total = lx_op_sum(b->g, "loss/total", terms, n);
}

static void keep_results(LxLxmert *m)
{
  LxNode *results[] = {m->pooled,     m->mlm_logits,  m->match_logits, m->answer_logits,
                       m->obj_logits, m->attr_logits, m->feat_pred,    m->total};
  for (size_t i = 0; i < sizeof results / sizeof *results; i++)
    lx_graph_keep(m->graph, results[i]);
  for (int i = 0; m->total && i < m->total->n_in; i++)
    lx_graph_keep(m->graph, m->total->in[i]);
  lx_graph_set_sharing(m->graph, true);
}

static LxStatus check(const LxConfig *config, const LxLxmertOptions *o, LxError *error)
{
  if (o->max_examples < 1 || o->max_words < 2 || o->max_objects < 1)
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "A model needs room for one question of two tokens and one object.");
  if (o->max_words > config->max_position_embeddings)
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "The model knows %lld positions; %lld tokens were asked for.",
                   (long long)config->max_position_embeddings, (long long)o->max_words);
  unsigned both = LX_HEAD_ANSWER | LX_HEAD_NLVR2;
  if ((o->heads & both) == both)
    return lx_fail(error, LX_ERR_ARGUMENT, "A model answers questions or judges pairs, not both.");
  if (*config->baseline && (o->heads & ~both))
    return lx_fail(error, LX_ERR_ARGUMENT, "A baseline only answers; it is not pre-trained.");
  if (strcmp(config->hidden_act, "gelu") != 0)
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "The activation “%s” is not supported; LXMERT's is “gelu”.", config->hidden_act);
  return LX_OK;
}

/* A model that LXMERT is compared with, up to its pooled output. */
static void baseline(Build *b)
{
  LxLxmert *m = b->m;
  if (!strcmp(b->c->baseline, LX_BASELINE_LSTM)) {
    m->pooled = lx_baseline_lstm(b->g, b->c, m->ids, m->words, m->examples);
  } else {
    m->lang =
        layers(b, word_embeddings(b), "lang", "layer", b->c->l_layers, m->words, m->word_mask);
    pool_words(b, "question");
  }
  m->pooled =
      lx_baseline_butd(b->g, b->c, m->pooled, m->features, m->object_mask, m->objects, m->examples);
}

static void encode(Build *b)
{
  LxLxmert *m = b->m;
  m->lang = layers(b, word_embeddings(b), "lang", "layer", b->c->l_layers, m->words, m->word_mask);
  m->vision = layers(b, object_embeddings(b), "vis", "r_layers", b->c->r_layers, m->objects,
                     m->object_mask);
  for (int i = 0; i < b->c->x_layers; i++)
    cross_layer(b, i);
  pool_words(b, "pooled");
}

static void build(Build *b)
{
  LxLxmert *m = b->m;
  add_inputs(b);
  if (!m->words || !m->objects || !m->each)
    return;
  if (*b->c->baseline)
    baseline(b);
  else
    encode(b);
  add_heads(b);
  add_losses(b);
  for (int i = 0; i < lx_graph_param_count(b->g); i++) {
    LxParam *param = lx_graph_param(b->g, i);
    param->frozen = (lx_lxmert_part(param->name) & b->o->frozen) != 0;
  }
}

LxStatus lx_lxmert_build(const LxConfig *config, LxTensors *params, const LxLxmertOptions *options,
                         LxMode mode, LxLxmert **out, LxError *error)
{
  LxStatus status = check(config, options, error);
  if (status)
    return status;
  LxLxmert *self = calloc(1, sizeof *self);
  LxGraph *graph = self ? lx_graph_new(params) : NULL;
  if (!graph) {
    free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to build the model.");
  }
  self->graph = graph;
  Build b = {self,
             graph,
             config,
             options,
             (int)config->num_attention_heads,
             (float)config->layer_norm_eps,
             (float)config->hidden_dropout_prob,
             (float)config->attention_probs_dropout_prob};
  build(&b);
  lx_graph_set_packed(graph, options->packed);
  if (options->results_only)
    keep_results(self);
  status = lx_graph_prepare(graph, mode, error);
  if (status)
    lx_lxmert_free(self);
  else
    *out = self;
  return status;
}

void lx_lxmert_free(LxLxmert *self)
{
  if (!self)
    return;
  lx_graph_free(self->graph);
  free(self);
}

LxStatus lx_lxmert_set_batch(LxLxmert *self, int64_t n, const int64_t *words,
                             const int64_t *objects, LxError *error)
{
  LxStatus status = lx_seq_set(self->graph, self->words, n, words, error);
  if (!status)
    status = lx_seq_set(self->graph, self->objects, n, objects, error);
  if (!status)
    status = lx_graph_set_rows(self->graph, self->examples, self->each->n = n, error);
  if (!status)
    status = lx_graph_set_rows(self->graph, self->pairs, n / 2, error);
  if (status)
    return status;
  self->n_examples = n;
  for (int64_t e = 0; e < n; e++) {
    int64_t start = self->words->offset[e];
    lx_i64(&self->first->out)[e] = start;
    for (int64_t i = 0; i < words[e]; i++)
      lx_i64(&self->positions->out)[start + i] = i;
  }
  memset(self->types->out.data, 0, lx_tensor_bytes(&self->types->out));
  memset(self->word_mask->out.data, 0, lx_tensor_bytes(&self->word_mask->out));
  memset(self->object_mask->out.data, 0, lx_tensor_bytes(&self->object_mask->out));
  return LX_OK;
}

LxStatus lx_lxmert_set_masked(LxLxmert *self, int64_t n, LxError *error)
{
  return lx_graph_set_rows(self->graph, self->masked, n, error);
}
