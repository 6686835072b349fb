#include "lx-boxes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void lx_box_decode(const float box[4], const float delta[4], const float weights[4], float out[4])
{
  const float cap = (float)log(1000.0 / 16.0);
  float w = box[2] - box[0], h = box[3] - box[1];
  float cx = box[0] + 0.5f * w, cy = box[1] + 0.5f * h;
  float dx = delta[0] / weights[0], dy = delta[1] / weights[1];
  float dw = delta[2] / weights[2], dh = delta[3] / weights[3];
  float x = dx * w + cx, y = dy * h + cy;
  float nw = expf(dw > cap ? cap : dw) * w, nh = expf(dh > cap ? cap : dh) * h;
  out[0] = x - 0.5f * nw;
  out[1] = y - 0.5f * nh;
  out[2] = x + 0.5f * nw;
  out[3] = y + 0.5f * nh;
}

void lx_box_encode(const float box[4], const float target[4], const float weights[4],
                   float delta[4])
{
  float w = box[2] - box[0], h = box[3] - box[1];
  float tw = target[2] - target[0], th = target[3] - target[1];
  float cx = box[0] + 0.5f * w, cy = box[1] + 0.5f * h;
  float tx = target[0] + 0.5f * tw, ty = target[1] + 0.5f * th;
  delta[0] = weights[0] * (tx - cx) / w;
  delta[1] = weights[1] * (ty - cy) / h;
  delta[2] = weights[2] * logf(tw / w);
  delta[3] = weights[3] * logf(th / h);
}

void lx_box_clip(float box[4], float width, float height)
{
  for (int i = 0; i < 4; i++) {
    float most = i & 1 ? height : width;
    box[i] = box[i] < 0 ? 0 : box[i] > most ? most : box[i];
  }
}

float lx_box_iou(const float a[4], const float b[4])
{
  float w = fminf(a[2], b[2]) - fmaxf(a[0], b[0]), h = fminf(a[3], b[3]) - fmaxf(a[1], b[1]);
  float inter = (w > 0 ? w : 0) * (h > 0 ? h : 0);
  float area_a = (a[2] - a[0]) * (a[3] - a[1]), area_b = (b[2] - b[0]) * (b[3] - b[1]);
  return inter / (area_a + area_b - inter);
}

typedef struct {
  float score;
  int64_t index;
} Scored;

static int falling(const void *a, const void *b)
{
  const Scored *x = a, *y = b;
  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  return x->index < y->index ? -1 : 1;
}

void lx_sort_scores(const float *scores, int64_t n, int64_t *order)
{
  Scored *list = malloc((size_t)(n ? n : 1) * sizeof *list);
  for (int64_t i = 0; i < n; i++)
    order[i] = i;
  if (!list)
    return;
  for (int64_t i = 0; i < n; i++)
    list[i] = (Scored){isnan(scores[i]) ? -INFINITY : scores[i], i};
  qsort(list, (size_t)n, sizeof *list, falling);
  for (int64_t i = 0; i < n; i++)
    order[i] = list[i].index;
  free(list);
}

int64_t lx_nms(const float *boxes, const int64_t *order, int64_t n, double threshold, int64_t most,
               int64_t *keep)
{
  int64_t kept = 0;
  for (int64_t i = 0; i < n && kept < most; i++) {
    const float *box = boxes + 4 * order[i];
    int64_t at = order[i], j = 0;
    while (j < kept && !((double)lx_box_iou(boxes + 4 * keep[j], box) > threshold))
      j++;
    if (j == kept)
      keep[kept++] = at;
  }
  return kept;
}

int lx_cell_anchors(const double *sizes, int n_sizes, const double *ratios, int n_ratios,
                    float *out)
{
  int n = 0;
  for (int s = 0; s < n_sizes; s++)
    for (int r = 0; r < n_ratios; r++, n++) {
      double area = sizes[s] * sizes[s], w = sqrt(area / ratios[r]), h = ratios[r] * w;
      float box[4] = {(float)(-w / 2), (float)(-h / 2), (float)(w / 2), (float)(h / 2)};
      memcpy(out + 4 * n, box, sizeof box);
    }
  return n;
}

void lx_grid_anchors(const float *cell, int a, int h, int w, double stride, double offset,
                     float *out)
{
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      for (int i = 0; i < a; i++, out += 4) {
        float sx = (float)((x + offset) * stride), sy = (float)((y + offset) * stride);
        for (int k = 0; k < 4; k++)
          out[k] = cell[4 * i + k] + (k & 1 ? sy : sx);
      }
}
