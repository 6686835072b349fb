/* Named tensors: what a file holds, or what a model is made of. Reference counted; once shared
 * between runs the tensors are read only. */
#pragma once

#include "lx-tensor.h"

typedef struct LxTensors LxTensors;

/* An empty collection with one reference; NULL when out of memory. */
LxTensors *lx_tensors_new(void);
LxTensors *lx_tensors_ref(LxTensors *self);
void lx_tensors_unref(LxTensors *self); /* NULL is fine */

/* Adds a zeroed tensor whose memory (64-byte aligned) the collection owns.
 * *out (may be NULL) is borrowed. LX_ERR_ARGUMENT when the name is taken. */
LxStatus lx_tensors_add(LxTensors *self, const char *name, LxDType dtype, int ndim,
                        const int64_t *dim, LxTensor **out, LxError *error);

/* Adds a view of memory that stays alive as long as the collection (see lx_tensors_keep). */
LxStatus lx_tensors_add_view(LxTensors *self, const char *name, LxDType dtype, int ndim,
                             const int64_t *dim, void *data, LxError *error);

/* Hands over `owner`: release(owner) runs when the collection is freed. */
LxStatus lx_tensors_keep(LxTensors *self, void *owner, void (*release)(void *owner),
                         LxError *error);

/* The one thing that goes with the collection and is freed with it (release may be called from any
 * thread): the first call makes it. NULL when `make` fails. Safe from several threads. */
void *lx_tensors_companion(LxTensors *self, void *(*make)(void), void (*release)(void *));

/* Borrowed; NULL when there is none of that name. */
LxTensor *lx_tensors_find(const LxTensors *self, const char *name);
size_t lx_tensors_count(const LxTensors *self);
/* In the order they were added. Borrowed. */
const char *lx_tensors_name(const LxTensors *self, size_t index);
LxTensor *lx_tensors_at(const LxTensors *self, size_t index);
/* All bytes of all tensors. */
size_t lx_tensors_bytes(const LxTensors *self);

/* A free-form string kept with the collection (safetensors `__metadata__`). */
LxStatus lx_tensors_set_meta(LxTensors *self, const char *key, const char *value, LxError *error);
const char *lx_tensors_meta(const LxTensors *self, const char *key); /* NULL when absent */
size_t lx_tensors_meta_count(const LxTensors *self);
void lx_tensors_meta_at(const LxTensors *self, size_t index, const char **key, const char **value);

/* A deep copy with owned memory, every float type widened to F32. *out is owned. */
LxStatus lx_tensors_copy_f32(const LxTensors *self, LxTensors **out, LxError *error);
