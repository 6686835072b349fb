#include "lx-conv-packs.h"

#include <pthread.h>
#include <stdlib.h>

#include "lx-winograd.h"

struct LxConvShared {
  const LxTensor *weight;
  bool winograd;
  LxConvPack plain;
  LxWinograd tiles;
  LxConvShared *next;
};

/* Scratch memory that no run is using now. */
typedef struct Space {
  float *at;
  int64_t floats;
  struct Space *next;
} Space;

struct LxConvPacks {
  LxConvShared *first;
  Space *spaces;
  pthread_mutex_t lock; /* of `spaces` */
};

LxConvPacks *lx_conv_packs_new(void)
{
  LxConvPacks *self = calloc(1, sizeof *self);
  if (self)
    pthread_mutex_init(&self->lock, NULL);
  return self;
}

static void shared_free(LxConvShared *self)
{
  lx_conv_pack_clear(&self->plain);
  lx_winograd_clear(&self->tiles);
  free(self);
}

static void space_free(Space *self)
{
  free(self->at);
  free(self);
}

void lx_conv_packs_free(LxConvPacks *self)
{
  if (!self)
    return;
  for (LxConvShared *at = self->first, *next; at; at = next) {
    next = at->next;
    shared_free(at);
  }
  for (Space *at = self->spaces, *next; at; at = next) {
    next = at->next;
    space_free(at);
  }
  pthread_mutex_destroy(&self->lock);
  free(self);
}

LxStatus lx_conv_packs_get(LxConvPacks *self, const LxTensor *weight, const LxConv *conv,
                           const float *scale, const float *bias, const LxConvShared **out,
                           LxError *error)
{
  for (LxConvShared *at = self->first; at; at = at->next)
    if (at->weight == weight) {
      *out = at;
      return LX_OK;
    }
  LxConvShared *made = calloc(1, sizeof *made);
  if (!made)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector's weights.");
  made->weight = weight;
  made->winograd = lx_winograd_suits(conv);
  LxStatus status;
  if (made->winograd) {
    status = lx_winograd_init(&made->tiles, conv, lx_f32(weight), scale, bias, error);
  } else {
    status = lx_conv_pack_new(conv, false, &made->plain, error);
    if (!status)
      lx_conv_pack_fill(&made->plain, conv, false, lx_f32(weight), scale, bias);
  }
  if (status) {
    free(made);
    return status;
  }
  made->next = self->first;
  self->first = made;
  *out = made;
  return LX_OK;
}

/* One that is large enough, or a new one in place of one that is not. */
static Space *space_take(LxConvPacks *self, int64_t floats)
{
  pthread_mutex_lock(&self->lock);
  Space **at = &self->spaces;
  while (*at && (*at)->floats < floats && (*at)->next)
    at = &(*at)->next;
  Space *space = *at;
  if (space)
    *at = space->next;
  pthread_mutex_unlock(&self->lock);
  if (space && space->floats >= floats)
    return space;
  if (space)
    space_free(space);
  space = calloc(1, sizeof *space);
  if (space)
    space->at = aligned_alloc(64, (size_t)(floats * 4 + 63) / 64 * 64);
  if (space && !space->at) {
    free(space);
    return NULL;
  }
  if (space)
    space->floats = floats;
  return space;
}

static void space_give_back(LxConvPacks *self, Space *space)
{
  pthread_mutex_lock(&self->lock);
  space->next = self->spaces;
  self->spaces = space;
  pthread_mutex_unlock(&self->lock);
}

bool lx_conv_shared_run(LxConvPacks *packs, const LxConvShared *shared, const LxConv *conv,
                        const float *x, const float *residual, bool relu, float *y)
{
  if (!shared->winograd) {
    lx_conv_forward(conv, &shared->plain, x, residual, relu, y);
    return true;
  }
  Space *space = space_take(packs, lx_winograd_space(conv));
  if (!space)
    return false;
  lx_winograd_forward(conv, &shared->tiles, x, residual, relu, y, space->at);
  space_give_back(packs, space);
  return true;
}
