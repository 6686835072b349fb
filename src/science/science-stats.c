#include "science-stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AT_A_TIME = 8 }; /* resamples whose sums stay in the cache while the examples pass by */

struct ScienceSums {
  int metrics, shuffles;
  int64_t n, capacity;
  float *rows;    /* [n][2 * metrics]: sums, then counts */
  double *chance; /* [shuffles][2 * metrics] */
};

LxStatus science_sums_new(int metrics, int shuffles, ScienceSums **out, LxError *error)
{
  ScienceSums *self = calloc(1, sizeof *self);
  if (self) {
    *self = (ScienceSums){.metrics = metrics, .shuffles = shuffles};
    self->chance = calloc((size_t)(shuffles + 1) * 2 * (size_t)metrics, sizeof *self->chance);
  }
  if (!self || !self->chance) {
    science_sums_free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %d numbers.", metrics);
  }
  *out = self;
  return LX_OK;
}

void science_sums_free(ScienceSums *self)
{
  if (!self)
    return;
  free(self->rows);
  free(self->chance);
  free(self);
}

static size_t row_bytes(const ScienceSums *self)
{
  return 2 * (size_t)self->metrics * sizeof *self->rows;
}

static size_t chance_bytes(const ScienceSums *self)
{
  return (size_t)self->shuffles * 2 * (size_t)self->metrics * sizeof *self->chance;
}

LxStatus science_sums_write(const ScienceSums *self, LxWriter *writer, LxError *error)
{
  LxStatus status = lx_writer_write(writer, self->chance, chance_bytes(self), error);
  return status || self->n == 0
             ? status
             : lx_writer_write(writer, self->rows, (size_t)self->n * row_bytes(self), error);
}

LxStatus science_sums_read(ScienceSums *self, int64_t examples, const void *data, size_t size,
                           LxError *error)
{
  const size_t chance = chance_bytes(self), rows = size - chance;
  if (size < chance || rows % row_bytes(self) || (int64_t)(rows / row_bytes(self)) != examples)
    return lx_fail(error, LX_ERR_FORMAT, "The state of %lld examples is damaged; begin again.",
                   (long long)examples);
  float *copy = realloc(self->rows, rows + 1);
  if (!copy)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %lld examples.",
                   (long long)examples);
  memcpy(self->chance, data, chance);
  memcpy(copy, (const char *)data + chance, rows);
  self->rows = copy;
  self->n = self->capacity = examples;
  return LX_OK;
}

LxStatus science_sums_begin(ScienceSums *self, LxError *error)
{
  const size_t wide = 2 * (size_t)self->metrics;
  if (self->n >= self->capacity) {
    const int64_t capacity = self->capacity ? 2 * self->capacity : 256;
    float *rows = realloc(self->rows, (size_t)capacity * wide * sizeof *rows);
    if (!rows)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %lld examples.",
                     (long long)capacity);
    self->rows = rows;
    self->capacity = capacity;
  }
  memset(self->rows + (size_t)self->n * wide, 0, wide * sizeof *self->rows);
  self->n++;
  return LX_OK;
}

void science_sums_add(ScienceSums *self, int metric, double sum, double count)
{
  float *row = self->rows + (size_t)(self->n - 1) * 2 * (size_t)self->metrics;
  row[metric] += (float)sum;
  row[self->metrics + metric] += (float)count;
}

void science_sums_add_chance(ScienceSums *self, int metric, int shuffle, double sum, double count)
{
  double *row = self->chance + (size_t)shuffle * 2 * (size_t)self->metrics;
  row[metric] += sum;
  row[self->metrics + metric] += count;
}

