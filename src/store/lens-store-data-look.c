/* Finding, reading and counting rows of data sets. */
#include "lens-store-data.h"

#include "lens-store-private.h"

/* ---- finding ---- */

typedef struct {
  gint64 set_id, evaluation_id;
  const LensDataFilter *filter;
  GArray *found;
} FindArgs;

/* `%`, `_` and `\` of the text mean themselves. */
static char *pattern_of(const char *text)
{
  GString *out = g_string_new("%");
  for (; text && *text; text++) {
    if (*text == '%' || *text == '_' || *text == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *text);
  }
  g_string_append_c(out, '%');
  return g_string_free(out, FALSE);
}

static gboolean is_set(const char *text)
{
  return text && *text;
}

/* What the model said decides: its rows are gone through, and the questions' only where they
 * matter. Else a question that was not answered counts too. */
static const char *tables_of(const FindArgs *args)
{
  const LensDataFilter *f = args->filter;
  gboolean answers = args->evaluation_id && (is_set(f->answer) || f->verdict || f->most > 0);
  gboolean rows =
      is_set(f->text) || is_set(f->truth) || is_set(f->answer_type) || is_set(f->question_type);
  if (answers && !rows)
    return "SELECT a.n FROM data_answers a WHERE a.evaluation_id = ?2";
  if (answers)
    return "SELECT a.n FROM data_answers a CROSS JOIN data_rows r ON r.set_id = ?1 AND r.n = a.n"
           " WHERE a.evaluation_id = ?2";
  if (args->evaluation_id && is_set(f->text))
    return "SELECT r.n FROM data_rows r LEFT JOIN data_answers a ON a.evaluation_id = ?2 AND"
           " a.n = r.n WHERE r.set_id = ?1";
  return "SELECT r.n FROM data_rows r WHERE r.set_id = ?1";
}

/* The conditions with their parameters by number: 1 set, 2 evaluation, 3 pattern, 4 truth, 5
 * answer, 6 answer type, 7 question type, 8 and 9 confidence. */
static char *query_of(const FindArgs *args)
{
  const LensDataFilter *f = args->filter;
  static const char *const verdicts[] = {
      [LENS_VERDICT_ANY] = "",
      [LENS_VERDICT_RIGHT] = " AND a.score > 0",
      [LENS_VERDICT_WRONG] = " AND a.score = 0",
      [LENS_VERDICT_PARTLY] = " AND a.score > 0 AND a.score < 1",
  };
  GString *sql = g_string_new(tables_of(args));
  if (is_set(f->truth))
    g_string_append(sql, " AND r.truth = ?4");
  if (is_set(f->answer_type))
    g_string_append(sql, " AND r.answer_type = ?6");
  if (is_set(f->question_type))
    g_string_append(sql, " AND r.question_type = ?7");
  if (args->evaluation_id && is_set(f->answer))
    g_string_append(sql, " AND a.answer = ?5");
  if (args->evaluation_id)
    g_string_append(sql, verdicts[f->verdict]);
  if (args->evaluation_id && f->most > 0)
    g_string_append(sql, " AND a.confidence >= ?8 AND a.confidence <= ?9");
  if (is_set(f->text)) /* last: it costs most */
    g_string_append_printf(sql,
                           " AND (r.question LIKE ?3 ESCAPE '\\' OR r.truth LIKE ?3 ESCAPE '\\'%s)",
                           args->evaluation_id ? " OR a.answer LIKE ?3 ESCAPE '\\'" : "");
  g_string_append(sql, " ORDER BY 1");
  return g_string_free(sql, FALSE);
}

static void bind(sqlite3_stmt *stmt, int at, const char *text)
{
  if (at <= sqlite3_bind_parameter_count(stmt) && text)
    sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
}

static gboolean find(LensStoreDb *db, gpointer p, GError **error)
{
  FindArgs *args = p;
  const LensDataFilter *f = args->filter;
  gboolean row = TRUE;
  g_autofree char *sql = query_of(args);
  g_autofree char *pattern = pattern_of(f->text);
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(db, error, sql, "");
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, args->set_id);
  sqlite3_bind_int64(stmt, 2, args->evaluation_id);
  bind(stmt, 3, pattern);
  bind(stmt, 4, f->truth);
  bind(stmt, 5, f->answer);
  bind(stmt, 6, f->answer_type);
  bind(stmt, 7, f->question_type);
  sqlite3_bind_double(stmt, 8, f->least);
  sqlite3_bind_double(stmt, 9, f->most);
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    guint32 n = (guint32)sqlite3_column_int64(stmt, 0);
    g_array_append_val(args->found, n);
  }
  return !row;
}

