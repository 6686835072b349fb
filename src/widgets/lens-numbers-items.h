/* The heads of a run as the items of a list, one a row of the table of their numbers. */
#pragma once

#include "lens-effects.h"
#include "lens-head-item.h"
#include "lens-run.h"

G_BEGIN_DECLS

/* Whether there is an item for each of the run's heads and for no other, in this order. */
gboolean lens_numbers_items_are_of(GListStore *items, LensRun *run);
/* `other`: beside it, or with a `sign` compared with it (lens_head_item_set_other); NULL: neither.
 * Other numbers in the items that are there, which are not told (lens_head_item_tell). */
void lens_numbers_items_exchange(GListStore *items, LensRun *run, LensRun *other, int sign,
                                 LensEffects *effects);
/* Other items; NULL run: none. */
void lens_numbers_items_replace(GListStore *items, LensRun *run, LensRun *other, int sign,
                                LensEffects *effects);

G_END_DECLS
