/* Readings and comparisons in the window: several heads, gradients, whole words, A beside B, a BERT
 * beside LXMERT, heads previewed, the keys. */
#include <math.h>

#include "display-window.h"
#include "lens-attention-pane.h"
#include "lens-attention-reading.h"
#include "lens-attention-text.h"
#include "lens-compare-bar.h"
#include "lens-compare-text.h"
#include "lens-compare.h"
#include "lens-fake.h"
#include "lens-graph-view.h"
#include "lens-head-item.h"
#include "lens-heads-view.h"
#include "lens-matrix-view.h"
#include "lens-model-map.h"
#include "lens-neuron-view.h"
#include "lens-numbers-view.h"
#include "lens-scene-view.h"
#include "lens-states-view.h"

static LensGraphView *
graph_of(DisplayWindow *self, int nth)
{
  return LENS_GRAPH_VIEW(display_window_find(self, LENS_TYPE_GRAPH_VIEW, nth));
}

/* ---- readings ---- */

/* The bar's buttons choose heads; every edge is as wide as their mean. */
static void
test_several(DisplayWindow *self, gconstpointer unused)
{
  GtkWidget *bar = display_window_find(self, LENS_TYPE_HEADS_BAR, 0);
  const FigureGraph *graph;
  LensMap *map;
  const float *v;
  int n;

  display_window_ask(self, 0, "is there a cat?");
  lens_selection_set_cell(self->selection, "x.1.lang_to_vis", 1);
  g_assert_false(gtk_widget_get_visible(bar));
  lens_selection_set_reading(self->selection, LENS_READING_SEVERAL);
  g_assert_true(gtk_widget_get_visible(bar));
  g_assert_nonnull(display_find(bar, GTK_TYPE_TOGGLE_BUTTON, 3));
  g_assert_null(display_find(bar, GTK_TYPE_TOGGLE_BUTTON, 4)); /* the model has four heads */
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(display_find(bar, GTK_TYPE_TOGGLE_BUTTON, 3)),
                               TRUE);
  g_assert_cmpuint(lens_selection_get_chosen(self->selection), ==, 1 << 1 | 1 << 3);
  graph = lens_graph_view_get_graph(graph_of(self, 0));
  map = lens_run_find_map(lens_explorer_get_run(self->explorer), "x.1.lang_to_vis");
  v = lens_map_get_values(map);
  n = lens_map_get_rows(map) * lens_map_get_cols(map);
  g_assert_cmpint(graph->n_edges, >, 0);
  for (int e = 0; e < graph->n_edges; e++) {
    int at = graph->edges[e].query * graph->cols + graph->edges[e].key;

    g_assert_cmpfloat_with_epsilon(graph->edges[e].weight, (v[n + at] + v[3 * n + at]) / 2, 1e-5);
  }
}

static gboolean
has_gradient(gpointer explorer)
{
  const LensRelevancy *found = lens_run_get_relevancy(lens_explorer_get_run(explorer));

  return found && found->method == LENS_EXPLAIN_GRADIENT;
}

static double
edge_sum(DisplayWindow *self, double *most)
{
  const FigureGraph *graph = lens_graph_view_get_graph(graph_of(self, 0));
  double sum = 0;

  *most = 0;
  for (int e = 0; e < graph->n_edges; e++) {
    sum += graph->edges[e].weight;
    *most = MAX(*most, graph->edges[e].weight);
  }
  return sum;
}

/* Each map has its own gradient, the largest being one; times attention it is another picture. */
static void
test_gradient(DisplayWindow *self, gconstpointer unused)
{
  double first, other, times, most;

  display_window_ask(self, 0, "is there a cat?");
  lens_selection_set_cell(self->selection, "lang.0", 0);
  lens_selection_set_reading(self->selection, LENS_READING_GRADIENT);
  world_wait(has_gradient, self->explorer);
  first = edge_sum(self, &most);
  g_assert_cmpfloat_with_epsilon(most, 1, 1e-6);
  lens_selection_set_reading(self->selection, LENS_READING_GRADIENT_ATTENTION);
  times = edge_sum(self, &most);
  g_assert_cmpfloat_with_epsilon(most, 1, 1e-6);
  g_assert_cmpfloat(fabs(times - first), >, 1e-6);
  lens_selection_set_map(self->selection, "lang.1");
  other = edge_sum(self, &most);
  g_assert_cmpfloat(fabs(times - other), >, 1e-6);
  lens_selection_set_map(self->selection, "x.1.vis_self"); /* the answer does not depend on it */
  g_assert_cmpfloat(edge_sum(self, &most), ==, 0);
}

