/* The views into a head and of the hidden states: what they show as numbers, what pointer and keyboard
 * do; and a statement about two images, from the window. */
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

#include "display-run.h"
#include "display-window.h"
#include "lens-cut-label.h"
#include "lens-font-family.h"
#include "lens-graph-view.h"
#include "lens-matrix-view.h"
#include "lens-neuron-view.h"
#include "lens-pair-layout.h"
#include "lens-partner-slot.h"
#include "lens-scene-view.h"
#include "lens-states-view.h"

#define SIZE 16

/* ---- one head ---- */

static LensNeuron *
made_up_neuron(DisplayRun *self, const char *name, int head)
{
  LensMap *map = lens_run_find_map(self->run, name);
  LensNeuron *neuron
      = lens_neuron_new(name, head, lens_map_get_rows(map), lens_map_get_cols(map), SIZE);

  for (int i = 0; i < neuron->rows * SIZE; i++)
    neuron->queries[i] = sin(i);
  for (int i = 0; i < neuron->cols * SIZE; i++)
    neuron->keys[i] = cos(0.7 * i);
  return neuron;
}

static LensNeuronView *
show_neuron(DisplayRun *self, const char *map, int head)
{
  LensNeuronView *view = LENS_NEURON_VIEW(lens_neuron_view_new());
  g_autoptr(LensNeuron) neuron = made_up_neuron(self, map, head);

  lens_selection_set_cell(self->selection, map, head);
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  lens_neuron_view_set_neuron(view, neuron);
  self->window = display_show(GTK_WIDGET(view), 560, 520);
  return view;
}

/* The product is that of the two bands, its sum over the root of the size is the logit, the bars are
 * as high as their elements say. */
static int
strongest(const FigureNeuron *figure)
{
  int best = 0;

  for (int key = 1; key < figure->cols; key++)
    best = figure->weights[key] > figure->weights[best] ? key : best;
  return best;
}

static void
test_neuron_numbers(DisplayRun *self, gconstpointer unused)
{
  LensNeuronView *view = show_neuron(self, "x.1.lang_to_vis", 2);
  g_autoptr(LensNeuron) neuron = made_up_neuron(self, "x.1.lang_to_vis", 2);
  const FigureNeuron *figure;
  double sum = 0;

  lens_selection_set_hover(self->selection, lens_target_cell(3, 5));
  figure = lens_neuron_view_get_figure(view);
  g_assert_cmpint(figure->query, ==, 3);
  g_assert_cmpint(figure->key, ==, 5);
  for (int e = 0; e < SIZE; e++) {
    double product = figure->elements[FIGURE_NEURON_PRODUCT][e];
    FigureRect bar = figure_neuron_bar(figure, FIGURE_NEURON_PRODUCT, e);
    double full = figure->bands[FIGURE_NEURON_PRODUCT].h / 2;

    g_assert_cmpfloat_with_epsilon(
        product, figure->elements[FIGURE_NEURON_Q][e] * figure->elements[FIGURE_NEURON_K][e], 1e-6);
    g_assert_cmpfloat_with_epsilon(bar.h,
                                   full * fabs(product) / figure->most[FIGURE_NEURON_PRODUCT],
                                   1e-6);
    sum += product;
  }
  g_assert_cmpfloat_with_epsilon(figure->logits[5], sum / sqrt(SIZE), 1e-6);
  g_assert_cmpfloat_with_epsilon(figure->logits[5], lens_neuron_logit(neuron, 3, 5), 1e-6);
  for (int key = 0; key < figure->cols; key++) {
    FigureRect bar = figure_neuron_weight(figure, key);

    g_assert_cmpfloat(figure->weights[key], <=, figure->most_weight);
    g_assert_cmpfloat_with_epsilon(bar.w * figure->most_weight,
                                   figure_neuron_weight(figure, strongest(figure)).w
                                       * figure->weights[key],
                                   1e-4);
    g_assert_cmpfloat(bar.x + bar.w, <, figure->width - 20); /* room for the number */
  }
}

