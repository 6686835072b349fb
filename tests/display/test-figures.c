/* The widgets as numbers: where things are drawn, what the pointer and the keyboard do to them. */
#include <adwaita.h>
#include <glib/gstdio.h>
#include <math.h>

#include "display-run.h"
#include "display-wait.h"
#include "lens-answer-bars.h"
#include "lens-curve.h"
#include "lens-graph-view.h"
#include "lens-head-item.h"
#include "lens-heads-view.h"
#include "lens-matrix-view.h"
#include "lens-model-map.h"
#include "lens-numbers-view.h"
#include "lens-scene-view.h"
#include "lens-token-strip.h"
#include "lens-chip.h"

static int
map_index(LensRun *run, const char *name)
{
  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    if (g_str_equal(lens_map_get_name(lens_run_get_map(run, i)), name))
      return i;
  }
  g_assert_not_reached();
}

/* ---- graph ---- */

static LensGraphView *
show_graph(DisplayRun *self, const char *map, int head)
{
  GtkWidget *view = lens_graph_view_new();

  lens_selection_set_cell(self->selection, map, head);
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  self->window = display_show(view, 560, 520);
  return LENS_GRAPH_VIEW(view);
}

/* The widest line of every query goes to the key on which its attention peaks. */
static void
check_peaks(DisplayRun *self, LensGraphView *view, const char *name, int head)
{
  const FigureGraph *graph = lens_graph_view_get_graph(view);
  LensMap *map = lens_run_find_map(self->run, name);
  int index = map_index(self->run, name);

  for (int query = 0; query < lens_map_get_rows(map); query++) {
    const FigureEdge *widest = NULL;

    for (int e = 0; e < graph->n_edges; e++) {
      if (graph->edges[e].query == query && (!widest || graph->edges[e].width > widest->width))
        widest = &graph->edges[e];
    }
    g_assert_nonnull(widest);
    g_assert_cmpint(widest->key, ==, lens_fake_peak(map, index, head, query));
    g_assert_cmpfloat(widest->width, >, 1);
  }
}

static void
test_graph_peaks(DisplayRun *self, gconstpointer data)
{
  const char *map = data;
  LensGraphView *view = show_graph(self, map, 0);

  for (int head = 0; head < 8; head += 3) {
    lens_selection_set_head(self->selection, head);
    check_peaks(self, view, map, head);
  }
}

static void
test_graph_hover(DisplayRun *self, gconstpointer unused)
{
  LensGraphView *view = show_graph(self, "x.1.lang_to_vis", 2);
  const FigureGraph *graph = lens_graph_view_get_graph(view);
  const FigureNode *word = &graph->nodes[graph->query_node[4]];
  const FigureNode *box = &graph->nodes[graph->key_node[7]];
  LensTarget target;

  display_hover(GTK_WIDGET(view), word->rect.x + word->rect.w / 2, word->rect.y + word->rect.h / 2);
  target = lens_selection_get_hover(self->selection);
  g_assert_cmpint(target.kind, ==, LENS_TARGET_WORD);
  g_assert_cmpint(target.index, ==, 4);
  display_click(GTK_WIDGET(view), box->rect.x + box->rect.w / 2, box->rect.y + box->rect.h / 2);
  target = lens_selection_get_pinned(self->selection);
  g_assert_cmpint(target.kind, ==, LENS_TARGET_BOX);
  g_assert_cmpint(target.index, ==, 7);
  display_leave(GTK_WIDGET(view));
  g_assert_cmpint(lens_selection_get_hover(self->selection).kind, ==, LENS_TARGET_NONE);
  g_assert_cmpint(lens_selection_get_active(self->selection).index, ==, 7);
}

