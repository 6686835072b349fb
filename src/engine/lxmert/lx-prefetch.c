#include "lx-prefetch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct LxPrefetch {
  const LxBatcher *batcher;
  LxStage *stage;
  pthread_t thread;
  bool running;
  bool ready;     /* the stage holds the batch below */
  int64_t *index; /* [room] */
  int64_t n, serial, room;
  LxStatus status;
};

LxStatus lx_prefetch_new(const LxBatcher *batcher, LxPrefetch **out, LxError *error)
{
  LxPrefetch *self = calloc(1, sizeof *self);
  int64_t room = batcher->model->words->max_examples;
  if (self)
    self->index = malloc((size_t)room * sizeof *self->index);
  if (!self || !self->index) {
    free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a batch.");
  }
  self->batcher = batcher;
  self->room = room;
  LxStatus status = lx_stage_new(batcher, &self->stage, error);
  if (status)
    lx_prefetch_free(self);
  else
    *out = self;
  return status;
}

void lx_prefetch_free(LxPrefetch *self)
{
  if (!self)
    return;
  lx_prefetch_wait(self);
  lx_stage_free(self->stage);
  free(self->index);
  free(self);
}

LxStatus lx_prefetch_take(LxPrefetch *self, const int64_t *index, int64_t n, int64_t serial,
                          LxError *error)
{
  LxStatus status = LX_OK;
  lx_prefetch_wait(self);
  bool same = self->ready && self->n == n && self->serial == serial &&
              memcmp(self->index, index, (size_t)n * sizeof *index) == 0;
  self->ready = false;
  if (!same || self->status)
    status = lx_stage_fill(self->stage, self->batcher, index, n, serial, error);
  return status ? status : lx_stage_load(self->stage, self->batcher, error);
}

static void *fill(void *user_data)
{
  LxPrefetch *self = user_data;
  LxError ignored; /* taking the batch reads it again and says so */
  self->status =
      lx_stage_fill(self->stage, self->batcher, self->index, self->n, self->serial, &ignored);
  return NULL;
}

void lx_prefetch_begin(LxPrefetch *self, const int64_t *index, int64_t n, int64_t serial)
{
  lx_prefetch_wait(self);
  self->ready = false;
  if (n > self->room)
    return;
  memcpy(self->index, index, (size_t)n * sizeof *index);
  self->n = n;
  self->serial = serial;
  self->running = pthread_create(&self->thread, NULL, fill, self) == 0;
}

void lx_prefetch_wait(LxPrefetch *self)
{
  if (!self->running)
    return;
  pthread_join(self->thread, NULL);
  self->running = false;
  self->ready = true;
}
