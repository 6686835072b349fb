#include "lens-store-images.h"

#include "lens-store-private.h"
#include "lens-store-search.h"

#define NOW (g_get_real_time())

typedef struct {
  const LensStoreImage *image;
  gint64 id;
} PutImage;

static gboolean put_image(LensStoreDb *db, const LensStoreImage *image, gint64 *id, GError **error)
{
  static const char sql[] =
      "INSERT INTO images (path, name, sha256, size, width, height, shipped, thumbnail, added_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
      " ON CONFLICT (path) DO UPDATE SET name = ?2,"
      " sha256 = coalesce(?3, sha256), size = max(?4, 0) + (?4 = 0) * size,"
      " width = iif(?5, ?5, width), height = iif(?6, ?6, height),"
      " thumbnail = coalesce(?8, thumbnail)";
  gint64 at = image->added_at ? image->added_at : NOW;
  return lens_store_db_run(db, error, sql, "sssiiiibi", image->path, image->name, image->sha256,
                           image->size, (gint64)image->width, (gint64)image->height,
                           (gint64)image->shipped, image->thumbnail, at) &&
         lens_store_db_get_int(db, id, error, "SELECT id FROM images WHERE path = ?", "s",
                               image->path) &&
         lens_store_db_run(db, error, "DELETE FROM deletions WHERE kind = 'image' AND target = ?",
                           "i", *id);
}

static gboolean put_image_call(LensStoreDb *db, gpointer p, GError **error)
{
  PutImage *args = p;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok = put_image(db, args->image, &args->id, error);
  return lens_store_db_end(db, ok, error);
}

gint64 lens_store_put_image(LensStore *self, const LensStoreImage *image, GError **error)
{
  PutImage args = {image, 0};
  return lens_store_call(self, put_image_call, &args, error) ? args.id : 0;
}

/* ---- what ships ---- */

typedef struct {
  const LensStoreSeed *seeds;
  guint n;
} Seeds;

static gboolean seed_questions(LensStoreDb *db, const LensStoreSeed *seed, gint64 id, gint64 now,
                               GError **error)
{
  guint n = seed->questions ? g_strv_length((char **)seed->questions) : 0;
  gboolean ok = TRUE;
  /* The first one counts as the newest, so that the list shows them in their order. */
  for (guint i = 0; ok && i < n; i++)
    ok = lens_store_db_run(db, error,
                           "INSERT OR IGNORE INTO questions (image_id, text, asked_at)"
                           " VALUES (?, ?, ?)",
                           "isi", id, seed->questions[i], now - i);
  return ok;
}

static gboolean seed_one(LensStoreDb *db, const LensStoreSeed *seed, GError **error)
{
  gint64 id = 0, now = NOW;
  if (!lens_store_db_get_int(db, &id, error, "SELECT id FROM images WHERE shipped AND name = ?",
                             "s", seed->name))
    return FALSE;
  if (id)
    return lens_store_db_run(db, error,
                             "UPDATE OR IGNORE images SET path = ?1 WHERE id = ?2 AND path <> ?1",
                             "si", seed->path, id);
  return lens_store_db_run(db, error,
                           "INSERT OR IGNORE INTO images (path, name, shipped, added_at)"
                           " VALUES (?, ?, 1, ?)",
                           "ssi", seed->path, seed->name, now) &&
         lens_store_db_get_int(db, &id, error, "SELECT id FROM images WHERE path = ?", "s",
                               seed->path) &&
         seed_questions(db, seed, id, now, error);
}

static gboolean seed(LensStoreDb *db, gpointer p, GError **error)
{
  Seeds *args = p;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < args->n; i++)
    ok = seed_one(db, &args->seeds[i], error);
  return lens_store_db_end(db, ok, error);
}

gboolean lens_store_seed(LensStore *self, const LensStoreSeed *seeds, guint n, GError **error)
{
  Seeds args = {seeds, n};
  return lens_store_call(self, seed, &args, error);
}

/* ---- changes ---- */

typedef struct {
  gint64 id;
  gboolean on;
  GBytes *png;
} Change;

static gboolean set_thumbnail(LensStoreDb *db, gpointer p, GError **error)
{
  Change *args = p;
  return lens_store_db_run(db, error, "UPDATE images SET thumbnail = ? WHERE id = ?", "bi",
                           args->png, args->id);
}

gboolean lens_store_set_thumbnail(LensStore *self, gint64 id, GBytes *png, GError **error)
{
  Change args = {.id = id, .png = png};
  return lens_store_call(self, set_thumbnail, &args, error);
}

