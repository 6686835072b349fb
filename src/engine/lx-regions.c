#include "lx-regions.h"

#include <stdlib.h>
#include <string.h>

LxStatus lx_regions_new(int64_t count, int64_t feature_size, LxRegions **out, LxError *error)
{
  LxRegions *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the regions.");
  size_t n = (size_t)(count ? count : 1), d = (size_t)(feature_size ? feature_size : 1);
  self->count = count;
  self->feature_size = feature_size;
  self->image_id = strdup("");
  self->object_ids = calloc(n, sizeof(int64_t));
  self->object_conf = calloc(n, sizeof(float));
  self->attribute_ids = calloc(n, sizeof(int64_t));
  self->attribute_conf = calloc(n, sizeof(float));
  self->boxes = calloc(n * 4, sizeof(float));
  self->features = calloc(n * d, sizeof(float));
  if (!self->image_id || !self->object_ids || !self->object_conf || !self->attribute_ids ||
      !self->attribute_conf || !self->boxes || !self->features) {
    lx_regions_free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %lld regions.", (long long)count);
  }
  *out = self;
  return LX_OK;
}

void lx_regions_free(LxRegions *self)
{
  if (!self)
    return;
  free(self->image_id);
  free(self->object_ids);
  free(self->object_conf);
  free(self->attribute_ids);
  free(self->attribute_conf);
  free(self->boxes);
  free(self->features);
  free(self);
}

void lx_regions_normalized_boxes(const LxRegions *self, float *out)
{
  float size[2] = {(float)self->width, (float)self->height};
  for (int64_t i = 0; i < self->count * 4; i++)
    out[i] = self->boxes[i] / size[i & 1];
}
