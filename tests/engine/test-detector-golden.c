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
  CHECK(worst <= (whole ? 0 : 1e-4 * largest), "%s %s: off by %g of %g", set, name, worst, largest);
  if (getenv("LX_TEST_VERBOSE"))
    printf("%s %-22s %.2g\n", set, name, worst / largest);
}

typedef struct {
  LxDetectorConfig config;
  LxTensors *params, *golden;
} Set;

static LxTensors *open_tensors(const char *set, const char *name)
{
  char path[128];
  LxError error = {0};
  LxTensors *read = NULL, *out = NULL;
  snprintf(path, sizeof path, "detector/%s/%s.safetensors", set, name);
  CHECK(!lx_safetensors_read(lx_test_data(path), &read, &error), "%s", error.message);
  if (!read)
    exit(1);
  if (strcmp(name, "weights"))
    return read;
  CHECK(!lx_tensors_copy_f32(read, &out, &error));
  lx_tensors_unref(read);
  return out;
}

static Set open_set(const char *set)
{
  char path[128];
  LxError error = {0};
  Set s = {.params = open_tensors(set, "weights"), .golden = open_tensors(set, "golden")};
  snprintf(path, sizeof path, "detector/%s/config.json", set);
  CHECK(!lx_detector_config_read(lx_test_data(path), &s.config, &error), "%s", error.message);
  return s;
}

static void close_set(Set *s)
{
  lx_tensors_unref(s->params);
  lx_tensors_unref(s->golden);
}

static LxTensors *stages(const Set *s, const LxTensors *inputs)
{
  LxError error = {0};
  LxTensors *out = lx_tensors_new();
  CHECK(!lx_detector_stages(&s->config, s->params, inputs, out, &error), "%s", error.message);
  return out;
}

static void check_golden(const char *what, const Set *s)
{
  LxTensors *out = stages(s, s->golden);
  for (size_t i = 0; i < lx_tensors_count(s->golden); i++) {
    const char *name = lx_tensors_name(s->golden, i);
    if (strcmp(name, "input") == 0 || strcmp(name, "sizes") == 0 || strcmp(name, "raw_size") == 0 ||
        strcmp(name, "scales_yx") == 0)
      continue;
    compare(what, name, lx_tensors_at(s->golden, i), lx_tensors_find(out, name));
  }
  lx_tensors_unref(out);
}

static void run(const char *set)
{
  Set s = open_set(set);
  check_golden(set, &s);
  close_set(&s);
}

/* ---- res5 with any dilation, against sums in double ---- */

typedef struct {
  int channels, side;
  double *at; /* [channels, side, side] */
} Map;

static double param(const Set *s, const char *prefix, const char *name, int64_t i)
{
  char full[160];
  snprintf(full, sizeof full, "%s.%s", prefix, name);
  const LxTensor *t = lx_tensors_find(s->params, full);
  return t ? lx_tensor_get(t, i) : NAN; /* a missing one spoils every sum */
}

/* A convolution of stride 1 that keeps the size, then the frozen norm. */
static Map norm_conv(const Set *s, const char *prefix, Map x, int out, int kernel, int dilation,
                     int groups, bool relu)
{
  Map y = {out, x.side, calloc((size_t)(out * x.side * x.side), sizeof(double))};
  int in = x.channels / groups, side = x.side, half = kernel / 2 * dilation;
  for (int o = 0; o < out; o++)
    for (int r = 0; r < side * side; r++) {
      double sum = 0;
      for (int i = 0; i < in; i++)
        for (int k = 0; k < kernel * kernel; k++) {
          int iy = r / side - half + k / kernel * dilation;
          int ix = r % side - half + k % kernel * dilation;
          if (iy >= 0 && iy < side && ix >= 0 && ix < side)
            sum += x.at[((o / (out / groups) * in + i) * side + iy) * side + ix] *
                   param(s, prefix, "weight", ((int64_t)o * in + i) * kernel * kernel + k);
        }
      double scale =
          param(s, prefix, "norm.weight", o) / sqrt(param(s, prefix, "norm.running_var", o) + 1e-5);
      double v = (sum - param(s, prefix, "norm.running_mean", o)) * scale +
                 param(s, prefix, "norm.bias", o);
      y.at[o * side * side + r] = relu && v < 0 ? 0 : v;
    }
  return y;
}

