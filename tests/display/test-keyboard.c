/* The way through the window with keys alone: nothing is clicked, and no action called. */
#include "display-keys.h"
#include "lens-application.h"
#include "lens-chip.h"
#include "lens-export-dialog.h"
#include "lens-scene-view.h"
#include "lens-tab-stop.h"
#include "lens-token-strip.h"

static void
set_up(DisplayWindow *self, gconstpointer unused)
{
  display_window_set_up(self, NULL);
  lens_application_set_keys(gtk_window_get_application(GTK_WINDOW(self->window)));
  display_keys_focus(GTK_WINDOW(self->window));
}

static gboolean
is_in(DisplayWindow *self, GType type)
{
  GtkWidget *focus = display_keys_focused(self);

  return focus && gtk_widget_get_ancestor(focus, type) != NULL;
}

static void
press(DisplayWindow *self, const char *key)
{
  display_keys_press(key);
  display_window_wait(self);
}

static guint
n_gates(DisplayWindow *self)
{
  return lens_edits_get_n_gates(lens_explorer_get_edits(self->explorer));
}

static guint
n_removed(DisplayWindow *self)
{
  guint n;

  lens_edits_get_removed_boxes(lens_explorer_get_edits(self->explorer), &n);
  return n;
}

static guint
n_boxes(DisplayWindow *self)
{
  return lens_scene_get_n_regions(lens_explorer_get_scene(self->explorer));
}

/* ---- the library ---- */

/* An image is found and opened; its questions fold; Tab leaves the list in one step. */
static void
test_library(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *shown = world_scene(&self->world, 1);
  GListModel *rows;
  guint n;

  display_window_ask(self, 0, "is there a cat?");
  display_window_ask(self, 1, "how many dogs are there?");
  display_keys_press("<Control>f");
  g_assert_true(is_in(self, GTK_TYPE_SEARCH_ENTRY));
  display_keys_repeat("Tab", 2);
  g_assert_true(is_in(self, GTK_TYPE_LIST_VIEW));
  rows = G_LIST_MODEL(gtk_list_view_get_model(
      GTK_LIST_VIEW(gtk_widget_get_ancestor(display_keys_focused(self), GTK_TYPE_LIST_VIEW))));
  n = g_list_model_get_n_items(rows);
  display_keys_press("Home");
  display_keys_press("Left");
  g_assert_cmpuint(g_list_model_get_n_items(rows), <, n);
  display_keys_press("Right");
  g_assert_cmpuint(g_list_model_get_n_items(rows), ==, n);
  display_keys_press("Tab");
  g_assert_false(is_in(self, GTK_TYPE_LIST_VIEW));
  display_keys_press("<Shift>Tab");
  g_assert_true(is_in(self, GTK_TYPE_LIST_VIEW));
  display_keys_press("End");
  press(self, "Return");
  g_assert_cmpstr(lens_scene_get_path(lens_explorer_get_scene(self->explorer)), !=, shown);
}

/* ---- words, boxes ---- */

/* A question is typed and asked, a word pinned and masked. */
static void
test_words(DisplayWindow *self, gconstpointer unused)
{
  display_window_ask(self, 0, "is there a cat?");
  display_keys_press("<Control>l");
  display_keys_type("what is red");
  press(self, "Return");
  g_assert_cmpstr(lens_run_get_question(lens_explorer_get_run(self->explorer)), ==, "what is red");
  display_keys_tab_to(self, LENS_TYPE_TOKEN_STRIP);
  display_keys_press("Right");
  display_keys_press("space");
  g_assert_true(lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_word(1)));
  display_keys_press("Escape");
  g_assert_cmpint(lens_selection_get_pinned(self->selection).kind, ==, LENS_TARGET_NONE);
  press(self, "Delete");
  g_assert_true(lens_edits_get_word_masked(lens_explorer_get_edits(self->explorer), 1));
  press(self, "<Control>z");
  g_assert_true(lens_edits_is_empty(lens_explorer_get_edits(self->explorer)));
}

/* Keys go on where the pointer clicked: the word is masked, no letter of the question is deleted. */
static void
test_clicked_word(DisplayWindow *self, gconstpointer unused)
{
  LensTokenStrip *strip;
  graphene_rect_t area;

  display_window_ask(self, 0, "is there a cat?");
  display_keys_press("<Control>l");
  display_keys_press("Home");
  strip = display_window_find(self, LENS_TYPE_TOKEN_STRIP, 0);
  g_assert_true(
      gtk_widget_compute_bounds(lens_token_strip_get_chip(strip, 2), GTK_WIDGET(strip), &area));
  display_click(GTK_WIDGET(strip), area.origin.x + area.size.width / 2,
                area.origin.y + area.size.height / 2);
  g_assert_true(lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_word(2)));
  press(self, "Delete");
  g_assert_true(lens_edits_get_word_masked(lens_explorer_get_edits(self->explorer), 2));
  g_assert_cmpstr(gtk_editable_get_text(display_window_find(self, GTK_TYPE_ENTRY, 0)), ==,
                  "is there a cat?");
}

