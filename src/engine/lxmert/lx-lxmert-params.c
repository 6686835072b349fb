#include "lx-lxmert-params.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lx-baseline.h"
#include "lx-rng.h"

/* What walks the list: stops at the first failure. */
typedef struct {
  LxStatus (*each)(const LxParamSpec *spec, void *user_data, LxError *error);
  void *user_data;
  LxError *error;
  LxStatus status;
} Walk;

static void visit(Walk *w, const char *prefix, const char *tail, int ndim, int64_t d0, int64_t d1)
{
  char name[192];
  if (w->status)
    return;
  snprintf(name, sizeof name, "%s%s", prefix, tail);
  LxParamSpec spec = {name, ndim, {d0, ndim > 1 ? d1 : 0}};
  w->status = w->each(&spec, w->user_data, w->error);
}

static void dense(Walk *w, const char *prefix, int64_t out, int64_t in)
{
  visit(w, prefix, ".weight", 2, out, in);
  visit(w, prefix, ".bias", 1, out, 0);
}

static void norm(Walk *w, const char *prefix, int64_t n)
{
  visit(w, prefix, ".weight", 1, n, 0);
  visit(w, prefix, ".bias", 1, n, 0);
}

__attribute__((format(printf, 2, 3))) static const char *path(char *buf, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  vsnprintf(buf, 160, format, args);
  va_end(args);
  return buf;
}

/* `self` is the name of the inner module: "self", or "att" in visual_attention. */
static void attention(Walk *w, const char *prefix, const char *self, int64_t h)
{
  char p[160];
  dense(w, path(p, "%s.%s.query", prefix, self), h, h);
  dense(w, path(p, "%s.%s.key", prefix, self), h, h);
  dense(w, path(p, "%s.%s.value", prefix, self), h, h);
  dense(w, path(p, "%s.output.dense", prefix), h, h);
  norm(w, path(p, "%s.output.LayerNorm", prefix), h);
}

static void feed_forward(Walk *w, const char *inter, const char *output, const LxConfig *c)
{
  char p[160];
  dense(w, path(p, "%s.dense", inter), c->intermediate_size, c->hidden_size);
  dense(w, path(p, "%s.dense", output), c->hidden_size, c->intermediate_size);
  norm(w, path(p, "%s.LayerNorm", output), c->hidden_size);
}

static void layers(Walk *w, const char *list, int64_t n, const LxConfig *c)
{
  char base[64], a[160], b[160];
  for (int i = 0; i < n; i++) {
    snprintf(base, sizeof base, "lxmert.encoder.%s.%d", list, i);
    attention(w, path(a, "%s.attention", base), "self", c->hidden_size);
    feed_forward(w, path(a, "%s.intermediate", base), path(b, "%s.output", base), c);
  }
}

static void cross_layers(Walk *w, const LxConfig *c)
{
  char base[64], a[160], b[160];
  for (int i = 0; i < c->x_layers; i++) {
    snprintf(base, sizeof base, "lxmert.encoder.x_layers.%d", i);
    attention(w, path(a, "%s.visual_attention", base), "att", c->hidden_size);
    attention(w, path(a, "%s.lang_self_att", base), "self", c->hidden_size);
    attention(w, path(a, "%s.visn_self_att", base), "self", c->hidden_size);
    feed_forward(w, path(a, "%s.lang_inter", base), path(b, "%s.lang_output", base), c);
    feed_forward(w, path(a, "%s.visn_inter", base), path(b, "%s.visn_output", base), c);
  }
}

static void embeddings(Walk *w, const LxConfig *c)
{
  int64_t h = c->hidden_size;
  visit(w, "lxmert.embeddings.word_embeddings", ".weight", 2, c->vocab_size, h);
  visit(w, "lxmert.embeddings.position_embeddings", ".weight", 2, c->max_position_embeddings, h);
  visit(w, "lxmert.embeddings.token_type_embeddings", ".weight", 2, c->type_vocab_size, h);
  norm(w, "lxmert.embeddings.LayerNorm", h);
  if (*c->baseline)
    return; /* sees raw features and no boxes */
  dense(w, "lxmert.encoder.visn_fc.visn_fc", h, c->visual_feat_dim);
  norm(w, "lxmert.encoder.visn_fc.visn_layer_norm", h);
  dense(w, "lxmert.encoder.visn_fc.box_fc", h, c->visual_pos_dim);
  norm(w, "lxmert.encoder.visn_fc.box_layer_norm", h);
}

static void heads_of(Walk *w, const LxConfig *c, unsigned heads)
{
  int64_t h = c->hidden_size, pooled = heads & LX_HEAD_NLVR2 ? 2 * h : h;
  if (heads & LX_HEAD_MLM) {
    visit(w, "cls.predictions", ".bias", 1, c->vocab_size, 0);
    dense(w, "cls.predictions.transform.dense", h, h);
    norm(w, "cls.predictions.transform.LayerNorm", h);
  }
  if (heads & LX_HEAD_MATCH)
    dense(w, "cls.seq_relationship", 2, h);
  if (heads & LX_HEAD_OBJECTS) {
    dense(w, "obj_predict_head.transform.dense", h, h);
    norm(w, "obj_predict_head.transform.LayerNorm", h);
    dense(w, "obj_predict_head.decoder_dict.obj", c->num_object_labels, h);
    dense(w, "obj_predict_head.decoder_dict.attr", c->num_attr_labels, h);
    dense(w, "obj_predict_head.decoder_dict.feat", c->visual_feat_dim, h);
  }
  if (heads & (LX_HEAD_ANSWER | LX_HEAD_NLVR2)) {
    dense(w, "answer_head.logit_fc.0", 2 * h, pooled);
    norm(w, "answer_head.logit_fc.2", 2 * h);
    dense(w, "answer_head.logit_fc.3", heads & LX_HEAD_NLVR2 ? 2 : c->num_qa_labels, 2 * h);
  }
}