static Map double_bottleneck(const Set *s, const char *prefix, Map x, int dilation)
{
  const LxDetectorConfig *c = &s->config;
  int width = lx_detector_stage_width(c, 5), out = lx_detector_stage_out(c, 5);
  char at[3][128], shortcut[128];
  for (int i = 0; i < 3; i++)
    snprintf(at[i], sizeof at[i], "%s.conv%d", prefix, i + 1);
  snprintf(shortcut, sizeof shortcut, "%s.shortcut", prefix);
  Map residual = x.channels == out ? x : norm_conv(s, shortcut, x, out, 1, 1, 1, false);
  Map one = norm_conv(s, at[0], x, width, 1, 1, 1, true);
  Map two = norm_conv(s, at[1], one, width, 3, dilation, c->groups, true);
  Map y = norm_conv(s, at[2], two, out, 1, 1, 1, false);
  for (int i = 0; i < out * y.side * y.side; i++)
    y.at[i] = fmax(y.at[i] + residual.at[i], 0);
  if (residual.at != x.at)
    free(residual.at);
  free(one.at);
  free(two.at);
  free(x.at);
  return y;
}

static void dilated(int dilation)
{
  Set s = open_set("small3"); /* its res5 halves */
  s.config.res5_dilation = dilation;
  LxTensors *out = stages(&s, s.golden);
  const LxTensor *pooled = lx_tensors_find(out, "roi_pooled_3");
  const LxTensor *res5 = lx_tensors_find(out, "res5_roi0");
  CHECK(pooled && res5 && pooled->dim[2] == res5->dim[2], "res5 does not keep its size");
  if (!pooled || !res5)
    return;
  int n = (int)(pooled->dim[1] * pooled->dim[2] * pooled->dim[3]);
  Map x = {(int)pooled->dim[1], (int)pooled->dim[2], calloc((size_t)n, sizeof(double))};
  for (int i = 0; i < n; i++)
    x.at[i] = lx_tensor_get(pooled, i);
  for (int block = 0; block < s.config.num_blocks[3]; block++) {
    char prefix[64];
    snprintf(prefix, sizeof prefix, "roi_heads.res5.%d", block);
    x = double_bottleneck(&s, prefix, x, dilation);
  }
  double worst = 0, largest = 0;
  CHECK(lx_tensor_count(res5) == x.channels * x.side * x.side);
  for (int64_t i = 0; i < lx_tensor_count(res5); i++) {
    worst = fmax(worst, fabs(lx_tensor_get(res5, i) - x.at[i]));
    largest = fmax(largest, fabs(x.at[i]));
  }
  CHECK(worst < 1e-5 * largest && largest > 0, "dilation %d: off by %g of %g", dilation, worst,
        largest);
  free(x.at);
  lx_tensors_unref(out);
  close_set(&s);
}

/* ---- size_divisibility ---- */

/* An input with `below` rows and `right` columns of zeros more. */
static LxTensors *padded_input(const LxTensor *x, int64_t below, int64_t right)
{
  LxError error = {0};
  LxTensors *out = lx_tensors_new();
  LxTensor *to;
  int64_t h = x->dim[2], w = x->dim[3], dim[4] = {1, 3, h + below, w + right};
  CHECK(!lx_tensors_add(out, "input", LX_F32, 4, dim, &to, &error));
  for (int64_t c = 0; c < 3; c++)
    for (int64_t y = 0; y < h; y++)
      memcpy(lx_f32(to) + (c * dim[2] + y) * dim[3], lx_f32(x) + (c * h + y) * w,
             (size_t)w * sizeof(float));
  return out;
}

/* The network sees the padded picture; proposals and boxes stay inside the picture itself. */
static void divisible(void)
{
  Set s = open_set("small3");
  const LxTensor *input = lx_tensors_find(s.golden, "input");
  int64_t h = input->dim[2], w = input->dim[3];
  LxTensors *larger = padded_input(input, 128 - h, 160 - w), *want = stages(&s, larger);
  s.config.size_divisibility = 32;
  LxTensors *got = stages(&s, s.golden);
  static const char *const same[] = {"stem", "res4", "rpn_objectness", "rpn_deltas", "anchors"};
  for (int i = 0; i < 5; i++) {
    const LxTensor *a = lx_tensors_find(want, same[i]), *b = lx_tensors_find(got, same[i]);
    CHECK(a && b && lx_tensor_same_shape(a, b) && memcmp(a->data, b->data, lx_tensor_bytes(a)) == 0,
          "%s is not that of the padded picture", same[i]);
  }
  const LxTensor *boxes = lx_tensors_find(got, "proposal_boxes");
  CHECK(boxes && boxes->dim[0] > 10);
  for (int64_t i = 0; boxes && i < lx_tensor_count(boxes); i++)
    CHECK(lx_tensor_get(boxes, i) >= 0 && lx_tensor_get(boxes, i) <= (double)(i & 1 ? h : w));
  lx_tensors_unref(larger);
  lx_tensors_unref(want);
  lx_tensors_unref(got);
  s.config.size_divisibility = 1; /* no padding: the golden numbers again */
  check_golden("size_divisibility 1", &s);
  close_set(&s);
}

int main(void)
{
  run("small");
  run("small3");
  dilated(2);
  dilated(3);
  divisible();
  return lx_test_end();
}
