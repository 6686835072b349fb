/* In which order the nodes of a graph run forward. */
#pragma once

#include "lx-graph.h"

/* A list, to be freed, of the nodes such that each comes after its inputs. Two with the same weights
 * that do not wait for each other stand side by side, and the first one's `partner` is the second:
 * LXMERT's cross-modality layers have one attention module for both directions. NULL when there
 * is not enough memory; no node has a partner then. */
LxNode **lx_graph_order(LxNode *const *nodes, int n);
