/* Models and detectors that are copied into a folder of ours: whole, or not at all; and images that are
 * found where they are now. */
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

#include "jobs-world.h"
#include "lens-detectors.h"

static void on_done(GObject *source, GAsyncResult *result, gpointer where)
{
  *(GAsyncResult **)where = g_object_ref(result);
}

/* No file may get longer: as on a full disk. */
static struct rlimit fill_disk(rlim_t size)
{
  struct rlimit before, tight;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  tight = (struct rlimit){size, before.rlim_max};
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
  return before;
}

/* The only entry of the folder; "" for none. */
static char *only_entry(const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  char *name = g_strdup(dir ? g_dir_read_name(dir) : NULL);
  g_assert_true(!name || !g_dir_read_name(dir));
  return name ? name : g_strdup("");
}

static void test_detector(World *self, gconstpointer unused)
{
  int features;
  GError *error = NULL;
  g_autofree char *folder = world_write_detector(self, &features);
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_autofree char *own = g_build_filename(self->state_dir, "detectors", NULL);
  g_autofree char *copied = NULL, *entry = NULL, *stale = NULL, *inside = NULL;

  struct rlimit before = fill_disk(20000);
  copied = lens_detectors_copy(self->state_dir, weights, "eyes", &error);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  g_assert_null(copied);
  g_assert_nonnull(error);
  g_clear_error(&error);
  entry = only_entry(own);
  g_assert_cmpstr(entry, ==, "");

  /* A program that was killed has left its part. */
  stale = g_build_filename(own, ".eyes.part", NULL);
  inside = g_build_filename(stale, "model.safetensors", NULL);
  g_mkdir_with_parents(stale, 0755);
  g_assert_true(g_file_set_contents(inside, "half", -1, NULL));
  copied = lens_detectors_copy(self->state_dir, weights, "eyes", &error);
  g_assert_no_error(error);
  g_free(entry);
  entry = only_entry(own);
  g_assert_cmpstr(entry, ==, "eyes");
  g_autoptr(LensDetector) look = lens_detectors_look(copied, &error);
  g_assert_no_error(error);
  g_assert_cmpint(look->features, ==, features);
}

static LensModel *copy_model(World *self, const char *path, GError **error)
{
  g_autoptr(GAsyncResult) looked = NULL;
  g_autoptr(GAsyncResult) copied = NULL;
  lens_workbench_look_at_model_async(self->bench, path, NULL, on_done, &looked);
  world_wait_for((gpointer *)&looked);
  g_autoptr(LensImport) import = lens_workbench_look_at_model_finish(self->bench, looked, error);
  if (!import)
    return NULL;
  lens_workbench_copy_model_async(self->bench, import, "copy", NULL, NULL, NULL, on_done, &copied);
  world_wait_for((gpointer *)&copied);
  return lens_workbench_import_model_finish(self->bench, copied, error);
}

static void test_model(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *folder = world_copy_model(self, "another");
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_autofree char *models = g_build_filename(self->state_dir, "models", NULL);
  g_autofree char *entry = NULL;
  GStatBuf info;

  g_assert_cmpint(g_stat(weights, &info), ==, 0);
  struct rlimit before = fill_disk((rlim_t)info.st_size / 2);
  g_autoptr(LensModel) none = copy_model(self, weights, &error);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  g_assert_null(none);
  g_assert_nonnull(error);
  g_clear_error(&error);
  entry = only_entry(models);
  g_assert_cmpstr(entry, ==, "");
  g_autoptr(LensModel) model = copy_model(self, weights, &error);
  g_assert_no_error(error);
  g_free(entry);
  entry = only_entry(models);
  g_assert_cmpstr(entry, ==, "copy");
  g_assert_true(g_str_has_suffix(lens_model_get_path(model), "/models/copy"));
}

/* ---- off the list, and back ---- */

static gboolean is_listed(World *self, const char *id)
{
  return lens_workbench_find_model(self->bench, id) != NULL;
}

/* Also after the next start, and undone also then. */
static void check_removal(World *self, LensModel *model)
{
  GError *error = NULL;
  const char *id = lens_model_get_id(model);
  g_assert_true(lens_workbench_can_remove_model(self->bench, model));
  g_assert_true(lens_workbench_remove_model(self->bench, model, &error));
  g_assert_no_error(error);
  g_assert_false(is_listed(self, id));
  world_reopen(self);
  g_assert_false(is_listed(self, id));
  g_assert_true(lens_workbench_restore_model(self->bench, model, &error));
  g_assert_no_error(error);
  g_assert_true(is_listed(self, id));
  world_reopen(self);
  g_assert_true(is_listed(self, id));
}

static void test_removal(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *folder = world_copy_model(self, "another");
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_autoptr(LensModel) copied = copy_model(self, weights, &error);
  g_assert_no_error(error);
  g_autoptr(LensModel) in_place = world_import(self, folder, &error);
  g_assert_no_error(error);
  check_removal(self, copied);
  check_removal(self, in_place);
  g_assert_true(g_file_test(weights, G_FILE_TEST_EXISTS));
  g_assert_false(
      lens_workbench_can_remove_model(self->bench, lens_workbench_get_default_model(self->bench)));
}

/* ---- images ---- */

/* Crosslens lies elsewhere on another machine: its own scenes are found there, also those that were
 * never opened. */
static void test_shipped_image(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *here = world_scene(self, 2), *bytes = NULL, *sum = NULL;
  g_autofree char *name = g_path_get_basename(here);
  g_autofree char *there = g_build_filename("/nowhere/else", name, NULL);
  gsize size;
  g_assert_true(g_file_get_contents(here, &bytes, &size, NULL));
  sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
  for (int wrong = 0; wrong < 2; wrong++) {
    g_autoptr(GAsyncResult) opened = NULL;
    lens_workbench_open_known_image_async(self->bench, there, wrong ? "00" : sum, NULL, NULL, NULL,
                                          on_done, &opened);
    world_wait_for((gpointer *)&opened);
    g_autoptr(LensScene) scene = lens_workbench_open_image_finish(self->bench, opened, &error);
    if (wrong) {
      g_assert_error(error, LENS_ERROR, LENS_ERROR_MISSING);
      g_clear_error(&error);
    } else {
      g_assert_no_error(error);
      g_assert_cmpstr(lens_scene_get_path(scene), ==, here);
    }
  }
}

#define ADD(path, func)                                                                            \
  g_test_add("/copies/" path, World, NULL, world_set_up, func, world_tear_down)

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("detector", test_detector);
  ADD("model", test_model);
  ADD("removal", test_removal);
  ADD("shipped-image", test_shipped_image);
  return g_test_run();
}
