/* Shared by lx-torch*.c. */
#pragma once

#include "lx-pickle.h"
#include "lx-torch.h"

/* A storage's bytes, once found. */
typedef struct {
  const char *key;
  LxDType dtype;
  int64_t total; /* elements */
  void *data;    /* aligned for dtype; kept by the LxTensors */
} LxTorchStorage;

/* Storages sorted by key, each once. */
typedef struct {
  LxTorchStorage *items;
  size_t count;
} LxTorchStorages;

/* LX_ERR_FORMAT when one key is described in two ways. */
LxStatus lx_torch_storages(const LxPickle *pickle, LxTorchStorages *out, LxError *error);
LxTorchStorage *lx_torch_find(const LxTorchStorages *self, const char *key); /* NULL when absent */

/* Zeroed memory that `tensors` keeps; for a storage's data. */
void *lx_torch_keep(LxTensors *tensors, size_t bytes, LxError *error);

/* Adds the root's tensors to `tensors`, given every storage's data. `budget`: bytes of copies. */
LxStatus lx_torch_add_tensors(const LxPickleValue *root, const LxTorchStorages *storages,
                              uint64_t budget, LxTensors *tensors, LxError *error);
