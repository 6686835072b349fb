/* Everything that can be taken away, read again: figures of every view, the page, the numbers. */
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

#include "display-window.h"
#include "lens-chosen.h"
#include "lens-compare-bar.h"
#include "lens-export-dialog.h"
#include "lens-export.h"
#include "lens-states-view.h"

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
  g_autofree char *text = display_window_take(self, what, &print, "a.svg", &size);
  g_autofree char *outlines = NULL;
  g_autoptr(GHashTable) counts = parse_svg(text, size);
  g_autoptr(GHashTable) plain = NULL;

  g_assert_cmpint(count(counts, "use"), >, 15); /* letters are uses of one shape each */
  print.paths = TRUE;
  outlines = display_window_take(self, what, &print, "a.svg", &size);
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
  g_autofree char *text = display_window_take(self, what, &print, "a.pdf", &size);
  g_autofree char *outlines = NULL;

  g_assert_true(g_str_has_prefix(text, "%PDF"));
  g_assert_true(holds(text, size, "%%EOF"));
  g_assert_true(holds(text, size, "/FontDescriptor"));
  print.paths = TRUE;
  outlines = display_window_take(self, what, &print, "a.pdf", &without);
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
  static const char *const views[] = { "graph", "matrix", "heads", "neuron", "states", "numbers" };

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
  g_autofree char *caption = NULL, *scene = NULL, *of_matrix = NULL, *of_session = NULL;

  display_window_show_view(self, "matrix");
  caption = lens_take_caption(self->page, self->explorer, LENS_TAKE_VIEW);
  scene = lens_take_caption(self->page, self->explorer, LENS_TAKE_SCENE);
  of_matrix = lens_take_suggest_name(self->page, self->explorer, LENS_TAKE_VIEW);
  of_session = lens_take_suggest_name(self->page, self->explorer, LENS_TAKE_SESSION);
  g_assert_nonnull(strstr(caption, "is there a cat?"));
  g_assert_nonnull(strstr(caption, lens_model_get_name(lens_run_get_model(run))));
  g_assert_nonnull(strstr(caption, "head 2"));
  g_assert_nonnull(strstr(caption, "Cross layer 1"));
  g_assert_null(strstr(scene, "head 2"));
  g_assert_cmpstr(of_matrix, ==, "is-there-a-cat-cross-layer-1-words-boxes-head-2-matrix");
  g_assert_cmpstr(of_session, ==, "is-there-a-cat-session");
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

    g_assert_true(lens_take_write(self->page, self->explorer, LENS_TAKE_VIEW, &print, path, NULL));
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
  text = display_window_take(self, LENS_TAKE_NUMBERS, &(LensPrint){ 0 }, "a.csv", &size);
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