/* The filter puts "cat" "##fish" together in the graph and the matrix; targets count tokens. */
static void
test_whole_words(DisplayWindow *self, gconstpointer unused)
{
  g_autoptr(LensScene) scene = lens_fake_scene(6);
  g_autoptr(LensRun) run = lens_fake_run(scene, 2, 1, 2, 4);
  LensMatrixView *matrix = LENS_MATRIX_VIEW(display_window_find(self, LENS_TYPE_MATRIX_VIEW, 0));
  const FigureNode *node;
  const FigureGraph *graph;
  LensGraphView *view = graph_of(self, 0);

  lens_explorer_show_run(self->explorer, run);
  lens_selection_set_cell(self->selection, "lang.0", 0);
  display_settle(GTK_WIDGET(self->window));
  g_assert_cmpint(lens_graph_view_get_graph(view)->cols, ==, 9);
  gtk_widget_activate_action(GTK_WIDGET(view), "attention.merge-words", NULL);
  display_settle(GTK_WIDGET(view));
  graph = lens_graph_view_get_graph(view);
  g_assert_cmpint(graph->cols, ==, 8);
  g_assert_cmpint(lens_matrix_view_get_matrix(matrix)->n_rows, ==, 8);
  node = &graph->nodes[graph->query_node[7]]; /* [SEP], the ninth token */
  display_hover(GTK_WIDGET(view), node->anchor_x, node->anchor_y);
  g_assert_cmpint(lens_selection_get_hover(self->selection).index, ==, 8);
  node = &graph->nodes[graph->query_node[5]];
  g_assert_cmpstr(node->label, ==, "catfish");
  display_click(GTK_WIDGET(view), node->anchor_x, node->anchor_y);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, 5);
  gtk_widget_activate_action(GTK_WIDGET(view), "attention.merge-words", NULL);
  g_assert_cmpint(lens_graph_view_get_graph(view)->cols, ==, 9);
}

/* ---- comparing ---- */

/* P holds, D goes through the ways of comparing; beside each other the same word is selected in both,
 * though it stands elsewhere. */
static void
test_beside(DisplayWindow *self, gconstpointer unused)
{
  GtkWidget *bar = display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
  LensGraphView *b = graph_of(self, 0), *a = graph_of(self, 1);
  const FigureGraph *graph;
  const FigureNode *node;
  LensTarget there;

  display_window_ask(self, 0, "is there a cat?");
  g_assert_true(display_window_press(self, GDK_KEY_p));
  g_assert_true(lens_explorer_get_pinned_run(self->explorer)
                == lens_explorer_get_run(self->explorer));
  display_window_ask(self, 0, "how many dogs are there?");
  lens_selection_set_cell(self->selection, "lang.0", 0);
  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(a)));
  g_assert_true(display_window_press(self, GDK_KEY_d));
  g_assert_cmpint(lens_compare_bar_get_mode(LENS_COMPARE_BAR(bar)), ==, LENS_COMPARE_BOTH);
  display_settle(GTK_WIDGET(a));
  graph = lens_graph_view_get_graph(b);
  node = &graph->nodes[graph->query_node[5]]; /* "are" is only here; "there" comes after it */
  g_assert_cmpstr(node->label, ==, "are");
  display_hover(GTK_WIDGET(b), node->anchor_x, node->anchor_y);
  there = lens_run_view_get_active(LENS_RUN_VIEW(a));
  g_assert_cmpint(there.kind, ==, LENS_TARGET_NONE);
  node = &graph->nodes[graph->query_node[6]];
  g_assert_cmpstr(node->label, ==, "there");
  display_hover(GTK_WIDGET(b), node->anchor_x, node->anchor_y);
  there = lens_run_view_get_active(LENS_RUN_VIEW(a));
  g_assert_cmpint(there.index, ==, 2);
  /* And from A. */
  graph = lens_graph_view_get_graph(a);
  node = &graph->nodes[graph->query_node[2]];
  g_assert_cmpstr(node->label, ==, "there");
  display_click(GTK_WIDGET(a), node->anchor_x, node->anchor_y);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, 6);
  g_assert_true(display_window_press(self, GDK_KEY_Escape));
  g_assert_cmpint(lens_selection_get_pinned(self->selection).kind, ==, LENS_TARGET_NONE);
  /* What only A has is selected there alone. */
  node = &graph->nodes[graph->query_node[4]];
  g_assert_cmpstr(node->label, ==, "cat");
  display_hover(GTK_WIDGET(a), node->anchor_x, node->anchor_y);
  g_assert_cmpint(lens_run_view_get_active(LENS_RUN_VIEW(a)).index, ==, 4);
  g_assert_cmpint(lens_run_view_get_active(LENS_RUN_VIEW(b)).kind, ==, LENS_TARGET_NONE);
  for (int i = 0; i < LENS_N_COMPARE; i++)
    g_assert_true(display_window_press(self, GDK_KEY_d));
  g_assert_cmpint(lens_compare_bar_get_mode(LENS_COMPARE_BAR(bar)), ==, LENS_COMPARE_BOTH);
  g_assert_true(display_window_press(self, GDK_KEY_p));
  g_assert_null(lens_explorer_get_pinned_run(self->explorer));
  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(a)));
}

