/* A model's sizes and weights for commands that need no vocabulary. */
#pragma once

#include "lx-checkpoint.h"

/* Reads a model folder or file; what is missing in it is said on stderr. *out: lx_checkpoint_clear. */
LxStatus cli_read_weights(const char *path, LxCheckpoint *out, LxError *error);
