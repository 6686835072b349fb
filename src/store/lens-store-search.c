#include "lens-store-search.h"

#include <string.h>

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

#define FROM_IMAGES                                                                                \
  "SELECT id FROM images WHERE id NOT IN (SELECT CAST(target AS INTEGER) FROM deletions"           \
  " WHERE kind = 'image')"                                                                         \
  " AND (?1 = 0 OR EXISTS (SELECT 1 FROM favourites WHERE image_id = images.id))"
#define KEPT_QUESTION                                                                              \
  " q.id NOT IN (SELECT CAST(target AS INTEGER) FROM deletions WHERE kind = 'question')"
/* The plus keeps SQLite from reading rows by their ids and sorting them. */
#define WITH_NAME " AND (+id IN (SELECT i.id FROM images i WHERE i.name LIKE ?2 ESCAPE '\\')"
#define IN_ORDER                                                                                   \
  " ORDER BY shipped, iif(shipped, 0, -added_at), iif(shipped, length(name), 0),"                  \
  " iif(shipped, name, ''), -id"

static sqlite3_stmt *query(LensStoreDb *db, const LensStoreFilter *filter, GError **error)
{
  const char *needle = filter ? filter->needle : NULL;
  gint64 favourites = filter && filter->favourites;
  if (!needle || !*needle)
    return lens_store_db_query(db, error, FROM_IMAGES IN_ORDER, "i", favourites);
  g_autofree char *pattern = pattern_of(needle);
  g_autofree char *match = match_of(needle);
  if (is_spaceless(needle))
    return lens_store_db_query(
        db, error,
        FROM_IMAGES WITH_NAME
        " OR +id IN (SELECT q.image_id FROM search"
        " JOIN questions q ON q.id = search.rowid WHERE"
        " (search.question LIKE ?2 ESCAPE '\\' OR search.answer LIKE ?2 ESCAPE '\\')"
        " AND" KEPT_QUESTION "))" IN_ORDER,
        "is", favourites, pattern);
  if (!match)
    return lens_store_db_query(db, error, FROM_IMAGES WITH_NAME ")" IN_ORDER, "is", favourites,
                               pattern);
  return lens_store_db_query(db, error,
                             FROM_IMAGES WITH_NAME
                             " OR +id IN (SELECT q.image_id FROM search"
                             " JOIN questions q ON q.id = search.rowid WHERE search MATCH ?3"
                             " AND" KEPT_QUESTION "))" IN_ORDER,
                             "iss", favourites, pattern, match);
}

static gboolean list_ids(LensStoreDb *db, gpointer p, GError **error)
{
  List *args = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = query(db, args->filter, error);
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    gint64 id = sqlite3_column_int64(stmt, 0);
    g_array_append_val(args->ids, id);
  }
  return !row;
}

GArray *lens_store_list_image_ids(LensStore *self, const LensStoreFilter *filter, GError **error)
{
  List args = {filter, g_array_new(FALSE, FALSE, sizeof(gint64))};
  if (lens_store_call(self, list_ids, &args, error))
    return args.ids;
  g_array_unref(args.ids);
  return NULL;
}
