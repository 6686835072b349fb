/* A model that is asked one example after another, with its words tagged and all its maps open. */
#pragma once

#include "lx-examples.h"
#include "lx-lxmert.h"
#include "lx-tokenizer.h"
#include "science-heads.h"

typedef struct {
  LxLxmert *graph; /* LX_EXPLAIN, one example */
  const LxTokenizer *tokenizer;
  int64_t max_words, max_objects;
  /* of the last run; borrowed */
  LxTrainExample example;
  int words, boxes;
  const char *token[SCIENCE_MOST_KEYS]; /* [words] with [CLS] and [SEP] */
  SciencePos pos[SCIENCE_MOST_KEYS];
  bool plural[SCIENCE_MOST_KEYS];
  int order[SCIENCE_MOST_KEYS]; /* [n_order] words that are not special */
  int n_order;
} ScienceProbe;

/* `heads`: LX_HEAD_* to build. Parameters and tokenizer are borrowed for the probe's life. Clear it
 * after a failure too. */
LxStatus science_probe_init(ScienceProbe *self, const LxConfig *config, LxTensors *params,
                            unsigned heads, const LxTokenizer *tokenizer, LxError *error);
void science_probe_clear(ScienceProbe *self); /* zeroed is fine */

/* Asks the example (valid until the source's next get). One that has only words is asked with an
 * empty image when `blind`. */
LxStatus science_probe_run(ScienceProbe *self, const LxTrainExample *example, bool blind,
                           LxError *error);
/* The answer with the greatest logit and its probability; -1 without an answer head. */
int64_t science_probe_answer(const ScienceProbe *self, double *probability);
/* What predicting `label` scores on the example. */
double science_score(const LxTrainExample *example, int64_t label);
/* "attn/NAME" [heads][words or boxes][words or boxes]; NULL when there is none. */
const float *science_probe_map(const ScienceProbe *self, const char *name, int *heads, int *queries,
                               int *keys);
