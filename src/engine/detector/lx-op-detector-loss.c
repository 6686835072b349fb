/* L = BCE(objectness) + L1(deltas) + CE(class) + L1(box) + CE(attribute), where
 *   the proposals' two are sums over the drawn anchors / their number,
 *   CE(class) is the mean over RoIs, L1(box) the sum over objects / RoIs,
 *   CE(attribute) the mean over the objects that have one.
 * The forward pass keeps each logit's derivative for the backward one. */
#include <math.h>
#include <string.h>

#include "lx-boxes.h"
#include "lx-op-detector-loss.h"

enum { OBJECTNESS, DELTAS, CLASS, BOX, ATTRIBUTE };

typedef struct {
  LxDetectorDraw *draw;
  float *d[5]; /* derivative of L by each input */
} Loss;

/* |x| smoothed below beta (0: plain L1) and its derivative. */
static double smooth_l1(double x, double beta, double *slope)
{
  double a = fabs(x);
  if (beta > 0 && a < beta) {
    *slope = x / beta;
    return 0.5 * x * x / beta;
  }
  *slope = x > 0 ? 1 : x < 0 ? -1 : 0;
  return a - 0.5 * beta;
}

static double box_loss(const float *delta, const float *want, double beta, double scale, float *d)
{
  double sum = 0, slope;
  for (int k = 0; k < 4; k++) {
    sum += smooth_l1((double)delta[k] - want[k], beta, &slope);
    d[k] = (float)(slope * scale);
  }
  return sum * scale;
}

/* -log softmax(x)[label] * scale; d = scale * (softmax - one hot). *best = the largest. */
static double cross_entropy(const float *x, int n, int64_t label, double scale, float *d, int *best)
{
  double sum = 0;
  *best = 0;
  for (int i = 1; i < n; i++)
    if (x[i] > x[*best])
      *best = i;
  for (int i = 0; i < n; i++)
    sum += exp((double)x[i] - x[*best]);
  for (int i = 0; i < n; i++)
    d[i] = (float)(scale * (exp((double)x[i] - x[*best]) / sum - (i == label)));
  return scale * (log(sum) + x[*best] - x[label]);
}

static void proposal_losses(const LxNode *node, const Loss *a, LxDetectorLoss *loss)
{
  const LxDetectorDraw *draw = a->draw;
  const LxDetectorGraph *d = draw->detector;
  const float *logit = lx_f32(&node->in[OBJECTNESS]->out), *delta = lx_f32(&node->in[DELTAS]->out);
  double scale = 1.0 / (draw->rpn_drawn ? draw->rpn_drawn : 1);
  memset(a->d[DELTAS], 0, lx_tensor_bytes(&node->in[DELTAS]->out));
  for (int64_t i = 0; i < d->n_anchors; i++) {
    int label = draw->anchor_label[i];
    a->d[OBJECTNESS][i] = 0;
    if (label < 0)
      continue;
    double x = logit[i];
    loss->rpn_class += scale * (fmax(x, 0) - x * label + log1p(exp(-fabs(x))));
    a->d[OBJECTNESS][i] = (float)(scale * (1 / (1 + exp(-x)) - label));
    if (label != 1)
      continue;
    float want[4];
    lx_box_encode(d->anchors + 4 * i, draw->targets->truth.boxes[draw->anchor_truth[i]],
                  d->config.rpn_weights, want);
    loss->rpn_box +=
        box_loss(delta + 4 * i, want, d->config.rpn_smooth_l1_beta, scale, a->d[DELTAS] + 4 * i);
  }
}