/* A box is pinned, moved, removed, and another one added. */
static void
test_boxes(DisplayWindow *self, gconstpointer unused)
{
  guint n, placed;

  display_window_ask(self, 0, "is there a cat?");
  n = n_boxes(self);
  display_keys_press("<Control>l");
  display_keys_press("<Shift>Tab");
  g_assert_true(is_in(self, LENS_TYPE_SCENE_VIEW));
  display_keys_press("space");
  g_assert_cmpint(lens_selection_get_pinned(self->selection).kind, ==, LENS_TARGET_BOX);
  press(self, "<Control>Right");
  lens_edits_get_placed_boxes(lens_explorer_get_edits(self->explorer), 0, &placed);
  g_assert_cmpuint(placed, ==, 1);
  g_assert_true(is_in(self, LENS_TYPE_SCENE_VIEW));
  press(self, "Insert");
  g_assert_cmpuint(n_boxes(self), ==, n + 1);
  press(self, "<Control>z");
  press(self, "<Control>z");
  /* Delete is for the box that the keyboard went on to, though another one is pinned. */
  display_keys_press("Escape");
  display_keys_press("space");
  display_keys_press("Right");
  press(self, "Delete");
  g_assert_cmpint(lens_selection_get_pinned(self->selection).kind, ==, LENS_TARGET_BOX);
  g_assert_cmpuint(n_removed(self), ==, 1);
  g_assert_false(lens_edits_get_box_removed(lens_explorer_get_edits(self->explorer),
                                            lens_selection_get_pinned(self->selection).index));
  press(self, "<Control>z");
  g_assert_cmpuint(n_boxes(self), ==, n);
  g_assert_true(lens_edits_is_empty(lens_explorer_get_edits(self->explorer)));
}

static guint
focused_node(DisplayWindow *self, LensCanvas *canvas)
{
  GtkWidget *focus = display_keys_focused(self);
  guint node = 0;

  while (node < lens_canvas_get_n_nodes(canvas)
         && lens_canvas_get_node_widget(canvas, node) != focus)
    node++;
  g_assert_cmpuint(node, <, lens_canvas_get_n_nodes(canvas));
  return node;
}

/* In a zoomed image the boxes that the keys reach come into view. */
static void
test_zoom(DisplayWindow *self, gconstpointer unused)
{
  LensCanvas *scene = display_window_find(self, LENS_TYPE_SCENE_VIEW, 0);

  display_window_ask(self, 0, "is there a cat?");
  display_keys_press("<Control>l");
  display_keys_press("<Shift>Tab");
  display_keys_repeat("KP_Add", 8);
  g_assert_cmpfloat(lens_scene_view_get_zoom(LENS_SCENE_VIEW(scene)), >, 4);
  for (int i = 0; i < 8; i++) {
    FigureRect rect;

    display_keys_press(i % 2 ? "Down" : i < 4 ? "Right" : "Left");
    display_settle(GTK_WIDGET(scene));
    lens_canvas_get_node_rect(scene, focused_node(self, scene), &rect);
    g_assert_cmpfloat(rect.x + rect.w / 2, >=, -1);
    g_assert_cmpfloat(rect.x + rect.w / 2, <=, lens_canvas_get_width(scene) + 1);
    g_assert_cmpfloat(rect.y + rect.h / 2, >=, -1);
    g_assert_cmpfloat(rect.y + rect.h / 2, <=, lens_canvas_get_height(scene) + 1);
  }
}

/* ---- heads ---- */

