#include "lens-store-questions.h"

#include "lens-store-private.h"

typedef struct {
  const LensStoreQuestion *question;
  gint64 id;
} Put;

static gboolean put_answers(LensStoreDb *db, const LensStoreQuestion *q, gint64 id, gint64 at,
                            GError **error)
{
  gint64 run = 0;
  gboolean ok =
      lens_store_db_run(db, error,
                        "INSERT INTO runs (question_id, model_id, milliseconds, answered_at)"
                        " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (question_id, model_id)"
                        " DO UPDATE SET milliseconds = ?3, answered_at = ?4",
                        "isdi", id, q->model_id, q->milliseconds, at) &&
      lens_store_db_get_int(db, &run, error,
                            "SELECT id FROM runs WHERE question_id = ? AND model_id = ?", "is", id,
                            q->model_id) &&
      lens_store_db_run(db, error, "DELETE FROM answers WHERE run_id = ?", "i", run);
  for (guint i = 0; ok && i < q->n_answers; i++)
    ok = lens_store_db_run(db, error, "INSERT INTO answers VALUES (?, ?, ?, ?)", "iisd", run,
                           (gint64)i, q->answers[i].text, q->answers[i].probability);
  return ok;
}

static gboolean put_one(LensStoreDb *db, const LensStoreQuestion *q, gint64 *id, GError **error)
{
  gint64 at = q->asked_at ? q->asked_at : g_get_real_time();
  return lens_store_db_run(db, error,
                           "INSERT INTO questions (image_id, second_id, text, asked_at)"
                           " VALUES (?1, nullif(?4, 0), ?2, ?3)"
                           " ON CONFLICT (image_id, text, coalesce(second_id, 0))"
                           " DO UPDATE SET asked_at = ?3",
                           "isii", q->image_id, q->text, at, q->second_id) &&
         lens_store_db_get_int(db, id, error,
                               "SELECT id FROM questions WHERE image_id = ? AND text = ?"
                               " AND coalesce(second_id, 0) = ?",
                               "isi", q->image_id, q->text, q->second_id) &&
         lens_store_db_run(
             db, error, "DELETE FROM deletions WHERE kind = 'question' AND target = ?", "i", *id) &&
         (!q->model_id || put_answers(db, q, *id, at, error));
}

static gboolean put_question(LensStoreDb *db, gpointer p, GError **error)
{
  Put *args = p;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  gboolean ok = put_one(db, args->question, &args->id, error);
  return lens_store_db_end(db, ok, error);
}

gint64 lens_store_put_question(LensStore *self, const LensStoreQuestion *question, GError **error)
{
  Put args = {question, 0};
  return lens_store_call(self, put_question, &args, error) ? args.id : 0;
}

typedef struct {
  gint64 image_id;
  GPtrArray *list;
} List;

static void add_answer(LensStoreQuestion *q, sqlite3_stmt *stmt)
{
  q->answers = g_renew(LensStoreAnswer, q->answers, q->n_answers + 1);
  q->answers[q->n_answers++] = (LensStoreAnswer){
      .text = lens_store_column_text(stmt, 5),
      .probability = sqlite3_column_double(stmt, 6),
  };
}

static LensStoreQuestion *read_question(sqlite3_stmt *stmt, gint64 image_id)
{
  LensStoreQuestion *q = g_new0(LensStoreQuestion, 1);
  q->id = sqlite3_column_int64(stmt, 0);
  q->image_id = image_id;
  q->text = lens_store_column_text(stmt, 1);
  q->asked_at = sqlite3_column_int64(stmt, 2);
  q->model_id = lens_store_column_text(stmt, 3);
  q->milliseconds = sqlite3_column_double(stmt, 4);
  q->second_id = sqlite3_column_int64(stmt, 7); /* 0 for NULL */
  if (q->second_id) {
    q->second_path = lens_store_column_text(stmt, 8);
    q->second_name = lens_store_column_text(stmt, 9);
  }
  return q;
}

static gboolean list_questions(LensStoreDb *db, gpointer p, GError **error)
{
  static const char sql[] =
      "SELECT q.id, q.text, q.asked_at, r.model_id, r.milliseconds, a.text, a.probability,"
      " q.second_id, s.path, s.name"
      " FROM questions q"
      " LEFT JOIN runs r ON r.id = (SELECT id FROM runs WHERE question_id = q.id"
      "   ORDER BY answered_at DESC, id DESC LIMIT 1)"
      " LEFT JOIN answers a ON a.run_id = r.id"
      " LEFT JOIN images s ON s.id = q.second_id"
      " WHERE q.image_id = ? AND NOT EXISTS (SELECT 1 FROM deletions"
      "   WHERE kind = 'question' AND target = CAST(q.id AS TEXT))"
      " ORDER BY q.asked_at DESC, q.id DESC, a.rank";
  List *args = p;
  LensStoreQuestion *last = NULL;
  gboolean row = TRUE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(db, error, sql, "i", args->image_id);
  if (!stmt)
    return FALSE;
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    if (!last || last->id != sqlite3_column_int64(stmt, 0)) {
      last = read_question(stmt, args->image_id);
      g_ptr_array_add(args->list, last);
    }
    if (sqlite3_column_type(stmt, 5) != SQLITE_NULL)
      add_answer(last, stmt);
  }
  return !row;
}

GPtrArray *lens_store_list_questions(LensStore *self, gint64 image_id, GError **error)
{
  g_autoptr(GPtrArray) list =
      g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_question_free);
  List args = {image_id, list};
  return lens_store_call(self, list_questions, &args, error) ? g_steal_pointer(&list) : NULL;
}