/* Arrow keys reach every node that is shown. */
static void
test_graph_keyboard(DisplayRun *self, gconstpointer unused)
{
  LensGraphView *view = show_graph(self, "lang.0", 0);
  LensCanvas *canvas = LENS_CANVAS(view);
  g_autofree gboolean *seen = g_new0(gboolean, lens_canvas_get_n_nodes(canvas));
  guint reached = 0;
  int row = 0;

  g_assert_true(gtk_widget_grab_focus(GTK_WIDGET(view)));
  for (guint i = 0; i < 60; i++) {
    int node = lens_canvas_get_current_node(canvas), before = node;

    reached += !seen[node];
    seen[node] = TRUE;
    gtk_widget_child_focus(GTK_WIDGET(view), row ? GTK_DIR_LEFT : GTK_DIR_RIGHT);
    if (lens_canvas_get_current_node(canvas) == before && !row++)
      gtk_widget_child_focus(GTK_WIDGET(view), GTK_DIR_DOWN);
  }
  g_assert_cmpuint(reached, ==, lens_canvas_get_n_nodes(canvas));
}

/* ---- matrix ---- */

static void
test_matrix(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_matrix_view_new();
  LensMap *map = lens_run_find_map(self->run, "x.0.vis_to_lang");
  const FigureMatrix *matrix;
  FigureRect cell;
  LensTarget target;
  int peak;

  lens_selection_set_cell(self->selection, "x.0.vis_to_lang", 5);
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  self->window = display_show(view, 560, 520);
  matrix = lens_matrix_view_get_matrix(LENS_MATRIX_VIEW(view));
  g_assert_cmpint(matrix->n_rows, ==, 12);
  g_assert_cmpint(matrix->n_cols, ==, 9);
  peak = lens_fake_peak(map, map_index(self->run, "x.0.vis_to_lang"), 5, 3);
  cell = figure_matrix_cell(matrix, 3, peak);
  display_hover(view, cell.x + cell.w / 2, cell.y + cell.h / 2);
  target = lens_selection_get_hover(self->selection);
  g_assert_cmpint(target.kind, ==, LENS_TARGET_CELL);
  g_assert_cmpint(target.index, ==, 3);
  g_assert_cmpint(target.other, ==, peak);
  for (int j = 0; j < 9; j++)
    g_assert_cmpfloat(matrix->weights[3 * 9 + j], <=, matrix->weights[3 * 9 + peak]);
  lens_selection_set_hide_special(self->selection, TRUE);
  matrix = lens_matrix_view_get_matrix(LENS_MATRIX_VIEW(view));
  g_assert_cmpint(matrix->n_cols, ==, 7);
}

/* The mean, and the largest, of the heads that are not switched off. */
static void
test_matrix_gates(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_matrix_view_new();
  LensMap *map = lens_run_find_map(self->run, "lang.1");
  g_autoptr(LensEdits) edits = lens_edits_new();
  const float *values = lens_map_get_values(map);
  int heads = lens_map_get_heads(map);
  const FigureMatrix *matrix;

  for (int head = 2; head < heads; head++)
    lens_edits_set_gate(edits, "lang.1", head, LENS_GATE_ZERO);
  lens_run_set_edits(self->run, edits);
  lens_selection_set_cell(self->selection, "lang.1", 0);
  lens_selection_set_reading(self->selection, LENS_READING_MEAN);
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  self->window = display_show(view, 560, 520);
  matrix = lens_matrix_view_get_matrix(LENS_MATRIX_VIEW(view));
  for (int i = 0; i < 81; i++)
    g_assert_cmpfloat_with_epsilon(matrix->weights[i], (values[i] + values[81 + i]) / 2, 1e-6);
  lens_selection_set_reading(self->selection, LENS_READING_MAX);
  matrix = lens_matrix_view_get_matrix(LENS_MATRIX_VIEW(view));
  for (int i = 0; i < 81; i++)
    g_assert_cmpfloat_with_epsilon(matrix->weights[i], MAX(values[i], values[81 + i]), 1e-6);
}

