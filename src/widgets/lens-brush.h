/* What a hovered or pinned word or box looks at, for the panes that do not show the selected map
 * itself: the boxes on the image, the tokens under it. */
#pragma once

#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

/* Weights of the boxes, [n_regions], largest 1: the row (or column) of the target in the selected
 * map where that joins it to boxes, else in the last cross-modality layer, mean of its heads. NULL
 * when the target says nothing about boxes. When relevancy is read and nothing is pointed at: what the
 * answer rests on. Free with g_free. */
float *lens_brush_boxes(LensRun *run, LensSelection *selection);

/* The same for the words, [n_tokens]. */
float *lens_brush_words(LensRun *run, LensSelection *selection);

/* The selected map read by the selection (head, mean or max; filters as well): [rows][cols], free
 * with g_free; NULL when there is no such map. */
float *lens_brush_read(LensRun *run, LensSelection *selection, const char *map);

G_END_DECLS
