/* Every intermediate result of the detector by name, for comparison with other programs. */
#pragma once

#include "lx-detector-graph.h"
#include "lx-detector-select.h"

/* `inputs` holds `input` F32 [1, 3, h, w], already normalised, and `raw_size` [1, 2] (height and
 * width of the original image). The stages, named and shaped as PyTorch's (channels first), are
 * added to `out`: stem_conv1_bn .. res4, rpn_*, anchors, proposal_*, roi_pooled_*, res5_*,
 * cls_*, attr_logits, box_deltas, boxes_decoded_all, max_*, keep, and the final fields. */
LxStatus lx_detector_stages(const LxDetectorConfig *config, LxTensors *params,
                            const LxTensors *inputs, LxTensors *out, LxError *error);
