/* What a window opens: images, sessions, models, and what it begins with. */
#include "lens-window-open.h"

#include <glib/gi18n.h>

#include "lens-settings.h"

enum { START_LAST = 1, START_SHIPPED };

void
lens_opening_clear(LensOpening *self)
{
  g_clear_pointer(&self->expected, g_free);
}

gboolean
lens_opening_answered(LensOpening *self)
{
  gboolean instead = self->instead;

  self->instead = FALSE;
  return instead;
}

/* ---- sessions ---- */

/* Somebody else's view: the image may lie beside it. */
static void
find_moved_image(LensSavedView *saved, const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *name = g_path_get_basename(saved->image);
  g_autofree char *beside = g_build_filename(folder, name, NULL);

  if (g_file_test(saved->image, G_FILE_TEST_EXISTS) || !g_file_test(beside, G_FILE_TEST_EXISTS))
    return;
  g_free(saved->image);
  saved->image = g_steal_pointer(&beside);
}

void
lens_window_check_expected(LensWindow *self, LensScene *scene)
{
  g_autofree char *expected = g_steal_pointer(&lens_window_get_opening(self)->expected);
  g_autofree char *message = NULL;

  if (!expected || g_strcmp0(expected, lens_scene_get_sha256(scene)) == 0)
    return;
  message = g_strdup_printf(_("%s is not the image that the session was saved with: its contents "
                              "differ, and so may boxes and answers."),
                            lens_scene_get_path(scene));
  lens_window_show_toast(self, message);
}

static void
open_saved(LensWindow *self, const char *path)
{
  LensExplorer *explorer = lens_window_get_explorer(self);
  LensAttentionPane *pane
      = lens_explore_page_get_attention_pane(lens_window_get_explore_page(self));
  LensOpening *opening = lens_window_get_opening(self);
  g_autoptr(GError) error = NULL;
  g_autoptr(LensSavedView) saved = lens_saved_view_read(path, &error);

  if (!saved) {
    lens_window_show_error(self, error->message);
    lens_window_open_instead(self);
    return;
  }
  find_moved_image(saved, path);
  if (saved->held)
    find_moved_image(saved->held, path);
  g_free(opening->expected);
  opening->expected = g_strdup(saved->sha256);
  lens_saved_view_apply(saved, lens_explorer_get_selection(explorer));
  if (saved->view)
    lens_attention_pane_set_view(pane, saved->view);
  lens_explorer_restore(explorer, saved);
  if (saved->held) /* shown when it is there */
    lens_attention_pane_set_compare(pane, saved->compare);
  if (lens_explorer_get_scene(explorer)
      && g_strcmp0(lens_scene_get_path(lens_explorer_get_scene(explorer)), saved->image) == 0)
    lens_window_check_expected(self, lens_explorer_get_scene(explorer)); /* it is open already */
}

/* ---- files ---- */

static gboolean
is_session(const char *path)
{
  return g_str_has_suffix(path, ".crosslens");
}

/* A folder, or a file of weights. */
static gboolean
is_model(const char *path)
{
  static const char *const endings[] = { ".safetensors", ".bin", ".pth", ".pt", ".pkl" };

  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    if (g_str_has_suffix(path, endings[i]))
      return TRUE;
  }
  return g_file_test(path, G_FILE_TEST_IS_DIR);
}

void
lens_window_open_file(LensWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path(file);

  lens_window_show_page(self, "explore");
  if (path && lens_window_get_workbench(self) && is_model(path)) {
    if (!lens_explorer_get_scene(lens_window_get_explorer(self)))
      lens_window_open_start(self); /* there is something to ask it of */
    lens_window_import_model(self, path);
  } else if (path && is_session(path)) {
    open_saved(self, path);
  } else if (path) {
    lens_explorer_open(lens_window_get_explorer(self), path, NULL);
  } else {
    g_autofree char *uri = g_file_get_uri(file);
    g_autofree char *message
        = g_strdup_printf(_("%s is not on this machine. Save the image to a folder first."), uri);

    lens_window_show_error(self, message);
    lens_window_open_instead(self);
  }
}

/* ---- several files ---- */

/* Images that go into the library one after the other, so that questions are answered in between. */
typedef struct {
  LensWindow *window;
  GPtrArray *paths;
  guint next, added;
} Adding;

