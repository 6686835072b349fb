/* Crashes, damage, read-only folders and full disks: nothing saved is lost, and what is wrong is
 * said. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lens-store-private.h"
#include "store-fixture.h"

/* ---- kill -9 ---- */

/* Writes images and questions until killed; a byte into the pipe after each one that is kept. */
G_GNUC_NORETURN static void write_until_killed(const char *path, int pipe)
{
  GError *error = NULL;
  LensStore *store = lens_store_open(path, &error);
  for (int i = 0; store && !error; i++) {
    g_autofree char *name = g_strdup_printf("/photos/%06d.png", i);
    gint64 id = put_image(store, name, &error);
    if (id)
      put_question(store, id, "What is it?", "m", name, &error);
    if (error || write(pipe, "x", 1) != 1)
      break;
  }
  _exit(1);
}

/* Every row that the child called kept is there, whole. */
static void check_after_kill(const char *path, guint told)
{
  GError *error = NULL;
  LensStore *store = open_clean(path);
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, >=, told);
  guint answered = 0;
  for (guint i = 0; i < images->len; i++) {
    const LensStoreImage *image = images->pdata[i];
    g_autoptr(GPtrArray) questions = lens_store_list_questions(store, image->id, &error);
    g_assert_no_error(error);
    if (questions->len) {
      g_assert_cmpuint(((LensStoreQuestion *)questions->pdata[0])->n_answers, ==, 2);
      answered++;
    }
  }
  g_assert_cmpuint(answered, >=, told);
  close_store(store);
}

static void test_killed_while_writing(Fixture *self, gconstpointer data)
{
  for (guint round = 0; round < 5; round++) {
    int ends[2];
    char byte;
    guint told = 0;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
      close(ends[0]);
      write_until_killed(self->path, ends[1]);
    }
    close(ends[1]);
    while (told < 5 + 9 * round && read(ends[0], &byte, 1) == 1)
      told++;
    g_assert_cmpuint(told, ==, 5 + 9 * round);
    kill(child, SIGKILL);
    while (read(ends[0], &byte, 1) == 1)
      told++;
    close(ends[0]);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    check_after_kill(self->path, told);
  }
}

/* ---- damage ---- */

static char *find_aside(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir));)
    if (strstr(name, ".damaged-") && !g_str_has_suffix(name, "-wal") &&
        !g_str_has_suffix(name, "-shm"))
      return g_build_filename(folder, name, NULL);
  return NULL;
}

static void check_begun_anew(Fixture *self, const char *before, gsize size)
{
  GError *error = NULL;
  LensStore *store = open_store(self->path);
  g_assert_true(lens_store_is_writable(store));
  g_assert_nonnull(strstr(lens_store_get_notice(store), "damaged"));
  g_autofree char *aside = find_aside(self->folder);
  g_assert_nonnull(aside);
  g_assert_nonnull(strstr(lens_store_get_notice(store), aside));
  g_autofree char *kept = NULL;
  gsize kept_size = 0;
  g_assert_true(g_file_get_contents(aside, &kept, &kept_size, &error));
  g_assert_cmpmem(kept, kept_size, before, size);
  g_assert_cmpint(put_image(store, "/after", &error), >, 0);
  g_assert_no_error(error);
  close_store(store);
  close_store(open_clean(self->path));
}

static void test_not_a_database(Fixture *self, gconstpointer data)
{
  static const char text[] = "This is a shopping list, not a database: milk, bread, two lemons.";
  g_assert_true(g_file_set_contents(self->path, text, sizeof text, NULL));
  check_begun_anew(self, text, sizeof text);
}

static void fill(LensStore *store, guint n)
{
  GError *error = NULL;
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("/photos/%03u.png", i);
    gint64 id = put_image(store, name, &error);
    put_question(store, id, "What is it?", "m", name, &error);
    g_assert_no_error(error);
  }
}

static void test_overwritten_pages(Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize size = 0;
  LensStore *store = open_clean(self->path);
  fill(store, 60);
  close_store(store);

  g_assert_true(g_file_get_contents(self->path, &bytes, &size, NULL));
  g_assert_cmpuint(size, >, 8 * 4096);
  memset(bytes + 2 * 4096, 0xa5, size - 3 * 4096);
  g_assert_true(g_file_set_contents(self->path, bytes, (gssize)size, NULL));
  check_begun_anew(self, bytes, size);
}

