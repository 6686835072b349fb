/* Everything that can be taken away, read again: figures of every view, the page, the numbers, and
 * sessions that open as they were. */
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

#include "display-window.h"
#include "lens-compare-bar.h"
#include "lens-export-dialog.h"
#include "lens-export.h"

static void
set_up(DisplayWindow *self, gconstpointer unused)
{
  display_window_set_up(self, NULL);
  display_window_ask(self, 1, "is there a cat?");
  lens_selection_set_cell(self->selection, "x.0.lang_to_vis", 1);
}

/* Writes and reads back; free with g_free. */
static char *
take(DisplayWindow *self, LensTake what, const LensPrint *print, const char *name, gsize *size)
{
  g_autofree char *path = world_file(&self->world, name);
  g_autoptr(GError) error = NULL;
  char *bytes = NULL;

  g_assert_true(lens_take_write(self->page, self->explorer, what, print, path, &error));
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(path, &bytes, size, &error));
  return bytes;
}

/* ---- drawings ---- */

static void
count_element(GMarkupParseContext *context, const char *name, const char **names,
              const char **values, gpointer counts, GError **error)
{
  g_hash_table_insert(counts, g_strdup(name),
                      GINT_TO_POINTER(1 + GPOINTER_TO_INT(g_hash_table_lookup(counts, name))));
}

/* How many of each element an SVG file has. */
static GHashTable *
parse_svg(const char *text, gsize size)
{
  static const GMarkupParser counter = { .start_element = count_element };
  GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GMarkupParseContext) parser = g_markup_parse_context_new(&counter, 0, counts, NULL);
  g_autoptr(GError) error = NULL;

  g_markup_parse_context_parse(parser, text, size, &error);
  g_assert_no_error(error);
  g_assert_true(g_markup_parse_context_end_parse(parser, &error));
  g_assert_true(g_hash_table_contains(counts, "svg"));
  return counts;
}

static int
count(GHashTable *counts, const char *name)
{
  return GPOINTER_TO_INT(g_hash_table_lookup(counts, name));
}

static void
check_svg(DisplayWindow *self, LensTake what)
{
  LensPrint print = { .caption = "Wholly new caption" };
  gsize size;
  g_autofree char *text = take(self, what, &print, "a.svg", &size);
  g_autofree char *outlines = NULL;
  g_autoptr(GHashTable) counts = parse_svg(text, size);
  g_autoptr(GHashTable) plain = NULL;

  g_assert_cmpint(count(counts, "use"), >, 15); /* letters are uses of one shape each */
  print.paths = TRUE;
  outlines = take(self, what, &print, "a.svg", &size);
  plain = parse_svg(outlines, size);
  g_assert_cmpint(count(plain, "use"), <, count(counts, "use") - 10);
  g_assert_cmpint(count(plain, "symbol"), ==, 0);
}

static const char *
find(const char *bytes, gsize size, const char *text)
{
  gsize n = strlen(text);

  for (gsize at = 0; at + n <= size; at++) {
    if (memcmp(bytes + at, text, n) == 0)
      return bytes + at;
  }
  return NULL;
}

static gboolean
holds(const char *bytes, gsize size, const char *text)
{
  return find(bytes, size, text) != NULL;
}

static void
check_pdf(DisplayWindow *self, LensTake what)
{
  LensPrint print = { .caption = "Wholly new caption" };
  gsize size, without;
  g_autofree char *text = take(self, what, &print, "a.pdf", &size);
  g_autofree char *outlines = NULL;

  g_assert_true(g_str_has_prefix(text, "%PDF"));
  g_assert_true(holds(text, size, "%%EOF"));
  g_assert_true(holds(text, size, "/FontDescriptor"));
  print.paths = TRUE;
  outlines = take(self, what, &print, "a.pdf", &without);
  g_assert_false(holds(outlines, without, "/FontDescriptor"));
}

/* Two pixels for one; with a caption it is higher. */
static void
check_png(DisplayWindow *self, LensTake what, int width)
{
  LensPrint print = { .light = TRUE };
  g_autofree char *path = world_file(&self->world, "a.png");
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkPixbuf) bare = NULL;
  g_autoptr(GdkPixbuf) captioned = NULL;

  g_assert_true(lens_take_write(self->page, self->explorer, what, &print, path, &error));
  bare = gdk_pixbuf_new_from_file(path, &error);
  g_assert_no_error(error);
  print.caption = "Two words";
  g_assert_true(lens_take_write(self->page, self->explorer, what, &print, path, &error));
  captioned = gdk_pixbuf_new_from_file(path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(gdk_pixbuf_get_width(bare), ==, 2 * width);
  g_assert_cmpint(gdk_pixbuf_get_height(captioned), >, gdk_pixbuf_get_height(bare) + 20);
}

