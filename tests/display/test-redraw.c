/* Only what changed is drawn again: every widget of the window counts how often it is laid out and
 * drawn while the pointer goes over words, boxes and heads. */
#include "display-window.h"
#include "lens-answer-bars.h"
#include "lens-chip.h"
#include "lens-figure.h"
#include "lens-graph-view.h"
#include "lens-heads-view.h"
#include "lens-model-map.h"
#include "lens-neuron-view.h"
#include "lens-scene-view.h"
#include "lens-states-view.h"

static const char *const views[] = { "graph", "matrix", "heads", "neuron", "states", "numbers" };

/* ---- counting, in the place of the classes' own functions ---- */

typedef struct {
  void (*snapshot)(GtkWidget *widget, GtkSnapshot *snapshot);
  void (*size_allocate)(GtkWidget *widget, int width, int height, int baseline);
} Own;

static GHashTable *owns;             /* of Own, by type */
static GHashTable *drawn, *laid_out; /* how often, by widget */

static const Own *
own(GtkWidget *widget)
{
  return g_hash_table_lookup(owns, GSIZE_TO_POINTER(G_OBJECT_TYPE(widget)));
}

static int
count(GHashTable *table, gpointer widget)
{
  return GPOINTER_TO_INT(g_hash_table_lookup(table, widget));
}

static void
count_one(GHashTable *table, gpointer widget)
{
  g_hash_table_insert(table, widget, GINT_TO_POINTER(count(table, widget) + 1));
}

static void
count_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
  count_one(drawn, widget);
  own(widget)->snapshot(widget, snapshot);
}

static void
count_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  count_one(laid_out, widget);
  own(widget)->size_allocate(widget, width, height, baseline);
}

/* Classes that others here come from chain up to theirs: they are left as they are. */
static void
watch_type(GType type)
{
  GtkWidgetClass *klass = g_type_class_peek(type);
  Own *of = g_new(Own, 1);

  of->snapshot = klass->snapshot;
  of->size_allocate = klass->size_allocate;
  g_hash_table_insert(owns, GSIZE_TO_POINTER(type), of);
  klass->snapshot = count_snapshot;
  klass->size_allocate = count_allocate;
}

static void
collect(GtkWidget *widget, GHashTable *types)
{
  g_hash_table_add(types, GSIZE_TO_POINTER(G_OBJECT_TYPE(widget)));
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    collect(child, types);
}

static gboolean
has_heir(GHashTable *types, GType type)
{
  GHashTableIter iter;
  gpointer other;

  g_hash_table_iter_init(&iter, types);
  while (g_hash_table_iter_next(&iter, &other, NULL)) {
    if (GPOINTER_TO_SIZE(other) != type && g_type_is_a(GPOINTER_TO_SIZE(other), type))
      return TRUE;
  }
  return FALSE;
}

/* Every type of widget that the window is made of, with each view in it; once, as classes that are made
 * later would inherit the counting. */
static void
watch(DisplayWindow *self)
{
  g_autoptr(GHashTable) types = g_hash_table_new(NULL, NULL);
  GHashTableIter iter;
  gpointer type;

  if (g_hash_table_size(owns))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
    display_window_show_view(self, views[i]);
    collect(GTK_WIDGET(self->window), types);
  }
  display_window_show_view(self, "graph");
  g_hash_table_iter_init(&iter, types);
  while (g_hash_table_iter_next(&iter, &type, NULL)) {
    if (!has_heir(types, GPOINTER_TO_SIZE(type)))
      watch_type(GPOINTER_TO_SIZE(type));
  }
}

static void
forget(void)
{
  g_hash_table_remove_all(drawn);
  g_hash_table_remove_all(laid_out);
}

/* Everything that was asked for is drawn, and what moves has come to rest. */
static void
settle(DisplayWindow *self)
{
  gint64 end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

  do {
    g_assert_cmpint(g_get_monotonic_time(), <, end);
    forget();
    display_settle(GTK_WIDGET(self->window));
  } while (g_hash_table_size(drawn) || g_hash_table_size(laid_out));
}

