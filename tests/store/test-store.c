/* What is put into the library is there after it was closed and opened again. */
#include "lens-store-private.h"
#include "store-fixture.h"

static gboolean read_int(LensStoreDb *db, gpointer p, GError **error)
{
  struct {
    const char *sql;
    gint64 value;
  } *args = p;
  return lens_store_db_get_int(db, &args->value, error, args->sql, "");
}

static gint64 int_of(LensStore *store, const char *sql)
{
  struct {
    const char *sql;
    gint64 value;
  } args = {sql, -1};
  GError *error = NULL;
  lens_store_call(store, read_int, &args, &error);
  g_assert_no_error(error);
  return args.value;
}

static guint found(LensStore *store, const char *needle, gboolean favourites)
{
  LensStoreFilter filter = {needle, favourites};
  GError *error = NULL;
  g_autoptr(GArray) ids = lens_store_list_image_ids(store, &filter, &error);
  g_assert_no_error(error);
  return ids->len;
}

static void test_migrates_from_empty(Fixture *self, gconstpointer data)
{
  LensStore *store = open_clean(self->path);
  g_assert_cmpint(int_of(store, "PRAGMA user_version"), ==, lens_store_db_newest_version());
  g_assert_cmpint(lens_store_db_newest_version(), >=, 2);
  g_assert_cmpint(int_of(store, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint(
      int_of(store, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ("
                    "'images', 'regions', 'questions', 'runs', 'answers', 'jobs', 'job_points',"
                    "'models', 'favourites', 'deletions')"),
      ==, 10);
  close_store(store);
}

static void run_sql(const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close(db);
}

/* A file of an older layout, made by its first `n` scripts, with content. */
static void make_old(const char *path, int n, const char *content)
{
  static const char *const scripts[] = {"001-library", "002-deletions", "003-search",
                                        "004-data",    "005-findings",  "006-findings-rows"};
  g_autofree char *pragma = g_strdup_printf("PRAGMA user_version = %d", n);
  for (int i = 0; i < n; i++) {
    GError *error = NULL;
    g_autofree char *name = g_strdup_printf("/org/crosslens/store/migrations/%s.sql", scripts[i]);
    g_autoptr(GBytes) sql = g_resources_lookup_data(name, 0, &error);
    g_assert_no_error(error);
    run_sql(path, g_bytes_get_data(sql, NULL));
  }
  run_sql(path, content);
  run_sql(path, pragma);
}

/* A library of the first layout, or the last one before pairs, with content, gets the later ones
 * without losing any. */
static void test_migrates_from_old(Fixture *self, gconstpointer layouts)
{
  GError *error = NULL;
  make_old(self->path, GPOINTER_TO_INT(layouts),
           "INSERT INTO images (id, path, name, added_at) VALUES (3, '/a', 'a', 5);"
           "INSERT INTO questions (id, image_id, text, asked_at) VALUES (7, 3, 'A kite?', 6),"
           " (9, 3, 'A dog?', 5);"
           "INSERT INTO runs VALUES (1, 7, 'm', 2.5, 6);"
           "INSERT INTO answers VALUES (1, 0, 'yes', 0.75), (1, 1, 'no', 0.25);");

  LensStore *store = open_clean(self->path);
  g_assert_cmpint(int_of(store, "PRAGMA user_version"), ==, lens_store_db_newest_version());
  g_assert_cmpint(int_of(store, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, ==, 1);
  g_autoptr(GPtrArray) questions = lens_store_list_questions(store, 3, &error);
  g_assert_cmpuint(questions->len, ==, 2);
  const LensStoreQuestion *first = questions->pdata[0];
  g_assert_cmpint(first->id, ==, 7);
  g_assert_cmpint(first->second_id, ==, 0);
  g_assert_cmpuint(first->n_answers, ==, 2);
  g_assert_cmpstr(first->answers[0].text, ==, "yes");
  /* Still one row a question, which is still found, and goes with its image. */
  g_assert_cmpint(put_question(store, 3, "A kite?", "m", "blue", &error), ==, 7);
  g_assert_cmpuint(found(store, "kite blue", FALSE), ==, 1);
  close_store(store);
  run_sql(self->path, "INSERT INTO deletions VALUES ('image', 3, 1)");
  store = open_clean(self->path);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM questions"), ==, 0);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM answers"), ==, 0);
  g_assert_cmpuint(found(store, "kite", FALSE), ==, 0);
  close_store(store);
}

static void test_newer_library_is_left_alone(Fixture *self, gconstpointer data)
{
  sqlite3 *db = NULL;
  g_assert_cmpint(sqlite3_open(self->path, &db), ==, SQLITE_OK);
  sqlite3_exec(db, "CREATE TABLE future (x); PRAGMA user_version = 999", NULL, NULL, NULL);
  sqlite3_close(db);

  LensStore *store = open_store(self->path);
  g_assert_false(lens_store_is_writable(store));
  g_assert_nonnull(strstr(lens_store_get_notice(store), "newer Crosslens"));
  close_store(store);

  gint64 version = 0;
  sqlite3_stmt *stmt = NULL;
  g_assert_cmpint(sqlite3_open(self->path, &db), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL), ==, SQLITE_OK);
  if (sqlite3_step(stmt) == SQLITE_ROW)
    version = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  sqlite3_close(db);
  g_assert_cmpint(version, ==, 999);
}

static void fill(LensStore *store)
{
  GError *error = NULL;
  static const guint8 bytes[] = {0, 1, 2, 255};
  g_autoptr(GBytes) blob = g_bytes_new_static(bytes, sizeof bytes);
  LensStoreImage image = {.path = (char *)"/photos/cat.jpg",
                          .name = (char *)"cat.jpg",
                          .sha256 = (char *)"c0ffee",
                          .size = 1234,
                          .width = 640,
                          .height = 480,
                          .thumbnail = blob};
  gint64 cat = lens_store_put_image(store, &image, &error);
  g_assert_cmpint(cat, >, 0);
  LensStoreImage shipped = {
      .path = (char *)"/data/0001.png", .name = (char *)"0001", .shipped = TRUE};
  g_assert_cmpint(lens_store_put_image(store, &shipped, &error), >, 0);
  g_assert_true(lens_store_put_regions(store, "c0ffee", "detector-1", blob, &error));
  put_question(store, cat, "What colour is it?", "base", "blue", &error);
  put_question(store, cat, "How many dogs?", "base", "2", &error);
  put_question(store, cat, "What colour is it?", "vqa", "orange", &error);
  g_assert_true(lens_store_set_favourite(store, cat, TRUE, &error));
  LensStoreModel model = {.id = (char *)"mine",
                          .path = (char *)"/models/mine",
                          .name = (char *)"Mine",
                          .hash = (char *)"beef"};
  g_assert_true(lens_store_put_model(store, &model, &error));
  g_assert_no_error(error);
}

static void check_image(LensStore *store)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, ==, 2);
  const LensStoreImage *cat = images->pdata[0], *shipped = images->pdata[1];
  g_assert_cmpstr(cat->path, ==, "/photos/cat.jpg");
  g_assert_cmpstr(cat->sha256, ==, "c0ffee");
  g_assert_cmpint(cat->size, ==, 1234);
  g_assert_cmpint(cat->width, ==, 640);
  g_assert_cmpint(cat->height, ==, 480);
  g_assert_true(cat->favourite);
  g_assert_cmpuint(cat->n_questions, ==, 2);
  g_assert_cmpuint(g_bytes_get_size(cat->thumbnail), ==, 4);
  g_assert_true(shipped->shipped);
  g_assert_null(shipped->thumbnail);

  g_autoptr(GBytes) regions = lens_store_get_regions(store, "c0ffee", "detector-1", &error);
  g_assert_no_error(error);
  g_assert_true(g_bytes_equal(regions, cat->thumbnail));
  g_assert_null(lens_store_get_regions(store, "c0ffee", "detector-2", &error));
  g_assert_no_error(error);
}