GArray *lens_store_data_find(LensStore *self, gint64 set_id, gint64 evaluation_id,
                             const LensDataFilter *filter, GError **error)
{
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint32));
  FindArgs args = {set_id, evaluation_id, filter, found};
  return lens_store_call(self, find, &args, error) ? g_steal_pointer(&found) : NULL;
}

/* ---- reading ---- */

typedef struct {
  gint64 set_id, evaluation_id;
  const guint32 *numbers;
  guint n;
  GPtrArray *list;
} ReadArgs;

static LensStoreDataRow *read_row(sqlite3_stmt *stmt)
{
  LensStoreDataRow *r = g_new0(LensStoreDataRow, 1);
  char **texts[] = {&r->id,          &r->question,      &r->image, &r->image2, &r->sentence,
                    &r->answer_type, &r->question_type, &r->truth, &r->label,  &r->answer};
  r->n = sqlite3_column_int64(stmt, 0);
  for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
    *texts[i] = lens_store_column_text(stmt, 1 + i);
  r->confidence = sqlite3_column_double(stmt, 11);
  r->score = sqlite3_column_double(stmt, 12);
  r->oracle = sqlite3_column_double(stmt, 13);
  return r;
}

static gboolean read_rows(LensStoreDb *db, gpointer p, GError **error)
{
  ReadArgs *args = p;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      "SELECT r.n, id, question, image, image2, sentence, answer_type, question_type, truth, label,"
      " a.answer, ifnull(a.confidence, 0), ifnull(a.score, -1), ifnull(a.oracle, -1) FROM "
      "data_rows r"
      " LEFT JOIN data_answers a ON a.evaluation_id = ? AND a.n = r.n WHERE r.set_id = ? AND r.n = "
      "?",
      "iii", args->evaluation_id, args->set_id, (gint64)0);
  if (!stmt)
    return FALSE;
  for (guint i = 0; i < args->n; i++) {
    gboolean row = FALSE;
    sqlite3_reset(stmt);
    sqlite3_bind_int64(stmt, 3, args->numbers[i]);
    if (!lens_store_db_next(db, stmt, &row, error))
      return FALSE;
    g_ptr_array_add(args->list, row ? read_row(stmt) : NULL);
  }
  return TRUE;
}

