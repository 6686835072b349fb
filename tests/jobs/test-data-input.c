/* Data sets that are not as they should be: each is told in words that help, nothing crashes, and
 * what can be used is used. */
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "jobs-data.h"
#include "lens-detectors.h"

#define QUESTION(id, image, more)                                                                  \
  "{\"question_id\": " id ", \"img_id\": \"" image "\", \"sent\": \"is there a dog ?\"" more "}"

static void expect(const char *text, const char *part)
{
  if (!text || !strstr(text, part))
    g_error("“%s” does not say “%s”", text ? text : "(nothing)", part);
}

/* The list opens, reading it fails, and the problem names file and fault. */
static void expect_problem(World *world, const char *name, const char *text, const char *part)
{
  g_autofree char *path = data_write(world, name, text);
  LensDataSet *set = data_open(world, path);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "failed");
  expect(lens_data_set_get_problem(set), part);
  expect(lens_data_set_get_problem(set), name);
}

static void test_json(World *world, gconstpointer unused)
{
  expect_problem(world, "a.json",
                 "[" QUESTION("1", "i", "") ", " QUESTION("2", "i", ", \"label\": 3") "]", "label");
  expect_problem(
      world, "b.json",
      "[" QUESTION("1", "i", "") ", " QUESTION("2", "i", ", \"label\": {\"yes\": \"x\"}") "]",
      "score of “yes”");
  expect_problem(world, "c.json",
                 "[" QUESTION("1", "i", "") ", {\"question_id\": 2, \"img_id\": \"i\","
                                            " \"sent\": [1]}]",
                 "sent");
  expect_problem(world, "d.json",
                 "[" QUESTION("1", "i", "") ", {\"question_id\": 2.5, \"img_id\":"
                                            " \"i\", \"sent\": \"a\"}]",
                 "question_id");
  expect_problem(world, "e.json", "[" QUESTION("1", "i", "") ", 7]", "not a JSON object");
  expect_problem(world, "f.json", "[" QUESTION("1", "i", "") ", {\"quest", "f.json");
  expect_problem(world, "g.json",
                 "[{\"identifier\": \"a-0-0\", \"img0\": \"x\", \"img1\": \"y\","
                 " \"sent\": \"s\", \"label\": \"True\"}]",
                 "label is not 0 or 1");
  expect_problem(world, "h.json", "[{\"identifier\": \"a-0-0\", \"img0\": \"x\", \"sent\": \"s\"}]",
                 "img1");
}

static void expect_nothing(World *world, const char *name, const char *text, const char *part)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = data_write(world, name, text);
  g_assert_null(data_find(world, path, &error));
  expect(error->message, part);
}

/* A list that was picked is what is wanted, not the features that lie beside it. */
static void test_broken_beside_features(World *world, gconstpointer unused)
{
  g_autofree char *features = data_write_features(world, "beside/f_obj36.tsv", 2);
  expect_nothing(world, "beside/broken.json", "[{\"sent\": ", "broken.json");
  expect_nothing(world, "beside/other.json", "[{\"sent\": \"no id\"}]", "holds no data set");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = data_find(world, features, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(((LensDataSource *)found->pdata[0])->kind, ==, "images");
}

static void test_no_set(World *world, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  expect_nothing(world, "empty.json", "[]", "holds no data set");
  expect_nothing(world, "broken.json", "[{\"sent\": ", "broken.json");
  expect_nothing(world, "object.json", "{}", "object.json");
  g_assert_null(data_find(world, "/nowhere/at/all.json", &error));
  expect(error->message, "is not there");
  g_clear_error(&error);
  g_autofree char *lonely = world_file(world, "lonely");
  g_autofree char *file = g_build_filename(lonely, "sub", "q.json", NULL);
  g_autofree char *folder = g_path_get_dirname(file);
  g_mkdir_with_parents(folder, 0755);
  g_assert_true(g_file_set_contents(file, "[" QUESTION("1", "i", "") "]", -1, NULL));
  g_assert_null(data_find(world, lonely, &error));
  expect(error->message, "neither feature files");
}

static guint count_made(World *world)
{
  g_autofree char *folder = g_build_filename(world->state_dir, "features", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint n = 0;
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    n += g_str_has_suffix(name, ".tsv");
  return n;
}

static gboolean has_two_answered(gpointer set)
{
  GListModel *all = lens_data_set_get_evaluations(set);
  guint done = 0, n = g_list_model_get_n_items(all);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensDataEvaluation) one = g_list_model_get_item(all, i);
    done += g_strcmp0(lens_data_evaluation_get_state(one), "done") == 0 &&
            lens_data_evaluation_get_done(one) == 2;
  }
  return done == 2;
}