/* A hovered query stays while a key is looked for, a click pins the pair. */
static void
test_neuron_pointer(DisplayRun *self, gconstpointer unused)
{
  LensNeuronView *view = show_neuron(self, "x.0.vis_to_lang", 1);
  const FigureNeuron *figure = lens_neuron_view_get_figure(view);
  FigureRect query = figure->query_rects[7], key = figure->key_rects[4];

  display_hover(GTK_WIDGET(view), query.x + 10, query.y + query.h / 2);
  g_assert_cmpint(lens_selection_get_hover(self->selection).kind, ==, LENS_TARGET_BOX);
  g_assert_cmpint(lens_neuron_view_get_figure(view)->query, ==, 7);
  display_click(GTK_WIDGET(view), key.x + 30, key.y + key.h / 2);
  g_assert_true(
      lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_cell(7, 4)));
  display_leave(GTK_WIDGET(view));
  g_assert_cmpint(lens_neuron_view_get_figure(view)->query, ==, 7);
  g_assert_cmpint(lens_neuron_view_get_figure(view)->key, ==, 4);
}

static void
test_neuron_names(DisplayRun *self, gconstpointer unused)
{
  LensNeuronView *view = show_neuron(self, "lang.1", 0);
  LensCanvas *canvas = LENS_CANVAS(view);
  const FigureNeuron *figure = lens_neuron_view_get_figure(view);
  g_autofree char *name = NULL;

  g_assert_cmpuint(lens_canvas_get_n_nodes(canvas), ==, 9 + 9);
  g_assert_true(lens_canvas_focus_node(canvas, 2));
  figure = lens_neuron_view_get_figure(view);
  g_assert_cmpint(figure->query, ==, 2);
  name = g_strdup_printf("logit %.2f, weight %.3f", figure->logits[6], figure->weights[6]);
  g_assert_true(g_str_has_suffix(lens_canvas_get_node_name(canvas, 9 + 6), name));
  /* Another head's numbers are not passed off as this one's. */
  lens_selection_set_head(self->selection, 3);
  g_assert_null(lens_neuron_view_get_figure(view));
  g_assert_cmpuint(lens_canvas_get_n_nodes(canvas), ==, 0);
}

/* ---- hidden states ---- */

static LensStatesView *
show_states(DisplayRun *self)
{
  LensStatesView *view = LENS_STATES_VIEW(lens_states_view_new());
  g_autoptr(LensStates) states = lens_states_new(4, 9, 12);

  for (int i = 0; i < 4 * 9 * 2; i++)
    states->word_points[i] = sin(1.3 * i) * 10;
  for (int i = 0; i < 4 * 12 * 2; i++)
    states->box_points[i] = cos(2.1 * i) * 10;
  states->language_layers = 2;
  states->vision_layers = 1;
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  lens_states_view_set_states(view, states);
  self->window = display_show(GTK_WIDGET(view), 560, 520);
  return view;
}

static void
test_states(DisplayRun *self, gconstpointer unused)
{
  LensStatesView *view = show_states(self);
  LensTarget target;
  double x, y, moved_x, moved_y;
  FigureRect node;

  g_assert_cmpint(lens_states_view_get_stage(view), ==, 3); /* the end first */
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(view)), ==, 9 + 12);
  lens_states_view_get_point(view, TRUE, 4, 3, &x, &y);
  display_hover(GTK_WIDGET(view), x, y);
  target = lens_selection_get_hover(self->selection);
  g_assert_cmpint(target.kind, ==, LENS_TARGET_WORD);
  g_assert_cmpint(target.index, ==, 4);
  lens_states_view_get_point(view, FALSE, 7, 3, &x, &y);
  display_click(GTK_WIDGET(view), x, y);
  g_assert_true(lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_box(7)));
  /* The points move, all inside the view, and their nodes with them. */
  lens_states_view_set_stage(view, 1);
  display_settle(GTK_WIDGET(view));
  lens_states_view_get_point(view, FALSE, 7, 1, &moved_x, &moved_y);
  g_assert_cmpfloat(hypot(moved_x - x, moved_y - y), >, 1);
  for (int i = 0; i < 9; i++) {
    lens_states_view_get_point(view, TRUE, i, 1, &x, &y);
    lens_canvas_get_node_rect(LENS_CANVAS(view), i, &node);
    g_assert_cmpfloat_with_epsilon(node.x + node.w / 2, x, 1e-6);
    g_assert_cmpfloat(x, >=, 0);
    g_assert_cmpfloat(x, <=, 560);
  }
  /* Without their paths the points of the layer alone fill the view. */
  for (int trails = 1; trails >= 0; trails--) {
    double least = INFINITY, most = -INFINITY;

    lens_states_view_set_trails(view, trails);
    display_settle(GTK_WIDGET(view));
    for (int i = 0; i < 9 + 12; i++) {
      lens_states_view_get_point(view, i < 9, i < 9 ? i : i - 9, 1, &x, &y);
      least = MIN(least, x);
      most = MAX(most, x);
    }
    if (trails)
      g_assert_cmpfloat(most - least, <, 560 - 2 * 22 - 2);
    else
      g_assert_cmpfloat_with_epsilon(most - least, 560 - 2 * 22, 1);
  }
}