static void check_questions(LensStore *store)
{
  GError *error = NULL;
  g_autoptr(LensStoreImage) cat = lens_store_find_image(store, "/photos/cat.jpg", &error);
  g_assert_no_error(error);
  g_autoptr(GPtrArray) questions = lens_store_list_questions(store, cat->id, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(questions->len, ==, 2);
  const LensStoreQuestion *first = questions->pdata[0], *second = questions->pdata[1];
  g_assert_cmpstr(first->text, ==, "What colour is it?");
  g_assert_cmpstr(first->model_id, ==, "vqa");
  g_assert_cmpuint(first->n_answers, ==, 2);
  g_assert_cmpstr(first->answers[0].text, ==, "orange");
  g_assert_cmpfloat(first->answers[0].probability, ==, 0.75);
  g_assert_cmpstr(first->answers[1].text, ==, "maybe");
  g_assert_cmpstr(second->text, ==, "How many dogs?");
  g_assert_cmpfloat(second->milliseconds, ==, 12.5);

  g_autoptr(GPtrArray) models = lens_store_list_models(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(models->len, ==, 1);
  g_assert_cmpstr(((LensStoreModel *)models->pdata[0])->hash, ==, "beef");
}

static void test_keeps(Fixture *self, gconstpointer data)
{
  LensStore *store = open_clean(self->path);
  fill(store);
  check_image(store);
  close_store(store);

  store = open_clean(self->path);
  check_image(store);
  check_questions(store);
  close_store(store);
}

/* Putting an image again keeps what the new row does not say. */
static void test_put_again(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  fill(store);
  LensStoreImage bare = {.path = (char *)"/photos/cat.jpg", .name = (char *)"cat.jpg"};
  g_assert_cmpint(lens_store_put_image(store, &bare, &error), >, 0);
  g_assert_no_error(error);
  check_image(store);
  close_store(store);
}

static void test_delete_and_undo(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  fill(store);
  g_autoptr(LensStoreImage) cat = lens_store_find_image(store, "/photos/cat.jpg", &error);
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, cat->id);
  g_assert_true(lens_store_set_deleted(store, LENS_STORE_KIND_IMAGE, id, TRUE, &error));
  g_autoptr(GPtrArray) without = lens_store_list_images(store, &error);
  g_assert_cmpuint(without->len, ==, 1);
  close_store(store);

  store = open_clean(self->path);
  g_assert_true(lens_store_set_deleted(store, LENS_STORE_KIND_IMAGE, id, FALSE, &error));
  check_image(store);
  check_questions(store);

  g_autoptr(GPtrArray) questions = lens_store_list_questions(store, cat->id, &error);
  g_autofree char *question =
      g_strdup_printf("%" G_GINT64_FORMAT, ((LensStoreQuestion *)questions->pdata[0])->id);
  g_assert_true(lens_store_set_deleted(store, LENS_STORE_KIND_QUESTION, question, TRUE, &error));
  g_autoptr(GPtrArray) fewer = lens_store_list_questions(store, cat->id, &error);
  g_assert_cmpuint(fewer->len, ==, 1);
  /* Asked again, it is back. */
  put_question(store, cat->id, "What colour is it?", "vqa", "orange", &error);
  g_assert_no_error(error);
  check_questions(store);
  close_store(store);
}

static void test_old_deletions_are_purged(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  fill(store);
  close_store(store);

  sqlite3 *db = NULL;
  g_assert_cmpint(sqlite3_open(self->path, &db), ==, SQLITE_OK);
  sqlite3_exec(db,
               "INSERT INTO deletions SELECT 'image', id, 1 FROM images WHERE NOT shipped;"
               "INSERT INTO deletions SELECT 'model', id, 9223372036854775000 FROM models",
               NULL, NULL, NULL);
  sqlite3_close(db);

  store = open_clean(self->path);
  g_assert_null(lens_store_find_image(store, "/photos/cat.jpg", &error));
  g_assert_no_error(error);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM questions"), ==, 0);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM answers"), ==, 0);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM models"), ==, 1);
  close_store(store);
}

