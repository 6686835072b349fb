/* WordPieces as whole words: "play" "##ing" is "playing". Attention to a word is the sum over its
 * pieces, attention from a word the mean over them, so that rows go on summing to one (Clark et al.
 * 2019, "What Does BERT Look At?", arXiv 1906.04341). */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

/* The word that each token belongs to, [n tokens]; *n_words says how many there are. Free with
 * g_free. `tokens` is NULL-terminated. */
int *lens_words_group(const char *const *tokens, int *n_words);

/* values[heads][rows][cols] with rows and columns put together: row_of[rows] says which of
 * `new_rows` each is part of, NULL leaves the rows as they are; columns likewise. Free with g_free. */
float *lens_words_merge_values(const float *values, int heads, int rows, int cols,
                               const int *row_of, int new_rows, const int *col_of, int new_cols);

/* The run with whole words: tokens and maps; the rest is `run`'s, and the selection goes on counting
 * tokens. `run` itself when no word has several pieces. Owned by the caller. */
LensRun *lens_words_merge_run(LensRun *run);

G_END_DECLS
