/* One attention module of one run: for each head a matrix whose rows are queries and whose
 * columns are keys; every row of a live head sums to one. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  LENS_SIDE_WORDS,
  LENS_SIDE_BOXES,
} LensSide;

/* A number for one head. Words next to, [CLS] and [SEP] exist only where the keys are words. */
typedef enum {
  LENS_STAT_ENTROPY,   /* mean over queries of -sum p ln p, divided by ln(keys): 0..1 */
  LENS_STAT_PEAK,      /* mean over queries of the largest weight */
  LENS_STAT_K90,       /* mean number of keys that hold 90% of the mass */
  LENS_STAT_NEXT,      /* mean weight on the key after the query (words on words) */
  LENS_STAT_PREVIOUS,  /* mean weight on the key before the query (words on words) */
  LENS_STAT_CLS,       /* mean weight on the first key, [CLS] (keys are words) */
  LENS_STAT_SEP,       /* mean weight on the last key, [SEP] (keys are words) */
  LENS_STAT_EFFECTIVE, /* exp(entropy): the effective number of keys */
  LENS_STAT_EFFECT,    /* how much the answer changes without the head; not of the map itself */
  LENS_N_STATS,
} LensStat;

#define LENS_TYPE_MAP (lens_map_get_type())
G_DECLARE_FINAL_TYPE(LensMap, lens_map, LENS, MAP, GObject)

/* `name` as in the golden files: "lang.0", "vis.1", "x.0.lang_to_vis", ... Copies
 * values[heads][rows][cols]. */
LensMap *lens_map_new(const char *name, int heads, int rows, int cols, const float *values);

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

/* Short name for a person ("Entropy"), an explanation, and the range of values of a statistic for
 * maps of `keys` keys, to colour it by. Strings are translated and static. */
const char *lens_stat_get_name(LensStat stat);
const char *lens_stat_get_blurb(LensStat stat);
void lens_stat_get_range(LensStat stat, int keys, double *low, double *high);

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
