#include "lx-detector-graph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-boxes.h"
#include "lx-op-detector-loss.h"
#include "lx-preprocess.h"
#include "lx-rng.h"

static const char cell_anchors[] = "proposal_generator.anchor_generator.cell_anchors.0";

typedef struct {
  LxDetectorGraph *self;
  const LxDetectorGraphOptions *options;
  bool create; /* make the parameters that are bound */
  LxRng rng;
  LxError *error;
} Builder;

/* ---- new parameters ---- */

static void add(Builder *b, const char *name, int ndim, const int64_t *dim, double mean, double sd)
{
  LxTensor *t;
  if (!b->create || lx_tensors_find(b->self->params, name))
    return;
  if (lx_tensors_add(b->self->params, name, LX_F32, ndim, dim, &t, b->error)) {
    lx_graph_fail(b->self->graph, LX_ERR_MEMORY, "Not enough memory for a new detector.");
    return;
  }
  for (int64_t i = 0; i < lx_tensor_count(t); i++)
    lx_f32(t)[i] = (float)(mean + (sd > 0 ? sd * sqrt(3) * (2 * lx_rng_uniform(&b->rng) - 1) : 0));
}

static void add_norm(Builder *b, const char *prefix, int64_t out, double gamma)
{
  static const char *const tails[] = {"weight", "bias", "running_mean", "running_var"};
  const double start[] = {gamma, 0, 0, 1};
  char name[192];
  for (int i = 0; i < 4; i++) {
    snprintf(name, sizeof name, "%s.%s", prefix, tails[i]);
    add(b, name, 1, &out, start[i], 0);
  }
}

/* ---- layers ---- */

static LxNode *norm_conv(Builder *b, const char *name, const char *prefix, LxConvSpec spec,
                         LxNode *x, LxNode *residual, double gamma)
{
  char weight[160], norm[160];
  snprintf(weight, sizeof weight, "%s.weight", prefix);
  snprintf(norm, sizeof norm, "%s.norm", prefix);
  spec.weight = weight;
  spec.norm = norm;
  if (x) {
    int64_t in = x->out.dim[3] / (spec.groups ? spec.groups : 1);
    int64_t dim[4] = {spec.out, in, spec.kernel, spec.kernel};
    add(b, weight, 4, dim, 0, sqrt(2.0 / (double)(in * spec.kernel * spec.kernel)));
    add_norm(b, norm, spec.out, gamma);
  }
  return lx_op_conv(b->self->graph, name, &spec, x, residual, b->options->packs);
}

/* With a bias instead of a norm; kernel 0 is a linear layer. */
static LxNode *plain_conv(Builder *b, const char *name, const char *prefix, LxConvSpec spec,
                          LxNode *x, double sd)
{
  char weight[160], bias[160];
  snprintf(weight, sizeof weight, "%s.weight", prefix);
  snprintf(bias, sizeof bias, "%s.bias", prefix);
  spec.weight = weight;
  spec.bias = bias;
  if (x) {
    int64_t dim[4] = {spec.out, x->out.dim[x->out.ndim - 1], spec.kernel, spec.kernel};
    int64_t out = spec.out;
    add(b, weight, spec.kernel ? 4 : 2, dim, 0, sd);
    add(b, bias, 1, &out, 0, 0);
  }
  return lx_op_conv(b->self->graph, name, &spec, x, NULL, b->options->packs);
}

/* 1x1, 3x3, 1x1 beside the identity, or a projection where the channels change; `stride` sits on
 * the first or the second (stride_in_1x1). */
