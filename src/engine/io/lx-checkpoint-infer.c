#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint-private.h"

#define MAX_LAYERS 256

/* dim[which] of a tensor into *out, when it is there. */
static void take_dim(const LxTensors *params, const char *name, int which, int64_t *out)
{
  const LxTensor *t = lx_tensors_find(params, name);
  if (t && which < t->ndim)
    *out = t->dim[which];
}

/* One more than the greatest N of "lxmert.encoder.LIST.N.…"; -1 without any. */
static int64_t count_layers(const LxTensors *params, const char *list)
{
  char prefix[64];
  int64_t count = -1;
  int n = snprintf(prefix, sizeof prefix, "lxmert.encoder.%s.", list);
  for (size_t i = 0; i < lx_tensors_count(params); i++) {
    const char *name = lx_tensors_name(params, i);
    char *end;
    if (strncmp(name, prefix, (size_t)n) != 0)
      continue;
    long long layer = strtoll(name + n, &end, 10);
    if (end != name + n && *end == '.' && layer >= 0 && layer < MAX_LAYERS && layer >= count)
      count = layer + 1;
  }
  return count;
}

static void take_layers(const LxTensors *params, LxLayout layout, LxConfig *c)
{
  int64_t language = count_layers(params, "layer"), vision = count_layers(params, "r_layers"),
          cross = count_layers(params, "x_layers");
  if (layout == LX_LAYOUT_BERT) { /* its first layers fill LXMERT's 9; the rest is fresh */
    if (language >= 0 && language < c->l_layers)
      c->l_layers = language;
    return;
  }
  c->l_layers = language < 0 ? 0 : language;
  c->r_layers = vision < 0 ? 0 : vision;
  c->x_layers = cross < 0 ? 0 : cross;
}

static void take_sizes(const LxTensors *p, LxConfig *c)
{
  static const char *const feed_forwards[] = {
      "lxmert.encoder.layer.0.intermediate.dense.weight",
      "lxmert.encoder.r_layers.0.intermediate.dense.weight",
      "lxmert.encoder.x_layers.0.lang_inter.dense.weight",
  };
  take_dim(p, "lxmert.embeddings.word_embeddings.weight", 0, &c->vocab_size);
  take_dim(p, "lxmert.embeddings.word_embeddings.weight", 1, &c->hidden_size);
  take_dim(p, "lxmert.embeddings.position_embeddings.weight", 0, &c->max_position_embeddings);
  take_dim(p, "lxmert.embeddings.token_type_embeddings.weight", 0, &c->type_vocab_size);
  for (int i = 0; i < 3; i++)
    take_dim(p, feed_forwards[i], 0, &c->intermediate_size);
  take_dim(p, "lxmert.encoder.visn_fc.visn_fc.weight", 1, &c->visual_feat_dim);
  take_dim(p, "lxmert.encoder.visn_fc.box_fc.weight", 1, &c->visual_pos_dim);
  take_dim(p, "obj_predict_head.decoder_dict.obj.weight", 0, &c->num_object_labels);
  take_dim(p, "obj_predict_head.decoder_dict.attr.weight", 0, &c->num_attr_labels);
  take_dim(p, "answer_head.logit_fc.3.weight", 0, &c->num_qa_labels);
}

LxStatus lx_checkpoint_infer(const LxTensors *params, LxLayout layout, LxConfig *out,
                             LxError *error)
{
  lx_config_init(out);
  if (!lx_tensors_find(params, "lxmert.embeddings.word_embeddings.weight"))
    return lx_fail(error, LX_ERR_MISSING,
                   "it has no word embeddings, so it is neither LXMERT nor "
                   "BERT.");
  take_sizes(params, out);
  take_layers(params, layout, out);
  out->num_attention_heads = out->hidden_size > 64 ? out->hidden_size / 64 : 1;
  if (out->hidden_size % out->num_attention_heads)
    return lx_fail(error, LX_ERR_MISSING,
                   "there is no config.json beside it, and %lld numbers a word tell no number of "
                   "heads: add the model's config.json.",
                   (long long)out->hidden_size);
  return lx_config_check(out, error);
}

void lx_checkpoint_bert_alone(const LxTensors *params, int64_t features, LxConfig *config)
{
  int64_t layers = count_layers(params, "layer");
  config->l_layers = layers < 0 ? 0 : layers;
  config->r_layers = config->x_layers = 0;
  config->visual_feat_dim = features;
}

LxStatus lx_checkpoint_check_layers(const LxTensors *params, const LxConfig *config, LxError *error)
{
  const struct {
    const char *field, *list;
    int64_t asked;
  } kinds[] = {{"l_layers", "layer", config->l_layers},
               {"r_layers", "r_layers", config->r_layers},
               {"x_layers", "x_layers", config->x_layers}};
  for (int i = 0; i < 3; i++) {
    int64_t held = count_layers(params, kinds[i].list);
    if (kinds[i].asked > (held < 0 ? 0 : held))
      return lx_fail(
          error, LX_ERR_SHAPE,
          "config.json asks for %lld %s, but the weights hold %lld. Correct config.json, "
          "or remove it to take the sizes from the weights.",
          (long long)kinds[i].asked, kinds[i].field, (long long)(held < 0 ? 0 : held));
  }
  return LX_OK;
}
