/* NumPy's .npz: a zip of .npy files that np.load opens. */
#pragma once

#include "lx-tensors.h"

/* Replaces `path` in one step. Half types are widened to float32; names become the arrays' names
 * ("/" is allowed, as in "attn/x.0.lang_to_vis"). */
LxStatus lx_npz_write(const char *path, const LxTensors *tensors, LxError *error);