/* Shipped scenes come once; what was deleted stays deleted, and a moved installation is followed.
 */
static void test_seed(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  const char *questions[] = {"Is there a dog?", "What colour is the cat?", NULL};
  LensStoreSeed seeds[] = {{"/old/scenes/a.png", "a", questions}, {"/old/scenes/b.png", "b", NULL}};
  LensStore *store = open_clean(self->path);
  g_assert_true(lens_store_seed(store, seeds, 2, &error));
  g_autoptr(LensStoreImage) b = lens_store_find_image(store, "/old/scenes/b.png", &error);
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, b->id);
  g_assert_true(lens_store_set_deleted(store, LENS_STORE_KIND_IMAGE, id, TRUE, &error));

  seeds[0].path = "/new/scenes/a.png";
  seeds[1].path = "/new/scenes/b.png";
  g_assert_true(lens_store_seed(store, seeds, 2, &error));
  g_autoptr(GPtrArray) images = lens_store_list_images(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, ==, 1);
  const LensStoreImage *a = images->pdata[0];
  g_assert_cmpstr(a->path, ==, "/new/scenes/a.png");
  g_assert_true(a->shipped);
  g_autoptr(GPtrArray) listed = lens_store_list_questions(store, a->id, &error);
  g_assert_cmpuint(listed->len, ==, 2);
  const LensStoreQuestion *first = listed->pdata[0];
  g_assert_cmpstr(first->text, ==, questions[0]);
  g_assert_null(first->model_id);
  g_assert_cmpuint(first->n_answers, ==, 0);
  close_store(store);
}

