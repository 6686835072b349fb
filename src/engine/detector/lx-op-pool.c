/* Max-pooling, RoI max-pooling and the mean over positions; forward and backward. */
#include <math.h>
#include <string.h>

#include "lx-detector-ops.h"
#include "lx-kernel.h"

/* ---- 3x3 max-pool, stride 2 ---- */

typedef struct {
  int pad;
  bool relu;
} MaxPool;

void lx_max_pool_size(int h, int w, bool ceil_mode, int *oh, int *ow)
{
  int size[2] = {h, w}, out[2];
  for (int i = 0; i < 2; i++) {
    /* the last window must start inside the image */
    out[i] = ceil_mode ? (size[i] > 3 ? (size[i] - 2) / 2 + 1 : 1) : (size[i] - 1) / 2 + 1;
    if (ceil_mode && (out[i] - 1) * 2 >= size[i])
      out[i]--;
  }
  *oh = out[0];
  *ow = out[1];
}

typedef struct {
  int h, w, c, y0, y1, x0, x1;
} Window;

static Window window_at(const LxTensor *x, int pad, int oy, int ox)
{
  Window v = {.h = (int)x->dim[1], .w = (int)x->dim[2], .c = (int)x->dim[3]};
  int y = oy * 2 - pad, xx = ox * 2 - pad;
  v.y0 = y < 0 ? 0 : y;
  v.x0 = xx < 0 ? 0 : xx;
  v.y1 = y + 3 > v.h ? v.h : y + 3;
  v.x1 = xx + 3 > v.w ? v.w : xx + 3;
  return v;
}

LX_KERNEL static void window_max(const float *restrict x, const Window *v, float start,
                                 float *restrict y)
{
  for (int c = 0; c < v->c; c++)
    y[c] = start;
  for (int i = v->y0; i < v->y1; i++)
    for (int j = v->x0; j < v->x1; j++) {
      const float *at = x + ((int64_t)i * v->w + j) * v->c;
      for (int c = 0; c < v->c; c++)
        y[c] = at[c] > y[c] || at[c] != at[c] ? at[c] : y[c];
    }
}

/* The first position that equals the maximum gets the gradient `left`, which is consumed. With
 * ReLU a maximum that was negative equals no position. */
LX_KERNEL static void window_grad(const float *restrict x, const Window *v, const float *restrict y,
                                  float *restrict left, float *restrict gx)
{
  for (int i = v->y0; i < v->y1; i++)
    for (int j = v->x0; j < v->x1; j++) {
      int64_t at = ((int64_t)i * v->w + j) * v->c;
      for (int c = 0; c < v->c; c++) {
        float mine = x[at + c] == y[c] ? left[c] : 0;
        gx[at + c] += mine;
        left[c] -= mine;
      }
    }
}

static void max_pool_forward(LxGraph *graph, LxNode *node)
{
  const LxTensor *x = &node->in[0]->out, *y = &node->out;
  int pad = ((MaxPool *)node->attr)->pad;
  float start = ((MaxPool *)node->attr)->relu ? 0 : -INFINITY;
  int64_t plane = x->dim[1] * x->dim[2] * x->dim[3], row = y->dim[2] * y->dim[3];
#pragma omp parallel for collapse(2)
  for (int64_t n = 0; n < x->dim[0]; n++)
    for (int oy = 0; oy < (int)y->dim[1]; oy++)
      for (int ox = 0; ox < (int)y->dim[2]; ox++) {
        Window v = window_at(x, pad, oy, ox);
        window_max(lx_f32(x) + n * plane, &v, start,
                   lx_f32(y) + (n * y->dim[1] + oy) * row + ox * v.c);
      }
}

static void max_pool_backward(LxGraph *graph, LxNode *node)
{
  const LxTensor *x = &node->in[0]->out, *y = &node->out;
  int pad = ((MaxPool *)node->attr)->pad;
  int64_t plane = x->dim[1] * x->dim[2] * x->dim[3], at = 0;
  if (!node->in[0]->grad)
    return;
  for (int64_t n = 0; n < x->dim[0]; n++)
    for (int oy = 0; oy < (int)y->dim[1]; oy++)
      for (int ox = 0; ox < (int)y->dim[2]; ox++, at += y->dim[3]) {
        Window v = window_at(x, pad, oy, ox);
        window_grad(lx_f32(x) + n * plane, &v, lx_f32(y) + at, node->grad + at,
                    node->in[0]->grad + n * plane);
      }
}

