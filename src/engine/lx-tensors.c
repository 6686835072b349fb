#include "lx-tensors.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *name;
  LxTensor tensor;
  void *owned;
} Entry;

typedef struct {
  void *owner;
  void (*release)(void *owner);
} Keep;

typedef struct {
  char *key, *value;
} Meta;

struct LxTensors {
  atomic_int refs;
  Entry **entries; /* pointers, so that borrowed LxTensor* survive growth */
  size_t count, capacity;
  size_t *slots; /* open addressing; 0 = free, else index + 1 */
  size_t n_slots;
  Keep *keeps;
  size_t n_keeps;
  Meta *metas;
  size_t n_metas;
  void *companion;
  void (*release_companion)(void *);
};

static pthread_mutex_t companion_lock = PTHREAD_MUTEX_INITIALIZER;

static size_t hash_name(const char *s)
{
  size_t h = 1469598103934665603u;
  for (; *s; s++)
    h = (h ^ (unsigned char)*s) * 1099511628211u;
  return h;
}

LxTensors *lx_tensors_new(void)
{
  LxTensors *self = calloc(1, sizeof *self);
  if (self)
    self->refs = 1;
  return self;
}

LxTensors *lx_tensors_ref(LxTensors *self)
{
  atomic_fetch_add(&self->refs, 1);
  return self;
}

void lx_tensors_unref(LxTensors *self)
{
  if (!self || atomic_fetch_sub(&self->refs, 1) != 1)
    return;
  if (self->companion)
    self->release_companion(self->companion);
  for (size_t i = 0; i < self->count; i++) {
    free(self->entries[i]->name);
    free(self->entries[i]->owned);
    free(self->entries[i]);
  }
  for (size_t i = 0; i < self->n_keeps; i++)
    self->keeps[i].release(self->keeps[i].owner);
  for (size_t i = 0; i < self->n_metas; i++) {
    free(self->metas[i].key);
    free(self->metas[i].value);
  }
  free(self->entries);
  free(self->slots);
  free(self->keeps);
  free(self->metas);
  free(self);
}

static size_t find_slot(const LxTensors *self, const char *name)
{
  size_t i = hash_name(name) & (self->n_slots - 1);
  while (self->slots[i] && strcmp(self->entries[self->slots[i] - 1]->name, name) != 0)
    i = (i + 1) & (self->n_slots - 1);
  return i;
}

static LxStatus grow(LxTensors *self, LxError *error)
{
  if (self->count < self->capacity)
    return LX_OK;
  size_t capacity = self->capacity ? self->capacity * 2 : 64;
  Entry **entries = realloc(self->entries, capacity * sizeof *entries);
  if (!entries)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the list of tensors.");
  self->entries = entries;
  size_t *slots = calloc(capacity * 2, sizeof *slots);
  if (!slots)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the list of tensors.");
  free(self->slots);
  self->slots = slots;
  self->n_slots = capacity * 2;
  self->capacity = capacity;
  for (size_t i = 0; i < self->count; i++)
    self->slots[find_slot(self, self->entries[i]->name)] = i + 1;
  return LX_OK;
}

static LxStatus append(LxTensors *self, const char *name, const LxTensor *t, void *owned,
                       LxTensor **out, LxError *error)
{
  LxStatus status = grow(self, error);
  if (status)
    return status;
  size_t slot = find_slot(self, name);
  if (self->slots[slot])
    return lx_fail(error, LX_ERR_ARGUMENT, "There are two tensors named “%s”.", name);
  Entry *entry = calloc(1, sizeof *entry);
  char *copy = strdup(name);
  if (!entry || !copy) {
    free(entry);
    free(copy);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for tensor “%s”.", name);
  }
  *entry = (Entry){copy, *t, owned};
  self->entries[self->count] = entry;
  self->slots[slot] = ++self->count;
  if (out)
    *out = &entry->tensor;
  return LX_OK;
}

static LxStatus describe(LxTensor *t, LxDType dtype, int ndim, const int64_t *dim, const char *name,
                         LxError *error)
{
  if (ndim < 0 || ndim > LX_MAX_DIMS)
    return lx_fail(error, LX_ERR_SHAPE, "Tensor “%s” has %d dimensions; at most %d are handled.",
                   name, ndim, LX_MAX_DIMS);
  *t = (LxTensor){.dtype = dtype, .ndim = ndim};
  int64_t total = (int64_t)lx_dtype_size(dtype);
  for (int i = 0; i < ndim; i++) {
    t->dim[i] = dim[i];
    if (dim[i] < 0 || __builtin_mul_overflow(total, dim[i], &total))
      return lx_fail(error, LX_ERR_SHAPE, "Tensor “%s” has an impossible shape.", name);
  }
  return LX_OK;
}

