/* PyTorch checkpoints: the zip format since 1.6 (`.bin`, `.pt`), the pickles before it (`.pth`), and
 * a pickle of NumPy arrays (`.pkl`, as Detectron2 writes it). Read by an allow-list, see lx-pickle.h; nothing is ever executed. */
#pragma once

#include "lx-tensors.h"

/* The tensors of a state_dict, types as stored, strided views made contiguous. A dictionary with
 * one of the usual names ("state_dict", "model", …) or the only one that holds tensors is
 * unwrapped; otherwise nested names are joined with dots. *out is owned. */
LxStatus lx_torch_read(const char *path, LxTensors **out, LxError *error);
