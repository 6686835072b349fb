#include "lens-store-findings.h"

#include "lens-store-private.h"

typedef struct {
  gint64 set_id;
  const char *model_id, *rows, *report;
  char *found;
} Args;

static gboolean put(LensStoreDb *db, gpointer p, GError **error)
{
  const Args *args = p;
  return lens_store_db_run(db, error,
                           "INSERT INTO data_findings (set_id, model_id, rows, made_at, report)"
                           " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                           " made_at = excluded.made_at, report = excluded.report",
                           "issis", args->set_id, args->model_id, args->rows, g_get_real_time(),
                           args->report);
}

gboolean lens_store_findings_put(LensStore *self, gint64 set_id, const char *model_id,
                                 const char *rows, const char *report, GError **error)
{
  Args args = {set_id, model_id, rows, report, NULL};
  return lens_store_call(self, put, &args, error);
}

static gboolean get(LensStoreDb *db, gpointer p, GError **error)
{
  Args *args = p;
  gboolean row = FALSE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error, "SELECT report FROM data_findings WHERE set_id = ? AND model_id = ? AND rows = ?",
      "iss", args->set_id, args->model_id, args->rows);
  if (!stmt || !lens_store_db_next(db, stmt, &row, error))
    return FALSE;
  args->found = row ? lens_store_column_text(stmt, 0) : NULL;
  return TRUE;
}

gboolean lens_store_findings_get(LensStore *self, gint64 set_id, const char *model_id,
                                 const char *rows, char **report, GError **error)
{
  Args args = {set_id, model_id, rows, NULL, NULL};
  gboolean ok = lens_store_call(self, get, &args, error);
  *report = args.found;
  return ok;
}
