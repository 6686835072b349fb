#include "lx-packed.h"

#include "lx-gemm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct LxPacked {
  int64_t in, out;
  int n;
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
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the weights.");
  self->in = in;
  self->n = n;
  memcpy(self->parts, parts, (size_t)n * sizeof *parts);
  for (int i = 0; i < n; i++)
    self->out += parts[i].out;
  *out = self;
  return LX_OK;
}

void lx_packed_free(LxPacked *self)
{
  free(self);
}

int64_t lx_packed_out(const LxPacked *self)
{
  return self->out;
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
  for (int64_t r = 0; r < rows; r++) {
    first = 0;
    for (int i = 0; i < self->n; first += self->parts[i++].out)
      for (int64_t j = 0; j < self->parts[i].out && self->parts[i].bias; j++)
        y[r * self->out + first + j] += self->parts[i].bias[j];
  }
  if (activation == LX_ACTIVATION_GELU)
    for (int64_t i = 0; i < rows * self->out; i++)
      y[i] = 0.5f * y[i] * (1 + erff(y[i] * 0.70710678f));
  return LX_OK;
}
