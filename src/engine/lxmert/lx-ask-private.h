/* What lx-ask.c and lx-relevancy.c share. */
#pragma once

#include "lx-ask.h"
#include "lx-lxmert.h"

struct LxAsk {
  LxModel *model;
  LxLxmert *m;   /* LX_INFER; NULL until there is room */
  LxNode **maps; /* attention nodes of m in order */
  int n_maps;
  int64_t max_words, max_objects;
  int images;      /* 1, or 2 for a pair; 0 before the first run */
  LxTokens tokens; /* as asked; masked words are changed in the graph only */
  bool *changed;   /* [maps] gate changed since the last run */
  bool words_changed, boxes_changed;
  float *probabilities;
  double milliseconds;
};

/* A graph of the same run in LX_EXPLAIN: inputs and gates copied, not run yet. *out:
 * lx_lxmert_free. */
LxStatus lx_ask_copy_for_explaining(const LxAsk *self, LxLxmert **out, LxError *error);
