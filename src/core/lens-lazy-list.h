/* A list that is filled when somebody first counts it: a tree makes one for every row that it shows,
 * and looks into those that are opened. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define LENS_TYPE_LAZY_LIST (lens_lazy_list_get_type())
G_DECLARE_FINAL_TYPE(LensLazyList, lens_lazy_list, LENS, LAZY_LIST, GObject)

/* Of items of `type`. Signal "wanted": it is looked into for the first time; fill its store. `id` is
 * the caller's. */
LensLazyList *lens_lazy_list_new(GType type, gint64 id);
gint64 lens_lazy_list_get_id(LensLazyList *self);
/* What it holds, to be changed; borrowed. Does not count as looking into it. */
GListStore *lens_lazy_list_get_store(LensLazyList *self);

G_END_DECLS
