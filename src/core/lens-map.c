#include "lens-map.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct _LensMap {
  GObject parent_instance;

  char *name;
  LensSide query, key;
  int heads, rows, cols;
  float *values;
  LensWordKind *kinds; /* of the keys; NULL for boxes or when not known */
  double *stats;       /* [heads][LENS_N_STATS], computed at the first question */
};

G_DEFINE_FINAL_TYPE(LensMap, lens_map, G_TYPE_OBJECT)

/* The four maps of a cross-modality layer, in the order of the navigator. */
static const struct {
  const char *suffix;
  LensModule module;
} cross_modules[] = {
  { "lang_to_vis", LENS_MODULE_LANG_TO_VIS },
  { "vis_to_lang", LENS_MODULE_VIS_TO_LANG },
  { "lang_self", LENS_MODULE_LANG_SELF },
  { "vis_self", LENS_MODULE_VIS_SELF },
};

gboolean
lens_map_parse_name(const char *name, LensModule *module, int *layer)
{
  char suffix[16];
  int n = 0;

  if (!name)
    return FALSE;
  if (sscanf(name, "lang.%d%n", layer, &n) == 1 && !name[n]) {
    *module = LENS_MODULE_LANGUAGE;
    return TRUE;
  }
  if (sscanf(name, "vis.%d%n", layer, &n) == 1 && !name[n]) {
    *module = LENS_MODULE_VISION;
    return TRUE;
  }
  if (sscanf(name, "x.%d.%15s", layer, suffix) != 2)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(cross_modules); i++) {
    if (strcmp(suffix, cross_modules[i].suffix) == 0) {
      *module = cross_modules[i].module;
      return TRUE;
    }
  }
  return FALSE;
}

char *
lens_map_format_name(LensModule module, int layer)
{
  if (module == LENS_MODULE_LANGUAGE)
    return g_strdup_printf("lang.%d", layer);
  if (module == LENS_MODULE_VISION)
    return g_strdup_printf("vis.%d", layer);
  return g_strdup_printf("x.%d.%s", layer, cross_modules[module - LENS_MODULE_LANG_TO_VIS].suffix);
}

char *
lens_map_format_title(const char *name)
{
  LensModule module;
  int layer;

  if (!lens_map_parse_name(name, &module, &layer))
    return g_strdup(name ? name : "");
  switch (module) {
  case LENS_MODULE_LANGUAGE:
    return g_strdup_printf(_("Language layer %d"), layer + 1);
  case LENS_MODULE_VISION:
    return g_strdup_printf(_("Vision layer %d"), layer + 1);
  case LENS_MODULE_LANG_TO_VIS:
    return g_strdup_printf(_("Cross layer %d: words → boxes"), layer + 1);
  case LENS_MODULE_VIS_TO_LANG:
    return g_strdup_printf(_("Cross layer %d: boxes → words"), layer + 1);
  case LENS_MODULE_LANG_SELF:
    return g_strdup_printf(_("Cross layer %d: words → words"), layer + 1);
  case LENS_MODULE_VIS_SELF:
    return g_strdup_printf(_("Cross layer %d: boxes → boxes"), layer + 1);
  case LENS_N_MODULES:
    break;
  }
  return g_strdup(name);
}

void
lens_module_get_sides(LensModule module, LensSide *query, LensSide *key)
{
  *query = *key = LENS_SIDE_WORDS;
  if (module == LENS_MODULE_VISION || module == LENS_MODULE_VIS_SELF)
    *query = *key = LENS_SIDE_BOXES;
  else if (module == LENS_MODULE_LANG_TO_VIS)
    *key = LENS_SIDE_BOXES;
  else if (module == LENS_MODULE_VIS_TO_LANG)
    *query = LENS_SIDE_BOXES;
}

LensMap *
lens_map_new(const char *name, int heads, int rows, int cols, const float *values)
{
  LensMap *self;
  LensModule module;
  int layer;

  g_return_val_if_fail(heads > 0 && rows > 0 && cols > 0, NULL);
  g_return_val_if_fail(lens_map_parse_name(name, &module, &layer), NULL);

  self = g_object_new(LENS_TYPE_MAP, NULL);
  self->name = g_strdup(name);
  lens_module_get_sides(module, &self->query, &self->key);
  self->heads = heads;
  self->rows = rows;
  self->cols = cols;
  self->values = g_memdup2(values, sizeof(float) * heads * rows * cols);
  return self;
}

void
lens_map_clear_query(LensMap *self, int row)
{
  g_return_if_fail(row >= 0 && row < self->rows && !self->stats);
  for (int h = 0; h < self->heads; h++)
    memset(self->values + ((gsize)h * self->rows + row) * self->cols, 0,
           sizeof(float) * self->cols);
}

const char *
lens_map_get_name(LensMap *self)
{
  return self->name;
}

LensSide
lens_map_get_query(LensMap *self)
{
  return self->query;
}

LensSide
lens_map_get_key(LensMap *self)
{
  return self->key;
}

int
lens_map_get_heads(LensMap *self)
{
  return self->heads;
}

int
lens_map_get_rows(LensMap *self)
{
  return self->rows;
}

int
lens_map_get_cols(LensMap *self)
{
  return self->cols;
}

const float *
lens_map_get_values(LensMap *self)
{
  return self->values;
}

void
lens_map_set_key_kinds(LensMap *self, const LensWordKind *kinds)
{
  g_return_if_fail(self->key == LENS_SIDE_WORDS);
  g_free(self->kinds);
  self->kinds = g_memdup2(kinds, sizeof *kinds * self->cols);
  g_clear_pointer(&self->stats, g_free);
}

const LensWordKind *
lens_map_get_key_kinds(LensMap *self)
{
  return self->kinds;
}

double
lens_map_head_stat(LensMap *self, int head, LensStat stat)
{
  g_return_val_if_fail(head >= 0 && head < self->heads && stat < LENS_N_STATS, NAN);

  if (!self->stats) {
    gsize n = (gsize)self->rows * self->cols;

    self->stats = g_new(double, self->heads *LENS_N_STATS);
    for (int h = 0; h < self->heads; h++)
      lens_head_stats(self->values + h * n, self->rows, self->cols, self->query == LENS_SIDE_WORDS,
                      self->key == LENS_SIDE_WORDS, self->kinds, self->stats + h * LENS_N_STATS);
  }
  return self->stats[head * LENS_N_STATS + stat];
}

static void
lens_map_finalize(GObject *object)
{
  LensMap *self = LENS_MAP(object);

  g_free(self->name);
  g_free(self->values);
  g_free(self->kinds);
  g_free(self->stats);
  G_OBJECT_CLASS(lens_map_parent_class)->finalize(object);
}

static void
lens_map_class_init(LensMapClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_map_finalize;
}

static void
lens_map_init(LensMap *self)
{
}
