/* Frozen batch norm for a network that nobody has trained yet. */
#pragma once

#include "lx-detector-train.h"

/* Sets every norm's running mean and variance to what the source's first pictures give, layer after
 * layer, with the true boxes (and shifted ones) as regions. After this they are never changed, so
 * that training and use are the same function. `params` are float32 and the caller's. */
LxStatus lx_detector_calibrate(const LxDetectorConfig *config, LxTensors *params,
                               const LxDetectorSource *source, int width, int height,
                               LxError *error);
