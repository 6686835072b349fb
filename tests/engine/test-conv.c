/* Convolutions, pools and boxes against PyTorch's numbers (tests/data/detector/units). */
#include "lx-boxes.h"
#include "lx-conv.h"
#include "lx-detector-ops.h"
#include "lx-micro.h"
#include "lx-safetensors.h"
#include "lx-test.h"

static LxTensors *units;

static const LxTensor *get(const char *prefix, const char *name)
{
  char key[64];
  snprintf(key, sizeof key, "%s%s%s", prefix, *prefix ? "." : "", name);
  const LxTensor *t = lx_tensors_find(units, key);
  CHECK(t, "%s", key);
  return t;
}

/* [n, c, h, w] <-> [n, h, w, c]; result is owned. */
static float *turned(const float *x, const int64_t *dim, bool to_nhwc)
{
  int64_t n = dim[0], c = dim[1], plane = dim[2] * dim[3];
  float *y = malloc((size_t)(n * c * plane) * sizeof *y);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < c; j++)
      for (int64_t p = 0; p < plane; p++) {
        int64_t nchw = (i * c + j) * plane + p, nhwc = (i * plane + p) * c + j;
        y[to_nhwc ? nhwc : nchw] = x[to_nhwc ? nchw : nhwc];
      }
  return y;
}

/* `got` is [n, h, w, c], `want` as PyTorch has it. */
static void compare(const char *what, const float *got, const LxTensor *want, double tolerance)
{
  float *mine = turned(got, want->dim, false);
  double worst = 0, largest = 0;
  for (int64_t i = 0; i < lx_tensor_count(want); i++) {
    worst = fmax(worst, fabs(mine[i] - lx_tensor_get(want, i)));
    largest = fmax(largest, fabs(lx_tensor_get(want, i)));
  }
  CHECK(worst <= tolerance * largest, "%s: off by %g of %g", what, worst, largest);
  free(mine);
}

static void conv_case(const char *name)
{
  const LxTensor *x = get(name, "x"), *w = get(name, "w"), *y = get(name, "y");
  const LxTensor *args = get(name, "args"), *gy = get(name, "gy");
  bool biased = strcmp(name, "conv_g2_bias") == 0;
  const LxTensor *bias = biased ? get(name, "b") : NULL;
  LxConv c = {.n = (int)x->dim[0],
              .h = (int)x->dim[2],
              .w = (int)x->dim[3],
              .in = (int)x->dim[1],
              .out = (int)w->dim[0],
              .kernel = (int)w->dim[2],
              .stride = (int)lx_tensor_get(args, 0),
              .pad = (int)lx_tensor_get(args, 1),
              .dilation = (int)lx_tensor_get(args, 2),
              .groups = (int)lx_tensor_get(args, 3)};
  lx_conv_shape(&c);
  CHECK(c.oh == y->dim[2] && c.ow == y->dim[3], "%s: %d x %d", name, c.oh, c.ow);
  LxConvPack forward, backward;
  LxError error;
  CHECK(!lx_conv_pack_new(&c, false, &forward, &error));
  CHECK(!lx_conv_pack_new(&c, true, &backward, &error));
  lx_conv_pack_fill(&forward, &c, false, lx_f32(w), NULL, bias ? lx_f32(bias) : NULL);
  lx_conv_pack_fill(&backward, &c, true, lx_f32(w), NULL, NULL);
  float *xt = turned(lx_f32(x), x->dim, true), *gt = turned(lx_f32(gy), gy->dim, true);
  float *out = calloc((size_t)lx_tensor_count(y), sizeof *out);
  lx_conv_forward(&c, &forward, xt, NULL, false, out);
  compare(name, out, y, 1e-5);
  float *gx = calloc((size_t)lx_tensor_count(x), sizeof *gx);
  lx_conv_backward_input(&c, &backward, gt, gx);
  compare("gx", gx, get(name, "gx"), 1e-5);
  float *packed = calloc((size_t)lx_conv_weight_floats(&forward), sizeof *packed);
  float *gw = calloc((size_t)lx_tensor_count(w), sizeof *gw);
  lx_conv_backward_weight(&c, &forward, xt, gt, packed);
  lx_conv_unpack_add(&forward, &c, packed, NULL, gw);
  const LxTensor *want = get(name, "gw");
  for (int64_t i = 0; i < lx_tensor_count(w); i++)
    CHECK(fabs(gw[i] - lx_tensor_get(want, i)) < 1e-4, "%s: gw %lld", name, (long long)i);
  /* residual and ReLU behind it */
  lx_conv_forward(&c, &forward, xt, gt, true, out);
  float *sum = turned(lx_f32(y), y->dim, true);
  for (int64_t i = 0; i < lx_tensor_count(y); i++)
    CHECK(fabs(out[i] - fmax(0, sum[i] + gt[i])) < 1e-4, "%s: fused %lld", name, (long long)i);
  lx_conv_pack_clear(&forward);
  lx_conv_pack_clear(&backward);
  free(xt), free(gt), free(out), free(gx), free(packed), free(gw), free(sum);
}

