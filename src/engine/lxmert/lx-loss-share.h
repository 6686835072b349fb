/* A loss over a part of a batch: how much of the whole it is. */
#pragma once

#include "lx-graph.h"

/* Rows that a loss node's last forward took the mean over: labelled ones of a cross-entropy without
 * weights, else all. */
double lx_loss_count(const LxNode *loss);
/* Factor (1 at first) of term `term` of an lx_op_sum, forward and backward. */
void lx_sum_set_weight(LxNode *sum, int term, double weight);
