#include "double-lxmert.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct DoubleParams {
  const LxTensors *tensors;
  double **values;
};

DoubleParams *double_params_new(const LxTensors *params)
{
  DoubleParams *self = calloc(1, sizeof *self);
  size_t n = lx_tensors_count(params);
  self->tensors = params;
  self->values = calloc(n, sizeof *self->values);
  for (size_t i = 0; i < n; i++) {
    const LxTensor *t = lx_tensors_at(params, i);
    self->values[i] = calloc((size_t)lx_tensor_count(t), sizeof(double));
    for (int64_t j = 0; j < lx_tensor_count(t); j++)
      self->values[i][j] = lx_tensor_get(t, j);
  }
  return self;
}

void double_params_free(DoubleParams *self)
{
  for (size_t i = 0; i < lx_tensors_count(self->tensors); i++)
    free(self->values[i]);
  free(self->values);
  free(self);
}

double *double_param(const DoubleParams *self, const char *name)
{
  for (size_t i = 0; i < lx_tensors_count(self->tensors); i++)
    if (strcmp(lx_tensors_name(self->tensors, i), name) == 0)
      return self->values[i];
  fprintf(stderr, "no parameter %s\n", name);
  exit(1);
}

typedef struct {
  const LxConfig *c;
  const DoubleParams *p;
} Model;

__attribute__((format(printf, 2, 3))) static const double *get(const Model *m, const char *format,
                                                               ...)
{
  char name[192];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  return double_param(m->p, name);
}

/* All of these return new memory. */
static double *dense(const Model *m, const char *prefix, const double *x, int64_t rows, int64_t in,
                     int64_t out)
{
  const double *w = get(m, "%s.weight", prefix), *b = get(m, "%s.bias", prefix);
  double *y = calloc((size_t)(rows * out), sizeof *y);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t o = 0; o < out; o++) {
      double sum = b[o];
      for (int64_t i = 0; i < in; i++)
        sum += x[r * in + i] * w[o * in + i];
      y[r * out + o] = sum;
    }
  return y;
}

static void norm(const Model *m, const char *prefix, double *x, int64_t rows, int64_t n)
{
  const double *w = get(m, "%s.weight", prefix), *b = get(m, "%s.bias", prefix);
  for (int64_t r = 0; r < rows; r++) {
    double mean = 0, variance = 0;
    for (int64_t i = 0; i < n; i++)
      mean += x[r * n + i] / (double)n;
    for (int64_t i = 0; i < n; i++)
      variance += (x[r * n + i] - mean) * (x[r * n + i] - mean) / (double)n;
    for (int64_t i = 0; i < n; i++)
      x[r * n + i] = (x[r * n + i] - mean) / sqrt(variance + 1e-12) * w[i] + b[i];
  }
}

static void gelu(double *x, int64_t n)
{
  for (int64_t i = 0; i < n; i++)
    x[i] *= 0.5 * (1 + erf(x[i] / sqrt(2)));
}

/* LN(dense(y) + x); frees y */
static double *output(const Model *m, const char *prefix, double *y, const double *x, int64_t rows,
                      int64_t in)
{
  char name[192];
  int64_t h = m->c->hidden_size;
  snprintf(name, sizeof name, "%s.dense", prefix);
  double *out = dense(m, name, y, rows, in, h);
  for (int64_t i = 0; i < rows * h; i++)
    out[i] += x[i];
  snprintf(name, sizeof name, "%s.LayerNorm", prefix);
  norm(m, name, out, rows, h);
  free(y);
  return out;
}

/* `prefix` has query, key and value; `out` the output module. */
static double *attend(const Model *m, const char *prefix, const char *out, const double *x, int q,
                      const double *ctx, int k)
{
  char name[3][192];
  int64_t h = m->c->hidden_size, heads = m->c->num_attention_heads, d = h / heads;
  static const char *const parts[] = {"query", "key", "value"};
  double *qkv[3], *y = calloc((size_t)(q * h), sizeof *y), *p = calloc((size_t)k, sizeof *p);
  for (int i = 0; i < 3; i++) {
    snprintf(name[i], sizeof name[i], "%s.%s", prefix, parts[i]);
    qkv[i] = dense(m, name[i], i ? ctx : x, i ? k : q, h, h);
  }
  for (int64_t head = 0; head < heads; head++)
    for (int i = 0; i < q; i++) {
      double sum = 0;
      for (int j = 0; j < k; j++) {
        double dot = 0;
        for (int64_t e = 0; e < d; e++)
          dot += qkv[0][i * h + head * d + e] * qkv[1][j * h + head * d + e];
        sum += p[j] = exp(dot / sqrt((double)d));
      }
      for (int j = 0; j < k; j++)
        for (int64_t e = 0; e < d; e++)
          y[i * h + head * d + e] += p[j] / sum * qkv[2][j * h + head * d + e];
    }
  for (int i = 0; i < 3; i++)
    free(qkv[i]);
  free(p);
  return output(m, out, y, x, q, h);
}

