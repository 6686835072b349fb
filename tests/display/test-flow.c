/* The whole main job in the real window, with a real engine on a tiny world: open, ask, hover,
 * switch heads, change the model's input, undo, train, stop, and find it all again. */
#include <adwaita.h>
#include <glib/gstdio.h>

#include <math.h>

#include "display-window.h"
#include "lens-canvas.h"
#include "lens-graph-view.h"
#include "lens-question.h"
#include "lens-token-strip.h"
#include "lens-train-dialog.h"
#include "lens-head-item.h"
#include "lens-numbers-view.h"

/* ---- tests ---- */

static void
test_start(DisplayWindow *self, gconstpointer unused)
{
  lens_window_open_start(self->window);
  display_window_wait(self);
  g_assert_null(lens_window_get_error(self->window));
  g_assert_nonnull(lens_explorer_get_scene(self->explorer));
  g_assert_nonnull(lens_explorer_get_run(self->explorer));
  g_assert_nonnull(lens_selection_get_map(lens_explorer_get_selection(self->explorer)));
}

static void
test_ask_and_look(DisplayWindow *self, gconstpointer unused)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  GtkWidget *graph_view;
  const FigureGraph *graph;
  const FigureNode *word;

  display_window_ask(self, 1, "what colour is the cat?");
  g_assert_null(lens_window_get_error(self->window));
  graph_view = display_find(GTK_WIDGET(self->window), LENS_TYPE_GRAPH_VIEW, 0);
  display_settle(graph_view);
  graph = lens_graph_view_get_graph(LENS_GRAPH_VIEW(graph_view));
  g_assert_nonnull(graph);
  word = &graph->nodes[graph->query_node[2]];
  display_hover(graph_view, word->rect.x + word->rect.w / 2, word->rect.y + word->rect.h / 2);
  g_assert_true(
      lens_target_equal(lens_selection_get_hover(selection), lens_selection_get_active(selection)));
  g_assert_cmpint(lens_selection_get_hover(selection).index, ==, 2);

  lens_selection_set_cell(selection, "lang.0", 0);
  display_window_act(self, "win.step", "s", "down");
  display_window_act(self, "win.step", "s", "right");
  g_assert_cmpstr(lens_selection_get_map(selection), ==, "lang.1");
  g_assert_cmpint(lens_selection_get_head(selection), ==, 1);
  display_window_act(self, "win.pick-column", "i", 4);
  g_assert_cmpstr(lens_selection_get_map(selection), ==, "x.1.vis_to_lang");
  display_window_act(self, "win.view", "s", "matrix");
  display_settle(GTK_WIDGET(self->window));
}

static void
test_edits(DisplayWindow *self, gconstpointer unused)
{
  double before;

  display_window_ask(self, 1, "how many dogs are there?");
  before = display_window_best_probability(self);
  lens_explorer_toggle_gate(self->explorer, "x.0.lang_to_vis", -1, LENS_GATE_ZERO);
  display_window_wait(self);
  lens_explorer_toggle_box(self->explorer, 0, 0);
  display_window_wait(self);
  g_assert_nonnull(lens_run_get_baseline(lens_explorer_get_run(self->explorer)));
  g_assert_cmpfloat(ABS(display_window_best_probability(self) - before), >, 1e-6);
  g_assert_cmpuint(lens_edits_get_n_gates(lens_explorer_get_edits(self->explorer)), ==, 4);
  g_assert_true(
      lens_region_get_removed(lens_scene_get_region(lens_explorer_get_scene(self->explorer), 0)));
  display_window_act(self, "win.undo", NULL);
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  g_assert_true(lens_edits_is_empty(lens_explorer_get_edits(self->explorer)));
  g_assert_cmpfloat_with_epsilon(display_window_best_probability(self), before, 1e-6);
  display_window_act(self, "win.redo", NULL);
  display_window_wait(self);
  g_assert_cmpuint(lens_edits_get_n_gates(lens_explorer_get_edits(self->explorer)), ==, 4);
}