/* The bar and the columns say what A and B are, and what they share. */
static void
test_texts(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *held = NULL, *shared = NULL, *of_a = NULL, *of_b = NULL, *unchanged = NULL,
                  *gated = NULL, *all = NULL;
  LensRun *a, *b;

  display_window_ask(self, 0, "is there a cat?");
  display_window_press(self, GDK_KEY_p);
  display_window_ask(self, 0, "how many dogs are there?");
  a = lens_explorer_get_pinned_run(self->explorer);
  b = lens_explorer_get_run(self->explorer);
  held = lens_compare_text_held(a);
  g_assert_true(g_str_has_prefix(held, "A: “is there a cat?” → "));
  shared = lens_compare_text_shared(a, b); /* [CLS], "there", "?", [SEP] */
  g_assert_true(g_str_has_prefix(shared, "shared: 4 of 9 words, "));
  of_a = lens_compare_text_column("A", a, b, FALSE);
  of_b = lens_compare_text_column("B", b, a, FALSE);
  g_assert_cmpstr(of_a, ==, "A: “is there a cat?”");
  g_assert_cmpstr(of_b, ==, "B: “how many dogs are there?”");
  /* The same question with a head switched off: nothing else is named. */
  lens_explorer_pin_run(self->explorer, b);
  lens_explorer_toggle_gate(self->explorer, "lang.0", 1, LENS_GATE_ZERO);
  display_window_wait(self);
  a = lens_explorer_get_pinned_run(self->explorer);
  b = lens_explorer_get_run(self->explorer);
  all = lens_compare_text_shared(a, b);
  g_assert_cmpstr(all, ==, "");
  unchanged = lens_compare_text_column("A", a, b, FALSE);
  gated = lens_compare_text_column("B", b, a, FALSE);
  g_assert_cmpstr(unchanged, ==, "A: unchanged");
  g_assert_cmpstr(gated, ==, "B: 1 head off");
}

/* Models with another number of heads: each of B's against the mean of A's, which is said. */
static void
test_other_heads(void)
{
  g_autoptr(LensScene) scene = lens_fake_scene(6);
  g_autoptr(LensRun) a = lens_fake_run(scene, 2, 1, 1, 12);
  g_autoptr(LensRun) b = lens_fake_run(scene, 2, 1, 1, 4);
  g_autoptr(LensRun) more = lens_compare_runs(a, b, LENS_DIFFERENCE_MORE);
  g_autoptr(LensRun) less = lens_compare_runs(a, b, LENS_DIFFERENCE_LESS);
  g_autofree char *said = lens_compare_text_shared(a, b), *same = lens_compare_text_shared(a, a);

  g_assert_cmpstr(said, ==, "heads against the mean of A’s");
  g_assert_cmpstr(same, ==, "");
  for (guint m = 0; m < lens_run_get_n_maps(b); m++) {
    const float *of_a = lens_map_get_values(lens_run_get_map(a, m));
    const float *of_b = lens_map_get_values(lens_run_get_map(b, m));
    const float *up = lens_map_get_values(lens_run_get_map(more, m));
    const float *down = lens_map_get_values(lens_run_get_map(less, m));
    int cells
        = lens_map_get_rows(lens_run_get_map(b, m)) * lens_map_get_cols(lens_run_get_map(b, m));

    g_assert_cmpint(lens_map_get_heads(lens_run_get_map(more, m)), ==, 4);
    for (int i = 0; i < 4 * cells; i++) {
      double mean = 0;

      for (int h = 0; h < 12; h++)
        mean += of_a[h * cells + i % cells] / 12;
      g_assert_cmpfloat_with_epsilon(up[i] - down[i], of_b[i] - mean, 1e-5);
    }
  }
}

