#include "lx-graph-places.h"

#include <stdlib.h>

/* From the first to the last moment in which its bytes of the arena are its own. */
typedef struct {
  int first, last;
  size_t at, bytes;
} Block;

typedef struct {
  Block *blocks; /* that have a place */
  int n;
  size_t bytes; /* of the arena */
} Plan;

/* The lowest place that no block alive at the same time takes. */
static size_t put(Plan *self, int first, int last, size_t bytes)
{
  Block mine = {first, last, 0, (bytes + 63) / 64 * 64};
  for (bool moved = mine.bytes > 0; moved;) {
    moved = false;
    for (int i = 0; i < self->n; i++) {
      const Block *other = &self->blocks[i];
      bool together = other->first <= last && first <= other->last;
      if (together && mine.at < other->at + other->bytes && other->at < mine.at + mine.bytes) {
        mine.at = other->at + other->bytes;
        moved = true;
      }
    }
  }
  if (mine.bytes)
    self->blocks[self->n++] = mine;
  if (mine.at + mine.bytes > self->bytes)
    self->bytes = mine.at + mine.bytes;
  return mine.at;
}

/* When each node begins and when it is last read; a partner begins with the first of the two. */
static void find_lives(LxNode *const *order, int n, int *first, int *last)
{
  for (int at = 0; at < n; at++)
    first[order[at]->index] = last[order[at]->index] = at;
  for (int at = 0; at < n; at++) {
    const LxNode *node = order[at];
    if (node->partner)
      first[node->partner->index] = at;
    for (int i = 0; i < node->n_in; i++)
      last[node->in[i]->index] = at;
  }
}

static bool place_outputs(LxNode *const *order, int n, LxMode mode, bool share, LxPlace *places,
                          size_t *bytes)
{
  int *first = calloc(2 * (size_t)n + 1, sizeof *first), *last = first ? first + n : NULL;
  Plan plan = {.blocks = calloc(3 * (size_t)n + 1, sizeof *plan.blocks)};
  bool ok = first && plan.blocks;
  if (ok)
    find_lives(order, n, first, last);
  for (int at = 0; at < n && ok; at++) {
    const LxNode *node = order[at];
    bool stays = !share || lx_node_stays(node);
    int begin = stays ? 0 : first[node->index], end = stays ? n : last[node->index];
    LxPlace *place = &places[node->index];
    place->out = put(&plan, begin, end, lx_tensor_bytes(&node->out));
    place->scratch = put(&plan, stays ? 0 : at, stays ? n : at, node->scratch_bytes);
    place->kept = put(&plan, 0, n, mode == LX_INFER ? 0 : node->kept_bytes);
  }
  free(first);
  free(plan.blocks);
  *bytes = plan.bytes;
  return ok;
}

/* A gradient lives from its last reader's backward, which comes first, to its own node's. Time runs
 * from the last node to the first. */
static bool place_grads(LxNode *const *nodes, int n, bool share, LxPlace *places, size_t *bytes)
{
  int *reader = calloc((size_t)n + 1, sizeof *reader);
  Plan plan = {.blocks = calloc((size_t)n + 1, sizeof *plan.blocks)};
  bool ok = reader && plan.blocks;
  for (int i = 0; i < n && ok; i++) {
    reader[i] = i;
    for (int j = 0; j < nodes[i]->n_in; j++)
      reader[nodes[i]->in[j]->index] = i;
  }
  for (int i = n - 1; i >= 0 && ok; i--) {
    bool stays = !share || lx_node_stays(nodes[i]);
    if (!nodes[i]->no_grad)
      places[i].grad =
          put(&plan, stays ? 0 : n - reader[i], stays ? n : n - i, lx_tensor_bytes(&nodes[i]->out));
  }
  free(reader);
  free(plan.blocks);
  *bytes = plan.bytes;
  return ok;
}

bool lx_graph_find_places(LxNode *const *nodes, LxNode *const *order, int n, LxMode mode,
                          bool share, LxPlace *places, LxPlacesSize *size)
{
  *size = (LxPlacesSize){0};
  return place_outputs(order, n, mode, share && mode == LX_INFER, places, &size->arena) &&
         (mode == LX_INFER ||
          place_grads(nodes, n, share && mode == LX_TRAIN, places, &size->grads));
}
