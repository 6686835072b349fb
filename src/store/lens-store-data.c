#include "lens-store-data.h"

#include <stdarg.h>

#include "lens-store-private.h"

void lens_store_data_set_free(LensStoreDataSet *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->kind);
  g_free(self->questions);
  g_free(self->features);
  g_free(self->images);
  g_free(self->state);
  g_free(self->problem);
  g_free(self);
}

void lens_store_evaluation_free(LensStoreEvaluation *self)
{
  if (!self)
    return;
  g_free(self->model_id);
  g_free(self->model_name);
  g_free(self->weights);
  g_free(self->state);
  g_free(self->note);
  g_free(self);
}

void lens_store_data_row_free(LensStoreDataRow *self)
{
  if (!self)
    return;
  g_free(self->id);
  g_free(self->question);
  g_free(self->image);
  g_free(self->image2);
  g_free(self->sentence);
  g_free(self->answer_type);
  g_free(self->question_type);
  g_free(self->truth);
  g_free(self->label);
  g_free(self->answer);
  g_free(self);
}

/* ---- data sets ---- */

typedef struct {
  const LensStoreDataSet *set;
  gint64 id;
  gboolean removed;
  GPtrArray *list;
} SetArgs;

static gboolean begin_set(LensStoreDb *db, gpointer p, GError **error)
{
  SetArgs *args = p;
  const LensStoreDataSet *s = args->set;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok =
      lens_store_db_run(
          db, error,
          "INSERT INTO data_sets (name, kind, questions, features, images, state, opened_at)"
          " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state,"
          " opened_at = excluded.opened_at, removed_at = NULL, problem = NULL, n = 0",
          "ssssssi", s->name, s->kind, s->questions, s->features, s->images, s->state,
          g_get_real_time()) &&
      lens_store_db_get_int(db, &args->id, error,
                            "SELECT id FROM data_sets WHERE kind = ? AND questions = ? AND"
                            " features = ? AND images = ?",
                            "ssss", s->kind, s->questions, s->features, s->images) &&
      lens_store_db_run(db, error, "DELETE FROM data_rows WHERE set_id = ?", "i", args->id) &&
      lens_store_db_run(db, error, "DELETE FROM data_evaluations WHERE set_id = ?", "i",
                        args->id) &&
      lens_store_db_run(db, error, "DELETE FROM data_findings WHERE set_id = ?", "i", args->id);
  return lens_store_db_end(db, ok, error);
}

gint64 lens_store_data_begin_set(LensStore *self, const LensStoreDataSet *set, GError **error)
{
  SetArgs args = {.set = set};
  return lens_store_call(self, begin_set, &args, error) ? args.id : 0;
}

static gboolean update_set(LensStoreDb *db, gpointer p, GError **error)
{
  const LensStoreDataSet *s = p;
  return lens_store_db_run(db, error,
                           "UPDATE data_sets SET name = ?, state = ?, problem = ?, n = ?"
                           " WHERE id = ?",
                           "sssii", s->name, s->state, s->problem, s->n, s->id);
}

gboolean lens_store_data_update_set(LensStore *self, const LensStoreDataSet *set, GError **error)
{
  return lens_store_call(self, update_set, (gpointer)set, error);
}

static gboolean list_sets(LensStoreDb *db, gpointer p, GError **error)
{
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      "SELECT id, name, kind, questions, features, images, state, problem, n, opened_at"
      " FROM data_sets WHERE removed_at IS NULL ORDER BY opened_at DESC, id DESC",
      "");
  while (stmt && lens_store_db_next(db, stmt, &row, error) && row) {
    LensStoreDataSet *set = g_new0(LensStoreDataSet, 1);
    set->id = sqlite3_column_int64(stmt, 0);
    set->name = lens_store_column_text(stmt, 1);
    set->kind = lens_store_column_text(stmt, 2);
    set->questions = lens_store_column_text(stmt, 3);
    set->features = lens_store_column_text(stmt, 4);
    set->images = lens_store_column_text(stmt, 5);
    set->state = lens_store_column_text(stmt, 6);
    set->problem = lens_store_column_text(stmt, 7);
    set->n = sqlite3_column_int64(stmt, 8);
    set->opened_at = sqlite3_column_int64(stmt, 9);
    g_ptr_array_add(p, set);
  }
  return stmt && !row;
}

GPtrArray *lens_store_data_list_sets(LensStore *self, GError **error)
{
  g_autoptr(GPtrArray) list =
      g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_data_set_free);
  return lens_store_call(self, list_sets, list, error) ? g_steal_pointer(&list) : NULL;
}

