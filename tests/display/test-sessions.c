/* Sessions: what is looked at, saved and opened again exactly. */
#include <glib/gstdio.h>
#include <math.h>

#include "display-window.h"
#include "lens-compare-bar.h"

/* Something is changed in everything that a session keeps. */
static void
change_everything(DisplayWindow *self)
{
  lens_explorer_toggle_gate(self->explorer, "x.0.lang_to_vis", 2, LENS_GATE_UNIFORM);
  lens_explorer_toggle_box(self->explorer, 0, 1);
  lens_explorer_toggle_word(self->explorer, 4);
  display_window_wait(self);
  lens_selection_set_cell(self->selection, "x.1.vis_to_lang", 3);
  lens_selection_set_reading(self->selection, LENS_READING_MAX);
  lens_selection_set_hide_special(self->selection, TRUE);
  lens_selection_set_renormalise(self->selection, FALSE);
  lens_selection_set_top_p(self->selection, 0.75);
  lens_selection_set_pinned(self->selection, lens_target_cell(1, 2));
  display_window_show_view(self, "matrix");
}

static void
open_session(DisplayWindow *self, const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path(path);

  lens_window_open_file(self->window, file);
  display_window_wait(self);
}

static void
test_session(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "a.crosslens"), *bytes = NULL;
  g_autoptr(LensEdits) edits = NULL;
  double before;
  gsize size;

  change_everything(self);
  before = display_window_best_probability(self);
  edits = lens_edits_copy(lens_explorer_get_edits(self->explorer));
  bytes = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &size);
  g_assert_nonnull(strstr(bytes, "model-hash="));
  g_assert_nonnull(strstr(bytes, "sha256="));

  display_window_ask(self, 3, "is there a dog?");
  lens_selection_set_cell(self->selection, "lang.0", 0);
  lens_selection_set_reading(self->selection, LENS_READING_HEAD);
  lens_selection_set_hide_special(self->selection, FALSE);
  lens_selection_set_renormalise(self->selection, TRUE);
  lens_selection_set_top_p(self->selection, 1);
  display_window_show_view(self, "graph");

  open_session(self, path);
  g_assert_null(lens_window_get_error(self->window));
  g_assert_cmpstr(lens_explorer_get_question(self->explorer), ==, "is there a cat?");
  g_assert_true(lens_edits_equal(lens_explorer_get_edits(self->explorer), edits));
  g_assert_cmpfloat_with_epsilon(display_window_best_probability(self), before, 1e-6);
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, "x.1.vis_to_lang");
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, 3);
  g_assert_cmpint(lens_selection_get_reading(self->selection), ==, LENS_READING_MAX);
  g_assert_true(lens_selection_get_hide_special(self->selection));
  g_assert_false(lens_selection_get_renormalise(self->selection));
  g_assert_cmpfloat(lens_selection_get_top_p(self->selection), ==, 0.75);
  g_assert_true(
      lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_cell(1, 2)));
  g_assert_cmpstr(lens_attention_pane_get_view(self->pane), ==, "matrix");
}

/* Saved and opened again without a change between, the file is the same; every reading is kept. */
static void
test_session_again(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "a.crosslens");

  for (LensReading reading = LENS_READING_HEAD; reading <= LENS_READING_ROLLOUT; reading++) {
    g_autofree char *first = NULL, *second = NULL;
    gsize n, m;

    lens_selection_set_reading(self->selection, reading);
    first = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &n);
    display_window_ask(self, 3, "is there a dog?");
    open_session(self, path);
    second = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "b.crosslens", &m);
    g_assert_cmpmem(first, n, second, m);
  }
}

static gboolean
has_error(gpointer window)
{
  return lens_window_get_error(window) != NULL;
}

static gboolean
has_held(gpointer explorer)
{
  return lens_explorer_get_pinned_run(explorer) != NULL;
}

static gboolean
has_other_partner(gpointer explorer)
{
  LensScene *partner = lens_explorer_get_partner(explorer);

  return partner && g_str_has_suffix(lens_scene_get_path(partner), "scene2.png");
}

static double
best_of_held(DisplayWindow *self)
{
  LensRun *held = lens_explorer_get_pinned_run(self->explorer);
  g_autoptr(LensAnswer) answer = g_list_model_get_item(lens_run_get_answers(held), 0);

  return lens_answer_get_probability(answer);
}

/* A run held as A, of another image, with changes of its own: it comes back beside the current one, and
 * the file is the same again. A session without one lets go. */
