/* A library of any size, for measuring and for tests. */
#include "lens-store-private.h"
#include "lens-store-search.h"

typedef struct {
  gint64 images, questions;
  GPtrArray *thumbnails; /* or NULL */
} Sizes;

/* Questions of a few words about a few things, so that words are as common as in a real library. */
static const char questions_sql[] =
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)"
    " INSERT INTO questions (image_id, text, asked_at) SELECT 1 + i % ?2,"
    " CASE i % 3 WHEN 0 THEN 'what colour is the ' WHEN 1 THEN 'how many of the '"
    " ELSE 'is there a ' END ||"
    " CASE (i / 3) % 7 WHEN 0 THEN 'cat' WHEN 1 THEN 'dog' WHEN 2 THEN 'cube' WHEN 3 THEN 'tree'"
    " WHEN 4 THEN 'house' WHEN 5 THEN 'ball' ELSE 'boat' END || ' ' || (i / ?2) || '?',"
    " 1700000000000000 + i FROM n";
static const char images_sql[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
    " INSERT INTO images (id, path, name, added_at, thumbnail) SELECT i,"
    " '/images/image-' || i || '.png', 'image-' || i, 1700000000000000 + i,"
    " coalesce((SELECT png FROM thumbnails WHERE n = i % ?2), zeroblob(2000)) FROM n";
static const char runs_sql[] =
    "INSERT INTO runs (id, question_id, model_id, milliseconds, answered_at)"
    " SELECT id, id, 'model', 10, asked_at FROM questions";
static const char answers_sql[] =
    "INSERT INTO answers SELECT id, 0, CASE id % 5 WHEN 0 THEN 'red' WHEN 1 THEN 'yes'"
    " WHEN 2 THEN '2' WHEN 3 THEN 'no' ELSE 'dark blue' END, 0.5 FROM runs";

static const char search_sql[] =
    "INSERT INTO search (rowid, question, answer) SELECT q.id, q.text, a.text FROM questions q"
    " JOIN answers a ON a.run_id = q.id AND a.rank = 0";

/* One row at a time would write the index of words twice a question: the triggers are set aside.
 * Their SQL, to make them again. */
static GPtrArray *drop_triggers(LensStoreDb *db, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search%'",
      "");
  gboolean row = TRUE;
  if (!stmt)
    return NULL;
  while (lens_store_db_next(db, stmt, &row, error) && row)
    g_ptr_array_add(list, lens_store_column_text(stmt, 0));
  g_clear_pointer(&stmt, sqlite3_finalize);
  if (row || !lens_store_db_script(db,
                                   "DROP TRIGGER search_question; DROP TRIGGER search_answer;"
                                   "DROP TRIGGER search_forget;",
                                   error))
    return NULL;
  return g_steal_pointer(&list);
}

/* In a table of the connection's own. */
static gboolean put_thumbnails(LensStoreDb *db, GPtrArray *thumbnails, GError **error)
{
  gboolean ok = lens_store_db_script(
      db, "CREATE TEMP TABLE thumbnails (n INTEGER PRIMARY KEY, png BLOB)", error);
  for (guint i = 0; ok && thumbnails && i < thumbnails->len; i++)
    ok = lens_store_db_run(db, error, "INSERT INTO thumbnails VALUES (?, ?)", "ib", (gint64)i,
                           thumbnails->pdata[i]);
  return ok;
}

static gboolean generate(LensStoreDb *db, gpointer p, GError **error)
{
  const Sizes *sizes = p;
  gint64 pictures = sizes->thumbnails && sizes->thumbnails->len ? sizes->thumbnails->len : 1;
  if (!lens_store_db_begin(db, error))
    return FALSE;
  g_autoptr(GPtrArray) triggers = drop_triggers(db, error);
  gboolean ok =
      triggers && put_thumbnails(db, sizes->thumbnails, error) &&
      lens_store_db_run(db, error, images_sql, "ii", sizes->images, pictures) &&
      lens_store_db_run(db, error, questions_sql, "ii", sizes->questions, sizes->images) &&
      lens_store_db_run(db, error, runs_sql, "") && lens_store_db_run(db, error, answers_sql, "") &&
      lens_store_db_run(db, error, search_sql, "");
  for (guint i = 0; ok && i < triggers->len; i++)
    ok = lens_store_db_script(db, triggers->pdata[i], error);
  return lens_store_db_end(db, ok, error);
}

gboolean lens_store_generate(const char *path, gint64 images, gint64 questions,
                             GPtrArray *thumbnails, GError **error)
{
  Sizes sizes = {images, questions, thumbnails};
  g_autoptr(LensStore) store = lens_store_open(path, error);
  gboolean ok = store && lens_store_call(store, generate, &sizes, error);
  if (store)
    lens_store_close(store);
  return ok;
}