/* The one cell goes over the whole matrix and out to the labels. */
static void
test_matrix_keyboard(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_matrix_view_new();
  LensCanvas *canvas = LENS_CANVAS(view);

  lens_selection_set_cell(self->selection, "lang.2", 1);
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  self->window = display_show(view, 560, 520);
  g_assert_true(lens_canvas_focus_node(canvas, 2)); /* the third row's label */
  gtk_widget_child_focus(view, GTK_DIR_RIGHT);
  g_assert_cmpint(lens_canvas_get_current_node(canvas), ==, 18);
  gtk_widget_child_focus(view, GTK_DIR_RIGHT);
  gtk_widget_child_focus(view, GTK_DIR_DOWN);
  g_assert_true(
      lens_target_equal(lens_selection_get_hover(self->selection), lens_target_cell(3, 1)));
  g_assert_true(g_str_has_prefix(lens_canvas_get_node_name(canvas, 18), "Query is, key what"));
  for (int i = 0; i < 4; i++)
    gtk_widget_child_focus(view, GTK_DIR_UP);
  g_assert_cmpint(lens_canvas_get_current_node(canvas), ==, 9 + 1);
}

/* ---- heads ---- */

static void
test_heads(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_heads_view_new();
  LensHeadsView *heads = LENS_HEADS_VIEW(view);
  const FigureHeads *figure;
  const FigureHeadPanel *panel;

  lens_selection_set_cell(self->selection, "x.1.lang_to_vis", 0);
  lens_run_view_set_selection(LENS_RUN_VIEW(heads), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(heads), self->run);
  self->window = display_show(view, 560, 420);
  figure = lens_heads_view_get_heads(heads);
  g_assert_cmpint(figure->n_panels, ==, 8);
  panel = &figure->panels[5];
  display_click(view, panel->cells.x + panel->cells.w / 2, panel->cells.y + panel->cells.h / 2);
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, 5);
  lens_heads_view_set_scope(heads, LENS_SCOPE_COLUMN);
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(view)), ==, 16);
  lens_heads_view_set_scope(heads, LENS_SCOPE_MODEL);
  display_settle(view);
  g_assert_cmpint(lens_heads_view_get_heads(heads)->n_panels, ==, (4 + 2 + 4 * 2) * 8);
}

static gboolean
has_scrolled(gpointer adjustment)
{
  return gtk_adjustment_get_value(adjustment) > 0;
}

/* A head that is picked elsewhere comes into view. */
static void
test_heads_follow(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_heads_view_new(), *scrolled = gtk_scrolled_window_new();
  LensHeadsView *heads = LENS_HEADS_VIEW(view);
  GtkAdjustment *y = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scrolled));
  const FigureHeads *figure;
  const FigureHeadPanel *last;

  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), view);
  lens_selection_set_cell(self->selection, "lang.0", 0);
  lens_heads_view_set_scope(heads, LENS_SCOPE_MODEL);
  lens_run_view_set_selection(LENS_RUN_VIEW(heads), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(heads), self->run);
  self->window = display_show(scrolled, 560, 420);
  display_settle(view);
  g_assert_cmpfloat(gtk_adjustment_get_value(y), ==, 0);
  lens_selection_set_cell(self->selection, "x.1.vis_self", 7);
  display_wait(has_scrolled, y);
  figure = lens_heads_view_get_heads(heads);
  last = &figure->panels[figure->n_panels - 1];
  g_assert_cmpfloat(gtk_adjustment_get_value(y), <=, last->cells.y);
  g_assert_cmpfloat(gtk_adjustment_get_value(y) + gtk_adjustment_get_page_size(y), >=,
                    last->cells.y + last->cells.h);
}

/* ---- map of the model ---- */

static LensModelMap *
show_model_map(DisplayRun *self)
{
  GtkWidget *map = lens_model_map_new();

  lens_model_map_set_selection(LENS_MODEL_MAP(map), self->selection);
  lens_model_map_set_run(LENS_MODEL_MAP(map), self->run);
  lens_selection_set_cell(self->selection, "lang.0", 0);
  self->window = display_show(map, 560, 200);
  return LENS_MODEL_MAP(map);
}