static LxNode *bottleneck(Builder *b, const char *name, const char *prefix, LxNode *x, int width,
                          int out, int stride, int dilation)
{
  const LxDetectorConfig *c = &b->self->config;
  char at[128];
  LxNode *residual = x;
  if (x && x->out.dim[3] != out) {
    snprintf(at, sizeof at, "%s.shortcut", prefix);
    LxConvSpec spec = {.out = out, .kernel = 1, .stride = stride, .dilation = 1};
    residual = norm_conv(b, "", at, spec, x, NULL, 1);
  }
  LxConvSpec one = {.out = width,
                    .kernel = 1,
                    .stride = c->stride_in_1x1 ? stride : 1,
                    .dilation = 1,
                    .relu = true};
  LxConvSpec two = {.out = width,
                    .kernel = 3,
                    .stride = c->stride_in_1x1 ? 1 : stride,
                    .pad = dilation,
                    .dilation = dilation,
                    .groups = c->groups,
                    .relu = true};
  LxConvSpec three = {.out = out, .kernel = 1, .stride = 1, .dilation = 1, .relu = true};
  snprintf(at, sizeof at, "%s.conv1", prefix);
  LxNode *y = norm_conv(b, "", at, one, x, NULL, 1);
  snprintf(at, sizeof at, "%s.conv2", prefix);
  y = norm_conv(b, "", at, two, y, NULL, 1);
  snprintf(at, sizeof at, "%s.conv3", prefix);
  return norm_conv(b, name, at, three, y, residual, 0.25);
}

static LxNode *stage(Builder *b, const char *prefix, int number, LxNode *x)
{
  const LxDetectorConfig *c = &b->self->config;
  int dilation = number != 5 ? 1 : c->res5_dilation > 1 ? c->res5_dilation : c->res5_halve ? 1 : 2;
  int stride = number == 2 || dilation > 1 ? 1 : 2, blocks = c->num_blocks[number - 2];
  for (int i = 0; i < blocks; i++) {
    char name[48], at[96];
    snprintf(name, sizeof name, i == blocks - 1 ? "res%d" : "res%d_block%d", number, i);
    snprintf(at, sizeof at, "%s.res%d.%d", prefix, number, i);
    x = bottleneck(b, name, at, x, lx_detector_stage_width(c, number),
                   lx_detector_stage_out(c, number), i == 0 ? stride : 1, dilation);
  }
  return x;
}

/* A side with what size_divisibility adds to it. */
static int padded(const LxDetectorGraph *self, int side)
{
  int to = self->config.size_divisibility > 1 ? self->config.size_divisibility : 1;
  return (side + to - 1) / to * to;
}

static void backbone(Builder *b)
{
  LxDetectorGraph *s = b->self;
  int64_t dim[4] = {s->batch, padded(s, s->height), padded(s, s->width), 3};
  s->image = lx_graph_input(s->graph, "input", LX_ROWS_FIXED, LX_F32, 4, dim);
  LxConvSpec stem = {.out = s->config.stem_out, .kernel = 7, .stride = 2, .pad = 3, .dilation = 1};
  LxNode *x = norm_conv(b, "stem_conv1_bn", "backbone.stem.conv1", stem, s->image, NULL, 1);
  x = lx_op_max_pool(s->graph, "stem", x, s->config.max_pool_ceil, true);
  for (int i = 2; i <= 4; i++)
    x = stage(b, "backbone", i, x);
  s->res4 = x;
}

static void proposals(Builder *b)
{
  LxDetectorGraph *s = b->self;
  LxConvSpec hidden = {
      .out = s->config.rpn_hidden, .kernel = 3, .stride = 1, .pad = 1, .dilation = 1, .relu = true};
  LxConvSpec score = {.out = s->n_cells, .kernel = 1, .stride = 1, .dilation = 1};
  LxConvSpec delta = {.out = 4 * s->n_cells, .kernel = 1, .stride = 1, .dilation = 1};
#define RPN "proposal_generator.rpn_head."
  double in = s->res4 ? (double)s->res4->out.dim[3] : 1;
  LxNode *x = plain_conv(b, "rpn_hidden", RPN "conv", hidden, s->res4, sqrt(2.0 / (9 * in)));
  s->objectness = plain_conv(b, "rpn_objectness", RPN "objectness_logits", score, x, 0.01);
  s->deltas = plain_conv(b, "rpn_deltas", RPN "anchor_deltas", delta, x, 0.01);
#undef RPN
}