static void roi_losses(const LxNode *node, const Loss *a, LxDetectorLoss *loss)
{
  const LxDetectorDraw *draw = a->draw;
  const LxDetectorConfig *c = &draw->detector->config;
  int64_t rows = node->in[CLASS]->out.dim[0];
  const int64_t *labels = lx_i64(&draw->labels->out);
  const float *rois = lx_f32(&draw->detector->rois->out);
  double scale = 1.0 / (double)(rows ? rows : 1);
  memset(a->d[BOX], 0, lx_tensor_bytes(&node->in[BOX]->out));
  for (int64_t r = 0; r < rows; r++) {
    int n = c->num_classes + 1, best;
    loss->roi_class += cross_entropy(lx_f32(&node->in[CLASS]->out) + r * n, n, labels[r], scale,
                                     a->d[CLASS] + r * n, &best);
    if (draw->roi_truth[r] < 0)
      continue;
    loss->objects++;
    loss->class_right += best == labels[r];
    float want[4];
    int64_t at = (r * c->num_classes + labels[r]) * 4;
    lx_box_encode(rois + 5 * r + 1, draw->targets->truth.boxes[draw->roi_truth[r]], c->roi_weights,
                  want);
    loss->roi_box += box_loss(lx_f32(&node->in[BOX]->out) + at, want, c->roi_smooth_l1_beta, scale,
                              a->d[BOX] + at);
  }
}

static void attribute_loss(const LxNode *node, const Loss *a, LxDetectorLoss *loss)
{
  const LxDetectorDraw *draw = a->draw;
  int n = draw->detector->config.num_attrs + 1, best;
  int64_t rows = node->in[ATTRIBUTE]->out.dim[0];
  memset(a->d[ATTRIBUTE], 0, lx_tensor_bytes(&node->in[ATTRIBUTE]->out));
  for (int64_t r = 0; r < rows; r++)
    loss->attributes += draw->attribute[r] >= 0;
  for (int64_t r = 0; r < rows; r++) {
    if (draw->attribute[r] < 0)
      continue;
    loss->attribute +=
        cross_entropy(lx_f32(&node->in[ATTRIBUTE]->out) + r * n, n, draw->attribute[r],
                      1.0 / (double)loss->attributes, a->d[ATTRIBUTE] + r * n, &best);
    loss->attribute_right += best == draw->attribute[r];
  }
}

static void loss_forward(LxGraph *graph, LxNode *node)
{
  const Loss *a = node->attr;
  LxDetectorLoss *loss = &a->draw->targets->loss;
  *loss = (LxDetectorLoss){0};
  proposal_losses(node, a, loss);
  roi_losses(node, a, loss);
  if (node->n_in > ATTRIBUTE)
    attribute_loss(node, a, loss);
  loss->total = loss->rpn_class + loss->rpn_box + loss->roi_class + loss->roi_box + loss->attribute;
  *lx_f32(&node->out) = (float)loss->total;
}

static void loss_backward(LxGraph *graph, LxNode *node)
{
  const Loss *a = node->attr;
  for (int i = 0; i < node->n_in; i++)
    for (int64_t j = 0, n = lx_tensor_count(&node->in[i]->out); j < n; j++)
      node->in[i]->grad[j] += node->grad[0] * a->d[i][j];
}

static const LxOp loss_op = {
    .name = "detector-loss", .forward = loss_forward, .backward = loss_backward};

LxNode *lx_op_detector_loss(LxDetectorGraph *d, LxDetectorTargets *targets)
{
  int64_t one = 1;
  LxNode *in[5] = {d->objectness, d->deltas, d->cls_logits, d->box_deltas, d->attr_logits};
  LxNode *node = lx_graph_add(d->graph, &loss_op, "loss", LX_ROWS_FIXED, LX_F32, 1, &one);
  Loss *a = lx_graph_alloc(d->graph, sizeof *a);
  if (!node || !a || !d->rois)
    return NULL;
  a->draw = d->rois->attr;
  node->attr = a;
  for (int i = 0; i < (d->config.attributes ? 5 : 4); i++) {
    lx_node_input(d->graph, node, in[i]);
    a->d[i] = in[i] ? lx_graph_alloc(d->graph, lx_tensor_bytes(&in[i]->out)) : NULL;
  }
  return lx_graph_failed(d->graph) ? NULL : node;
}
