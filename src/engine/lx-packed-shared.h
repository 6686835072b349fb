/* Packed layers that belong to a model's parameters: made when first asked for, shared by every graph
 * over the same LxTensors and freed with them. Only for parameters that nobody changes. */
#pragma once

#include "lx-packed.h"
#include "lx-tensors.h"

/* The layers with these weights [out, in] and biases [out] side by side; tensors of `params`.
 * Without `pack` *out is NULL when nobody has packed them yet. *out is borrowed. Safe from several
 * threads. */
LxStatus lx_packed_shared(LxTensors *params, const LxTensor *const *weights,
                          const LxTensor *const *biases, int n, bool pack, LxPacked **out,
                          LxError *error);
/* Bytes of all packed copies of `params`. */
size_t lx_packed_shared_bytes(LxTensors *params);