/* Points on a line have all their variance on the first axis, and keep their order on it. */
static void
test_pca(void)
{
  float rows[5 * 8], points[5 * 2];
  double share[2];

  for (int i = 0; i < 5; i++)
    for (int j = 0; j < 8; j++)
      rows[i * 8 + j] = 3 + i * (j + 1);
  lens_pca(rows, 5, 8, points, share);
  g_assert_cmpfloat_with_epsilon(share[0], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon(share[1], 0, 1e-6);
  for (int i = 1; i < 5; i++)
    g_assert_cmpfloat_with_epsilon(points[2 * i] - points[2 * i - 2], sqrt(204), 1e-3);
  for (int i = 0; i < 5 * 8; i++)
    rows[i] = 2;
  lens_pca(rows, 5, 8, points, share);
  g_assert_cmpfloat(share[0], ==, 0);
}

/* ---- the window ---- */

/* What a view needs is fetched when it is turned to, again for another head. */
static void
test_fetching(DisplayWindow *self, gconstpointer unused)
{
  GtkWidget *root = GTK_WIDGET(self->window);
  GtkWidget *neuron = display_find(root, LENS_TYPE_NEURON_VIEW, 0);
  GtkWidget *states = display_find(root, LENS_TYPE_STATES_VIEW, 0);
  LensAttentionPane *pane = LENS_ATTENTION_PANE(display_find(root, LENS_TYPE_ATTENTION_PANE, 0));
  LensSelection *selection = lens_explorer_get_selection(self->explorer);

  display_window_ask(self, 0, "is there a cat?");
  g_assert_null(lens_neuron_view_get_figure(LENS_NEURON_VIEW(neuron)));
  lens_attention_pane_set_view(pane, "neuron");
  world_wait(display_has_neuron, neuron);
  lens_selection_set_cell(selection, "x.0.vis_to_lang", 3);
  world_wait(display_has_neuron, neuron);
  g_assert_cmpint(lens_neuron_view_get_figure(LENS_NEURON_VIEW(neuron))->cols, ==,
                  (int)lens_run_get_n_tokens(lens_explorer_get_run(self->explorer)));
  lens_attention_pane_set_view(pane, "states");
  world_wait(display_has_states, states);
  g_assert_cmpint(lens_states_view_get_states(LENS_STATES_VIEW(states))->stages, ==, 5);
  g_assert_null(lens_window_get_error(self->window));
}

static gboolean
explains_second(gpointer explorer)
{
  const LensRelevancy *found = lens_run_get_relevancy(lens_explorer_get_run(explorer));

  return found && found->asked >= 0 && found->method == LENS_EXPLAIN_GRADIENT;
}

/* The answer that is chosen is the one explained, by the way that is read; a gradient is not called
 * attention. */
static void
test_answer_chosen(DisplayWindow *self, gconstpointer unused)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  LensMatrixView *view
      = LENS_MATRIX_VIEW(display_find(GTK_WIDGET(self->window), LENS_TYPE_MATRIX_VIEW, 0));
  g_autoptr(LensAnswer) second = NULL;

  display_window_ask(self, 0, "is there a cat?");
  second = g_list_model_get_item(lens_run_get_answers(lens_explorer_get_run(self->explorer)), 1);
  lens_selection_set_reading(selection, LENS_READING_GRADIENT);
  lens_selection_set_answer(selection, lens_answer_get_index(second));
  world_wait(explains_second, self->explorer);
  g_assert_cmpint(lens_run_get_relevancy(lens_explorer_get_run(self->explorer))->answer, ==,
                  lens_answer_get_index(second));
  display_window_show_view(self, "matrix");
  g_assert_cmpstr(lens_matrix_view_get_matrix(view)->quantity, ==, "gradient");
  lens_selection_set_reading(selection, LENS_READING_HEAD);
  g_assert_cmpstr(lens_matrix_view_get_matrix(view)->quantity, ==, "attention");
}

