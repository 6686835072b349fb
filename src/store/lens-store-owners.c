#include "lens-store-owners.h"

/* Ids are given in turn; those beyond, of a library made otherwise, are looked up one by one. */
#define MOST_KNOWN ((gint64)1 << 25)

struct _LensStoreOwners {
  GArray *images; /* guint32 by the question's id; 0: unknown */
  gint64 version; /* of the file, as others write it */
};

void lens_store_owners_free(LensStoreOwners *self)
{
  if (!self)
    return;
  g_array_unref(self->images);
  g_free(self);
}

/* Within one connection a question stays its image's: rows go only when a library is opened, and what
 * another process does is seen in the version. */
static gboolean check_version(LensStoreDb *db, GError **error)
{
  gint64 version = 0;
  if (!lens_store_db_get_int(db, &version, error, "PRAGMA data_version", ""))
    return FALSE;
  if (db->owners && db->owners->version == version)
    return TRUE;
  lens_store_owners_free(db->owners);
  db->owners = g_new0(LensStoreOwners, 1);
  db->owners->images = g_array_new(FALSE, TRUE, sizeof(guint32));
  db->owners->version = version;
  return TRUE;
}

gboolean lens_store_owners_update(LensStoreDb *db, GError **error)
{
  gboolean row = TRUE;
  if (!check_version(db, error))
    return FALSE;
  GArray *images = db->owners->images;
  /* The first time the index alone is read, which is small; then only what is new. */
  g_autoptr(sqlite3_stmt) stmt =
      images->len
          ? lens_store_db_query(db, error, "SELECT id, image_id FROM questions WHERE id >= ?", "i",
                                (gint64)images->len)
          : lens_store_db_query(
                db, error, "SELECT id, image_id FROM questions INDEXED BY questions_by_image", "");
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    gint64 id = sqlite3_column_int64(stmt, 0), image = sqlite3_column_int64(stmt, 1);
    if (id < 0 || id >= MOST_KNOWN || image <= 0 || image > G_MAXUINT32)
      continue;
    if (id >= images->len)
      g_array_set_size(images, (guint)id + 1);
    g_array_index(images, guint32, id) = (guint32)image;
  }
  return !row;
}

gboolean lens_store_owners_find(LensStoreDb *db, gint64 question, gint64 *image, GError **error)
{
  const GArray *images = db->owners->images;
  *image = question >= 0 && question < images->len ? g_array_index(images, guint32, question) : 0;
  return *image ||
         lens_store_db_get_int(db, image, error, "SELECT image_id FROM questions WHERE id = ?", "i",
                               question);
}