static const LxOp max_pool_op = {
    .name = "max-pool", .forward = max_pool_forward, .backward = max_pool_backward};

LxNode *lx_op_max_pool(LxGraph *graph, const char *name, LxNode *x, bool ceil_mode, bool relu)
{
  if (!x)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "A max-pool lacks its input.");
  int oh, ow;
  lx_max_pool_size((int)x->out.dim[1], (int)x->out.dim[2], ceil_mode, &oh, &ow);
  int64_t dim[4] = {x->out.dim[0], oh, ow, x->out.dim[3]};
  LxNode *node = lx_graph_add(graph, &max_pool_op, name, x->rows, LX_F32, 4, dim);
  MaxPool *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !a)
    return NULL;
  a->pad = ceil_mode ? 0 : 1;
  a->relu = relu;
  node->attr = a;
  lx_node_input(graph, node, x);
  return node;
}

/* ---- RoI max-pool ---- */

typedef struct {
  int bins;
  float scale;
  int32_t *argmax; /* [rois, bins, bins, c]: position in the map, -1 = empty bin */
} RoiPool;

/* First and end cell of bin `b` of an inclusive span [lo, hi] of cells, inside [0, size). */
static void bin_range(int lo, int hi, int bins, int b, int size, int *from, int *to)
{
  int span = hi - lo + 1 > 1 ? hi - lo + 1 : 1;
  float width = (float)span / (float)bins;
  int start = (int)floorf((float)b * width) + lo;
  int end = (int)ceilf((float)(b + 1) * width) + lo;
  *from = start < 0 ? 0 : start > size ? size : start;
  *to = end < 0 ? 0 : end > size ? size : end;
}

LX_KERNEL static void bin_max(const float *restrict x, const Window *v, float *restrict y,
                              int32_t *restrict argmax)
{
  bool empty = v->y1 <= v->y0 || v->x1 <= v->x0;
  for (int c = 0; c < v->c; c++) {
    y[c] = empty ? 0 : -INFINITY;
    if (argmax)
      argmax[c] = -1;
  }
  for (int i = v->y0; i < v->y1; i++)
    for (int j = v->x0; j < v->x1; j++) {
      int32_t at = i * v->w + j;
      const float *from = x + (int64_t)at * v->c;
      if (argmax) {
        for (int c = 0; c < v->c; c++) {
          argmax[c] = from[c] > y[c] ? at : argmax[c];
          y[c] = from[c] > y[c] ? from[c] : y[c];
        }
      } else {
        for (int c = 0; c < v->c; c++)
          y[c] = from[c] > y[c] ? from[c] : y[c];
      }
    }
}

void lx_roi_pool(const float *x, int h, int w, int c, const float *rois, int64_t n, int bins,
                 float scale, float *y, int32_t *argmax)
{
#pragma omp parallel for
  for (int64_t r = 0; r < n; r++) {
    const float *roi = rois + 5 * r;
    const float *image = x + (int64_t)roi[0] * h * w * c;
    int lo_x = (int)roundf(roi[1] * scale), lo_y = (int)roundf(roi[2] * scale);
    int hi_x = (int)roundf(roi[3] * scale), hi_y = (int)roundf(roi[4] * scale);
    for (int py = 0; py < bins; py++)
      for (int px = 0; px < bins; px++) {
        Window v = {.h = h, .w = w, .c = c};
        bin_range(lo_y, hi_y, bins, py, h, &v.y0, &v.y1);
        bin_range(lo_x, hi_x, bins, px, w, &v.x0, &v.x1);
        int64_t at = ((r * bins + py) * bins + px) * c;
        bin_max(image, &v, y + at, argmax ? argmax + at : NULL);
      }
  }
}

