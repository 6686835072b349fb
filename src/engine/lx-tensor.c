#include "lx-tensor.h"

#include <stdio.h>
#include <string.h>

static const struct {
  size_t size;
  const char *name;
} dtypes[] = {
    [LX_F32] = {4, "F32"}, [LX_F64] = {8, "F64"},   [LX_F16] = {2, "F16"}, [LX_BF16] = {2, "BF16"},
    [LX_I64] = {8, "I64"}, [LX_I32] = {4, "I32"},   [LX_I16] = {2, "I16"}, [LX_I8] = {1, "I8"},
    [LX_U8] = {1, "U8"},   [LX_BOOL] = {1, "BOOL"},
};

size_t lx_dtype_size(LxDType dtype)
{
  return dtypes[dtype].size;
}

const char *lx_dtype_name(LxDType dtype)
{
  return dtypes[dtype].name;
}

int64_t lx_tensor_count(const LxTensor *t)
{
  int64_t n = 1;
  for (int i = 0; i < t->ndim; i++)
    n *= t->dim[i];
  return n;
}

size_t lx_tensor_bytes(const LxTensor *t)
{
  return (size_t)lx_tensor_count(t) * lx_dtype_size(t->dtype);
}

bool lx_tensor_same_shape(const LxTensor *a, const LxTensor *b)
{
  if (a->ndim != b->ndim)
    return false;
  for (int i = 0; i < a->ndim; i++)
    if (a->dim[i] != b->dim[i])
      return false;
  return true;
}

const char *lx_tensor_shape_text(const LxTensor *t, char *buf, size_t size)
{
  size_t used = (size_t)snprintf(buf, size, "[");
  for (int i = 0; i < t->ndim && used < size; i++)
    used += (size_t)snprintf(buf + used, size - used, i ? ", %lld" : "%lld", (long long)t->dim[i]);
  if (used < size)
    snprintf(buf + used, size - used, "]");
  return buf;
}

static float half_to_float(uint16_t h)
{
  uint32_t sign = (uint32_t)(h & 0x8000) << 16, exp = (h >> 10) & 0x1f, man = h & 0x3ff, bits;
  if (exp == 0x1f) {
    bits = sign | 0x7f800000 | man << 13;
  } else if (exp) {
    bits = sign | (exp + 112) << 23 | man << 13;
  } else {
    float tiny = (float)man * 0x1p-24f;
    memcpy(&bits, &tiny, 4);
    bits |= sign;
  }
  float f;
  memcpy(&f, &bits, 4);
  return f;
}

static float bfloat_to_float(uint16_t h)
{
  uint32_t bits = (uint32_t)h << 16;
  float f;
  memcpy(&f, &bits, 4);
  return f;
}

static uint16_t float_to_bfloat(float f)
{
  uint32_t bits;
  memcpy(&bits, &f, 4);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static uint16_t float_to_half(float f)
{
  uint32_t bits;
  memcpy(&bits, &f, 4);
  uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
  bits &= 0x7fffffff;
  if (bits > 0x7f800000)
    return sign | 0x7e00;
  if (bits >= 0x477ff000)
    return sign | 0x7c00;
  if (bits < 0x38800000) {
    float tiny;
    memcpy(&tiny, &bits, 4);
    /* adding 0.5 puts the subnormal's 10 bits at the end of the mantissa, rounded to even */
    tiny += 0.5f;
    memcpy(&bits, &tiny, 4);
    return sign | (uint16_t)(bits - 0x3f000000);
  }
  bits += 0xfff + (bits >> 13 & 1);
  return sign | (uint16_t)((bits - 0x38000000) >> 13);
}

double lx_tensor_get(const LxTensor *t, int64_t i)
{
  switch (t->dtype) {
  case LX_F32:
    return ((const float *)t->data)[i];
  case LX_F64:
    return ((const double *)t->data)[i];
  case LX_F16:
    return half_to_float(((const uint16_t *)t->data)[i]);
  case LX_BF16:
    return bfloat_to_float(((const uint16_t *)t->data)[i]);
  case LX_I64:
    return (double)((const int64_t *)t->data)[i];
  case LX_I32:
    return ((const int32_t *)t->data)[i];
  case LX_I16:
    return ((const int16_t *)t->data)[i];
  case LX_I8:
    return ((const int8_t *)t->data)[i];
  case LX_U8:
  case LX_BOOL:
    return ((const uint8_t *)t->data)[i];
  }
  return 0;
}

void lx_convert_to_f32(LxDType dtype, const void *src, float *dst, int64_t n)
{
  if (dtype == LX_F32) {
    memcpy(dst, src, (size_t)n * 4);
    return;
  }
  LxTensor t = {.dtype = dtype, .ndim = 1, .dim = {n}, .data = (void *)src};
  for (int64_t i = 0; i < n; i++)
    dst[i] = (float)lx_tensor_get(&t, i);
}

void lx_convert_from_f32(LxDType dtype, const float *src, void *dst, int64_t n)
{
  if (dtype == LX_F32)
    memcpy(dst, src, (size_t)n * 4);
  else if (dtype == LX_BF16)
    for (int64_t i = 0; i < n; i++)
      ((uint16_t *)dst)[i] = float_to_bfloat(src[i]);
  else
    for (int64_t i = 0; i < n; i++)
      ((uint16_t *)dst)[i] = float_to_half(src[i]);
}
