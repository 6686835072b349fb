/* A detector's sizes from its tensors, for weights that come without a configuration. */
#pragma once

#include "lx-detector-config.h"
#include "lx-tensors.h"

/* Blocks, channels, groups, anchors, classes and attributes are taken from `params`; what no tensor
 * shows stays as it is in `config`. LX_ERR_MISSING when they are no Faster R-CNN's of this kind, with
 * the name of the tensor that is not there. */
LxStatus lx_detector_config_infer(const LxTensors *params, LxDetectorConfig *config,
                                  LxError *error);
