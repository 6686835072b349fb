#include <stdlib.h>

#include "lx-detector-graph.h"

/* A node's output as an interval of execution order and of the pool. */
typedef struct {
  int first, last;
  size_t offset, bytes;
} Block;

static int last_use(LxGraph *graph, const LxNode *node, LxNode *const *kept, int n_kept)
{
  int n = lx_graph_node_count(graph), last = node->index;
  for (int i = 0; i < n_kept; i++)
    if (kept[i] == node)
      return n;
  for (int i = node->index + 1; i < n; i++)
    for (int j = 0; j < lx_graph_node(graph, i)->n_in; j++)
      if (lx_graph_node(graph, i)->in[j] == node)
        last = i;
  return last;
}

/* The lowest place that no block alive at the same time takes. */
static size_t find_place(const Block *blocks, int n, const Block *mine)
{
  size_t at = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (int i = 0; i < n; i++) {
      const Block *other = &blocks[i];
      bool together = other->first <= mine->last && mine->first <= other->last;
      if (together && at < other->offset + other->bytes && other->offset < at + mine->bytes) {
        at = other->offset + other->bytes;
        moved = true;
      }
    }
  }
  return at;
}

static size_t plan(LxGraph *graph, LxNode *const *kept, int n_kept, Block *blocks)
{
  int n = lx_graph_node_count(graph);
  size_t total = 0;
  for (int i = 0; i < n; i++) {
    const LxNode *node = lx_graph_node(graph, i);
    /* inputs are filled before the run */
    blocks[i] = (Block){.first = node->n_in ? i : 0, .last = last_use(graph, node, kept, n_kept)};
    blocks[i].bytes = (lx_tensor_bytes(&node->out) + 63) / 64 * 64;
    blocks[i].offset = find_place(blocks, i, &blocks[i]);
    if (blocks[i].offset + blocks[i].bytes > total)
      total = blocks[i].offset + blocks[i].bytes;
  }
  return total;
}

LxStatus lx_detector_share_memory(LxGraph *graph, LxNode *const *kept, int n_kept, LxError *error)
{
  if (lx_graph_failed(graph))
    return lx_graph_prepare(graph, LX_INFER, error);
  int n = lx_graph_node_count(graph);
  Block *blocks = calloc((size_t)n, sizeof *blocks);
  int64_t *widths = calloc((size_t)n, sizeof *widths);
  char *pool = NULL;
  if (blocks && widths)
    pool = lx_graph_alloc(graph, plan(graph, kept, n_kept, blocks) + 64);
  LxStatus status = pool ? LX_OK : LX_ERR_MEMORY;
  if (!pool)
    lx_fail(error, LX_ERR_MEMORY, "Not enough memory to run the detector on an image this large.");
  /* The graph's own arena gets nodes without elements; then their places are the pool's. */
  for (int i = 0; i < n && pool; i++) {
    LxTensor *out = &lx_graph_node(graph, i)->out;
    widths[i] = out->dim[out->ndim - 1];
    out->dim[out->ndim - 1] = 0;
  }
  if (!status)
    status = lx_graph_prepare(graph, LX_INFER, error);
  for (int i = 0; i < n && pool; i++) {
    LxTensor *out = &lx_graph_node(graph, i)->out;
    out->dim[out->ndim - 1] = widths[i];
    out->data = pool + (64 - (uintptr_t)pool % 64) % 64 + blocks[i].offset;
  }
  free(blocks);
  free(widths);
  return status;
}
