#include "lens-store-jobs.h"

#include "lens-store-private.h"

typedef struct {
  const LensStoreJob *job;
  gint64 id;
} PutJob;

static gboolean insert_job(LensStoreDb *db, const LensStoreJob *job, GError **error)
{
  gint64 now = g_get_real_time();
  return lens_store_db_run(
      db, error,
      "INSERT INTO jobs (kind, title, settings, state, progress, message, error, output_dir,"
      " base_hash, owner, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "ssssdsssssii", job->kind, job->title, job->settings, job->state, job->progress,
      job->message ? job->message : "", job->error, job->output_dir, job->base_hash, job->owner,
      job->created_at ? job->created_at : now, now);
}

static gboolean update_job(LensStoreDb *db, const LensStoreJob *job, GError **error)
{
  return lens_store_db_run(
      db, error,
      "UPDATE jobs SET title = ?, settings = ?, state = ?, progress = ?, message = ?, error = ?,"
      " output_dir = ?, base_hash = ?, owner = ?, changed_at = ? WHERE id = ?",
      "sssdsssssii", job->title, job->settings, job->state, job->progress,
      job->message ? job->message : "", job->error, job->output_dir, job->base_hash, job->owner,
      g_get_real_time(), job->id);
}

static gboolean put_job(LensStoreDb *db, gpointer p, GError **error)
{
  PutJob *args = p;
  args->id = args->job->id;
  if (args->id)
    return update_job(db, args->job, error);
  if (!insert_job(db, args->job, error))
    return FALSE;
  args->id = sqlite3_last_insert_rowid(db->handle);
  return TRUE;
}

gint64 lens_store_put_job(LensStore *self, const LensStoreJob *job, GError **error)
{
  PutJob args = {job, 0};
  return lens_store_call(self, put_job, &args, error) ? args.id : 0;
}

static LensStoreJob *read_job(sqlite3_stmt *stmt)
{
  LensStoreJob *job = g_new0(LensStoreJob, 1);
  job->id = sqlite3_column_int64(stmt, 0);
  job->kind = lens_store_column_text(stmt, 1);
  job->title = lens_store_column_text(stmt, 2);
  job->settings = lens_store_column_text(stmt, 3);
  job->state = lens_store_column_text(stmt, 4);
  job->progress = sqlite3_column_double(stmt, 5);
  job->message = lens_store_column_text(stmt, 6);
  job->error = lens_store_column_text(stmt, 7);
  job->output_dir = lens_store_column_text(stmt, 8);
  job->base_hash = lens_store_column_text(stmt, 9);
  job->owner = lens_store_column_text(stmt, 10);
  job->created_at = sqlite3_column_int64(stmt, 11);
  job->changed_at = sqlite3_column_int64(stmt, 12);
  return job;
}

static gboolean list_jobs(LensStoreDb *db, gpointer p, GError **error)
{
  GPtrArray *list = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      "SELECT id, kind, title, settings, state, progress, message, error, output_dir, base_hash,"
      " owner, created_at, changed_at FROM jobs WHERE NOT EXISTS (SELECT 1 FROM deletions"
      " WHERE kind = 'job' AND target = CAST(jobs.id AS TEXT)) ORDER BY created_at DESC, id DESC",
      "");
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row)
    g_ptr_array_add(list, read_job(stmt));
  return !row;
}

GPtrArray *lens_store_list_jobs(LensStore *self, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_job_free);
  return lens_store_call(self, list_jobs, list, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- curves ---- */

typedef struct {
  gint64 job_id;
  const char *series;
  const LensStorePoint *points;
  guint n;
  gint64 step;
  GArray *list;
} Points;

static gboolean add_points(LensStoreDb *db, gpointer p, GError **error)
{
  Points *args = p;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < args->n; i++)
    ok = lens_store_db_run(db, error, "INSERT OR REPLACE INTO job_points VALUES (?, ?, ?, ?)",
                           "isid", args->job_id, args->series, args->points[i].step,
                           args->points[i].value);
  return lens_store_db_end(db, ok, error);
}

gboolean lens_store_add_points(LensStore *self, gint64 job_id, const char *series,
                               const LensStorePoint *points, guint n, GError **error)
{
  Points args = {.job_id = job_id, .series = series, .points = points, .n = n};
  return lens_store_call(self, add_points, &args, error);
}

static gboolean cut_points(LensStoreDb *db, gpointer p, GError **error)
{
  Points *args = p;
  return lens_store_db_run(db, error, "DELETE FROM job_points WHERE job_id = ? AND step > ?", "ii",
                           args->job_id, args->step);
}

gboolean lens_store_cut_points(LensStore *self, gint64 job_id, gint64 step, GError **error)
{
  Points args = {.job_id = job_id, .step = step};
  return lens_store_call(self, cut_points, &args, error);
}

static gboolean list_points(LensStoreDb *db, gpointer p, GError **error)
{
  Points *args = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error, "SELECT step, value FROM job_points WHERE job_id = ? AND series = ? ORDER BY step",
      "is", args->job_id, args->series);
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    LensStorePoint point = {sqlite3_column_int64(stmt, 0), sqlite3_column_double(stmt, 1)};
    g_array_append_val(args->list, point);
  }
  return !row;
}

GArray *lens_store_list_points(LensStore *self, gint64 job_id, const char *series, GError **error)
{
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  Points args = {.job_id = job_id, .series = series, .list = list};
  return lens_store_call(self, list_points, &args, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- models ---- */

static gboolean put_model(LensStoreDb *db, gpointer p, GError **error)
{
  const LensStoreModel *model = p;
  gint64 at = model->imported_at ? model->imported_at : g_get_real_time();
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok =
      lens_store_db_run(db, error, "INSERT OR REPLACE INTO models VALUES (?, ?, ?, ?, ?)", "ssssi",
                        model->id, model->path, model->name, model->hash, at) &&
      lens_store_db_run(db, error, "DELETE FROM deletions WHERE kind = 'model' AND target = ?", "s",
                        model->id);
  return lens_store_db_end(db, ok, error);
}

gboolean lens_store_put_model(LensStore *self, const LensStoreModel *model, GError **error)
{
  return lens_store_call(self, put_model, (gpointer)model, error);
}

static gboolean list_models(LensStoreDb *db, gpointer p, GError **error)
{
  GPtrArray *list = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      "SELECT id, path, name, hash, imported_at FROM models WHERE NOT EXISTS (SELECT 1 FROM"
      " deletions WHERE kind = 'model' AND target = models.id) ORDER BY imported_at, id",
      "");
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    LensStoreModel *model = g_new0(LensStoreModel, 1);
    model->id = lens_store_column_text(stmt, 0);
    model->path = lens_store_column_text(stmt, 1);
    model->name = lens_store_column_text(stmt, 2);
    model->hash = lens_store_column_text(stmt, 3);
    model->imported_at = sqlite3_column_int64(stmt, 4);
    g_ptr_array_add(list, model);
  }
  return !row;
}

GPtrArray *lens_store_list_models(LensStore *self, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_model_free);
  return lens_store_call(self, list_models, list, error) ? g_steal_pointer(&list) : NULL;
}
