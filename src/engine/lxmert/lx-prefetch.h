/* The next batch is read on a thread of its own while the graph works on this one. */
#pragma once

#include "lx-batch.h"

typedef struct LxPrefetch LxPrefetch;

/* The batcher, with its graph, must outlive it. *out: lx_prefetch_free. */
LxStatus lx_prefetch_new(const LxBatcher *batcher, LxPrefetch **out, LxError *error);
void lx_prefetch_free(LxPrefetch *self); /* NULL is fine; waits */

/* Puts this batch into the graph: the one that was begun, if it is the same, else read now. */
LxStatus lx_prefetch_take(LxPrefetch *self, const int64_t *index, int64_t n, int64_t serial,
                          LxError *error);
/* Begins a batch, after the last one was taken; `index` is copied. Until lx_prefetch_wait nobody else
 * may use the source. What goes wrong is said when the batch is taken. */
void lx_prefetch_begin(LxPrefetch *self, const int64_t *index, int64_t n, int64_t serial);
/* Until the batch that was begun is there; the source is free again. */
void lx_prefetch_wait(LxPrefetch *self);
