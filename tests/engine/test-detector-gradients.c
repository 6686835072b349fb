/* The detector's backward pass against differences of its loss, parameter by parameter. */
#include "lx-detector-graph.h"
#include "lx-rng.h"
#include "lx-test.h"

static void small_config(LxDetectorConfig *c, bool stride_in_1x1, bool halve, int groups)
{
  lx_detector_config_default(c);
  c->stem_out = 8;
  c->res2_out = 16;
  c->groups = groups;
  c->width_per_group = 8 / groups;
  c->stride_in_1x1 = stride_in_1x1;
  c->res5_halve = halve;
  for (int i = 0; i < 4; i++)
    c->num_blocks[i] = i == 1 ? 2 : 1;
  c->rpn_hidden = 20;
  c->anchor_sizes = (LxNumbers){2, {16, 32}};
  c->num_classes = 5;
  c->num_attrs = 3;
  c->pooler = 7;
  c->post_nms_topk_train = 0; /* only the true boxes: proposals move with the parameters */
  c->rpn_batch = 64;
  c->roi_batch = 8;
  c->roi_positive = 1;
  c->max_pool_ceil = !halve;
}

static double loss_of(LxDetectorGraph *g)
{
  LxError error;
  CHECK(!lx_graph_run(g->graph, NULL, NULL, &error));
  return lx_f32(&g->loss->out)[0];
}

/* d loss along a random direction of one parameter: twice the slope must agree. */
static void check_param(LxDetectorGraph *g, LxDetectorTargets *targets, LxParam *p, LxRng *rng)
{
  int64_t n = lx_tensor_count(p->value);
  float *w = lx_f32(p->value), *old = malloc((size_t)n * 4), *way = malloc((size_t)n * 4);
  double slope = 0, size = 0, norm = 0;
  memcpy(old, w, (size_t)n * 4);
  for (int64_t i = 0; i < n; i++)
    norm += (double)p->grad[i] * p->grad[i];
  norm = sqrt(norm);
  for (int64_t i = 0; i < n; i++) { /* half along the gradient, half at random */
    way[i] = (float)(p->grad[i] / (norm + 1e-12) + lx_rng_normal(rng) / sqrt((double)n));
    slope += (double)way[i] * p->grad[i];
    size += (double)old[i] * old[i];
  }
  double best = INFINITY, step = 2e-3 * (sqrt(size) + 0.1);
  for (int attempt = 0; attempt < 5 && best > 0.02 * fabs(slope) + 1e-4; attempt++, step /= 3) {
    double at[2];
    for (int side = 0; side < 2; side++) {
      for (int64_t i = 0; i < n; i++)
        w[i] = old[i] + (float)((side ? step : -step) * way[i]);
      loss_of(g);
      at[side] = targets->loss.total;
    }
    best = fmin(best, fabs((at[1] - at[0]) / (2 * step) - slope));
  }
  memcpy(w, old, (size_t)n * 4);
  CHECK(best < 0.02 * fabs(slope) + 1e-4, "%s: slope %g, off by %g", p->name, slope, best);
  CHECK(norm > 0, "%s: no gradient", p->name);
  free(old), free(way);
}

static void run(bool stride_in_1x1, bool halve, int groups)
{
  LxDetectorConfig config;
  LxDetectorTargets targets = {.seed = 3};
  LxDetectorGraphOptions options = {
      .batch = 1, .height = 96, .width = 112, .rois = 8, .targets = &targets};
  LxDetectorGraph *g = NULL;
  LxTensors *params = NULL;
  LxError error = {0};
  LxRng rng = {11, 1, 0};
  small_config(&config, stride_in_1x1, halve, groups);
  CHECK(!lx_detector_params_new(&config, 5, &params, &error), "%s", error.message);
  CHECK(!lx_detector_graph_new(&config, params, &options, &g, &error), "%s", error.message);
  if (!g)
    return;
  for (int64_t i = 0; i < lx_tensor_count(&g->image->out); i++)
    lx_f32(&g->image->out)[i] = (float)lx_rng_normal(&rng);
  for (size_t i = 0; i < lx_tensors_count(params); i++) { /* no symmetric start */
    LxTensor *t = lx_tensors_at(params, i);
    for (int64_t j = 0; t->ndim == 1 && j < t->dim[0]; j++)
      lx_f32(t)[j] += (float)(0.2 * lx_rng_uniform(&rng));
  }
  targets.truth = (LxDetectorTruth){
      3, {{5, 8, 40, 50}, {50, 20, 100, 90}, {60, 10, 84, 34}}, {1, 4, 0}, {2, -1, 0}};
  loss_of(g);
  CHECK(targets.loss.objects == 3 && targets.loss.attributes == 2);
  lx_graph_zero_grads(g->graph);
  CHECK(!lx_graph_backward(g->graph, g->loss, &error));
  for (int i = 0; i < lx_graph_param_count(g->graph); i++)
    if (lx_graph_param(g->graph, i)->grad)
      check_param(g, &targets, lx_graph_param(g->graph, i), &rng);
  lx_detector_graph_free(g);
  lx_tensors_unref(params);
}

int main(void)
{
  run(true, false, 1);
  run(false, true, 2);
  return lx_test_end();
}