/* Pictures are seen by the detector of the model that answers: each kind of features has a file. */
static void test_other_detector(World *world, gconstpointer unused)
{
  GError *error = NULL;
  int features;
  g_autofree char *path = data_write(world, "pictures.csv",
                                     "image,question,answer\nscene0.png,a cat ?,yes\n"
                                     "scene1.png,a dog ?,no\n");
  g_autofree char *eyes = world_write_detector(world, &features);
  g_autofree char *folder = world_write_model_of(world, features);
  g_autoptr(LensModel) model = world_import(world, folder, &error);
  g_assert_no_error(error);
  g_autoptr(LensDetector) detector = lens_detectors_look(eyes, &error);
  g_assert_no_error(error);
  g_assert_true(lens_detectors_add(world->state_dir, detector, &error));
  LensDataSet *set = data_open(world, path);
  data_evaluate(world, set, NULL);
  g_assert_cmpuint(count_made(world), ==, 1);
  data_evaluate(world, set, model);
  g_assert_cmpuint(count_made(world), ==, 2);
  world_wait(has_two_answered, set);
}

static void test_csv(World *world, gconstpointer unused)
{
  expect_problem(world, "columns.csv", "a,b\n1,2\n", "image");
  expect_problem(world, "quote.csv", "image,question\nscene0.png,\"what is\n", "line 2");
  expect_problem(world, "hole.csv", "image,question\nscene0.png,a\nscene0.png,\n", "line 3");
  expect_problem(world, "header.csv", "image,question,answer\n", "holds no questions");
  expect_problem(world, "latin.csv", "image,question\nscene0.png,\xe4\n", "UTF-8");
  /* what spreadsheets write: semicolons, line breaks in quotes, a byte order mark */
  g_autofree char *path = data_write(world, "sheet.csv",
                                     "\xef\xbb\xbfimage;question;answer\r\n"
                                     "scene0.png;\"is there a dog ?\r\nor; a cat ?\";Yes\r\n\r\n"
                                     "scene1.png;a \"cat\" ?;2\r\n");
  LensDataSet *set = data_open(world, path);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "ready");
  g_assert_cmpint(lens_data_set_get_n(set), ==, 2);
  data_evaluate(world, set, NULL);
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  const LensDataRowInfo *a = lens_data_row_get_info(rows->pdata[0]);
  g_assert_cmpstr(a->question, ==, "is there a dog ?\r\nor; a cat ?");
  g_assert_cmpstr(a->truth, ==, "yes");
  g_assert_cmpstr(lens_data_row_get_info(rows->pdata[1])->question, ==, "a \"cat\" ?");
  g_assert_cmpstr(lens_data_row_get_info(rows->pdata[1])->answer_type, ==, "number");
}

/* A picture that cannot be read costs its own questions only. */
static void test_unreadable(World *world, gconstpointer unused)
{
  g_autofree char *bad = data_write(world, "bad.png", "this is no picture");
  g_autofree char *path = data_write(world, "some.csv",
                                     "image,question,answer\nscene0.png,is there a dog ?,yes\n"
                                     "bad.png,is there a dog ?,yes\n");
  LensDataSet *set = data_open(world, path);
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "done");
  expect(lens_data_evaluation_get_note(one), "1 question was left out");
  expect(lens_data_evaluation_get_note(one), "bad.png");
  g_autoptr(GPtrArray) rows = data_read_rows(world, set);
  g_assert_nonnull(lens_data_row_get_info(rows->pdata[0])->answer);
  g_assert_null(lens_data_row_get_info(rows->pdata[1])->answer);
}

/* ---- features ---- */

static void cut_off(const char *path)
{
  gsize size;
  g_autofree char *bytes = NULL;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size - 200, NULL));
}

static void test_truncated(World *world, gconstpointer unused)
{
  g_autofree char *features = data_write_features(world, "cut.tsv", 3);
  cut_off(features);
  g_autofree char *path = data_write(
      world, "cut.json", "[" QUESTION("1", "img0", "") "," QUESTION("2", "img2", "") "]");
  LensDataSet *set = data_open(world, path);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "ready");
  expect(lens_data_set_get_problem(set), "cut.tsv");
  expect(lens_data_set_get_problem(set), "cut short");
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "done");
  expect(lens_data_evaluation_get_note(one), "1 question was left out");
  expect(lens_data_evaluation_get_note(one), "img2");
}

/* A line in the middle is no longer base64; 20 questions are asked before its image's. When the file
 * is whole again the same evaluation goes on. */
static void test_damaged(World *world, gconstpointer unused)
{
  gsize size;
  g_autofree char *bytes = NULL, *features = data_write_features(world, "damaged.tsv", 3);
  g_autoptr(GString) text = g_string_new("[");
  g_assert_true(g_file_get_contents(features, &bytes, &size, NULL));
  g_autofree char *whole = g_memdup2(bytes, size);
  char *second = strchr(bytes, '\n');
  memset(second + 60, '?', 8);
  g_assert_true(g_file_set_contents(features, bytes, (gssize)size, NULL));
  for (int i = 0; i < 24; i++)
    g_string_append_printf(text, "%s" QUESTION("%d", "img%d", ", \"label\": {\"yes\": 1}"),
                           i ? "," : "", i, i / 20);
  g_string_append(text, "]");
  g_autofree char *path = data_write(world, "damaged.json", text->str);
  LensDataSet *set = data_open(world, path);
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "failed");
  expect(lens_data_evaluation_get_note(one), "damaged.tsv”, line 2");
  expect(lens_data_evaluation_get_note(one), "Copy or make the file again");
  g_assert_cmpint(lens_data_evaluation_get_done(one), ==, 16); /* the batches before */
  g_assert_true(g_file_set_contents(features, whole, (gssize)size, NULL));
  data_evaluate(world, set, NULL);
  world_wait(data_is_done, set);
  g_autoptr(LensDataEvaluation) again = data_get_evaluation(set);
  g_assert_cmpint(lens_data_evaluation_get_id(again), ==, lens_data_evaluation_get_id(one));
  g_autoptr(LensDataSummary) summary = data_summarize(world, set);
  g_assert_cmpint(summary->n, ==, 24);
}