LxStatus lx_tensors_add(LxTensors *self, const char *name, LxDType dtype, int ndim,
                        const int64_t *dim, LxTensor **out, LxError *error)
{
  LxTensor t;
  LxStatus status = describe(&t, dtype, ndim, dim, name, error);
  if (status)
    return status;
  size_t bytes = (lx_tensor_bytes(&t) + 63) / 64 * 64;
  t.data = aligned_alloc(64, bytes ? bytes : 64);
  if (!t.data)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for tensor “%s” (%zu bytes).", name,
                   bytes);
  memset(t.data, 0, bytes ? bytes : 64);
  status = append(self, name, &t, t.data, out, error);
  if (status)
    free(t.data);
  return status;
}

LxStatus lx_tensors_add_view(LxTensors *self, const char *name, LxDType dtype, int ndim,
                             const int64_t *dim, void *data, LxError *error)
{
  LxTensor t;
  LxStatus status = describe(&t, dtype, ndim, dim, name, error);
  if (status)
    return status;
  t.data = data;
  return append(self, name, &t, NULL, NULL, error);
}

LxStatus lx_tensors_keep(LxTensors *self, void *owner, void (*release)(void *owner), LxError *error)
{
  Keep *keeps = realloc(self->keeps, (self->n_keeps + 1) * sizeof *keeps);
  if (!keeps)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  self->keeps = keeps;
  keeps[self->n_keeps++] = (Keep){owner, release};
  return LX_OK;
}

void *lx_tensors_companion(LxTensors *self, void *(*make)(void), void (*release)(void *))
{
  pthread_mutex_lock(&companion_lock);
  if (!self->companion) {
    self->companion = make();
    self->release_companion = release;
  }
  void *companion = self->companion;
  pthread_mutex_unlock(&companion_lock);
  return companion;
}

LxTensor *lx_tensors_find(const LxTensors *self, const char *name)
{
  if (!self->count)
    return NULL;
  size_t found = self->slots[find_slot(self, name)];
  return found ? &self->entries[found - 1]->tensor : NULL;
}

size_t lx_tensors_count(const LxTensors *self)
{
  return self->count;
}

const char *lx_tensors_name(const LxTensors *self, size_t index)
{
  return self->entries[index]->name;
}

LxTensor *lx_tensors_at(const LxTensors *self, size_t index)
{
  return &self->entries[index]->tensor;
}

size_t lx_tensors_bytes(const LxTensors *self)
{
  size_t bytes = 0;
  for (size_t i = 0; i < self->count; i++)
    bytes += lx_tensor_bytes(&self->entries[i]->tensor);
  return bytes;
}

LxStatus lx_tensors_set_meta(LxTensors *self, const char *key, const char *value, LxError *error)
{
  char *copy = strdup(value);
  if (!copy)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  for (size_t i = 0; i < self->n_metas; i++)
    if (strcmp(self->metas[i].key, key) == 0) {
      free(self->metas[i].value);
      self->metas[i].value = copy;
      return LX_OK;
    }
  Meta *metas = realloc(self->metas, (self->n_metas + 1) * sizeof *metas);
  char *name = metas ? strdup(key) : NULL;
  if (metas)
    self->metas = metas;
  if (!name) {
    free(copy);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  }
  metas[self->n_metas++] = (Meta){name, copy};
  return LX_OK;
}

const char *lx_tensors_meta(const LxTensors *self, const char *key)
{
  for (size_t i = 0; i < self->n_metas; i++)
    if (strcmp(self->metas[i].key, key) == 0)
      return self->metas[i].value;
  return NULL;
}

size_t lx_tensors_meta_count(const LxTensors *self)
{
  return self->n_metas;
}

void lx_tensors_meta_at(const LxTensors *self, size_t index, const char **key, const char **value)
{
  *key = self->metas[index].key;
  *value = self->metas[index].value;
}

LxStatus lx_tensors_copy_f32(const LxTensors *self, LxTensors **out, LxError *error)
{
  LxTensors *copy = lx_tensors_new();
  if (!copy)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to copy the parameters.");
  LxStatus status = LX_OK;
  for (size_t i = 0; i < self->count && !status; i++) {
    const LxTensor *from = &self->entries[i]->tensor;
    bool is_float = from->dtype <= LX_BF16;
    LxTensor *to;
    status = lx_tensors_add(copy, self->entries[i]->name, is_float ? LX_F32 : from->dtype,
                            from->ndim, from->dim, &to, error);
    if (status)
      break;
    if (is_float)
      lx_convert_to_f32(from->dtype, from->data, lx_f32(to), lx_tensor_count(from));
    else if (lx_tensor_bytes(from))
      memcpy(to->data, from->data, lx_tensor_bytes(from));
  }
  for (size_t i = 0; i < self->n_metas && !status; i++)
    status = lx_tensors_set_meta(copy, self->metas[i].key, self->metas[i].value, error);
  if (status) {
    lx_tensors_unref(copy);
    return status;
  }
  *out = copy;
  return LX_OK;
}