static gboolean set_removed(LensStoreDb *db, gpointer p, GError **error)
{
  const SetArgs *args = p;
  return args->removed
             ? lens_store_db_run(db, error, "UPDATE data_sets SET removed_at = ? WHERE id = ?",
                                 "ii", g_get_real_time(), args->id)
             : lens_store_db_run(db, error, "UPDATE data_sets SET removed_at = NULL WHERE id = ?",
                                 "i", args->id);
}

gboolean lens_store_data_set_removed(LensStore *self, gint64 set_id, gboolean removed,
                                     GError **error)
{
  SetArgs args = {.id = set_id, .removed = removed};
  return lens_store_call(self, set_removed, &args, error);
}

static gboolean purge(LensStoreDb *db, gpointer unused, GError **error)
{
  return lens_store_db_run(db, error, "DELETE FROM data_sets WHERE removed_at IS NOT NULL", "") &&
         lens_store_db_run(db, error,
                           "UPDATE data_evaluations SET state = 'stopped', score = (SELECT"
                           " AVG(a.score) FROM data_answers a WHERE a.evaluation_id = id)"
                           " WHERE state = 'running'",
                           "");
}

gboolean lens_store_data_purge(LensStore *self, GError **error)
{
  return lens_store_call(self, purge, NULL, error);
}

typedef struct {
  gint64 id;
  GPtrArray *rows;
  gint64 done;
} RowsArgs;

static void bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
  if (text)
    sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
  else
    sqlite3_bind_null(stmt, at);
}

/* One statement for all rows: preparing it each time would cost more than inserting. */
static gboolean insert_rows(LensStoreDb *db, const RowsArgs *args, GError **error)
{
  gboolean row, ok = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error, "INSERT OR REPLACE INTO data_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "");
  if (!stmt)
    return FALSE;
  for (guint i = 0; ok && i < args->rows->len; i++) {
    const LensStoreDataRow *r = args->rows->pdata[i];
    const char *texts[] = {r->id,          r->question,      r->image, r->image2, r->sentence,
                           r->answer_type, r->question_type, r->truth, r->label};
    sqlite3_reset(stmt);
    sqlite3_bind_int64(stmt, 1, args->id);
    sqlite3_bind_int64(stmt, 2, r->n);
    for (int j = 0; j < (int)G_N_ELEMENTS(texts); j++)
      bind_text(stmt, 3 + j, texts[j]);
    ok = lens_store_db_next(db, stmt, &row, error);
  }
  return ok;
}

static gboolean add_rows(LensStoreDb *db, gpointer p, GError **error)
{
  RowsArgs *args = p;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok = insert_rows(db, args, error) &&
                lens_store_db_run(db, error, "UPDATE data_sets SET n = n + ? WHERE id = ?", "ii",
                                  (gint64)args->rows->len, args->id);
  return lens_store_db_end(db, ok, error);
}

gboolean lens_store_data_add_rows(LensStore *self, gint64 set_id, GPtrArray *rows, GError **error)
{
  RowsArgs args = {set_id, rows, 0};
  return lens_store_call(self, add_rows, &args, error);
}

/* ---- evaluations ---- */

typedef struct {
  const LensStoreEvaluation *evaluation;
  gint64 id, done;
  const char *state, *note;
} EvaluationArgs;

static gboolean begin_evaluation(LensStoreDb *db, gpointer p, GError **error)
{
  EvaluationArgs *args = p;
  const LensStoreEvaluation *e = args->evaluation;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok =
      lens_store_db_run(db, error,
                        "DELETE FROM data_evaluations WHERE set_id = ? AND model_id = ? AND"
                        " (weights != ? OR state = 'done')",
                        "iss", e->set_id, e->model_id, e->weights) &&
      lens_store_db_run(
          db, error,
          "INSERT INTO data_evaluations (set_id, model_id, model_name, weights, state,"
          " changed_at) VALUES (?, ?, ?, ?, 'running', ?) ON CONFLICT DO UPDATE SET"
          " state = 'running', changed_at = excluded.changed_at",
          "isssi", e->set_id, e->model_id, e->model_name, e->weights, g_get_real_time()) &&
      lens_store_db_get_int(db, &args->id, error,
                            "SELECT id FROM data_evaluations WHERE set_id = ? AND model_id = ?",
                            "is", e->set_id, e->model_id) &&
      lens_store_db_get_int(db, &args->done, error,
                            "SELECT done FROM data_evaluations WHERE id = ?", "i", args->id);
  return lens_store_db_end(db, ok, error);
}

