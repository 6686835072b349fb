/* Which run is A and which is B, in words. */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

/* What is held: "A: “is it red?” → yes · model · 1 head off". Free with g_free, as the others. */
char *lens_compare_text_held(LensRun *a);
/* "shared: 4 of 11 words, 2 of 13 boxes", of b's; "" where all are, or without b. What is not shared counts
 * as 0 in a difference. And whether the two have as many heads: else A's mean is compared. */
char *lens_compare_text_shared(LensRun *a, LensRun *b);
/* "A: ..." above its column: what the other one has otherwise, be it question, image, model or edits; the
 * image also where it is one of two. */
char *lens_compare_text_column(const char *letter, LensRun *run, LensRun *other, gboolean of_pair);

G_END_DECLS
