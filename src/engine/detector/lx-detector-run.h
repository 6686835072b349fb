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