gint64 lens_store_data_begin_evaluation(LensStore *self, const LensStoreEvaluation *evaluation,
                                        gint64 *done, GError **error)
{
  EvaluationArgs args = {.evaluation = evaluation};
  if (!lens_store_call(self, begin_evaluation, &args, error))
    return 0;
  *done = args.done;
  return args.id;
}

static void bind_score(sqlite3_stmt *stmt, int at, double score)
{
  if (score >= 0)
    sqlite3_bind_double(stmt, at, score);
  else
    sqlite3_bind_null(stmt, at);
}

static gboolean insert_answers(LensStoreDb *db, const RowsArgs *args, GError **error)
{
  gboolean row, ok = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error, "INSERT OR REPLACE INTO data_answers VALUES (?, ?, ?, ?, ?, ?)", "");
  if (!stmt)
    return FALSE;
  for (guint i = 0; ok && i < args->rows->len; i++) {
    const LensStoreDataRow *r = args->rows->pdata[i];
    sqlite3_reset(stmt);
    sqlite3_bind_int64(stmt, 1, args->id);
    sqlite3_bind_int64(stmt, 2, r->n);
    bind_text(stmt, 3, r->answer);
    sqlite3_bind_double(stmt, 4, r->confidence);
    bind_score(stmt, 5, r->score);
    bind_score(stmt, 6, r->oracle);
    ok = lens_store_db_next(db, stmt, &row, error);
  }
  return ok;
}

static gboolean add_answers(LensStoreDb *db, gpointer p, GError **error)
{
  RowsArgs *args = p;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok = insert_answers(db, args, error) &&
                lens_store_db_run(db, error, "UPDATE data_evaluations SET done = ? WHERE id = ?",
                                  "ii", args->done, args->id);
  return lens_store_db_end(db, ok, error);
}

gboolean lens_store_data_add_answers(LensStore *self, gint64 evaluation_id, GPtrArray *rows,
                                     gint64 done, GError **error)
{
  RowsArgs args = {evaluation_id, rows, done};
  return lens_store_call(self, add_answers, &args, error);
}

static gboolean end_evaluation(LensStoreDb *db, gpointer p, GError **error)
{
  const EvaluationArgs *args = p;
  return lens_store_db_run(
      db, error,
      "UPDATE data_evaluations SET state = ?, note = ?, changed_at = ?, score ="
      " (SELECT AVG(score) FROM data_answers WHERE evaluation_id = ?)"
      " WHERE id = ?",
      "ssiii", args->state, args->note ? args->note : "", g_get_real_time(), args->id, args->id);
}

gboolean lens_store_data_end_evaluation(LensStore *self, gint64 evaluation_id, const char *state,
                                        const char *note, GError **error)
{
  EvaluationArgs args = {.id = evaluation_id, .state = state, .note = note};
  return lens_store_call(self, end_evaluation, &args, error);
}

typedef struct {
  gint64 set_id;
  GPtrArray *list;
} ListArgs;

static gboolean list_evaluations(LensStoreDb *db, gpointer p, GError **error)
{
  ListArgs *args = p;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      "SELECT id, set_id, model_id, model_name, weights, state, done, ifnull(score, -1), note"
      " FROM data_evaluations WHERE set_id = ? ORDER BY changed_at DESC",
      "i", args->set_id);
  while (stmt && lens_store_db_next(db, stmt, &row, error) && row) {
    LensStoreEvaluation *e = g_new0(LensStoreEvaluation, 1);
    e->id = sqlite3_column_int64(stmt, 0);
    e->set_id = sqlite3_column_int64(stmt, 1);
    e->model_id = lens_store_column_text(stmt, 2);
    e->model_name = lens_store_column_text(stmt, 3);
    e->weights = lens_store_column_text(stmt, 4);
    e->state = lens_store_column_text(stmt, 5);
    e->done = sqlite3_column_int64(stmt, 6);
    e->score = sqlite3_column_double(stmt, 7);
    e->note = lens_store_column_text(stmt, 8);
    g_ptr_array_add(args->list, e);
  }
  return stmt && !row;
}

GPtrArray *lens_store_data_list_evaluations(LensStore *self, gint64 set_id, GError **error)
{
  g_autoptr(GPtrArray) list =
      g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_evaluation_free);
  ListArgs args = {set_id, list};
  return lens_store_call(self, list_evaluations, &args, error) ? g_steal_pointer(&list) : NULL;
}
