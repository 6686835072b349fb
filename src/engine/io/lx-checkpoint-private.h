/* Shared by lx-checkpoint*.c. */
#pragma once

#include "lx-checkpoint.h"

typedef enum {
  LX_LAYOUT_HF,
  LX_LAYOUT_AUTHORS,
  LX_LAYOUT_FINE_TUNED,
  LX_LAYOUT_BERT,
} LxLayout;

/* Judged by the names. */
LxLayout lx_checkpoint_layout(const LxTensors *raw);
const char *lx_layout_name(LxLayout layout);
/* The canonical name of `name` into `out`; false when it is no parameter of LXMERT. */
bool lx_checkpoint_name(const char *name, char *out, size_t size);

/* What lx_checkpoint_rename made of one raw tensor. */
enum { LX_RAW_UNUSED, LX_RAW_NAMED, LX_RAW_TIED };

/* All raw tensors under canonical names, floats as F32, in *out. state[i] for each raw tensor. */
LxStatus lx_checkpoint_rename(LxTensors *raw, LxTensors **out, unsigned char *state,
                              LxError *error);

/* LX_ERR_SHAPE when `config` has more layers of a kind than `params`. */
LxStatus lx_checkpoint_check_layers(const LxTensors *params, const LxConfig *config,
                                    LxError *error);

/* The path of `name` beside the weights at `path`, in owned memory; NULL when there is none. */
char *lx_checkpoint_beside(const char *path, const char *name);

/* The table of answers beside the weights at `path` into out->answers: answers.json, or config.json's
 * id2label where somebody filled it in. One that does not fit the head is LX_ERR_SHAPE when it is
 * answers.json and `strict`, and otherwise counted in report.answers_dropped. */
LxStatus lx_checkpoint_find_answers(const char *path, bool strict, LxCheckpoint *out,
                                    LxError *error);

/* Sizes from canonically named tensors; what they do not tell keeps its published value. */
LxStatus lx_checkpoint_infer(const LxTensors *params, LxLayout layout, LxConfig *out,
                             LxError *error);
/* A BERT's layers and no others, beside boxes of so many numbers. */
void lx_checkpoint_bert_alone(const LxTensors *params, int64_t features, LxConfig *config);