void science_shuffle(int *items, int n, LxRng *random)
{
  for (int i = n - 1; i > 0; i--) {
    const int j = (int)lx_rng_below(random, i + 1), item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}

/* sums[AT_A_TIME][2 * metrics] of so many resamples; weight[AT_A_TIME][n] is how often each example
 * was drawn. */
static void resample(const ScienceSums *self, const uint16_t *weight, double *sums)
{
  const int64_t wide = 2 * (int64_t)self->metrics;
  memset(sums, 0, AT_A_TIME * (size_t)wide * sizeof *sums);
  for (int64_t e = 0; e < self->n; e++) {
    const float *row = self->rows + e * wide;
    for (int r = 0; r < AT_A_TIME; r++) {
      const double w = weight[r * self->n + e];
      double *to = sums + r * wide;
      if (w > 0)
        for (int64_t i = 0; i < wide; i++)
          to[i] += w * row[i];
    }
  }
}

static int compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The q-quantile of sorted x[n], between neighbours in proportion. */
static double quantile(const double *x, int n, double q)
{
  const double at = q * (n - 1);
  const int i = (int)at;
  return i + 1 < n ? x[i] + (at - i) * (x[i + 1] - x[i]) : x[n - 1];
}

static void summarize_value(const ScienceSums *self, int metric, ScienceSummary *out)
{
  double sum = 0, count = 0;
  *out = (ScienceSummary){.value = NAN, .low = NAN, .high = NAN, .chance = NAN, .p = NAN};
  for (int64_t e = 0; e < self->n; e++) {
    const float *row = self->rows + e * 2 * self->metrics;
    sum += row[metric];
    count += row[self->metrics + metric];
    out->examples += row[self->metrics + metric] > 0;
  }
  if (count > 0)
    out->value = sum / count;
}

static void summarize_chance(const ScienceSums *self, int metric, ScienceSummary *out)
{
  double mean = 0;
  int n = 0, far = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int s = 0; s < self->shuffles; s++) {
      const double *row = self->chance + (int64_t)s * 2 * self->metrics;
      const double count = row[self->metrics + metric];
      if (count <= 0)
        continue;
      const double value = row[metric] / count;
      n += pass == 0;
      mean += pass == 0 ? value : 0;
      /* equal but for the order of additions is as far */
      far += pass == 1 && fabs(value - mean) >= fabs(out->value - mean) - 1e-9;
    }
    if (n == 0 || isnan(out->value))
      return;
    if (pass == 0)
      mean /= n;
  }
  out->chance = mean;
  out->p = (1.0 + far) / (1.0 + n);
}

static void draw(const ScienceSums *self, LxRng *random, uint16_t *weight)
{
  memset(weight, 0, AT_A_TIME * (size_t)self->n * sizeof *weight);
  for (int r = 0; r < AT_A_TIME; r++)
    for (int64_t i = 0; i < self->n; i++)
      weight[r * self->n + lx_rng_below(random, self->n)]++;
}

/* Interval ends from ratios[resamples] of one metric; those without a denominator do not count. */
static void summarize_interval(double *ratios, int resamples, ScienceSummary *out)
{
  int n = 0;
  for (int r = 0; r < resamples; r++)
    if (!isnan(ratios[r]))
      ratios[n++] = ratios[r];
  if (n == 0)
    return;
  qsort(ratios, (size_t)n, sizeof *ratios, compare);
  out->low = quantile(ratios, n, 0.025);
  out->high = quantile(ratios, n, 0.975);
}

LxStatus science_sums_summarize(const ScienceSums *self, int resamples, uint64_t seed,
                                LxProgress progress, void *user_data, ScienceSummary *out,
                                LxError *error)
{
  const int m = self->metrics;
  resamples = (resamples + AT_A_TIME - 1) / AT_A_TIME * AT_A_TIME;
  uint16_t *weight = malloc(AT_A_TIME * (size_t)(self->n + 1) * sizeof *weight);
  double *sums = malloc(AT_A_TIME * 2 * (size_t)m * sizeof *sums);
  double *ratios = malloc((size_t)m * (size_t)resamples * sizeof *ratios);
  LxRng random = {.seed = seed, .stream = 0xb007};
  LxStatus status = LX_OK;

  if (!weight || !sums || !ratios)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %d resamples.", resamples);
  for (int r = 0; r < resamples && !status && self->n > 0; r += AT_A_TIME) {
    draw(self, &random, weight);
    resample(self, weight, sums);
    for (int a = 0; a < AT_A_TIME; a++)
      for (int i = 0; i < m; i++) {
        const double count = sums[a * 2 * m + m + i];
        ratios[(int64_t)i * resamples + r + a] = count > 0 ? sums[a * 2 * m + i] / count : NAN;
      }
    if (progress && progress((double)r / resamples, "intervals", user_data))
      status = lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
  }
  for (int i = 0; i < m && !status; i++) {
    summarize_value(self, i, &out[i]);
    summarize_chance(self, i, &out[i]);
    if (self->n > 0)
      summarize_interval(ratios + (int64_t)i * resamples, resamples, &out[i]);
  }
  free(weight);
  free(sums);
  free(ratios);
  return status;
}
