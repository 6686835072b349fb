/* Boxes: x1 y1 x2 y2 in pixels, float32, the arithmetic of the published PyTorch code. */
#pragma once

#include <stdint.h>

/* out = the box that `delta` (dx dy dw dh) makes of `box`; deltas are divided by `weights`; dw and
 * dh are capped at log(1000/16). */
void lx_box_decode(const float box[4], const float delta[4], const float weights[4], float out[4]);
/* The inverse: delta such that decode(box, delta) = target. */
void lx_box_encode(const float box[4], const float target[4], const float weights[4],
                   float delta[4]);
/* Into [0, width] x [0, height]. */
void lx_box_clip(float box[4], float width, float height);
/* Intersection over union; NaN for two boxes without area. */
float lx_box_iou(const float a[4], const float b[4]);

/* `order`[n] = indices by falling score, ties by index. NaN counts as the lowest. */
void lx_sort_scores(const float *scores, int64_t n, int64_t *order);

/* Greedy suppression: walks `order` (n indices into boxes), keeps a box unless a kept one overlaps
 * it by more than `threshold` (compared in double). Writes at most `most` indices to keep (which
 * may be `order` itself) and returns their number. */
int64_t lx_nms(const float *boxes, const int64_t *order, int64_t n, double threshold, int64_t most,
               int64_t *keep);

/* One cell's anchors, centred on 0: sizes major, ratios h / w minor. Returns their number,
 * n_sizes * n_ratios; out[4 * that]. */
int lx_cell_anchors(const double *sizes, int n_sizes, const double *ratios, int n_ratios,
                    float *out);
/* All anchors in the order y, x, a: out[h * w * a][4]; a cell's centre is (index + offset) *
 * stride. */
void lx_grid_anchors(const float *cell, int a, int h, int w, double stride, double offset,
                     float *out);
