#include "lx-detector-run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-detector-select.h"
#include "lx-proposals.h"

/* What the heads said about all proposals. */
typedef struct {
  int64_t count;
  float *proposals, *features, *cls, *boxes, *attrs;
} Heads;

typedef struct {
  LxProgress call;
  void *user_data;
  double from, to;
} Part;

static int part_of(double done, const char *what, void *user_data)
{
  const Part *p = user_data;
  return p->call ? p->call(p->from + (p->to - p->from) * done, what, p->user_data) : 0;
}

static void heads_clear(Heads *h)
{
  free(h->proposals);
  free(h->features);
  free(h->cls);
  free(h->boxes);
  free(h->attrs);
}

static LxStatus heads_init(Heads *h, const LxDetectorGraph *g, LxError *error)
{
  const LxDetectorConfig *c = &g->config;
  size_t n = (size_t)c->post_nms_topk, d = (size_t)lx_detector_feature_size(c);
  *h = (Heads){
      .proposals = malloc(n * 4 * sizeof(float)),
      .features = malloc(n * d * sizeof(float)),
      .cls = malloc(n * (size_t)(c->num_classes + 1) * sizeof(float)),
      .boxes = malloc(n * (size_t)c->num_classes * 4 * sizeof(float)),
      .attrs = malloc(n * (size_t)(c->num_attrs + 1) * sizeof(float)),
  };
  if (h->proposals && h->features && h->cls && h->boxes && h->attrs)
    return LX_OK;
  heads_clear(h);
  *h = (Heads){0};
  return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector's proposals.");
}

static bool all_finite(const float *x, int64_t n)
{
  float sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += x[i] * 0;
  return sum == 0;
}

static void take(float *to, int64_t first, const LxNode *node)
{
  if (node)
    memcpy(to + first * node->out.dim[1], node->out.data, lx_tensor_bytes(&node->out));
}

static LxStatus run_heads(LxDetectorGraph *g, Heads *h, Part part, LxError *error)
{
  int64_t capacity = lx_graph_rows(g->graph, g->roi_rows), start;
  LxStatus status = LX_OK;
  double from = part.from, to = part.to;
  for (start = 0; start < h->count && !status; start += capacity) {
    int64_t n = h->count - start < capacity ? h->count - start : capacity;
    float *rois = lx_f32(&g->rois->out);
    part.from = from + (to - from) * (double)start / (double)h->count;
    if (part_of(0, "regions", &part))
      return lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    lx_graph_set_rows(g->graph, g->roi_rows, n, NULL);
    for (int64_t i = 0; i < n; i++) {
      rois[5 * i] = 0;
      memcpy(rois + 5 * i + 1, h->proposals + 4 * (start + i), 4 * sizeof(float));
    }
    status = lx_graph_run_from(g->graph, g->rois, error);
    take(h->features, start, g->features);
    take(h->cls, start, g->cls_logits);
    take(h->boxes, start, g->box_deltas);
    take(h->attrs, start, g->attr_logits);
  }
  return status;
}

static LxStatus report(const LxDetectorGraph *g, const Heads *h, const LxSelection *sel,
                       int raw_width, int raw_height, LxRegions **out, LxError *error)
{
  int64_t d = lx_detector_feature_size(&g->config);
  LxRegions *r;
  LxStatus status = lx_regions_new(sel->kept, d, &r, error);
  if (status)
    return status;
  float scale[2] = {(float)raw_width / (float)g->width, (float)raw_height / (float)g->height};
  float most[2] = {(float)raw_width, (float)raw_height};
  r->width = raw_width;
  r->height = raw_height;
  for (int64_t i = 0; i < sel->kept; i++) {
    int64_t at = sel->keep[i];
    r->object_ids[i] = sel->classes[at];
    r->object_conf[i] = sel->scores[at];
    for (int k = 0; k < 4; k++)
      r->boxes[4 * i + k] = fminf(sel->boxes[4 * at + k] * scale[k & 1], most[k & 1]);
    memcpy(r->features + i * d, h->features + at * d, (size_t)d * sizeof(float));
    if (g->config.attributes)
      r->attribute_ids[i] = lx_best_attribute(h->attrs + at * (g->config.num_attrs + 1),
                                              g->config.num_attrs, &r->attribute_conf[i]);
  }
  *out = r;
  return LX_OK;
}

