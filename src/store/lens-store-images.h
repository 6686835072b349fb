/* The library's images and what a detector found in them. See lens-store.h for threads. */
#pragma once

#include "lens-store.h"

G_BEGIN_DECLS

/* Adds or updates the row of `image->path`: name, size, sha256 and pixels where set, thumbnail
 * where not NULL. `image->added_at` 0 = now. Also takes back a deletion. Returns its id; 0 with
 * `error`. */
gint64 lens_store_put_image(LensStore *self, const LensStoreImage *image, GError **error);
/* An image that comes with the program, and questions to begin with. */
typedef struct {
  const char *path;
  const char *name;
  const char *const *questions; /* NULL-terminated; may be NULL */
} LensStoreSeed;

/* Adds the shipped images that are not there yet (known by name), with their questions, in one
 * transaction. Of those that are there only the path is brought up to date: what was deleted stays
 * so. */
gboolean lens_store_seed(LensStore *self, const LensStoreSeed *seeds, guint n, GError **error);
gboolean lens_store_set_thumbnail(LensStore *self, gint64 id, GBytes *png, GError **error);
/* NULL without `error` when it has none. */
GBytes *lens_store_get_thumbnail(LensStore *self, gint64 id, GError **error);
/* Of LensStoreImage, without deleted ones: own images newest first, then shipped ones by name. */
GPtrArray *lens_store_list_images(LensStore *self, GError **error);
/* By path; NULL without `error` when there is none. Deleted ones are found, too. */
LensStoreImage *lens_store_find_image(LensStore *self, const char *path, GError **error);
/* Of char *: the places of the images with these contents, the newest first. */
GPtrArray *lens_store_list_image_copies(LensStore *self, const char *sha256, GError **error);
gboolean lens_store_set_favourite(LensStore *self, gint64 id, gboolean favourite, GError **error);

/* The regions of the file with these bytes, by this detector; NULL without `error` when not stored.
 */
GBytes *lens_store_get_regions(LensStore *self, const char *sha256, const char *detector,
                               GError **error);
gboolean lens_store_put_regions(LensStore *self, const char *sha256, const char *detector,
                                GBytes *data, GError **error);

typedef enum {
  LENS_STORE_KIND_IMAGE,
  LENS_STORE_KIND_QUESTION,
  LENS_STORE_KIND_JOB,
  LENS_STORE_KIND_MODEL,
} LensStoreKind;

/* Marks a row as deleted, or takes that back. Rows deleted for 30 days go for good at a start.
 * `target` is the id as text. */
gboolean lens_store_set_deleted(LensStore *self, LensStoreKind kind, const char *target,
                                gboolean deleted, GError **error);
/* The same in its turn; lens_store_run_finish says whether it failed. */
void lens_store_set_deleted_async(LensStore *self, LensStoreKind kind, const char *target,
                                  gboolean deleted, GAsyncReadyCallback callback,
                                  gpointer user_data);

G_END_DECLS