static void
test_views(DisplayWindow *self, gconstpointer unused)
{
  static const char *const views[]
      = { "graph", "matrix", "heads", "neuron", "states", "numbers" };

  for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
    display_window_show_view(self, views[i]);
    check_svg(self, LENS_TAKE_VIEW);
    check_pdf(self, LENS_TAKE_VIEW);
  }
}

static void
test_parts(DisplayWindow *self, gconstpointer unused)
{
  LensAttentionPane *pane = self->pane;
  GtkWidget *const parts[] = {
    [LENS_TAKE_SCENE]
    = GTK_WIDGET(lens_ask_pane_get_scene_view(lens_explore_page_get_ask_pane(self->page))),
    [LENS_TAKE_MODEL] = GTK_WIDGET(lens_attention_pane_get_model_map(pane)),
    [LENS_TAKE_PAGE] = GTK_WIDGET(self->page),
  };

  display_window_show_view(self, "graph");
  for (LensTake what = LENS_TAKE_SCENE; what <= LENS_TAKE_PAGE; what++) {
    check_svg(self, what);
    check_pdf(self, what);
    check_png(self, what, gtk_widget_get_width(parts[what]));
  }
}

/* What goes under a figure says which model, question, map and head it is of. */
static void
test_caption(DisplayWindow *self, gconstpointer unused)
{
  LensRun *run = lens_explorer_get_run(self->explorer);
  g_autofree char *caption = NULL, *scene = NULL, *stem = NULL;

  display_window_show_view(self, "matrix");
  caption = lens_take_caption(self->page, self->explorer, LENS_TAKE_VIEW);
  scene = lens_take_caption(self->page, self->explorer, LENS_TAKE_SCENE);
  stem = lens_take_suggest_name(self->page, self->explorer, LENS_TAKE_VIEW);
  g_assert_nonnull(strstr(caption, "is there a cat?"));
  g_assert_nonnull(strstr(caption, lens_model_get_name(lens_run_get_model(run))));
  g_assert_nonnull(strstr(caption, "head 2"));
  g_assert_nonnull(strstr(caption, "Cross layer 1"));
  g_assert_null(strstr(scene, "head 2"));
  g_assert_cmpstr(stem, ==, "is-there-a-cat-x-0-lang-to-vis-head-2");
}

/* A dark window's figure is dark, but for paper it is light. */
static void
test_light(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *path = world_file(&self->world, "a.png");
  guint8 corner[2];

  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), ADW_COLOR_SCHEME_FORCE_DARK);
  display_window_show_view(self, "graph");
  for (int light = 0; light < 2; light++) {
    LensPrint print = { .light = light };
    g_autoptr(GdkPixbuf) pixbuf = NULL;

    g_assert_true(
        lens_take_write(self->page, self->explorer, LENS_TAKE_VIEW, &print, path, NULL));
    pixbuf = gdk_pixbuf_new_from_file(path, NULL);
    corner[light] = gdk_pixbuf_read_pixels(pixbuf)[0];
  }
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), ADW_COLOR_SCHEME_DEFAULT);
  g_assert_cmpint(corner[0], <, 80);
  g_assert_cmpint(corner[1], >, 200);
}

/* ---- numbers ---- */

static void
test_csv(DisplayWindow *self, gconstpointer unused)
{
  LensMap *map = lens_run_find_map(lens_explorer_get_run(self->explorer), "x.0.lang_to_vis");
  int rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  gsize size;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  display_window_show_view(self, "graph");
  text = take(self, LENS_TAKE_NUMBERS, &(LensPrint){ 0 }, "a.csv", &size);
  lines = g_strsplit(g_strchomp(text), "\r\n", -1);
  g_assert_cmpint(g_strv_length(lines), ==, 1 + rows);
  for (int r = 0; r < rows; r++) {
    g_auto(GStrv) cells = g_strsplit(lines[1 + r], ",", -1);

    g_assert_cmpint(g_strv_length(cells), ==, 1 + cols);
    for (int c = 0; c < cols; c++)
      g_assert_cmpfloat_with_epsilon(g_ascii_strtod(cells[1 + c], NULL),
                                     lens_map_get_values(map)[(rows + r) * cols + c], 1e-6);
  }
}

