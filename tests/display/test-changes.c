/* What is changed in a model or its input, as the window shows it: heads, grey bars, boxes. */
#include "display-window.h"
#include "lens-answer-bars.h"
#include "lens-heads-view.h"

static gpointer
part_of(gpointer pane, const char *name)
{
  return gtk_widget_get_template_child(GTK_WIDGET(pane), G_OBJECT_TYPE(pane), name);
}

/* How many items with an action of such a name there are below, all of which must be called so. */
static int
count_items(GMenuModel *menu, const char *action, const char *label)
{
  int found = 0;

  for (int i = 0; i < g_menu_model_get_n_items(menu); i++) {
    g_autoptr(GMenuModel) section = g_menu_model_get_item_link(menu, i, G_MENU_LINK_SECTION);
    g_autofree char *does = NULL, *called = NULL;

    if (section)
      found += count_items(section, action, label);
    if (!g_menu_model_get_item_attribute(menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &does)
        || !g_str_has_prefix(does, action))
      continue;
    g_assert_true(g_menu_model_get_item_attribute(menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &called));
    g_assert_nonnull(strstr(called, label));
    found++;
  }
  return found;
}

/* Beside the map of the model. */
static GMenuModel *
gates_menu(DisplayWindow *self)
{
  GtkWidget *button;

  for (int i = 0; (button = display_find(GTK_WIDGET(self->pane), GTK_TYPE_MENU_BUTTON, i)); i++) {
    GMenuModel *menu = gtk_menu_button_get_menu_model(GTK_MENU_BUTTON(button));

    if (menu && count_items(menu, "gates.toggle-", "") > 0)
      return menu;
  }
  g_assert_not_reached();
}

/* A uniform head is not one that is off: the heads cross out only these; the menu and the bar of
 * changes call it the same. */
static void
test_uniform(DisplayWindow *self, gconstpointer unused)
{
  LensHeadsView *view = display_window_find(self, LENS_TYPE_HEADS_VIEW, 0);
  g_autofree char *said = NULL;
  const FigureHeads *heads;

  lens_explorer_set_gate(self->explorer, "x.0.lang_to_vis", 1, LENS_GATE_UNIFORM);
  lens_explorer_set_gate(self->explorer, "x.0.lang_to_vis", 2, LENS_GATE_ZERO);
  display_window_wait(self);
  display_window_show_view(self, "heads");
  heads = lens_heads_view_get_heads(view);
  g_assert_cmpint(heads->n_panels, ==, 4);
  for (int i = 0; i < heads->n_panels; i++)
    g_assert_cmpint(heads->panels[i].off, ==, heads->panels[i].head == 2);
  for (int i = 0; i < heads->panels[1].rows * heads->panels[1].cols; i++)
    g_assert_cmpfloat_with_epsilon(heads->panels[1].weights[i], heads->panels[1].max, 1e-6);
  g_assert_nonnull(strstr(lens_canvas_get_node_name(LENS_CANVAS(view), 1), "made uniform"));
  said = lens_edits_describe(lens_explorer_get_edits(self->explorer));
  g_assert_nonnull(strstr(said, "1 head made uniform"));
  g_assert_cmpint(count_items(gates_menu(self), "gates.uniform-", "Make Uniform"), ==, 3);
}

/* Of the first bar: whether the grey one behind it is so much, and is said to be `whose`. */
static void
check_ghost(DisplayWindow *self, GListModel *ghosts, const char *format)
{
  LensCanvas *bars = display_window_find(self, LENS_TYPE_ANSWER_BARS, 0);
  g_autoptr(LensAnswer) best
      = g_list_model_get_item(lens_run_get_answers(lens_explorer_get_run(self->explorer)), 0);
  g_autofree char *wanted = NULL;

  for (guint i = 0; i < g_list_model_get_n_items(ghosts); i++) {
    g_autoptr(LensAnswer) ghost = g_list_model_get_item(ghosts, i);

    if (lens_answer_get_index(ghost) == lens_answer_get_index(best))
      wanted = g_strdup_printf("%s %.1f%%", format, 100 * lens_answer_get_probability(ghost));
  }
  g_assert_nonnull(wanted);
  g_assert_true(g_str_has_suffix(lens_canvas_get_node_name(bars, 0), wanted));
}

/* With A held the grey bars are A's, also where both have changes; let go, those before the changes. */
static void
test_ghosts(DisplayWindow *self, gconstpointer unused)
{
  GtkLabel *whose = part_of(lens_explore_page_get_ask_pane(self->page), "ghosts_label");
  LensRun *a;

  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(whose)));
  for (int h = 0; h < 4; h++)
    lens_explorer_set_gate(self->explorer, "lang.0", h, LENS_GATE_ZERO);
  display_window_wait(self);
  display_window_act(self, "win.pin-run", NULL);
  a = lens_explorer_get_pinned_run(self->explorer);
  lens_explorer_set_gate(self->explorer, "lang.1", 1, LENS_GATE_ZERO);
  display_window_wait(self);
  g_assert_true(lens_explorer_get_pinned_run(self->explorer) == a);
  g_assert_cmpstr(gtk_label_get_text(whose), ==, "■ A");
  check_ghost(self, lens_run_get_answers(a), "in A");
  display_window_act(self, "win.pin-run", NULL);
  g_assert_cmpstr(gtk_label_get_text(whose), ==, "■ before");
  check_ghost(self, lens_run_get_baseline(lens_explorer_get_run(self->explorer)), "before");
}

/* Below the answers stands how many boxes the model got: of a pair those of both images. */
static void
check_footer(DisplayWindow *self, int removed)
{
  LensScene *first = lens_explorer_get_scene(self->explorer);
  LensScene *second = lens_explorer_get_partner(self->explorer);
  GtkLabel *footer = part_of(lens_explore_page_get_ask_pane(self->page), "footer_label");
  int n = (int)lens_scene_get_n_regions(first) + (int)lens_scene_get_n_regions(second) - removed;
  g_autofree char *boxes = g_strdup_printf(" · %d boxes · ", n);

  g_assert_nonnull(strstr(gtk_label_get_text(footer), boxes));
}

static void
test_footer(DisplayWindow *self, gconstpointer unused)
{
  static const float rect[] = { 0.1f, 0.1f, 0.4f, 0.5f };

  display_window_ask_pair(self, "there is a cat in one image");
  check_footer(self, 0);
  lens_explorer_toggle_box(self->explorer, 1, 0);
  display_window_wait(self);
  check_footer(self, 1);
  lens_explorer_place_box(self->explorer, 1, -1, rect, FALSE);
  display_window_wait(self);
  lens_explorer_toggle_box(self->explorer, 0, 1);
  display_window_wait(self);
  check_footer(self, 2);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
#define ADD_ASKED(path, func)                                                                      \
  g_test_add(path, DisplayWindow, NULL, display_window_set_up_asked, func, display_window_tear_down)
  ADD_ASKED("/changes/uniform", test_uniform);
  ADD_ASKED("/changes/ghosts", test_ghosts);
  DISPLAY_ADD("/changes/footer", test_footer);
  return g_test_run();
}