/* What decides what is shown: compared before and after. */
static char *
state_of(DisplayWindow *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);
  LensScene *scene = lens_explorer_get_scene(self->explorer);
  g_autofree char *edits = lens_edits_describe(lens_explorer_get_edits(self->explorer));
  GString *text = g_string_new(NULL);

  g_string_printf(text, "%s|%s|%.6f", edits, lens_run_get_question(run),
                  display_window_best_probability(self));
  g_assert_true(lens_run_get_scene(run) == scene);
  for (guint i = 0; i < lens_scene_get_n_regions(scene); i++) {
    LensRegion *region = lens_scene_get_region(scene, i);
    float box[4];

    lens_region_get_box(region, box);
    g_string_append_printf(text, "|%s %d %.3f %.3f %.3f %.3f", lens_region_get_title(region),
                           lens_region_get_removed(region), box[0], box[1], box[2], box[3]);
  }
  return g_string_free(text, FALSE);
}

/* A box is added, moved and removed; the answers follow, with those before as ghosts. */
static void
test_boxes(DisplayWindow *self, gconstpointer unused)
{
  static const float rect[] = { 0.1f, 0.1f, 0.4f, 0.5f }, moved[] = { 0.5f, 0.2f, 0.9f, 0.8f };
  g_autofree char *before = NULL, *after = NULL;
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  GListModel *baseline;
  float at[4];
  guint n;
  int box;

  display_window_ask(self, 1, "how many dogs are there?");
  before = state_of(self);
  n = lens_scene_get_n_regions(lens_explorer_get_scene(self->explorer));
  box = lens_explorer_place_box(self->explorer, 0, -1, rect, FALSE);
  g_assert_cmpint(box, ==, (int)n);
  display_window_wait(self);
  g_assert_cmpuint(lens_scene_get_n_regions(lens_explorer_get_scene(self->explorer)), ==, n + 1);
  g_assert_true(lens_target_equal(lens_selection_get_pinned(selection), lens_target_box(box)));
  baseline = lens_run_get_baseline(lens_explorer_get_run(self->explorer));
  g_assert_nonnull(baseline);
  display_settle(GTK_WIDGET(self->window));
  /* Dragged: many places, one step back. */
  for (int i = 0; i < 5; i++) {
    float on_the_way[] = { moved[0], moved[1], moved[2] - 0.02f * (5 - i), moved[3] };

    lens_explorer_place_box(self->explorer, 0, 0, on_the_way, TRUE);
  }
  lens_explorer_place_box(self->explorer, 0, 0, moved, FALSE);
  display_window_wait(self);
  lens_region_get_box(lens_scene_get_region(lens_explorer_get_scene(self->explorer), 0), at);
  g_assert_cmpfloat_with_epsilon(
      at[2], moved[2] * lens_scene_get_width(lens_explorer_get_scene(self->explorer)), 1e-3);
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  lens_explorer_toggle_box(self->explorer, 0, box); /* the last added one goes altogether */
  display_window_wait(self);
  after = state_of(self);
  g_assert_cmpstr(before, ==, after);
  g_assert_null(lens_window_get_error(self->window));
}

static GtkRevealer *
edits_bar_of(DisplayWindow *self)
{
  GtkWidget *revealer;

  for (int i = 0; (revealer = display_find(GTK_WIDGET(self->window), GTK_TYPE_REVEALER, i)); i++) {
    GtkWidget *child = gtk_revealer_get_child(GTK_REVEALER(revealer));

    if (child && gtk_widget_has_css_class(child, "edits-bar"))
      return GTK_REVEALER(revealer);
  }
  g_assert_not_reached();
}

/* The image keeps its place while a box is drawn over it: the bar of changes comes at the end. */
static void
test_still_image(DisplayWindow *self, gconstpointer unused)
{
  static const float rect[] = { 0.1f, 0.1f, 0.4f, 0.5f };
  GtkRevealer *bar = edits_bar_of(self);

  display_window_ask(self, 1, "how many dogs are there?");
  lens_explorer_place_box(self->explorer, 0, 0, rect, TRUE);
  display_window_wait(self);
  g_assert_false(gtk_revealer_get_reveal_child(bar));
  lens_explorer_place_box(self->explorer, 0, 0, rect, FALSE); /* nothing moved any more */
  g_assert_true(gtk_revealer_get_reveal_child(bar));
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  g_assert_false(gtk_revealer_get_reveal_child(bar));
}

