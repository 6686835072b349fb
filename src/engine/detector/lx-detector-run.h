/* One image through a detector's graph, from pixels to regions. */
#pragma once

#include "lx-detector-graph.h"
#include "lx-regions.h"

/* `graph` (built without targets) holds the normalised image; `raw_*` are the sides of the
 * original, in whose pixels the boxes come out. Features of the reported boxes only. `progress`
 * may be NULL. LX_ERR_NUMERIC when the network gives NaN or infinity. *out is owned. */
LxStatus lx_detector_graph_detect(LxDetectorGraph *graph, int raw_width, int raw_height,
                                  LxProgress progress, void *user_data, LxRegions **out,
                                  LxError *error);

/* What the heads say of boxes that somebody drew: features of the box itself, the class and
 * attribute that fit it best; the box comes out as it was given. `boxes` [n, 4] x1 y1 x2 y2 in
 * pixels of the original. `looked`: the graph's backbone holds this image already. */
LxStatus lx_detector_graph_describe(LxDetectorGraph *graph, int raw_width, int raw_height,
                                    const float *boxes, int64_t n, bool looked, LxRegions **out,
                                    LxError *error);
