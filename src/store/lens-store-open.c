#include "lens-store-db.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lens-store-owners.h"

#define BUSY_MILLISECONDS 5000
/* Checking every page takes about a second per 500 MB; a larger file is checked only when an
 * operation met damage before. */
#define CHECK_ALWAYS_BELOW (64 * 1024 * 1024)
#define KEEP_DELETED (30 * G_TIME_SPAN_DAY)

static LensStoreDb *connect_to(const char *path, LensStoreMode mode, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  /* immutable: a file on a read-only medium cannot get the -shm that WAL needs; but with a log
   * lying there, it would hide what the log holds. */
  gboolean immutable = mode == LENS_STORE_READ_ONLY && !g_file_test(log, G_FILE_TEST_EXISTS);
  g_autofree char *uri = mode == LENS_STORE_MEMORY
                             ? g_strdup(":memory:")
                             : g_strconcat("file:", escaped, immutable ? "?immutable=1" : "", NULL);
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
              (mode == LENS_STORE_READ_ONLY ? SQLITE_OPEN_READONLY
                                            : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  LensStoreDb *self = g_new0(LensStoreDb, 1);
  self->owner = g_thread_self();
  self->path = g_strdup(path);
  self->mode = mode;

  int code = sqlite3_open_v2(uri, &self->handle, flags, NULL);
  if (code == SQLITE_OK) {
    sqlite3_extended_result_codes(self->handle, 1);
    sqlite3_busy_timeout(self->handle, BUSY_MILLISECONDS);
    return self;
  }
  lens_store_error_set(error, code, path, self->handle ? sqlite3_errmsg(self->handle) : NULL);
  lens_store_db_close(self);
  return NULL;
}

void lens_store_db_close(LensStoreDb *self)
{
  if (!self)
    return;
  g_assert(self->owner == g_thread_self());
  sqlite3_close(self->handle);
  lens_store_owners_free(self->owners);
  g_free(self->path);
  g_free(self);
}

/* Touched when an operation met damage: the next start then checks every page. */
static char *suspect_path(const char *path)
{
  return g_strconcat(path, "-suspect", NULL);
}

static gboolean check_pages(LensStoreDb *self, GError **error)
{
  GStatBuf info;
  gboolean row = FALSE;
  g_autofree char *suspect = suspect_path(self->path);
  if (g_stat(self->path, &info) == 0 && info.st_size >= CHECK_ALWAYS_BELOW &&
      !g_file_test(suspect, G_FILE_TEST_EXISTS))
    return TRUE;

  g_autoptr(sqlite3_stmt) stmt = lens_store_db_query(self, error, "PRAGMA quick_check(1)", "");
  if (!stmt || !lens_store_db_next(self, stmt, &row, error))
    return FALSE;
  const char *verdict = row ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
  if (g_strcmp0(verdict, "ok") == 0) {
    g_unlink(suspect);
    return TRUE;
  }
  lens_store_error_set(error, SQLITE_CORRUPT, self->path, verdict);
  return FALSE;
}

static gboolean purge_deleted(LensStoreDb *self, GError **error)
{
  gint64 before = g_get_real_time() - KEEP_DELETED;
  static const char *const rows[] = {
      "DELETE FROM images WHERE id IN "
      "(SELECT CAST(target AS INTEGER) FROM deletions WHERE kind = 'image' AND at < ?)",
      "DELETE FROM questions WHERE id IN "
      "(SELECT CAST(target AS INTEGER) FROM deletions WHERE kind = 'question' AND at < ?)",
      "DELETE FROM jobs WHERE id IN "
      "(SELECT CAST(target AS INTEGER) FROM deletions WHERE kind = 'job' AND at < ?)",
      "DELETE FROM models WHERE id IN (SELECT target FROM deletions WHERE kind = 'model' AND at < "
      "?)",
      "DELETE FROM deletions WHERE at < ?",
  };
  gint64 old = 0;
  if (!lens_store_db_get_int(self, &old, error, "SELECT count(*) FROM deletions WHERE at < ?", "i",
                             before))
    return FALSE;
  if (!old)
    return TRUE;

  gboolean ok = lens_store_db_begin(self, error);
  if (!ok)
    return FALSE;
  for (gsize i = 0; ok && i < G_N_ELEMENTS(rows); i++)
    ok = lens_store_db_run(self, error, rows[i], "i", before);
  return lens_store_db_end(self, ok, error);
}

/* Settings of the connection, pages, schema. A table that a migration makes anew must not take what
 * refers to it along: foreign keys count from then on. */
static gboolean prepare(LensStoreDb *self, GError **error)
{
  if (self->mode == LENS_STORE_READ_ONLY)
    return check_pages(self, error);
  /* FULL: an answer that was shown as kept survives a power cut, too. */
  if (!lens_store_db_script(self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", error))
    return FALSE;
  return check_pages(self, error) && lens_store_db_migrate(self, error) &&
         lens_store_db_script(self, "PRAGMA foreign_keys = ON", error) &&
         purge_deleted(self, error);
}

static LensStoreDb *open_as(const char *path, LensStoreMode mode, GError **error)
{
  LensStoreDb *self = connect_to(path, mode, error);
  if (self && !prepare(self, error))
    g_clear_pointer(&self, lens_store_db_close);
  return self;
}

static char *dated_name(const char *path)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *date = g_date_time_format(now, "%Y%m%d-%H%M%S");
  char *name = g_strdup_printf("%s.damaged-%s", path, date);
  for (int i = 2; g_file_test(name, G_FILE_TEST_EXISTS); i++) {
    g_free(name);
    name = g_strdup_printf("%s.damaged-%s-%d", path, date, i);
  }
  return name;
}

/* library.db -> library.db.damaged-DATE, its write-ahead log along with it. */
static char *put_aside(const char *path)
{
  static const char *const tails[] = {"-wal", "-shm", "-suspect"};
  char *aside = dated_name(path);
  if (g_rename(path, aside) != 0)
    g_clear_pointer(&aside, g_free);
  for (gsize i = 0; aside && i < G_N_ELEMENTS(tails); i++) {
    g_autofree char *from = g_strconcat(path, tails[i], NULL);
    g_autofree char *to = g_strconcat(aside, tails[i], NULL);
    if (g_str_equal(tails[i], "-suspect"))
      g_unlink(from);
    else
      g_rename(from, to);
  }
  return aside;
}

static LensStoreDb *begin_new(const char *path, char **notice, GError **error)
{
  g_autofree char *aside = put_aside(path);
  if (!aside) {
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_DAMAGED,
                _("The library %s is damaged and could not be renamed: %s."), path,
                g_strerror(errno));
    return NULL;
  }
  *notice = g_strdup_printf("The library was damaged, so a new one was begun. The old file is kept "
                            "as %s.",
                            aside);
  return open_as(path, LENS_STORE_WRITABLE, error);
}

/* What is left when the file cannot be written for `reason`. */
static LensStoreDb *open_less(const char *path, const GError *reason, char **notice, GError **error)
{
  LensStoreDb *self = open_as(path, LENS_STORE_READ_ONLY, NULL);
  gint64 version = 0;
  if (self && lens_store_db_get_int(self, &version, NULL, "PRAGMA user_version", "") &&
      version == lens_store_db_newest_version()) {
    g_free(*notice);
    *notice = g_strdup_printf("The library can be read but not changed: what you do now is not "
                              "kept. %s",
                              reason->message);
    return self;
  }
  lens_store_db_close(self);
  g_free(*notice);
  *notice = g_strdup_printf("Images, questions and answers of this session are not kept. %s",
                            reason->message);
  return open_as(path, LENS_STORE_MEMORY, error);
}

LensStoreDb *lens_store_db_open(const char *path, char **notice, GError **error)
{
  g_autoptr(GError) reason = NULL;
  g_autofree char *folder = g_path_get_dirname(path);
  *notice = NULL;

  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_set_error(&reason, LENS_STORE_ERROR, LENS_STORE_ERROR_READ_ONLY,
                _("The folder %s cannot be made: %s."), folder, g_strerror(errno));
    return open_less(path, reason, notice, error);
  }
  LensStoreDb *self = open_as(path, LENS_STORE_WRITABLE, &reason);
  if (!self && g_error_matches(reason, LENS_STORE_ERROR, LENS_STORE_ERROR_DAMAGED)) {
    g_clear_error(&reason);
    self = begin_new(path, notice, &reason);
  }
  return self ? self : open_less(path, reason, notice, error);
}
