#include "lx-detector-stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-boxes.h"
#include "lx-proposals.h"

enum { BATCH = 16 };

typedef struct {
  const LxDetectorConfig *config;
  LxDetectorGraph *graph;
  LxTensors *out;
  LxError *error;
  LxStatus status; /* of the first failure; later steps do nothing */
  int64_t rois;
  float *proposals, *logits; /* [rois, 4], [rois] */
  float *cls, *boxes, *attrs, *features;
  int raw_height, raw_width;
} Stages;

static void *add(Stages *s, const char *name, LxDType dtype, int ndim, const int64_t *dim)
{
  LxTensor *t = NULL;
  if (!s->status)
    s->status = lx_tensors_add(s->out, name, dtype, ndim, dim, &t, s->error);
  return t ? t->data : NULL;
}

static void add_copy(Stages *s, const char *name, LxDType dtype, int ndim, const int64_t *dim,
                     const void *data)
{
  LxTensor t = {.dtype = dtype, .ndim = ndim};
  memcpy(t.dim, dim, (size_t)ndim * sizeof *dim);
  void *to = add(s, name, dtype, ndim, dim);
  if (to)
    memcpy(to, data, lx_tensor_bytes(&t));
}

static void add_ints(Stages *s, const char *name, int64_t n, const int64_t *values)
{
  int32_t *to = add(s, name, LX_I32, 1, &n);
  for (int64_t i = 0; to && i < n; i++)
    to[i] = (int32_t)values[i];
}

/* The first `count` images of a node, channels first. */
static void add_map(Stages *s, const char *name, const LxNode *node, int64_t count)
{
  const int64_t *d = node->out.dim;
  int64_t dim[4] = {count, d[3], d[1], d[2]}, plane = d[1] * d[2];
  float *to = add(s, name, LX_F32, 4, dim);
  const float *from = lx_f32(&node->out);
  for (int64_t i = 0; to && i < count; i++)
    for (int64_t p = 0; p < plane; p++)
      for (int64_t c = 0; c < d[3]; c++)
        to[(i * d[3] + c) * plane + p] = *from++;
}

static void add_named(Stages *s, const char *name)
{
  const LxNode *node = lx_graph_find(s->graph->graph, name);
  if (node)
    add_map(s, name, node, node->out.dim[0]);
}

