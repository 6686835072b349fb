/* Matching and sampling as in the published training: an anchor is an object from an overlap of
 * rpn_iou_high (or when it is a true box's best), background below rpn_iou_low; a RoI is an object
 * from 0.5. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-boxes.h"
#include "lx-op-detector-loss.h"
#include "lx-proposals.h"
#include "lx-rng.h"

static void match_anchors(const LxDetectorGraph *d, const LxDetectorTruth *truth,
                          LxDetectorDraw *draw)
{
  float best_of[LX_DET_MAX_TRUTH] = {0};
  for (int pass = 0; pass < 2; pass++) /* the second one finds each true box's best anchors */
    for (int64_t i = 0; i < d->n_anchors; i++) {
      float best = 0;
      bool is_best = false;
      if (pass == 0)
        draw->anchor_truth[i] = 0;
      for (int g = 0; g < truth->count; g++) {
        float iou = lx_box_iou(d->anchors + 4 * i, truth->boxes[g]);
        if (iou > best && pass == 0)
          draw->anchor_truth[i] = g;
        best = iou > best ? iou : best;
        if (pass == 0)
          best_of[g] = iou > best_of[g] ? iou : best_of[g];
        else
          is_best |= iou > 0 && iou == best_of[g];
      }
      if (pass == 0)
        draw->anchor_label[i] = best >= d->config.rpn_iou_high ? 1
                                : best < d->config.rpn_iou_low ? 0
                                                               : -1;
      else if (is_best)
        draw->anchor_label[i] = 1;
    }
}

/* Keeps `want` random ones of the anchors labelled `label`, drops the others. Returns how many. */
static int thin(LxDetectorDraw *draw, int64_t n, int label, int want, LxRng *rng)
{
  int total = 0, kept = 0;
  for (int64_t i = 0; i < n; i++)
    total += draw->anchor_label[i] == label;
  for (int64_t i = 0, left = total; i < n; i++) {
    if (draw->anchor_label[i] != label)
      continue;
    if (lx_rng_uniform(rng) * (double)left-- < want - kept)
      kept++;
    else
      draw->anchor_label[i] = -1;
  }
  return kept;
}

static void draw_anchors(LxDetectorGraph *d, LxDetectorDraw *draw, LxRng *rng)
{
  match_anchors(d, &draw->targets->truth, draw);
  int batch = d->config.rpn_batch;
  int objects = thin(draw, d->n_anchors, 1, (int)(batch * d->config.rpn_positive), rng);
  draw->rpn_drawn = objects + thin(draw, d->n_anchors, 0, batch - objects, rng);
}

static int best_truth(const LxDetectorTruth *truth, const float box[4])
{
  int found = -1;
  float best = 0;
  for (int g = 0; g < truth->count; g++) {
    float iou = lx_box_iou(box, truth->boxes[g]);
    if (iou > best) {
      best = iou;
      found = g;
    }
  }
  return best >= 0.5f ? found : -1;
}

static void add_roi(LxDetectorDraw *draw, int row, const float *box, int truth, float *rois)
{
  const LxDetectorTruth *t = &draw->targets->truth;
  rois[5 * row] = 0;
  memcpy(rois + 5 * row + 1, box, 4 * sizeof *box);
  draw->roi_truth[row] = truth;
  lx_i64(&draw->labels->out)[row] =
      truth >= 0 ? t->classes[truth] : draw->detector->config.num_classes;
  draw->attribute[row] = truth >= 0 ? t->attributes[truth] : -1;
}

static int draw_rois(LxDetectorDraw *draw, int64_t proposals, float *rois, LxRng *rng)
{
  const LxDetectorConfig *c = &draw->detector->config;
  int64_t total[2] = {0};
  for (int64_t i = 0; i < proposals; i++)
    total[best_truth(&draw->targets->truth, draw->proposals + 4 * i) >= 0]++;
  int64_t want[2], kept[2] = {0};
  want[1] = (int64_t)(c->roi_batch * c->roi_positive);
  want[1] = total[1] < want[1] ? total[1] : want[1];
  want[0] = c->roi_batch - want[1];
  want[0] = total[0] < want[0] ? total[0] : want[0];
  for (int64_t i = 0; i < proposals; i++) {
    const float *box = draw->proposals + 4 * i;
    int truth = best_truth(&draw->targets->truth, box), kind = truth >= 0;
    if (lx_rng_uniform(rng) * (double)total[kind]-- < (double)(want[kind] - kept[kind])) {
      add_roi(draw, (int)(kept[0] + kept[1]), box, truth, rois);
      kept[kind]++;
    }
  }
  return (int)(kept[0] + kept[1]);
}

static void sample_forward(LxGraph *graph, LxNode *node)
{
  LxDetectorDraw *draw = node->attr;
  LxDetectorGraph *d = draw->detector;
  const LxDetectorTruth *truth = &draw->targets->truth;
  LxRng rng = {draw->targets->seed, draw->targets->stream, 0};
  draw_anchors(d, draw, &rng);
  LxProposalInput in = {
      lx_f32(&node->in[0]->out), lx_f32(&node->in[1]->out), d->anchors, d->n_anchors,
      (float)d->width,           (float)d->height};
  int64_t count = 0;
  lx_proposals(&d->config, &in, d->config.pre_nms_topk_train, d->config.post_nms_topk_train,
               draw->proposals, NULL, &count, NULL);
  for (int g = 0; g < truth->count; g++, count++)
    memcpy(draw->proposals + 4 * count, truth->boxes[g], 4 * sizeof(float));
  int rows = draw_rois(draw, count, lx_f32(&node->out), &rng);
  lx_graph_set_rows(graph, d->roi_rows, rows, NULL);
}

static const LxOp sample_op = {.name = "detector-sample", .forward = sample_forward};

static void labels_forward(LxGraph *graph, LxNode *node)
{
}

static const LxOp labels_op = {.name = "detector-labels", .forward = labels_forward};

LxNode *lx_op_detector_sample(LxDetectorGraph *d, LxDetectorTargets *targets, LxNode **labels)
{
  int64_t dim[2] = {0, 5};
  LxNode *node = lx_graph_add(d->graph, &sample_op, "rois", d->roi_rows, LX_F32, 2, dim);
  LxNode *ids = lx_graph_add(d->graph, &labels_op, "labels", d->roi_rows, LX_I64, 1, dim);
  LxDetectorDraw *draw = lx_graph_alloc(d->graph, sizeof *draw);
  if (!node || !ids || !draw || !d->objectness || !d->deltas)
    return NULL;
  size_t rois = (size_t)node->out.dim[0], anchors = (size_t)d->n_anchors;
  size_t most = (size_t)d->config.post_nms_topk_train + LX_DET_MAX_TRUTH;
  *draw = (LxDetectorDraw){
      .anchor_label = lx_graph_alloc(d->graph, anchors),
      .anchor_truth = lx_graph_alloc(d->graph, anchors * sizeof(int32_t)),
      .attribute = lx_graph_alloc(d->graph, rois * sizeof(int64_t)),
      .roi_truth = lx_graph_alloc(d->graph, rois * sizeof(int32_t)),
      .proposals = lx_graph_alloc(d->graph, most * 4 * sizeof(float)),
      .labels = ids,
      .targets = targets,
      .detector = d,
  };
  node->attr = draw;
  node->no_grad = true;
  lx_node_input(d->graph, node, d->objectness);
  lx_node_input(d->graph, node, d->deltas);
  lx_node_input(d->graph, ids, node);
  *labels = ids;
  return lx_graph_failed(d->graph) ? NULL : node;
}