LxStatus lx_detector_graph_detect(LxDetectorGraph *g, int raw_width, int raw_height,
                                  LxProgress progress, void *user_data, LxRegions **out,
                                  LxError *error)
{
  Part first = {progress, user_data, 0, 0.3}, second = {progress, user_data, 0.3, 1};
  LxSelection *selection = NULL;
  Heads h;
  LxStatus status = heads_init(&h, g, error);
  int64_t capacity = lx_graph_rows(g->graph, g->roi_rows);
  if (!status)
    status = lx_graph_set_rows(g->graph, g->roi_rows, 0, error);
  if (!status)
    status = lx_graph_run(g->graph, part_of, &first, error);
  lx_graph_set_rows(g->graph, g->roi_rows, capacity, NULL);
  if (status)
    goto done;
  const float *logits = lx_f32(&g->objectness->out), *deltas = lx_f32(&g->deltas->out);
  if (!all_finite(logits, g->n_anchors) || !all_finite(deltas, 4 * g->n_anchors)) {
    status = lx_fail(error, LX_ERR_NUMERIC,
                     "The detector's network gave NaN or infinity. Its weights are damaged, or "
                     "do not belong to its configuration.");
    goto done;
  }
  LxProposalInput in = {logits,       deltas,          g->anchors,
                        g->n_anchors, (float)g->width, (float)g->height};
  status = lx_proposals(&g->config, &in, g->config.pre_nms_topk, g->config.post_nms_topk,
                        h.proposals, NULL, &h.count, error);
  if (!status)
    status = run_heads(g, &h, second, error);
  if (!status && (!all_finite(h.cls, h.count * (g->config.num_classes + 1)) ||
                  !all_finite(h.boxes, h.count * g->config.num_classes * 4)))
    status = lx_fail(error, LX_ERR_NUMERIC,
                     "The detector's heads gave NaN or infinity. Its weights are damaged.");
  LxSelectionInput chosen = {h.count, h.proposals,     h.cls,
                             h.boxes, (float)g->width, (float)g->height};
  if (!status)
    status = lx_selection_new(&g->config, &chosen, &selection, error);
  if (!status)
    status = report(g, &h, selection, raw_width, raw_height, out, error);
done:
  lx_graph_set_rows(g->graph, g->roi_rows, capacity, NULL);
  lx_selection_free(selection);
  heads_clear(&h);
  return status;
}

/* ---- boxes that somebody drew ---- */

/* The class that fits best without the background, and the attribute. */
static void name_region(const LxDetectorGraph *g, const Heads *h, int64_t i, float *probs,
                        LxRegions *r)
{
  int classes = g->config.num_classes, best = 0;
  lx_softmax(h->cls + i * (classes + 1), classes + 1, probs);
  for (int c = 1; c < classes; c++)
    if (probs[c] > probs[best])
      best = c;
  r->object_ids[i] = best;
  r->object_conf[i] = probs[best];
  if (g->config.attributes)
    r->attribute_ids[i] = lx_best_attribute(h->attrs + i * (g->config.num_attrs + 1),
                                            g->config.num_attrs, &r->attribute_conf[i]);
}

static LxStatus describe_given(const LxDetectorGraph *g, const Heads *h, const float *boxes,
                               int raw_width, int raw_height, LxRegions **out, LxError *error)
{
  int64_t d = lx_detector_feature_size(&g->config), n = h->count;
  LxRegions *r = NULL;
  float *probs = malloc((size_t)(g->config.num_classes + 1) * sizeof *probs);
  LxStatus status = probs ? lx_regions_new(n, d, &r, error)
                          : lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the boxes.");
  if (!status) {
    r->width = raw_width;
    r->height = raw_height;
    memcpy(r->boxes, boxes, (size_t)n * 4 * sizeof(float));
    memcpy(r->features, h->features, (size_t)(n * d) * sizeof(float));
    for (int64_t i = 0; i < n; i++)
      name_region(g, h, i, probs, r);
    *out = r;
  }
  free(probs);
  return status;
}

LxStatus lx_detector_graph_describe(LxDetectorGraph *g, int raw_width, int raw_height,
                                    const float *boxes, int64_t n, bool looked, LxRegions **out,
                                    LxError *error)
{
  Part all = {NULL, NULL, 0, 1};
  float scale[2] = {(float)g->width / (float)raw_width, (float)g->height / (float)raw_height};
  int64_t capacity = lx_graph_rows(g->graph, g->roi_rows);
  Heads h;
  if (n < 1 || n > g->config.post_nms_topk)
    return lx_fail(error, LX_ERR_ARGUMENT, "Between 1 and %d boxes can be described at once.",
                   g->config.post_nms_topk);
  LxStatus status = heads_init(&h, g, error);
  if (status)
    return status;
  h.count = n;
  for (int64_t i = 0; i < 4 * n; i++)
    h.proposals[i] = boxes[i] * scale[i & 1];
  if (!looked) {
    status = lx_graph_set_rows(g->graph, g->roi_rows, 0, error);
    if (!status)
      status = lx_graph_run(g->graph, NULL, NULL, error);
    lx_graph_set_rows(g->graph, g->roi_rows, capacity, NULL);
  }
  if (!status)
    status = run_heads(g, &h, all, error);
  if (!status && !all_finite(h.features, n * lx_detector_feature_size(&g->config)))
    status = lx_fail(error, LX_ERR_NUMERIC,
                     "The detector gave NaN or infinity. Its weights are damaged.");
  if (!status)
    status = describe_given(g, &h, boxes, raw_width, raw_height, out, error);
  lx_graph_set_rows(g->graph, g->roi_rows, capacity, NULL);
  heads_clear(&h);
  return status;
}
