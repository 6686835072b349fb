/* The window read from right to left, as numbers: what is mirrored, what keeps its order, and that the
 * pointer and the keyboard find things where they are drawn. */
#include <adwaita.h>
#include <math.h>

#include "display-run.h"
#include "display-wait.h"
#include "lens-answer-bars.h"
#include "lens-graph-view.h"
#include "lens-heads-view.h"
#include "lens-inscription.h"
#include "lens-matrix-view.h"
#include "lens-model-map.h"
#include "lens-neuron-view.h"
#include "lens-numbers-view.h"
#include "lens-token-strip.h"

static void
set_up(DisplayRun *self, gconstpointer unused)
{
  gtk_widget_set_default_direction(GTK_TEXT_DIR_RTL);
  display_run_set_up(self, NULL);
  lens_selection_set_cell(self->selection, "x.1.lang_to_vis", 0);
}

static void
tear_down(DisplayRun *self, gconstpointer unused)
{
  display_run_tear_down(self, NULL);
  gtk_widget_set_default_direction(GTK_TEXT_DIR_LTR);
}

static void
show_sized(DisplayRun *self, GtkWidget *view, int width, int height)
{
  lens_run_view_set_selection(LENS_RUN_VIEW(view), self->selection);
  lens_run_view_set_run(LENS_RUN_VIEW(view), self->run);
  self->window = display_show(view, width, height);
}

static void
show_view(DisplayRun *self, GtkWidget *view)
{
  show_sized(self, view, 560, 520);
}

static void
turn(GtkWidget *widget, GtkTextDirection direction)
{
  gtk_widget_set_direction(widget, direction);
  display_settle(widget);
}

static double
middle(const FigureRect *rect)
{
  return rect->x + rect->w / 2;
}

static void
click_on(GtkWidget *widget, const FigureRect *rect)
{
  display_click(widget, middle(rect), rect->y + rect->h / 2);
}

/* Name, bar, number from the right; turned about while it is shown, from the left. */
static void
test_answers(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *bars = lens_answer_bars_new();
  double name, bar, number, width, left_name, left_bar, left_number, same;

  lens_answer_bars_set_answers(LENS_ANSWER_BARS(bars), lens_run_get_answers(self->run), NULL,
                               LENS_GHOSTS_BEFORE);
  self->window = display_show(bars, 400, 160);
  lens_answer_bars_get_places(LENS_ANSWER_BARS(bars), &name, &bar, &number, &width);
  g_assert_cmpfloat(name, >, bar + width);
  g_assert_cmpfloat(bar, >, number);
  g_assert_cmpfloat(number, >=, 0);
  turn(bars, GTK_TEXT_DIR_LTR);
  lens_answer_bars_get_places(LENS_ANSWER_BARS(bars), &left_name, &left_bar, &left_number, &same);
  g_assert_cmpfloat(left_name, <, left_bar);
  g_assert_cmpfloat(left_bar + same, <, left_number);
  g_assert_cmpfloat_with_epsilon(left_bar, 400 - bar - width, 0.01);
}

/* Labels of the rows stand right of the cells; the words keep the order of the sentence. */
static void
test_matrix(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_matrix_view_new();
  const FigureMatrix *matrix;
  FigureRect first, second;

  show_view(self, view);
  matrix = lens_matrix_view_get_matrix(LENS_MATRIX_VIEW(view));
  first = figure_matrix_cell(matrix, 3, 0);
  second = figure_matrix_cell(matrix, 3, 1);
  g_assert_cmpfloat(first.x, <, second.x);
  for (int i = 0; i < matrix->n_rows; i++) {
    const FigureAxisLabel *label = &matrix->row_labels[i];

    g_assert_cmpfloat(label->rect.x, >=, matrix->cells.x + matrix->cells.w);
    g_assert_cmpfloat(label->rect.x + label->rect.w, <=, 560);
  }
  click_on(view, &matrix->row_labels[4].rect);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).kind, ==, LENS_TARGET_WORD);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, 4);
  click_on(view, &first);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, 3);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).other, ==, 0);
}

