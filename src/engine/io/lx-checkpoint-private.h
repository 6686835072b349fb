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

/* Sizes from canonically named tensors; what they do not tell keeps its published value. */
LxStatus lx_checkpoint_infer(const LxTensors *params, LxLayout layout, LxConfig *out,
                             LxError *error);