/* The last box stays; one that is out can always come back. */
static void
test_last_box(DisplayWindow *self, gconstpointer unused)
{
  guint n, removed;

  display_window_ask(self, 1, "how many dogs are there?");
  n = lens_scene_get_n_regions(lens_explorer_get_scene(self->explorer));
  for (guint i = 0; i < n; i++) {
    lens_explorer_toggle_box(self->explorer, 0, i);
    display_window_wait(self);
  }
  lens_edits_get_removed_boxes(lens_explorer_get_edits(self->explorer), &removed);
  g_assert_cmpuint(removed, ==, n - 1);
  g_assert_true(lens_edits_equal(lens_run_get_edits(lens_explorer_get_run(self->explorer)),
                                 lens_explorer_get_edits(self->explorer)));
  lens_explorer_toggle_box(self->explorer, 0, 0);
  display_window_wait(self);
  lens_edits_get_removed_boxes(lens_explorer_get_edits(self->explorer), &removed);
  g_assert_cmpuint(removed, ==, n - 2);
  g_assert_null(lens_window_get_error(self->window));
}

static LensTokenStrip *
strip_of(DisplayWindow *self)
{
  return LENS_TOKEN_STRIP(display_find(GTK_WIDGET(self->window), LENS_TYPE_TOKEN_STRIP, 0));
}

/* A word edited in place: asked with it, undone with Ctrl+Z, the library none the wiser. */
static void
test_reword(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *before = NULL, *after = NULL;
  LensRun *run;
  GtkEntry *entry;

  display_window_ask(self, 1, "is there a cat?");
  before = state_of(self);
  g_assert_false(lens_token_strip_edit(strip_of(self), 0)); /* [CLS] is no word */
  g_assert_true(lens_token_strip_edit(strip_of(self), 4));
  entry = lens_word_editor_get_entry(lens_token_strip_get_editor(strip_of(self)));
  g_assert_cmpstr(gtk_editable_get_text(GTK_EDITABLE(entry)), ==, "cat");
  gtk_editable_set_text(GTK_EDITABLE(entry), "dog");
  g_signal_emit_by_name(entry, "activate");
  display_window_wait(self);
  run = lens_explorer_get_run(self->explorer);
  g_assert_cmpstr(lens_run_get_question(run), ==, "is there a dog?");
  g_assert_cmpstr(lens_explorer_get_question(self->explorer), ==, "is there a cat?");
  g_assert_nonnull(lens_run_get_baseline(run));
  g_assert_cmpint(lens_run_get_id(run), ==, 0);
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  after = state_of(self);
  g_assert_cmpstr(before, ==, after);
}

static void
edit_at_random(DisplayWindow *self, GRand *rand)
{
  LensScene *scene = lens_explorer_get_scene(self->explorer);
  float x = (float)g_rand_double_range(rand, 0, 0.5), y = (float)g_rand_double_range(rand, 0, 0.5);
  float rect[] = { x, y, x + 0.3f, y + 0.4f };
  int box = g_rand_int_range(rand, 0, lens_scene_get_n_regions(scene));

  switch (g_rand_int_range(rand, 0, 6)) {
  case 0:
    lens_explorer_toggle_gate(self->explorer, "lang.1", g_rand_int_range(rand, 0, 4),
                              LENS_GATE_ZERO);
    break;
  case 1:
    lens_explorer_toggle_box(self->explorer, 0, box);
    break;
  case 2:
    lens_explorer_place_box(self->explorer, 0, box, rect, FALSE);
    break;
  case 3:
    lens_explorer_place_box(self->explorer, 0, -1, rect, FALSE);
    break;
  case 4:
    lens_explorer_reword(self->explorer, 1 + g_rand_int_range(rand, 0, 3),
                         g_rand_boolean(rand) ? "dog" : "the");
    break;
  default:
    lens_explorer_toggle_layer(self->explorer, "x.0.lang_to_vis", LENS_GATE_UNIFORM);
  }
  if (g_rand_boolean(rand))
    display_window_wait(self);
}

