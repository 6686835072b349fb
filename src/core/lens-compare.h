/* Two runs beside each other, aligned by word and by box, not by index. */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

/* For every token of b the token of a that is the same word, -1 for none: the longest common
 * subsequence, and of what is left those that stand in another order. [n_tokens of b]; free with g_free. */
int *lens_compare_words(LensRun *a, LensRun *b);

/* For every box of b the box of a: itself, moved or not, where the same detector found them in the same
 * image; else the best one-to-one partners by
 * overlap (IoU at least 0.5), -1 for none. Free with g_free. */
int *lens_compare_boxes(LensScene *a, LensScene *b);

typedef enum {
  LENS_DIFFERENCE_MORE, /* max(0, b - a) */
  LENS_DIFFERENCE_LESS, /* max(0, a - b) */
} LensDifference;

/* A run with b's words, boxes and answers whose maps are the difference; what has no partner in a
 * counts as 0 there. Heads are compared one by one where both have the same number, else each of
 * b's with a's mean. Maps that a lacks are left out. Owned by the caller. */
LensRun *lens_compare_runs(LensRun *a, LensRun *b, LensDifference difference);

/* The same for one reading of a map: of_a[rows of a][cols of a], of_b likewise, of the runs that
 * `self` is the difference of. [rows of b][cols of b]; free with g_free. */
float *lens_compare_values(LensRun *self, const char *map, const double *of_a, const double *of_b);

/* A view of `a` for a selection that counts b's words and boxes (runs that were asked, not views), and
 * after them those of a that have no partner; between the boxes `apart` numbers that are another image's.
 * Owned by the caller. */
LensRun *lens_compare_align(LensRun *a, LensRun *b, int apart);
/* A view of one half of a pair for a selection that counts the other half's boxes and then this one's;
 * the words are the same. Owned by the caller. */
LensRun *lens_compare_halves(LensRun *half, LensRun *other);

G_END_DECLS
