/* The whole detector, stage by stage, against the published PyTorch code with random weights. */
#include "lx-detector-stages.h"
#include "lx-safetensors.h"
#include "lx-test.h"

static void compare(const char *set, const char *name, const LxTensor *want, const LxTensor *got)
{
  bool whole = want->dtype == LX_I32 || want->dtype == LX_I64;
  double worst = 0, largest = 0;
  CHECK(got, "%s: there is no stage “%s”", set, name);
  if (!got)
    return;
  CHECK(lx_tensor_same_shape(want, got), "%s %s: another shape", set, name);
  if (!lx_tensor_same_shape(want, got))
    return;
  for (int64_t i = 0; i < lx_tensor_count(want); i++) {
    double a = lx_tensor_get(want, i), b = lx_tensor_get(got, i);
    worst = fmax(worst, isnan(b) ? INFINITY : fabs(a - b));
    largest = fmax(largest, fabs(a));
  }
  CHECK(worst <= (whole ? 0 : 1e-4 * largest), "%s %s: off by %g of %g", set, name, worst,
        largest);
  if (getenv("LX_TEST_VERBOSE"))
    printf("%s %-22s %.2g\n", set, name, worst / largest);
}

static void run(const char *set)
{
  char path[128];
  LxTensors *weights = NULL, *golden = NULL, *params = NULL, *out = lx_tensors_new();
  LxDetectorConfig config;
  LxError error = {0};
  snprintf(path, sizeof path, "detector/%s/config.json", set);
  CHECK(!lx_detector_config_read(lx_test_data(path), &config, &error), "%s", error.message);
  snprintf(path, sizeof path, "detector/%s/weights.safetensors", set);
  CHECK(!lx_safetensors_read(lx_test_data(path), &weights, &error), "%s", error.message);
  snprintf(path, sizeof path, "detector/%s/golden.safetensors", set);
  CHECK(!lx_safetensors_read(lx_test_data(path), &golden, &error), "%s", error.message);
  if (!weights || !golden)
    return;
  CHECK(!lx_tensors_copy_f32(weights, &params, &error));
  CHECK(!lx_detector_stages(&config, params, golden, out, &error), "%s", error.message);
  for (size_t i = 0; i < lx_tensors_count(golden); i++) {
    const char *name = lx_tensors_name(golden, i);
    if (strcmp(name, "input") == 0 || strcmp(name, "sizes") == 0 ||
        strcmp(name, "raw_size") == 0 || strcmp(name, "scales_yx") == 0)
      continue;
    compare(set, name, lx_tensors_at(golden, i), lx_tensors_find(out, name));
  }
  lx_tensors_unref(weights);
  lx_tensors_unref(golden);
  lx_tensors_unref(params);
  lx_tensors_unref(out);
}

int main(void)
{
  run("small");
  run("small3");
  return lx_test_end();
}
