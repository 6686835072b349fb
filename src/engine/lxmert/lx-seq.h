/* Where each example's rows are. Rows of all examples lie one after another without gaps, so a
 * batch of questions of different lengths needs no padding (and a padded batch is the case where
 * all lengths are equal). */
#pragma once

#include "lx-graph.h"

typedef struct {
  int rows;         /* the row kind */
  int64_t capacity; /* room for rows in all */
  int64_t longest;  /* room for rows of one example */
  int64_t max_examples;
  int64_t n;       /* examples of this run */
  int64_t *offset; /* [n + 1] first row of each example; offset[n] = all rows */
} LxSeq;

/* Adds a row kind for `max_examples` examples of at most `longest` rows. NULL fails the graph. */
LxSeq *lx_seq_new(LxGraph *graph, int64_t max_examples, int64_t longest);
/* Sets every example's number of rows, 1 .. longest. */
LxStatus lx_seq_set(LxGraph *graph, LxSeq *self, int64_t n, const int64_t *length, LxError *error);

static inline int64_t lx_seq_length(const LxSeq *self, int64_t example)
{
  return self->offset[example + 1] - self->offset[example];
}