static const char *
title_of(DisplayWindow *self, const char *view)
{
  GtkWidget *title
      = GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE,
                                                 "title_label"));

  display_window_show_view(self, view);
  return gtk_label_get_text(GTK_LABEL(title));
}

/* What is shown, what of it is left out, and which heads do not count. */
static void
test_titles(DisplayWindow *self, gconstpointer unused)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);

  display_window_ask(self, 0, "is there a cat?");
  lens_selection_set_cell(selection, "lang.0", 1);
  g_assert_cmpstr(title_of(self, "graph"), ==, "Language layer 1, head 2");
  lens_selection_set_hide_special(selection, TRUE);
  lens_selection_set_top_p(selection, 0.75);
  g_assert_cmpstr(title_of(self, "matrix"), ==,
                  "Language layer 1, head 2 · without [CLS] and [SEP] · strongest 75%");
  lens_selection_set_hide_special(selection, FALSE);
  lens_selection_set_top_p(selection, 1);
  lens_selection_set_reading(selection, LENS_READING_SEVERAL);
  g_assert_cmpstr(title_of(self, "graph"), ==, "Language layer 1, head 2");
  lens_selection_set_reading(selection, LENS_READING_MEAN);
  lens_explorer_toggle_gate(self->explorer, "lang.0", 0, LENS_GATE_ZERO);
  display_window_wait(self);
  g_assert_cmpstr(title_of(self, "graph"), ==, "Language layer 1, mean of the heads that are on");
  g_assert_true(g_str_has_prefix(title_of(self, "numbers"), "Numbers of "));
  g_assert_true(g_str_has_prefix(title_of(self, "states"), "Hidden states"));
}

static gboolean
has_pair(gpointer explorer)
{
  LensRun *run = lens_explorer_get_run(explorer);

  return run && lens_run_is_pair(run) && !lens_explorer_get_busy(explorer);
}

/* The slot shows with a model of pairs; nothing is asked until there is a second image; a click into it
 * turns to its half: its boxes in the graph, its own selection. */
static void
test_pair(DisplayWindow *self, gconstpointer unused)
{
  GtkWidget *root = GTK_WIDGET(self->window);
  GtkWidget *slot = display_find(root, LENS_TYPE_PARTNER_SLOT, 0);
  LensSceneView *second = lens_partner_slot_get_scene_view(LENS_PARTNER_SLOT(slot));
  LensGraphView *graph = LENS_GRAPH_VIEW(display_find(root, LENS_TYPE_GRAPH_VIEW, 0));
  g_autofree char *folder = world_write_pair_model(&self->world);
  g_autofree char *path = world_scene(&self->world, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) model = world_import(&self->world, folder, &error);
  GtkStack *stack = GTK_STACK(
      gtk_widget_get_template_child(GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE, "stack"));
  LensRun *run;

  g_assert_no_error(error);
  display_window_ask(self, 0, "is there a cat?");
  g_assert_false(gtk_widget_get_visible(slot));
  lens_explorer_toggle_gate(self->explorer, "x.1.lang_to_vis", 1, LENS_GATE_ZERO);
  display_window_wait(self); /* of a layer that the model of pairs does not have */
  lens_explorer_set_model(self->explorer, model);
  g_assert_true(gtk_widget_get_visible(slot));
  g_assert_true(lens_explorer_wants_partner(self->explorer));
  g_assert_false(lens_explorer_get_busy(self->explorer));
  g_assert_null(lens_explorer_get_run(self->explorer)); /* the other model's answer is not shown */
  g_assert_cmpstr(gtk_stack_get_visible_child_name(stack), ==, "pair");
  gtk_widget_activate_action(root, "win.choose-partner", NULL);
  g_assert_true(gtk_widget_get_mapped(display_find(slot, GTK_TYPE_LIST_VIEW, 0)));
  lens_explorer_open_partner(self->explorer, path);
  world_wait(has_pair, self->explorer);
  run = lens_explorer_get_run(self->explorer);
  g_assert_true(lens_scene_view_get_scene(second) == lens_run_get_scene(lens_run_get_half(run, 1)));
  g_assert_cmpint(lens_explorer_get_half(self->explorer), ==, 0);
  display_settle(GTK_WIDGET(second));
  display_click(GTK_WIDGET(second), 5, 5);
  g_assert_cmpint(lens_explorer_get_half(self->explorer), ==, 1);
  g_assert_true(lens_explorer_get_shown_run(self->explorer) == lens_run_get_half(run, 1));
  lens_selection_set_map(lens_explorer_get_selection(self->explorer), "x.0.lang_to_vis");
  g_assert_cmpint(lens_graph_view_get_graph(graph)->cols, ==,
                  (int)lens_scene_get_n_regions(lens_explorer_get_partner(self->explorer)));
  g_assert_null(lens_window_get_error(self->window));
}

