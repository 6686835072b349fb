#include "lx-model.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint.h"
#include "lx-file.h"
#include "lx-kernel.h"
#include "lx-lxmert-named.h"

struct LxModel {
  atomic_int refs;
  char *folder;
  LxConfig config;
  LxTensors *params;
  LxTokenizer *tokenizer;
  LxAnswers *answers;
  unsigned heads;
  bool heads_assumed;
};

LxModel *lx_model_ref(LxModel *self)
{
  atomic_fetch_add(&self->refs, 1);
  return self;
}

void lx_model_unref(LxModel *self)
{
  if (!self || atomic_fetch_sub(&self->refs, 1) != 1)
    return;
  free(self->folder);
  lx_config_clear(&self->config);
  lx_tensors_unref(self->params);
  lx_tokenizer_free(self->tokenizer);
  lx_answers_free(self->answers);
  free(self);
}

/* 0 * x is 0 for every number, NaN for NaN and the infinities. */
LX_KERNEL static bool numbers_in(const float *x, int64_t n)
{
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; i++)
    sum += x[i] * 0.0f;
  return sum == 0;
}

static bool all_numbers(const float *x, int64_t n)
{
  enum { PIECE = 1 << 16 };
  bool good = true;
#pragma omp parallel for schedule(static) reduction(&& : good) if (n > PIECE)
  for (int64_t i = 0; i < n; i += PIECE)
    good = good && numbers_in(x + i, n - i < PIECE ? n - i : PIECE);
  return good;
}

static LxStatus check_param(const LxParamSpec *spec, void *user_data, LxError *error)
{
  const LxTensor *t = lx_tensors_find(user_data, spec->name);
  char has[96], wants[96];
  LxTensor want = {.ndim = spec->ndim, .dim = {spec->dim[0], spec->dim[1]}};
  if (!t)
    return lx_fail(error, LX_ERR_MISSING, "The weights have no parameter “%s”.", spec->name);
  if (t->ndim != spec->ndim || t->dim[0] != spec->dim[0] ||
      (spec->ndim == 2 && t->dim[1] != spec->dim[1]))
    return lx_fail(error, LX_ERR_SHAPE, "Parameter “%s” is %s, but config.json asks for %s.",
                   spec->name, lx_tensor_shape_text(t, has, sizeof has),
                   lx_tensor_shape_text(&want, wants, sizeof wants));
  if (t->dtype != LX_F32)
    return lx_fail(error, LX_ERR_SHAPE, "Parameter “%s” is not F32.", spec->name);
  if (!all_numbers(t->data, lx_tensor_count(t)))
    return lx_fail(error, LX_ERR_NUMERIC,
                   "Parameter “%s” holds values that are not numbers; the weights are damaged. "
                   "Download or train the model again.",
                   spec->name);
  return LX_OK;
}

static LxStatus check(LxModel *self, LxError *error)
{
  if (*self->config.baseline)
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "This is the ablation's baseline “%s”, which has no attention maps to look "
                   "into. Choose an LXMERT.",
                   self->config.baseline);
  self->heads = lx_lxmert_heads_of(self->params);
  LxStatus status =
      lx_lxmert_each_param(&self->config, self->heads, check_param, self->params, error);
  if (status)
    return status;
  int64_t words = lx_tokenizer_count(self->tokenizer);
  if (words > self->config.vocab_size)
    return lx_fail(error, LX_ERR_SHAPE,
                   "The vocabulary has %lld pieces, but the model only %lld. vocab.txt belongs to "
                   "another model.",
                   (long long)words, (long long)self->config.vocab_size);
  if (self->answers && (self->heads & LX_HEAD_ANSWER) &&
      lx_answers_count(self->answers) != self->config.num_qa_labels)
    return lx_fail(
        error, LX_ERR_SHAPE, "answers.json lists %lld answers, but the model scores %lld.",
        (long long)lx_answers_count(self->answers), (long long)self->config.num_qa_labels);
  return LX_OK;
}

