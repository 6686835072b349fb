/* What a detector found in one image: the same fields as a line of the authors' obj36 TSV. */
#pragma once

#include <stdint.h>

#include "lx-error.h"

typedef struct {
  char *image_id;         /* owned; may be "" */
  int64_t width, height;  /* of the original image, pixels */
  int64_t count;          /* regions, 36 in published files */
  int64_t feature_size;   /* 2048 in published files */
  int64_t *object_ids;    /* [count] class, 0-based, background dropped */
  float *object_conf;     /* [count] probability of the class */
  int64_t *attribute_ids; /* [count] */
  float *attribute_conf;  /* [count] */
  float *boxes;           /* [count, 4] x1 y1 x2 y2 in pixels of the original image */
  float *features;        /* [count, feature_size] */
} LxRegions;

/* Allocates every array for `count` regions, zeroed. *out is owned: lx_regions_free. */
LxStatus lx_regions_new(int64_t count, int64_t feature_size, LxRegions **out, LxError *error);
void lx_regions_free(LxRegions *self); /* NULL is fine */
/* boxes / (width, height, width, height) into out[count, 4], as LXMERT takes them. */
void lx_regions_normalized_boxes(const LxRegions *self, float *out);
