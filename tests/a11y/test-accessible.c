/* What a screen reader sees: roles and names of everything drawn, and of the window's controls. */
#include <adwaita.h>

#include "display-wait.h"
#include "lens-answer-bars.h"
#include "lens-chip.h"
#include "lens-fake.h"
#include "lens-graph-view.h"
#include "lens-matrix-view.h"
#include "lens-model-map.h"
#include "lens-scene-view.h"
#include "lens-token-strip.h"
#include "lens-window.h"

typedef struct {
  LensScene *scene;
  LensRun *run;
  AdwApplication *application;
  LensWindow *window;
} Fixture;

static AdwApplication *application; /* one for the whole program */

static void
set_up(Fixture *self, gconstpointer unused)
{
  self->application = application;
  self->scene = lens_fake_scene(10);
  self->run = lens_fake_run(self->scene, 2, 1, 2, 4);
  self->window = lens_window_new(self->application, NULL);
  lens_explorer_show_run(lens_window_get_explorer(self->window), self->run);
  gtk_window_present(GTK_WINDOW(self->window));
  display_settle(GTK_WIDGET(self->window));
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  gtk_window_destroy(GTK_WINDOW(self->window));
  g_object_unref(self->run);
  g_object_unref(self->scene);
}

static gpointer
find(Fixture *self, GType type)
{
  GtkWidget *found = display_find(GTK_WIDGET(self->window), type, 0);

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
      = lens_explorer_get_selection(lens_window_get_explorer(self->window));
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

  check_controls(lens_window_get_explore_page(self->window)
                     ? GTK_WIDGET(lens_window_get_explore_page(self->window))
                     : NULL,
                 nameless);
  g_assert_cmpstr(nameless->str, ==, "");
}

/* Tab goes through every pane and comes round; nothing holds it. */
static void
test_tab_order(Fixture *self, gconstpointer unused)
{
  GtkWidget *window = GTK_WIDGET(self->window);
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

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  gtk_test_init(&argc, &argv, NULL);
  application = g_object_new(ADW_TYPE_APPLICATION, "application-id", "org.crosslens.Test", "flags",
                             G_APPLICATION_NON_UNIQUE, NULL);
  g_application_register(G_APPLICATION(application), NULL, &error);
  g_assert_no_error(error);
  ADD("/a11y/model-map", test_model_map);
  ADD("/a11y/graph", test_graph);
  ADD("/a11y/matrix", test_matrix);
  ADD("/a11y/scene", test_scene);
  ADD("/a11y/answers", test_answers);
  ADD("/a11y/tokens", test_tokens);
  ADD("/a11y/controls", test_controls);
  ADD("/a11y/tab-order", test_tab_order);
  return g_test_run();
}