static void
assert_at(DisplayRun *self, const char *map, int head)
{
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, map);
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, head);
}

static void
test_model_map_keys(DisplayRun *self, gconstpointer unused)
{
  LensModelMap *map = show_model_map(self);

  g_assert_true(lens_model_map_step(map, GTK_DIR_DOWN));
  g_assert_true(lens_model_map_step(map, GTK_DIR_RIGHT));
  assert_at(self, "lang.1", 1);
  g_assert_true(lens_model_map_pick_column(map, 2));
  assert_at(self, "x.1.lang_to_vis", 1);
  g_assert_false(lens_model_map_step(map, GTK_DIR_DOWN));
  g_assert_true(lens_model_map_pick_column(map, 5));
  assert_at(self, "x.1.vis_self", 1);
  for (int i = 0; i < 7; i++)
    lens_model_map_step(map, GTK_DIR_RIGHT);
  assert_at(self, "x.1.vis_self", 7);
  /* The language column has four layers, the next only two. */
  lens_selection_set_cell(self->selection, "lang.3", 7);
  g_assert_true(lens_model_map_step(map, GTK_DIR_RIGHT));
  assert_at(self, "vis.1", 0);
}

/* Every head is reached by clicking on its own cell, and cells do not overlap. */
static void
add_picked(DisplayRun *self, GHashTable *seen, GQueue *queue)
{
  int head;
  const char *map = lens_selection_get_picked(self->selection, &head);
  char *key = g_strdup_printf("%s %d", map, head);

  if (!g_hash_table_add(seen, key)) /* owns it in any case */
    return;
  g_queue_push_tail(queue, g_strdup(key));
}

/* The four arrow keys reach every head of a model of the published size. */
static void
test_model_map_all_keys(DisplayRun *self, gconstpointer unused)
{
  static const GtkDirectionType ways[] = { GTK_DIR_LEFT, GTK_DIR_RIGHT, GTK_DIR_UP, GTK_DIR_DOWN };
  g_autoptr(LensRun) run = lens_fake_run(self->scene, 9, 5, 5, 12);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GQueue) queue = g_queue_new();
  LensModelMap *map;
  char *next;

  g_set_object(&self->run, run);
  map = show_model_map(self);
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(map)), ==, (9 + 5 + 4 * 5) * 12);
  add_picked(self, seen, queue);
  while ((next = g_queue_pop_head(queue))) {
    g_auto(GStrv) at = g_strsplit(next, " ", 2);

    for (guint way = 0; way < G_N_ELEMENTS(ways); way++) {
      lens_selection_set_cell(self->selection, at[0], atoi(at[1]));
      if (lens_model_map_step(map, ways[way]))
        add_picked(self, seen, queue);
    }
    g_free(next);
  }
  g_assert_cmpuint(g_hash_table_size(seen), ==, (9 + 5 + 4 * 5) * 12);
}

static void
test_model_map_cells(DisplayRun *self, gconstpointer unused)
{
  LensModelMap *map = show_model_map(self);
  guint n = lens_canvas_get_n_nodes(LENS_CANVAS(map));

  g_assert_cmpuint(n, ==, (4 + 2 + 4 * 2) * 8);
  for (guint i = 0; i < lens_run_get_n_maps(self->run); i++) {
    const char *name = lens_map_get_name(lens_run_get_map(self->run, i));

    for (int head = 0; head < 8; head++) {
      FigureRect rect;

      lens_canvas_get_node_rect(LENS_CANVAS(map), lens_model_map_find_node(map, name, head), &rect);
      g_assert_cmpfloat(rect.x + rect.w, <=, 560);
      g_assert_cmpfloat(rect.y + rect.h, <=, 200);
      display_hover(GTK_WIDGET(map), rect.x + rect.w / 2, rect.y + rect.h / 2);
      lens_canvas_focus_node(LENS_CANVAS(map), lens_model_map_find_node(map, name, head));
      assert_at(self, name, head);
    }
  }
}

