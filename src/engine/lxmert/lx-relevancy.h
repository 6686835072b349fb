/* Which words and boxes an answer rests on.
 * Relevancy: Chefer, Gur & Wolf 2021, "Generic Attention-model Explainability" (arXiv 2103.15679),
 * without LRP; rollout: Abnar & Zuidema 2020, for two modalities as in the former's baselines. */
#pragma once

#include "lx-ask.h"
#include "lx-lxmert.h"

typedef enum {
  LX_METHOD_ATTENTION, /* last cross-modality layer, mean over heads */
  LX_METHOD_ROLLOUT,   /* product over layers of (A + 1) / 2-like row-normalised maps */
  LX_METHOD_GRADIENT,  /* last cross-modality layer, mean over heads of max(0, dA * A) */
  LX_METHOD_RELEVANCY, /* Chefer's rules over all layers */
} LxMethod;

/* Row 0, [CLS], is what the answer reads. Owned: lx_relevancy_free. */
typedef struct {
  int64_t answer;
  int64_t words, boxes;
  double *word_word; /* R_t_t [words, words]; [0, 0] is set to 0 */
  double *word_box;  /* R_t_i [words, boxes] */
} LxRelevancy;

void lx_relevancy_free(LxRelevancy *self); /* NULL is fine */

/* For the question in `ask` as it is now (gates, masked words and removed boxes count). answer -1 =
 * the best one. `image` is 0, or 1 for a pair's right one. *out is owned. */
LxStatus lx_relevancy_of_ask(const LxAsk *ask, LxMethod method, int64_t answer, int image,
                             LxRelevancy **out, LxError *error);

/* d(logit)/d(map) of every map that the answer depends on, [heads, q, k]; borrowed, while it runs. */
typedef void (*LxMapGradientFunc)(const char *map, const float *gradient, int64_t heads, int64_t q,
                                  int64_t k, void *user_data);
/* lx_relevancy_of_ask that also tells the gradients that it rests on. */
LxStatus lx_relevancy_of_ask_each(const LxAsk *ask, LxMethod method, int64_t answer, int image,
                                  LxMapGradientFunc each, LxRelevancy **out, LxError *error,
                                  void *user_data);

/* The same for example `example` of a graph in LX_EXPLAIN (or LX_TRAIN) that has run. Afterwards
 * lx_attention_map_grad gives d(logit)/d(map) of every map that is live. */
LxStatus lx_relevancy_of_graph(LxLxmert *model, int64_t example, LxMethod method, int64_t answer,
                               LxRelevancy **out, LxError *error);

/* For sample `sample` of a batch of named tensors (lx_lxmert_load's names), its text cut to its own
 * length: "R_t_t", "R_t_i" F64 and "attn_grad/MAP" F32 [heads, q, k]. *out is owned. */
LxStatus lx_relevancy_named(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                            int64_t sample, LxMethod method, int64_t answer, LxTensors **out,
                            LxError *error);