/* Takes over what the checkpoint reader found. */
static LxStatus read_files(LxModel *self, LxError *error)
{
  LxCheckpoint found = {0};
  LxStatus status = lx_checkpoint_read(self->folder, NULL, &found, error);
  if (status)
    return status;
  if (found.report.missing.count)
    status = lx_fail(error, LX_ERR_MISSING,
                     "%s: %zu parameters are missing, the first is “%s”. Train the model, or get "
                     "the whole of it.",
                     self->folder, found.report.missing.count, found.report.missing.names[0]);
  else if (!found.vocab_path)
    status = lx_fail(error, LX_ERR_MISSING,
                     "%s: there is no vocab.txt. Put the vocabulary that the model was trained "
                     "with beside its weights.",
                     self->folder);
  if (!status)
    status = lx_tokenizer_open(found.vocab_path, &self->tokenizer, error);
  if (!status)
    status = lx_config_copy(&found.config, &self->config, error);
  self->params = found.params;
  self->answers = found.answers;
  self->heads_assumed = found.report.heads_assumed;
  found.params = NULL;
  found.answers = NULL;
  lx_checkpoint_clear(&found);
  return status;
}

LxStatus lx_model_open(const char *folder, LxModel **out, LxError *error)
{
  if (!lx_file_is_folder(folder))
    return lx_fail(error, LX_ERR_IO,
                   "There is no model folder “%s”. It must hold config.json, model.safetensors "
                   "and vocab.txt.",
                   folder);
  LxModel *self = calloc(1, sizeof *self);
  if (self) {
    self->refs = 1;
    self->folder = strdup(folder);
  }
  if (!self || !self->folder) {
    free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", folder);
  }
  LxStatus status = read_files(self, error);
  if (!status) {
    status = check(self, error);
    if (status)
      lx_fail_in(error, folder);
  }
  if (status)
    lx_model_unref(self);
  else
    *out = self;
  return status;
}

static LxStatus copy_answers(const LxAnswers *from, LxAnswers **out, LxError *error)
{
  int64_t n = lx_answers_count(from);
  const char **texts = malloc((size_t)(n + 1) * sizeof *texts);
  if (!texts)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the answers.");
  for (int64_t i = 0; i < n; i++)
    texts[i] = lx_answers_text(from, i);
  LxStatus status = lx_answers_new(texts, n, out, error);
  free(texts);
  return status;
}

LxStatus lx_model_new(const LxConfig *config, LxTensors *params, const char *vocab_path,
                      const LxAnswers *answers, LxModel **out, LxError *error)
{
  LxModel *self = calloc(1, sizeof *self);
  if (self) {
    self->refs = 1;
    self->folder = strdup("");
    self->params = lx_tensors_ref(params);
  }
  if (!self || !self->folder) {
    lx_model_unref(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the model.");
  }
  LxStatus status = lx_config_copy(config, &self->config, error);
  if (!status)
    status = lx_tokenizer_open(vocab_path, &self->tokenizer, error);
  if (!status && answers)
    status = copy_answers(answers, &self->answers, error);
  if (!status)
    status = check(self, error);
  if (status)
    lx_model_unref(self);
  else
    *out = self;
  return status;
}

const LxConfig *lx_model_config(const LxModel *self)
{
  return &self->config;
}

LxTensors *lx_model_params(const LxModel *self)
{
  return self->params;
}

const LxTokenizer *lx_model_tokenizer(const LxModel *self)
{
  return self->tokenizer;
}

const LxAnswers *lx_model_answers(const LxModel *self)
{
  return self->answers;
}

unsigned lx_model_heads(const LxModel *self)
{
  return self->heads;
}

bool lx_model_heads_assumed(const LxModel *self)
{
  return self->heads_assumed;
}

LxStatus lx_model_write(const char *folder, const LxConfig *config, const LxTensors *params,
                        int dtype, const char *vocab_path, const LxAnswers *answers, LxError *error)
{
  return lx_checkpoint_write(folder, config, params, dtype, answers, vocab_path, error);
}