static void test_without_image(World *world, gconstpointer unused)
{
  g_autofree char *features = data_write_features(world, "few.tsv", 1);
  g_autofree char *some = data_write(
      world, "some.json", "[" QUESTION("1", "img0", "") "," QUESTION("2", "elsewhere", "") "]");
  LensDataSet *set = data_open(world, some);
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "done");
  expect(lens_data_evaluation_get_note(one), "“elsewhere”");
  g_autofree char *none = data_write(world, "none.json", "[" QUESTION("2", "elsewhere", "") "]");
  LensDataSet *empty = data_open(world, none);
  data_evaluate(world, empty, NULL);
  g_autoptr(LensDataEvaluation) failed = data_get_evaluation(empty);
  g_assert_cmpstr(lens_data_evaluation_get_state(failed), ==, "failed");
  expect(lens_data_evaluation_get_note(failed), "No question could be asked");
}

static void test_repeated(World *world, gconstpointer unused)
{
  g_autofree char *features = data_write_features(world, "two.tsv", 2);
  g_autofree char *path =
      data_write(world, "twice.json",
                 "[" QUESTION("5", "img0", ", \"label\": {\"yes\": 1}") "," QUESTION(
                     "5", "img1", ", \"label\": {\"zebra\": 1}") "]");
  LensDataSet *set = data_open(world, path);
  g_assert_cmpstr(lens_data_set_get_state(set), ==, "ready");
  expect(lens_data_set_get_problem(set), "1 id occurs more than once");
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataSummary) summary = data_summarize(world, set);
  g_assert_cmpint(summary->n, ==, 2);
  g_assert_cmpfloat(summary->oracle, ==, 0.5); /* no table knows the zebra */
}

static void test_unwritable(World *world, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *features = data_write_features(world, "one.tsv", 1);
  g_autofree char *path = data_write(world, "one.json", "[" QUESTION("1", "img0", "") "]");
  LensDataSet *set = data_open(world, path);
  data_evaluate(world, set, NULL);
  g_assert_false(data_submit(world, set, "/proc/nowhere/out.json", &error));
  expect(error->message, "/proc/nowhere/out.json");
}

static gboolean own_mounts;

/* Before there are threads, which would keep those of everybody; they end with the process. */
static gboolean take_own_mounts(void)
{
  return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* Root may write everywhere, except into a folder that is mounted read-only. */
static gboolean lock(const char *folder)
{
  if (geteuid() != 0)
    return g_chmod(folder, 0555) == 0;
  return own_mounts && mount(folder, folder, NULL, MS_BIND, NULL) == 0 &&
         mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0;
}

static void unlock(const char *folder)
{
  if (geteuid() == 0)
    g_assert_cmpint(umount2(folder, MNT_DETACH), ==, 0);
  else
    g_assert_cmpint(g_chmod(folder, 0755), ==, 0);
}

/* The index then lives in memory only. */
static void test_read_only(World *world, gconstpointer unused)
{
  g_autofree char *features = data_write_features(world, "locked/one.tsv", 2);
  g_autofree char *path = data_write(world, "locked/one.json", "[" QUESTION("1", "img1", "") "]");
  g_autofree char *folder = g_path_get_dirname(path);
  if (!lock(folder)) {
    g_test_skip("root may not mount a folder read-only here");
    return;
  }
  g_assert_cmpint(g_access(folder, W_OK), !=, 0);
  LensDataSet *set = data_open(world, path);
  data_evaluate(world, set, NULL);
  g_autoptr(LensDataEvaluation) one = data_get_evaluation(set);
  g_assert_cmpstr(lens_data_evaluation_get_state(one), ==, "done");
  unlock(folder);
}

int main(int argc, char **argv)
{
  own_mounts = geteuid() == 0 && take_own_mounts();
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add("/data-input/" name, World, NULL, world_set_up, func, world_tear_down)
  ADD("json", test_json);
  ADD("no-set", test_no_set);
  ADD("broken-beside-features", test_broken_beside_features);
  ADD("csv", test_csv);
  ADD("other-detector", test_other_detector);
  ADD("unreadable", test_unreadable);
  ADD("truncated", test_truncated);
  ADD("damaged", test_damaged);
  ADD("without-image", test_without_image);
  ADD("repeated", test_repeated);
  ADD("unwritable", test_unwritable);
  ADD("read-only", test_read_only);
  return g_test_run();
}