static void
test_session_held(DisplayWindow *self, gconstpointer unused)
{
  LensCompareBar *bar = display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
  g_autofree char *path = world_file(&self->world, "held.crosslens"), *first = NULL, *second = NULL;
  g_autofree char *alone = world_file(&self->world, "alone.crosslens"), *bytes = NULL;
  g_autoptr(LensEdits) edits = NULL;
  LensRun *held;
  double before;
  gsize n, m;

  bytes = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "alone.crosslens", &n);
  change_everything(self);
  lens_explorer_place_box(self->explorer, 0, 2, (float[4]){ 0.1f, 0.2f, 0.6f, 0.7f }, FALSE);
  lens_explorer_reword(self->explorer, 4, "dog");
  display_window_wait(self);
  edits = lens_edits_copy(lens_explorer_get_edits(self->explorer));
  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
  before = best_of_held(self);
  display_window_ask(self, 3, "is there a dog?");
  lens_compare_bar_set_mode(bar, LENS_COMPARE_LESS);
  first = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "held.crosslens", &n);

  open_session(self, alone);
  g_assert_null(lens_explorer_get_pinned_run(self->explorer));
  open_session(self, path);
  display_wait(has_held, self->explorer);
  g_assert_null(lens_window_get_error(self->window));
  held = lens_explorer_get_pinned_run(self->explorer);
  g_assert_true(held != lens_explorer_get_run(self->explorer));
  g_assert_true(lens_edits_equal(lens_run_get_edits(held), edits));
  g_assert_cmpfloat_with_epsilon(best_of_held(self), before, 1e-6);
  g_assert_cmpstr(lens_explorer_get_question(self->explorer), ==, "is there a dog?");
  g_assert_true(lens_edits_is_empty(lens_explorer_get_edits(self->explorer)));
  g_assert_cmpint(lens_compare_bar_get_mode(bar), ==, LENS_COMPARE_LESS);
  g_assert_nonnull(lens_run_get_compared(lens_attention_pane_get_run(self->pane), 0, NULL));
  second = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "again.crosslens", &m);
  g_assert_cmpmem(first, n, second, m);
}

/* What was held is gone: the rest opens, and it is said. */
static void
test_session_held_gone(DisplayWindow *self, gconstpointer unused)
{
  LensCompareBar *bar = display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
  g_autofree char *path = world_file(&self->world, "held.crosslens"), *bytes = NULL;
  g_autoptr(GString) text = NULL;
  gsize n;

  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
  display_window_ask(self, 3, "is there a dog?");
  lens_compare_bar_set_mode(bar, LENS_COMPARE_BOTH);
  bytes = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "held.crosslens", &n);
  text = g_string_new(strstr(bytes, "[Held]"));
  g_string_replace(text, "image=/", "image=/nowhere/", 0);
  g_string_replace(text, "sha256=", "sha256=0", 0);
  g_string_prepend_len(text, bytes, strstr(bytes, "[Held]") - bytes);
  g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
  open_session(self, path);
  world_wait(has_error, self->window);
  g_assert_nonnull(strstr(lens_window_get_error(self->window), "/nowhere/"));
  g_assert_null(lens_explorer_get_pinned_run(self->explorer));
  g_assert_cmpint(lens_compare_bar_get_mode(bar), ==, LENS_COMPARE_B);
  g_assert_cmpstr(lens_explorer_get_question(self->explorer), ==, "is there a dog?");
}

/* A gate; a box of either image moved, and one of the second added and one removed. */
static void
change_pair(DisplayWindow *self)
{
  static const float near[] = { 0.1f, 0.2f, 0.5f, 0.7f }, far[] = { 0.3f, 0.3f, 0.9f, 0.8f };

  lens_explorer_toggle_gate(self->explorer, "x.0.lang_to_vis", 1, LENS_GATE_ZERO);
  lens_explorer_place_box(self->explorer, 0, 1, near, FALSE);
  lens_explorer_place_box(self->explorer, 1, 0, far, FALSE);
  lens_explorer_place_box(self->explorer, 1, -1, near, FALSE);
  lens_explorer_toggle_box(self->explorer, 1, 1);
  display_window_wait_pair(self);
  g_assert_cmpstr(lens_window_get_error(self->window), ==, NULL);
  g_assert_true(lens_edits_equal(lens_run_get_edits(lens_explorer_get_run(self->explorer)),
                                 lens_explorer_get_edits(self->explorer)));
}

/* Two images, each by its contents; which of their boxes is pinned; what was changed. The second one
 * was moved. */