#define ADD(path, func)                                                                            \
  g_test_add(path, DisplayRun, NULL, display_run_set_up, func, display_run_tear_down)

/* The most that any word of a half looks at a box, in the first cross layer. */
static double
looked_at(DisplayWindow *self, int half, int box)
{
  LensRun *run = lens_run_get_half(lens_explorer_get_run(self->explorer), half);
  LensMap *map = lens_run_find_map(run, "x.0.lang_to_vis");
  int rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  double most = 0;

  for (int i = 0; i < lens_map_get_heads(map) * rows; i++)
    most = MAX(most, lens_map_get_values(map)[i * cols + box]);
  return most;
}

/* A box of the second image is left out of its half alone; that is undone, saved, and forgotten with the
 * image. */
static void
test_pair_box(DisplayWindow *self, gconstpointer unused)
{
  LensRegion *region;
  GtkWidget *view;
  double before;

  display_window_ask_pair(self, "there are two cats");
  view
      = display_find(display_window_find(self, LENS_TYPE_PARTNER_SLOT, 0), LENS_TYPE_SCENE_VIEW, 0);
  region = lens_scene_get_region(lens_explorer_get_partner(self->explorer), 0);
  before = display_window_best_probability(self);
  g_assert_cmpfloat(looked_at(self, 1, 0), >, 1e-4);
  g_signal_emit_by_name(view, "remove-box", 0);
  display_window_wait_pair(self);
  g_assert_null(lens_window_get_error(self->window));
  g_assert_true(lens_region_get_removed(region));
  g_assert_false(
      lens_region_get_removed(lens_scene_get_region(lens_explorer_get_scene(self->explorer), 0)));
  g_assert_cmpfloat(looked_at(self, 1, 0), <, 1e-6);
  g_assert_cmpfloat(looked_at(self, 0, 0), >, 1e-4);
  g_assert_cmpfloat(fabs(display_window_best_probability(self) - before), >, 1e-7);

  g_assert_true(lens_explorer_undo(self->explorer));
  display_window_wait_pair(self);
  g_assert_false(lens_region_get_removed(region));
  g_assert_cmpfloat_with_epsilon(display_window_best_probability(self), before, 1e-6);
  g_assert_true(lens_explorer_redo(self->explorer));
  display_window_wait_pair(self);
  g_assert_cmpfloat(looked_at(self, 1, 0), <, 1e-6);

  g_object_ref(region);
  lens_explorer_set_partner(self->explorer, NULL);
  g_assert_true(lens_edits_is_empty(lens_explorer_get_edits(self->explorer)));
  g_assert_false(lens_explorer_undo(self->explorer));
  g_object_unref(region);
}

static gboolean
has_equal_images(gpointer explorer)
{
  return g_strcmp0(lens_scene_get_sha256(lens_explorer_get_partner(explorer)),
                   lens_scene_get_sha256(lens_explorer_get_scene(explorer)))
         == 0;
}

static void
check_equal_halves(LensRun *a, LensRun *b)
{
  for (guint i = 0; i < lens_run_get_n_maps(a); i++) {
    LensMap *x = lens_run_get_map(a, i), *y = lens_run_get_map(b, i);
    int n = lens_map_get_heads(x) * lens_map_get_rows(x) * lens_map_get_cols(x);

    g_assert_cmpint(lens_map_get_rows(x), ==, lens_map_get_rows(y));
    g_assert_cmpint(lens_map_get_cols(x), ==, lens_map_get_cols(y));
    for (int k = 0; k < n; k++)
      g_assert_cmpfloat_with_epsilon(lens_map_get_values(x)[k], lens_map_get_values(y)[k], 1e-5);
  }
}

/* What the model makes of an image with boxes placed must not depend on which of the two it is: a box
 * moved and one added, in one and then in the other of two equal images, give equal halves. */