static guint32
le32(const char *bytes)
{
  return (guint8)bytes[0] | (guint8)bytes[1] << 8 | (guint8)bytes[2] << 16
         | (guint32)(guint8)bytes[3] << 24;
}

static void
test_npz(DisplayWindow *self, gconstpointer unused)
{
  LensRun *run = lens_explorer_get_run(self->explorer);
  LensMap *map = lens_run_get_map(run, 0);
  g_autofree char *wanted = g_strconcat(lens_map_get_name(map), ".npy", NULL);
  gsize size, found = 0;
  g_autofree char *bytes = take(self, LENS_TAKE_RUN, &(LensPrint){ 0 }, "a.npz", &size);

  g_assert_cmpuint(le32(bytes + size - 22), ==, 0x06054b50); /* the directory's end */
  for (gsize at = 0; le32(bytes + at) == 0x04034b50;) {
    gsize length = le32(bytes + at + 18), name = le32(bytes + at + 26) & 0xffff;
    const char *data = bytes + at + 30 + name;
    gsize header = 10 + ((guint8)data[8] | (guint8)data[9] << 8);

    g_assert_true(memcmp(data, "\x93NUMPY", 6) == 0);
    g_assert_cmpuint(header % 64, ==, 0);
    if (name == strlen(wanted) && strncmp(bytes + at + 30, wanted, name) == 0)
      g_assert_cmpmem(data + header, length - header, lens_map_get_values(map),
                      sizeof(float) * lens_map_get_heads(map) * lens_map_get_rows(map)
                          * lens_map_get_cols(map));
    found++;
    at += 30 + name + length;
  }
  g_assert_cmpuint(found, ==, lens_run_get_n_maps(run) + 6);
}

/* ---- the dialog and the clipboard ---- */

static void
keep_name(LensExportDialog *dialog, const char *name, char **where)
{
  *where = g_strdup(name);
}

static void
test_dialog(DisplayWindow *self, gconstpointer unused)
{
  LensExportDialog *dialog = lens_export_dialog_new(GTK_WINDOW(self->window), self->page,
                                                    self->explorer, LENS_TAKE_SESSION);
  g_autofree char *path = world_file(&self->world, "mine");
  g_autofree char *whole = g_strconcat(path, ".crosslens", NULL);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;

  gtk_window_present(GTK_WINDOW(dialog));
  display_settle(GTK_WIDGET(dialog));
  g_signal_connect(dialog, "saved", G_CALLBACK(keep_name), &name);
  g_assert_true(lens_export_dialog_save(dialog, path, &error));
  g_assert_cmpstr(name, ==, "mine.crosslens");
  g_assert_true(g_file_test(whole, G_FILE_TEST_EXISTS));
  g_assert_false(lens_export_dialog_save(dialog, "/nowhere/at/all", &error));
  g_assert_nonnull(error);
  gtk_window_destroy(GTK_WINDOW(dialog));
}

static void
on_texture(GObject *source, GAsyncResult *result, gpointer where)
{
  *(GdkTexture **)where = gdk_clipboard_read_texture_finish(GDK_CLIPBOARD(source), result, NULL);
}

static void
test_clipboard(DisplayWindow *self, gconstpointer unused)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard(GTK_WIDGET(self->window));
  GdkTexture *texture = NULL;

  display_window_show_view(self, "graph");
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->window), "win.copy-figure", NULL));
  g_assert_null(lens_window_get_error(self->window));
  gdk_clipboard_read_texture_async(clipboard, NULL, on_texture, &texture);
  world_wait_for((gpointer *)&texture);
  g_assert_cmpint(gdk_texture_get_width(texture), >, 400);
  g_assert_true(gdk_content_formats_contain_mime_type(gdk_clipboard_get_formats(clipboard),
                                                      "image/svg+xml"));
  g_object_unref(texture);
}

/* ---- sessions ---- */

