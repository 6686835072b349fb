/* Packed weights that all graphs of one detector share in inference: batch norm folded in, in the
 * form that is fastest for them (plain panels, or Winograd's). */
#pragma once

#include "lx-conv.h"

typedef struct LxConvPacks LxConvPacks;
typedef struct LxConvShared LxConvShared;

LxConvPacks *lx_conv_packs_new(void);
void lx_conv_packs_free(LxConvPacks *self); /* NULL is fine; after the graphs that use it */

/* The packed form of `weight` ([out, in / groups, kernel, kernel] F32) times scale[out], with
 * bias[out]; made by the first call for it, which counts. *out is borrowed from `self`. */
LxStatus lx_conv_packs_get(LxConvPacks *self, const LxTensor *weight, const LxConv *conv,
                           const float *scale, const float *bias, const LxConvShared **out,
                           LxError *error);
/* As lx_conv_forward; scratch memory is kept in `packs` for the next run. Safe from several threads.
 * False when out of memory. */
bool lx_conv_shared_run(LxConvPacks *packs, const LxConvShared *shared, const LxConv *conv,
                        const float *x, const float *residual, bool relu, float *y);
