#include "lx-graph-order.h"

#include <stdlib.h>

typedef struct {
  LxNode **order;
  bool *placed; /* by the nodes' index */
  int n;
} Order;

/* Nodes stand behind their inputs, so that none before `on` waits for it. */
static bool waits_for(const LxNode *node, const LxNode *on)
{
  if (node->index <= on->index)
    return node == on;
  for (int i = 0; i < node->n_in; i++)
    if (waits_for(node->in[i], on))
      return true;
  return false;
}

static LxNode *partner_of(const Order *self, LxNode *const *nodes, int n, const LxNode *node)
{
  for (int i = node->index + 1; i < n && node->op->begin_both && node->n_param; i++)
    if (!self->placed[i] && nodes[i]->op == node->op && nodes[i]->n_param == node->n_param &&
        nodes[i]->param[0] == node->param[0] && !waits_for(nodes[i], node))
      return nodes[i];
  return NULL;
}

static void put(Order *self, LxNode *node)
{
  if (self->placed[node->index])
    return;
  self->placed[node->index] = true;
  for (int i = 0; i < node->n_in; i++)
    put(self, node->in[i]);
  self->order[self->n++] = node;
}

LxNode **lx_graph_order(LxNode *const *nodes, int n)
{
  Order self = {malloc((size_t)n * sizeof *self.order + 1), calloc((size_t)n + 1, sizeof(bool)), 0};
  if (!self.order || !self.placed) {
    free(self.order);
    free(self.placed);
    return NULL;
  }
  for (int i = 0; i < n; i++) {
    if (self.placed[i])
      continue;
    nodes[i]->partner = partner_of(&self, nodes, n, nodes[i]);
    for (int j = 0; nodes[i]->partner && j < nodes[i]->partner->n_in; j++)
      put(&self, nodes[i]->partner->in[j]);
    put(&self, nodes[i]);
    if (nodes[i]->partner)
      put(&self, nodes[i]->partner);
  }
  free(self.placed);
  return self.order;
}
