/* A measurement's walk over the examples of a data set. It can be stopped and gone on with: what was
 * summed up so far is kept in a file, and the end is the same to the last bit. */
#pragma once

#include <stdbool.h>

#include "lx-tensors.h"
#include "science-stats.h"

typedef struct {
  int64_t count;     /* of the source */
  int64_t examples;  /* to look at, evenly spread over them */
  const char *state; /* file to keep what was done in; NULL: nothing is kept */
  bool resume;       /* begin with what the file holds, if there is one */
  uint64_t mark;     /* of model and settings: the state of others is LX_ERR_ARGUMENT */
  ScienceSums *sums;
  double *kept; /* [n_kept] the walker's own numbers, kept in the file too */
  int n_kept;
  LxStatus (*one)(void *walker, int64_t index, LxError *error); /* looks at one example */
  void *walker;
} ScienceWalk;

/* Looks at all of them. When it is stopped by `progress` (may be NULL; LX_ERR_CANCELLED) and about
 * once a minute the state is written; removing it in the end is left to who writes the result. To
 * *seconds, one of the kept numbers, goes what it took. */
LxStatus science_walk(const ScienceWalk *self, double *seconds, LxProgress progress,
                      void *user_data, LxError *error);

/* `mark` with more in it (FNV-1a, Fowler, Noll & Vo). */
uint64_t science_mark(uint64_t mark, const void *data, size_t size);
/* The same with names and values of all parameters; NULL is fine. */
uint64_t science_mark_params(uint64_t mark, const LxTensors *params);
