/* What a screen reader sees: roles and names of everything drawn, and of the window's controls. */
#include <adwaita.h>

#include "display-window.h"
#include "lens-announcer.h"
#include "lens-answer-bars.h"
#include "lens-chip.h"
#include "lens-export-dialog.h"
#include "lens-fake.h"
#include "lens-graph-view.h"
#include "lens-import-dialog.h"
#include "lens-matrix-view.h"
#include "lens-model-map.h"
#include "lens-scene-view.h"
#include "lens-token-strip.h"
#include "lens-train-dialog.h"

/* The window over a made-up run, without a workbench. */
typedef struct {
  DisplayWindow base;
  LensScene *scene;
  LensRun *run;
} Fixture;

static void
set_up(Fixture *self, gconstpointer unused)
{
  self->scene = lens_fake_scene(10);
  self->run = lens_fake_run(self->scene, 2, 1, 2, 4);
  display_window_make(&self->base);
  lens_explorer_show_run(self->base.explorer, self->run);
  gtk_window_present(GTK_WINDOW(self->base.window));
  display_settle(GTK_WIDGET(self->base.window));
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  gtk_window_destroy(GTK_WINDOW(self->base.window));
  g_object_unref(self->run);
  g_object_unref(self->scene);
}

static gpointer
find(Fixture *self, GType type)
{
  GtkWidget *found = display_find(GTK_WIDGET(self->base.window), type, 0);

  g_assert_nonnull(found);
  return found;
}

/* Every node has the role, a name, and can take the keyboard. */
static void
check_nodes(LensCanvas *canvas, GtkAccessibleRole role)
{
  for (guint i = 0; i < lens_canvas_get_n_nodes(canvas); i++) {
    GtkWidget *node = lens_canvas_get_node_widget(canvas, i);
    const char *name = lens_canvas_get_node_name(canvas, i);

    gtk_test_accessible_assert_role(GTK_ACCESSIBLE(node), role);
    g_assert_nonnull(name);
    g_assert_cmpuint(strlen(name), >, 2);
    gtk_test_accessible_assert_property(GTK_ACCESSIBLE(node), GTK_ACCESSIBLE_PROPERTY_LABEL, name);
    g_assert_true(gtk_widget_get_focusable(node));
  }
}

static void
test_model_map(Fixture *self, gconstpointer unused)
{
  LensCanvas *map = find(self, LENS_TYPE_MODEL_MAP);
  LensSelection *selection
      = lens_explorer_get_selection(lens_window_get_explorer(self->base.window));
  int node;

  gtk_test_accessible_assert_role(GTK_ACCESSIBLE(map), GTK_ACCESSIBLE_ROLE_GRID);
  g_assert_cmpuint(lens_canvas_get_n_nodes(map), ==, (2 + 1 + 4 * 2) * 4);
  check_nodes(map, GTK_ACCESSIBLE_ROLE_GRID_CELL);
  lens_selection_set_cell(selection, "vis.0", 2);
  node = lens_model_map_find_node(LENS_MODEL_MAP(map), "vis.0", 2);
  gtk_test_accessible_assert_state(GTK_ACCESSIBLE(lens_canvas_get_node_widget(map, node)),
                                   GTK_ACCESSIBLE_STATE_SELECTED, TRUE);
  g_assert_true(g_str_has_prefix(lens_canvas_get_node_name(map, node), "Vision layer 1, head 3"));
}

static void
test_graph(Fixture *self, gconstpointer unused)
{
  LensCanvas *graph = find(self, LENS_TYPE_GRAPH_VIEW);

  gtk_test_accessible_assert_role(GTK_ACCESSIBLE(graph), GTK_ACCESSIBLE_ROLE_LIST_BOX);
  g_assert_cmpuint(lens_canvas_get_n_nodes(graph), >=, 9 + 10);
  check_nodes(graph, GTK_ACCESSIBLE_ROLE_OPTION);
}

