/* Constructors of LXMERT's operations. Each appends one node (see its .c file for the formula, the
 * shapes and the backward). Rows come first in every shape; weights are [out, in].
 * A backward may overwrite its own node->grad. */
#pragma once

#include "lx-seq.h"

typedef enum { LX_LINEAR, LX_GELU, LX_TANH, LX_RELU } LxOpActivation;

/* y = f(x W^T + b). Parameters `prefix`.weight [out, in] and `prefix`.bias [out].
 * x is [rows, in], y [rows, out]. */
LxNode *lx_op_linear(LxGraph *graph, const char *name, LxNode *x, const char *prefix, int64_t out,
                     LxOpActivation activation);
/* The same with the weight and the bias named apart (tied decoders). */
LxNode *lx_op_linear_named(LxGraph *graph, const char *name, LxNode *x, const char *weight,
                           const char *bias, int64_t out, LxOpActivation activation);

/* y = LayerNorm(dropout(x W^T + b) + residual); residual may be NULL. `dense` and `norm` are
 * prefixes of .weight and .bias. */
LxNode *lx_op_linear_norm(LxGraph *graph, const char *name, LxNode *x, LxNode *residual,
                          const char *dense, const char *norm, int64_t out, float eps,
                          float dropout);
/* y = LayerNorm(x). */
LxNode *lx_op_norm(LxGraph *graph, const char *name, LxNode *x, const char *norm, float eps);

/* Names of the three tables and the norm of an embedding. */
typedef struct {
  const char *word, *position, *type, *norm;
} LxEmbeddingNames;

/* y = dropout(LayerNorm(word[id] + position[p] + type[t])); ids are I64 [rows]. Row 0 of a table
 * gets no gradient (padding_idx). Ids out of range read the nearest row. */
LxNode *lx_op_embed(LxGraph *graph, const char *name, LxNode *ids, LxNode *positions, LxNode *types,
                    const LxEmbeddingNames *names, int64_t hidden, float eps, float dropout);

enum { LX_QUERY = 1, LX_KEY_VALUE = 2 };
/* [rows, 3 hidden]: queries, keys and values side by side; parts not asked for stay zero.
 * Parameters `prefix`.query|key|value.weight|bias. */
LxNode *lx_op_qkv(LxGraph *graph, const char *name, LxNode *x, const char *prefix, int parts);

/* y = dropout((a + b) / 2). */
LxNode *lx_op_average(LxGraph *graph, const char *name, LxNode *a, LxNode *b, float dropout);
/* y[r] = x[index[r]]; index is I64 [rows of kind `rows`]. */
LxNode *lx_op_gather(LxGraph *graph, const char *name, LxNode *x, LxNode *index);
/* y[p] = (x[2p], x[2p + 1]) side by side: [rows / 2, 2 n]; `rows` is the kind of the pairs. */
LxNode *lx_op_pairs(LxGraph *graph, const char *name, LxNode *x, int rows);

/* Losses: scalars. Labels are I64 [rows], -1 is ignored. */
/* weight NULL: scale * mean over the rows that count (0 when none does);
 * weight F32 [rows]: scale / rows * sum of weight[r] * cross-entropy(r). */
LxNode *lx_op_cross_entropy(LxGraph *graph, const char *name, LxNode *logits, LxNode *labels,
                            LxNode *weight, float scale);
/* scale / rows * sum over rows of weight[r] * mean over columns of smoothL1(x - target). */
LxNode *lx_op_smooth_l1(LxGraph *graph, const char *name, LxNode *x, LxNode *target, LxNode *weight,
                        float scale);
/* scale * mean of binary cross-entropy(sigmoid(logits), target) over all elements. */
LxNode *lx_op_bce(LxGraph *graph, const char *name, LxNode *logits, LxNode *target, float scale);
/* Sum of `n` scalars, n <= LX_MAX_INPUTS. */
LxNode *lx_op_sum(LxGraph *graph, const char *name, LxNode *const *terms, int n);