static char *
value_text(DisplayWindow *self, LensTarget hover)
{
  lens_selection_set_hover(self->selection, hover);
  return lens_attention_text_active(lens_attention_pane_get_run(self->pane), self->selection,
                                    "graph");
}

/* What a cell of a difference comes from, who has no partner, and that there is no difference. */
static void
test_difference_in_words(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *only = NULL, *both = NULL, *alike = NULL, *expected = NULL, *title = NULL;
  LensMap *of_a, *of_b;

  display_window_ask(self, 0, "is there a cat?");
  display_window_press(self, GDK_KEY_p);
  display_window_ask(self, 0, "how many dogs are there?");
  lens_selection_set_cell(self->selection, "lang.1", 2);
  lens_attention_pane_set_compare(self->pane, LENS_COMPARE_MORE);
  of_a = lens_run_find_map(lens_explorer_get_pinned_run(self->explorer), "lang.1");
  of_b = lens_run_find_map(lens_explorer_get_run(self->explorer), "lang.1");
  /* "there" is A's third token and B's seventh. */
  expected
      = g_strdup_printf("[CLS] → there  A %.3f, B %.3f", lens_map_get_values(of_a)[2 * 7 * 7 + 2],
                        lens_map_get_values(of_b)[2 * 9 * 9 + 6]);
  both = value_text(self, lens_target_cell(0, 6));
  g_assert_cmpstr(both, ==, expected);
  only = value_text(self, lens_target_word(3));
  g_assert_true(g_str_has_prefix(only, "dog (only in B)  →"));
  /* The same again: nothing differs. */
  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
  lens_explorer_toggle_gate(self->explorer, "x.0.lang_to_vis", 1, LENS_GATE_ZERO);
  display_window_wait(self);
  lens_attention_pane_set_compare(self->pane, LENS_COMPARE_MORE);
  alike = value_text(self, lens_target_none());
  g_assert_cmpstr(alike, ==, "B looks nowhere more than A here");
  /* And whose head is off is said. */
  lens_attention_pane_set_compare(self->pane, LENS_COMPARE_B);
  lens_selection_set_cell(self->selection, "x.0.lang_to_vis", 1);
  title = lens_attention_text_title(lens_attention_pane_get_run(self->pane), self->selection);
  g_assert_cmpstr(title, ==, "Cross layer 1: words → boxes, head 2, switched off");
}

/* "is there a cat?" is held as A, "how many dogs are there?" is B. */
static LensCompareBar *
hold_and_ask(DisplayWindow *self, const char *view)
{
  display_window_ask(self, 0, "is there a cat?");
  display_window_press(self, GDK_KEY_p);
  display_window_ask(self, 0, "how many dogs are there?");
  lens_selection_set_cell(self->selection, "lang.1", 2);
  display_window_show_view(self, view);
  return display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
}

static gboolean
is_neuron_difference(gpointer view)
{
  const FigureNeuron *figure = lens_neuron_view_get_figure(view);

  return figure && figure->difference;
}

