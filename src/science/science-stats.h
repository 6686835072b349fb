/* Ratios of sums over examples, with bootstrap intervals and the values that chance gives. */
#pragma once

#include <stdint.h>

#include "lx-file.h"
#include "lx-rng.h"

typedef struct ScienceSums ScienceSums;

/* For `metrics` ratios, each with `shuffles` chance values (0: none). *out: science_sums_free. */
LxStatus science_sums_new(int metrics, int shuffles, ScienceSums **out, LxError *error);
void science_sums_free(ScienceSums *self); /* NULL is fine */

/* The next example; what is added from now on is its. */
LxStatus science_sums_begin(ScienceSums *self, LxError *error);
/* To numerator and denominator of a ratio. An example that adds nothing does not have it. */
void science_sums_add(ScienceSums *self, int metric, double sum, double count);
/* To the same in one of the shuffled worlds. */
void science_sums_add_chance(ScienceSums *self, int metric, int shuffle, double sum, double count);

/* All that was added, to go on with in another process: written where `writer` is, read back from
 * data[size] into sums of the same numbers of metrics and shuffles. `examples` is how many were begun. */
LxStatus science_sums_write(const ScienceSums *self, LxWriter *writer, LxError *error);
LxStatus science_sums_read(ScienceSums *self, int64_t examples, const void *data, size_t size,
                           LxError *error);

typedef struct {
  double value; /* NAN without examples */
  double low,
      high;      /* 2.5% and 97.5% of the ratio over examples drawn with replacement (Efron 1979) */
  double chance; /* mean of the shuffled ratios, NAN without */
  double p;      /* two-sided: (1 + shuffles at least as far from their mean) / (1 + shuffles) */
  int64_t examples; /* that have it */
} ScienceSummary;

/* Of every ratio, into out[metrics]. The same seed draws the same examples for all of them.
 * `progress` may be NULL. */
LxStatus science_sums_summarize(const ScienceSums *self, int resamples, uint64_t seed,
                                LxProgress progress, void *user_data, ScienceSummary *out,
                                LxError *error);

/* A random order of items[n] (Fisher & Yates). */
void science_shuffle(int *items, int n, LxRng *random);