/* The window at rest with an answer; from here on it is counted. */
static void
begin(DisplayWindow *self)
{
  display_window_ask(self, 0, "is there a red cube?");
  watch(self);
  settle(self);
}

/* Draws what was asked for. */
static void
draw(DisplayWindow *self)
{
  forget();
  display_settle(GTK_WIDGET(self->window));
  display_settle(GTK_WIDGET(self->window)); /* a layout may come of it, or a second time */
}

/* What shows something of its own; the others are only gone through to get there. */
static gboolean
shows_something(GtkWidget *widget)
{
  return LENS_IS_CANVAS(widget) || LENS_IS_CHIP(widget) || LENS_IS_ANSWER_BARS(widget)
         || !gtk_widget_get_first_child(widget);
}

/* Of all drawings and labels of the window only such of these types (0-terminated) were drawn, each
 * once, and nothing was laid out. */
static void
assert_drawn(const GType *types)
{
  GHashTableIter iter;
  gpointer widget, times;

  g_hash_table_iter_init(&iter, drawn);
  while (g_hash_table_iter_next(&iter, &widget, &times)) {
    gboolean expected = !shows_something(widget);

    g_test_message("%s drawn %d times", G_OBJECT_TYPE_NAME(widget), GPOINTER_TO_INT(times));
    for (int i = 0; types[i]; i++)
      expected = expected || g_type_is_a(G_OBJECT_TYPE(widget), types[i]);
    if (!expected)
      g_error("%s was drawn again", G_OBJECT_TYPE_NAME(widget));
    g_assert_cmpint(GPOINTER_TO_INT(times), ==, 1);
  }
  g_hash_table_iter_init(&iter, laid_out);
  while (g_hash_table_iter_next(&iter, &widget, NULL))
    g_error("%s was laid out again", G_OBJECT_TYPE_NAME(widget));
}

/* ---- tests ---- */

/* A window that nothing happens in draws nothing: no frame is spent on it. */
static void
test_rest(DisplayWindow *self, gconstpointer unused)
{
  begin(self);
  for (guint i = 0; i < G_N_ELEMENTS(views); i++) {
    lens_attention_pane_set_view(self->pane, views[i]);
    settle(self);
    for (int k = 0; k < 5; k++)
      draw(self);
    g_assert_cmpuint(g_hash_table_size(drawn), ==, 0);
    g_assert_cmpuint(g_hash_table_size(laid_out), ==, 0);
  }
}

/* The word's and the box's marks and the attention that goes out from them: in the image, in the graph,
 * in the chips of the words and in the line that says the number. Not the map of the model, the answers
 * or the library. */
static void
test_hover(DisplayWindow *self, gconstpointer unused)
{
  const GType types[]
      = { LENS_TYPE_GRAPH_VIEW, LENS_TYPE_SCENE_VIEW, LENS_TYPE_CHIP, GTK_TYPE_INSCRIPTION, 0 };
  LensGraphView *graph = display_window_find(self, LENS_TYPE_GRAPH_VIEW, 0);
  LensSceneView *image = display_window_find(self, LENS_TYPE_SCENE_VIEW, 0);
  const FigureGraph *laid;
  LensScene *scene;
  cairo_surface_t *surface;

  begin(self);
  laid = lens_graph_view_get_graph(graph);
  scene = lens_explorer_get_scene(self->explorer);
  surface = lens_figure_surface(scene);
  for (int i = 0; i < 8; i++) {
    lens_selection_set_hover(self->selection,
                             i % 2 ? lens_target_word(1 + i / 2) : lens_target_box(i / 2));
    draw(self);
    assert_drawn(types);
    g_assert_cmpint(count(drawn, image), ==, 1);
    g_assert_cmpint(count(drawn, graph), ==, 1);
  }
  lens_selection_set_hover(self->selection, lens_target_none());
  draw(self);
  assert_drawn(types);
  g_assert_true(lens_graph_view_get_graph(graph) == laid);
  g_assert_true(lens_figure_surface(scene) == surface);
}