static gboolean set_favourite(LensStoreDb *db, gpointer p, GError **error)
{
  Change *args = p;
  if (!args->on)
    return lens_store_db_run(db, error, "DELETE FROM favourites WHERE image_id = ?", "i", args->id);
  return lens_store_db_run(db, error, "INSERT OR IGNORE INTO favourites VALUES (?, ?)", "ii",
                           args->id, NOW);
}

gboolean lens_store_set_favourite(LensStore *self, gint64 id, gboolean favourite, GError **error)
{
  Change args = {.id = id, .on = favourite};
  return lens_store_call(self, set_favourite, &args, error);
}

/* ---- reading ---- */

#define COLUMNS_WITH(thumbnail)                                                                    \
  "SELECT id, path, name, sha256, size, width, height, shipped,"                                   \
  " EXISTS (SELECT 1 FROM favourites WHERE image_id = images.id), " thumbnail ","                  \
  " (SELECT count(*) FROM questions WHERE image_id = images.id AND NOT EXISTS"                     \
  "   (SELECT 1 FROM deletions WHERE kind = 'question' AND target = CAST(questions.id AS TEXT)))," \
  " added_at FROM images"
#define IMAGE_COLUMNS COLUMNS_WITH("thumbnail")

static LensStoreImage *read_image(sqlite3_stmt *stmt)
{
  LensStoreImage *image = g_new0(LensStoreImage, 1);
  image->id = sqlite3_column_int64(stmt, 0);
  image->path = lens_store_column_text(stmt, 1);
  image->name = lens_store_column_text(stmt, 2);
  image->sha256 = lens_store_column_text(stmt, 3);
  image->size = sqlite3_column_int64(stmt, 4);
  image->width = sqlite3_column_int(stmt, 5);
  image->height = sqlite3_column_int(stmt, 6);
  image->shipped = sqlite3_column_int(stmt, 7) != 0;
  image->favourite = sqlite3_column_int(stmt, 8) != 0;
  image->thumbnail = lens_store_column_bytes(stmt, 9);
  image->n_questions = (guint)sqlite3_column_int(stmt, 10);
  image->added_at = sqlite3_column_int64(stmt, 11);
  return image;
}

static gboolean list_images(LensStoreDb *db, gpointer p, GError **error)
{
  GPtrArray *list = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      IMAGE_COLUMNS " WHERE NOT EXISTS (SELECT 1 FROM deletions"
                    " WHERE kind = 'image' AND target = CAST(images.id AS TEXT))"
                    " ORDER BY shipped, iif(shipped, 0, -added_at), iif(shipped, length(name), 0), "
                    "iif(shipped, name, ''), -id",
      "");
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row)
    g_ptr_array_add(list, read_image(stmt));
  return !row;
}

GPtrArray *lens_store_list_images(LensStore *self, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_image_free);
  return lens_store_call(self, list_images, list, error) ? g_steal_pointer(&list) : NULL;
}

typedef struct {
  const gint64 *ids;
  guint n;
  GPtrArray *list;
} GetImages;

static gboolean get_images(LensStoreDb *db, gpointer p, GError **error)
{
  GetImages *args = p;
  gboolean row = FALSE, ok = TRUE;
  g_autoptr(sqlite3_stmt) stmt =
      lens_store_db_query(db, error, COLUMNS_WITH("NULL") " WHERE id = ?", "");
  if (!stmt)
    return FALSE;
  for (guint i = 0; ok && i < args->n; i++) {
    sqlite3_bind_int64(stmt, 1, args->ids[i]);
    ok = lens_store_db_next(db, stmt, &row, error);
    if (ok && row)
      g_ptr_array_add(args->list, read_image(stmt));
    sqlite3_reset(stmt);
  }
  return ok;
}

GPtrArray *lens_store_get_images(LensStore *self, const gint64 *ids, guint n, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_image_free);
  GetImages args = {ids, n, list};
  return lens_store_call(self, get_images, &args, error) ? g_steal_pointer(&list) : NULL;
}

typedef struct {
  gint64 id;
  GBytes *png;
} Thumbnail;

static gboolean get_thumbnail(LensStoreDb *db, gpointer p, GError **error)
{
  Thumbnail *args = p;
  gboolean row = FALSE;
  g_autoptr(sqlite3_stmt) stmt =
      lens_store_db_query(db, error, "SELECT thumbnail FROM images WHERE id = ?", "i", args->id);
  if (!stmt || !lens_store_db_next(db, stmt, &row, error))
    return FALSE;
  args->png = row ? lens_store_column_bytes(stmt, 0) : NULL;
  return TRUE;
}

GBytes *lens_store_get_thumbnail(LensStore *self, gint64 id, GError **error)
{
  Thumbnail args = {.id = id};
  lens_store_call(self, get_thumbnail, &args, error);
  return args.png;
}

