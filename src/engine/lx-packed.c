#include "lx-packed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lx-direct.h"
#include "lx-file.h"
#include "lx-onednn.h"
#include "lx-packed-turn.h"
#include "lx-pages.h"

/* Until its turn comes, or a use with many rows, a layer is laid out in one shared room at every use.
 * The numbers are the same each time. */
enum { FEW_ROWS = 128, MAX_ROOM = 16 << 20 };

struct LxPacked {
  LxOnednnLayer *layer;
  int64_t in, out;
  int n;
  LxPackedTurn turn; /* to be laid out for good */
  bool fits_room;    /* may be laid out there until then */
  bool in_blocks;    /* laid out as lx-direct.h reads it */
  size_t bytes;
  LxOnednnWeights own; /* weights NULL until then */
  LxPages *pages;      /* of own.weights */
  pthread_mutex_t lock;
  LxPackedPart parts[];
};

/* For layers that have no memory of their own yet; goes with the last of them. */
static struct {
  pthread_mutex_t lock;
  float *weights;
  LxPages *pages;
  size_t bytes;
  int users;
} room = {.lock = PTHREAD_MUTEX_INITIALIZER};

bool lx_packed_has_onednn(void)
{
  return true;
}

static LxStatus failed(LxError *error, const char *what)
{
  return lx_fail(error, LX_ERR_MEMORY, "oneDNN cannot %s; there may not be enough memory.", what);
}

/* A layout with padding between the blocks needs zeroed memory of its own. */
static void enter_room(LxPacked *self)
{
  bool padded = self->bytes != (size_t)(self->in * self->out) * sizeof(float);
  pthread_mutex_lock(&room.lock);
  room.users++;
  self->fits_room = !padded && self->bytes <= MAX_ROOM;
  pthread_mutex_unlock(&room.lock);
}

static void leave_room(void)
{
  pthread_mutex_lock(&room.lock);
  if (--room.users == 0) {
    lx_pages_free(room.pages);
    room.weights = NULL;
    room.pages = NULL;
    room.bytes = 0;
  }
  pthread_mutex_unlock(&room.lock);
}

LxStatus lx_packed_new(const LxPackedPart *parts, int n, int64_t in, LxPacked **out, LxError *error)
{
  LxPacked *self = calloc(1, sizeof *self + (size_t)n * sizeof *parts);
  if (!self)
    return failed(error, "start");
  pthread_mutex_init(&self->lock, NULL);
  self->turn = lx_packed_turn_new();
  self->n = n;
  self->in = in;
  memcpy(self->parts, parts, (size_t)n * sizeof *parts);
  for (int i = 0; i < n; i++)
    self->out += parts[i].out;
  self->layer = lx_onednn_layer_new(in, self->out);
  self->bytes = self->layer ? lx_onednn_layer_bytes(self->layer) : 0;
  enter_room(self);
  self->own.bias = calloc((size_t)self->out, sizeof(float));
  if (!self->layer || !self->own.bias) {
    lx_packed_free(self);
    return failed(error, "lay out the weights");
  }
  self->in_blocks = lx_direct_available() && lx_onednn_layer_in_blocks(self->layer);
  for (int i = 0; i + 1 < n; i++)
    self->in_blocks &= parts[i].out % LX_DIRECT_WIDE == 0;
  int64_t first = 0;
  for (int i = 0; i < n; first += parts[i++].out)
    if (parts[i].bias)
      memcpy(self->own.bias + first, parts[i].bias, (size_t)parts[i].out * sizeof(float));
  *out = self;
  return LX_OK;
}

void lx_packed_free(LxPacked *self)
{
  if (!self)
    return;
  if (!self->own.weights)
    leave_room();
  lx_onednn_layer_free(self->layer);
  pthread_mutex_destroy(&self->lock);
  lx_pages_free(self->pages);
  free(self->own.bias);
  free(self);
}

int64_t lx_packed_out(const LxPacked *self)
{
  return self->out;
}

size_t lx_packed_bytes(LxPacked *self)
{
  pthread_mutex_lock(&self->lock);
  size_t bytes = self->own.weights ? self->bytes : 0;
  pthread_mutex_unlock(&self->lock);
  return bytes;
}

/* Lays the weights out for good and gives a mapped file's pages back to the system. */
static bool keep(LxPacked *self)
{
  LxPages *pages = NULL;
  float *weights = lx_pages_alloc(self->bytes, &pages);
  if (!weights || !lx_onednn_layer_fill(self->layer, self->parts, self->n, weights)) {
    lx_pages_free(pages);
    return false;
  }
  self->own.weights = weights;
  self->pages = pages;
  leave_room();
  for (int i = 0; i < self->n; i++)
    lx_file_let_go(self->parts[i].weight, (size_t)(self->parts[i].out * self->in) * sizeof(float));
  return true;
}

const float *lx_packed_blocks(LxPacked *self)
{
  pthread_mutex_lock(&self->lock);
  if (self->in_blocks && !self->own.weights && lx_packed_turn_comes(&self->turn))
    self->in_blocks = keep(self); /* not enough memory: it goes without */
  const float *blocks = self->in_blocks ? self->own.weights : NULL;
  pthread_mutex_unlock(&self->lock);
  return blocks;
}

/* The same product with the weights laid out in the room. */
static bool run_in_room(LxPacked *self, const float *x, int64_t rows, float *y,
                        LxActivation activation)
{
  pthread_mutex_lock(&room.lock);
  if (room.bytes < self->bytes) {
    lx_pages_free(room.pages);
    room.pages = NULL;
    room.weights = lx_pages_alloc(self->bytes, &room.pages);
    room.bytes = room.weights ? self->bytes : 0;
  }
  const LxOnednnWeights weights = {room.weights, self->own.bias};
  bool ok = room.weights && lx_onednn_layer_fill(self->layer, self->parts, self->n, room.weights) &&
            lx_onednn_layer_run(self->layer, &weights, x, rows, y, activation);
  pthread_mutex_unlock(&room.lock);
  return ok;
}

LxStatus lx_packed_run(LxPacked *self, const float *x, int64_t rows, float *y,
                       LxActivation activation, LxError *error)
{
  if (rows <= 0)
    return LX_OK;
  bool ok = true;
  pthread_mutex_lock(&self->lock);
  if (!self->own.weights &&
      (rows > FEW_ROWS || !self->fits_room || lx_packed_turn_comes(&self->turn)))
    ok = keep(self);
  if (ok && self->own.weights)
    ok = lx_onednn_layer_run(self->layer, &self->own, x, rows, y, activation);
  else if (ok)
    ok = run_in_room(self, x, rows, y, activation);
  pthread_mutex_unlock(&self->lock);
  return ok ? LX_OK : failed(error, "multiply");
}
