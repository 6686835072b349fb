#include "lens-effects.h"

#include <math.h>

struct _LensEffects {
  gatomicrefcount refs;
  GHashTable *of_maps; /* name -> GArray of double by head, NAN: not known */
  guint known;
};

LensEffects *
lens_effects_new(void)
{
  LensEffects *self = g_new0(LensEffects, 1);

  g_atomic_ref_count_init(&self->refs);
  self->of_maps
      = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  return self;
}

LensEffects *
lens_effects_ref(LensEffects *self)
{
  g_atomic_ref_count_inc(&self->refs);
  return self;
}

void
lens_effects_unref(LensEffects *self)
{
  if (!self || !g_atomic_ref_count_dec(&self->refs))
    return;
  g_hash_table_unref(self->of_maps);
  g_free(self);
}

void
lens_effects_set(LensEffects *self, const char *map, int head, double effect)
{
  GArray *heads = g_hash_table_lookup(self->of_maps, map);
  const double unknown = NAN;

  g_return_if_fail(head >= 0);
  if (!heads) {
    heads = g_array_new(FALSE, FALSE, sizeof(double));
    g_hash_table_insert(self->of_maps, g_strdup(map), heads);
  }
  while ((int)heads->len <= head)
    g_array_append_val(heads, unknown);
  self->known += isnan(g_array_index(heads, double, head)) && !isnan(effect);
  g_array_index(heads, double, head) = effect;
}

double
lens_effects_get(const LensEffects *self, const char *map, int head)
{
  GArray *heads = self && map ? g_hash_table_lookup(self->of_maps, map) : NULL;

  return heads && head >= 0 && head < (int)heads->len ? g_array_index(heads, double, head) : NAN;
}

guint
lens_effects_get_n(const LensEffects *self)
{
  return self ? self->known : 0;
}
