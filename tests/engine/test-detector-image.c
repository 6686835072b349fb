/* Pre-processing against PyTorch's interpolate. */
#include "lx-preprocess.h"
#include "lx-safetensors.h"
#include "lx-test.h"

static void resize_case(const LxTensors *units, int number)
{
  char key[64];
  snprintf(key, sizeof key, "resize%d.args", number);
  const LxTensor *args = lx_tensors_find(units, key);
  snprintf(key, sizeof key, "resize%d.interp", number);
  const LxTensor *want = lx_tensors_find(units, key);
  snprintf(key, sizeof key, "resize%d.source", number);
  const LxTensor *source = lx_tensors_find(units, key);
  CHECK(args && want && source, "%s", key);
  if (!args || !want || !source)
    return;
  int v[6], w, h;
  for (int i = 0; i < 6; i++)
    v[i] = (int)lx_tensor_get(args, i);
  LxDetectorConfig config;
  lx_detector_config_default(&config);
  config.min_size = v[2];
  config.max_size = v[3];
  lx_preprocess_size(&config, v[1], v[0], &w, &h);
  CHECK(h == v[4] && w == v[5], "%d: %d x %d", number, w, h);
  float *out = malloc((size_t)w * (size_t)h * 3 * sizeof *out), *two = NULL;
  lx_resize_bilinear(source->data, v[1], v[0], (size_t)v[1] * 3, w, h, out);
  double worst = 0;
  for (int c = 0; c < 3; c++)
    for (int i = 0; i < w * h; i++)
      worst = fmax(worst, fabs(out[3 * i + c] - lx_f32(want)[c * w * h + i]));
  CHECK(worst < 1e-4, "%d: off by %g grey levels", number, worst);
  two = malloc((size_t)w * (size_t)h * 3 * sizeof *two);
  lx_preprocess(&config, source->data, v[1], v[0], (size_t)v[1] * 3, w, h, two);
  CHECK(fabsf(two[0] - (out[2] - 102.9801f)) < 1e-4 && fabsf(two[2] - (out[0] - 122.7717f)) < 1e-4);
  config.channels = LX_CHANNELS_AS_HF_DEMO;
  lx_preprocess(&config, source->data, v[1], v[0], (size_t)v[1] * 3, w, h, two);
  CHECK(fabsf(two[0] - (out[0] - 102.9801f)) < 1e-4);
  free(out), free(two);
}

int main(void)
{
  LxTensors *units = NULL;
  LxError error;
  CHECK(!lx_safetensors_read(lx_test_data("detector/units/resize.safetensors"), &units, &error));
  for (int i = 0; units && i < 4; i++)
    resize_case(units, i);
  lx_tensors_unref(units);
  return lx_test_end();
}
