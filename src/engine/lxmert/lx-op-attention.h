/* Multi-head attention with its probabilities in view and a gate on every head. */
#pragma once

#include "lx-seq.h"

typedef enum {
  LX_GATE_SCALE,   /* the head's output is multiplied by `factor`: 1 = as trained, 0 = off */
  LX_GATE_UNIFORM, /* the head attends to all its unmasked keys alike; then times `factor` */
} LxGateKind;

typedef struct {
  LxGateKind kind;
  float factor;
} LxGate;

/* y[rows of x, hidden] from the queries of `x` and the keys and values of `ctx` (lx_op_qkv nodes;
 * the same node for self-attention). `mask` is F32 [rows of ctx], added to the scores of its key. */
LxNode *lx_op_attention(LxGraph *graph, const char *name, LxNode *x, const LxSeq *x_seq,
                        LxNode *ctx, const LxSeq *ctx_seq, LxNode *mask, int heads, float dropout);

bool lx_is_attention(const LxNode *node);
int lx_attention_heads(const LxNode *node);
/* Probabilities of one example after the last run, [heads, q, k], before gate and dropout (a
 * uniform head shows its uniform ones). Borrowed. */
const float *lx_attention_map(const LxNode *node, int64_t example, int64_t *heads, int64_t *q,
                              int64_t *k);
/* d(loss)/d(probabilities) after the last backward, same shape; NULL in LX_INFER. */
const float *lx_attention_map_grad(const LxNode *node, int64_t example);
/* Gates take effect at the next run (lx_graph_run_from(node) is enough). */
void lx_attention_set_gate(LxNode *node, int head, LxGate gate);
LxGate lx_attention_gate(const LxNode *node, int head);
/* Queries or keys of one head: first row of the example, `*stride` floats from row to row,
 * `*size` of them belong to the head. */
const float *lx_attention_query(const LxNode *node, int64_t example, int head, int64_t *stride,
                                int64_t *size);
const float *lx_attention_key(const LxNode *node, int64_t example, int head, int64_t *stride,
                              int64_t *size);
