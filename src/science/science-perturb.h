/* What is left of a model's answers when boxes or words are taken away in the order of their
 * relevance (Chefer, Gur & Wolf 2021, arXiv 2103.15679, "perturbation tests"): the most relevant
 * first (positive: a good explanation falls fast) or the least relevant first (negative: it falls
 * late). Removed boxes and words are not in the input at all; [CLS], [SEP] and one box stay. */
#pragma once

#include "lx-examples.h"
#include "lx-model.h"

typedef enum {
  SCIENCE_BY_ATTENTION,
  SCIENCE_BY_ROLLOUT,
  SCIENCE_BY_GRADIENT,
  SCIENCE_BY_RELEVANCY, /* these four as LxMethod, row [CLS], of the model's own answer */
  SCIENCE_BY_CHANCE,    /* in random order; positive and negative are the same */
  SCIENCE_N_ORDERS,
} ScienceOrder;

enum { SCIENCE_N_LEVELS = 6 };
/* 0, 0.25, 0.5, 0.75, 0.9, 0.95 */
extern const double science_levels[SCIENCE_N_LEVELS];

/* "attention", "rollout", "gradient x attention", "relevancy", "random"; static. */
const char *science_order_name(ScienceOrder order);

typedef struct {
  double value, low, high; /* mean over examples with its 95% interval */
} ScienceEstimate;

typedef struct {
  bool words;    /* taken away are words, else boxes */
  bool positive; /* the most relevant first */
  ScienceOrder order;
  ScienceEstimate accuracy[SCIENCE_N_LEVELS];
  ScienceEstimate probability[SCIENCE_N_LEVELS];   /* of the answer with nothing removed */
  ScienceEstimate accuracy_area, probability_area; /* under the curve, over its width */
} ScienceCurve;

enum { SCIENCE_N_CURVES = 2 * (2 * SCIENCE_N_ORDERS - 1) };

typedef struct {
  ScienceCurve curves[SCIENCE_N_CURVES];
  int n_curves;
  int64_t examples;
  bool labelled; /* false: no answers in the data, accuracies are NAN */
  double seconds;
} SciencePerturbation;

typedef struct {
  LxModel *model; /* with an answer head */
  const LxExampleSource *source;
  int64_t examples;  /* drawn evenly from the source; 0 = all */
  int resamples;     /* of the intervals, 0 = 1000 */
  uint64_t seed;     /* of the random order and the resamples */
  const char *state; /* as in ScienceFindingsSetup */
  bool resume;
} SciencePerturbSetup;

/* About a hundred short runs of the model for each example. As science_findings. *out is owned:
 * science_perturbation_free. */
LxStatus science_perturb(const SciencePerturbSetup *setup, LxProgress progress, void *user_data,
                         SciencePerturbation **out, LxError *error);
void science_perturbation_free(SciencePerturbation *self); /* NULL is fine */

const ScienceCurve *science_perturbation_find(const SciencePerturbation *self, bool words,
                                              bool positive, ScienceOrder order);

/* The area under values[SCIENCE_N_LEVELS] over science_levels, over their width: the mean height
 * (trapezoids). */
double science_area(const double *values);
/* How many of `n` go at a share, at least `keep` stay. */
int science_removed(int n, double share, int keep);
/* Indices 0..n-1 by falling (or rising) score, equal ones in their order. n <= 128. */
void science_rank(const double *score, int n, bool falling, int *order);
