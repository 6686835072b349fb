/* One attention module of one run: for each head a matrix whose rows are queries and whose
 * columns are keys; every row of a live head sums to one. */
#pragma once

#include <glib-object.h>

#include "lens-head-stats.h"

G_BEGIN_DECLS

typedef enum {
  LENS_SIDE_WORDS,
  LENS_SIDE_BOXES,
} LensSide;

#define LENS_TYPE_MAP (lens_map_get_type())
G_DECLARE_FINAL_TYPE(LensMap, lens_map, LENS, MAP, GObject)

/* `name` as in the golden files: "lang.0", "vis.1", "x.0.lang_to_vis", ... Copies
 * values[heads][rows][cols]. */
LensMap *lens_map_new(const char *name, int heads, int rows, int cols, const float *values);
/* The query is no part of the input: in every head it looks at nothing, and numbers leave it out. Before
 * the first number is asked for. */
void lens_map_clear_query(LensMap *self, int row);

const char *lens_map_get_name(LensMap *self);
LensSide lens_map_get_query(LensMap *self);
LensSide lens_map_get_key(LensMap *self);
int lens_map_get_heads(LensMap *self);
int lens_map_get_rows(LensMap *self);
int lens_map_get_cols(LensMap *self);

/* [heads][rows][cols], borrowed. */
const float *lens_map_get_values(LensMap *self);

/* Of one head; NAN where the statistic has no meaning for this kind of map. */
double lens_map_head_stat(LensMap *self, int head, LensStat stat);

/* The kinds of the keys, [cols], where they are words; copied. Without them the statistics of kinds
 * are NAN. */
void lens_map_set_key_kinds(LensMap *self, const LensWordKind *kinds);
const LensWordKind *lens_map_get_key_kinds(LensMap *self); /* NULL when not known */

/* What a map's name says. `layer` counts from 0 within its column. */
typedef enum {
  LENS_MODULE_LANGUAGE,
  LENS_MODULE_VISION,
  LENS_MODULE_LANG_TO_VIS,
  LENS_MODULE_VIS_TO_LANG,
  LENS_MODULE_LANG_SELF,
  LENS_MODULE_VIS_SELF,
  LENS_N_MODULES,
} LensModule;

gboolean lens_map_parse_name(const char *name, LensModule *module, int *layer);
void lens_module_get_sides(LensModule module, LensSide *query, LensSide *key);
char *lens_map_format_name(LensModule module, int layer);

/* "Language layer 3", "Cross-modality layer 1: words → boxes"; free with g_free. */
char *lens_map_format_title(const char *name);

G_END_DECLS
