#include "lx-regions-report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lx-tsv.h"

void lx_regions_report_init(LxRegionsReport *self)
{
  *self = (LxRegionsReport){.count_min = INT64_MAX,
                            .feature_min = INT64_MAX,
                            .box_min = INFINITY,
                            .box_max = -INFINITY,
                            .norm_min = INFINITY,
                            .norm_max = -INFINITY,
                            .value_min = INFINITY,
                            .value_max = -INFINITY,
                            .object_max = -1,
                            .attribute_max = -1};
}

static void add_box(LxRegionsReport *self, const LxRegions *r, int64_t i)
{
  const float *b = r->boxes + i * 4;
  bool finite = true, outside = false;
  for (int k = 0; k < 4; k++) {
    double v = (double)b[k] / (double)(k & 1 ? r->height : r->width);
    finite &= isfinite(v) != 0;
    outside |= !(v >= -1e-5 && v <= 1 + 1e-5);
    self->box_min = fmin(self->box_min, v);
    self->box_max = fmax(self->box_max, v);
  }
  self->not_finite += !finite;
  self->boxes_outside += outside;
  self->boxes_empty += !(b[2] > b[0] && b[3] > b[1]);
  for (int64_t j = 0; j < i; j++)
    if (memcmp(r->boxes + j * 4, b, 4 * sizeof *b) == 0) {
      self->boxes_duplicate++;
      break;
    }
}

static void add_feature(LxRegionsReport *self, const LxRegions *r, int64_t i)
{
  const float *f = r->features + i * r->feature_size;
  double sum = 0, squares = 0;
  int64_t zeros = 0, bad = 0;
  for (int64_t k = 0; k < r->feature_size; k++) {
    double v = f[k];
    if (!isfinite(v)) {
      bad++;
      continue;
    }
    sum += v;
    squares += v * v;
    zeros += v == 0;
    self->value_min = fmin(self->value_min, v);
    self->value_max = fmax(self->value_max, v);
  }
  double norm = sqrt(squares), n = (double)++self->regions;
  double size = r->feature_size ? (double)r->feature_size : 1;
  self->not_finite += bad;
  self->norm_min = fmin(self->norm_min, norm);
  self->norm_max = fmax(self->norm_max, norm);
  self->norm_mean += (norm - self->norm_mean) / n;
  self->value_mean += (sum / size - self->value_mean) / n;
  self->zero_share += ((double)zeros / size - self->zero_share) / n;
}

static int64_t larger(int64_t a, int64_t b)
{
  return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

void lx_regions_report_add(LxRegionsReport *self, const LxRegions *r)
{
  self->images++;
  self->count_min = smaller(self->count_min, r->count);
  self->count_max = larger(self->count_max, r->count);
  self->feature_min = smaller(self->feature_min, r->feature_size);
  self->feature_max = larger(self->feature_max, r->feature_size);
  for (int64_t i = 0; i < r->count; i++) {
    add_box(self, r, i);
    add_feature(self, r, i);
    self->conf_outside += !(r->object_conf[i] >= 0 && r->object_conf[i] <= 1.00001f);
    self->conf_outside += !(r->attribute_conf[i] >= 0 && r->attribute_conf[i] <= 1.00001f);
    self->object_max = larger(self->object_max, r->object_ids[i]);
    self->attribute_max = larger(self->attribute_max, r->attribute_ids[i]);
  }
}

bool lx_regions_report_is_normalised(const LxRegionsReport *self)
{
  return self->regions > 1 && fabs(self->norm_min - 1) < 1e-3 && fabs(self->norm_max - 1) < 1e-3;
}

const char *lx_regions_report_verdict(const LxRegionsReport *self, char *out, size_t size)
{
  const LxRegionsReport *s = self;
  *out = '\0';
  if (!s->regions)
    snprintf(out, size, "There are no regions.");
  else if (s->not_finite)
    snprintf(out, size, "%lld numbers are not finite.", (long long)s->not_finite);
  else if (s->boxes_outside)
    snprintf(out, size, "%lld boxes reach outside their image (from %.3f to %.3f of its size).",
             (long long)s->boxes_outside, s->box_min, s->box_max);
  else if (s->feature_min != s->feature_max)
    snprintf(out, size, "Features have different sizes, from %lld to %lld.",
             (long long)s->feature_min, (long long)s->feature_max);
  else if (s->norm_max == 0)
    snprintf(out, size, "All features are zero.");
  else if (s->boxes_empty)
    snprintf(out, size, "%lld boxes have no area.", (long long)s->boxes_empty);
  else if (s->conf_outside)
    snprintf(out, size, "%lld confidences are not between 0 and 1.", (long long)s->conf_outside);
  else if (s->value_min < 0)
    snprintf(out, size,
             "Features are as low as %.3f; features pooled behind a ReLU, as LXMERT's were, are "
             "never negative.",
             s->value_min);
  else if (lx_regions_report_is_normalised(s))
    snprintf(out, size,
             "All features have the norm 1; LXMERT takes them as the detector gives them, not "
             "divided by "
             "their norms.");
  return out;
}

LxStatus lx_tsv_check(const char *path, LxTsvReport *out, LxProgress progress, void *user_data,
                      LxError *error)
{
  LxTsv *tsv;
  LxError line = {0};
  memset(out, 0, sizeof *out);
  lx_regions_report_init(&out->regions);
  LxStatus status = lx_tsv_open(path, &tsv, error);
  if (status)
    return status;
  for (;;) {
    LxRegions *r;
    status = lx_tsv_next(tsv, &r, &line);
    if (status == LX_ERR_FORMAT) {
      if (!out->damaged++)
        memcpy(out->first_problem, line.message, sizeof line.message);
    } else if (status || !r) {
      break;
    } else {
      lx_regions_report_add(&out->regions, r);
      lx_regions_free(r);
    }
    out->lines++;
    if (progress && progress(lx_tsv_position(tsv), "Checking the features", user_data)) {
      status = lx_fail(&line, LX_ERR_CANCELLED, "Checking “%s” was stopped.", path);
      break;
    }
  }
  if (!status)
    status = lx_tsv_index(tsv, -1, NULL, NULL, &line);
  if (status && error)
    *error = line;
  out->duplicate_ids = lx_tsv_duplicates(tsv);
  lx_tsv_free(tsv);
  return status;
}
