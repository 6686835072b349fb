#include "lx-seq.h"

LxSeq *lx_seq_new(LxGraph *graph, int64_t max_examples, int64_t longest)
{
  LxSeq *self = lx_graph_alloc(graph, sizeof *self);
  int64_t *offset = lx_graph_alloc(graph, (size_t)(max_examples + 1) * sizeof *offset);
  if (!self || !offset)
    return NULL;
  self->capacity = max_examples * longest;
  self->rows = lx_graph_add_rows(graph, self->capacity);
  self->longest = longest;
  self->max_examples = self->n = max_examples;
  self->offset = offset;
  for (int64_t i = 0; i <= max_examples; i++)
    offset[i] = i * longest;
  return self;
}

LxStatus lx_seq_set(LxGraph *graph, LxSeq *self, int64_t n, const int64_t *length, LxError *error)
{
  if (n < 1 || n > self->max_examples)
    return lx_fail(error, LX_ERR_ARGUMENT, "There is room for 1 to %lld examples, not for %lld.",
                   (long long)self->max_examples, (long long)n);
  for (int64_t i = 0; i < n; i++)
    if (length[i] < 1 || length[i] > self->longest)
      return lx_fail(error, LX_ERR_ARGUMENT, "Example %lld has %lld rows; 1 to %lld are possible.",
                     (long long)i, (long long)length[i], (long long)self->longest);
  self->n = n;
  for (int64_t i = 0; i < n; i++)
    self->offset[i + 1] = self->offset[i] + length[i];
  return lx_graph_set_rows(graph, self->rows, self->offset[n], error);
}