static void
on_gate(LensModelMap *map, const char *name, int head, char **said)
{
  g_free(*said);
  *said = g_strdup_printf("%s/%d", name, head);
}

/* What the colours mean, and which heads have none. */
static void
test_model_map_meaning(DisplayRun *self, gconstpointer unused)
{
  LensModelMap *map = show_model_map(self);
  LensCanvas *canvas = LENS_CANVAS(map);
  g_autofree char *entropy = lens_model_map_describe(map), *next = NULL, *effect = NULL;

  g_assert_nonnull(strstr(entropy, lens_stat_get_blurb(LENS_STAT_ENTROPY)));
  g_assert_null(strstr(entropy, "gray"));
  lens_model_map_set_stat(map, LENS_STAT_NEXT);
  next = lens_model_map_describe(map);
  g_assert_nonnull(strstr(next, "gray"));
  g_assert_true(g_str_has_suffix(lens_canvas_get_node_name(canvas, 4 * 8), "Next word: none"));
  lens_model_map_set_stat(map, LENS_STAT_EFFECT);
  effect = lens_model_map_describe(map);
  g_assert_nonnull(strstr(effect, "Try All Heads"));
  g_assert_true(g_str_has_suffix(lens_canvas_get_node_name(canvas, 0), "not tried yet"));
}

static void
test_model_map_gates(DisplayRun *self, gconstpointer unused)
{
  LensModelMap *map = show_model_map(self);
  g_autoptr(LensEdits) edits = lens_edits_new();
  g_autofree char *said = NULL;
  int node = lens_model_map_find_node(map, "x.0.lang_to_vis", 3);

  g_signal_connect(map, "toggle-gate", G_CALLBACK(on_gate), &said);
  LENS_CANVAS_GET_CLASS(map)->node_activated(LENS_CANVAS(map), node);
  g_assert_cmpstr(said, ==, "x.0.lang_to_vis/3");
  g_assert_null(strstr(lens_canvas_get_node_name(LENS_CANVAS(map), node), "switched off"));
  lens_edits_set_gate(edits, "x.0.lang_to_vis", 3, LENS_GATE_ZERO);
  lens_model_map_set_edits(map, edits);
  g_assert_nonnull(strstr(lens_canvas_get_node_name(LENS_CANVAS(map), node), "switched off"));
}

/* ---- image ---- */

static void
test_scene(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_scene_view_new();
  LensSceneView *scene = LENS_SCENE_VIEW(view);
  FigureRect rect;

  lens_scene_view_set_selection(scene, self->selection);
  lens_scene_view_set_scene(scene, self->scene);
  self->window = display_show(view, 640, 480);
  /* The image fills the widget exactly: boxes are where the detector saw them. */
  lens_canvas_get_node_rect(LENS_CANVAS(view), 0, &rect);
  g_assert_cmpfloat_with_epsilon(rect.x, 640.0 / 4 * 0.12, 0.5);
  g_assert_cmpfloat_with_epsilon(rect.w, 640.0 / 4 * 0.76, 0.5);
  g_assert_cmpint(lens_scene_view_hit(scene, rect.x + rect.w / 2, rect.y + rect.h / 2), ==, 0);
  display_hover(view, rect.x + rect.w / 2, rect.y + rect.h / 2);
  g_assert_cmpint(lens_selection_get_hover(self->selection).index, ==, 0);

  /* Zoomed in at a box, the box is still under the pointer. */
  lens_scene_view_zoom_at(scene, 3, rect.x + rect.w / 2, rect.y + rect.h / 2);
  display_settle(view);
  g_assert_cmpint(lens_scene_view_hit(scene, rect.x + rect.w / 2, rect.y + rect.h / 2), ==, 0);
  lens_scene_view_zoom_at(scene, 1, 0, 0);

  /* Confidence goes from 0.99 down to 0.26: half of the boxes are left. */
  lens_scene_view_set_threshold(scene, 0.6);
  display_settle(view);
  lens_canvas_get_node_rect(LENS_CANVAS(view), 11, &rect);
  g_assert_cmpfloat(rect.w, ==, 0);
  lens_canvas_get_node_rect(LENS_CANVAS(view), 5, &rect);
  g_assert_cmpfloat(rect.w, >, 0);
}

