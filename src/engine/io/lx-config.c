#include "lx-config.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lx-file.h"
#include "lx-json.h"

#define CONFIG_LIMIT (16u << 20) /* id2label of thousands of answers fits easily */
#define MAX_PARAMETERS 4e9       /* 16 GB; the published model has 2e8 */

typedef struct {
  const char *name;
  size_t offset;
  int64_t fallback, min, max;
} IntField;

typedef struct {
  const char *name;
  size_t offset;
  double fallback, min, max;
} RealField;

typedef struct {
  const char *name;
  size_t offset;
} BoolField;

#define AT(field) #field, offsetof(LxConfig, field)

static const IntField ints[] = {
    {AT(vocab_size), 30522, 1, 10000000},
    {AT(hidden_size), 768, 1, 65536},
    {AT(num_attention_heads), 12, 1, 1024},
    {AT(intermediate_size), 3072, 1, 1048576},
    {AT(l_layers), 9, 0, 256},
    {AT(r_layers), 5, 0, 256},
    {AT(x_layers), 5, 0, 256},
    {AT(max_position_embeddings), 512, 1, 1048576},
    {AT(type_vocab_size), 2, 1, 1024},
    {AT(visual_feat_dim), 2048, 1, 1048576},
    {AT(visual_pos_dim), 4, 1, 1024},
    {AT(num_qa_labels), 9500, 0, 10000000},
    {AT(num_object_labels), 1600, 0, 10000000},
    {AT(num_attr_labels), 400, 0, 10000000},
};

static const RealField reals[] = {
    {AT(visual_loss_normalizer), 1 / 0.15, 0, 1e6},
    {AT(hidden_dropout_prob), 0.1, 0, 0.999},
    {AT(attention_probs_dropout_prob), 0.1, 0, 0.999},
    {AT(initializer_range), 0.02, 0, 100},
    {AT(layer_norm_eps), 1e-12, 0, 1},
};

static const BoolField bools[] = {
    {AT(task_matched)},    {AT(task_mask_lm)},     {AT(task_obj_predict)}, {AT(task_qa)},
    {AT(visual_obj_loss)}, {AT(visual_attr_loss)}, {AT(visual_feat_loss)},
};

#define N(array) (sizeof(array) / sizeof(array)[0])

static int64_t *int_at(const LxConfig *self, size_t offset)
{
  return (int64_t *)((char *)self + offset);
}

static double *real_at(const LxConfig *self, size_t offset)
{
  return (double *)((char *)self + offset);
}

static bool *bool_at(const LxConfig *self, size_t offset)
{
  return (bool *)((char *)self + offset);
}

void lx_config_init(LxConfig *self)
{
  memset(self, 0, sizeof *self);
  for (size_t i = 0; i < N(ints); i++)
    *int_at(self, ints[i].offset) = ints[i].fallback;
  for (size_t i = 0; i < N(reals); i++)
    *real_at(self, reals[i].offset) = reals[i].fallback;
  for (size_t i = 0; i < N(bools); i++)
    *bool_at(self, bools[i].offset) = true;
  strcpy(self->hidden_act, "gelu");
}

void lx_config_clear(LxConfig *self)
{
  json_decref(self->document);
  self->document = NULL;
}

LxStatus lx_config_copy(const LxConfig *self, LxConfig *out, LxError *error)
{
  *out = *self;
  if (!self->document)
    return LX_OK;
  out->document = json_deep_copy(self->document);
  return out->document ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
}

/* About how many numbers a model of these sizes is made of. */
static double parameter_count(const LxConfig *c)
{
  double h = (double)c->hidden_size, f = (double)c->intermediate_size;
  double attention = 4 * h * h, feed_forward = 2 * h * f;
  double columns = (double)(c->vocab_size + c->max_position_embeddings + c->type_vocab_size +
                            c->visual_pos_dim + 2 * c->visual_feat_dim + 2 * c->num_qa_labels +
                            c->num_object_labels + c->num_attr_labels);
  return columns * h + (double)(c->l_layers + c->r_layers) * (attention + feed_forward) +
         (double)c->x_layers * (3 * attention + 2 * feed_forward) + 5 * h * h;
}

