/* From a run to the plain structs that the figures are drawn from. */
#pragma once

#include <glib-object.h>

#include "figure.h"
#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

/* Owns what a FigureMap of one map of one run borrows. */
typedef struct _LensFigure LensFigure;

/* NULL when the run has no map of this name. */
LensFigure *lens_figure_new(LensRun *run, const char *map_name);
/* The map to be read as the mean of its heads, without those that are switched off. */
LensFigure *lens_figure_new_mean(LensRun *run, const char *map_name);
/* The map that is picked, read as the selection says: in place of its heads the rollout, the mean of
 * the chosen ones, the answer's gradient or relevancy where that is asked for (relevancy is the same
 * for every layer; a map whose queries are boxes has none and shows its mean). */
LensFigure *lens_figure_new_selected(LensRun *run, LensSelection *selection);
void lens_figure_free(LensFigure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensFigure, lens_figure_free)

const FigureMap *lens_figure_get_map(LensFigure *self);

/* [heads][rows][cols] in place of the map's own (rollout, relevancy, a difference); copied. */
void lens_figure_set_values(LensFigure *self, int heads, const float *values);

/* The title drawn with the map, in place of its name; copied, NULL for none. */
void lens_figure_set_title(LensFigure *self, const char *title);

/* Head, mean or max and the filters as the selection says. */
void lens_figure_reading(LensSelection *selection, const FigureMap *map, FigureReading *reading);

/* The selection as highlight of a run's map. */
void lens_figure_highlight(LensSelection *selection, LensRun *run, const FigureMap *map,
                           FigureHighlight *highlight);

/* The scene's picture for Cairo, made once and kept with the picture, which scenes whose
 * boxes were moved share; borrowed. */
cairo_surface_t *lens_figure_surface(LensScene *scene);

/* The scene's boxes divided by the image's size, [n][4]; free with g_free. */
float *lens_figure_boxes(LensScene *scene);

/* The boxes' names: "cat", or "cat 2" where there are several, so that they can be told apart.
 * NULL-terminated; free with g_strfreev. */
char **lens_figure_box_labels(LensScene *scene);

G_END_DECLS
