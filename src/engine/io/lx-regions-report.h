/* Are these object features what LXMERT was trained on? Counts and ranges that show a swapped
 * channel order, unscaled boxes or a broken file at a glance. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lx-regions.h"

/* Start from lx_regions_report_init, then add image after image. */
typedef struct {
  int64_t images, regions;
  int64_t count_min, count_max;            /* regions an image; 36..36 in published files */
  int64_t feature_min, feature_max;        /* feature sizes; 2048..2048 */
  double box_min, box_max;                 /* of normalised coordinates; within [0, 1] */
  int64_t boxes_outside;                   /* farther out than 1e-5: LXMERT's authors refuse them */
  int64_t boxes_empty;                     /* x2 <= x1 or y2 <= y1 */
  int64_t boxes_duplicate;                 /* equal to an earlier one of the same image */
  int64_t not_finite;                      /* NaN or infinite numbers */
  int64_t conf_outside;                    /* confidences outside [0, 1] */
  double norm_min, norm_max, norm_mean;    /* Euclidean, of a region's feature */
  double value_min, value_max, value_mean; /* of single features; the published ones are >= 0 */
  double zero_share;                       /* of features that are exactly 0 */
  int64_t object_max, attribute_max;       /* greatest class numbers, -1 without any */
} LxRegionsReport;

/* A whole file. */
typedef struct {
  LxRegionsReport regions;
  int64_t lines, damaged, duplicate_ids;
  char first_problem[640]; /* of the first damaged line, or "" */
} LxTsvReport;

void lx_regions_report_init(LxRegionsReport *self);
void lx_regions_report_add(LxRegionsReport *self, const LxRegions *regions);

/* Somebody divided the features by their norms: all are 1. */
bool lx_regions_report_is_normalised(const LxRegionsReport *self);
/* One sentence about the worst finding, "" when nothing is wrong; returns `out`. */
const char *lx_regions_report_verdict(const LxRegionsReport *self, char *out, size_t size);

/* Reads the whole file; damaged lines are counted, not fatal. `progress` may be NULL. */
LxStatus lx_tsv_check(const char *path, LxTsvReport *out, LxProgress progress, void *user_data,
                      LxError *error);