/* One head's queries and keys of both runs; their difference is that of the same words. */
static void
test_beside_neuron(DisplayWindow *self, gconstpointer unused)
{
  LensCompareBar *bar = hold_and_ask(self, "neuron");
  LensNeuronView *b = display_window_find(self, LENS_TYPE_NEURON_VIEW, 0);
  LensNeuronView *a = display_window_find(self, LENS_TYPE_NEURON_VIEW, 1);
  const FigureNeuron *of_a, *of_b, *difference;
  double logit_a, logit_b, alone, weight_b;

  lens_compare_bar_set_mode(bar, LENS_COMPARE_BOTH);
  world_wait(display_has_neuron, a);
  world_wait(display_has_neuron, b);
  lens_selection_set_hover(self->selection, lens_target_word(6)); /* "there", A's second word */
  of_a = lens_neuron_view_get_figure(a);
  of_b = lens_neuron_view_get_figure(b);
  g_assert_cmpint(of_b->query, ==, 6);
  g_assert_cmpint(of_a->query, ==, 2);
  g_assert_cmpint(of_a->cols, <, of_b->cols);
  logit_a = of_a->logits[0]; /* of [CLS] */
  logit_b = of_b->logits[0];
  alone = of_b->logits[5]; /* "are" is no word of A */
  weight_b = of_b->weights[0] - of_a->weights[0];
  for (LensCompareMode mode = LENS_COMPARE_MORE; mode <= LENS_COMPARE_LESS; mode++) {
    double sign = mode == LENS_COMPARE_MORE ? 1 : -1;

    lens_compare_bar_set_mode(bar, mode);
    world_wait(is_neuron_difference, b);
    difference = lens_neuron_view_get_figure(b);
    g_assert_cmpfloat_with_epsilon(difference->logits[0], sign * (logit_b - logit_a), 1e-5);
    g_assert_cmpfloat_with_epsilon(difference->logits[5], sign * alone, 1e-5);
    g_assert_cmpfloat_with_epsilon(difference->weights[0], sign * weight_b, 1e-5);
    g_assert_false(gtk_widget_get_mapped(GTK_WIDGET(a)));
  }
}

static gboolean
has_states_beside(gpointer view)
{
  const LensStates *states = lens_states_view_get_states(view);

  return states && states->beside;
}

/* The hidden states of both runs on common axes; compared, every word's way from A to B. */
static void
test_beside_states(DisplayWindow *self, gconstpointer unused)
{
  LensCompareBar *bar = hold_and_ask(self, "states");
  LensStatesView *b = display_window_find(self, LENS_TYPE_STATES_VIEW, 0);
  LensStatesView *a = display_window_find(self, LENS_TYPE_STATES_VIEW, 1);
  const LensStates *of_a, *of_b;
  double x, y, from_x, from_y, there_x, there_y;

  lens_compare_bar_set_mode(bar, LENS_COMPARE_BOTH);
  world_wait(has_states_beside, a);
  world_wait(has_states_beside, b);
  display_settle(GTK_WIDGET(a));
  of_a = lens_states_view_get_states(a);
  of_b = lens_states_view_get_states(b);
  g_assert_true(of_b->together);
  g_assert_cmpint(of_a->words, ==, of_b->beside->words);
  g_assert_cmpmem(of_a->word_points, sizeof(float) * 2 * of_a->words, of_b->beside->word_points,
                  sizeof(float) * 2 * of_a->words);
  lens_states_view_set_stage(b, 2);
  g_assert_cmpint(lens_states_view_get_stage(a), ==, 2);
  /* The same word under the pointer, though it stands elsewhere. */
  lens_states_view_get_point(a, TRUE, 2, 2, &x, &y);
  display_hover(GTK_WIDGET(a), x, y);
  g_assert_cmpint(lens_run_view_get_active(LENS_RUN_VIEW(b)).index, ==, 6);

  lens_compare_bar_set_mode(bar, LENS_COMPARE_MORE);
  world_wait(has_states_beside, b);
  display_settle(GTK_WIDGET(b));
  g_assert_true(lens_states_view_get_partner(b, TRUE, 6, &from_x, &from_y));
  g_assert_false(lens_states_view_get_partner(b, TRUE, 5, &x, &y));
  of_b = lens_states_view_get_states(b);
  lens_states_view_get_point(b, TRUE, 6, 2, &there_x, &there_y);
  g_assert_cmpfloat(of_b->word_points[2 * (2 * of_b->words + 6)]
                        - of_b->beside->word_points[2 * (2 * of_b->beside->words + 2)],
                    !=, 0);
  g_assert_cmpfloat(hypot(there_x - from_x, there_y - from_y), >, 0);
  g_assert_nonnull(strstr(lens_canvas_get_node_name(LENS_CANVAS(b), 5), "only in B"));
  g_assert_nonnull(strstr(lens_canvas_get_node_name(LENS_CANVAS(b), 6), "from A's"));
}