static void test_truncated(Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize size = 0;
  LensStore *store = open_clean(self->path);
  fill(store, 60);
  close_store(store);
  g_assert_true(g_file_get_contents(self->path, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(self->path, bytes, (gssize)size / 2, NULL));
  check_begun_anew(self, bytes, size / 2);
}

/* ---- cannot be written ---- */

static void become(uid_t uid)
{
  if (getuid() == 0)
    g_assert_cmpint(seteuid(uid), ==, 0);
}

/* Root may write anywhere, so root tests as nobody. */
static void make_read_only(Fixture *self)
{
  if (getuid() == 0 && g_file_test(self->path, G_FILE_TEST_EXISTS))
    g_assert_cmpint(chown(self->path, 65534, 65534), ==, 0);
  g_assert_cmpint(g_chmod(self->folder, 0555), ==, 0);
  if (g_file_test(self->path, G_FILE_TEST_EXISTS))
    g_assert_cmpint(g_chmod(self->path, 0444), ==, 0);
  become(65534);
}

static void make_writable(Fixture *self)
{
  become(0);
  g_assert_cmpint(g_chmod(self->folder, 0755), ==, 0);
}

static void test_read_only_folder_with_library(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  fill(store, 3);
  close_store(store);
  make_read_only(self);

  store = open_store(self->path);
  g_assert_false(lens_store_is_writable(store));
  g_assert_nonnull(strstr(lens_store_get_notice(store), "not kept"));
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, ==, 3);
  g_assert_cmpint(put_image(store, "/new", &error), ==, 0);
  g_assert_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_READ_ONLY);
  g_assert_nonnull(strstr(error->message, "writable"));
  g_clear_error(&error);
  close_store(store);
  make_writable(self);
}

static void test_read_only_folder_without_library(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  make_read_only(self);
  LensStore *store = open_store(self->path);
  g_assert_false(lens_store_is_writable(store));
  g_assert_nonnull(strstr(lens_store_get_notice(store), self->path));
  fill(store, 2); /* the session still works */
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_cmpuint(images->len, ==, 2);
  close_store(store);
  g_assert_false(g_file_test(self->path, G_FILE_TEST_EXISTS));

  g_autofree char *deeper = g_build_filename(self->folder, "no", "such", "library.db", NULL);
  store = open_store(deeper);
  g_assert_false(lens_store_is_writable(store));
  g_assert_nonnull(lens_store_get_notice(store));
  close_store(store);
  make_writable(self);
}

/* ---- full ---- */

static gboolean set_page_limit(LensStoreDb *db, gpointer p, GError **error)
{
  return lens_store_db_script(db, p, error);
}

/* Writes until an error; returns how many images were kept. */
static guint write_until_full(LensStore *store, GError **error)
{
  g_autofree guint8 *noise = g_malloc(20000);
  for (gsize i = 0; i < 20000; i++)
    noise[i] = (guint8)(i * 2654435761u >> 13);
  g_autoptr(GBytes) blob = g_bytes_new_static(noise, 20000);
  for (guint i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf("/photos/%06u.png", i);
    LensStoreImage image = {.path = name, .name = name, .thumbnail = blob};
    if (!lens_store_put_image(store, &image, error))
      return i;
  }
  return 1000;
}

static void check_full(LensStore *store, const GError *error, guint kept)
{
  GError *other = NULL;
  g_assert_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_FULL);
  g_assert_nonnull(strstr(error->message, "room"));
  g_assert_cmpuint(kept, >, 5);
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &other);
  g_assert_no_error(other);
  g_assert_cmpuint(images->len, ==, kept);
}

static void test_page_limit(Fixture *self, gconstpointer data)
{
  g_autoptr(GError) full = NULL;
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  g_assert_true(
      lens_store_call(store, set_page_limit, (gpointer) "PRAGMA max_page_count = 100", &error));
  guint kept = write_until_full(store, &full);
  check_full(store, full, kept);
  /* There is room again: it goes on. */
  g_assert_true(
      lens_store_call(store, set_page_limit, (gpointer) "PRAGMA max_page_count = 100000", &error));
  g_assert_cmpint(put_image(store, "/after", &error), >, 0);
  g_assert_no_error(error);
  close_store(store);
  close_store(open_clean(self->path));
}

/* In a child: the mount is its own and goes with it. Exit code 77: no right to mount. */
G_GNUC_NORETURN static void fill_small_disk(Fixture *self)
{
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("tmpfs", self->folder, "tmpfs", 0, "size=1m") != 0)
    _exit(77);
  g_autoptr(GError) full = NULL;
  GError *error = NULL;
  g_autofree char *ballast = g_build_filename(self->folder, "ballast", NULL);
  g_autofree char *zeros = g_malloc0(200000);
  g_assert_true(g_file_set_contents(ballast, zeros, 200000, &error));
  LensStore *store = open_clean(self->path);
  guint kept = write_until_full(store, &full);
  check_full(store, full, kept);
  close_store(store);

  g_unlink(ballast);
  store = open_clean(self->path);
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_cmpuint(images->len, ==, kept);
  g_assert_cmpint(put_image(store, "/after", &error), >, 0);
  g_assert_no_error(error);
  close_store(store);
  _exit(0);
}

static void test_full_disk(Fixture *self, gconstpointer data)
{
  int status = 0;
  pid_t child = fork();
  g_assert_cmpint(child, >=, 0);
  if (child == 0)
    fill_small_disk(self);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
    g_test_skip("a small file system cannot be mounted here");
    return;
  }
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/killed-while-writing", test_killed_while_writing);
  ADD("/store/not-a-database", test_not_a_database);
  ADD("/store/overwritten-pages", test_overwritten_pages);
  ADD("/store/truncated", test_truncated);
  ADD("/store/read-only-folder-with-library", test_read_only_folder_with_library);
  ADD("/store/read-only-folder-without-library", test_read_only_folder_without_library);
  ADD("/store/page-limit", test_page_limit);
  ADD("/store/full-disk", test_full_disk);
  return g_test_run();
}
