#include "lx-preprocess.h"

#include <stdlib.h>

void lx_preprocess_size(const LxDetectorConfig *config, int width, int height, int *out_width,
                        int *out_height)
{
  double size = config->min_size, most = config->max_size;
  double scale = size / (height < width ? height : width);
  double h = height < width ? size : scale * height, w = height < width ? scale * width : size;
  double longer = h > w ? h : w;
  if (longer > most) {
    double shrink = most / longer;
    h *= shrink;
    w *= shrink;
  }
  *out_width = (int)(w + 0.5);
  *out_height = (int)(h + 0.5);
  *out_width = *out_width > 0 ? *out_width : 1;
  *out_height = *out_height > 0 ? *out_height : 1;
}

/* Where an output pixel looks along one side. PyTorch keeps the ratio in float32 and the position
 * in double here; float32 positions differ by up to 1e-2 at 480x640. */
typedef struct {
  int first, second;
  float weight; /* of the second */
} Tap;

static Tap tap_at(int i, int size, int out)
{
  double ratio = (double)((float)size / (float)out);
  double at = ratio * (i + 0.5) - 0.5;
  at = at < 0 ? 0 : at;
  int first = (int)at;
  first = first < size ? first : size - 1;
  return (Tap){first, first + (first < size - 1), (float)(at - first)};
}

void lx_resize_bilinear(const uint8_t *rgb, int width, int height, size_t stride, int out_width,
                        int out_height, float *out)
{
#pragma omp parallel for
  for (int y = 0; y < out_height; y++) {
    Tap v = tap_at(y, height, out_height);
    const uint8_t *top = rgb + (size_t)v.first * stride, *low = rgb + (size_t)v.second * stride;
    float *to = out + (int64_t)y * out_width * 3;
    for (int x = 0; x < out_width; x++) {
      Tap h = tap_at(x, width, out_width);
      float a = 1 - h.weight, b = h.weight, c = 1 - v.weight, d = v.weight;
      for (int k = 0; k < 3; k++, to++)
        *to = c * (a * top[3 * h.first + k] + b * top[3 * h.second + k]) +
              d * (a * low[3 * h.first + k] + b * low[3 * h.second + k]);
    }
  }
}

void lx_preprocess(const LxDetectorConfig *config, const uint8_t *rgb, int width, int height,
                   size_t stride, int out_width, int out_height, float *out)
{
  lx_resize_bilinear(rgb, width, height, stride, out_width, out_height, out);
  bool swap = config->channels == LX_CHANNELS_BGR;
#pragma omp parallel for
  for (int64_t i = 0; i < (int64_t)out_width * out_height; i++) {
    float *p = out + 3 * i, c[3] = {p[swap ? 2 : 0], p[1], p[swap ? 0 : 2]};
    for (int k = 0; k < 3; k++)
      p[k] = (c[k] - config->pixel_mean[k]) / config->pixel_std[k];
  }
}