/* Every head's numbers of both runs in one row, or their difference; so is the map coloured. */
static void
test_beside_numbers(DisplayWindow *self, gconstpointer unused)
{
  LensCompareBar *bar = hold_and_ask(self, "numbers");
  LensNumbersView *numbers = display_window_find(self, LENS_TYPE_NUMBERS_VIEW, 0);
  LensModelMap *map = lens_attention_pane_get_model_map(self->pane);
  g_autoptr(LensHeadItem) beside = NULL;
  g_autoptr(LensHeadItem) difference = NULL;
  g_autofree char *text = NULL, *csv = NULL, *compared = NULL;
  g_auto(GStrv) parts = NULL;
  double a, b;

  lens_compare_bar_set_mode(bar, LENS_COMPARE_BOTH);
  beside = g_list_model_get_item(lens_numbers_view_get_rows(numbers), 3);
  a = lens_map_head_stat(lens_run_find_map(lens_explorer_get_pinned_run(self->explorer),
                                           lens_map_get_name(lens_head_item_get_map(beside))),
                         lens_head_item_get_head(beside), LENS_STAT_ENTROPY);
  b = lens_head_item_get_stat(beside, LENS_STAT_ENTROPY);
  g_assert_cmpfloat(lens_head_item_get_other_stat(beside, LENS_STAT_ENTROPY), ==, a);
  text = lens_head_item_format_stat(beside, LENS_STAT_ENTROPY);
  parts = g_strsplit(text, " | ", -1);
  g_assert_cmpfloat_with_epsilon(g_strtod(parts[0], NULL), a, 1e-2);
  g_assert_cmpfloat_with_epsilon(g_strtod(parts[1], NULL), b, 1e-2);
  csv = lens_numbers_view_to_csv(numbers);
  g_assert_nonnull(strstr(csv, "Entropy A,Entropy B"));

  lens_compare_bar_set_mode(bar, LENS_COMPARE_LESS);
  difference = g_list_model_get_item(lens_numbers_view_get_rows(numbers), 3);
  g_assert_cmpfloat_with_epsilon(lens_head_item_get_stat(difference, LENS_STAT_ENTROPY), a - b,
                                 1e-9);
  lens_model_map_set_stat(map, LENS_STAT_ENTROPY);
  compared = g_strdup_printf("Entropy by %+.2f", a - b);
  g_assert_nonnull(strstr(lens_canvas_get_node_name(LENS_CANVAS(map), 3), compared));
}

/* The heads beside each other are left while they are of two runs, and one of these goes. */
static void
test_beside_left(DisplayWindow *self, gconstpointer unused)
{
  GtkWidget *heads;

  display_window_ask(self, 0, "is there a cat?");
  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
  display_window_show_view(self, "heads");
  lens_attention_pane_set_compare(self->pane, LENS_COMPARE_BOTH);
  display_settle(GTK_WIDGET(self->window));
  display_window_show_view(self, "numbers");
  lens_attention_pane_set_compare(self->pane, LENS_COMPARE_MORE);
  lens_explorer_pin_run(self->explorer, NULL);
  display_settle(GTK_WIDGET(self->window));
  display_window_show_view(self, "heads");
  heads = display_window_find(self, LENS_TYPE_HEADS_VIEW, 0);
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(heads)), >, 0);
}

/* A BERT beside LXMERT's language layers: maps of the same words, though it answers nothing; what it
 * does not have is said. */
