#include "lx-packed.h"

#include <stdlib.h>
#include <string.h>

#include "lx-gelu-rows.h"
#include "lx-gemm.h"

struct LxPacked {
  int64_t in, out;
  int n;
  float *bias; /* of all parts */
  LxPackedPart parts[];
};

bool lx_packed_has_onednn(void)
{
  return false;
}

LxStatus lx_packed_new(const LxPackedPart *parts, int n, int64_t in, LxPacked **out,
                       LxError *error)
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
  if (self)
    free(self->bias);
  free(self);
}

int64_t lx_packed_out(const LxPacked *self)
{
  return self->out;
}

const float *lx_packed_blocks(LxPacked *self)
{
  return NULL;
}

size_t lx_packed_bytes(LxPacked *self)
{
  return 0;
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