static void attribute_head(Builder *b, LxNode *ids)
{
  LxDetectorGraph *s = b->self;
  int d = lx_detector_feature_size(&s->config), classes = s->config.num_classes + 1;
  const char *table = "roi_heads.box_predictor.cls_embedding.weight";
  int64_t dim[2] = {classes, d / 8};
  add(b, table, 2, dim, 0, 0.1);
  LxNode *x = lx_op_append_class(s->graph, "", s->features, ids, table, classes, d / 8);
  LxConvSpec hidden = {.out = d / 4, .relu = true}, out = {.out = s->config.num_attrs + 1};
  x = plain_conv(b, "", "roi_heads.box_predictor.fc_attr", hidden, x, sqrt(2.0 / (1.125 * d)));
  s->attr_logits = plain_conv(b, "attr_logits", "roi_heads.box_predictor.attr_score", out, x, 0.05);
}

static void heads(Builder *b)
{
  LxDetectorGraph *s = b->self;
  const LxDetectorConfig *c = &s->config;
  int64_t dim[2] = {b->options->rois, 5};
  LxNode *labels = NULL;
  if (b->options->targets)
    s->rois = lx_op_detector_sample(s, b->options->targets, &labels);
  else
    s->rois = lx_graph_input(s->graph, "rois", s->roi_rows, LX_F32, 2, dim);
  LxNode *x = lx_op_roi_pool(s->graph, "roi_pooled", s->res4, s->rois, c->pooler, 1.0f / 16);
  x = stage(b, "roi_heads", 5, x);
  s->features = lx_op_mean_positions(s->graph, "res5_pooled", x);
  LxConvSpec cls = {.out = c->num_classes + 1}, box = {.out = 4 * c->num_classes};
  s->cls_logits =
      plain_conv(b, "cls_logits", "roi_heads.box_predictor.cls_score", cls, s->features, 0.01);
  s->box_deltas =
      plain_conv(b, "box_deltas", "roi_heads.box_predictor.bbox_pred", box, s->features, 0.001);
  if (c->attributes)
    attribute_head(b, labels ? labels : s->cls_logits);
  if (b->options->targets)
    s->loss = lx_op_detector_loss(s, b->options->targets);
}

/* The checkpoint's own cell anchors count; a new detector gets those of its configuration. */
static LxStatus set_anchors(Builder *b)
{
  LxDetectorGraph *s = b->self;
  const char *name = cell_anchors;
  int64_t dim[2] = {lx_detector_anchors(&s->config), 4};
  float made[LX_DET_MAX_ANCHORS * 4];
  lx_cell_anchors(s->config.anchor_sizes.at, s->config.anchor_sizes.count,
                  s->config.anchor_ratios.at, s->config.anchor_ratios.count, made);
  add(b, name, 2, dim, 0, 0);
  LxTensor *cell = lx_tensors_find(s->params, name);
  if (b->create && cell)
    memcpy(cell->data, made, (size_t)dim[0] * 4 * sizeof(float));
  if (cell && (cell->ndim != 2 || cell->dim[1] != 4 || cell->dtype != LX_F32 || cell->dim[0] < 1 ||
               cell->dim[0] > LX_DET_MAX_ANCHORS))
    return lx_fail(b->error, LX_ERR_SHAPE, "“%s” must be F32 [anchors, 4].", name);
  s->n_cells = (int)(cell ? cell->dim[0] : dim[0]);
  int fh = (int)s->res4->out.dim[1], fw = (int)s->res4->out.dim[2];
  s->n_anchors = (int64_t)fh * fw * s->n_cells;
  s->anchors = malloc((size_t)s->n_anchors * 4 * sizeof(float));
  if (!s->anchors)
    return lx_fail(b->error, LX_ERR_MEMORY, "Not enough memory for the anchors.");
  lx_grid_anchors(cell ? lx_f32(cell) : made, s->n_cells, fh, fw, 16, s->config.anchor_offset,
                  s->anchors);
  return LX_OK;
}

static LxStatus prepare(Builder *b)
{
  LxDetectorGraph *s = b->self;
  LxNode *kept[] = {s->res4,       s->objectness, s->deltas,     s->features,
                    s->cls_logits, s->box_deltas, s->attr_logits};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    lx_graph_keep(s->graph, kept[i]);
  lx_graph_set_sharing(s->graph, !b->options->keep_all);
  return lx_graph_prepare(s->graph, b->options->targets ? LX_TRAIN : LX_INFER, b->error);
}

