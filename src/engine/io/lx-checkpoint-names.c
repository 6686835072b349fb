#include <stdio.h>
#include <string.h>

#include "lx-checkpoint-private.h"

static bool skip_prefix(const char **name, const char *prefix)
{
  size_t n = strlen(prefix);
  if (strncmp(*name, prefix, n) != 0)
    return false;
  *name += n;
  return true;
}

/* Data-parallel training wraps the model in "module."; fine-tuning in "lxrt_encoder.model.". */
static const char *unwrap(const char *name)
{
  skip_prefix(&name, "module.");
  if (skip_prefix(&name, "lxrt_encoder.model."))
    skip_prefix(&name, "module.");
  return name;
}

/* TensorFlow's names of LayerNorm's weight and bias in old BERT files. */
static void rename_tail(char *name)
{
  size_t n = strlen(name);
  if (n > 6 && strcmp(name + n - 6, ".gamma") == 0)
    strcpy(name + n - 5, "weight");
  else if (n > 5 && strcmp(name + n - 5, ".beta") == 0)
    strcpy(name + n - 4, "bias");
}

bool lx_checkpoint_name(const char *name, char *out, size_t size)
{
  static const struct {
    const char *from, *to;
  } prefixes[] = {
      {"lxmert.", "lxmert."},
      {"bert.", "lxmert."},
      {"embeddings.", "lxmert.embeddings."}, /* a body saved alone */
      {"encoder.", "lxmert.encoder."},
      {"pooler.", "lxmert.pooler."},
      {"cls.", "cls."},
      {"obj_predict_head.", "obj_predict_head."},
      {"answer_head.", "answer_head."},
      {"logit_fc.", "answer_head.logit_fc."},
  };
  const char *tail = unwrap(name);
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
    if (!skip_prefix(&tail, prefixes[i].from))
      continue;
    int n = snprintf(out, size, "%s%s", prefixes[i].to, tail);
    if (n < 0 || (size_t)n + 2 > size)
      return false;
    rename_tail(out);
    return true;
  }
  return false;
}

LxLayout lx_checkpoint_layout(const LxTensors *raw)
{
  bool vision = false, fine_tuned = false, bert = false;
  for (size_t i = 0; i < lx_tensors_count(raw); i++) {
    const char *name = lx_tensors_name(raw, i);
    vision |= strstr(name, "encoder.visn_fc.") || strstr(name, "x_layers.");
    fine_tuned |= strstr(name, "lxrt_encoder.model.") != NULL;
    bert |= strncmp(unwrap(name), "bert.", 5) == 0;
  }
  if (!vision)
    return LX_LAYOUT_BERT;
  return fine_tuned ? LX_LAYOUT_FINE_TUNED : bert ? LX_LAYOUT_AUTHORS : LX_LAYOUT_HF;
}

const char *lx_layout_name(LxLayout layout)
{
  static const char *const names[] = {
      [LX_LAYOUT_HF] = "LXMERT, Hugging Face's names",
      [LX_LAYOUT_AUTHORS] = "LXMERT, the authors' pre-training snapshot",
      [LX_LAYOUT_FINE_TUNED] = "LXMERT, the authors' fine-tuned snapshot",
      [LX_LAYOUT_BERT] = "BERT (language layers only)",
  };
  return names[layout];
}

/* The masked-word head's decoder is the word embeddings, and its bias has a second name. */
static bool is_tied_copy(const char *canonical, const LxTensor *t, const LxTensor *twin)
{
  bool known = strcmp(canonical, "cls.predictions.decoder.weight") == 0 ||
               strcmp(canonical, "cls.predictions.decoder.bias") == 0;
  return known && twin && twin->dtype == t->dtype && lx_tensor_same_shape(t, twin) &&
         (twin->data == t->data || memcmp(twin->data, t->data, lx_tensor_bytes(t)) == 0);
}

/* The raw tensor whose canonical name is `wanted`; NULL when there is none. */
static const LxTensor *find_canonical(const LxTensors *raw, const char *wanted)
{
  char name[512];
  for (size_t i = 0; i < lx_tensors_count(raw); i++)
    if (lx_checkpoint_name(lx_tensors_name(raw, i), name, sizeof name) && strcmp(name, wanted) == 0)
      return lx_tensors_at(raw, i);
  return NULL;
}

static LxStatus add_renamed(LxTensors *to, const char *name, const LxTensor *t, LxError *error)
{
  if (t->dtype == LX_F32)
    return lx_tensors_add_view(to, name, LX_F32, t->ndim, t->dim, t->data, error);
  LxTensor *wide;
  LxStatus status = lx_tensors_add(to, name, LX_F32, t->ndim, t->dim, &wide, error);
  if (!status)
    lx_convert_to_f32(t->dtype, t->data, lx_f32(wide), lx_tensor_count(t));
  return status;
}

static LxStatus rename_one(LxTensors *raw, size_t i, LxTensors *to, unsigned char *state,
                           LxError *error)
{
  char name[512];
  const LxTensor *t = lx_tensors_at(raw, i);
  *state = LX_RAW_UNUSED;
  if (t->dtype > LX_BF16 || !lx_checkpoint_name(lx_tensors_name(raw, i), name, sizeof name))
    return LX_OK;
  if (strncmp(name, "cls.predictions.decoder.", 24) == 0) {
    const char *twin = strcmp(name + 24, "bias") == 0 ? "cls.predictions.bias"
                                                      : "lxmert.embeddings.word_embeddings.weight";
    if (is_tied_copy(name, t, find_canonical(raw, twin)))
      *state = LX_RAW_TIED;
    return LX_OK;
  }
  if (lx_tensors_find(to, name))
    return LX_OK;
  *state = LX_RAW_NAMED;
  return add_renamed(to, name, t, error);
}

static void release_tensors(void *tensors)
{
  lx_tensors_unref(tensors);
}

LxStatus lx_checkpoint_rename(LxTensors *raw, LxTensors **out, unsigned char *state, LxError *error)
{
  LxTensors *to = lx_tensors_new();
  if (!to)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the parameters.");
  LxStatus status = lx_tensors_keep(to, raw, release_tensors, error);
  if (!status)
    lx_tensors_ref(raw);
  for (size_t i = 0; i < lx_tensors_count(raw) && !status; i++)
    status = rename_one(raw, i, to, &state[i], error);
  if (status)
    lx_tensors_unref(to);
  else
    *out = to;
  return status;
}
