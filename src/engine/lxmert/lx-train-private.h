#pragma once

#include "lx-prefetch.h"
#include "lx-train.h"

struct LxTrainer {
  LxConfig config;
  LxTrainOptions options;
  const LxExampleSource *source;
  LxTensors *params;
  LxLxmert *model;
  LxOptimizer *optimizer;
  LxBatcher batcher;
  LxPrefetch *prefetch;
  int64_t batch;        /* options.batch, or the number of examples when that is smaller */
  int64_t first, local; /* this process' part of each batch */
  double losses[8];     /* of the last batch, its terms, over all processes */
  int64_t steps_per_epoch;
  int64_t *order;      /* [count] this epoch's permutation */
  int64_t order_epoch; /* which epoch `order` is for; -1 = none yet */
  double speed;        /* smoothed examples a second */
  int timed;           /* steps of this trainer */
};
