/* LXMERT's forward and pre-training losses once more, in double and as plainly as possible, from
 * lxmert's published definition: what the engine is compared with at sizes that no file covers. */
#pragma once

#include "lx-lxmert.h"

/* One example: tokens, objects, labels. */
typedef struct {
  int words, objects;
  const int64_t *ids;
  const double *features, *boxes; /* [objects, feat], [objects, 4] */
  int64_t answer, match;
  const int64_t *word_labels; /* [words], -1 = ignored */
  const int64_t *object_labels, *attribute_labels;
  const double *object_conf, *attribute_conf, *feature_mask;
  const double *feature_labels;
} DoubleExample;

/* Parameters by canonical name, values in double. */
typedef struct DoubleParams DoubleParams;
DoubleParams *double_params_new(const LxTensors *params);
void double_params_free(DoubleParams *self);
double *double_param(const DoubleParams *self, const char *name);

typedef struct {
  double *lang, *vision; /* [words, h], [objects, h] of the last layer; owned by the result */
  double *answer_logits; /* [answers] */
  /* sums over the example and how many they are over, so that a batch's means can be formed */
  double word_loss, match_loss, object_loss, attribute_loss, feature_loss, answer_loss;
  int word_count, answer_count;
} DoubleResult;

void double_forward(const LxConfig *config, const DoubleParams *params, const DoubleExample *x,
                    DoubleResult *out);
void double_result_clear(DoubleResult *self);
/* The batch's total of the six losses, as the authors define their means. */
double double_total(const LxConfig *config, const DoubleParams *params, const DoubleExample *x,
                    int n);
/* VQA's multi-class loss: the mean over the examples that have an answer, times the number of
 * answers. */
double double_multi_class(const LxConfig *config, const DoubleParams *params,
                          const DoubleExample *x, int n);