LxStatus lx_config_check(const LxConfig *self, LxError *error)
{
  for (size_t i = 0; i < N(ints); i++) {
    int64_t v = *int_at(self, ints[i].offset);
    if (v < ints[i].min || v > ints[i].max)
      return lx_fail(error, LX_ERR_FORMAT, "%s is %lld; it must be between %lld and %lld.",
                     ints[i].name, (long long)v, (long long)ints[i].min, (long long)ints[i].max);
  }
  for (size_t i = 0; i < N(reals); i++) {
    double v = *real_at(self, reals[i].offset);
    if (!(v >= reals[i].min && v <= reals[i].max))
      return lx_fail(error, LX_ERR_FORMAT, "%s is %g; it must be between %g and %g.", reals[i].name,
                     v, reals[i].min, reals[i].max);
  }
  if (parameter_count(self) > MAX_PARAMETERS)
    return lx_fail(
        error, LX_ERR_FORMAT,
        "these sizes make a model of %.3g numbers (hidden_size %lld, vocab_size %lld, …); "
        "at most %.0g are possible.",
        parameter_count(self), (long long)self->hidden_size, (long long)self->vocab_size,
        MAX_PARAMETERS);
  if (self->hidden_size % self->num_attention_heads)
    return lx_fail(error, LX_ERR_FORMAT,
                   "hidden_size %lld cannot be divided among %lld attention heads.",
                   (long long)self->hidden_size, (long long)self->num_attention_heads);
  if (strcmp(self->hidden_act, "gelu") != 0)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "hidden_act is “%s”; LXMERT models here use “gelu”.",
                   self->hidden_act);
  return LX_OK;
}

static LxStatus take_text(const json_t *value, const char *name, char *out, size_t size,
                          LxError *error)
{
  const char *text = json_string_value(value);
  if (!text || strlen(text) >= size)
    return lx_fail(error, LX_ERR_FORMAT, "%s must be a text of fewer than %zu bytes.", name, size);
  strcpy(out, text);
  return LX_OK;
}

static LxStatus take_fields(const json_t *root, LxConfig *out, LxError *error)
{
  for (size_t i = 0; i < N(ints); i++) {
    const json_t *v = json_object_get(root, ints[i].name);
    if (v && !json_is_integer(v))
      return lx_fail(error, LX_ERR_FORMAT, "%s must be a whole number.", ints[i].name);
    if (v)
      *int_at(out, ints[i].offset) = json_integer_value(v);
  }
  for (size_t i = 0; i < N(reals); i++) {
    const json_t *v = json_object_get(root, reals[i].name);
    if (v && !json_is_number(v))
      return lx_fail(error, LX_ERR_FORMAT, "%s must be a number.", reals[i].name);
    if (v)
      *real_at(out, reals[i].offset) = json_number_value(v);
  }
  for (size_t i = 0; i < N(bools); i++) {
    const json_t *v = json_object_get(root, bools[i].name);
    if (v && !json_is_boolean(v))
      return lx_fail(error, LX_ERR_FORMAT, "%s must be true or false.", bools[i].name);
    if (v)
      *bool_at(out, bools[i].offset) = json_is_true(v);
  }
  const json_t *blind = json_object_get(root, "crosslens_blind");
  const json_t *baseline = json_object_get(root, "crosslens_baseline");
  const json_t *act = json_object_get(root, "hidden_act");
  const json_t *arch = json_array_get(json_object_get(root, "architectures"), 0);
  LxStatus status = LX_OK;
  if (act)
    status = take_text(act, "hidden_act", out->hidden_act, sizeof out->hidden_act, error);
  if (blind && !status)
    status = take_text(blind, "crosslens_blind", out->blind, sizeof out->blind, error);
  if (blind && !status && strcmp(out->blind, "image") != 0 && strcmp(out->blind, "question") != 0)
    status = lx_fail(error, LX_ERR_FORMAT, "crosslens_blind is “%s”; it is “image” or “question”.",
                     out->blind);
  if (baseline && !status)
    status = take_text(baseline, "crosslens_baseline", out->baseline, sizeof out->baseline, error);
  if (!status && *out->baseline && strcmp(out->baseline, "lstm-butd") != 0 &&
      strcmp(out->baseline, "bert-butd") != 0)
    status =
        lx_fail(error, LX_ERR_FORMAT,
                "crosslens_baseline is “%s”; it is “lstm-butd” or “bert-butd”.", out->baseline);
  if (arch && !status)
    status = take_text(arch, "architectures", out->architecture, sizeof out->architecture, error);
  return status;
}