static double *feed(const Model *m, const char *inter, const char *out, const double *x, int rows)
{
  char name[192];
  int64_t wide = m->c->intermediate_size;
  snprintf(name, sizeof name, "%s.dense", inter);
  double *y = dense(m, name, x, rows, m->c->hidden_size, wide);
  gelu(y, rows * wide);
  return output(m, out, y, x, rows, wide);
}

static double *layers(const Model *m, const char *list, int64_t n, double *x, int rows)
{
  for (int i = 0; i < n; i++) {
    char a[160], b[160], base[80];
    snprintf(base, sizeof base, "lxmert.encoder.%s.%d", list, i);
    snprintf(a, sizeof a, "%s.attention.self", base);
    snprintf(b, sizeof b, "%s.attention.output", base);
    double *y = attend(m, a, b, x, rows, x, rows);
    snprintf(a, sizeof a, "%s.intermediate", base);
    snprintf(b, sizeof b, "%s.output", base);
    free(x);
    x = feed(m, a, b, y, rows);
    free(y);
  }
  return x;
}

static double *half(const Model *m, int layer, const char *side, const double *x, int n,
                    const double *other, int k)
{
  char a[160], b[160], base[80];
  snprintf(base, sizeof base, "lxmert.encoder.x_layers.%d", layer);
  snprintf(a, sizeof a, "%s.visual_attention.att", base);
  snprintf(b, sizeof b, "%s.visual_attention.output", base);
  double *cross = attend(m, a, b, x, n, other, k);
  snprintf(a, sizeof a, "%s.%s_self_att.self", base, side);
  snprintf(b, sizeof b, "%s.%s_self_att.output", base, side);
  double *self = attend(m, a, b, cross, n, cross, n);
  snprintf(a, sizeof a, "%s.%s_inter", base, side);
  snprintf(b, sizeof b, "%s.%s_output", base, side);
  double *y = feed(m, a, b, self, n);
  free(cross);
  free(self);
  return y;
}

static double *embed_words(const Model *m, const DoubleExample *x)
{
  int64_t h = m->c->hidden_size;
  const double *word = get(m, "lxmert.embeddings.word_embeddings.weight");
  const double *position = get(m, "lxmert.embeddings.position_embeddings.weight");
  const double *type = get(m, "lxmert.embeddings.token_type_embeddings.weight");
  double *y = calloc((size_t)(x->words * h), sizeof *y);
  for (int i = 0; i < x->words; i++)
    for (int64_t j = 0; j < h; j++)
      y[i * h + j] = word[x->ids[i] * h + j] + position[i * h + j] + type[j];
  norm(m, "lxmert.embeddings.LayerNorm", y, x->words, h);
  return y;
}

static double *embed_objects(const Model *m, const DoubleExample *x)
{
  int64_t h = m->c->hidden_size;
  double *y =
      dense(m, "lxmert.encoder.visn_fc.visn_fc", x->features, x->objects, m->c->visual_feat_dim, h);
  double *box = dense(m, "lxmert.encoder.visn_fc.box_fc", x->boxes, x->objects, 4, h);
  norm(m, "lxmert.encoder.visn_fc.visn_layer_norm", y, x->objects, h);
  norm(m, "lxmert.encoder.visn_fc.box_layer_norm", box, x->objects, h);
  for (int64_t i = 0; i < x->objects * h; i++)
    y[i] = (y[i] + box[i]) / 2;
  free(box);
  return y;
}

static double cross_entropy(const double *x, int64_t n, int64_t label)
{
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += exp(x[i]);
  return log(sum) - x[label];
}

static double *transform(const Model *m, const char *prefix, const double *x, int rows)
{
  char name[96];
  int64_t h = m->c->hidden_size;
  snprintf(name, sizeof name, "%s.dense", prefix);
  double *y = dense(m, name, x, rows, h, h);
  gelu(y, rows * h);
  snprintf(name, sizeof name, "%s.LayerNorm", prefix);
  norm(m, name, y, rows, h);
  return y;
}

static void word_losses(const Model *m, const DoubleExample *x, DoubleResult *out)
{
  int64_t h = m->c->hidden_size, v = m->c->vocab_size;
  const double *table = get(m, "lxmert.embeddings.word_embeddings.weight");
  const double *bias = get(m, "cls.predictions.bias");
  double *y = transform(m, "cls.predictions.transform", out->lang, x->words);
  double *logits = calloc((size_t)v, sizeof *logits);
  for (int i = 0; i < x->words; i++) {
    if (x->word_labels[i] < 0)
      continue;
    for (int64_t w = 0; w < v; w++) {
      logits[w] = bias[w];
      for (int64_t j = 0; j < h; j++)
        logits[w] += y[i * h + j] * table[w * h + j];
    }
    out->word_loss += cross_entropy(logits, v, x->word_labels[i]);
    out->word_count++;
  }
  free(y);
  free(logits);
}

