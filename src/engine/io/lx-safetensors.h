/* The safetensors format (https://github.com/huggingface/safetensors): a length, a JSON header
 * and the raw data. */
#pragma once

#include "lx-tensors.h"

/* For lx_safetensors_write: every tensor keeps its type. */
#define LX_KEEP (-1)

/* Maps the file; tensors are read-only views of it where their address suits their type, else
 * copies. Types stay as stored (see lx_tensors_copy_f32). `__metadata__` becomes the collection's
 * meta strings. Everything the header says is checked before use; errors name the tensor. *out is
 * owned. */
LxStatus lx_safetensors_read(const char *path, LxTensors **out, LxError *error);

/* Replaces `path` in one step. The header keeps the collection's order; the data are ordered so
 * that every tensor is aligned. `format: pt`, which Hugging Face's loader insists on, is added to
 * the metadata. `dtype` is LX_KEEP, or LX_F32, LX_F16 or LX_BF16 for all float tensors. */
LxStatus lx_safetensors_write(const char *path, const LxTensors *tensors, int dtype,
                              LxError *error);