/* From a label the cells lie to the left, from the last column the labels to the right. */
static void
test_matrix_keys(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_matrix_view_new();
  LensCanvas *canvas = LENS_CANVAS(view);
  const FigureMatrix *matrix;
  LensTarget target;
  int cell;

  show_view(self, view);
  matrix = lens_matrix_view_get_matrix(LENS_MATRIX_VIEW(view));
  cell = matrix->n_rows + matrix->n_cols;
  g_assert_cmpint(LENS_CANVAS_GET_CLASS(canvas)->move(canvas, 2, GTK_DIR_RIGHT), ==, -1);
  g_assert_cmpint(LENS_CANVAS_GET_CLASS(canvas)->move(canvas, 2, GTK_DIR_LEFT), ==, cell);
  target = lens_selection_get_hover(self->selection);
  g_assert_cmpint(target.index, ==, matrix->row_of[2]);
  g_assert_cmpint(target.other, ==, matrix->col_of[matrix->n_cols - 1]);
  g_assert_cmpint(LENS_CANVAS_GET_CLASS(canvas)->move(canvas, cell, GTK_DIR_RIGHT), ==, 2);
}

/* Words right of the image, which is not turned about. */
static void
test_graph(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_graph_view_new();
  const FigureGraph *graph;
  const FigureNode *word, *box;

  show_sized(self, view, 700, 360);
  graph = lens_graph_view_get_graph(LENS_GRAPH_VIEW(view));
  g_assert_true(graph->words_beside);
  word = &graph->nodes[graph->query_node[4]];
  box = &graph->nodes[graph->key_node[0]];
  g_assert_cmpfloat(word->anchor_x, >, graph->image_rect.x + graph->image_rect.w);
  g_assert_cmpfloat(word->label_x, >, word->anchor_x);
  g_assert_cmpfloat(word->label_x + word->label_length, <=, 700);
  g_assert_cmpfloat_with_epsilon(box->rect.x - graph->image_rect.x, graph->image_rect.w / 4 * 0.12,
                                 0.5);
  display_hover(view, word->label_x + word->label_length / 2, word->anchor_y);
  g_assert_cmpint(lens_selection_get_hover(self->selection).kind, ==, LENS_TARGET_WORD);
  g_assert_cmpint(lens_selection_get_hover(self->selection).index, ==, 4);
}

/* A sentence over itself keeps its order. */
static void
test_sentence(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_graph_view_new();
  const FigureGraph *graph;

  lens_selection_set_cell(self->selection, "lang.1", 0);
  show_view(self, view);
  graph = lens_graph_view_get_graph(LENS_GRAPH_VIEW(view));
  for (int i = 1; i < graph->rows; i++)
    g_assert_cmpfloat(graph->nodes[graph->query_node[i]].anchor_x, >,
                      graph->nodes[graph->query_node[i - 1]].anchor_x);
}

static void
test_heads(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_heads_view_new();
  const FigureHeads *heads;

  show_view(self, view);
  heads = lens_heads_view_get_heads(LENS_HEADS_VIEW(view));
  g_assert_cmpfloat(heads->panels[0].cells.x, >, heads->panels[1].cells.x);
  g_assert_cmpfloat_with_epsilon(heads->panels[0].cells.x + heads->panels[0].cells.w, 552, 0.5);
  for (int i = 0; i < heads->n_panels; i++) {
    click_on(view, &heads->panels[i].cells);
    g_assert_cmpint(lens_selection_get_head(self->selection), ==, heads->panels[i].head);
  }
}

