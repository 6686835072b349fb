/* A model's sizes and settings: Hugging Face's LxmertConfig, as config.json holds it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

struct json_t;

/* Field names are those of config.json. Owned as a value: lx_config_init or lx_config_read, then
 * lx_config_clear; copied only by lx_config_copy. */
typedef struct {
  int64_t vocab_size;
  int64_t hidden_size;
  int64_t num_attention_heads;
  int64_t intermediate_size;
  int64_t l_layers; /* language */
  int64_t r_layers; /* vision */
  int64_t x_layers; /* cross-modality */
  int64_t max_position_embeddings;
  int64_t type_vocab_size;
  int64_t visual_feat_dim;
  int64_t visual_pos_dim;
  int64_t num_qa_labels;
  int64_t num_object_labels;
  int64_t num_attr_labels;
  double visual_loss_normalizer; /* factor of the object losses; the authors' is 1/0.15 */
  double hidden_dropout_prob;
  double attention_probs_dropout_prob;
  double initializer_range; /* standard deviation of fresh weights */
  double layer_norm_eps;
  bool task_matched, task_mask_lm, task_obj_predict, task_qa;
  bool visual_obj_loss, visual_attr_loss, visual_feat_loss;
  char hidden_act[32];
  char blind[16];          /* "crosslens_blind": "image" or "question", what the model never sees
                              (a baseline); else "" */
  char baseline[16];       /* "crosslens_baseline": "lstm-butd" or "bert-butd" (lx-baseline.h), what
                              stands in place of LXMERT's vision and cross layers; else "" */
  char architecture[64];   /* first of "architectures", e.g. "LxmertForQuestionAnswering"; or "" */
  struct json_t *document; /* as read, so that unknown fields survive; NULL is fine */
} LxConfig;

/* The published model's sizes (LXR955). */
void lx_config_init(LxConfig *self);
void lx_config_clear(LxConfig *self); /* zeroed structs are fine */
/* *out is uninitialised before and needs lx_config_clear after. */
LxStatus lx_config_copy(const LxConfig *self, LxConfig *out, LxError *error);

/* Reads and checks config.json. *out is uninitialised before; nothing to clear after a failure.
 * Absent fields keep lx_config_init's values. */
LxStatus lx_config_read(const char *path, LxConfig *out, LxError *error);
/* The same from memory; `source` is what errors call it. */
LxStatus lx_config_parse(const char *text, size_t size, const char *source, LxConfig *out,
                         LxError *error);
/* LX_ERR_FORMAT with the field's name when a size is impossible. */
LxStatus lx_config_check(const LxConfig *self, LxError *error);
/* Replaces `path` in one step; fields that were read and are not ours are written back. */
LxStatus lx_config_write(const LxConfig *self, const char *path, LxError *error);