static void
test_bert(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *folder = world_write_bert(&self->world);
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) bert = world_import(&self->world, folder, &error);
  GtkWidget *bar = display_window_find(self, LENS_TYPE_COMPARE_BAR, 0);
  LensGraphView *b = graph_of(self, 0), *a = graph_of(self, 1);
  double most;

  g_assert_no_error(error);
  display_window_ask(self, 0, "is there a cat?");
  display_window_press(self, GDK_KEY_p);
  lens_explorer_set_model(self->explorer, bert);
  display_window_wait(self);
  g_assert_true(lens_run_get_model(lens_explorer_get_run(self->explorer)) == bert);
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, "lang.0");
  lens_compare_bar_set_mode(LENS_COMPARE_BAR(bar), LENS_COMPARE_BOTH);
  display_settle(GTK_WIDGET(a));
  g_assert_cmpint(lens_graph_view_get_graph(a)->rows, ==, lens_graph_view_get_graph(b)->rows);
  lens_compare_bar_set_mode(LENS_COMPARE_BAR(bar), LENS_COMPARE_MORE);
  g_assert_cmpfloat(edge_sum(self, &most), >, 0);
  display_window_show_view(self, "states"); /* a BERT has states of words alone */
  world_wait(has_states_beside, display_window_find(self, LENS_TYPE_STATES_VIEW, 0));
  display_window_show_view(self, "graph");
  lens_compare_bar_set_mode(LENS_COMPARE_BAR(bar), LENS_COMPARE_BOTH);
  lens_selection_set_map(self->selection, "x.0.lang_to_vis"); /* LXMERT's alone */
  g_assert_nonnull(lens_graph_view_get_graph(a));
  g_assert_null(lens_graph_view_get_graph(b));
  lens_selection_set_reading(self->selection, LENS_READING_RELEVANCY); /* nothing to explain */
  display_settle(GTK_WIDGET(self->window));
}

/* A box of the left picture is picked by a click into its graph, or into the image itself, and is
 * selected there and in the image, not in the right one. */
static void
check_first_image(DisplayWindow *self, LensGraphView *first, LensGraphView *second)
{
  const FigureGraph *graph = lens_graph_view_get_graph(first);
  const FigureNode *box = &graph->nodes[graph->key_node[3]];
  LensSceneView *image = display_window_find(self, LENS_TYPE_SCENE_VIEW, 0);
  LensTarget pinned;
  FigureRect rect;

  display_click(GTK_WIDGET(first), box->rect.x + box->rect.w / 2, box->rect.y + box->rect.h / 2);
  display_leave(GTK_WIDGET(first));
  pinned = lens_run_view_get_pinned(LENS_RUN_VIEW(first));
  g_assert_cmpint(pinned.kind, ==, LENS_TARGET_BOX);
  g_assert_cmpint(lens_run_view_get_pinned(LENS_RUN_VIEW(second)).kind, ==, LENS_TARGET_NONE);
  gtk_test_accessible_assert_state(GTK_ACCESSIBLE(lens_canvas_get_node_widget(LENS_CANVAS(image),
                                                                              pinned.index)),
                                   GTK_ACCESSIBLE_STATE_SELECTED, TRUE);
  for (guint i = 0; i < lens_canvas_get_n_nodes(LENS_CANVAS(image)); i++) {
    int hit;

    lens_canvas_get_node_rect(LENS_CANVAS(image), i, &rect);
    hit = lens_scene_view_hit(image, rect.x + rect.w / 2, rect.y + rect.h / 2);
    display_hover(GTK_WIDGET(image), rect.x + rect.w / 2, rect.y + rect.h / 2);
    if (hit >= 0)
      g_assert_cmpint(lens_run_view_get_active(LENS_RUN_VIEW(first)).index, ==, hit);
  }
  display_leave(GTK_WIDGET(image));
  display_click(GTK_WIDGET(image), 5, 5); /* stays with both */
  g_assert_true(lens_explorer_get_both(self->explorer));
}

/* One statement, two images: either half's maps, or both beside each other; a word is the same in
 * both. */
static void
test_both_images(DisplayWindow *self, gconstpointer unused)
{
  GtkDropDown *half = GTK_DROP_DOWN(
      gtk_widget_get_template_child(GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE, "half_drop"));
  LensGraphView *second = graph_of(self, 0), *first = graph_of(self, 1);
  LensRun *run;

  display_window_ask_pair(self, "is there a cat?");
  run = lens_explorer_get_run(self->explorer);
  lens_selection_set_cell(self->selection, "x.0.lang_to_vis", 0);
  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(first)));
  gtk_drop_down_set_selected(half, 2);
  display_settle(GTK_WIDGET(first));
  g_assert_cmpint(lens_explorer_get_half(self->explorer), ==, 1);
  g_assert_true(lens_run_get_source(lens_run_view_get_run(LENS_RUN_VIEW(first))) == run);
  g_assert_true(lens_run_view_get_run(LENS_RUN_VIEW(second)) == lens_run_get_half(run, 1));
  lens_selection_set_hover(self->selection, lens_target_word(2));
  g_assert_cmpint(lens_run_view_get_active(LENS_RUN_VIEW(first)).index, ==, 2);
  lens_selection_set_hover(self->selection, lens_target_box(0)); /* of the second image */
  g_assert_cmpint(lens_run_view_get_active(LENS_RUN_VIEW(first)).kind, ==, LENS_TARGET_NONE);
  check_first_image(self, first, second);
  gtk_drop_down_set_selected(half, 0);
  g_assert_cmpint(lens_explorer_get_half(self->explorer), ==, 0);
  g_assert_false(gtk_widget_get_visible(GTK_WIDGET(first)));
}

