/* The library's SQLite connection. Everything here must be called on the thread that opened it;
 * each function asserts that. Private to src/store. */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "lens-store-error.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

typedef enum {
  LENS_STORE_WRITABLE,
  LENS_STORE_READ_ONLY, /* what is there can be seen, nothing can be changed */
  LENS_STORE_MEMORY,    /* nothing is kept after the program ends */
} LensStoreMode;

typedef struct _LensStoreOwners LensStoreOwners;

typedef struct {
  GThread *owner;
  sqlite3 *handle;
  char *path;
  LensStoreMode mode;
  LensStoreOwners *owners; /* lens-store-owners.h; NULL before the first search */
} LensStoreDb;

/* Opens the file `path` (made if absent, with its folders), migrated to the newest schema. A
 * damaged file is renamed and a new one begun; one that cannot be written is opened read-only; when
 * there is nothing to read either, or a newer Crosslens wrote it, the library lives in memory.
 * *notice (owned) tells of any of these, else it is NULL. */
LensStoreDb *lens_store_db_open(const char *path, char **notice, GError **error);
/* Folds the write-ahead log into the file. NULL is fine. */
void lens_store_db_close(LensStoreDb *self);

/* Brings the schema from whatever version it has to the newest, each step in its transaction. */
gboolean lens_store_db_migrate(LensStoreDb *self, GError **error);
/* The version that lens_store_db_migrate leads to. */
int lens_store_db_newest_version(void);

/* Prepares `sql` and binds its parameters: in `types` i = gint64, d = double, s = const char * (may
 * be NULL), b = GBytes * (may be NULL). NULL on failure. */
sqlite3_stmt *lens_store_db_query(LensStoreDb *self, GError **error, const char *sql,
                                  const char *types, ...);
/* Steps: TRUE with *row telling whether there is one. */
gboolean lens_store_db_next(LensStoreDb *self, sqlite3_stmt *stmt, gboolean *row, GError **error);
/* Prepares, binds and runs to the end. */
gboolean lens_store_db_run(LensStoreDb *self, GError **error, const char *sql, const char *types,
                           ...);
/* One integer; FALSE on failure, *value untouched when there is no row. */
gboolean lens_store_db_get_int(LensStoreDb *self, gint64 *value, GError **error, const char *sql,
                               const char *types, ...);
/* Several statements without parameters. */
gboolean lens_store_db_script(LensStoreDb *self, const char *sql, GError **error);

gboolean lens_store_db_begin(LensStoreDb *self, GError **error);
/* `ok`: commits, else rolls back. Returns whether all is well; `error` is left alone when !ok. */
gboolean lens_store_db_end(LensStoreDb *self, gboolean ok, GError **error);

G_END_DECLS