/* Any sequence of changes, undone, gives the first state, and redone the last one. */
static void
test_undo_property(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *first = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  gboolean can_undo, can_redo;

  display_window_ask(self, 1, "how many cats are there?");
  first = state_of(self);
  for (int round = 0; round < 3; round++) {
    g_autofree char *last = NULL, *again = NULL, *back = NULL;

    for (int i = 0; i < 6; i++)
      edit_at_random(self, rand);
    display_window_wait(self);
    g_assert_null(lens_window_get_error(self->window));
    last = state_of(self);
    for (can_undo = TRUE; can_undo; g_object_get(self->explorer, "can-undo", &can_undo, NULL))
      lens_explorer_undo(self->explorer);
    display_window_wait(self);
    back = state_of(self);
    g_assert_cmpstr(back, ==, first);
    for (can_redo = TRUE; can_redo; g_object_get(self->explorer, "can-redo", &can_redo, NULL))
      lens_explorer_redo(self->explorer);
    display_window_wait(self);
    again = state_of(self);
    g_assert_cmpstr(again, ==, last);
    while (lens_explorer_undo(self->explorer))
      ;
    display_window_wait(self);
  }
}

static guint
count_known(gpointer map)
{
  LensCanvas *canvas = map;
  guint known = 0;

  for (guint i = 0; i < lens_canvas_get_n_nodes(canvas); i++)
    known += strstr(lens_canvas_get_node_name(canvas, i), "Effect on answer") != NULL;
  return known;
}

static gboolean
some_effects_known(gpointer map)
{
  return count_known(map) > 0;
}

static gboolean
effects_known(gpointer map)
{
  return count_known(map) == lens_canvas_get_n_nodes(map);
}

/* Every head gets its effect on the answer, while the window goes on. */
static void
test_try_heads(DisplayWindow *self, gconstpointer unused)
{
  LensAttentionPane *pane
      = lens_explore_page_get_attention_pane(lens_window_get_explore_page(self->window));
  LensModelMap *map = lens_attention_pane_get_model_map(pane);
  GListModel *rows = lens_numbers_view_get_rows(
      LENS_NUMBERS_VIEW(display_find(GTK_WIDGET(pane), LENS_TYPE_NUMBERS_VIEW, 0)));
  guint some;

  display_window_ask(self, 1, "is there a cat?");
  g_assert_false(effects_known(map));
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(map), "gates.try-heads", NULL));
  g_assert_cmpint(lens_model_map_get_stat(map), ==, LENS_STAT_EFFECT);
  /* Stopped, it goes on where it was: what is known stays known all the time. */
  world_wait(some_effects_known, map);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(map), "gates.stop-trying", NULL));
  some = count_known(map);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(map), "gates.try-heads", NULL));
  g_assert_cmpuint(count_known(map), ==, some);
  world_wait(effects_known, map);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(rows, i);

    g_assert_false(isnan(lens_head_item_get_stat(item, LENS_STAT_EFFECT)));
  }
  /* A head switched off makes another run; undone, what was found is there again. */
  lens_explorer_toggle_gate(self->explorer, "lang.0", 0, LENS_GATE_ZERO);
  display_window_wait(self);
  g_assert_false(effects_known(map));
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  g_assert_true(effects_known(map));
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(rows, i);

    g_assert_false(isnan(lens_head_item_get_stat(item, LENS_STAT_EFFECT)));
  }
  /* Another question has other effects. */
  lens_explorer_ask(self->explorer, "is there a dog?");
  display_window_wait(self);
  g_assert_false(effects_known(map));
}

static gboolean
has_relevancy(gpointer explorer)
{
  return lens_run_get_relevancy(lens_explorer_get_run(explorer)) != NULL;
}

/* Relevancy is worked out when it is looked at, again for every run, and drawn in place of heads. */
static void
test_relevancy(DisplayWindow *self, gconstpointer unused)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  GtkWidget *view = display_find(GTK_WIDGET(self->window), LENS_TYPE_GRAPH_VIEW, 0);
  const LensRelevancy *relevancy;
  const FigureGraph *graph;

  display_window_ask(self, 1, "is there a cat?");
  g_assert_false(has_relevancy(self->explorer));
  lens_selection_set_map(selection, "x.1.lang_to_vis");
  lens_selection_set_reading(selection, LENS_READING_RELEVANCY);
  world_wait(has_relevancy, self->explorer);
  relevancy = lens_run_get_relevancy(lens_explorer_get_run(self->explorer));
  g_assert_cmpint(relevancy->words, ==,
                  (int)lens_run_get_n_tokens(lens_explorer_get_run(self->explorer)));
  graph = lens_graph_view_get_graph(LENS_GRAPH_VIEW(view));
  for (int e = 0; e < graph->n_edges; e++)
    g_assert_cmpfloat_with_epsilon(
        graph->edges[e].weight,
        relevancy->word_box[graph->edges[e].query * relevancy->boxes + graph->edges[e].key], 1e-5);
  g_assert_cmpint(graph->n_edges, >, 0);
  lens_explorer_ask(self->explorer, "is there a dog?");
  display_window_wait(self);
  world_wait(has_relevancy, self->explorer);
  g_assert_null(lens_window_get_error(self->window));
}

