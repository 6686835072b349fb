/* Which images the library shows, as ids: the rows themselves are read where they are looked at.
 * See lens-store.h for threads. */
#pragma once

#include "lens-store.h"

G_BEGIN_DECLS

typedef struct {
  const char *needle;  /* in the name, or every word of it begins a word of one question or its
                        * answer; NULL: all */
  gboolean favourites; /* only those */
} LensStoreFilter;

/* Of gint64, in the order of lens_store_list_images, without deleted ones. `filter` NULL: all. */
GArray *lens_store_list_image_ids(LensStore *self, const LensStoreFilter *filter, GError **error);
/* Reads what the first search would have to wait for. */
gboolean lens_store_prepare_search(LensStore *self, GError **error);
/* Of LensStoreImage without their thumbnails, in the order of the ids; those that are not there are
 * left out. */
GPtrArray *lens_store_get_images(LensStore *self, const gint64 *ids, guint n, GError **error);

/* Fills a new library at `path` with so many images and questions, for measuring and tests. The
 * images' thumbnails are `thumbnails` (of GBytes, PNG) in turn; NULL: bytes that are no picture. */
gboolean lens_store_generate(const char *path, gint64 images, gint64 questions,
                             GPtrArray *thumbnails, GError **error);

G_END_DECLS
