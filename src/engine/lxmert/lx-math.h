/* exp and the normal distribution in float32, written so that compilers vectorise a loop over
 * them. Errors, measured over all arguments in tests/engine/test-math.c: lx_expf 1e-7 relative;
 * x * cdf of lx_normal (GELU) 2e-7 absolute; cdf and pdf relative 4e-6 at |x| = 12, less nearer 0. */
#pragma once

#include <stdint.h>
#include <string.h>

#define LX_INLINE static inline __attribute__((always_inline))

/* e^x; 0 below -87.3 (where float32 would become denormal), e^88 above 88. */
LX_INLINE float lx_expf(float x)
{
  float c = x > 88.0f ? 88.0f : x;
  c = c < -87.3f ? -87.3f : c;
  /* n = round(x / ln 2) through the mantissa's last bits; r = x - n ln 2 in two steps */
  float shifted = c * 1.44269504f + 12582912.0f;
  float n = shifted - 12582912.0f;
  float r = c - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (int32_t)((uint32_t)bits << 23) + 0x3f800000;
  float power;
  memcpy(&power, &bits, 4);
  return x < -87.3f ? 0.0f : p * power;
}

/* The normal distribution: *cdf = (1 + erf(x / sqrt 2)) / 2, *pdf = e^(-x^2 / 2) / sqrt(2 pi).
 * erfc(z) = e^(-z^2) t P(t), t = 1 / (1 + 0.3 z): P interpolates at Chebyshev nodes. */
LX_INLINE void lx_normal(float x, float *cdf, float *pdf)
{
  float z = (x < 0 ? -x : x) * 0.70710678f;
  float t = 1.0f / (1.0f + 0.3f * z);
  float p = -0.13077087727f;
  p = p * t + 0.49193427058f;
  p = p * t - 0.52615166288f;
  p = p * t + 0.56451424223f;
  p = p * t - 0.10698336254f;
  p = p * t + 0.22053916914f;
  p = p * t + 0.14679602218f;
  p = p * t + 0.17094911995f;
  p = p * t + 0.16917305765f;
  float e = lx_expf(-0.5f * x * x);
  float half_erfc = 0.5f * p * t * e;
  *cdf = x < 0 ? half_erfc : 1.0f - half_erfc;
  *pdf = e * 0.39894228f;
}