static void
test_model_map(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_model_map_new();
  LensModelMap *map = LENS_MODEL_MAP(view);
  FigureRect language, vision, next;

  lens_model_map_set_selection(map, self->selection);
  lens_model_map_set_run(map, self->run);
  self->window = display_show(view, 560, 200);
  lens_canvas_get_node_rect(LENS_CANVAS(map), lens_model_map_find_node(map, "lang.0", 0),
                            &language);
  lens_canvas_get_node_rect(LENS_CANVAS(map), lens_model_map_find_node(map, "lang.0", 1), &next);
  lens_canvas_get_node_rect(LENS_CANVAS(map), lens_model_map_find_node(map, "vis.0", 0), &vision);
  g_assert_cmpfloat(language.x, >, next.x);
  g_assert_cmpfloat(next.x, >, vision.x + vision.w);
  for (int head = 0; head < 8; head++) {
    FigureRect rect;
    int picked;

    lens_canvas_get_node_rect(LENS_CANVAS(map), lens_model_map_find_node(map, "vis.1", head),
                              &rect);
    g_assert_cmpfloat(rect.x, >=, 0);
    click_on(view, &rect);
    g_assert_cmpstr(lens_selection_get_picked(self->selection, &picked), ==, "vis.1");
    g_assert_cmpint(picked, ==, head);
  }
  /* The keys go where they point to: left of the last head lies the next column. */
  g_assert_true(lens_model_map_step(map, GTK_DIR_LEFT));
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, "x.1.lang_to_vis");
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, 0);
  g_assert_true(lens_model_map_step(map, GTK_DIR_RIGHT));
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, 7);
}

static void
test_neuron(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_neuron_view_new();
  LensMap *map = lens_run_find_map(self->run, "x.1.lang_to_vis");
  g_autoptr(LensNeuron) neuron
      = lens_neuron_new("x.1.lang_to_vis", 0, lens_map_get_rows(map), lens_map_get_cols(map), 16);
  const FigureNeuron *figure;

  for (int i = 0; i < neuron->rows * 16; i++)
    neuron->queries[i] = sin(i);
  lens_neuron_view_set_neuron(LENS_NEURON_VIEW(view), neuron);
  show_view(self, view);
  figure = lens_neuron_view_get_figure(LENS_NEURON_VIEW(view));
  g_assert_cmpfloat(figure->query_rects[0].x, >=, figure->strip_x + figure->strip_w);
  g_assert_cmpfloat(figure->weight_x + figure->weight_w, <=, figure->logit_x);
  g_assert_cmpfloat(figure->logit_x + figure->logit_w, <=, figure->strip_x);
  g_assert_cmpfloat(figure->weight_x, >=, 0);
  click_on(view, &figure->query_rects[5]);
  g_assert_cmpint(lens_selection_get_pinned(self->selection).index, ==, 5);
}

static double
chip_x(GtkWidget *strip, guint i)
{
  graphene_rect_t area;

  g_assert_true(gtk_widget_compute_bounds(lens_token_strip_get_chip(LENS_TOKEN_STRIP(strip), i),
                                          strip, &area));
  return area.origin.x;
}

/* English runs from left to right, at the right of the window; Hebrew from right to left. */
static void
test_tokens(DisplayRun *self, gconstpointer unused)
{
  static const char *const english[] = { "[CLS]", "red", "cat", "[SEP]", NULL };
  static const char *const hebrew[] = { "[CLS]", "חתול", "אדום", "[SEP]", NULL };
  GtkWidget *strip = lens_token_strip_new();

  lens_token_strip_set_selection(LENS_TOKEN_STRIP(strip), self->selection);
  lens_token_strip_set_tokens(LENS_TOKEN_STRIP(strip), english);
  self->window = display_show(strip, 600, 200);
  for (guint i = 1; i < 4; i++)
    g_assert_cmpfloat(chip_x(strip, i), >, chip_x(strip, i - 1));
  g_assert_cmpfloat(chip_x(strip, 0), >, 300);
  gtk_widget_grab_focus(lens_token_strip_get_chip(LENS_TOKEN_STRIP(strip), 1));
  gtk_widget_child_focus(strip, GTK_DIR_RIGHT);
  g_assert_true(lens_target_equal(lens_selection_get_hover(self->selection), lens_target_word(2)));
  lens_token_strip_set_tokens(LENS_TOKEN_STRIP(strip), hebrew);
  display_settle(strip);
  for (guint i = 1; i < 4; i++)
    g_assert_cmpfloat(chip_x(strip, i), <, chip_x(strip, i - 1));
}

