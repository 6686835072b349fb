/* Adds one example's maps to the findings' sums, as they are and shuffled. */
#pragma once

#include "science-graphs.h"
#include "science-plan.h"
#include "science-probe.h"
#include "science-stats.h"

typedef struct {
  int token;   /* its first piece */
  int article; /* token of its "a", "an" or "the"; -1 */
  bool plural;
  bool grounded;                 /* some box but not all is its object */
  bool found[SCIENCE_MOST_KEYS]; /* [boxes] */
} ScienceNoun;

/* One example with its nouns and its shuffles. */
typedef struct {
  const ScienceProbe *probe;
  ScienceNoun noun[SCIENCE_MOST_KEYS];
  int n_nouns, n_grounded;
  int shuffles;
  int *order;      /* [shuffles][probe->n_order] words in another order */
  SciencePos *pos; /* [shuffles][probe->words] tags exchanged between words */
  int *boxes;      /* [shuffles][probe->boxes] boxes exchanged */
  int *places;     /* [shuffles][boxes][boxes] each row's keys exchanged */
  bool *swapped;   /* [shuffles][probe->words] article and noun exchanged */
} ScienceTrial;

/* For up to `shuffles`; *out: science_trial_clear. */
LxStatus science_trial_init(ScienceTrial *self, int shuffles, LxError *error);
void science_trial_clear(ScienceTrial *self); /* zeroed is fine */

/* Takes the probe's last run; the shuffles depend on (seed, example). `graphs` may be NULL. */
void science_trial_begin(ScienceTrial *self, const ScienceProbe *probe, const ScienceGraphs *graphs,
                         uint64_t seed, int64_t example);

/* Measures one head's (or the mean's) map, [queries][keys]; its rows of the findings start at
 * `first`. */
void science_measure(const ScienceTrial *self, ScienceKind kind, const float *map, int queries,
                     int keys, int first, ScienceSums *sums);