static void object_losses(const Model *m, const DoubleExample *x, DoubleResult *out)
{
  const LxConfig *c = m->c;
  int64_t h = c->hidden_size, f = c->visual_feat_dim;
  double *y = transform(m, "obj_predict_head.transform", out->vision, x->objects);
  double *object =
      dense(m, "obj_predict_head.decoder_dict.obj", y, x->objects, h, c->num_object_labels);
  double *attribute =
      dense(m, "obj_predict_head.decoder_dict.attr", y, x->objects, h, c->num_attr_labels);
  double *feature = dense(m, "obj_predict_head.decoder_dict.feat", y, x->objects, h, f);
  for (int i = 0; i < x->objects; i++) {
    out->object_loss +=
        x->object_conf[i] *
        cross_entropy(object + i * c->num_object_labels, c->num_object_labels, x->object_labels[i]);
    out->attribute_loss +=
        x->attribute_conf[i] * cross_entropy(attribute + i * c->num_attr_labels, c->num_attr_labels,
                                             x->attribute_labels[i]);
    for (int64_t j = 0; j < f; j++) {
      double d = fabs(feature[i * f + j] - x->feature_labels[i * f + j]);
      out->feature_loss += x->feature_mask[i] * (d < 1 ? d * d / 2 : d - 0.5) / (double)f;
    }
  }
  free(y);
  free(object);
  free(attribute);
  free(feature);
}

static void pooled_losses(const Model *m, const DoubleExample *x, DoubleResult *out)
{
  int64_t h = m->c->hidden_size, n = m->c->num_qa_labels;
  double *pooled = dense(m, "lxmert.pooler.dense", out->lang, 1, h, h);
  for (int64_t i = 0; i < h; i++)
    pooled[i] = tanh(pooled[i]);
  double *match = dense(m, "cls.seq_relationship", pooled, 1, h, 2);
  double *inner = dense(m, "answer_head.logit_fc.0", pooled, 1, h, 2 * h);
  gelu(inner, 2 * h);
  norm(m, "answer_head.logit_fc.2", inner, 1, 2 * h);
  out->answer_logits = dense(m, "answer_head.logit_fc.3", inner, 1, 2 * h, n);
  out->match_loss = cross_entropy(match, 2, x->match);
  if (x->answer >= 0) {
    out->answer_loss = cross_entropy(out->answer_logits, n, x->answer);
    out->answer_count = 1;
  }
  free(pooled);
  free(match);
  free(inner);
}

void double_forward(const LxConfig *config, const DoubleParams *params, const DoubleExample *x,
                    DoubleResult *out)
{
  Model m = {config, params};
  *out = (DoubleResult){0};
  double *lang = layers(&m, "layer", config->l_layers, embed_words(&m, x), x->words);
  double *vision = layers(&m, "r_layers", config->r_layers, embed_objects(&m, x), x->objects);
  for (int i = 0; i < config->x_layers; i++) {
    double *l = half(&m, i, "lang", lang, x->words, vision, x->objects);
    double *v = half(&m, i, "visn", vision, x->objects, lang, x->words);
    free(lang);
    free(vision);
    lang = l;
    vision = v;
  }
  out->lang = lang;
  out->vision = vision;
  word_losses(&m, x, out);
  object_losses(&m, x, out);
  pooled_losses(&m, x, out);
}

void double_result_clear(DoubleResult *self)
{
  free(self->lang);
  free(self->vision);
  free(self->answer_logits);
}

double double_total(const LxConfig *config, const DoubleParams *params, const DoubleExample *x,
                    int n)
{
  double words = 0, match = 0, objects = 0, answers = 0;
  int word_count = 0, rows = 0, answer_count = 0;
  for (int i = 0; i < n; i++) {
    DoubleResult r;
    double_forward(config, params, &x[i], &r);
    words += r.word_loss;
    word_count += r.word_count;
    match += r.match_loss;
    objects += r.object_loss + r.attribute_loss + r.feature_loss;
    rows += x[i].objects;
    answers += r.answer_loss;
    answer_count += r.answer_count;
    double_result_clear(&r);
  }
  return words / word_count + match / n + objects / rows * config->visual_loss_normalizer +
         answers / answer_count;
}

double double_multi_class(const LxConfig *config, const DoubleParams *params,
                          const DoubleExample *x, int n)
{
  double loss = 0;
  int count = 0;
  for (int e = 0; e < n; e++) {
    DoubleResult r;
    double_forward(config, params, &x[e], &r);
    loss += r.answer_loss;
    count += r.answer_count;
    double_result_clear(&r);
  }
  return (double)config->num_qa_labels * loss / count;
}