/* Every point that is drawn, of all stages. */
static void
test_csv_states(DisplayWindow *self, gconstpointer unused)
{
  LensRun *run = lens_explorer_get_run(self->explorer);
  LensStatesView *view;
  const LensStates *states;
  gsize size;
  g_autofree char *text = NULL, *name = NULL, *first = NULL;
  g_auto(GStrv) lines = NULL;

  display_window_show_view(self, "states");
  view = display_window_find(self, LENS_TYPE_STATES_VIEW, 0);
  states = lens_states_view_get_states(view);
  g_assert_nonnull(states);
  text = display_window_take(self, LENS_TAKE_NUMBERS, &(LensPrint){ 0 }, "a.csv", &size);
  lines = g_strsplit(g_strchomp(text), "\r\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 1 + states->stages * (states->words + states->boxes));
  first = g_strdup_printf("0,word,\"%s\",", lens_run_get_tokens(run)[0]);
  g_assert_true(g_str_has_prefix(lines[1], first));
  g_assert_cmpfloat_with_epsilon(g_ascii_strtod(lines[1] + strlen(first), NULL),
                                 states->word_points[0], 1e-6);
  name = lens_take_suggest_name(self->page, self->explorer, LENS_TAKE_NUMBERS);
  g_assert_cmpstr(name, ==, "is-there-a-cat-states");
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
  g_autofree char *bytes
      = display_window_take(self, LENS_TAKE_RUN, &(LensPrint){ 0 }, "a.npz", &size);

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

static gboolean
has_file(gpointer chooser)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file(chooser);

  return file != NULL;
}

/* GTK accepts a dialog also where nothing was chosen (in Recent): that is no file. */
static void
test_nothing_chosen(DisplayWindow *self, gconstpointer unused)
{
  g_autoptr(GtkFileChooserNative) chooser
      = gtk_file_chooser_native_new("Save", GTK_WINDOW(self->window), GTK_FILE_CHOOSER_ACTION_OPEN,
                                    NULL, NULL);
  GtkNativeDialog *dialog = GTK_NATIVE_DIALOG(chooser);
  g_autofree char *path = world_file(&self->world, "chosen");
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autofree char *chosen = NULL;

  g_assert_null(lens_chosen_file(dialog, GTK_RESPONSE_ACCEPT));
  g_assert_null(lens_chosen_path(dialog, GTK_RESPONSE_ACCEPT));
  g_assert_true(g_file_set_contents(path, "", 0, NULL));
  g_assert_true(gtk_file_chooser_set_file(GTK_FILE_CHOOSER(chooser), file, NULL));
  display_wait(has_file, chooser);
  g_assert_null(lens_chosen_path(dialog, GTK_RESPONSE_CANCEL));
  chosen = lens_chosen_path(dialog, GTK_RESPONSE_ACCEPT);
  g_assert_cmpstr(chosen, ==, path);
}

/* A question of any length and script leaves room for what tells the file from others. */
static void
test_long_name(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *question = g_strdup_printf(
      "\xe7\x8c\xab\xe5\x9c\xa8\xe5\x93\xaa\xe9\x87\x8c / %s?",
      "is there a small white cat beside the large brown dog that sleeps under the tree");
  g_autofree char *name = NULL;

  display_window_ask(self, 1, question);
  display_window_show_view(self, "graph");
  name = lens_take_suggest_name(self->page, self->explorer, LENS_TAKE_VIEW);
  g_assert_true(g_utf8_validate(name, -1, NULL));
  g_assert_true(g_str_has_prefix(name, "\xe7\x8c\xab\xe5\x9c\xa8\xe5\x93\xaa\xe9\x87\x8c-is-"));
  g_assert_true(g_str_has_suffix(name, "-cross-layer-1-words-boxes-head-2"));
  g_assert_cmpuint(strlen(name), <, 180);
}

static LensExportDialog *
open_dialog(DisplayWindow *self, LensTake take, char **saved)
{
  LensExportDialog *dialog
      = lens_export_dialog_new(GTK_WINDOW(self->window), self->page, self->explorer, take);

  gtk_window_present(GTK_WINDOW(dialog));
  display_settle(GTK_WIDGET(dialog));
  g_signal_connect(dialog, "saved", G_CALLBACK(keep_name), saved);
  return dialog;
}

/* The ending that was typed counts; where one is added and such a file is there, it is asked. */
static void
test_typed_name(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *pdf = world_file(&self->world, "typed.pdf");
  g_autofree char *bare = world_file(&self->world, "typed");
  g_autofree char *svg = world_file(&self->world, "typed.svg");
  g_autofree char *text = NULL;
  char *saved = NULL;
  GtkWidget *question;
  LensExportDialog *dialog;

  display_window_show_view(self, "graph");
  lens_export_dialog_save_named(open_dialog(self, LENS_TAKE_VIEW, &saved), pdf);
  g_assert_cmpstr(saved, ==, "typed.pdf");
  g_assert_true(g_file_get_contents(pdf, &text, NULL, NULL));
  g_assert_true(g_str_has_prefix(text, "%PDF"));
  g_clear_pointer(&saved, g_free);
  g_clear_pointer(&text, g_free);

  g_assert_true(g_file_set_contents(svg, "before", -1, NULL));
  dialog = open_dialog(self, LENS_TAKE_VIEW, &saved);
  lens_export_dialog_save_named(dialog, bare);
  g_assert_null(saved);
  question = display_toplevel(ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull(question);
  g_assert_true(gtk_window_get_transient_for(GTK_WINDOW(question)) == GTK_WINDOW(dialog));
  g_assert_true(g_file_get_contents(svg, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, "before");
  adw_message_dialog_response(ADW_MESSAGE_DIALOG(question), "replace");
  g_assert_cmpstr(saved, ==, "typed.svg");
  g_clear_pointer(&text, g_free);
  g_assert_true(g_file_get_contents(svg, &text, NULL, NULL));
  g_assert_nonnull(strstr(text, "<svg"));
  g_free(saved);
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
  g_assert_true(
      gdk_content_formats_contain_mime_type(gdk_clipboard_get_formats(clipboard), "image/svg+xml"));
  g_object_unref(texture);
}

/* The page is as wide as the figure: a point for a unit. */
static void
check_pdf_size(DisplayWindow *self, int width)
{
  LensPrint print = { 0 };
  gsize size;
  g_autofree char *text = display_window_take(self, LENS_TAKE_VIEW, &print, "b.pdf", &size);
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
  GtkWidget *stack = GTK_WIDGET(
      gtk_widget_get_template_child(GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE, "stack"));

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

#define ADD(path, func)                                                                            \
  g_test_add(path, DisplayWindow, NULL, display_window_set_up_asked, func, display_window_tear_down)

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  ADD("/take-away/views", test_views);
  ADD("/take-away/parts", test_parts);
  ADD("/take-away/caption", test_caption);
  ADD("/take-away/light", test_light);
  ADD("/take-away/csv", test_csv);
  ADD("/take-away/csv-states", test_csv_states);
  ADD("/take-away/npz", test_npz);
  ADD("/take-away/dialog", test_dialog);
  ADD("/take-away/nothing-chosen", test_nothing_chosen);
  ADD("/take-away/long-name", test_long_name);
  ADD("/take-away/typed-name", test_typed_name);
  ADD("/take-away/clipboard", test_clipboard);
  ADD("/take-away/beside", test_beside);
  return g_test_run();
}