/* ---- tokens, answers, curve ---- */

static void
test_tokens(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *strip = lens_token_strip_new();
  float weights[9] = { 0 };
  int narrow, wide;

  lens_token_strip_set_selection(LENS_TOKEN_STRIP(strip), self->selection);
  lens_token_strip_set_tokens(LENS_TOKEN_STRIP(strip), lens_run_get_tokens(self->run));
  self->window = display_show(strip, 600, 200);
  g_assert_cmpuint(lens_token_strip_get_n_tokens(LENS_TOKEN_STRIP(strip)), ==, 9);
  gtk_widget_measure(strip, GTK_ORIENTATION_VERTICAL, 200, &narrow, NULL, NULL, NULL);
  gtk_widget_measure(strip, GTK_ORIENTATION_VERTICAL, 1000, &wide, NULL, NULL, NULL);
  g_assert_cmpint(narrow, >, wide);
  weights[5] = 1;
  lens_token_strip_set_weights(LENS_TOKEN_STRIP(strip), weights);
  g_assert_cmpfloat(lens_chip_get_weight(
                        LENS_CHIP(lens_token_strip_get_chip(LENS_TOKEN_STRIP(strip), 5))),
                    ==, 1);
  gtk_widget_grab_focus(lens_token_strip_get_chip(LENS_TOKEN_STRIP(strip), 2));
  gtk_widget_child_focus(strip, GTK_DIR_RIGHT);
  g_assert_true(lens_target_equal(lens_selection_get_hover(self->selection), lens_target_word(3)));
}

static void
test_answers(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *bars = lens_answer_bars_new();
  g_autoptr(GListStore) before = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(LensAnswer) orange = lens_answer_new(1, "orange", 0.5);

  g_list_store_append(before, orange);
  lens_answer_bars_set_answers(LENS_ANSWER_BARS(bars), lens_run_get_answers(self->run),
                               G_LIST_MODEL(before), LENS_GHOSTS_BEFORE);
  self->window = display_show(bars, 400, 160);
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(bars)), ==, 5);
  g_assert_cmpstr(lens_canvas_get_node_name(LENS_CANVAS(bars), 0), ==, "red, 81.0%");
  g_assert_cmpstr(lens_canvas_get_node_name(LENS_CANVAS(bars), 1), ==,
                  "orange, 9.0%, before 50.0%");
  lens_answer_bars_set_answers(LENS_ANSWER_BARS(bars), NULL, NULL, LENS_GHOSTS_BEFORE);
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(bars)), ==, 0);
}