static gboolean
library_is_empty(gpointer bench)
{
  return g_list_model_get_n_items(lens_workbench_get_images(bench)) == 0;
}

static gboolean
library_has_one(gpointer bench)
{
  return g_list_model_get_n_items(lens_workbench_get_images(bench)) == 1;
}

/* Found by a word of the answer or the question, by the star; typed away, everything is back. */
static void
test_library_search(DisplayWindow *self, gconstpointer unused)
{
  LensLibraryPane *pane
      = lens_explore_page_get_library_pane(lens_window_get_explore_page(self->window));
  GtkWidget *entry = display_find(GTK_WIDGET(pane), GTK_TYPE_SEARCH_ENTRY, 0);
  GtkWidget *star = display_find(GTK_WIDGET(pane), GTK_TYPE_TOGGLE_BUTTON, 0);
  gint64 image;
  guint before;

  display_window_ask(self, 1, "is there a zeppelin?");
  image = lens_scene_get_id(lens_explorer_get_scene(self->explorer));
  before = g_list_model_get_n_items(lens_workbench_get_images(self->world.bench));
  g_assert_cmpuint(before, >, 0);
  gtk_editable_set_text(GTK_EDITABLE(entry), "nothing like this");
  world_wait(library_is_empty, self->world.bench);
  gtk_editable_set_text(GTK_EDITABLE(entry), "zepp");
  world_wait(library_has_one, self->world.bench);
  g_assert_true(lens_workbench_find_image(self->world.bench, image, NULL));
  gtk_editable_set_text(GTK_EDITABLE(entry), "");
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(star), TRUE);
  world_wait(library_is_empty, self->world.bench);
  lens_workbench_set_favourite(self->world.bench, image, TRUE);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(star), FALSE);
  display_settle(GTK_WIDGET(self->window));
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(star), TRUE);
  world_wait(library_has_one, self->world.bench);
  g_assert_true(lens_workbench_find_image(self->world.bench, image, NULL));
}

static void
test_compare(DisplayWindow *self, gconstpointer unused)
{
  display_window_ask(self, 1, "is there a cat?");
  display_window_act(self, "win.pin-run", NULL);
  g_assert_true(lens_explorer_get_pinned_run(self->explorer)
                == lens_explorer_get_run(self->explorer));
  lens_explorer_ask(self->explorer, "is there a dog?");
  display_window_wait(self);
  g_assert_true(lens_explorer_get_pinned_run(self->explorer)
                != lens_explorer_get_run(self->explorer));
  display_settle(GTK_WIDGET(self->window));
  display_window_act(self, "win.pin-run", NULL);
  g_assert_null(lens_explorer_get_pinned_run(self->explorer));
}

/* Bad input is said in the window, and the next good input works. */
static void
test_bad_input(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *text = world_file(&self->world, "vocab.txt");
  g_autofree char *missing = world_file(&self->world, "none.png");
  g_autofree char *lengthy = g_strnfill(5000, 'a');
  g_autoptr(GFile) not_an_image = g_file_new_for_path(text);
  g_autoptr(GFile) no_file = g_file_new_for_path(missing);

  lens_window_open_file(self->window, not_an_image);
  display_window_wait(self);
  g_assert_nonnull(lens_window_get_error(self->window));
  lens_window_show_error(self->window, NULL);
  lens_window_open_file(self->window, no_file);
  display_window_wait(self);
  g_assert_nonnull(lens_window_get_error(self->window));
  display_window_ask(self, 1, "is there a dog?");
  g_assert_null(lens_window_get_error(self->window));
  lens_explorer_ask(self->explorer, "");
  display_window_wait(self);
  g_assert_nonnull(lens_window_get_error(self->window));
  lens_explorer_ask(self->explorer, lengthy);
  display_window_wait(self);
  g_assert_nonnull(lens_window_get_error(self->window));
  lens_explorer_ask(self->explorer, "is there a cat?");
  display_window_wait(self);
  g_assert_null(lens_window_get_error(self->window));
}

