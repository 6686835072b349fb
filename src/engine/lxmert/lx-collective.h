/* Several processes that train one model together: each works on its part of every batch, and sums go
 * over all of them. The engine knows no transport; NULL in its place means a process alone. */
#pragma once

#include <stdint.h>

#include "lx-error.h"

typedef struct {
  int rank, size; /* 0 <= rank < size */
  /* Sums values[n] over all processes, in place, the same bits everywhere. */
  LxStatus (*sum)(void *user_data, double *values, int n, LxError *error);
  /* Begins such a sum; values[n] may not be touched before `finish`, which waits for all of them. */
  LxStatus (*start)(void *user_data, float *values, int64_t n, LxError *error);
  LxStatus (*finish)(void *user_data, LxError *error);
  /* Moves what has begun along; to be called often between other work. */
  void (*advance)(void *user_data);
  void *user_data;
} LxCollective;
