/* What `detect` writes of one image. */
#pragma once

#include <jansson.h>

#include "lx-detector.h"

/* The image with its boxes and the sanity report; owned. */
json_t *cli_detect_json(const char *path, const LxDetector *detector, const LxRegions *regions,
                        const LxDetectReport *report);
/* A table on stdout, warnings on stderr. */
void cli_detect_print(const char *path, const LxDetector *detector, const LxRegions *regions,
                      const LxDetectReport *report);