static void
test_pair_place(DisplayWindow *self, gconstpointer unused)
{
  static const float moved[] = { 0.2f, 0.1f, 0.8f, 0.6f }, added[] = { 0.4f, 0.5f, 0.7f, 0.9f };
  g_autofree char *path = world_scene(&self->world, 0);
  LensRun *runs[2];
  GtkWidget *views[2];
  guint n;

  display_window_ask_pair(self, "there are two cats");
  lens_explorer_open_partner(self->explorer, path);
  world_wait(has_equal_images, self->explorer);
  display_window_wait_pair(self);
  views[0] = display_window_find(self, LENS_TYPE_SCENE_VIEW, 0);
  views[1] = display_window_find(self, LENS_TYPE_SCENE_VIEW, 1);
  n = lens_scene_get_n_regions(lens_explorer_get_partner(self->explorer));
  for (int image = 0; image < 2; image++) {
    lens_explorer_set_half(self->explorer, image);
    g_signal_emit_by_name(views[image], "place-box", 1, moved, TRUE);
    g_signal_emit_by_name(views[image], "place-box", 1, moved, FALSE);
    display_window_wait_pair(self);
    g_signal_emit_by_name(views[image], "place-box", -1, added, FALSE);
    display_window_wait_pair(self);
    runs[image] = g_object_ref(lens_explorer_get_run(self->explorer));
    g_assert_cmpuint(lens_scene_get_n_regions(
                         lens_scene_view_get_scene(LENS_SCENE_VIEW(views[image]))),
                     ==, n + 1);
    g_assert_true(
        lens_target_equal(lens_selection_get_pinned(self->selection), lens_target_box((int)n)));
    g_assert_nonnull(lens_run_get_baseline(runs[image]));
    g_assert_true(lens_explorer_undo(self->explorer));
    g_assert_true(lens_explorer_undo(self->explorer));
    g_assert_false(lens_explorer_undo(self->explorer));
    display_window_wait_pair(self);
    g_assert_cmpuint(lens_scene_get_n_regions(
                         lens_scene_view_get_scene(LENS_SCENE_VIEW(views[image]))),
                     ==, n);
  }
  check_equal_halves(lens_run_get_half(runs[0], 0), lens_run_get_half(runs[1], 1));
  check_equal_halves(lens_run_get_half(runs[0], 1), lens_run_get_half(runs[1], 0));
  g_object_unref(runs[0]);
  g_object_unref(runs[1]);
  g_assert_null(lens_window_get_error(self->window));
}

/* Looking at both, a box pinned in the first stays that one when the second gets another box: the
 * selection counts the second one's first. */
static void
test_pair_both(DisplayWindow *self, gconstpointer unused)
{
  static const float added[] = { 0.4f, 0.5f, 0.7f, 0.9f };
  LensScene *first, *second;
  int n;

  display_window_ask_pair(self, "there are two cats");
  lens_explorer_set_both(self->explorer, TRUE);
  n = (int)lens_scene_get_n_regions(lens_explorer_get_partner(self->explorer));
  lens_selection_set_pinned(self->selection, lens_target_box(n + 2)); /* the first one's third */
  lens_explorer_place_box(self->explorer, 1, 0, added, FALSE);
  display_window_wait_pair(self);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, n + 2);
  lens_explorer_undo(self->explorer);
  display_window_wait_pair(self);
  g_assert_cmpint(lens_explorer_place_box(self->explorer, 1, -1, added, FALSE), ==, n);
  display_window_wait_pair(self);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, n); /* the new one */
  lens_selection_set_pinned(self->selection, lens_target_box(n + 1 + 2));
  lens_explorer_toggle_box(self->explorer, 1, n); /* goes altogether */
  display_window_wait_pair(self);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, n + 2);
  first = lens_explorer_get_scene(self->explorer);
  second = lens_explorer_get_partner(self->explorer);
  g_assert_cmpint(lens_explorer_place_box(self->explorer, 0, -1, added, FALSE), ==,
                  (int)lens_scene_get_n_regions(first));
  display_window_wait_pair(self);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==,
                  n + (int)lens_scene_get_n_regions(first));
  g_assert_true(lens_explorer_get_partner(self->explorer) == second);
}

/* Two images lie beside each other where the place is wide, else the second below the first; each has the
 * whole place while it is alone. */