static void test_jobs_and_curves(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  LensStoreJob job = {.kind = (char *)"train",
                      .title = (char *)"First",
                      .settings = (char *)"{}",
                      .state = (char *)"running"};
  LensStorePoint points[] = {{1, 3.5}, {2, 2.5}, {3, 2.0}};
  job.id = lens_store_put_job(store, &job, &error);
  g_assert_cmpint(job.id, >, 0);
  g_assert_true(lens_store_add_points(store, job.id, "loss", points, 3, &error));
  job.state = (char *)"failed";
  job.error = (char *)"disk full";
  g_assert_cmpint(lens_store_put_job(store, &job, &error), ==, job.id);
  close_store(store);

  store = open_clean(self->path);
  g_autoptr(GPtrArray) jobs = lens_store_list_jobs(store, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(jobs->len, ==, 1);
  const LensStoreJob *found = jobs->pdata[0];
  g_assert_cmpstr(found->state, ==, "failed");
  g_assert_cmpstr(found->error, ==, "disk full");
  g_assert_true(lens_store_cut_points(store, job.id, 2, &error));
  g_autoptr(GArray) kept = lens_store_list_points(store, job.id, "loss", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(kept->len, ==, 2);
  g_assert_cmpfloat(g_array_index(kept, LensStorePoint, 1).value, ==, 2.5);
  close_store(store);
}

static void test_foreign_key_is_an_error(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  g_assert_cmpint(put_question(store, 77, "Of no image?", "m", "x", &error), ==, 0);
  g_assert_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_FAILED);
  g_clear_error(&error);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM questions"), ==, 0);
  close_store(store);
}

/* ---- async ---- */

static gpointer count_images(LensStore *store, gpointer data, GError **error)
{
  *(GThread **)data = g_thread_self();
  return lens_store_list_images(store, error);
}

static void on_done(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
  g_main_context_wakeup(NULL);
}

static void test_async(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  GThread *thread = NULL;
  GAsyncResult *result = NULL;
  LensStore *store = open_clean(self->path);
  fill(store);
  lens_store_run_async(store, count_images, &thread, NULL, (GDestroyNotify)g_ptr_array_unref, NULL,
                       on_done, &result);
  while (!result)
    g_main_context_iteration(NULL, TRUE);
  g_autoptr(GPtrArray) images = lens_store_run_finish(store, result, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, ==, 2);
  g_assert_true(thread != g_thread_self());
  g_clear_object(&result);

  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_cancellable_cancel(cancellable);
  lens_store_run_async(store, count_images, &thread, NULL, (GDestroyNotify)g_ptr_array_unref,
                       cancellable, on_done, &result);
  while (!result)
    g_main_context_iteration(NULL, TRUE);
  g_assert_null(lens_store_run_finish(store, result, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error(&error);
  g_clear_object(&result);

  lens_store_close(store);
  g_assert_null(lens_store_list_images(store, &error));
  g_assert_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_CLOSED);
  g_clear_error(&error);
  g_object_unref(store);
}

static gpointer write_many(gpointer data)
{
  LensStore *store = data;
  for (int i = 0; i < 25; i++) {
    GError *error = NULL;
    g_autofree char *path = g_strdup_printf("/t/%p/%d", (void *)g_thread_self(), i);
    gint64 id = put_image(store, path, &error);
    g_assert_no_error(error);
    put_question(store, id, "Which?", "m", path, &error);
    g_assert_no_error(error);
  }
  return NULL;
}

static void test_many_threads(Fixture *self, gconstpointer data)
{
  GThread *threads[4];
  LensStore *store = open_clean(self->path);
  for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("writer", write_many, store);
  for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM images"), ==, 100);
  g_assert_cmpint(int_of(store, "SELECT count(*) FROM answers"), ==, 200);
  close_store(store);
}

static gint64 put_statement(LensStore *store, gint64 first, gint64 second, const char *text)
{
  GError *error = NULL;
  LensStoreAnswer answer = {(char *)"True", 0.75};
  LensStoreQuestion row = {.image_id = first,
                           .second_id = second,
                           .text = (char *)text,
                           .model_id = (char *)"judge",
                           .n_answers = 1,
                           .answers = &answer};
  gint64 id = lens_store_put_question(store, &row, &error);
  g_assert_no_error(error);
  return id;
}

/* A statement is one row a pair, under the first image; it goes when either image has gone for good. */
static void test_pairs(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  gint64 a = put_image(store, "/p/a.png", &error), b = put_image(store, "/p/b.png", &error);
  gint64 c = put_image(store, "/p/c.png", &error);
  gint64 with_b = put_statement(store, a, b, "two kites"), with_c;
  with_c = put_statement(store, a, c, "two kites");
  gint64 alone = put_question(store, a, "two kites", "m", "no", &error);
  g_assert_true(with_b != with_c && alone != with_b && alone != with_c);
  g_assert_cmpint(put_statement(store, a, b, "two kites"), ==, with_b);
  close_store(store);

  store = open_clean(self->path);
  g_autoptr(GPtrArray) rows = lens_store_list_questions(store, a, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(rows->len, ==, 3);
  const LensStoreQuestion *newest = rows->pdata[0], *middle = rows->pdata[1];
  g_assert_cmpint(newest->id, ==, with_b);
  g_assert_cmpint(newest->second_id, ==, b);
  g_assert_cmpstr(newest->second_path, ==, "/p/b.png");
  g_assert_cmpstr(newest->answers[0].text, ==, "True");
  g_assert_cmpint(middle->id, ==, alone);
  g_assert_null(middle->second_path);
  g_autoptr(GPtrArray) under_second = lens_store_list_questions(store, b, &error);
  g_assert_cmpuint(under_second->len, ==, 0);
  /* Off the list, the second image is still known: deleting can be undone. */
  g_autofree char *target = g_strdup_printf("%" G_GINT64_FORMAT, b);
  lens_store_set_deleted(store, LENS_STORE_KIND_IMAGE, target, TRUE, &error);
  g_autoptr(GPtrArray) still = lens_store_list_questions(store, a, &error);
  g_assert_cmpuint(still->len, ==, 3);
  g_assert_no_error(error);
  close_store(store);

  run_sql(self->path, "UPDATE deletions SET at = 1");
  store = open_clean(self->path);
  g_autoptr(GPtrArray) left = lens_store_list_questions(store, a, &error);
  g_assert_cmpuint(left->len, ==, 2);
  g_assert_cmpint(((LensStoreQuestion *)left->pdata[0])->id, ==, alone);
  close_store(store);
}

/* By name, by words of a question, by its answer; what was deleted is not found. */
static void test_search(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  gint64 beach = put_image(store, "/p/beach_1.png", &error);
  gint64 street = put_image(store, "/p/street%.png", &error);
  gint64 asked =
      put_question(store, beach, "Which colour is the UMBRELLA?", "m", "dark red", &error);
  put_question(store, street, "有几只猫？", "m", "three", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found(store, NULL, FALSE), ==, 2);
  g_assert_cmpuint(found(store, "umbr", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "colo the", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "RED", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "umbrella three", FALSE), ==, 0); /* of one question */
  g_assert_cmpuint(found(store, "beach", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "street%", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "%", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "猫", FALSE), ==, 1);
  g_assert_cmpuint(found(store, "\"' OR 1", FALSE), ==, 0);
  put_question(store, beach, "Which colour is the UMBRELLA?", "m", "blue", &error);
  g_assert_cmpuint(found(store, "red", FALSE), ==, 0);
  g_assert_cmpuint(found(store, "blue", FALSE), ==, 1);
  lens_store_set_favourite(store, street, TRUE, &error);
  g_assert_cmpuint(found(store, NULL, TRUE), ==, 1);
  g_assert_cmpuint(found(store, "blue", TRUE), ==, 0);
  lens_store_set_favourite(store, beach, TRUE, &error);
  lens_store_set_favourite(store, street, FALSE, &error);
  g_assert_cmpuint(found(store, NULL, TRUE), ==, 1);
  g_assert_cmpuint(found(store, "blue", TRUE), ==, 1);
  g_autofree char *target = g_strdup_printf("%" G_GINT64_FORMAT, asked);
  lens_store_set_deleted(store, LENS_STORE_KIND_QUESTION, target, TRUE, &error);
  g_assert_cmpuint(found(store, "blue", FALSE), ==, 0);
  g_assert_no_error(error);
  close_store(store);
}

/* What a search remembers of the library follows what is asked, deleted and written by others. */
static void test_search_follows(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path), *other;
  gint64 beach = put_image(store, "/p/1.png", &error);
  gint64 street = put_image(store, "/p/2.png", &error);
  gint64 asked = put_question(store, beach, "Is there a kite?", "m", "yes", &error);
  g_autofree char *target = g_strdup_printf("%" G_GINT64_FORMAT, asked);
  g_assert_true(lens_store_prepare_search(store, &error));
  g_assert_cmpuint(found(store, "kite", FALSE), ==, 1);
  put_question(store, street, "How many kites?", "m", "2", &error);
  g_assert_cmpuint(found(store, "kite", FALSE), ==, 2);
  lens_store_set_deleted(store, LENS_STORE_KIND_QUESTION, target, TRUE, &error);
  g_assert_cmpuint(found(store, "kite", FALSE), ==, 1);
  lens_store_set_deleted(store, LENS_STORE_KIND_QUESTION, target, FALSE, &error);
  g_assert_cmpuint(found(store, "kite", FALSE), ==, 2);
  other = open_clean(self->path);
  put_question(other, put_image(other, "/p/3.png", &error), "Which kite?", "m", "red", &error);
  g_assert_no_error(error);
  close_store(other);
  g_assert_cmpuint(found(store, "kite", FALSE), ==, 3);
  g_assert_cmpuint(found(store, "kite red", FALSE), ==, 1);
  close_store(store);
}

/* The generated library: order, pages and search, at a size that tests bear. */
static void test_large(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  g_assert_true(lens_store_generate(self->path, 2000, 9000, NULL, &error));
  g_assert_no_error(error);
  LensStore *store = open_clean(self->path);
  g_autoptr(GArray) ids = lens_store_list_image_ids(store, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(ids->len, ==, 2000);
  for (guint i = 0; i < ids->len; i++) /* newest first */
    g_assert_cmpint(g_array_index(ids, gint64, i), ==, 2000 - i);
  g_autoptr(GPtrArray) page =
      lens_store_get_images(store, &g_array_index(ids, gint64, 700), 64, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(page->len, ==, 64);
  for (guint i = 0; i < page->len; i++) {
    const LensStoreImage *image = page->pdata[i];
    g_autofree char *name = g_strdup_printf("image-%u", 1300 - i);
    g_assert_cmpstr(image->name, ==, name);
    g_assert_cmpuint(image->n_questions, >=, 4);
  }
  /* every 3 * 7th question, on images of their own */
  g_assert_cmpuint(found(store, "colour boat", FALSE), >, 100);
  g_assert_cmpuint(found(store, "colour boat", FALSE), <, 2000);
  g_assert_cmpuint(found(store, "image-77", FALSE), ==, 11);
  /* the triggers are back */
  put_question(store, 5, "Where is the giraffe?", "m", "nowhere", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(found(store, "giraffe nowhere", FALSE), ==, 1);
  close_store(store);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("/store/migrates-from-empty", test_migrates_from_empty);
  g_test_add("/store/migrates-from-first", Fixture, GINT_TO_POINTER(1), fixture_set_up,
             test_migrates_from_old, fixture_tear_down);
  g_test_add("/store/migrates-from-before-pairs", Fixture, GINT_TO_POINTER(6), fixture_set_up,
             test_migrates_from_old, fixture_tear_down);
  ADD("/store/newer-library-is-left-alone", test_newer_library_is_left_alone);
  ADD("/store/keeps", test_keeps);
  ADD("/store/put-again", test_put_again);
  ADD("/store/delete-and-undo", test_delete_and_undo);
  ADD("/store/old-deletions-are-purged", test_old_deletions_are_purged);
  ADD("/store/seed", test_seed);
  ADD("/store/jobs-and-curves", test_jobs_and_curves);
  ADD("/store/foreign-key-is-an-error", test_foreign_key_is_an_error);
  ADD("/store/pairs", test_pairs);
  ADD("/store/search", test_search);
  ADD("/store/search-follows", test_search_follows);
  ADD("/store/large", test_large);
  ADD("/store/async", test_async);
  ADD("/store/many-threads", test_many_threads);
  return g_test_run();
}
