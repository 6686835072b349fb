/* An opened model folder: configuration, parameters, vocabulary and answers. Read only, shared
 * between threads, reference counted. */
#pragma once

#include "lx-answers.h"
#include "lx-config.h"
#include "lx-lxmert-params.h"
#include "lx-tensors.h"
#include "lx-tokenizer.h"

typedef struct LxModel LxModel;

/* Opens whatever lx_checkpoint_read knows (a Hugging Face folder, the authors' snapshot) that has its
 * vocab.txt and every parameter. F32 weights stay mapped. Fails, saying which file and what to do,
 * when the folder or a file is missing, a file is damaged, a parameter is missing or misshapen, or
 * a weight is not a number. To write a model: lx_checkpoint_write. *out: lx_model_unref. */
LxStatus lx_model_open(const char *folder, LxModel **out, LxError *error);
/* A model from parts made in memory. Takes its own reference of `params` (F32, canonical names);
 * the vocabulary is read from `vocab_path`; `answers` (may be NULL) is copied. */
LxStatus lx_model_new(const LxConfig *config, LxTensors *params, const char *vocab_path,
                      const LxAnswers *answers, LxModel **out, LxError *error);
LxModel *lx_model_ref(LxModel *self);
void lx_model_unref(LxModel *self); /* NULL is fine */

/* All borrowed. */
const LxConfig *lx_model_config(const LxModel *self);
LxTensors *lx_model_params(const LxModel *self); /* F32, canonical names */
const LxTokenizer *lx_model_tokenizer(const LxModel *self);
const LxAnswers *lx_model_answers(const LxModel *self); /* NULL when there is no table */
unsigned lx_model_heads(const LxModel *self);           /* LX_HEAD_* whose parameters are there */
/* True when no configuration says how many attention heads there are: hidden / 64 was taken. */
bool lx_model_heads_assumed(const LxModel *self);

/* Writes a folder that lx_model_open and Hugging Face read (lx_checkpoint_write): all floats as
 * `dtype`, LX_F32, LX_F16 or LX_BF16; vocab.txt copied from `vocab_path`; answers may be NULL. */
LxStatus lx_model_write(const char *folder, const LxConfig *config, const LxTensors *params,
                        int dtype, const char *vocab_path, const LxAnswers *answers,
                        LxError *error);