LxStatus lx_config_parse(const char *text, size_t size, const char *source, LxConfig *out,
                         LxError *error)
{
  json_t *root;
  LxStatus status = lx_json_parse(text, size, source, &root, error);
  if (status)
    return status;
  lx_config_init(out);
  const char *type = json_string_value(json_object_get(root, "model_type"));
  if (!json_is_object(root))
    status = lx_fail(error, LX_ERR_FORMAT, "it must be a JSON object.");
  else if (type && strcmp(type, "lxmert") != 0)
    status = lx_fail(error, LX_ERR_UNSUPPORTED, "model_type is “%.60s”, not “lxmert”.", type);
  if (!status)
    status = take_fields(root, out, error);
  if (!status)
    status = lx_config_check(out, error);
  if (status) {
    json_decref(root);
    lx_fail_in(error, source);
    return status;
  }
  out->document = root;
  return LX_OK;
}

LxStatus lx_config_read(const char *path, LxConfig *out, LxError *error)
{
  char *text;
  size_t size;
  LxStatus status = lx_file_read(path, CONFIG_LIMIT, &text, &size, error);
  if (status)
    return status;
  status = lx_config_parse(text, size, path, out, error);
  free(text);
  return status;
}

/* Only what changed is set, so that 0 stays 0 and does not become 0.0. */
static int put_fields(const LxConfig *self, json_t *root)
{
  int bad = 0;
  for (size_t i = 0; i < N(ints); i++)
    bad |= json_object_set_new(root, ints[i].name, json_integer(*int_at(self, ints[i].offset)));
  for (size_t i = 0; i < N(reals); i++) {
    const json_t *old = json_object_get(root, reals[i].name);
    double v = *real_at(self, reals[i].offset);
    if (!old || json_number_value(old) != v)
      bad |= json_object_set_new(root, reals[i].name, json_real(v));
  }
  for (size_t i = 0; i < N(bools); i++)
    bad |= json_object_set_new(root, bools[i].name, json_boolean(*bool_at(self, bools[i].offset)));
  bad |= json_object_set_new(root, "hidden_act", json_string(self->hidden_act));
  if (*self->blind)
    bad |= json_object_set_new(root, "crosslens_blind", json_string(self->blind));
  else
    json_object_del(root, "crosslens_blind");
  if (*self->baseline)
    bad |= json_object_set_new(root, "crosslens_baseline", json_string(self->baseline));
  else
    json_object_del(root, "crosslens_baseline");
  bad |= json_object_set_new(root, "model_type", json_string("lxmert"));
  if (*self->architecture)
    bad |= json_object_set_new(root, "architectures", json_pack("[s]", self->architecture));
  /* HF derives its layer loops from this object. */
  bad |= json_object_set_new(root, "num_hidden_layers",
                             json_pack("{s:I,s:I,s:I}", "vision", (json_int_t)self->r_layers,
                                       "cross_encoder", (json_int_t)self->x_layers, "language",
                                       (json_int_t)self->l_layers));
  return bad;
}

LxStatus lx_config_write(const LxConfig *self, const char *path, LxError *error)
{
  LxStatus status = lx_config_check(self, error);
  if (status)
    return status;
  json_t *root = self->document ? json_deep_copy(self->document) : json_object();
  if (!root || put_fields(self, root))
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write “%s”.", path);
  else
    status = lx_json_write(root, path, error);
  json_decref(root);
  return status;
}
