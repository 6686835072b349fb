#include "lens-store-search.h"

#include <string.h>

#include "lens-store-owners.h"
#include "lens-store-private.h"

typedef struct {
  const LensStoreFilter *filter;
  GArray *ids;
} List;

/* Every word as a quoted prefix, all of them wanted: "co"* "ca"*. NULL when there is none. */
static char *match_of(const char *needle)
{
  GString *match = g_string_new(NULL);
  const char *p = needle;
  while (*p) {
    while (*p && !g_unichar_isalnum(g_utf8_get_char(p)))
      p = g_utf8_next_char(p);
    const char *begin = p;
    while (*p && g_unichar_isalnum(g_utf8_get_char(p)))
      p = g_utf8_next_char(p);
    if (p > begin)
      g_string_append_printf(match, "%s\"%.*s\"*", match->len ? " " : "", (int)(p - begin), begin);
  }
  return g_string_free(match, match->len == 0);
}

/* Scripts without spaces between words have to be looked through. */
static gboolean is_spaceless(const char *needle)
{
  for (const char *p = needle; *p; p = g_utf8_next_char(p))
    if (g_utf8_get_char(p) >= 0x0E00)
      return TRUE;
  return FALSE;
}

/* For LIKE with backslash as escape. */
static char *pattern_of(const char *needle)
{
  GString *pattern = g_string_new("%");
  for (const char *p = needle; *p; p++) {
    if (strchr("%_\\", *p))
      g_string_append_c(pattern, '\\');
    g_string_append_c(pattern, *p);
  }
  g_string_append_c(pattern, '%');
  return g_string_free(pattern, FALSE);
}

#define KEPT_IMAGES                                                                                \
  "SELECT id FROM images WHERE id NOT IN (SELECT CAST(target AS INTEGER) FROM deletions"           \
  " WHERE kind = 'image')"                                                                         \
  " AND (?1 = 0 OR EXISTS (SELECT 1 FROM favourites WHERE image_id = images.id))"                  \
  " ORDER BY shipped, iif(shipped, 0, -added_at), iif(shipped, length(name), 0),"                  \
  " iif(shipped, name, ''), -id"

/* Sets of ids, small enough for a pointer on the machines that this runs on. */
static void add_id(GHashTable *set, gint64 id)
{
  g_hash_table_add(set, GSIZE_TO_POINTER((gsize)id));
}

static gboolean has_id(GHashTable *set, gint64 id)
{
  return g_hash_table_contains(set, GSIZE_TO_POINTER((gsize)id));
}

/* Adds the first column of each row. `stmt` is taken; NULL: it failed. */
static gboolean add_rows(LensStoreDb *db, sqlite3_stmt *taken, GHashTable *set, GError **error)
{
  g_autoptr(sqlite3_stmt) stmt = taken;
  gboolean row = stmt != NULL;
  while (row)
    if (!lens_store_db_next(db, stmt, &row, error))
      return FALSE;
    else if (row)
      add_id(set, sqlite3_column_int64(stmt, 0));
  return stmt != NULL;
}

/* The ids of the questions; NULL without `error` where no question can be meant. What is without
 * spaces is looked for in the index's own copy of the texts, which is read faster than through it. */
static sqlite3_stmt *find_questions(LensStoreDb *db, const char *needle, GError **error)
{
  g_autofree char *pattern = pattern_of(needle), *match = match_of(needle);
  if (is_spaceless(needle))
    return lens_store_db_query(db, error,
                               "SELECT id FROM search_content WHERE c0 LIKE ?1 ESCAPE '\\'"
                               " OR c1 LIKE ?1 ESCAPE '\\'",
                               "s", pattern);
  return match ? lens_store_db_query(db, error, "SELECT rowid FROM search WHERE search MATCH ?1",
                                     "s", match)
               : NULL;
}

/* The images of the questions. `taken`: find_questions. */
static gboolean add_images_of(LensStoreDb *db, sqlite3_stmt *taken, GHashTable *images,
                              GError **error)
{
  g_autoptr(sqlite3_stmt) stmt = taken;
  g_autoptr(GHashTable) deleted = g_hash_table_new(NULL, NULL);
  gboolean row = TRUE;
  gint64 n_images = 0;
  if (!lens_store_owners_update(db, error) ||
      !lens_store_db_get_int(db, &n_images, error, "SELECT count(*) FROM images", "") ||
      !add_rows(db,
                lens_store_db_query(db, error,
                                    "SELECT CAST(target AS INTEGER) FROM deletions"
                                    " WHERE kind = 'question'",
                                    ""),
                deleted, error))
    return FALSE;
  while (g_hash_table_size(images) < n_images && lens_store_db_next(db, stmt, &row, error) && row) {
    gint64 question = sqlite3_column_int64(stmt, 0), image;
    if (has_id(deleted, question))
      continue;
    if (!lens_store_owners_find(db, question, &image, error))
      return FALSE;
    add_id(images, image);
  }
  return !row || g_hash_table_size(images) >= n_images; /* what many words begin with is in all */
}

/* The images that the needle is found in. */
static gboolean find_images(LensStoreDb *db, const char *needle, GHashTable *images, GError **error)
{
  g_autofree char *pattern = pattern_of(needle);
  GError *problem = NULL;
  if (!add_rows(db,
                lens_store_db_query(db, error,
                                    "SELECT id FROM images WHERE name LIKE ?1 ESCAPE '\\'", "s",
                                    pattern),
                images, error))
    return FALSE;
  sqlite3_stmt *questions = find_questions(db, needle, &problem);
  if (questions)
    return add_images_of(db, questions, images, error);
  if (problem)
    g_propagate_error(error, problem);
  return problem == NULL;
}

static gboolean list_ids(LensStoreDb *db, gpointer p, GError **error)
{
  List *args = p;
  const char *needle = args->filter ? args->filter->needle : NULL;
  gint64 favourites = args->filter && args->filter->favourites;
  gboolean row = TRUE, all = !needle || !*needle;
  g_autoptr(GHashTable) found = g_hash_table_new(NULL, NULL);
  if (!all && !find_images(db, needle, found, error))
    return FALSE;
  if (!all && !g_hash_table_size(found))
    return TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(db, error, KEPT_IMAGES, "i", favourites);
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    gint64 id = sqlite3_column_int64(stmt, 0);
    if (all || has_id(found, id))
      g_array_append_val(args->ids, id);
  }
  return !row;
}

static gboolean prepare(LensStoreDb *db, gpointer unused, GError **error)
{
  return lens_store_owners_update(db, error);
}

gboolean lens_store_prepare_search(LensStore *self, GError **error)
{
  return lens_store_call(self, prepare, NULL, error);
}

GArray *lens_store_list_image_ids(LensStore *self, const LensStoreFilter *filter, GError **error)
{
  List args = {filter, g_array_new(FALSE, FALSE, sizeof(gint64))};
  if (lens_store_call(self, list_ids, &args, error))
    return args.ids;
  g_array_unref(args.ids);
  return NULL;
}
