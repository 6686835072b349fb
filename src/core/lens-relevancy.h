/* Which words and boxes one answer of one run rests on. */
#pragma once

#include "lens-map.h"

G_BEGIN_DECLS

/* How it is found: Chefer's rules over all layers; or each map's own gradient, and of the last
 * cross-modality layer gradient times attention. */
typedef enum {
  LENS_EXPLAIN_RELEVANCY,
  LENS_EXPLAIN_GRADIENT,
} LensExplain;

typedef struct {
  LensExplain method;
  int asked;  /* the answer that was asked for: -1 = the best one */
  int answer; /* row of the answer table */
  int words, boxes;
  float *word_word;     /* [words][words]; row 0, [CLS], is what the answer reads */
  float *word_box;      /* [words][boxes] */
  GPtrArray *gradients; /* of LensMap: d(logit)/d(attention) of every map that the answer depends
                           on; NULL for LENS_EXPLAIN_RELEVANCY */
} LensRelevancy;

#define LENS_TYPE_RELEVANCY (lens_relevancy_get_type())
GType lens_relevancy_get_type(void);

/* The arrays are zero. */
LensRelevancy *lens_relevancy_new(int answer, int words, int boxes);
LensRelevancy *lens_relevancy_copy(const LensRelevancy *self);
/* The gradient of this map, borrowed; NULL when there is none. */
LensMap *lens_relevancy_find_gradient(const LensRelevancy *self, const char *map);
void lens_relevancy_free(LensRelevancy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensRelevancy, lens_relevancy_free)

G_END_DECLS
