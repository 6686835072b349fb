/* PNG files too large to hold: read row by row and averaged down. Internal to src/media. */
#pragma once

#include <stdio.h>

#include "media-image.h"

/* Fills the image's pixels with blocks of the file's pixels averaged, so that about most_pixels
 * remain. Memory: the result and a few rows. Interlaced files are refused. `reason` gets what went
 * wrong, without the file's name. */
bool media_png_shrink(FILE *file, int64_t most_pixels, MediaImage *image, char *reason,
                      size_t reason_size);
