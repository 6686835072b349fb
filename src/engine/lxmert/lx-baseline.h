/* What LXMERT is compared with (its paper's Table 3): bottom-up and top-down attention (BUTD) over
 * the objects' features, with a question read by an LSTM or by LXMERT's own language layers (BERT).
 * Boxes are not seen; the answer head is LXMERT's, so that rows of a table differ in one thing. */
#pragma once

#include "lx-lxmert-params.h"
#include "lx-ops.h"

/* y[rows, columns] = table[id], parameter `table`; ids I64 [rows]. Row 0 gets no gradient. */
LxNode *lx_op_lookup(LxGraph *graph, const char *name, LxNode *ids, const char *table,
                     int64_t vocabulary, int64_t columns);

/* A one-layer LSTM (Hochreiter & Schmidhuber 1997; forget gates and Gers' bias of 1) over each
 * example's rows: its last hidden state, [examples, h]; `examples` is the row kind.
 *   z_t = x_t + U h_(t-1) = (i, f, g, o);  c_t = s(f + 1) c_(t-1) + s(i) tanh(g);
 *   h_t = s(o) tanh(c_t);  s = the logistic function; h_0 = c_0 = 0.
 * x [rows, 4 h] already holds W x_t + b. Parameter `recurrent` is U [4 h, h]. */
LxNode *lx_op_lstm(LxGraph *graph, const char *name, LxNode *x, const LxSeq *seq, int examples,
                   const char *recurrent);

/* Gated tanh (Anderson et al. 2018, eq. 13): y[rows, n] = tanh(a) * s(g), (a, g) = x [rows, 2 n].
 * With `each` [examples, 2 n] every example's row of it is added to all its rows of x first. */
LxNode *lx_op_gated(LxGraph *graph, const char *name, LxNode *x, LxNode *each, const LxSeq *seq);

/* Attention with one score a row: y[examples, n] = sum over the example's rows of
 * softmax(score + mask) * v; score [rows, 1], v [rows, n], mask F32 [rows]. */
LxNode *lx_op_pool(LxGraph *graph, const char *name, LxNode *score, LxNode *v, LxNode *mask,
                   const LxSeq *seq, int examples);
/* The weights of one example after the last run; lx_seq_length of them. Borrowed. */
const float *lx_pool_weights(const LxNode *node, int64_t example);

/* y = a * b, element by element. */
LxNode *lx_op_multiply(LxGraph *graph, const char *name, LxNode *a, LxNode *b);

/* The names that LxConfig.baseline may have. */
#define LX_BASELINE_LSTM "lstm-butd"
#define LX_BASELINE_BERT "bert-butd"

/* The question by an LSTM, [examples, hidden]. */
LxNode *lx_baseline_lstm(LxGraph *graph, const LxConfig *config, LxNode *ids, const LxSeq *words,
                         int examples);
/* Question and image together, [examples, hidden]: f(question) * f(attended feature), f gated. */
LxNode *lx_baseline_butd(LxGraph *graph, const LxConfig *config, LxNode *question, LxNode *features,
                         LxNode *mask, const LxSeq *objects, int examples);

/* The parameters of these two for config->baseline (as lx_lxmert_each_param; names "baseline.…"). */
LxStatus lx_baseline_each_param(const LxConfig *config,
                                LxStatus (*each)(const LxParamSpec *spec, void *user_data,
                                                 LxError *error),
                                void *user_data, LxError *error);