/* Something is changed in everything that a session keeps. */
static void
change_everything(DisplayWindow *self)
{
  lens_explorer_toggle_gate(self->explorer, "x.0.lang_to_vis", 2, LENS_GATE_UNIFORM);
  lens_explorer_toggle_box(self->explorer, 1);
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
  bytes = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &size);
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
  g_assert_true(lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_cell(1, 2)));
  g_assert_cmpstr(lens_attention_pane_get_view(self->pane),
                  ==, "matrix");
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
    first = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &n);
    display_window_ask(self, 3, "is there a dog?");
    open_session(self, path);
    second = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "b.crosslens", &m);
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

  bytes = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "alone.crosslens", &n);
  change_everything(self);
  lens_explorer_place_box(self->explorer, 2, (float[4]){ 0.1f, 0.2f, 0.6f, 0.7f }, FALSE);
  lens_explorer_reword(self->explorer, 4, "dog");
  display_window_wait(self);
  edits = lens_edits_copy(lens_explorer_get_edits(self->explorer));
  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
  before = best_of_held(self);
  display_window_ask(self, 3, "is there a dog?");
  lens_compare_bar_set_mode(bar, LENS_COMPARE_LESS);
  first = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "held.crosslens", &n);

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
  second = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "again.crosslens", &m);
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
  bytes = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "held.crosslens", &n);
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

/* Two images, each by its contents; which of their boxes is pinned; a gate. The second one was moved. */
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
  lens_explorer_toggle_gate(self->explorer, "x.1.lang_to_vis", 1, LENS_GATE_ZERO);
  display_window_wait(self);
  before = display_window_best_probability(self);
  for (int half = 0; half <= 2; half++) {
    LensTarget pinned = lens_target_box(half == 2 ? 7 : 1);

    if (half == 2)
      lens_explorer_set_both(self->explorer, TRUE);
    else
      lens_explorer_set_half(self->explorer, half);
    lens_selection_set_pinned(self->selection, pinned);
    g_free(first);
    first = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "pair.crosslens", &n);
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
    second = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "again.crosslens", &m);
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

/* The page is as wide as the figure: a point for a unit. */
static void
check_pdf_size(DisplayWindow *self, int width)
{
  LensPrint print = { 0 };
  gsize size;
  g_autofree char *text = take(self, LENS_TAKE_VIEW, &print, "b.pdf", &size);
  const char *box = find(text, size, "/MediaBox [ ");
  g_auto(GStrv) sides = NULL;

  g_assert_nonnull(box);
  sides = g_strsplit(box + strlen("/MediaBox [ "), " ", 5);
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(sides[2], NULL), width, 0.5);
}

/* A beside B in one figure: as wide as both, with the names of both. */
static void
test_beside(DisplayWindow *self, gconstpointer unused)
{
  static const char *const views[] = { "graph", "matrix", "heads", "neuron", "states", "numbers" };
  LensCompareBar *bar = display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
  GtkWidget *stack = GTK_WIDGET(gtk_widget_get_template_child(
      GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE, "stack"));

  display_window_act(self, "win.pin-run", NULL);
  display_window_ask(self, 1, "how many dogs are there?");
  lens_compare_bar_set_mode(bar, LENS_COMPARE_BOTH);
  for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
    g_autofree char *caption = NULL;

    display_window_show_view(self, views[i]);
    check_svg(self, LENS_TAKE_VIEW);
    check_png(self, LENS_TAKE_VIEW, gtk_widget_get_width(stack));
    check_pdf(self, LENS_TAKE_VIEW);
    check_pdf_size(self, gtk_widget_get_width(stack));
    caption = lens_take_caption(self->page, self->explorer, LENS_TAKE_VIEW);
    g_assert_nonnull(strstr(caption, "is there a cat?"));
    g_assert_nonnull(strstr(caption, "how many dogs are there?"));
  }
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
  bytes = take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "far/a.crosslens", &size);
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

  g_free(take(self, LENS_TAKE_SESSION, &(LensPrint){ 0 }, "a.crosslens", &size));
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

#define ADD(path, func) \
  g_test_add(path, DisplayWindow, NULL, set_up, func, display_window_tear_down)

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  ADD("/take-away/views", test_views);
  ADD("/take-away/parts", test_parts);
  ADD("/take-away/caption", test_caption);
  ADD("/take-away/light", test_light);
  ADD("/take-away/csv", test_csv);
  ADD("/take-away/npz", test_npz);
  ADD("/take-away/dialog", test_dialog);
  ADD("/take-away/clipboard", test_clipboard);
  ADD("/take-away/session", test_session);
  ADD("/take-away/session-again", test_session_again);
  ADD("/take-away/session-held", test_session_held);
  ADD("/take-away/session-held-gone", test_session_held_gone);
  ADD("/take-away/session-pair", test_session_pair);
  ADD("/take-away/beside", test_beside);
  ADD("/take-away/session-moved", test_session_moved);
  ADD("/take-away/session-model", test_session_model);
  return g_test_run();
}