typedef struct {
  const char *path;
  LensStoreImage *image;
} FindImage;

static gboolean find_image(LensStoreDb *db, gpointer p, GError **error)
{
  FindImage *args = p;
  gboolean row = FALSE;
  g_autoptr(sqlite3_stmt) stmt =
      lens_store_db_query(db, error, IMAGE_COLUMNS " WHERE path = ?", "s", args->path);
  if (!stmt || !lens_store_db_next(db, stmt, &row, error))
    return FALSE;
  args->image = row ? read_image(stmt) : NULL;
  return TRUE;
}

LensStoreImage *lens_store_find_image(LensStore *self, const char *path, GError **error)
{
  FindImage args = {.path = path};
  lens_store_call(self, find_image, &args, error);
  return args.image;
}

typedef struct {
  const char *sha256;
  GPtrArray *paths;
} Copies;

static gboolean list_copies(LensStoreDb *db, gpointer p, GError **error)
{
  Copies *args = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error, "SELECT path FROM images WHERE sha256 = ? ORDER BY added_at DESC", "s",
      args->sha256);
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row)
    g_ptr_array_add(args->paths, lens_store_column_text(stmt, 0));
  return !row;
}

GPtrArray *lens_store_list_image_copies(LensStore *self, const char *sha256, GError **error)
{
  Copies args = {sha256, g_ptr_array_new_with_free_func(g_free)};
  if (lens_store_call(self, list_copies, &args, error))
    return args.paths;
  g_ptr_array_unref(args.paths);
  return NULL;
}

/* ---- regions ---- */

typedef struct {
  const char *sha256, *detector;
  GBytes *data;
} Regions;

static gboolean get_regions(LensStoreDb *db, gpointer p, GError **error)
{
  Regions *args = p;
  gboolean row = FALSE;
  g_autoptr(sqlite3_stmt) stmt =
      lens_store_db_query(db, error, "SELECT data FROM regions WHERE sha256 = ? AND detector = ?",
                          "ss", args->sha256, args->detector);
  if (!stmt || !lens_store_db_next(db, stmt, &row, error))
    return FALSE;
  args->data = row ? lens_store_column_bytes(stmt, 0) : NULL;
  return TRUE;
}

GBytes *lens_store_get_regions(LensStore *self, const char *sha256, const char *detector,
                               GError **error)
{
  Regions args = {sha256, detector, NULL};
  lens_store_call(self, get_regions, &args, error);
  return args.data;
}

static gboolean put_regions(LensStoreDb *db, gpointer p, GError **error)
{
  Regions *args = p;
  return lens_store_db_run(db, error, "INSERT OR REPLACE INTO regions VALUES (?, ?, ?, ?)", "ssbi",
                           args->sha256, args->detector, args->data, NOW);
}

gboolean lens_store_put_regions(LensStore *self, const char *sha256, const char *detector,
                                GBytes *data, GError **error)
{
  Regions args = {sha256, detector, data};
  return lens_store_call(self, put_regions, &args, error);
}

/* ---- deleting ---- */

typedef struct {
  const char *kind, *target;
  gboolean deleted;
} Delete;

static gboolean set_deleted(LensStoreDb *db, gpointer p, GError **error)
{
  Delete *args = p;
  if (!args->deleted)
    return lens_store_db_run(db, error, "DELETE FROM deletions WHERE kind = ? AND target = ?", "ss",
                             args->kind, args->target);
  return lens_store_db_run(db, error, "INSERT OR REPLACE INTO deletions VALUES (?, ?, ?)", "ssi",
                           args->kind, args->target, NOW);
}

gboolean lens_store_set_deleted(LensStore *self, LensStoreKind kind, const char *target,
                                gboolean deleted, GError **error)
{
  static const char *const names[] = {"image", "question", "job", "model"};
  Delete args = {names[kind], target, deleted};
  return lens_store_call(self, set_deleted, &args, error);
}

typedef struct {
  LensStoreKind kind;
  char *target;
  gboolean deleted;
} Deletion;

static void deletion_free(gpointer p)
{
  Deletion *deletion = p;
  g_free(deletion->target);
  g_free(deletion);
}

static gpointer do_deletion(LensStore *self, gpointer data, GError **error)
{
  const Deletion *deletion = data;
  lens_store_set_deleted(self, deletion->kind, deletion->target, deletion->deleted, error);
  return NULL;
}

void lens_store_set_deleted_async(LensStore *self, LensStoreKind kind, const char *target,
                                  gboolean deleted, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  Deletion *deletion = g_new0(Deletion, 1);
  *deletion = (Deletion){kind, g_strdup(target), deleted};
  lens_store_run_async(self, do_deletion, deletion, deletion_free, NULL, NULL, callback, user_data);
}
