#include "lens-store-db.h"

#include <stdarg.h>

static void fail(LensStoreDb *self, int code, GError **error)
{
  lens_store_error_set(error, code, self->path, sqlite3_errmsg(self->handle));
}

static gboolean bind_one(sqlite3_stmt *stmt, int at, char type, va_list *args, int *code)
{
  const char *text;
  GBytes *bytes;
  switch (type) {
  case 'i':
    *code = sqlite3_bind_int64(stmt, at, va_arg(*args, gint64));
    break;
  case 'd':
    *code = sqlite3_bind_double(stmt, at, va_arg(*args, double));
    break;
  case 's':
    text = va_arg(*args, const char *);
    *code = text ? sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT)
                 : sqlite3_bind_null(stmt, at);
    break;
  case 'b':
    bytes = va_arg(*args, GBytes *);
    *code = bytes ? sqlite3_bind_blob64(stmt, at, g_bytes_get_data(bytes, NULL),
                                        g_bytes_get_size(bytes), SQLITE_TRANSIENT)
                  : sqlite3_bind_null(stmt, at);
    break;
  default:
    g_assert_not_reached();
  }
  return *code == SQLITE_OK;
}

static sqlite3_stmt *query_va(LensStoreDb *self, GError **error, const char *sql, const char *types,
                              va_list *args)
{
  sqlite3_stmt *stmt = NULL;
  g_assert(self->owner == g_thread_self());

  int code = sqlite3_prepare_v2(self->handle, sql, -1, &stmt, NULL);
  for (int i = 0; code == SQLITE_OK && types[i]; i++)
    if (!bind_one(stmt, i + 1, types[i], args, &code))
      break;
  if (code == SQLITE_OK)
    return stmt;
  fail(self, code, error);
  sqlite3_finalize(stmt);
  return NULL;
}

sqlite3_stmt *lens_store_db_query(LensStoreDb *self, GError **error, const char *sql,
                                  const char *types, ...)
{
  va_list args;
  va_start(args, types);
  sqlite3_stmt *stmt = query_va(self, error, sql, types, &args);
  va_end(args);
  return stmt;
}

gboolean lens_store_db_next(LensStoreDb *self, sqlite3_stmt *stmt, gboolean *row, GError **error)
{
  g_assert(self->owner == g_thread_self());
  int code = sqlite3_step(stmt);
  *row = code == SQLITE_ROW;
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return TRUE;
  fail(self, code, error);
  return FALSE;
}

static gboolean run_to_end(LensStoreDb *self, sqlite3_stmt *stmt, GError **error)
{
  gboolean row = stmt != NULL;
  while (row)
    if (!lens_store_db_next(self, stmt, &row, error))
      return FALSE;
  return stmt != NULL;
}

gboolean lens_store_db_run(LensStoreDb *self, GError **error, const char *sql, const char *types,
                           ...)
{
  va_list args;
  va_start(args, types);
  g_autoptr(sqlite3_stmt) stmt = query_va(self, error, sql, types, &args);
  va_end(args);
  return run_to_end(self, stmt, error);
}

gboolean lens_store_db_get_int(LensStoreDb *self, gint64 *value, GError **error, const char *sql,
                               const char *types, ...)
{
  gboolean row = FALSE;
  va_list args;
  va_start(args, types);
  g_autoptr(sqlite3_stmt) stmt = query_va(self, error, sql, types, &args);
  va_end(args);
  if (!stmt || !lens_store_db_next(self, stmt, &row, error))
    return FALSE;
  if (row)
    *value = sqlite3_column_int64(stmt, 0);
  return TRUE;
}

gboolean lens_store_db_script(LensStoreDb *self, const char *sql, GError **error)
{
  g_assert(self->owner == g_thread_self());
  int code = sqlite3_exec(self->handle, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    return TRUE;
  fail(self, code, error);
  return FALSE;
}

gboolean lens_store_db_begin(LensStoreDb *self, GError **error)
{
  return lens_store_db_script(self, "BEGIN IMMEDIATE", error);
}

gboolean lens_store_db_end(LensStoreDb *self, gboolean ok, GError **error)
{
  if (ok && lens_store_db_script(self, "COMMIT", error))
    return TRUE;
  /* A full disk may have rolled back already; there is then nothing to undo. */
  if (!sqlite3_get_autocommit(self->handle))
    sqlite3_exec(self->handle, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}
