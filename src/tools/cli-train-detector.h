/* The demo world's detector, for the command that trains it and for those that measure it. */
#pragma once

#include "lx-detector-config.h"

/* The base seed of the world that the shipped models belong to. */
#define CLI_WORLD_SEED 1

/* The narrow network that ships: 480x360 input, stride 16, 256 features. */
void cli_world_detector_config(LxDetectorConfig *out);