/* A word or box under the pointer in the views that the engine works for: that view, the image, the
 * chips and the line that says the number. */
static void
test_hover_fetched(DisplayWindow *self, gconstpointer unused)
{
  const GType types[2][6] = {
    { LENS_TYPE_NEURON_VIEW, LENS_TYPE_SCENE_VIEW, LENS_TYPE_CHIP, GTK_TYPE_INSCRIPTION, 0 },
    { LENS_TYPE_STATES_VIEW, LENS_TYPE_SCENE_VIEW, LENS_TYPE_CHIP, GTK_TYPE_INSCRIPTION, 0 },
  };

  begin(self);
  for (int i = 0; i < 2; i++) {
    GtkWidget *view = display_window_find(self, types[i][0], 0);

    display_window_show_view(self, i ? "states" : "neuron");
    display_wait(i ? display_has_states : display_has_neuron, view);
    settle(self);
    for (int k = 0; k < 6; k++) {
      lens_selection_set_hover(self->selection,
                               k % 2 ? lens_target_word(1 + k / 2) : lens_target_box(k / 2));
      draw(self);
      assert_drawn(types[i]);
      g_assert_cmpint(count(drawn, view), ==, 1);
    }
    lens_selection_set_hover(self->selection, lens_target_none());
    settle(self);
  }
}

/* The pointer that goes on within the same word, box or head asks for nothing. */
static void
test_within(DisplayWindow *self, gconstpointer unused)
{
  LensModelMap *map = display_window_find(self, LENS_TYPE_MODEL_MAP, 0);
  LensHeadsView *heads;
  FigureRect node, panel;

  begin(self);
  display_window_show_view(self, "heads");
  heads = display_window_find(self, LENS_TYPE_HEADS_VIEW, 0);
  panel = lens_heads_view_get_heads(heads)->panels[1].cells;
  lens_canvas_get_node_rect(LENS_CANVAS(map), 1, &node);
  for (int i = 0; i < 2; i++) {
    GtkWidget *under = i ? GTK_WIDGET(heads) : GTK_WIDGET(map);
    const FigureRect *area = i ? &panel : &node;

    display_hover(under, area->x + area->w / 4, area->y + area->h / 4);
    settle(self);
    for (int k = 1; k < 4; k++)
      display_hover(under, area->x + area->w / 4 + k, area->y + area->h / 4);
    draw(self);
    g_assert_cmpuint(g_hash_table_size(drawn), ==, 0);
    g_assert_cmpuint(g_hash_table_size(laid_out), ==, 0);
    display_leave(under);
    settle(self);
  }
}

/* Each step of a drag is another scene of the same picture, which is made for drawing once. */
static void
test_drag(DisplayWindow *self, gconstpointer unused)
{
  LensScene *first;
  cairo_surface_t *surface;

  begin(self);
  first = g_object_ref(lens_explorer_get_scene(self->explorer));
  surface = lens_figure_surface(first);
  for (int i = 1; i < 4; i++) {
    float rect[4] = { 0.1f, 0.1f, 0.3f + 0.1f * i, 0.5f };

    lens_explorer_place_box(self->explorer, 0, 0, rect, i < 3);
    display_window_wait(self);
    g_assert_true(lens_explorer_get_scene(self->explorer) != first);
    g_assert_true(lens_figure_surface(lens_explorer_get_scene(self->explorer)) == surface);
  }
  g_object_unref(first);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  owns = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  drawn = g_hash_table_new(NULL, NULL);
  laid_out = g_hash_table_new(NULL, NULL);
  DISPLAY_ADD("/redraw/rest", test_rest);
  DISPLAY_ADD("/redraw/hover", test_hover);
  DISPLAY_ADD("/redraw/hover-fetched", test_hover_fetched);
  DISPLAY_ADD("/redraw/within", test_within);
  DISPLAY_ADD("/redraw/drag", test_drag);
  return g_test_run();
}