static GtkWidget *
find_table(GtkWidget *root)
{
  GtkWidget *found = GTK_IS_COLUMN_VIEW(root) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find_table(child);
  return found;
}

static gboolean
at_start(gpointer adjustment)
{
  double upper = gtk_adjustment_get_upper(adjustment);
  double page = gtk_adjustment_get_page_size(adjustment);

  return upper > page && fabs(gtk_adjustment_get_value(adjustment) - (upper - page)) < 1;
}

/* The table of numbers, wider than its place, shows its first column first. */
static void
test_numbers(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new();

  lens_numbers_view_set_selection(LENS_NUMBERS_VIEW(view), self->selection);
  lens_numbers_view_set_runs(LENS_NUMBERS_VIEW(view), self->run, NULL);
  self->window = display_show(view, 560, 400);
  display_wait(at_start, gtk_scrollable_get_hadjustment(GTK_SCROLLABLE(find_table(view))));
}

/* Alignment is that of the screen, whatever the text's own direction. */
static void
test_alignment(DisplayRun *self, gconstpointer unused)
{
  static const char *const texts[] = { "words", "100%", "מילים" };
  GtkWidget *view = lens_answer_bars_new();

  self->window = display_show(view, 400, 160);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(view, texts[i]);
    PangoRectangle area;

    pango_layout_set_width(layout, 300 * PANGO_SCALE);
    lens_canvas_align_layout(layout, PANGO_ALIGN_LEFT);
    pango_layout_get_pixel_extents(layout, NULL, &area);
    g_assert_cmpint(area.x, ==, 0);
    lens_canvas_align_layout(layout, PANGO_ALIGN_RIGHT);
    pango_layout_get_pixel_extents(layout, NULL, &area);
    g_assert_cmpint(ABS(area.x + area.width - 300), <=, 1);
  }
}

/* A cell's text stands at the side of its column's title, in whatever language it is. */
static void
test_cells(DisplayRun *self, gconstpointer unused)
{
  static const struct {
    const char *text;
    float xalign, shown;
  } cells[]
      = { { "What color is it?", 0, 1 }, { "97%", 0, 0 }, { "✓ yes", 1, 0 }, { "מילים", 0, 0 } };
  GtkWidget *cell = gtk_inscription_new(NULL);

  self->window = display_show(cell, 300, 40);
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    lens_inscription_show(GTK_INSCRIPTION(cell), cells[i].text, cells[i].xalign);
    g_assert_cmpfloat(gtk_inscription_get_xalign(GTK_INSCRIPTION(cell)), ==, cells[i].shown);
  }
  turn(cell, GTK_TEXT_DIR_LTR);
  lens_inscription_show(GTK_INSCRIPTION(cell), "yes", 0);
  g_assert_cmpfloat(gtk_inscription_get_xalign(GTK_INSCRIPTION(cell)), ==, 0);
}

#define ADD(path, func) g_test_add(path, DisplayRun, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv, NULL);
  adw_init();
  g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
  ADD("/direction/answers", test_answers);
  ADD("/direction/matrix", test_matrix);
  ADD("/direction/matrix-keys", test_matrix_keys);
  ADD("/direction/graph", test_graph);
  ADD("/direction/sentence", test_sentence);
  ADD("/direction/heads", test_heads);
  ADD("/direction/model-map", test_model_map);
  ADD("/direction/neuron", test_neuron);
  ADD("/direction/tokens", test_tokens);
  ADD("/direction/numbers", test_numbers);
  ADD("/direction/alignment", test_alignment);
  ADD("/direction/cells", test_cells);
  return g_test_run();
}
