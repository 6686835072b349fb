#include "lx-checkpoint.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint-private.h"
#include "lx-file.h"
#include "lx-json.h"
#include "lx-lxmert-named.h"
#include "lx-safetensors.h"

#define VOCAB_LIMIT ((size_t)256 << 20)
#define CONFIG_LIMIT ((size_t)16 << 20)

LxStatus lx_names_add(LxNames *self, const char *name, LxError *error)
{
  if (self->count == self->capacity) {
    size_t n = self->capacity ? self->capacity * 2 : 64;
    char **names = realloc(self->names, n * sizeof *names);
    if (!names)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the report.");
    self->names = names;
    self->capacity = n;
  }
  self->names[self->count] = strdup(name);
  if (!self->names[self->count])
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the report.");
  self->count++;
  return LX_OK;
}

void lx_names_clear(LxNames *self)
{
  for (size_t i = 0; i < self->count; i++)
    free(self->names[i]);
  free(self->names);
  *self = (LxNames){0};
}

void lx_checkpoint_clear(LxCheckpoint *self)
{
  lx_config_clear(&self->config);
  lx_tensors_unref(self->params);
  lx_answers_free(self->answers);
  free(self->vocab_path);
  lx_names_clear(&self->report.loaded);
  lx_names_clear(&self->report.missing);
  lx_names_clear(&self->report.unused);
  *self = (LxCheckpoint){0};
}

/* True when the configuration is there and says that it is not LXMERT's (BERT's, say). */
static bool is_other_model(const char *path)
{
  json_t *json;
  if (lx_json_read(path, CONFIG_LIMIT, &json, NULL))
    return false;
  const char *type = json_string_value(json_object_get(json, "model_type"));
  bool lxmert = type ? strcmp(type, "lxmert") == 0 : json_object_get(json, "x_layers") != NULL;
  json_decref(json);
  return !lxmert;
}

/* A config.json of BERT's, or a rest of LXMERT's, says how many heads there are; nothing else is not
 * in the tensors. */
static bool take_heads(const char *path, LxConfig *config)
{
  json_t *json;
  if (lx_json_read(path, CONFIG_LIMIT, &json, NULL))
    return false;
  json_int_t heads = json_integer_value(json_object_get(json, "num_attention_heads"));
  bool fits = heads > 0 && heads <= config->hidden_size && config->hidden_size % heads == 0;
  if (fits)
    config->num_attention_heads = heads;
  json_decref(json);
  return fits;
}

static LxStatus find_config(const char *path, const LxCheckpointOptions *options,
                            const LxTensors *named, LxLayout layout, LxCheckpoint *out,
                            LxError *error)
{
  LxStatus status;
  char *config = lx_checkpoint_beside(path, "config.json");
  if (options && options->config) {
    status = lx_config_copy(options->config, &out->config, error);
  } else if (config && layout != LX_LAYOUT_BERT && !is_other_model(config)) {
    status = lx_config_read(config, &out->config, error);
    if (!status)
      status = lx_checkpoint_check_layers(named, &out->config, error);
  } else {
    out->report.config_inferred = true;
    status = lx_checkpoint_infer(named, layout, &out->config, error);
    if (!status)
      out->report.heads_assumed = !config || !take_heads(config, &out->config);
    if (!status && layout == LX_LAYOUT_BERT && options && options->bert_features)
      lx_checkpoint_bert_alone(named, options->bert_features, &out->config);
  }
  free(config);
  return status;
}

/* Picks what config and heads ask for out of `named`. */
typedef struct {
  const LxTensors *named;
  LxCheckpoint *out;
  unsigned exact; /* LX_HEAD_* whose parameters must have the size that config asks for */
} Pick;

/* The heads that a parameter may belong to; 0 for the body. */
static unsigned head_of(const char *name)
{
  if (strncmp(name, "lxmert.", 7) == 0)
    return 0;
  if (strncmp(name, "answer_head.", 12) == 0)
    return LX_HEAD_ANSWER | LX_HEAD_NLVR2;
  if (strncmp(name, "obj_predict_head.", 17) == 0)
    return LX_HEAD_OBJECTS;
  return strncmp(name, "cls.seq_", 8) == 0 ? LX_HEAD_MATCH : LX_HEAD_MLM;
}

