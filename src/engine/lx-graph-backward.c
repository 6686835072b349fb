#include <string.h>

#include "lx-graph-private.h"

static void clear(float *grad, size_t bytes)
{
  enum { PIECE = 1 << 18 };
#pragma omp parallel for schedule(static) if (bytes > 4 * PIECE)
  for (size_t at = 0; at < bytes; at += PIECE)
    memset((char *)grad + at, 0, bytes - at < PIECE ? bytes - at : PIECE);
}

float lx_take_blank(bool *blank)
{
  float kept = *blank ? 0 : 1;
  *blank = false;
  return kept;
}

void lx_node_clear_blank(LxNode *self)
{
  if (self->grad && self->blank)
    clear(self->grad, lx_tensor_bytes(&self->out));
  self->blank = false;
}

static void clear_blank_param(LxParam *param)
{
  if (param->grad && param->blank)
    clear(param->grad, lx_tensor_bytes(param->value));
  param->blank = false;
}

/* Marks what the loss depends on, blanks those gradients, and notes which parameters it reaches. */
static void mark_live(LxGraph *self, LxNode *loss)
{
  for (int i = 0; i < self->n_nodes; i++)
    self->nodes[i]->live = false;
  for (int i = 0; i < self->n_params; i++)
    self->params[i]->reached = false;
  loss->live = true;
  for (int i = loss->index; i >= 0; i--) {
    LxNode *node = self->nodes[i];
    if (!node->live)
      continue;
    for (int j = 0; j < node->n_in && node->op->backward; j++)
      node->in[j]->live |= !node->in[j]->no_grad;
    for (int j = 0; j < node->n_param && node->op->backward; j++) {
      node->param[j]->reached = !node->param[j]->frozen;
      node->param[j]->last = i; /* the backward comes from above */
    }
    node->blank = true;
  }
  for (int i = 0; i < self->n_params; i++)
    if (!self->params[i]->reached)
      clear_blank_param(self->params[i]);
}

/* What this node adds to, but for what it overwrites by itself. */
static void clear_blanks(const LxNode *node)
{
  for (int j = 0; j < node->n_in && !node->op->heeds_blank; j++)
    lx_node_clear_blank(node->in[j]);
  for (int j = 0; j < node->n_param; j++)
    if (!node->op->heeds_blank || node->param[j]->value->ndim < 2)
      clear_blank_param(node->param[j]);
}

/* Tells of the parameters that this node was the last one for. */
static LxStatus tell_complete(const LxNode *node, const LxBackwardWatch *watch, LxError *error)
{
  LxStatus status = LX_OK;
  for (int j = 0; j < node->n_param && watch->complete && !status; j++) {
    LxParam *param = node->param[j];
    if (!param->grad || !param->reached || param->last != node->index)
      continue;
    param->last = -1; /* once, also when a node has it twice */
    status = watch->complete(param, watch->user_data, error);
  }
  return status;
}

static LxStatus run_backward(LxGraph *self, LxNode *from, const LxBackwardWatch *watch,
                             LxError *error)
{
  LxStatus status = LX_OK;
  for (int i = from->index; i >= 0 && !status; i--) {
    LxNode *node = self->nodes[i];
    if (!node->live)
      continue;
    lx_node_clear_blank(node); /* nothing came */
    if (!node->op->backward)
      continue;
    if (watch->progress && watch->progress(1 - (double)i / self->n_nodes, "run", watch->user_data))
      return lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    clear_blanks(node);
    node->op->backward(self, node);
    status = tell_complete(node, watch, error);
  }
  return status;
}

static LxStatus start_backward(LxGraph *self, LxNode *node, const float *grad,
                               const LxBackwardWatch *watch, LxError *error)
{
  if (!node->grad)
    return lx_fail(error, LX_ERR_ARGUMENT, "Node “%s” has no gradient in this mode.", node->name);
  mark_live(self, node);
  memcpy(node->grad, grad, lx_tensor_bytes(&node->out));
  node->blank = false;
  return run_backward(self, node, watch, error);
}

LxStatus lx_graph_backward_with(LxGraph *self, LxNode *node, const float *grad, LxError *error)
{
  LxBackwardWatch nobody = {0};
  return start_backward(self, node, grad, &nobody, error);
}

LxStatus lx_graph_backward_watched(LxGraph *self, LxNode *loss, const LxBackwardWatch *watch,
                                   LxError *error)
{
  if (lx_tensor_count(&loss->out) != 1)
    return lx_fail(error, LX_ERR_ARGUMENT, "Backward starts from a single number.");
  float one = 1;
  return start_backward(self, loss, &one, watch, error);
}

LxStatus lx_graph_backward(LxGraph *self, LxNode *loss, LxError *error)
{
  LxBackwardWatch nobody = {0};
  return lx_graph_backward_watched(self, loss, &nobody, error);
}

void lx_graph_zero_grads(LxGraph *self)
{
  for (int i = 0; i < self->n_params; i++) {
    self->params[i]->blank = true;
    clear_blank_param(self->params[i]);
  }
}