static void
test_matrix(Fixture *self, gconstpointer unused)
{
  LensCanvas *matrix = find(self, LENS_TYPE_MATRIX_VIEW);

  gtk_test_accessible_assert_role(GTK_ACCESSIBLE(matrix), GTK_ACCESSIBLE_ROLE_GRID);
  check_nodes(matrix, GTK_ACCESSIBLE_ROLE_GRID_CELL);
}

static void
test_scene(Fixture *self, gconstpointer unused)
{
  LensCanvas *scene = find(self, LENS_TYPE_SCENE_VIEW);

  g_assert_cmpuint(lens_canvas_get_n_nodes(scene), ==, 10);
  check_nodes(scene, GTK_ACCESSIBLE_ROLE_OPTION);
  g_assert_cmpstr(lens_canvas_get_node_name(scene, 0), ==, "red cat, confidence 99%");
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(scene), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      "Image fake.png with 10 objects");
}

static void
test_answers(Fixture *self, gconstpointer unused)
{
  LensCanvas *bars = find(self, LENS_TYPE_ANSWER_BARS);

  gtk_test_accessible_assert_role(GTK_ACCESSIBLE(bars), GTK_ACCESSIBLE_ROLE_LIST);
  check_nodes(bars, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
test_tokens(Fixture *self, gconstpointer unused)
{
  LensTokenStrip *strip = find(self, LENS_TYPE_TOKEN_STRIP);
  GtkWidget *chip = lens_token_strip_get_chip(strip, 5);

  gtk_test_accessible_assert_role(GTK_ACCESSIBLE(chip), GTK_ACCESSIBLE_ROLE_OPTION);
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(chip), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      "Word cat");
}

/* A label, a tooltip, or text of its own. */
static gboolean
has_name(GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE(widget);

  if (gtk_test_accessible_has_property(accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
      || gtk_test_accessible_has_relation(accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY)
      || gtk_widget_get_tooltip_text(widget))
    return TRUE;
  if (GTK_IS_BUTTON(widget) && gtk_button_get_label(GTK_BUTTON(widget)))
    return TRUE;
  return display_find(widget, GTK_TYPE_LABEL, 0) != NULL;
}

static void
check_controls(GtkWidget *widget, GString *nameless)
{
  if (!gtk_widget_get_visible(widget))
    return;
  if ((GTK_IS_BUTTON(widget) || GTK_IS_ENTRY(widget) || GTK_IS_SCALE(widget)
       || GTK_IS_DROP_DOWN(widget) || GTK_IS_MENU_BUTTON(widget))
      && !has_name(widget)) {
    GtkWidget *parent = gtk_widget_get_parent(widget);

    /* A compound control's inner button is named by the control. */
    if (!GTK_IS_DROP_DOWN(parent) && !GTK_IS_MENU_BUTTON(parent) && !GTK_IS_SCALE(parent))
      g_string_append_printf(nameless, " %s in %s", G_OBJECT_TYPE_NAME(widget),
                             G_OBJECT_TYPE_NAME(parent));
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    check_controls(child, nameless);
}

static void
test_controls(Fixture *self, gconstpointer unused)
{
  g_autoptr(GString) nameless = g_string_new(NULL);

  check_controls(lens_window_get_explore_page(self->base.window)
                     ? GTK_WIDGET(lens_window_get_explore_page(self->base.window))
                     : NULL,
                 nameless);
  g_assert_cmpstr(nameless->str, ==, "");
}

static GtkWidget *
find_button(GtkWidget *root, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON(root) && g_strcmp0(gtk_button_get_label(GTK_BUTTON(root)), label) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find_button(child, label);
  return found;
}

/* Said without underscores; what an icon, a menu button or a drop-down has inside is named, too. */
static void
test_spoken(Fixture *self, gconstpointer unused)
{
  GtkWidget *ask = find_button(GTK_WIDGET(self->base.window), "_Ask");
  GtkWidget *drop = find(self, GTK_TYPE_DROP_DOWN), *menu = find(self, GTK_TYPE_MENU_BUTTON);
  GtkWidget *library = find(self, GTK_TYPE_TOGGLE_BUTTON), *inner;

  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(ask), GTK_ACCESSIBLE_PROPERTY_LABEL, "Ask");
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(library), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      gtk_widget_get_tooltip_text(library));
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(menu), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      gtk_widget_get_tooltip_text(menu));
  for (int i = 1;
       drop && !GTK_IS_STRING_OBJECT(gtk_drop_down_get_selected_item(GTK_DROP_DOWN(drop))); i++)
    drop = display_find(GTK_WIDGET(self->base.window), GTK_TYPE_DROP_DOWN, i);
  inner = gtk_widget_get_first_child(drop);
  for (guint i = 0; i < 2; i++) {
    gtk_drop_down_set_selected(GTK_DROP_DOWN(drop), i);
    gtk_test_accessible_assert_property(GTK_ACCESSIBLE(inner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        gtk_string_object_get_string(
                                            gtk_drop_down_get_selected_item(GTK_DROP_DOWN(drop))));
  }
}

/* Tab goes through every pane and comes round; nothing holds it. */
static void
test_tab_order(Fixture *self, gconstpointer unused)
{
  GtkWidget *window = GTK_WIDGET(self->base.window);
  static GType (*const types[])(void)
      = { lens_scene_view_get_type, lens_token_strip_get_type, lens_model_map_get_type,
          lens_graph_view_get_type, lens_answer_bars_get_type };
  gboolean seen[G_N_ELEMENTS(types)] = { 0 };

  for (int i = 0; i < 60; i++) {
    GtkWidget *focus;

    gtk_widget_child_focus(window, GTK_DIR_TAB_FORWARD);
    focus = gtk_root_get_focus(GTK_ROOT(window));
    for (guint t = 0; focus && t < G_N_ELEMENTS(types); t++)
      seen[t] |= gtk_widget_get_ancestor(focus, types[t]()) != NULL;
  }
  for (guint t = 0; t < G_N_ELEMENTS(types); t++) {
    if (!seen[t])
      g_error("Tab never reaches %s", g_type_name(types[t]()));
  }
}

/* ---- a real workbench: every page and dialog ---- */

/* GTK's and Adwaita's own parts, which they name or leave nameless as they see fit. */
static gboolean
is_foreign(GtkWidget *widget)
{
  return GTK_IS_POPOVER(widget) || GTK_IS_TEXT(widget) || ADW_IS_STATUS_PAGE(widget);
}

/* A name of its own is asked of what a screen reader would otherwise find by a container's contents. */
static gboolean
is_named(GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE(widget);

  if (GTK_IS_SCROLLED_WINDOW(widget)
      || gtk_accessible_get_accessible_role(accessible) == GTK_ACCESSIBLE_ROLE_LIST_ITEM)
    return ADW_IS_PREFERENCES_PAGE(gtk_widget_get_parent(widget))
           || gtk_test_accessible_has_property(accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
           || gtk_test_accessible_has_relation(accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  if (GTK_IS_COLUMN_VIEW(gtk_widget_get_parent(widget))) /* the table's own list */
    return gtk_test_accessible_has_property(GTK_ACCESSIBLE(gtk_widget_get_parent(widget)),
                                            GTK_ACCESSIBLE_PROPERTY_LABEL);
  return has_name(widget);
}

static guint
check_focusable(GtkWidget *widget, GString *nameless)
{
  guint n = 0;

  if (!gtk_widget_get_visible(widget) || is_foreign(widget))
    return 0;
  if (gtk_widget_get_focusable(widget)) {
    n = 1;
    if (!is_named(widget))
      g_string_append_printf(nameless, " %s in %s", G_OBJECT_TYPE_NAME(widget),
                             G_OBJECT_TYPE_NAME(gtk_widget_get_parent(widget)));
  }
  if (GTK_IS_DROP_DOWN(widget) || GTK_IS_MENU_BUTTON(widget) || GTK_IS_SPIN_BUTTON(widget)
      || ADW_IS_ACTION_ROW(widget))
    return n; /* their inner parts are named by the whole */
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    n += check_focusable(child, nameless);
  return n;
}

static void
assert_named(gpointer root, guint least)
{
  g_autoptr(GString) nameless = g_string_new(NULL);
  guint n;

  display_settle(root);
  n = check_focusable(root, nameless);
  g_assert_cmpstr(nameless->str, ==, "");
  g_assert_cmpuint(n, >=, least);
}

static void
test_window(DisplayWindow *self, gconstpointer unused)
{
  static const char *const views[] = { "graph", "matrix", "heads", "neuron", "states", "numbers" };
  LensAttentionPane *pane
      = lens_explore_page_get_attention_pane(lens_window_get_explore_page(self->window));

  lens_window_open_start(self->window);
  display_window_wait(self);
  for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
    lens_attention_pane_set_view(pane, views[i]);
    assert_named(self->window, 40);
  }
  lens_window_show_page(self->window, "train");
  assert_named(lens_window_get_train_page(self->window), 1);
  lens_window_show_page(self->window, "data");
  assert_named(lens_window_get_data_page(self->window), 2);
}

/* Enter in a dialog that has just opened does what it is for. */
static void
assert_begins_with_its_deed(GtkWindow *dialog)
{
  g_assert_true(gtk_widget_has_css_class(gtk_window_get_focus(dialog), "suggested-action"));
}

static void
test_dialogs(DisplayWindow *self, gconstpointer unused)
{
  GtkWindow *parent = GTK_WINDOW(self->window);
  GtkWindow *dialog;

  lens_window_open_start(self->window);
  display_window_wait(self);
  dialog = GTK_WINDOW(lens_train_dialog_new(parent, self->world.bench, NULL));
  gtk_window_present(dialog);
  assert_named(dialog, 10);
  assert_begins_with_its_deed(dialog);
  gtk_window_close(dialog);
  dialog
      = GTK_WINDOW(lens_export_dialog_new(parent, lens_window_get_explore_page(self->window),
                                          lens_window_get_explorer(self->window), LENS_TAKE_VIEW));
  gtk_window_present(dialog);
  assert_named(dialog, 5);
  assert_begins_with_its_deed(dialog);
  gtk_window_close(dialog);
}

static gboolean
is_read(gpointer dialog)
{
  return lens_import_dialog_get_import(dialog) || lens_import_dialog_get_error(dialog);
}

/* A model's report with all its tables of parameters, and a folder that is none. */
static void
test_import(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *folder = world_copy_model(&self->world, "copied");
  const char *const paths[] = { folder, self->world.state_dir };

  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    LensImportDialog *dialog
        = lens_import_dialog_new(GTK_WINDOW(self->window), self->world.bench, paths[i]);

    gtk_window_present(GTK_WINDOW(dialog));
    world_wait(is_read, dialog);
    g_assert_true((lens_import_dialog_get_import(dialog) != NULL) == (i == 0));
    assert_named(dialog, i == 0 ? 4 : 1);
    gtk_window_close(GTK_WINDOW(dialog));
  }
}

/* Every key named in the window of shortcuts is one, and a line has six at most. */
static void
check_keys(const char *text)
{
  g_auto(GStrv) keys = g_strsplit(text, " ", -1);
  guint caps = 0;

  for (int i = 0; keys[i]; i++) {
    g_auto(GStrv) range = g_strsplit(keys[i], "...", 2);
    GdkModifierType modifiers;
    guint key;

    g_assert_true(gtk_accelerator_parse(range[0], &key, &modifiers));
    g_assert_cmpuint(key, !=, 0);
    caps += 1 + __builtin_popcount(modifiers);
  }
  g_assert_cmpuint(caps, <=, 6);
}

static void
check_shortcuts(GtkWidget *widget, guint *n)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT(widget)) {
    g_autofree char *keys = NULL, *title = NULL;

    GtkShortcutType type;

    g_object_get(widget, "accelerator", &keys, "title", &title, "shortcut-type", &type, NULL);
    g_assert_true(keys || type == GTK_SHORTCUT_GESTURE);
    if (keys)
      check_keys(keys);
    g_assert_true(title && *title);
    (*n)++;
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    check_shortcuts(child, n);
}