static LxStatus pick_one(const LxParamSpec *spec, void *user_data, LxError *error)
{
  Pick *pick = user_data;
  const LxTensor *t = lx_tensors_find(pick->named, spec->name);
  LxTensor want = {.dtype = LX_F32, .ndim = spec->ndim, .dim = {spec->dim[0], spec->dim[1]}};
  if (t && lx_tensor_same_shape(t, &want)) {
    LxStatus status = lx_names_add(&pick->out->report.loaded, spec->name, error);
    return status ? status
                  : lx_tensors_add_view(pick->out->params, spec->name, LX_F32, t->ndim, t->dim,
                                        t->data, error);
  }
  if (t && (!head_of(spec->name) || (head_of(spec->name) & pick->exact))) {
    char has[96], wants[96];
    return lx_fail(error, LX_ERR_SHAPE,
                   "Parameter “%s” is %s; the configuration asks for %s. Correct config.json, or "
                   "remove it to take the sizes from the weights.",
                   spec->name, lx_tensor_shape_text(t, has, sizeof has),
                   lx_tensor_shape_text(&want, wants, sizeof wants));
  }
  return lx_names_add(&pick->out->report.missing, spec->name, error);
}

/* Everything that is neither a parameter now nor the second name of one. */
static LxStatus list_unused(const LxTensors *raw, const LxTensors *named,
                            const unsigned char *state, LxCheckpoint *out, LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t i = 0; i < lx_tensors_count(raw) && !status; i++) {
    char canonical[512];
    const char *own = lx_tensors_name(raw, i);
    if (state[i] == LX_RAW_TIED)
      continue;
    if (state[i] == LX_RAW_NAMED && lx_checkpoint_name(own, canonical, sizeof canonical)) {
      const LxTensor *from = lx_tensors_find(named, canonical);
      const LxTensor *picked = lx_tensors_find(out->params, canonical);
      if (from && picked && from->data == picked->data)
        continue;
    }
    status = lx_names_add(&out->report.unused, own, error);
  }
  return status;
}

static void release_tensors(void *tensors)
{
  lx_tensors_unref(tensors);
}

static LxStatus pick_params(LxTensors *named, unsigned heads, bool own_config, uint64_t seed,
                            LxCheckpoint *out, LxError *error)
{
  /* Another kind of head than the file's (a pair's instead of a question's) has another size. */
  Pick pick = {named, out, own_config ? heads & lx_lxmert_heads_of(named) : 0};
  out->params = lx_tensors_new();
  if (!out->params)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the parameters.");
  LxStatus status = lx_tensors_keep(out->params, named, release_tensors, error);
  if (status)
    return status;
  lx_tensors_ref(named);
  out->report.heads = heads;
  status = lx_lxmert_each_param(&out->config, heads, pick_one, &pick, error);
  if (!status && out->report.loaded.count == 0)
    status =
        lx_fail(error, LX_ERR_MISSING, "none of its %zu tensors is a parameter of LXMERT or BERT.",
                lx_tensors_count(named));
  if (!status)
    status = lx_lxmert_add_missing(&out->config, heads, seed, out->params, error);
  return status;
}