static void backbone_stages(Stages *s)
{
  static const char *const names[] = {"stem_conv1_bn", "stem",           "res2_block0",
                                      "res2",          "res3",           "res4",
                                      "rpn_hidden",    "rpn_objectness", "rpn_deltas"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    add_named(s, names[i]);
  LxDetectorGraph *g = s->graph;
  int64_t dim[2] = {g->n_anchors, 4}, two[2] = {2, 4};
  add_copy(s, "anchors", LX_F32, 2, dim, g->anchors);
  double *sums = add(s, "anchors_sum", LX_F64, 2, two);
  float *decoded = add(s, "rpn_boxes_decoded", LX_F32, 2, dim);
  for (int64_t i = 0; sums && decoded && i < g->n_anchors; i++) {
    lx_box_decode(g->anchors + 4 * i, lx_f32(&g->deltas->out) + 4 * i, s->config->rpn_weights,
                  decoded + 4 * i);
    for (int k = 0; k < 4; k++) {
      sums[k] += g->anchors[4 * i + k];
      sums[4 + k] += (double)(i + 1) * g->anchors[4 * i + k];
    }
  }
  add_copy(s, "rpn_obj_flat", LX_F32, 1, dim, lx_f32(&g->objectness->out));
  dim[0] = g->n_anchors < 20 ? g->n_anchors : 20;
  add_copy(s, "anchors_first20", LX_F32, 2, dim, g->anchors);
}

static void proposal_stages(Stages *s)
{
  LxDetectorGraph *g = s->graph;
  int64_t most = s->config->post_nms_topk;
  s->proposals = malloc((size_t)most * 4 * sizeof(float));
  s->logits = malloc((size_t)most * sizeof(float));
  if (!s->status && (!s->proposals || !s->logits))
    s->status = lx_fail(s->error, LX_ERR_MEMORY, "Not enough memory for the stages.");
  LxProposalInput in = {lx_f32(&g->objectness->out),
                        lx_f32(&g->deltas->out),
                        g->anchors,
                        g->n_anchors,
                        (float)g->width,
                        (float)g->height};
  if (!s->status)
    s->status = lx_proposals(s->config, &in, s->config->pre_nms_topk, most, s->proposals, s->logits,
                             &s->rois, s->error);
  int64_t dim[2] = {s->rois, 4};
  if (s->status)
    return;
  add_copy(s, "proposal_boxes", LX_F32, 2, dim, s->proposals);
  add_copy(s, "proposal_logits", LX_F32, 1, dim, s->logits);
}

/* Copies a batch's rows of a head behind those of the batches before it. */
static void take_rows(float *to, int64_t first, const LxNode *node)
{
  if (to && node)
    memcpy(to + first * node->out.dim[1], node->out.data, lx_tensor_bytes(&node->out));
}

static void head_batch(Stages *s, int64_t first, int64_t count, double *sums)
{
  LxDetectorGraph *g = s->graph;
  float *rois = lx_f32(&g->rois->out);
  lx_graph_set_rows(g->graph, g->roi_rows, count, NULL);
  for (int64_t i = 0; i < count; i++) {
    rois[5 * i] = 0;
    memcpy(rois + 5 * i + 1, s->proposals + 4 * (first + i), 4 * sizeof(float));
  }
  s->status = lx_graph_run_from(g->graph, g->rois, s->error);
  const LxNode *pooled = lx_graph_find(g->graph, "roi_pooled");
  const LxNode *res5 = lx_graph_find(g->graph, "res5");
  int64_t c = pooled->out.dim[3], bins = pooled->out.dim[1] * pooled->out.dim[2];
  for (int64_t i = 0; i < count * bins * c; i++)
    sums[(first + i / (bins * c)) * c + i % c] += lx_f32(&pooled->out)[i];
  if (first == 0) {
    add_map(s, "roi_pooled_3", pooled, count < 3 ? count : 3);
    add_map(s, "res5_roi0", res5, 1);
  }
  take_rows(s->features, first, g->features);
  take_rows(s->cls, first, g->cls_logits);
  take_rows(s->boxes, first, g->box_deltas);
  take_rows(s->attrs, first, g->attr_logits);
}

static void head_stages(Stages *s)
{
  const LxDetectorConfig *c = s->config;
  int64_t d = lx_detector_feature_size(c), classes = c->num_classes + 1, n = s->rois;
  int64_t sum_dim[2] = {n, lx_detector_stage_out(c, 4)}, feature_dim[2] = {n, d};
  int64_t cls_dim[2] = {n, classes}, box_dim[2] = {n, 4 * c->num_classes};
  int64_t attr_dim[2] = {n, c->num_attrs + 1};
  double *sums = add(s, "roi_pooled_sum", LX_F64, 2, sum_dim);
  s->features = add(s, "res5_pooled", LX_F32, 2, feature_dim);
  s->cls = add(s, "cls_logits", LX_F32, 2, cls_dim);
  s->boxes = add(s, "box_deltas", LX_F32, 2, box_dim);
  if (c->attributes)
    s->attrs = add(s, "attr_logits", LX_F32, 2, attr_dim);
  for (int64_t at = 0; at < n && !s->status; at += BATCH)
    head_batch(s, at, n - at < BATCH ? n - at : BATCH, sums);
  float *decoded = add(s, "boxes_decoded_all", LX_F32, 2, box_dim);
  int32_t *argmax = add(s, "cls_argmax_with_bg", LX_I32, 1, cls_dim);
  for (int64_t r = 0; r < n && !s->status; r++) {
    const float *x = s->cls + r * classes;
    for (int i = 1; i < classes; i++)
      if (x[i] > x[argmax[r]])
        argmax[r] = i;
    for (int i = 0; i < c->num_classes; i++) {
      float *box = decoded + (r * c->num_classes + i) * 4;
      lx_box_decode(s->proposals + 4 * r, s->boxes + (r * c->num_classes + i) * 4, c->roi_weights,
                    box);
    }
  }
}

/* The fields that a TSV line holds, of the kept RoIs. */
static void final_stages(Stages *s, const LxSelection *sel)
{
  const LxDetectorConfig *c = s->config;
  int64_t n = sel->kept, d = lx_detector_feature_size(c), box_dim[2] = {n, 4}, dim[2] = {n, d};
  float scale[2] = {(float)s->raw_width / (float)s->graph->width,
                    (float)s->raw_height / (float)s->graph->height};
  float raw[2] = {(float)s->raw_width, (float)s->raw_height};
  float *small = add(s, "final_boxes_resized", LX_F32, 2, box_dim);
  float *boxes = add(s, "boxes", LX_F32, 2, box_dim);
  float *normal = add(s, "normalized_boxes", LX_F32, 2, box_dim);
  float *features = add(s, "roi_features", LX_F32, 2, dim);
  int32_t *ids = add(s, "obj_ids", LX_I32, 1, box_dim);
  float *probs = add(s, "obj_probs", LX_F32, 1, box_dim);
  int32_t *attr_ids = c->attributes ? add(s, "attr_ids", LX_I32, 1, box_dim) : NULL;
  float *attr_probs = c->attributes ? add(s, "attr_probs", LX_F32, 1, box_dim) : NULL;
  for (int64_t i = 0; i < n && !s->status; i++) {
    int64_t r = sel->keep[i];
    for (int k = 0; k < 4; k++) {
      small[4 * i + k] = sel->boxes[4 * r + k];
      boxes[4 * i + k] = small[4 * i + k] * scale[k & 1];
      normal[4 * i + k] = boxes[4 * i + k] / raw[k & 1];
    }
    memcpy(features + i * d, s->features + r * d, (size_t)d * sizeof(float));
    ids[i] = (int32_t)sel->classes[r];
    probs[i] = sel->scores[r];
    if (attr_ids)
      attr_ids[i] = (int32_t)lx_best_attribute(s->attrs + r * (c->num_attrs + 1), c->num_attrs,
                                               &attr_probs[i]);
  }
  add_ints(s, "preds_per_image", 1, &n);
}

/* The reference clips these in place before each NMS, and what is recorded is what the last NMS
 * was given: clipped when more than one threshold was tried. */
static void clip_decoded(Stages *s)
{
  LxTensor *t = lx_tensors_find(s->out, "boxes_decoded_all");
  for (int64_t i = 0; i < lx_tensor_count(t); i += 4)
    lx_box_clip(lx_f32(t) + i, (float)s->graph->width, (float)s->graph->height);
}

static void selection_stages(Stages *s)
{
  LxSelectionInput in = {s->rois,  s->proposals,           s->cls,
                         s->boxes, (float)s->graph->width, (float)s->graph->height};
  LxSelection *sel = NULL;
  if (s->status || (s->status = lx_selection_new(s->config, &in, &sel, s->error)))
    return;
  int64_t dim[2] = {s->rois, s->config->num_classes + 1}, four[2] = {s->rois, 4};
  int64_t tried = sel->tried;
  float thresholds[LX_DET_MAX_THRESHOLDS];
  for (int i = 0; i < sel->tried; i++)
    thresholds[i] = (float)s->config->nms_thresholds.at[i];
  add_copy(s, "cls_probs", LX_F32, 2, dim, sel->probs);
  add_copy(s, "max_boxes_clipped", LX_F32, 2, four, sel->boxes);
  add_copy(s, "max_scores", LX_F32, 1, dim, sel->scores);
  add_ints(s, "max_classes", s->rois, sel->classes);
  add_ints(s, "keep", sel->kept, sel->keep);
  add_copy(s, "nms_tried_thresholds", LX_F32, 1, &tried, thresholds);
  add_ints(s, "nms_survivors", tried, sel->survivors);
  if (tried > 1)
    clip_decoded(s);
  final_stages(s, sel);
  lx_selection_free(sel);
}

/* Channels first to channels last into the graph's image. */
static void set_image(LxDetectorGraph *g, const LxTensor *input)
{
  int64_t plane = (int64_t)g->height * g->width;
  for (int64_t p = 0; p < plane; p++)
    for (int c = 0; c < 3; c++)
      lx_f32(&g->image->out)[3 * p + c] = lx_f32(input)[c * plane + p];
  lx_detector_graph_pad(g, 0);
}

LxStatus lx_detector_stages(const LxDetectorConfig *config, LxTensors *params,
                            const LxTensors *inputs, LxTensors *out, LxError *error)
{
  const LxTensor *input = lx_tensors_find(inputs, "input"), *raw;
  raw = lx_tensors_find(inputs, "raw_size");
  if (!input || input->ndim != 4 || input->dim[0] != 1 || input->dim[1] != 3 ||
      input->dtype != LX_F32 || input->dim[2] < 1 || input->dim[2] > 8192 || input->dim[3] < 1 ||
      input->dim[3] > 8192)
    return lx_fail(error, LX_ERR_SHAPE, "The inputs need “input”, F32 [1, 3, height, width].");
  if (raw &&
      (lx_tensor_count(raw) != 2 || !(lx_tensor_get(raw, 0) >= 1) || !(lx_tensor_get(raw, 1) >= 1)))
    return lx_fail(error, LX_ERR_SHAPE, "“raw_size” must be [1, 2]: height and width.");
  Stages s = {.config = config, .out = out, .error = error};
  LxDetectorGraphOptions options = {.batch = 1,
                                    .height = (int)input->dim[2],
                                    .width = (int)input->dim[3],
                                    .rois = BATCH,
                                    .keep_all = true,
                                    .packs = lx_conv_packs_new()};
  s.raw_height = raw ? (int)lx_tensor_get(raw, 0) : options.height;
  s.raw_width = raw ? (int)lx_tensor_get(raw, 1) : options.width;
  s.status = options.packs ? lx_detector_graph_new(config, params, &options, &s.graph, error)
                           : lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  if (s.status) {
    lx_conv_packs_free(options.packs);
    return s.status;
  }
  set_image(s.graph, input);
  lx_graph_set_rows(s.graph->graph, s.graph->roi_rows, 0, NULL);
  s.status = lx_graph_run(s.graph->graph, NULL, NULL, error);
  if (!s.status)
    backbone_stages(&s);
  if (!s.status)
    proposal_stages(&s);
  if (!s.status)
    head_stages(&s);
  selection_stages(&s);
  free(s.proposals);
  free(s.logits);
  lx_detector_graph_free(s.graph);
  lx_conv_packs_free(options.packs);
  return s.status;
}
