#include "lx-packed-shared.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 3 };

typedef struct {
  const LxTensor *weights[PARTS];
  LxPacked *packed;
} Item;

typedef struct {
  pthread_mutex_t lock;
  Item *items;
  int count, capacity;
} Shared;

static void *make(void)
{
  Shared *self = calloc(1, sizeof *self);
  if (self)
    pthread_mutex_init(&self->lock, NULL);
  return self;
}

static void release(void *companion)
{
  Shared *self = companion;
  for (int i = 0; i < self->count; i++)
    lx_packed_free(self->items[i].packed);
  pthread_mutex_destroy(&self->lock);
  free(self->items);
  free(self);
}

static Item *find(Shared *self, const LxTensor *const *weights, int n)
{
  for (int i = 0; i < self->count; i++) {
    Item *item = &self->items[i];
    if (memcmp(item->weights, weights, (size_t)n * sizeof *weights) == 0 &&
        (n == PARTS || !item->weights[n]))
      return item;
  }
  return NULL;
}

static LxStatus add(Shared *self, const LxTensor *const *weights, const LxTensor *const *biases,
                    int n, LxPacked **out, LxError *error)
{
  LxPackedPart parts[PARTS];
  Item item = {{0}, NULL};
  if (self->count == self->capacity) {
    int capacity = self->capacity ? 2 * self->capacity : 64;
    Item *items = realloc(self->items, (size_t)capacity * sizeof *items);
    if (!items)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to lay out the weights.");
    self->items = items;
    self->capacity = capacity;
  }
  for (int i = 0; i < n; i++) {
    item.weights[i] = weights[i];
    parts[i] = (LxPackedPart){lx_f32(weights[i]), lx_f32(biases[i]), weights[i]->dim[0]};
  }
  LxStatus status = lx_packed_new(parts, n, weights[0]->dim[1], &item.packed, error);
  if (status)
    return status;
  self->items[self->count++] = item;
  *out = item.packed;
  return LX_OK;
}

LxStatus lx_packed_shared(LxTensors *params, const LxTensor *const *weights,
                          const LxTensor *const *biases, int n, bool pack, LxPacked **out,
                          LxError *error)
{
  Shared *self = lx_tensors_companion(params, make, release);
  if (!self || n > PARTS)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to lay out the weights.");
  LxStatus status = LX_OK;
  pthread_mutex_lock(&self->lock);
  const Item *item = find(self, weights, n);
  *out = item ? item->packed : NULL;
  if (!item && pack)
    status = add(self, weights, biases, n, out, error);
  pthread_mutex_unlock(&self->lock);
  return status;
}

size_t lx_packed_shared_bytes(LxTensors *params)
{
  Shared *self = lx_tensors_companion(params, make, release);
  size_t bytes = 0;
  if (!self)
    return 0;
  pthread_mutex_lock(&self->lock);
  for (int i = 0; i < self->count; i++)
    bytes += lx_packed_bytes(self->items[i].packed);
  pthread_mutex_unlock(&self->lock);
  return bytes;
}