GPtrArray *lens_store_data_read(LensStore *self, gint64 set_id, gint64 evaluation_id,
                                const guint32 *numbers, guint n, GError **error)
{
  g_autoptr(GPtrArray) list =
      g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_data_row_free);
  ReadArgs args = {set_id, evaluation_id, numbers, n, list};
  return lens_store_call(self, read_rows, &args, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- counting ---- */

typedef struct {
  LensTallyKind kind;
  gint64 set_id, evaluation_id;
  guint most;
  GPtrArray *list;
} TallyArgs;

#define JOINED                                                                                     \
  " FROM data_answers a JOIN data_rows r ON r.set_id = ?1 AND r.n = a.n"                           \
  " WHERE a.evaluation_id = ?2 AND a.score IS NOT NULL"

static char *tally_query(const TallyArgs *args)
{
  static const char *const columns[] = {
      [LENS_TALLY_ALL] = "''",
      [LENS_TALLY_ANSWER_TYPE] = "answer_type",
      [LENS_TALLY_QUESTION_TYPE] = "question_type",
      [LENS_TALLY_TRUTH] = "truth",
      [LENS_TALLY_ANSWER] = "answer",
  };
  if (args->kind == LENS_TALLY_ANSWER && !args->evaluation_id)
    return g_strdup("SELECT '', NULL, 0, -1 WHERE 0");
  if (args->kind == LENS_TALLY_CONFUSION)
    return g_strdup("SELECT truth, answer, count(*), sum(score)" JOINED
                    " GROUP BY truth, answer ORDER BY 3 DESC, 1, 2 LIMIT ?3");
  if (args->kind == LENS_TALLY_ORACLE)
    return g_strdup("SELECT '', NULL, count(*), sum(oracle)" JOINED);
  if (args->kind == LENS_TALLY_SENTENCES)
    return g_strdup("SELECT '', NULL, count(*), sum(whole) FROM (SELECT min(score) AS whole" JOINED
                    " GROUP BY sentence)");
  if (args->evaluation_id)
    return g_strdup_printf("SELECT %s, NULL, count(*), sum(score)%s GROUP BY 1 ORDER BY 3 DESC, 1"
                           " LIMIT ?3",
                           columns[args->kind], JOINED);
  return g_strdup_printf("SELECT %s, NULL, count(*), -1 FROM data_rows WHERE set_id = ?1 AND %s IS"
                         " NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ?3",
                         columns[args->kind], columns[args->kind]);
}

static gboolean tally(LensStoreDb *db, gpointer p, GError **error)
{
  TallyArgs *args = p;
  gboolean row = TRUE;
  g_autofree char *sql = tally_query(args);
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(db, error, sql, "");
  if (!stmt)
    return FALSE;
  sqlite3_bind_int64(stmt, 1, args->set_id);
  sqlite3_bind_int64(stmt, 2, args->evaluation_id);
  if (sqlite3_bind_parameter_count(stmt) >= 3)
    sqlite3_bind_int64(stmt, 3, args->most);
  while (lens_store_db_next(db, stmt, &row, error) && row) {
    LensTally *one = g_new0(LensTally, 1);
    one->name = lens_store_column_text(stmt, 0);
    one->other = lens_store_column_text(stmt, 1);
    one->n = sqlite3_column_int64(stmt, 2);
    one->score = sqlite3_column_double(stmt, 3);
    g_ptr_array_add(args->list, one);
  }
  return !row;
}

GPtrArray *lens_store_data_tally(LensStore *self, LensTallyKind kind, gint64 set_id,
                                 gint64 evaluation_id, guint most, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)lens_tally_free);
  TallyArgs args = {kind, set_id, evaluation_id, most, list};
  return lens_store_call(self, tally, &args, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- what is missing, what is there twice ---- */

typedef struct {
  gint64 id, n;
  guint most;
  GPtrArray *images;
  char *first;
} CountArgs;

#define LEFT_OUT                                                                                   \
  " FROM data_evaluations e JOIN data_rows r ON r.set_id = e.set_id AND r.n < e.done"              \
  " LEFT JOIN data_answers a ON a.evaluation_id = e.id AND a.n = r.n"                              \
  " WHERE e.id = ? AND a.n IS NULL"

static gboolean count_left_out(LensStoreDb *db, gpointer p, GError **error)
{
  CountArgs *args = p;
  gboolean row = TRUE;
  if (!lens_store_db_get_int(db, &args->n, error, "SELECT count(*)" LEFT_OUT, "i", args->id))
    return FALSE;
  if (!args->n)
    return TRUE;
  g_autoptr(sqlite3_stmt) stmt =
      lens_store_db_query(db, error, "SELECT DISTINCT r.image" LEFT_OUT " ORDER BY r.n LIMIT ?",
                          "ii", args->id, (gint64)args->most);
  while (stmt && lens_store_db_next(db, stmt, &row, error) && row)
    g_ptr_array_add(args->images, lens_store_column_text(stmt, 0));
  return stmt && !row;
}

gint64 lens_store_data_count_left_out(LensStore *self, gint64 evaluation_id, guint most,
                                      GPtrArray **images, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  CountArgs args = {.id = evaluation_id, .most = most, .images = list};
  if (!lens_store_call(self, count_left_out, &args, error))
    return -1;
  if (images)
    *images = g_steal_pointer(&list);
  return args.n;
}

static gboolean count_repeated(LensStoreDb *db, gpointer p, GError **error)
{
  CountArgs *args = p;
  gboolean row = FALSE;
  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(
      db, error,
      "SELECT count(*), min(id) FROM (SELECT id FROM data_rows WHERE set_id = ? GROUP BY id"
      " HAVING count(*) > 1)",
      "i", args->id);
  if (!stmt || !lens_store_db_next(db, stmt, &row, error))
    return FALSE;
  args->n = row ? sqlite3_column_int64(stmt, 0) : 0;
  args->first = args->n ? lens_store_column_text(stmt, 1) : NULL;
  return TRUE;
}

gint64 lens_store_data_count_repeated(LensStore *self, gint64 set_id, char **first, GError **error)
{
  CountArgs args = {.id = set_id};
  gboolean ok = lens_store_call(self, count_repeated, &args, error);
  if (first)
    *first = g_steal_pointer(&args.first);
  g_free(args.first);
  return ok ? args.n : -1;
}
