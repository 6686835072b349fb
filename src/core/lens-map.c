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
  double *stats; /* [heads][LENS_N_STATS], computed at the first question */
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
  return g_strdup_printf("x.%d.%s", layer,
                         cross_modules[module - LENS_MODULE_LANG_TO_VIS].suffix);
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

static int
compare_descending(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;

  return (x < y) - (x > y);
}

/* How many of the largest weights of a row hold `share` of its mass. `scratch` has `n` floats. */
static int
keys_holding(const float *row, int n, double share, float *scratch)
{
  double total = 0, sum = 0;
  int k = 0;

  memcpy(scratch, row, sizeof(float) * n);
  qsort(scratch, n, sizeof(float), compare_descending);
  for (int i = 0; i < n; i++)
    total += scratch[i];
  while (k < n && sum < share * total - 1e-9)
    sum += scratch[k++];
  return k;
}

static void
head_stats(LensMap *self, int head, float *scratch, double *stats)
{
  gboolean words = self->key == LENS_SIDE_WORDS;
  gboolean square = words && self->query == LENS_SIDE_WORDS;
  int rows = self->rows, cols = self->cols;
  const float *a = self->values + (gsize)head * rows * cols;
  double entropy = 0, peak = 0, k90 = 0, next = 0, previous = 0, cls = 0, sep = 0;

  for (int i = 0; i < rows; i++, a += cols) {
    float top = 0;

    for (int j = 0; j < cols; j++) {
      if (a[j] > 0)
        entropy -= a[j] * log(a[j]);
      top = MAX(top, a[j]);
    }
    peak += top;
    k90 += keys_holding(a, cols, 0.9, scratch);
    cls += a[0];
    sep += a[cols - 1];
    if (square && i + 1 < cols)
      next += a[i + 1];
    if (square && i > 0)
      previous += a[i - 1];
  }
  stats[LENS_STAT_ENTROPY] = cols > 1 ? entropy / rows / log(cols) : 0;
  stats[LENS_STAT_PEAK] = peak / rows;
  stats[LENS_STAT_K90] = k90 / rows;
  stats[LENS_STAT_NEXT] = square ? next / MAX(rows - 1, 1) : NAN;
  stats[LENS_STAT_PREVIOUS] = square ? previous / MAX(rows - 1, 1) : NAN;
  stats[LENS_STAT_CLS] = words ? cls / rows : NAN;
  stats[LENS_STAT_SEP] = words ? sep / rows : NAN;
  stats[LENS_STAT_EFFECTIVE] = exp(entropy / rows);
  stats[LENS_STAT_EFFECT] = NAN;
}

double
lens_map_head_stat(LensMap *self, int head, LensStat stat)
{
  g_return_val_if_fail(head >= 0 && head < self->heads && stat < LENS_N_STATS, NAN);

  if (!self->stats) {
    g_autofree float *scratch = g_new(float, self->cols);

    self->stats = g_new(double, self->heads * LENS_N_STATS);
    for (int h = 0; h < self->heads; h++)
      head_stats(self, h, scratch, self->stats + h * LENS_N_STATS);
  }
  return self->stats[head * LENS_N_STATS + stat];
}

static const struct {
  const char *name, *blurb;
} stat_texts[LENS_N_STATS] = {
  [LENS_STAT_ENTROPY] = { N_("Entropy"), N_("How evenly a query spreads over its keys: 0 looks at "
                                            "one key, 1 at all of them alike") },
  [LENS_STAT_PEAK] = { N_("Peak"), N_("The largest weight of a query, on average") },
  [LENS_STAT_K90] = { N_("Keys for 90%"), N_("How many keys hold nine tenths of the attention") },
  [LENS_STAT_NEXT] = { N_("Next word"), N_("Attention from a word to the word after it") },
  [LENS_STAT_PREVIOUS] = { N_("Previous word"), N_("Attention from a word to the one before it") },
  [LENS_STAT_CLS] = { N_("On [CLS]"), N_("Attention to the first token, [CLS]") },
  [LENS_STAT_SEP] = { N_("On [SEP]"), N_("Attention to the last token, [SEP]") },
  [LENS_STAT_EFFECTIVE]
  = { N_("Effective keys"), N_("The number of keys that a query looks at, exp(entropy)") },
  [LENS_STAT_EFFECT] = { N_("Effect on answer"), N_("How much the answer's probability changes "
                                                    "when the head is switched off") },
};

const char *
lens_stat_get_name(LensStat stat)
{
  g_return_val_if_fail(stat < LENS_N_STATS, "");
  return _(stat_texts[stat].name);
}

const char *
lens_stat_get_blurb(LensStat stat)
{
  g_return_val_if_fail(stat < LENS_N_STATS, "");
  return _(stat_texts[stat].blurb);
}

void
lens_stat_get_range(LensStat stat, int keys, double *low, double *high)
{
  *low = 0;
  *high = 1;
  if (stat == LENS_STAT_K90 || stat == LENS_STAT_EFFECTIVE) {
    *low = 1;
    *high = MAX(keys, 2);
  }
}

static void
lens_map_finalize(GObject *object)
{
  LensMap *self = LENS_MAP(object);

  g_free(self->name);
  g_free(self->values);
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