static void
test_shortcuts(Fixture *self, gconstpointer unused)
{
  g_autoptr(GtkBuilder) builder
      = gtk_builder_new_from_resource("/org/crosslens/Crosslens/gtk/help-overlay.ui");
  GtkWidget *overlay = GTK_WIDGET(gtk_builder_get_object(builder, "help_overlay"));
  guint n = 0;
  int width, height;

  check_shortcuts(overlay, &n);
  g_assert_cmpuint(n, >=, 40);
  gtk_widget_measure(overlay, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure(overlay, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  g_assert_cmpint(width, <=, 1000);
  g_assert_cmpint(height, <=, 680);
  gtk_window_destroy(GTK_WINDOW(overlay));
}

typedef struct {
  GtkWidget *announcer;
  const char *text;
} Said;

static gboolean
has_said(gpointer data)
{
  const Said *said = data;

  return g_strcmp0(lens_announcer_get_text(LENS_ANNOUNCER(said->announcer)), said->text) == 0;
}

/* The keyboard is in the question: the answer, and what is wrong, come to it. */
static void
test_announced(DisplayWindow *self, gconstpointer unused)
{
  GtkWidget *announcer = display_find(GTK_WIDGET(self->window), LENS_TYPE_ANNOUNCER, 0), *entry;
  g_autoptr(LensAnswer) best = NULL;
  g_autofree char *text = NULL;

  display_window_ask(self, 0, "is there a cat?");
  display_window_act(self, "win.focus-question", NULL);
  entry = gtk_widget_get_ancestor(gtk_root_get_focus(GTK_ROOT(self->window)), GTK_TYPE_ENTRY);
  g_assert_nonnull(entry);
  display_window_ask(self, 0, "what colour is the dog?");
  best = g_list_model_get_item(lens_run_get_answers(lens_explorer_get_run(self->explorer)), 0);
  text = g_strdup_printf("%s, %.1f%%", lens_answer_get_text(best),
                         100 * lens_answer_get_probability(best));
  display_wait(has_said, &(Said){ announcer, text });
  gtk_test_accessible_assert_role(GTK_ACCESSIBLE(announcer), GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(announcer), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      text);
  gtk_test_accessible_assert_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      text);
  lens_explorer_ask(self->explorer, "");
  display_window_wait(self);
  display_wait(has_said, &(Said){ announcer, lens_window_get_error(self->window) });
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  ADD("/a11y/model-map", test_model_map);
  ADD("/a11y/graph", test_graph);
  ADD("/a11y/matrix", test_matrix);
  ADD("/a11y/scene", test_scene);
  ADD("/a11y/answers", test_answers);
  ADD("/a11y/tokens", test_tokens);
  ADD("/a11y/controls", test_controls);
  ADD("/a11y/spoken", test_spoken);
  ADD("/a11y/tab-order", test_tab_order);
  ADD("/a11y/shortcuts", test_shortcuts);
  DISPLAY_ADD("/a11y/window", test_window);
  DISPLAY_ADD("/a11y/dialogs", test_dialogs);
  DISPLAY_ADD("/a11y/import", test_import);
  DISPLAY_ADD("/a11y/announced", test_announced);
  return g_test_run();
}