/* What was answered best before, or by A, has a bar wherever it stands now. */
static void
test_fallen_answer(DisplayRun *self, gconstpointer unused)
{
  LensAnswerBars *bars = LENS_ANSWER_BARS(lens_answer_bars_new());
  static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g" };
  g_autoptr(GListStore) now = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(GListStore) before = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(LensAnswer) fallen = lens_answer_new(6, "g", 0.75);
  g_autoptr(LensAnswer) unknown = lens_answer_new(9, "z", 0.75);

  for (int i = 0; i < 7; i++) {
    g_autoptr(LensAnswer) answer = lens_answer_new(i, names[i], (7 - i) * 0.03);

    g_list_store_append(now, answer);
  }
  self->window = display_show(GTK_WIDGET(bars), 400, 160);
  g_list_store_append(before, fallen);
  lens_answer_bars_set_answers(bars, G_LIST_MODEL(now), G_LIST_MODEL(before), LENS_GHOSTS_A);
  g_assert_cmpuint(lens_canvas_get_n_nodes(LENS_CANVAS(bars)), ==, 5);
  g_assert_cmpstr(lens_canvas_get_node_name(LENS_CANVAS(bars), 3), ==, "d, 12.0%");
  g_assert_cmpstr(lens_canvas_get_node_name(LENS_CANVAS(bars), 4), ==, "g, 3.0%, in A 75.0%");
  g_list_store_insert(before, 0, unknown);
  lens_answer_bars_set_answers(bars, G_LIST_MODEL(now), G_LIST_MODEL(before), LENS_GHOSTS_BEFORE);
  g_assert_cmpstr(lens_canvas_get_node_name(LENS_CANVAS(bars), 4), ==, "z, < 3.0%, before 75.0%");
}

static void
test_curve(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *curve = lens_curve_new();
  g_autoptr(LensSeries) loss = lens_series_new();
  double x0, y0, x1, y1;

  lens_curve_set_series(LENS_CURVE(curve), loss, NULL);
  lens_curve_set_total_steps(LENS_CURVE(curve), 200);
  self->window = display_show(curve, 600, 300);
  g_assert_false(lens_curve_locate(LENS_CURVE(curve), 0, 1, &x0, &y0));
  for (int i = 0; i <= 100; i++)
    lens_series_append(loss, i, 4.0 - 0.03 * i);
  g_assert_true(lens_curve_locate(LENS_CURVE(curve), 0, 4, &x0, &y0));
  g_assert_true(lens_curve_locate(LENS_CURVE(curve), 100, 1, &x1, &y1));
  g_assert_cmpfloat(x1, >, x0);
  g_assert_cmpfloat(y1, >, y0);        /* a smaller loss is drawn lower */
  g_assert_cmpfloat(x1, <, 600 * 0.6); /* half of the steps, half of the width */
  g_assert_cmpstr(lens_canvas_get_node_name(LENS_CANVAS(curve), 0), ==,
                  "Loss curve: 1.000 at step 100");
  display_settle(curve);
}

#define ADD(path, data, func)                                                                      \
  g_test_add(path, DisplayRun, data, display_run_set_up, func, display_run_tear_down)

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  adw_init();
  ADD("/graph/language", "lang.2", test_graph_peaks);
  ADD("/graph/vision", "vis.1", test_graph_peaks);
  ADD("/graph/words-to-boxes", "x.1.lang_to_vis", test_graph_peaks);
  ADD("/graph/boxes-to-words", "x.0.vis_to_lang", test_graph_peaks);
  ADD("/graph/hover", NULL, test_graph_hover);
  ADD("/graph/keyboard", NULL, test_graph_keyboard);
  ADD("/matrix/cells", NULL, test_matrix);
  ADD("/matrix/gates", NULL, test_matrix_gates);
  ADD("/matrix/keyboard", NULL, test_matrix_keyboard);
  ADD("/heads", NULL, test_heads);
  ADD("/heads/follow", NULL, test_heads_follow);
  ADD("/model-map/keys", NULL, test_model_map_keys);
  ADD("/model-map/all-keys", NULL, test_model_map_all_keys);
  ADD("/model-map/cells", NULL, test_model_map_cells);
  ADD("/model-map/meaning", NULL, test_model_map_meaning);
  ADD("/model-map/gates", NULL, test_model_map_gates);
  ADD("/scene/boxes", NULL, test_scene);
  ADD("/tokens", NULL, test_tokens);
  ADD("/answers", NULL, test_answers);
  ADD("/fallen-answer", NULL, test_fallen_answer);
  ADD("/curve", NULL, test_curve);
  return g_test_run();
}