static LxStatus build(Builder *b)
{
  LxDetectorGraph *s = b->self;
  LxStatus status = LX_OK;
  if (!(s->graph = lx_graph_new(s->params)))
    return lx_fail(b->error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  s->roi_rows = lx_graph_add_rows(s->graph, b->options->rois);
  backbone(b);
  if (s->res4 && (status = set_anchors(b)))
    return status;
  proposals(b);
  heads(b);
  return b->create && !lx_graph_failed(s->graph) ? LX_OK : prepare(b);
}

LxStatus lx_detector_graph_new(const LxDetectorConfig *config, LxTensors *params,
                               const LxDetectorGraphOptions *options, LxDetectorGraph **out,
                               LxError *error)
{
  LxDetectorGraph *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  self->config = *config;
  self->params = lx_tensors_ref(params);
  self->batch = options->batch;
  self->height = options->height;
  self->width = options->width;
  Builder b = {.self = self, .options = options, .error = error};
  LxStatus status = build(&b);
  if (status)
    lx_detector_graph_free(self);
  else
    *out = self;
  return status;
}

void lx_detector_graph_pad(LxDetectorGraph *self, int index)
{
  int64_t rows = self->image->out.dim[1], wide = self->image->out.dim[2] * 3;
  int64_t row = (int64_t)self->width * 3;
  float *image = lx_f32(&self->image->out) + index * rows * wide;
  float value = (float)self->config.pad_value;
  if (rows == self->height && wide == row)
    return;
  for (int64_t y = rows - 1; y >= 0; y--) {
    int64_t kept = y < self->height ? row : 0;
    memmove(image + y * wide, image + y * kept, (size_t)kept * sizeof *image);
    for (int64_t x = kept; x < wide; x++)
      image[y * wide + x] = value;
  }
}

void lx_detector_graph_see(LxDetectorGraph *self, int index, const uint8_t *rgb, int width,
                           int height, size_t stride)
{
  int64_t each = self->image->out.dim[1] * self->image->out.dim[2] * 3;
  lx_preprocess(&self->config, rgb, width, height, stride, self->width, self->height,
                lx_f32(&self->image->out) + index * each);
  lx_detector_graph_pad(self, index);
}

void lx_detector_graph_free(LxDetectorGraph *self)
{
  if (!self)
    return;
  lx_graph_free(self->graph);
  lx_tensors_unref(self->params);
  free(self->anchors);
  free(self);
}

LxStatus lx_detector_params_new(const LxDetectorConfig *config, uint64_t seed, LxTensors **out,
                                LxError *error)
{
  LxStatus status = lx_detector_config_check(config, error);
  if (status)
    return status;
  LxTensors *params = lx_tensors_new();
  if (!params)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a new detector.");
  LxDetectorGraph s = {.config = *config, .params = params, .batch = 1, .height = 64, .width = 64};
  LxDetectorGraphOptions options = {.batch = 1, .height = 64, .width = 64, .rois = 1};
  Builder b = {.self = &s,
               .options = &options,
               .create = true,
               .rng = {.seed = seed, .stream = 7},
               .error = error};
  status = build(&b);
  lx_graph_free(s.graph);
  free(s.anchors);
  if (status)
    lx_tensors_unref(params);
  else
    *out = params;
  return status;
}

LxStatus lx_detector_params_set_anchors(const LxDetectorConfig *config, LxTensors *params,
                                        LxError *error)
{
  LxTensor *cell = lx_tensors_find(params, cell_anchors);
  if (!cell)
    return LX_OK;
  if (cell->dtype != LX_F32 || lx_tensor_count(cell) != 4 * lx_detector_anchors(config))
    return lx_fail(error, LX_ERR_SHAPE,
                   "The weights have another number of anchors (%lld) than "
                   "the configuration (%d).",
                   (long long)lx_tensor_count(cell) / 4, lx_detector_anchors(config));
  lx_cell_anchors(config->anchor_sizes.at, config->anchor_sizes.count, config->anchor_ratios.at,
                  config->anchor_ratios.count, lx_f32(cell));
  return LX_OK;
}
