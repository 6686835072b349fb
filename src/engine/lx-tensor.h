/* A tensor: type, shape and a pointer to row-major data that somebody else owns. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

#define LX_MAX_DIMS 6

typedef enum {
  LX_F32,
  LX_F64,
  LX_F16,
  LX_BF16,
  LX_I64,
  LX_I32,
  LX_I16,
  LX_I8,
  LX_U8,
  LX_BOOL,
} LxDType;

typedef struct {
  LxDType dtype;
  int ndim; /* 0 = scalar, one element */
  int64_t dim[LX_MAX_DIMS];
  void *data; /* contiguous, row-major */
} LxTensor;

/* Bytes of one element. */
size_t lx_dtype_size(LxDType dtype);
/* The safetensors name: "F32", "BF16", … */
const char *lx_dtype_name(LxDType dtype);

/* Number of elements (1 for a scalar). */
int64_t lx_tensor_count(const LxTensor *t);
size_t lx_tensor_bytes(const LxTensor *t);
bool lx_tensor_same_shape(const LxTensor *a, const LxTensor *b);
/* "[3, 5, 64]" into `buf`; returns `buf`. */
const char *lx_tensor_shape_text(const LxTensor *t, char *buf, size_t size);

static inline float *lx_f32(const LxTensor *t)
{
  return (float *)t->data;
}
static inline int64_t *lx_i64(const LxTensor *t)
{
  return (int64_t *)t->data;
}

/* Element `i` of a tensor of any type as a double. */
double lx_tensor_get(const LxTensor *t, int64_t i);
/* `n` elements of any type from `src` to float32 (half types widened exactly). */
void lx_convert_to_f32(LxDType dtype, const void *src, float *dst, int64_t n);
/* float32 to half types, round to nearest even; NaN stays NaN. dtype F32, F16 or BF16. */
void lx_convert_from_f32(LxDType dtype, const float *src, void *dst, int64_t n);