static void
test_session_pair(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "pair.crosslens"), *first = NULL, *second = NULL;
  g_autofree char *scene = world_scene(&self->world, 1);
  g_autofree char *moved = world_file(&self->world, "moved.png");
  g_autofree char *name = NULL;
  double before;
  gsize n, m;

  display_window_ask_pair(self, "there is a cat in one image");
  change_pair(self);
  before = display_window_best_probability(self);
  for (int half = 0; half <= 2; half++) {
    LensTarget pinned = lens_target_box(half == 2 ? 7 : 1);

    if (half == 2)
      lens_explorer_set_both(self->explorer, TRUE);
    else
      lens_explorer_set_half(self->explorer, half);
    lens_selection_set_pinned(self->selection, pinned);
    g_free(first);
    first = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "pair.crosslens", &n);
    lens_explorer_set_half(self->explorer, 0);
    lens_explorer_set_model(self->explorer, lens_workbench_get_default_model(self->world.bench));
    lens_explorer_set_partner(self->explorer, lens_explorer_get_scene(self->explorer));
    display_window_ask(self, 3, "is there a dog?");
    open_session(self, path);
    display_window_wait_pair(self);
    g_assert_null(lens_window_get_error(self->window));
    g_assert_cmpfloat_with_epsilon(display_window_best_probability(self), before, 1e-6);
    g_assert_true(lens_target_equal(lens_selection_get_pinned(self->selection), pinned));
    g_free(second);
    second = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "again.crosslens", &m);
    g_assert_cmpmem(first, n, second, m);
  }
  /* Elsewhere, and another picture in its place. */
  lens_explorer_set_model(self->explorer, lens_workbench_get_default_model(self->world.bench));
  g_assert_cmpint(g_rename(scene, moved), ==, 0);
  lens_explorer_open(self->explorer, moved, "is there a dog?");
  display_window_wait(self);
  lens_explorer_set_partner(self->explorer, NULL);
  open_session(self, path);
  display_window_wait_pair(self);
  name = g_path_get_basename(lens_scene_get_path(lens_explorer_get_partner(self->explorer)));
  g_assert_cmpstr(name, ==, "moved.png");
}

/* Two runs about two images each, one held as A with changes of its own: both come back, every image in
 * its place, and the file is the same again. */
static void
test_session_held_pair(DisplayWindow *self, gconstpointer unused)
{
  LensCompareBar *bar = display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
  g_autofree char *path = world_file(&self->world, "held.crosslens"), *first = NULL, *second = NULL;
  g_autofree char *other = world_scene(&self->world, 2), *left = NULL, *right = NULL;
  g_autoptr(LensEdits) edits = NULL;
  LensRun *held;
  double of_a, of_b;
  gsize n, m;

  display_window_ask_pair(self, "there is a cat in one image");
  change_pair(self);
  edits = lens_edits_copy(lens_explorer_get_edits(self->explorer));
  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
  of_a = best_of_held(self);
  lens_explorer_reset_edits(self->explorer);
  display_window_wait_pair(self);
  lens_explorer_open_partner(self->explorer, other);
  world_wait(has_other_partner, self->explorer);
  lens_explorer_ask(self->explorer, "there are two dogs");
  lens_explorer_toggle_box(self->explorer, 1, 2);
  display_window_wait_pair(self);
  of_b = display_window_best_probability(self);
  lens_explorer_set_half(self->explorer, 1);
  lens_compare_bar_set_mode(bar, LENS_COMPARE_MORE);
  first = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "held.crosslens", &n);

  lens_explorer_pin_run(self->explorer, NULL);
  lens_explorer_set_partner(self->explorer, NULL);
  lens_explorer_set_model(self->explorer, lens_workbench_get_default_model(self->world.bench));
  display_window_ask(self, 3, "is there a dog?");
  open_session(self, path);
  display_window_wait_pair(self);
  display_wait(has_held, self->explorer);
  g_assert_null(lens_window_get_error(self->window));
  held = lens_explorer_get_pinned_run(self->explorer);
  g_assert_true(lens_run_is_pair(held));
  g_assert_true(lens_edits_equal(lens_run_get_edits(held), edits));
  g_assert_cmpfloat_with_epsilon(best_of_held(self), of_a, 1e-6);
  g_assert_cmpfloat_with_epsilon(display_window_best_probability(self), of_b, 1e-6);
  left = g_path_get_basename(lens_scene_get_path(lens_run_get_scene(held)));
  right = g_path_get_basename(lens_scene_get_path(lens_run_get_scene(lens_run_get_half(held, 1))));
  g_assert_cmpstr(left, ==, "scene0.png");
  g_assert_cmpstr(right, ==, "scene1.png");
  g_assert_cmpint(lens_compare_bar_get_mode(bar), ==, LENS_COMPARE_MORE);
  g_assert_nonnull(lens_run_get_compared(lens_attention_pane_get_run(self->pane), 0, NULL));
  second = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "again.crosslens", &m);
  g_assert_cmpmem(first, n, second, m);
}

