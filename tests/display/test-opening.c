/* What the program is started with, or what is dropped on its window: the page is never empty. */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "display-window.h"
#include "lens-import-dialog.h"

static gboolean
is_answered(gpointer explorer)
{
  return !lens_explorer_get_busy(explorer) && lens_explorer_get_run(explorer);
}

static void
open_paths(DisplayWindow *self, const char *const *paths)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);

  for (int i = 0; paths[i]; i++)
    g_ptr_array_add(files, g_file_new_for_path(paths[i]));
  lens_window_open_files(self->window, (GFile **)files->pdata, (int)files->len);
}

/* Behind the report on a model there is something to ask it of. */
static void
test_model(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_copy_model(&self->world, "another");
  GtkWidget *dialog;

  open_paths(self, (const char *[]){ path, NULL });
  world_wait(is_answered, self->explorer);
  dialog = display_toplevel(LENS_TYPE_IMPORT_DIALOG);
  g_assert_nonnull(dialog);
  gtk_window_destroy(GTK_WINDOW(dialog));
}

/* The start is shown in place of what cannot be, and the reason stays. */
static void
check_instead(DisplayWindow *self, const char *path, const char *reason)
{
  open_paths(self, (const char *[]){ path, NULL });
  world_wait(is_answered, self->explorer);
  display_settle(GTK_WIDGET(self->window));
  g_assert_nonnull(lens_window_get_error(self->window));
  g_assert_nonnull(strstr(lens_window_get_error(self->window), reason));
  lens_explorer_ask(self->explorer, "is there a dog?"); /* the next thing works */
  display_window_wait(self);
  g_assert_null(lens_window_get_error(self->window));
}

static void
test_missing_image(DisplayWindow *self, gconstpointer unused)
{
  check_instead(self, "/nowhere/at-all.png", "/nowhere/at-all.png");
}

static void
test_broken_session(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "broken.crosslens");

  g_assert_true(g_file_set_contents(path, "[Crosslens]\nversion=1\nima", -1, NULL));
  check_instead(self, path, "broken.crosslens");
}

typedef struct {
  GListModel *list;
  guint n;
} Wanted;

static gboolean
has_so_many(gpointer data)
{
  const Wanted *wanted = data;

  return g_list_model_get_n_items(wanted->list) == wanted->n;
}

/* All of several images are in the library, and the first is shown. */
static void
test_several(DisplayWindow *self, gconstpointer unused)
{
  GListModel *images = lens_workbench_get_images(self->world.bench);
  Wanted wanted = { images, g_list_model_get_n_items(images) + 2 };
  g_autofree char *shipped = world_scene(&self->world, 1);
  g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new_from_file(shipped, NULL);
  char *paths[] = { NULL, NULL, NULL };

  for (int i = 0; i < 2; i++) {
    g_autofree char *name = g_strdup_printf("mine-%d.png", i);
    g_autoptr(GdkPixbuf) part = gdk_pixbuf_new_subpixbuf(picture, 0, 0, 40 + 4 * i, 40);

    paths[i] = world_file(&self->world, name);
    g_assert_true(gdk_pixbuf_save(part, paths[i], "png", NULL, NULL));
  }
  open_paths(self, (const char *const *)paths);
  world_wait(has_so_many, &wanted);
  display_window_wait(self);
  g_assert_cmpstr(lens_scene_get_path(lens_explorer_get_scene(self->explorer)), ==, paths[0]);
  g_assert_null(lens_window_get_error(self->window));
  for (int i = 0; i < 2; i++)
    g_free(paths[i]);
}

static gboolean
has_partner(gpointer explorer)
{
  return !lens_explorer_get_busy(explorer) && lens_explorer_get_partner(explorer);
}

/* Two images beside each other for a model that is asked about two. */
static void
test_pair(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *left = world_scene(&self->world, 0);
  g_autofree char *right = world_scene(&self->world, 1);
  g_autofree char *folder = world_write_pair_model(&self->world);
  g_autoptr(LensModel) model = world_import(&self->world, folder, NULL);
  g_autofree char *caption = NULL, *both = NULL, *npz = NULL;
  gsize size, found = 0;

  lens_explorer_set_model(self->explorer, model);
  open_paths(self, (const char *[]){ left, right, NULL });
  world_wait(has_partner, self->explorer);
  g_assert_cmpstr(lens_scene_get_path(lens_explorer_get_scene(self->explorer)), ==, left);
  g_assert_cmpstr(lens_scene_get_path(lens_explorer_get_partner(self->explorer)), ==, right);
  lens_explorer_ask(self->explorer, "both show a cat");
  world_wait(is_answered, self->explorer);
  caption = lens_take_caption(self->page, self->explorer, LENS_TAKE_VIEW);
  both = g_strdup_printf("%s, %s", lens_scene_get_name(lens_explorer_get_scene(self->explorer)),
                         lens_scene_get_name(lens_explorer_get_partner(self->explorer)));
  g_assert_nonnull(strstr(caption, both));
  npz = display_window_take(self, LENS_TAKE_RUN, &(LensPrint){ 0 }, "pair.npz", &size);
  g_assert_nonnull(g_strstr_len(npz, (gssize)size, "PK")); /* then the numbers of both */
  for (gsize at = 0; at + 16 < size; at++)
    found += memcmp(npz + at, "second.boxes.npy", 16) == 0;
  g_assert_cmpuint(found, ==, 2); /* itself, and in the directory */
}

/* The model that is asked goes off the list: another one answers, and there is no way back to it. */
static void
test_remove_model(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *folder = world_copy_model(&self->world, "another");
  g_autoptr(LensModel) model = world_import(&self->world, folder, NULL);

  display_window_act(self, "win.remove-model", NULL); /* not of a shipped one */
  g_assert_nonnull(
      lens_workbench_find_model(self->world.bench,
                                lens_model_get_id(lens_explorer_get_model(self->explorer))));
  display_window_ask(self, 1, "is there a cat?");
  lens_explorer_set_model(self->explorer, model);
  display_window_wait(self);
  display_window_act(self, "win.remove-model", NULL);
  display_window_wait(self);
  g_assert_true(lens_explorer_get_model(self->explorer)
                == lens_workbench_get_default_model(self->world.bench));
  g_assert_true(lens_run_get_model(lens_explorer_get_run(self->explorer))
                == lens_explorer_get_model(self->explorer));
  display_window_act(self, "win.switch-model", NULL);
  g_assert_true(lens_explorer_get_model(self->explorer) != model);
  g_assert_null(lens_window_get_error(self->window));
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  DISPLAY_ADD("/opening/model", test_model);
  DISPLAY_ADD("/opening/missing-image", test_missing_image);
  DISPLAY_ADD("/opening/broken-session", test_broken_session);
  DISPLAY_ADD("/opening/several", test_several);
  DISPLAY_ADD("/opening/pair", test_pair);
  DISPLAY_ADD("/opening/remove-model", test_remove_model);
  return g_test_run();
}
