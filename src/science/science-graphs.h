/* Where the objects of images are and what they are called: scene graphs as GQA's files have them
 * ({image id: {"objects": {id: {"name", "x", "y", "w", "h"}}}}). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lx-regions.h"

typedef struct ScienceGraphs ScienceGraphs;

/* Reads one file. *out is owned: science_graphs_free. */
LxStatus science_graphs_read(const char *path, ScienceGraphs **out, LxError *error);
void science_graphs_free(ScienceGraphs *self); /* NULL is fine */

/* Marks in found[regions->count] the boxes that overlap an object of this name with an IoU of at
 * least `iou`; returns how many. `name` is a singular ("bench"). */
int science_graphs_find(const ScienceGraphs *self, const char *image_id, const char *name,
                        const LxRegions *regions, double iou, bool *found);

/* Area of the overlap over the area of both; boxes are x1 y1 x2 y2. */
double science_iou(const float *a, const float *b);
