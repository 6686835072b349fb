/* Attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928): what a layer's keys are made of,
 * traced down to the input. */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

/* [rows][cols] of the map: the mean of its heads times the rollout of its keys' side through all
 * self-attention below, each layer being (A + I) / 2, rows summing to 1. For a self-attention map
 * the residual of its own layer counts too. Of a head that is switched off nothing is passed on: the
 * residual is the more; a cross map without any head has empty rows. NULL when the run lacks the map; free with g_free. */
float *lens_rollout(LensRun *run, const char *map);

G_END_DECLS
