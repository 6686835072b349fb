/* The library's images as a list for the window: seeded with what ships, read from the store where
 * they are looked at and given their thumbnails in a thread of its own. */
#pragma once

#include <gio/gio.h>

#include "lens-image.h"
#include "lens-store.h"

G_BEGIN_DECLS

#define LENS_TYPE_LIBRARY (lens_library_get_type())
G_DECLARE_FINAL_TYPE(LensLibrary, lens_library, LENS, LIBRARY, GObject)

/* `shipped` is of LensShippedScene (referenced). Reading begins at once. Signal "notice" (const
 * char *) tells of changes that could not be kept. */
LensLibrary *lens_library_new(LensStore *store, GPtrArray *shipped);
/* Ends the thread. Idempotent. */
void lens_library_close(LensLibrary *self);
GListModel *lens_library_get_images(LensLibrary *self);     /* of LensImage, borrowed */
LensImage *lens_library_find(LensLibrary *self, gint64 id); /* borrowed; NULL: not looked at */
/* Shows only what is found; NULL and FALSE: everything. Comes when the store has answered. */
void lens_library_search(LensLibrary *self, const char *needle, gboolean favourites);

/* Shows an image that was just stored: a new row on top, or the row that is there brought up to
 * date. */
void lens_library_show(LensLibrary *self, gint64 id, const char *path, const char *name,
                       GdkPixbuf *thumbnail);
void lens_library_remove(LensLibrary *self, gint64 id);
void lens_library_restore(LensLibrary *self, gint64 id);
void lens_library_set_favourite(LensLibrary *self, gint64 id, gboolean favourite);

G_END_DECLS