/* The image was moved: the library knows the same contents elsewhere. Gone altogether: said. */
static void
test_session_moved(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *scene = world_scene(&self->world, 1);
  g_autofree char *moved = world_file(&self->world, "moved.png");
  g_autofree char *path = world_file(&self->world, "far/a.crosslens");
  g_autofree char *folder = g_path_get_dirname(path), *bytes = NULL;
  gsize size;

  g_mkdir(folder, 0700);
  bytes = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "far/a.crosslens", &size);
  g_assert_cmpint(g_rename(scene, moved), ==, 0);
  lens_explorer_open(self->explorer, moved, "is there a dog?");
  display_window_wait(self);
  display_window_ask(self, 3, "is there a dog?");
  open_session(self, path);
  g_assert_null(lens_window_get_error(self->window));
  g_assert_cmpstr(lens_explorer_get_question(self->explorer), ==, "is there a cat?");
  g_assert_cmpstr(lens_scene_get_path(lens_explorer_get_scene(self->explorer)), ==, moved);

  display_window_ask(self, 3, "is there a dog?");
  g_unlink(moved);
  open_session(self, path);
  g_assert_nonnull(strstr(lens_window_get_error(self->window), "session"));
}

static void
keep_text(LensExplorer *explorer, const char *text, char **where)
{
  *where = g_strdup(text);
}

static void
test_session_model(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "a.crosslens");
  g_autofree char *told = NULL;
  g_autoptr(GKeyFile) file = g_key_file_new();
  gsize size;

  g_free(display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &size));
  g_signal_connect(self->explorer, "told", G_CALLBACK(keep_text), &told);
  g_key_file_load_from_file(file, path, 0, NULL);
  g_key_file_set_string(file, "Crosslens", "model-hash", "0000");
  g_key_file_save_to_file(file, path, NULL);
  open_session(self, path);
  g_assert_nonnull(strstr(told, "other weights"));
  g_assert_null(lens_window_get_error(self->window));

  g_key_file_set_string(file, "Crosslens", "model", "nobody's");
  g_key_file_save_to_file(file, path, NULL);
  open_session(self, path);
  g_assert_nonnull(strstr(lens_window_get_error(self->window), "nobody's"));

  g_file_set_contents(path, "[Crosslens]\nversion=77\n", -1, NULL);
  open_session(self, path);
  g_assert_nonnull(strstr(lens_window_get_error(self->window), "version"));
}

/* A file that lost its end, wherever, is not half a session. */
static void
test_session_cut(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "cut.crosslens");
  gsize size;
  g_autofree char *text = NULL;
  g_autoptr(LensSavedView) whole = NULL;

  display_window_act(self, "win.pin-run", NULL);
  text = display_window_take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &size);
  g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
  whole = lens_saved_view_read(path, NULL);
  g_assert_nonnull(whole);
  for (gsize n = 0; n + 2 < size; n++) { /* the last line's end says nothing */
    g_autoptr(GError) error = NULL;
    g_autoptr(LensSavedView) cut = NULL;

    g_assert_true(g_file_set_contents(path, text, (gssize)n, NULL));
    cut = lens_saved_view_read(path, &error);
    g_assert_null(cut);
    g_assert_nonnull(strstr(error->message, "cut.crosslens"));
  }
}

#define ADD(path, func)                                                                            \
  g_test_add(path, DisplayWindow, NULL, display_window_set_up_asked, func, display_window_tear_down)

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  ADD("/sessions/everything", test_session);
  ADD("/sessions/again", test_session_again);
  ADD("/sessions/held", test_session_held);
  ADD("/sessions/held-gone", test_session_held_gone);
  ADD("/sessions/pair", test_session_pair);
  ADD("/sessions/held-pair", test_session_held_pair);
  ADD("/sessions/moved", test_session_moved);
  ADD("/sessions/model", test_session_model);
  ADD("/sessions/cut", test_session_cut);
  return g_test_run();
}
