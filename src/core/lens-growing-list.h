/* A list of any length that shows itself bit by bit: models behind it that make something for every
 * item, as a tree does, hold the main loop for a moment only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LENS_TYPE_GROWING_LIST (lens_growing_list_get_type())
G_DECLARE_FINAL_TYPE(LensGrowingList, lens_growing_list, LENS, GROWING_LIST, GObject)

/* Items that are shown at first, a screen of them, and that each turn adds while a list view makes
 * widgets for them. */
#define LENS_GROWING_FIRST 40
/* Items that it makes widgets for. */
#define LENS_GROWING_ROWS 256
/* Items that each turn adds behind those. */
#define LENS_GROWING_STEP 2048

/* Follows `source`, referenced. Signal "replaced": more than a screen of it changed at once. Nothing
 * else tells of that, and it follows no longer: another one is made, and a model behind it too, which
 * need not let go of every item. */
LensGrowingList *lens_growing_list_new(GListModel *source);

G_END_DECLS