LxStatus lx_lxmert_each_param(const LxConfig *config, unsigned heads,
                              LxStatus (*each)(const LxParamSpec *spec, void *user_data,
                                               LxError *error),
                              void *user_data, LxError *error)
{
  Walk w = {each, user_data, error, LX_OK};
  embeddings(&w, config);
  layers(&w, "layer", config->l_layers, config);
  cross_layers(&w, config);
  layers(&w, "r_layers", config->r_layers, config);
  dense(&w, "lxmert.pooler.dense", config->hidden_size, config->hidden_size);
  if (*config->baseline && !w.status)
    w.status = lx_baseline_each_param(config, each, user_data, error);
  heads_of(&w, config, heads);
  return w.status;
}

typedef struct {
  LxTensors *params;
  LxRng rng;
  double deviation;
} Init;

static bool ends_with(const char *s, const char *tail)
{
  size_t n = strlen(s), m = strlen(tail);
  return n >= m && strcmp(s + n - m, tail) == 0;
}

static bool is_norm(const char *name)
{
  return strstr(name, "LayerNorm") || strstr(name, "layer_norm") || strstr(name, "logit_fc.2");
}

/* Each parameter draws from its own stream, so that adding one changes no other. */
static uint64_t stream_of(const char *name)
{
  uint64_t h = 1469598103934665603u;
  for (; *name; name++)
    h = (h ^ (unsigned char)*name) * 1099511628211u;
  return h;
}

static LxStatus add_one(const LxParamSpec *spec, void *user_data, LxError *error)
{
  Init *init = user_data;
  LxTensor *t = lx_tensors_find(init->params, spec->name);
  if (t) {
    if (t->ndim == spec->ndim && t->dim[0] == spec->dim[0] &&
        (spec->ndim < 2 || t->dim[1] == spec->dim[1]))
      return LX_OK;
    char has[96], wants[96];
    LxTensor want = {.ndim = spec->ndim, .dim = {spec->dim[0], spec->dim[1]}};
    return lx_fail(error, LX_ERR_SHAPE, "Parameter “%s” is %s; the configuration needs %s.",
                   spec->name, lx_tensor_shape_text(t, has, sizeof has),
                   lx_tensor_shape_text(&want, wants, sizeof wants));
  }
  LxStatus status =
      lx_tensors_add(init->params, spec->name, LX_F32, spec->ndim, spec->dim, &t, error);
  if (status)
    return status;
  init->rng.stream = stream_of(spec->name);
  init->rng.counter = 0;
  /* BERT's 0.02 would all but close a baseline's gates: they have no LayerNorm. */
  double deviation =
      strncmp(spec->name, "baseline.", 9) ? init->deviation : 1 / sqrt((double)spec->dim[1]);
  for (int64_t i = 0; i < lx_tensor_count(t); i++)
    lx_f32(t)[i] = spec->ndim == 2 ? (float)(deviation * lx_rng_normal(&init->rng))
                                   : is_norm(spec->name) && ends_with(spec->name, ".weight");
  return LX_OK;
}

LxStatus lx_lxmert_add_missing(const LxConfig *config, unsigned heads, uint64_t seed,
                               LxTensors *params, LxError *error)
{
  Init init = {.params = params, .rng = {.seed = seed}, .deviation = config->initializer_range};
  return lx_lxmert_each_param(config, heads, add_one, &init, error);
}

LxStatus lx_lxmert_init_params(const LxConfig *config, unsigned heads, uint64_t seed,
                               LxTensors **out, LxError *error)
{
  LxTensors *params = lx_tensors_new();
  if (!params)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the parameters.");
  LxStatus status = lx_lxmert_add_missing(config, heads, seed, params, error);
  if (status)
    lx_tensors_unref(params);
  else
    *out = params;
  return status;
}

LxStatus lx_lxmert_spread_boxes(LxTensors *params, double deviation, uint64_t seed, LxError *error)
{
  static const float middle[4] = {0.4f, 0.4f, 0.6f, 0.6f};
  LxTensor *weight = lx_tensors_find(params, "lxmert.encoder.visn_fc.box_fc.weight");
  LxTensor *bias = lx_tensors_find(params, "lxmert.encoder.visn_fc.box_fc.bias");
  LxRng rng = {.seed = seed, .stream = stream_of("spread boxes")};
  if (!weight || !bias || weight->dtype != LX_F32 || bias->dtype != LX_F32)
    return lx_fail(error, LX_ERR_ARGUMENT, "These weights have no layer for the boxes.");
  int64_t n = weight->dim[1];
  for (int64_t i = 0; i < weight->dim[0]; i++)
    for (int64_t k = 0; k < n; k++) {
      float more = (float)(deviation * lx_rng_normal(&rng));
      lx_f32(weight)[i * n + k] += more;
      lx_f32(bias)[i] -= more * middle[k % 4];
    }
  return LX_OK;
}

unsigned lx_lxmert_part(const char *name)
{
  if (strstr(name, ".embeddings.") || strstr(name, ".visn_fc."))
    return LX_PART_EMBEDDINGS;
  if (strstr(name, ".encoder.layer."))
    return LX_PART_LANGUAGE;
  if (strstr(name, ".encoder.r_layers."))
    return LX_PART_VISION;
  if (strstr(name, ".encoder.x_layers."))
    return LX_PART_CROSS;
  return LX_PART_HEADS;
}

bool lx_lxmert_no_decay(const char *name)
{
  return ends_with(name, "bias") || is_norm(name);
}