static void roi_pool_forward(LxGraph *graph, LxNode *node)
{
  const LxTensor *x = &node->in[0]->out;
  RoiPool *a = node->attr;
  lx_roi_pool(lx_f32(x), (int)x->dim[1], (int)x->dim[2], (int)x->dim[3], lx_f32(&node->in[1]->out),
              node->out.dim[0], a->bins, a->scale, lx_f32(&node->out),
              lx_graph_mode(graph) == LX_INFER ? NULL : a->argmax);
}

static void roi_pool_backward(LxGraph *graph, LxNode *node)
{
  const LxTensor *x = &node->in[0]->out;
  RoiPool *a = node->attr;
  int64_t c = x->dim[3], plane = x->dim[1] * x->dim[2] * c, bins = (int64_t)a->bins * a->bins;
  const float *rois = lx_f32(&node->in[1]->out);
  if (!node->in[0]->grad)
    return;
  for (int64_t r = 0; r < node->out.dim[0]; r++) {
    float *gx = node->in[0]->grad + (int64_t)rois[5 * r] * plane;
    for (int64_t i = r * bins * c, k = 0; k < bins * c; k++, i++)
      if (a->argmax[i] >= 0)
        gx[a->argmax[i] * c + k % c] += node->grad[i];
  }
}

static const LxOp roi_pool_op = {
    .name = "roi-pool", .forward = roi_pool_forward, .backward = roi_pool_backward};

LxNode *lx_op_roi_pool(LxGraph *graph, const char *name, LxNode *x, LxNode *rois, int bins,
                       float scale)
{
  if (!x || !rois)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "A RoI pool lacks an input.");
  int64_t dim[4] = {rois->out.dim[0], bins, bins, x->out.dim[3]};
  LxNode *node = lx_graph_add(graph, &roi_pool_op, name, rois->rows, LX_F32, 4, dim);
  RoiPool *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !a)
    return NULL;
  a->bins = bins;
  a->scale = scale;
  a->argmax = lx_graph_alloc(graph, (size_t)lx_tensor_count(&node->out) * sizeof(int32_t));
  node->attr = a;
  lx_node_input(graph, node, x);
  lx_node_input(graph, node, rois);
  return a->argmax ? node : NULL;
}

/* ---- mean over positions ---- */

LX_KERNEL static void mean_rows(const float *restrict x, int64_t n, int64_t positions, int64_t c,
                                float *restrict y)
{
  for (int64_t r = 0; r < n; r++, y += c) {
    memset(y, 0, (size_t)c * sizeof *y);
    for (int64_t p = 0; p < positions; p++, x += c)
      for (int64_t i = 0; i < c; i++)
        y[i] += x[i];
    for (int64_t i = 0; i < c; i++)
      y[i] /= (float)positions;
  }
}

static void mean_forward(LxGraph *graph, LxNode *node)
{
  const LxTensor *x = &node->in[0]->out;
  mean_rows(lx_f32(x), x->dim[0], x->dim[1] * x->dim[2], x->dim[3], lx_f32(&node->out));
}

LX_KERNEL static void mean_grad(const float *restrict gy, int64_t n, int64_t positions, int64_t c,
                                float *restrict gx)
{
  float part = 1.0f / (float)positions;
  for (int64_t r = 0; r < n; r++, gy += c)
    for (int64_t p = 0; p < positions; p++, gx += c)
      for (int64_t i = 0; i < c; i++)
        gx[i] += gy[i] * part;
}

static void mean_backward(LxGraph *graph, LxNode *node)
{
  const LxTensor *x = &node->in[0]->out;
  if (node->in[0]->grad)
    mean_grad(node->grad, x->dim[0], x->dim[1] * x->dim[2], x->dim[3], node->in[0]->grad);
}

static const LxOp mean_op = {.name = "mean", .forward = mean_forward, .backward = mean_backward};

LxNode *lx_op_mean_positions(LxGraph *graph, const char *name, LxNode *x)
{
  if (!x)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "A mean lacks its input.");
  int64_t dim[2] = {x->out.dim[0], x->out.dim[3]};
  LxNode *node = lx_graph_add(graph, &mean_op, name, x->rows, LX_F32, 2, dim);
  if (node)
    lx_node_input(graph, node, x);
  return node;
}
