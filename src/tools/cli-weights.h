/* A model folder's sizes and weights for commands that need no vocabulary. */
#pragma once

#include "lx-config.h"
#include "lx-tensors.h"

/* Reads config.json and the weights, widened to F32. *config needs lx_config_clear, *out
 * lx_tensors_unref. Nothing to free after a failure. */
LxStatus cli_read_weights(const char *folder, LxConfig *config, LxTensors **out, LxError *error);
