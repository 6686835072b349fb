/* An image as the detector's network wants it. */
#pragma once

#include "lx-detector-config.h"

#include <stddef.h>
#include <stdint.h>

/* Sides after resizing: the shorter one becomes min_size, unless the longer one would pass
 * max_size; rounded by + 0.5. At least 1. */
void lx_preprocess_size(const LxDetectorConfig *config, int width, int height, int *out_width,
                        int *out_height);

/* rgb: rows of width * 3 bytes, `stride` bytes apart, R G B. out [out_height, out_width, 3] in the
 * network's channel order: floats, bilinear without antialiasing (PyTorch's interpolate,
 * align_corners = false), then (x - mean) / std. */
void lx_preprocess(const LxDetectorConfig *config, const uint8_t *rgb, int width, int height,
                   size_t stride, int out_width, int out_height, float *out);

/* The resizing alone, R G B. */
void lx_resize_bilinear(const uint8_t *rgb, int width, int height, size_t stride, int out_width,
                        int out_height, float *out);
