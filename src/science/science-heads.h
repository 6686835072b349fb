/* What one attention map of one example does: numbers of a matrix of weights whose rows are queries
 * and sum to one. Maps are row-major [queries][keys]. */
#pragma once

#include <stdbool.h>

#include "science-pos.h"

enum { SCIENCE_MOST_KEYS = 128 }; /* words or boxes of one example */

/* The key with the greatest weight of each query (the first of equal ones), into best[queries]. */
void science_row_best(const float *map, int queries, int keys, int *best);
/* The same across: the query that gives each key most, into best[keys]. */
void science_column_best(const float *map, int queries, int keys, int *best);

typedef struct {
  double weight; /* summed over the pairs */
  int hits;      /* pairs whose key is the query's best */
  int pairs;
} ScienceNeighbour;

/* How the words look at their neighbour: at the one `step` (1 next, -1 previous) places on in
 * order[n], which lists the words without [CLS] and [SEP]. `best` from science_row_best. */
ScienceNeighbour science_neighbour(const float *map, int keys, const int *best, const int *order,
                                   int n, int step);

typedef struct {
  double top1, top3; /* share of all attention on the one, the three most attended keys */
  double effective;  /* exp(entropy of the keys' shares): 1 = one key gets all */
  double one_hot;    /* mean over queries of the greatest weight */
} ScienceColumns;

/* `places` (NULL: none) [queries][keys] says in which column each weight is counted: the rows
 * shuffled. */
ScienceColumns science_columns(const float *map, int queries, int keys, const int *places);

/* Mean over the queries of each key's weight, into mass[keys]; sums to one. */
void science_key_mass(const float *map, int queries, int keys, double *mass);

typedef struct {
  double mass[SCIENCE_N_POS];     /* of all attention; sums to one */
  double expected[SCIENCE_N_POS]; /* if the words (no special ones) shared theirs evenly */
} ScienceKinds;

/* Attention by kind of word, mass[words] from science_key_mass. */
ScienceKinds science_kinds(const double *mass, const SciencePos *pos, int words);

/* The word that is the article of noun `noun`: "a", "an" or "the" before it with nothing but
 * adjectives and numbers between; -1 when there is none. */
int science_article_of(const char *const *tokens, const SciencePos *pos, int noun);