static LxStatus fill(const char *path, LxTensors *raw, const LxCheckpointOptions *options,
                     LxCheckpoint *out, LxError *error)
{
  LxTensors *named = NULL;
  bool own_config = !options || !options->config;
  unsigned char *state = calloc(lx_tensors_count(raw) + 1, 1);
  if (!state)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory.");
  LxLayout layout = lx_checkpoint_layout(raw);
  out->report.layout = lx_layout_name(layout);
  LxStatus status = lx_checkpoint_rename(raw, &named, state, error);
  if (!status && lx_tensors_count(named) == 0)
    status =
        lx_fail(error, LX_ERR_MISSING, "none of its %zu tensors is a parameter of LXMERT or BERT.",
                lx_tensors_count(raw));
  if (!status)
    status = find_config(path, options, named, layout, out, error);
  if (!status) {
    unsigned heads = options && options->heads ? options->heads : lx_lxmert_heads_of(named);
    status = pick_params(named, heads, own_config, options ? options->seed : 0, out, error);
  }
  if (!status)
    status = list_unused(raw, named, state, out, error);
  if (!status)
    status =
        lx_checkpoint_find_answers(path, own_config && !(options && options->heads), out, error);
  if (!status)
    out->vocab_path = lx_checkpoint_beside(path, "vocab.txt");
  lx_tensors_unref(named);
  free(state);
  return status;
}

LxStatus lx_checkpoint_read(const char *path, const LxCheckpointOptions *options, LxCheckpoint *out,
                            LxError *error)
{
  LxTensors *raw;
  *out = (LxCheckpoint){0};
  LxStatus status = lx_checkpoint_read_raw(path, &raw, error);
  if (status)
    return status;
  status = fill(path, raw, options, out, error);
  lx_tensors_unref(raw);
  if (status) {
    char where[400];
    snprintf(where, sizeof where, "“%.380s”", path);
    lx_fail_in(error, where);
    lx_checkpoint_clear(out);
  }
  return status;
}

static const char *architecture(unsigned heads)
{
  if (heads & (LX_HEAD_MLM | LX_HEAD_MATCH | LX_HEAD_OBJECTS))
    return "LxmertForPreTraining";
  return heads & LX_HEAD_ANSWER ? "LxmertForQuestionAnswering" : "LxmertModel";
}

static LxStatus copy_file(const char *from, const char *to, LxError *error)
{
  char *text;
  size_t size;
  LxStatus status = lx_file_read(from, VOCAB_LIMIT, &text, &size, error);
  if (status)
    return status;
  status = lx_file_write(to, text, size, error);
  free(text);
  return status;
}

static LxStatus write_config(const char *path, const LxConfig *config, unsigned heads,
                             LxError *error)
{
  LxConfig copy;
  LxStatus status = lx_config_copy(config, &copy, error);
  if (status)
    return status;
  strcpy(copy.architecture, architecture(heads));
  if (heads & LX_HEAD_MLM) { /* HF builds the heads that these ask for, and no others */
    copy.task_mask_lm = true;
    copy.task_matched = (heads & LX_HEAD_MATCH) != 0;
    copy.task_obj_predict = (heads & LX_HEAD_OBJECTS) != 0;
    copy.task_qa = (heads & LX_HEAD_ANSWER) != 0;
  }
  status = lx_config_write(&copy, path, error);
  lx_config_clear(&copy);
  return status;
}

LxStatus lx_checkpoint_write(const char *folder, const LxConfig *config, const LxTensors *params,
                             int dtype, const LxAnswers *answers, const char *vocab_path,
                             LxError *error)
{
  LxStatus status = lx_file_make_folder(folder, error);
  char *config_path = lx_file_join(folder, "config.json");
  char *weights = lx_file_join(folder, "model.safetensors");
  char *vocab = lx_file_join(folder, "vocab.txt");
  char *table = lx_file_join(folder, "answers.json");
  if (!status && (!config_path || !weights || !vocab || !table))
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write “%s”.", folder);
  if (!status)
    lx_file_drop_leftovers(folder); /* of one that was killed while it wrote */
  if (!status && vocab_path && strcmp(vocab_path, vocab) != 0)
    status = copy_file(vocab_path, vocab, error);
  if (!status && answers)
    status = lx_answers_write(answers, table, error);
  if (!status)
    status = lx_safetensors_write(weights, params, dtype, error);
  if (!status)
    status = write_config(config_path, config, lx_lxmert_heads_of(params), error);
  free(config_path);
  free(weights);
  free(vocab);
  free(table);
  return status;
}
