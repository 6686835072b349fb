#include "lens-numbers-items.h"

static void
set_other(LensHeadItem *item, LensRun *other, int sign)
{
  if (other)
    lens_head_item_set_other(
        item, lens_run_find_map(other, lens_map_get_name(lens_head_item_get_map(item))), sign);
}

gboolean
lens_numbers_items_are_of(GListStore *items, LensRun *run)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(items)), at = 0;

  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    LensMap *map = lens_run_get_map(run, i);
    g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(items), at);

    if (!item || lens_head_item_get_head(item) != 0
        || g_strcmp0(lens_map_get_name(lens_head_item_get_map(item)), lens_map_get_name(map)) != 0
        || at + lens_map_get_heads(map) > n)
      return FALSE;
    at += lens_map_get_heads(map);
  }
  return at == n;
}

void
lens_numbers_items_exchange(GListStore *items, LensRun *run, LensRun *other, int sign,
                            LensEffects *effects)
{
  guint at = 0;

  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    LensMap *map = lens_run_get_map(run, i);

    for (int head = 0; head < lens_map_get_heads(map); head++) {
      g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(items), at++);

      lens_head_item_set_map(item, map, lens_effects_get(effects, lens_map_get_name(map), head));
      set_other(item, other, sign);
    }
  }
}

void
lens_numbers_items_replace(GListStore *items, LensRun *run, LensRun *other, int sign,
                           LensEffects *effects)
{
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_object_unref);

  for (guint i = 0; run && i < lens_run_get_n_maps(run); i++) {
    LensMap *map = lens_run_get_map(run, i);

    for (int head = 0; head < lens_map_get_heads(map); head++) {
      LensHeadItem *item = lens_head_item_new(map, i, head);

      lens_head_item_set_effect(item, lens_effects_get(effects, lens_map_get_name(map), head));
      set_other(item, other, sign);
      g_ptr_array_add(made, item);
    }
  }
  g_list_store_splice(items, 0, g_list_model_get_n_items(G_LIST_MODEL(items)), made->pdata,
                      made->len);
}
