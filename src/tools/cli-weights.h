/* A model as commands take it: what is not certain about it is said on stderr. */
#pragma once

#include "lx-checkpoint.h"
#include "lx-model.h"

/* Opens a model folder to ask it. *out is owned: lx_model_unref. */
LxStatus cli_open_model(const char *folder, LxModel **out, LxError *error);

/* Sizes and weights of a model folder or file, for commands that need no vocabulary.
 * *out: lx_checkpoint_clear. */
LxStatus cli_read_weights(const char *path, LxCheckpoint *out, LxError *error);

/* Says that nothing tells how many heads the model in `path` has, so that `heads` were taken. */
void cli_note_heads(const char *path, int64_t heads);