static void pool_case(const char *name, bool ceil_mode)
{
  const LxTensor *x = get("maxpool", "x"), *y = get(name, "y"), *gy = get(name, "gy");
  LxTensors *none = lx_tensors_new();
  LxGraph *graph = lx_graph_new(none);
  int64_t dim[4] = {x->dim[0], x->dim[2], x->dim[3], x->dim[1]};
  LxNode *in = lx_graph_input(graph, "x", LX_ROWS_FIXED, LX_F32, 4, dim);
  in->no_grad = false;
  LxNode *pool = lx_op_max_pool(graph, "y", in, ceil_mode, false);
  LxError error;
  CHECK(!lx_graph_prepare(graph, LX_EXPLAIN, &error));
  float *xt = turned(lx_f32(x), x->dim, true), *gt = turned(lx_f32(gy), gy->dim, true);
  memcpy(in->out.data, xt, lx_tensor_bytes(x));
  CHECK(pool->out.dim[1] == y->dim[2] && pool->out.dim[2] == y->dim[3]);
  CHECK(!lx_graph_run(graph, NULL, NULL, &error));
  compare(name, lx_f32(&pool->out), y, 0);
  CHECK(!lx_graph_backward_with(graph, pool, gt, &error));
  compare("pool gx", in->grad, get(name, "gx"), 1e-6);
  free(xt), free(gt);
  lx_graph_free(graph);
  lx_tensors_unref(none);
}

static void roi_case(const char *name, const char *source, float scale, int bins)
{
  const LxTensor *x = get(source, "x"), *rois = get(source, "rois"), *y = get(name, "out");
  LxTensors *none = lx_tensors_new();
  LxGraph *graph = lx_graph_new(none);
  int64_t dim[4] = {x->dim[0], x->dim[2], x->dim[3], x->dim[1]};
  LxNode *in = lx_graph_input(graph, "x", LX_ROWS_FIXED, LX_F32, 4, dim);
  in->no_grad = false;
  LxNode *boxes = lx_graph_input(graph, "rois", LX_ROWS_FIXED, LX_F32, 2, rois->dim);
  LxNode *pool = lx_op_roi_pool(graph, "y", in, boxes, bins, scale);
  LxError error;
  CHECK(!lx_graph_prepare(graph, LX_EXPLAIN, &error));
  float *xt = turned(lx_f32(x), x->dim, true);
  memcpy(in->out.data, xt, lx_tensor_bytes(x));
  memcpy(boxes->out.data, rois->data, lx_tensor_bytes(rois));
  CHECK(!lx_graph_run(graph, NULL, NULL, &error));
  compare(name, lx_f32(&pool->out), y, 0);
  char key[64];
  snprintf(key, sizeof key, "%s.grad_out", name);
  const LxTensor *gy = lx_tensors_find(units, key);
  float *gt = calloc((size_t)lx_tensor_count(y), sizeof *gt);
  for (int64_t i = 0; i < lx_tensor_count(y); i++)
    gt[i] = 1;
  if (gy) {
    free(gt);
    gt = turned(lx_f32(gy), gy->dim, true);
  }
  CHECK(!lx_graph_backward_with(graph, pool, gt, &error));
  compare("roi gx", in->grad, get(name, "grad_x"), 1e-5);
  free(xt), free(gt);
  lx_graph_free(graph);
  lx_tensors_unref(none);
}