static gboolean
has_steps(gpointer job)
{
  return lens_series_get_n_points(lens_train_job_get_loss_series(job)) >= 3;
}

static gboolean
is_finished(gpointer job)
{
  return lens_job_is_finished(job);
}

static void
keep_job(LensTrainDialog *dialog, LensTrainJob *job, LensTrainJob **where)
{
  *where = job;
}

/* The dialog starts a job; the window answers while it runs; stopped, it leaves a model to ask. */
static void
test_training(DisplayWindow *self, gconstpointer unused)
{
  LensTrainDialog *dialog
      = lens_train_dialog_new(GTK_WINDOW(self->window), self->world.bench, NULL);
  LensTrainJob *job = NULL;
  GtkWidget *epochs = display_find(GTK_WIDGET(dialog), GTK_TYPE_SPIN_BUTTON, 0);
  guint models = g_list_model_get_n_items(lens_workbench_get_models(self->world.bench));

  g_assert_nonnull(epochs);
  g_signal_connect(dialog, "started", G_CALLBACK(keep_job), &job);
  gtk_window_present(GTK_WINDOW(dialog));
  display_settle(GTK_WIDGET(dialog));
  lens_train_dialog_start(dialog);
  g_assert_nonnull(job);
  lens_window_show_page(self->window, "train");
  lens_train_page_select_job(lens_window_get_train_page(self->window), LENS_JOB(job));
  world_wait(has_steps, job);
  display_settle(GTK_WIDGET(self->window));
  display_window_ask(self, 1, "what colour is the dog?");
  g_assert_nonnull(lens_explorer_get_run(self->explorer));
  lens_job_cancel(LENS_JOB(job));
  world_wait(is_finished, job);
  g_assert_null(lens_job_get_error_text(LENS_JOB(job)));
  g_assert_nonnull(lens_train_job_get_model(job));
  g_assert_cmpuint(g_list_model_get_n_items(lens_workbench_get_models(self->world.bench)), ==,
                   models + 1 + (lens_train_job_get_best_model(job) != NULL));
  lens_explorer_set_model(self->explorer, lens_train_job_get_model(job));
  display_window_wait(self);
  g_assert_null(lens_window_get_error(self->window));
  g_assert_true(lens_run_get_model(lens_explorer_get_run(self->explorer))
                == lens_train_job_get_model(job));
}

/* A closed and opened window finds image and question again. */
static void
test_restart(DisplayWindow *self, gconstpointer unused)
{
  g_autoptr(GListModel) questions = NULL;
  gint64 image;
  gboolean found = FALSE;

  display_window_ask(self, 1, "how many cats are there?");
  image = lens_scene_get_id(lens_explorer_get_scene(self->explorer));
  gtk_window_destroy(GTK_WINDOW(self->window));
  self->window = NULL;
  world_reopen(&self->world);
  display_window_open(self, 1280, 800);
  questions = world_list_questions(&self->world, image);
  for (guint i = 0; i < g_list_model_get_n_items(questions); i++) {
    g_autoptr(LensQuestion) question = g_list_model_get_item(questions, i);

    found |= g_str_equal(lens_question_get_text(question), "how many cats are there?");
  }
  g_assert_true(found);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  DISPLAY_ADD("/flow/start", test_start);
  DISPLAY_ADD("/flow/ask-and-look", test_ask_and_look);
  DISPLAY_ADD("/flow/edits", test_edits);
  DISPLAY_ADD("/flow/boxes", test_boxes);
  DISPLAY_ADD("/flow/still-image", test_still_image);
  DISPLAY_ADD("/flow/last-box", test_last_box);
  DISPLAY_ADD("/flow/reword", test_reword);
  DISPLAY_ADD("/flow/undo-property", test_undo_property);
  DISPLAY_ADD("/flow/try-heads", test_try_heads);
  DISPLAY_ADD("/flow/relevancy", test_relevancy);
  DISPLAY_ADD("/flow/library-search", test_library_search);
  DISPLAY_ADD("/flow/compare", test_compare);
  DISPLAY_ADD("/flow/bad-input", test_bad_input);
  DISPLAY_ADD("/flow/training", test_training);
  DISPLAY_ADD("/flow/restart", test_restart);
  return g_test_run();
}