/* ---- the map ---- */

/* The pointer over a head shows it everywhere, and away from it what was picked. */
static void
test_preview(DisplayWindow *self, gconstpointer unused)
{
  LensModelMap *map = lens_attention_pane_get_model_map(self->pane);
  FigureRect rect;
  int head;

  display_window_ask(self, 0, "is there a cat?");
  lens_selection_set_cell(self->selection, "lang.0", 0);
  lens_canvas_get_node_rect(LENS_CANVAS(map), lens_model_map_find_node(map, "x.1.vis_to_lang", 2),
                            &rect);
  display_hover(GTK_WIDGET(map), rect.x + rect.w / 2, rect.y + rect.h / 2);
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, "x.1.vis_to_lang");
  g_assert_false(lens_graph_view_get_graph(graph_of(self, 0))->query_is_words);
  g_assert_cmpstr(lens_selection_get_picked(self->selection, &head), ==, "lang.0");
  display_leave(GTK_WIDGET(map));
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, "lang.0");
  g_assert_true(lens_graph_view_get_graph(graph_of(self, 0))->query_is_words);
  display_click(GTK_WIDGET(map), rect.x + rect.w / 2, rect.y + rect.h / 2);
  g_assert_cmpstr(lens_selection_get_picked(self->selection, &head), ==, "x.1.vis_to_lang");
  g_assert_cmpint(head, ==, 2);
}

/* All 34 maps and 12 heads of the full size are found with the keys: 1 to 6, then the arrows. */
static void
test_reach(DisplayWindow *self, gconstpointer unused)
{
  g_autoptr(LensScene) scene = lens_fake_scene(36);
  g_autoptr(LensRun) run = lens_fake_run(scene, 9, 5, 5, 12);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  LensModelMap *map = lens_attention_pane_get_model_map(self->pane);

  lens_explorer_show_run(self->explorer, run);
  display_settle(GTK_WIDGET(self->window));
  for (guint column = 0; column < 6; column++) {
    g_assert_true(display_window_press(self, GDK_KEY_1 + column));
    while (lens_model_map_step(map, GTK_DIR_UP))
      ;
    do {
      for (int head = 0; head < 12; head++) {
        int at;
        const char *name = lens_selection_get_picked(self->selection, &at);

        g_hash_table_add(seen, g_strdup_printf("%s %d", name, at));
        if (head < 11)
          g_assert_true(lens_model_map_step(map, GTK_DIR_RIGHT));
      }
      for (int head = 0; head < 11; head++) /* back to the line's first */
        g_assert_true(lens_model_map_step(map, GTK_DIR_LEFT));
    } while (lens_model_map_step(map, GTK_DIR_DOWN));
  }
  g_assert_cmpuint(g_hash_table_size(seen), ==, 34 * 12);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  DISPLAY_ADD("/reading/several", test_several);
  DISPLAY_ADD("/reading/gradient", test_gradient);
  DISPLAY_ADD("/reading/whole-words", test_whole_words);
  DISPLAY_ADD("/compare/beside", test_beside);
  DISPLAY_ADD("/compare/texts", test_texts);
  g_test_add_func("/compare/other-heads", test_other_heads);
  DISPLAY_ADD("/compare/difference-in-words", test_difference_in_words);
  DISPLAY_ADD("/compare/neuron", test_beside_neuron);
  DISPLAY_ADD("/compare/states", test_beside_states);
  DISPLAY_ADD("/compare/numbers", test_beside_numbers);
  DISPLAY_ADD("/compare/left", test_beside_left);
  DISPLAY_ADD("/compare/bert", test_bert);
  DISPLAY_ADD("/compare/both-images", test_both_images);
  DISPLAY_ADD("/map/preview", test_preview);
  DISPLAY_ADD("/map/reach", test_reach);
  return g_test_run();
}
