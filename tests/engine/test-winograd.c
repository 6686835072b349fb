/* Winograd's convolutions, and the plain ones with many channels, against sums in double. */
#include "lx-conv-packs.h"
#include "lx-micro.h"
#include "lx-rng.h"
#include "lx-tensor.h"
#include "lx-test.h"
#include "lx-winograd.h"

static LxRng rng = {.seed = 11, .stream = 3};

static float *numbers(int64_t n)
{
  float *x = malloc((size_t)n * sizeof *x);
  for (int64_t i = 0; i < n; i++)
    x[i] = (float)(2 * lx_rng_uniform(&rng) - 1);
  return x;
}

typedef struct {
  LxConv conv;
  float *x, *weight, *scale, *bias, *residual;
} Case;

/* One output in double, before the ReLU. */
static double output(const Case *t, int image, int oy, int ox, int o, bool residual)
{
  const LxConv *c = &t->conv;
  double sum = 0;
  for (int tap = 0; tap < c->kernel * c->kernel; tap++) {
    int y = oy * c->stride - c->pad + tap / c->kernel * c->dilation;
    int x = ox * c->stride - c->pad + tap % c->kernel * c->dilation;
    if (y < 0 || y >= c->h || x < 0 || x >= c->w)
      continue;
    for (int i = 0; i < c->in; i++)
      sum += (double)t->x[(((int64_t)image * c->h + y) * c->w + x) * c->in + i] *
             t->weight[((int64_t)o * c->in + i) * c->kernel * c->kernel + tap];
  }
  int64_t at = (((int64_t)image * c->oh + oy) * c->ow + ox) * c->out + o;
  return sum * t->scale[o] + t->bias[o] + (residual ? t->residual[at] : 0);
}

static double off_by(const Case *t, const float *y, bool residual, bool relu)
{
  const LxConv *c = &t->conv;
  double worst = 0, largest = 0;
  for (int i = 0; i < c->n; i++)
    for (int p = 0; p < c->oh * c->ow; p++)
      for (int o = 0; o < c->out; o++) {
        double want = output(t, i, p / c->ow, p % c->ow, o, residual);
        want = relu ? fmax(want, 0) : want;
        worst = fmax(worst, fabs(want - *y++));
        largest = fmax(largest, fabs(want));
      }
  return worst / largest;
}

static void run(int n, int h, int w, int in, int out, int kernel, int pad, int dilation)
{
  Case t = {.conv = {.n = n,
                     .h = h,
                     .w = w,
                     .in = in,
                     .out = out,
                     .kernel = kernel,
                     .stride = 1,
                     .pad = pad,
                     .dilation = dilation,
                     .groups = 1}};
  LxConv *c = &t.conv;
  LxConvPacks *packs = lx_conv_packs_new();
  const LxConvShared *shared = NULL, *again = NULL;
  LxTensor weight = {.dtype = LX_F32};
  LxError error = {0};
  lx_conv_shape(c);
  int64_t outputs = (int64_t)n * c->oh * c->ow * out;
  t.x = numbers((int64_t)n * h * w * in);
  t.weight = numbers((int64_t)in * out * kernel * kernel);
  t.scale = numbers(out), t.bias = numbers(out), t.residual = numbers(outputs);
  weight.data = t.weight;
  float *y = numbers(outputs);
  CHECK(!lx_conv_packs_get(packs, &weight, c, t.scale, t.bias, &shared, &error));
  CHECK(!lx_conv_packs_get(packs, &weight, c, NULL, NULL, &again, &error) && again == shared);
  for (int fused = 0; fused < 4; fused++) {
    bool residual = fused & 1, relu = fused & 2;
    CHECK(lx_conv_shared_run(packs, shared, c, t.x, residual ? t.residual : NULL, relu, y));
    double off = off_by(&t, y, residual, relu);
    CHECK(off < 1e-5, "%dx%dx%d %d to %d, kernel %d pad %d dilation %d, %s: off by %g", n, h, w, in,
          out, kernel, pad, dilation, lx_micro()->name, off);
  }
  lx_conv_packs_free(packs);
  free(t.x), free(t.weight), free(t.scale), free(t.bias), free(t.residual), free(y);
}

/* The network says that its weights are damaged when NaN comes out: ReLU must not hide it. */
static void not_a_number(void)
{
  LxConv c = {.n = 1,
              .h = 5,
              .w = 6,
              .in = 16,
              .out = 16,
              .kernel = 3,
              .stride = 1,
              .pad = 1,
              .dilation = 1,
              .groups = 1};
  LxWinograd packed;
  LxError error;
  lx_conv_shape(&c);
  float *x = numbers(5 * 6 * 16), *weight = numbers(16 * 16 * 9), *bias = numbers(16);
  float *y = numbers(5 * 6 * 16), *space = numbers(lx_winograd_space(&c));
  x[100] = NAN;
  CHECK(!lx_winograd_init(&packed, &c, weight, NULL, bias, &error));
  lx_winograd_forward(&c, &packed, x, NULL, true, y, space);
  bool seen = false;
  for (int i = 0; i < 5 * 6 * 16; i++)
    seen |= isnan(y[i]);
  CHECK(seen);
  lx_winograd_clear(&packed);
  free(x), free(weight), free(bias), free(y), free(space);
}

static void which(void)
{
  LxConv c = {.in = 64, .out = 32, .kernel = 3, .stride = 1, .pad = 2, .dilation = 2, .groups = 1};
  CHECK(lx_winograd_suits(&c));
  LxConv strided = c, grouped = c, odd = c, one = c;
  strided.stride = 2;
  grouped.groups = 2;
  odd.out = 24;
  one.kernel = 1;
  CHECK(!lx_winograd_suits(&strided) && !lx_winograd_suits(&grouped) && !lx_winograd_suits(&odd) &&
        !lx_winograd_suits(&one));
}

int main(void)
{
  which();
  not_a_number();
  for (int set = 2; set >= -1; set--) {
    if (!lx_micro_choose(set))
      continue;
    run(1, 1, 1, 16, 16, 3, 1, 1);
    run(2, 7, 9, 16, 32, 3, 1, 1);
    run(3, 14, 14, 32, 16, 3, 2, 2);
    run(1, 13, 5, 16, 16, 3, 3, 3);
    run(1, 6, 11, 16, 16, 3, 0, 1);
    run(1, 9, 8, 16, 16, 3, 1, 2); /* fewer outputs than inputs */
    run(1, 5, 5, 32, 288, 1, 0, 1);
    run(1, 12, 11, 48, 272, 1, 0, 1);
    run(1, 3, 4, 1100, 260, 1, 0, 1); /* two passes over the depth */
    run(1, 5, 4, 24, 264, 3, 2, 2);
  }
  run(1, 32, 32, 2048, 16, 3, 1, 1); /* more tiles than are transformed at a time */
  return lx_test_end();
}