/* A head is chosen, switched off, back on, its menu opened and left; several are chosen. */
static void
test_heads(DisplayWindow *self, gconstpointer unused)
{
  int head;

  display_window_ask(self, 0, "is there a cat?");
  display_keys_press("<Control>l");
  display_keys_press("<Alt>1");
  display_keys_tab_to(self, LENS_TYPE_MODEL_MAP);
  display_keys_press("Right");
  lens_selection_get_picked(self->selection, &head);
  g_assert_cmpint(head, ==, 1);
  press(self, "space");
  g_assert_cmpuint(n_gates(self), ==, 1);
  press(self, "<Control>z");
  g_assert_cmpuint(n_gates(self), ==, 0);
  press(self, "<Control><Shift>z");
  g_assert_cmpuint(n_gates(self), ==, 1);
  display_keys_press("<Shift>F10");
  g_assert_false(is_in(self, LENS_TYPE_MODEL_MAP));
  display_keys_press("Escape");
  g_assert_true(is_in(self, LENS_TYPE_MODEL_MAP));
  display_keys_press("<Control>space");
  display_keys_press("Left");
  display_keys_press("<Control>space");
  g_assert_cmpint(lens_selection_get_reading(self->selection), ==, LENS_READING_SEVERAL);
  g_assert_cmpuint(lens_selection_get_chosen(self->selection), ==, 3);
}

/* The views by their keys; in the table of numbers the titles sort, and Tab goes on from the rows. */
static void
test_views(DisplayWindow *self, gconstpointer unused)
{
  static const char *const keys[][2] = { { "<Control>m", "matrix" },
                                         { "<Control>h", "heads" },
                                         { "<Control>g", "graph" },
                                         { "<Control>t", "numbers" } };

  display_window_ask(self, 0, "is there a cat?");
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    display_keys_press(keys[i][0]);
    g_assert_cmpstr(lens_attention_pane_get_view(self->pane), ==, keys[i][1]);
  }
  display_settle(GTK_WIDGET(self->window));
  display_keys_press("<Control>l");
  display_keys_tab_to(self, LENS_TYPE_TAB_STOP);
  g_assert_false(is_in(self, GTK_TYPE_LIST_VIEW));
  display_keys_press("space");
  display_keys_press("Tab");
  g_assert_true(is_in(self, LENS_TYPE_TAB_STOP));
  display_keys_press("Tab");
  g_assert_false(is_in(self, LENS_TYPE_TAB_STOP));
}

/* ---- the whole window ---- */

static gboolean
is_presented(gpointer unused)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels();

  for (GList *l = windows; l; l = l->next)
    if (LENS_IS_EXPORT_DIALOG(l->data) && gtk_widget_get_mapped(l->data))
      return TRUE;
  return FALSE;
}

static gboolean
is_gone(gpointer unused)
{
  return !is_presented(NULL);
}

static GtkWindow *
export_dialog(void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels();

  for (GList *l = windows; l; l = l->next)
    if (LENS_IS_EXPORT_DIALOG(l->data))
      return l->data;
  return NULL;
}

/* Two runs are compared, a figure is about to be saved, and every page is reached. */
static void
test_pages(DisplayWindow *self, gconstpointer unused)
{
  display_window_ask(self, 0, "is there a cat?");
  display_keys_press("<Control>l");
  display_keys_tab_to(self, LENS_TYPE_MODEL_MAP);
  display_keys_press("p");
  g_assert_nonnull(lens_explorer_get_pinned_run(self->explorer));
  display_keys_press("d");
  g_assert_cmpint(lens_attention_pane_get_compare(self->pane), !=, LENS_COMPARE_B);
  display_keys_press("p");
  g_assert_null(lens_explorer_get_pinned_run(self->explorer));
  display_keys_press("<Control>e");
  display_wait(is_presented, NULL);
  display_keys_focus(export_dialog());
  display_keys_press("Escape");
  display_wait(is_gone, NULL);
  display_keys_focus(GTK_WINDOW(self->window));
  display_keys_press("<Control>2");
  g_assert_true(gtk_widget_get_mapped(GTK_WIDGET(lens_window_get_train_page(self->window))));
  display_keys_press("<Control>3");
  g_assert_true(gtk_widget_get_mapped(GTK_WIDGET(lens_window_get_data_page(self->window))));
  display_keys_press("<Control>1");
  g_assert_true(gtk_widget_get_mapped(GTK_WIDGET(self->page)));
}

#define ADD(path, func)                                                                            \
  g_test_add(path, DisplayWindow, NULL, set_up, func, display_window_tear_down)

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
  if (!display_keys_begin())
    return 77;
  ADD("/keyboard/library", test_library);
  ADD("/keyboard/words", test_words);
  ADD("/keyboard/clicked-word", test_clicked_word);
  ADD("/keyboard/boxes", test_boxes);
  ADD("/keyboard/zoom", test_zoom);
  ADD("/keyboard/heads", test_heads);
  ADD("/keyboard/views", test_views);
  ADD("/keyboard/pages", test_pages);
  return g_test_run();
}