static void
adding_free(Adding *adding)
{
  g_object_unref(adding->window);
  g_ptr_array_unref(adding->paths);
  g_free(adding);
}

static void add_next(Adding *adding);

static void
on_added(GObject *source, GAsyncResult *result, gpointer data)
{
  Adding *adding = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensScene) scene
      = lens_workbench_open_image_finish(LENS_WORKBENCH(source), result, &error);

  if (scene)
    adding->added++;
  else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lens_window_show_error(adding->window, error->message);
  add_next(adding);
}

static void
add_next(Adding *adding)
{
  if (adding->next < adding->paths->len) {
    lens_workbench_open_image_async(lens_window_get_workbench(adding->window),
                                    adding->paths->pdata[adding->next++], NULL, NULL, NULL,
                                    on_added, adding);
    return;
  }
  if (adding->added) {
    g_autofree char *text
        = g_strdup_printf(ngettext("%u more image is in the library",
                                   "%u more images are in the library", adding->added),
                          adding->added);

    lens_window_show_toast(adding->window, text);
  }
  adding_free(adding);
}

/* The second of two images goes beside the first where the model is asked about pairs. */
static gboolean
open_pair(LensWindow *self, const char *first, const char *second)
{
  LensExplorer *explorer = lens_window_get_explorer(self);

  if (!lens_explorer_takes_pair(explorer))
    return FALSE;
  lens_window_show_page(self, "explore");
  lens_explorer_open_pair(explorer, first, second, NULL, NULL);
  return TRUE;
}

void
lens_window_open_files(LensWindow *self, GFile **files, int n)
{
  Adding *adding = g_new0(Adding, 1);
  gboolean images = TRUE;

  *adding
      = (Adding){ .window = g_object_ref(self), .paths = g_ptr_array_new_with_free_func(g_free) };
  for (int i = 0; i < n; i++) {
    char *path = g_file_get_path(files[i]);

    images = images && path && !is_model(path) && !is_session(path);
    if (path && !is_model(path) && !is_session(path) && i > 0) {
      g_ptr_array_add(adding->paths, path);
      continue;
    }
    if (i > 0) {
      g_autofree char *name = g_file_get_basename(files[i]);
      g_autofree char *text
          = g_strdup_printf(_("Models and sessions open one at a time: %s was left out."), name);

      lens_window_show_toast(self, text);
    }
    g_free(path);
  }
  if (n == 2 && images) {
    g_autofree char *first = g_file_get_path(files[0]);

    if (open_pair(self, first, adding->paths->pdata[0])) {
      adding_free(adding);
      return;
    }
  }
  if (n > 0)
    lens_window_open_file(self, files[0]);
  if (lens_window_get_workbench(self))
    add_next(adding);
  else
    adding_free(adding);
}

/* ---- the beginning ---- */

static gboolean
open_last(LensWindow *self)
{
  LensExplorer *explorer = lens_window_get_explorer(self);
  g_autofree char *image = lens_settings_dup_string("last-image");
  g_autofree char *question = lens_settings_dup_string("last-question");
  g_autofree char *partner = lens_settings_dup_string("last-partner");

  if (!image || !g_file_test(image, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  lens_explorer_open(explorer, image, question && *question ? question : NULL);
  if (partner && g_file_test(partner, G_FILE_TEST_IS_REGULAR)
      && lens_explorer_wants_partner(explorer))
    lens_explorer_open_partner(explorer, partner);
  return TRUE;
}

void
lens_window_open_start(LensWindow *self)
{
  LensOpening *opening = lens_window_get_opening(self);
  const char *start, *question = NULL;

  if (!lens_window_get_workbench(self))
    return;
  opening->starts++;
  if (opening->starts == START_LAST && open_last(self))
    return;
  opening->starts = START_SHIPPED;
  start = lens_workbench_get_start_image(lens_window_get_workbench(self), &question);
  if (start)
    lens_explorer_open(lens_window_get_explorer(self), start, question);
}

void
lens_window_open_instead(LensWindow *self)
{
  LensExplorer *explorer = lens_window_get_explorer(self);
  LensOpening *opening = lens_window_get_opening(self);

  if (lens_explorer_get_scene(explorer) || lens_explorer_get_busy(explorer)
      || opening->starts >= START_SHIPPED)
    return;
  g_clear_pointer(&opening->expected, g_free); /* the start is nobody's session */
  opening->instead = TRUE;
  lens_window_open_start(self);
}
