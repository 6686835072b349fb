#include "lx-packed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lx-direct.h"
#include "lx-file.h"
#include "lx-gelu-rows.h"
#include "lx-gemm.h"
#include "lx-packed-turn.h"
#include "lx-pages.h"

enum { MOST_PARTS = 4 };

/* Products of few rows read blocks that are laid out when the layer's turn comes; OpenBLAS goes on to
 * read the weights as they are. */
struct LxPacked {
  int64_t in, out;
  int n;
  pthread_mutex_t lock;
  LxPackedTurn turn;
  float *blocks; /* NULL = not yet */
  LxPages *pages;
  float *bias; /* of all parts */
  LxPackedPart parts[];
};

bool lx_packed_has_onednn(void)
{
  return false;
}

LxStatus lx_packed_new(const LxPackedPart *parts, int n, int64_t in, LxPacked **out, LxError *error)
{
  LxPacked *self = calloc(1, sizeof *self + (size_t)n * sizeof *parts);
  int64_t total = 0, first = 0;
  for (int i = 0; i < n; i++)
    total += parts[i].out;
  float *bias = calloc((size_t)total + 1, sizeof *bias);
  if (!self || !bias) {
    free(self);
    free(bias);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the weights.");
  }
  for (int i = 0; i < n; first += parts[i++].out)
    if (parts[i].bias)
      memcpy(bias + first, parts[i].bias, (size_t)parts[i].out * sizeof *bias);
  pthread_mutex_init(&self->lock, NULL);
  self->turn = lx_packed_turn_new();
  self->in = in;
  self->out = total;
  self->n = n;
  self->bias = bias;
  memcpy(self->parts, parts, (size_t)n * sizeof *parts);
  *out = self;
  return LX_OK;
}

void lx_packed_free(LxPacked *self)
{
  if (!self)
    return;
  lx_pages_free(self->pages);
  pthread_mutex_destroy(&self->lock);
  free(self->bias);
  free(self);
}

int64_t lx_packed_out(const LxPacked *self)
{
  return self->out;
}

static size_t bytes_of(const LxPacked *self)
{
  int64_t rows = 0;
  for (int i = 0; i < self->n; i++)
    rows += (self->parts[i].out + LX_DIRECT_WIDE - 1) / LX_DIRECT_WIDE * LX_DIRECT_WIDE;
  return (size_t)(rows * self->in) * sizeof(float);
}

/* Lays the weights out and gives a mapped file's pages back to the system. */
static void keep(LxPacked *self)
{
  LxDirectPart parts[MOST_PARTS];
  if (self->n > MOST_PARTS || !lx_direct_available() || self->in % 16)
    return;
  for (int i = 0; i < self->n; i++)
    parts[i] = (LxDirectPart){self->parts[i].weight, NULL, self->parts[i].out};
  self->blocks = lx_pages_alloc(bytes_of(self), &self->pages);
  if (!self->blocks || !lx_direct_lay_out(parts, self->n, self->in, self->blocks))
    return;
  for (int i = 0; i < self->n; i++)
    lx_file_let_go(self->parts[i].weight, (size_t)(self->parts[i].out * self->in) * sizeof(float));
}

const float *lx_packed_blocks(LxPacked *self)
{
  pthread_mutex_lock(&self->lock);
  if (lx_packed_turn_comes(&self->turn))
    keep(self);
  const float *blocks = self->blocks;
  pthread_mutex_unlock(&self->lock);
  return blocks;
}

size_t lx_packed_bytes(LxPacked *self)
{
  pthread_mutex_lock(&self->lock);
  size_t bytes = self->blocks ? bytes_of(self) : 0;
  pthread_mutex_unlock(&self->lock);
  return bytes;
}

LxStatus lx_packed_run(LxPacked *self, const float *x, int64_t rows, float *y,
                       LxActivation activation, LxError *error)
{
  int64_t first = 0;
  for (int i = 0; i < self->n; first += self->parts[i++].out)
    lx_gemm(false, true, rows, self->parts[i].out, self->in, 1, x, self->in, self->parts[i].weight,
            self->in, 0, y + first, self->out);
  if (activation == LX_ACTIVATION_GELU)
    lx_gelu_rows(y, self->bias, rows, self->out);
  else
    lx_bias_rows(y, self->bias, rows, self->out);
  return LX_OK;
}