static void
test_pair_layout(void)
{
  static const struct {
    int width, height;
    gboolean beside;
  } places[] = { { 1200, 320, TRUE }, { 380, 700, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *window;
    GtkWidget *first = gtk_drawing_area_new(), *second = gtk_drawing_area_new();
    graphene_rect_t a, b;

    gtk_widget_set_layout_manager(box, lens_pair_layout_new());
    gtk_box_append(GTK_BOX(box), first);
    gtk_box_append(GTK_BOX(box), second);
    gtk_widget_set_visible(second, FALSE);
    window = display_show(box, places[i].width, places[i].height);
    display_settle(box);
    g_assert_cmpint(gtk_widget_get_width(first), ==, gtk_widget_get_width(box));
    g_assert_cmpint(gtk_widget_get_height(first), ==, gtk_widget_get_height(box));
    gtk_widget_set_visible(second, TRUE);
    display_settle(box);
    g_assert_true(gtk_widget_compute_bounds(first, box, &a));
    g_assert_true(gtk_widget_compute_bounds(second, box, &b));
    g_assert_cmpfloat(a.size.width, ==, b.size.width);
    g_assert_cmpfloat(a.size.height, ==, b.size.height);
    g_assert_cmpint(b.origin.x >= a.origin.x + a.size.width, ==, places[i].beside);
    g_assert_cmpint(b.origin.y >= a.origin.y + a.size.height, ==, !places[i].beside);
    gtk_window_destroy(GTK_WINDOW(window));
  }
}

/* A text that has room says nothing twice; one that is cut short is whole in its tooltip. */
static gboolean
has_tooltip(GtkWidget *label, int width)
{
  g_autoptr(GtkTooltip) tooltip = g_object_new(GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  gtk_widget_measure(label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_allocate(label, width, 40, -1, NULL);
  g_signal_emit_by_name(label, "query-tooltip", 1, 1, FALSE, tooltip, &shown);
  return shown;
}

static void
test_cut_label(void)
{
  g_autoptr(GtkWidget) label = g_object_ref_sink(gtk_label_new(""));

  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  lens_cut_label_set_text(GTK_LABEL(label), "Cross layer 3: words → boxes, head 1");
  g_assert_true(has_tooltip(label, 60));
  g_assert_false(has_tooltip(label, 900));
  lens_cut_label_set_text(GTK_LABEL(label), "");
  g_assert_false(has_tooltip(label, 60));
}

/* A drawing's one font has the language's letters whenever any font here has them. */
static void
test_font_family(void)
{
  static const struct {
    const char *language;
    gunichar letter;
  } wanted[] = { { "en", 'a' }, { "de", 0xfc }, { "zh-cn", 0x56fd }, { "ja", 0x3044 } };
  g_autoptr(GtkWidget) label = g_object_ref_sink(gtk_label_new("x"));
  PangoContext *pango = gtk_widget_get_pango_context(label);

  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
    PangoLanguage *language = pango_language_from_string(wanted[i].language);
    g_autofree char *family = lens_font_family(pango, language);
    PangoFontDescription *one = pango_font_description_from_string(family);
    PangoFontset *all
        = pango_context_load_fontset(pango, pango_context_get_font_description(pango), language);
    g_autoptr(PangoFont) any = pango_fontset_get_font(all, wanted[i].letter);
    g_autoptr(PangoFont) chosen = pango_context_load_font(pango, one);

    g_test_message("%s: %s", wanted[i].language, family);
    g_assert_true(!pango_font_has_char(any, wanted[i].letter)
                  || pango_font_has_char(chosen, wanted[i].letter));
    g_object_unref(all);
    pango_font_description_free(one);
  }
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  ADD("/neuron/numbers", test_neuron_numbers);
  ADD("/neuron/pointer", test_neuron_pointer);
  ADD("/neuron/names", test_neuron_names);
  ADD("/states/points", test_states);
  g_test_add_func("/states/pca", test_pca);
  DISPLAY_ADD("/views/fetching", test_fetching);
  DISPLAY_ADD("/views/answer-chosen", test_answer_chosen);
  DISPLAY_ADD("/views/titles", test_titles);
  g_test_add_func("/views/pair-layout", test_pair_layout);
  g_test_add_func("/views/cut-label", test_cut_label);
  g_test_add_func("/views/font-family", test_font_family);
  DISPLAY_ADD("/views/pair", test_pair);
  DISPLAY_ADD("/views/pair-box", test_pair_box);
  DISPLAY_ADD("/views/pair-place", test_pair_place);
  DISPLAY_ADD("/views/pair-both", test_pair_both);
  return g_test_run();
}