static void nms_case(const char *prefix, const char *tail, double threshold)
{
  const LxTensor *boxes = get(prefix, "boxes"), *scores = get(prefix, "scores");
  const LxTensor *want = get(prefix, tail);
  int64_t n = scores->dim[0], order[64], keep[64];
  lx_sort_scores(lx_f32(scores), n, order);
  int64_t kept = lx_nms(lx_f32(boxes), order, n, threshold, n, keep);
  CHECK(kept == want->dim[0], "%s %s: %lld", prefix, tail, (long long)kept);
  for (int64_t i = 0; i < kept; i++)
    CHECK(keep[i] == (int64_t)lx_tensor_get(want, i), "%s %s %lld", prefix, tail, (long long)i);
}

static void box_case(const char *prefix, const float *weights)
{
  const LxTensor *src = get(prefix, "src"), *tgt = get(prefix, "tgt");
  const LxTensor *deltas = get(prefix, "deltas"), *applied = get(prefix, "applied");
  const LxTensor *encoded = get(prefix, "get_deltas");
  for (int64_t i = 0; i < src->dim[0]; i++) {
    float out[4];
    lx_box_encode(lx_f32(src) + 4 * i, lx_f32(tgt) + 4 * i, weights, out);
    for (int k = 0; k < 4; k++)
      CHECK(fabs(out[k] - lx_f32(encoded)[4 * i + k]) < 1e-4 * fmax(1, fabs(out[k])));
    for (int c = 0; c < 3; c++) {
      lx_box_decode(lx_f32(src) + 4 * i, lx_f32(deltas) + 12 * i + 4 * c, weights, out);
      for (int k = 0; k < 4; k++) {
        float want = lx_f32(applied)[12 * i + 4 * c + k];
        CHECK(fabs(out[k] - want) <= 1e-5 * fmax(1, fabs(want)), "%s: %g %g", prefix, out[k], want);
      }
    }
  }
}

int main(void)
{
  static const char *const convs[] = {"conv_s2_d2", "conv_s2",  "conv_d2",
                                      "conv1x1_s2", "conv7_s2", "conv_g2_bias"};
  LxError error;
  if (lx_safetensors_read(lx_test_data("detector/units/units.safetensors"), &units, &error)) {
    CHECK(false, "%s", error.message);
    return lx_test_end();
  }
  for (int set = 2; set >= -1; set--) { /* every instruction set of this processor, the best last */
    if (!lx_micro_choose(set))
      continue;
    for (size_t i = 0; i < sizeof convs / sizeof *convs; i++)
      conv_case(convs[i]);
  }
  pool_case("maxpool_ceil", true);
  pool_case("maxpool_pad1", false);
  float scale = lx_f32(get("roipool", "scale"))[0];
  roi_case("roipool7", "roipool", scale, 7);
  roi_case("roipool14", "roipool", scale, 14);
  roi_case("roipool_tie", "roipool_tie", 1, 2);
  nms_case("nms", "keep_0.3", 0.3);
  nms_case("nms", "keep_0.5", 0.5);
  nms_case("nms", "keep_0.7", 0.7);
  nms_case("nms_edge", "keep_0.5", 0.5);
  nms_case("nms_edge", "keep_third", 1.0 / 3.0);
  box_case("box.rpn", (const float[]){1, 1, 1, 1});
  box_case("box.roi", (const float[]){10, 10, 5, 5});
  lx_tensors_unref(units);
  return lx_test_end();
}
