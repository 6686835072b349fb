/* The library's images as a list of any length: it holds ids, and makes a LensImage where one is
 * looked at. What a row shows is asked for when it is looked at and filled in when it comes. */
#pragma once

#include <gio/gio.h>

#include "lens-image.h"

G_BEGIN_DECLS

#define LENS_TYPE_IMAGE_LIST (lens_image_list_get_type())
G_DECLARE_FINAL_TYPE(LensImageList, lens_image_list, LENS, IMAGE_LIST, GObject)

/* Signal "wanted": images were looked at that were not asked for yet. */
LensImageList *lens_image_list_new(void);
/* Those, of gint64, the last one looked at first; owned. Of thousands leapt over only the last
 * hundreds are asked for. */
GArray *lens_image_list_take_wanted(LensImageList *self);
/* An image that was asked for and not read: it is asked for again when it is looked at again. */
void lens_image_list_forget_wanted(LensImageList *self, gint64 id);

/* Other images in another order; those that are known stay the same objects. */
void lens_image_list_set_ids(LensImageList *self, GArray *ids);
guint lens_image_list_get_length(LensImageList *self);
gboolean lens_image_list_find(LensImageList *self, gint64 id, guint *position);
void lens_image_list_insert(LensImageList *self, guint position, gint64 id);
void lens_image_list_remove(LensImageList *self, guint position);

/* The object of an id while somebody holds it or it was looked at lately, borrowed, or NULL. */
LensImage *lens_image_list_lookup(LensImageList *self, gint64 id);
/* That, or a new one; borrowed. */
LensImage *lens_image_list_ensure(LensImageList *self, gint64 id);

G_END_DECLS
