#include "lens-neuron-view.h"

#include <glib/gi18n.h>

#include "lens-compare.h"
#include "lens-figure.h"

struct _LensNeuronView {
  LensRunView parent_instance;

  LensNeuron *neuron;
  LensNeuron *reference; /* what a difference is taken from; NULL: none is there yet */
  LensFigure *labels;    /* of the map */
  FigureNeuron *figure;  /* NULL: to be made again */
  int query, key;        /* shown last: a hovered query stays while a key is looked for */
  int element;           /* under the pointer, -1 = none */
};

G_DEFINE_FINAL_TYPE(LensNeuronView, lens_neuron_view, LENS_TYPE_RUN_VIEW)

#define RUN(self) lens_run_view_get_run(LENS_RUN_VIEW(self))
#define SELECTION(self) lens_run_view_get_selection(LENS_RUN_VIEW(self))

GtkWidget *
lens_neuron_view_new(void)
{
  return g_object_new(LENS_TYPE_NEURON_VIEW, NULL);
}

const FigureNeuron *
lens_neuron_view_get_figure(LensNeuronView *self)
{
  lens_run_view_update(LENS_RUN_VIEW(self));
  return self->figure;
}

/* A difference's own side is B. */
static LensRun *
own_run(LensNeuronView *self)
{
  LensRun *b = RUN(self) ? lens_run_get_compared(RUN(self), 1, NULL) : NULL;

  return b ? b : RUN(self);
}

/* Whether there is such a head of this size in the run. */
static gboolean
is_of(const LensNeuron *neuron, LensRun *run, const char *map, int head)
{
  LensMap *found = run && map ? lens_run_find_map(run, map) : NULL;

  return found && neuron && g_str_equal(neuron->map, map) && neuron->head == head
         && head < lens_map_get_heads(found) && neuron->rows == lens_map_get_rows(found)
         && neuron->cols == lens_map_get_cols(found);
}

/* ---- the pair ---- */

static const float *
weights_of(LensNeuronView *self, int query)
{
  const FigureMap *map = lens_figure_get_map(self->labels);

  return map->values + ((gsize)self->neuron->head * map->rows + query) * map->cols;
}

static int
strongest_key(LensNeuronView *self, int query)
{
  const float *weights = weights_of(self, query);
  int best = 0;

  for (int i = 1; i < self->neuron->cols; i++)
    best = weights[i] > weights[best] ? i : best;
  return best;
}

/* What a target says about the pair; a query alone goes with the key that it looks at most. */
static gboolean
take_target(LensNeuronView *self, LensTarget target)
{
  const FigureMap *map = lens_figure_get_map(self->labels);
  int query = self->query, key = self->key;

  if (target.kind == LENS_TARGET_CELL) {
    query = target.index;
    key = target.other;
  } else if (target.kind != LENS_TARGET_NONE) {
    gboolean word = target.kind == LENS_TARGET_WORD;

    if (word == map->query_is_words && (word != map->key_is_words || target.side != LENS_AS_KEY)) {
      query = target.index;
      key = query < map->rows ? strongest_key(self, query) : 0;
    } else if (word == map->key_is_words) {
      key = target.index;
    }
  }
  query = CLAMP(query, 0, map->rows - 1);
  key = CLAMP(key, 0, map->cols - 1);
  if (self->figure && query == self->query && key == self->key)
    return FALSE;
  self->query = query;
  self->key = key;
  return TRUE;
}

static FigureNeuron *
lay_out(LensNeuronView *self, const LensNeuron *neuron, LensRun *run, int query, int key,
        double width)
{
  LensMap *map = lens_run_find_map(run, neuron->map);
  const FigureMap *labels = lens_figure_get_map(self->labels);
  FigureNeuron *figure;
  FigureError error;

  figure_neuron_layout(
      &(FigureNeuronInput){ .rows = neuron->rows,
                            .cols = neuron->cols,
                            .size = neuron->size,
                            .queries = neuron->queries,
                            .keys = neuron->keys,
                            .weights
                            = lens_map_get_values(map)
                              + ((gsize)neuron->head * neuron->rows + query) * neuron->cols,
                            .row_labels = neuron == self->neuron ? labels->row_labels : NULL,
                            .col_labels = neuron == self->neuron ? labels->col_labels : NULL,
                            .query_is_words = labels->query_is_words,
                            .key_is_words = labels->key_is_words,
                            .query = query,
                            .key = key },
      lens_canvas_get_style(LENS_CANVAS(self)), width, &figure, &error);
  return figure;
}

/* What is there less the same pair in the run that it is compared with. */
static void
subtract_reference(LensNeuronView *self, double width)
{
  gboolean reversed;
  LensRun *a = lens_run_get_compared(RUN(self), 0, &reversed), *b = own_run(self);
  g_autofree int *words = lens_compare_words(a, b);
  g_autofree int *boxes = lens_compare_boxes(lens_run_get_scene(a), lens_run_get_scene(b));
  const int *query_of = self->figure->query_is_words ? words : boxes;
  const int *key_of = self->figure->key_is_words ? words : boxes;
  int query = query_of[self->query];
  FigureNeuron *other
      = query < 0 ? NULL
                  : lay_out(self, self->reference, a, query, MAX(key_of[self->key], 0), width);

  figure_neuron_subtract(self->figure, other, key_of, reversed);
  figure_neuron_free(other);
}

static void
make_figure(LensNeuronView *self, double width)
{
  g_clear_pointer(&self->figure, figure_neuron_free);
  if (self->labels)
    self->figure = lay_out(self, self->neuron, own_run(self), self->query, self->key, width);
  if (self->figure && own_run(self) != RUN(self))
    subtract_reference(self, width);
}

/* ---- nodes ---- */

static void
name_nodes(LensNeuronView *self)
{
  const FigureMap *map = lens_figure_get_map(self->labels);
  const FigureNeuron *figure = self->figure;

  for (int r = 0; r < map->rows; r++) {
    g_autofree char *name = g_strdup_printf(_("Query %s"), map->row_labels[r]);

    lens_canvas_name_node(LENS_CANVAS(self), r, name);
    lens_canvas_select_node(LENS_CANVAS(self), r, r == self->query);
  }
  for (int c = 0; c < map->cols; c++) {
    g_autofree char *name = g_strdup_printf(_("Query %s, key %s: logit %.2f, weight %.3f"),
                                            map->row_labels[self->query], map->col_labels[c],
                                            figure->logits[c], figure->weights[c]);

    lens_canvas_name_node(LENS_CANVAS(self), map->rows + c, name);
    lens_canvas_select_node(LENS_CANVAS(self), map->rows + c, c == self->key);
  }
}

/* The picked head's own: the neuron may be one that was asked for before. */
static gboolean
fits(LensNeuronView *self)
{
  const char *map = SELECTION(self) ? lens_selection_get_map(SELECTION(self)) : NULL;
  LensRun *a = RUN(self) ? lens_run_get_compared(RUN(self), 0, NULL) : NULL;
  int head = map ? lens_selection_get_head(SELECTION(self)) : 0;

  return is_of(self->neuron, own_run(self), map, head)
         && (!a || is_of(self->reference, a, map, head));
}

static void
lens_neuron_view_rebuild(LensRunView *view)
{
  LensNeuronView *self = LENS_NEURON_VIEW(view);
  double width = lens_canvas_get_width(LENS_CANVAS(self));
  g_autofree char *title = NULL;

  g_clear_pointer(&self->labels, lens_figure_free);
  if (fits(self))
    self->labels = lens_figure_new(own_run(self), self->neuron->map);
  g_clear_pointer(&self->figure, figure_neuron_free);
  if (self->labels) {
    LensTarget active = lens_run_view_get_active(view);

    if (active.kind == LENS_TARGET_NONE) {
      self->query = CLAMP(self->query, 0, self->neuron->rows - 1);
      self->key = strongest_key(self, self->query);
    }
    take_target(self, active);
    make_figure(self, width > 0 ? width : 480);
  }
  lens_canvas_set_n_nodes(LENS_CANVAS(self),
                          self->figure ? self->neuron->rows + self->neuron->cols : 0);
  if (self->figure) {
    g_autofree char *map = lens_map_format_title(self->neuron->map);

    title = g_strdup_printf(_("%s, head %d: queries and keys"), map, self->neuron->head + 1);
    name_nodes(self);
  }
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 title ? title : _("No head"), -1);
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

static void
lens_neuron_view_hover_changed(LensRunView *view)
{
  LensNeuronView *self = LENS_NEURON_VIEW(view);

  if (!self->labels || !take_target(self, lens_run_view_get_active(view)))
    return;
  make_figure(self, MAX(lens_canvas_get_width(LENS_CANVAS(self)), 240));
  if (self->figure)
    name_nodes(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
lens_neuron_view_layout(LensCanvas *canvas, double width, double height)
{
  LensNeuronView *self = LENS_NEURON_VIEW(canvas);

  if (!self->figure || self->figure->width != width)
    make_figure(self, width);
  for (int r = 0; self->figure && r < self->figure->rows; r++)
    lens_canvas_place_node(canvas, r, &self->figure->query_rects[r]);
  for (int c = 0; self->figure && c < self->figure->cols; c++)
    lens_canvas_place_node(canvas, self->figure->rows + c, &self->figure->key_rects[c]);
}

/* Nothing is left to wait for where a run has no such head. */
static gboolean
has_head(LensRun *run, LensSelection *selection)
{
  const char *name = lens_selection_get_map(selection);
  LensMap *map = run && name ? lens_run_find_map(run, name) : NULL;

  return map && lens_selection_get_head(selection) < lens_map_get_heads(map);
}

static void
lens_neuron_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensNeuronView *self = LENS_NEURON_VIEW(canvas);
  LensRun *a = RUN(self) ? lens_run_get_compared(RUN(self), 0, NULL) : NULL;

  if (self->figure) {
    lens_run_view_end_waiting(LENS_RUN_VIEW(self));
    figure_neuron_draw(cr, self->figure, lens_canvas_get_style(canvas), self->element);
  } else if (SELECTION(self)
             && (!has_head(own_run(self), SELECTION(self)) || (a && !has_head(a, SELECTION(self)))))
    lens_run_view_draw_nothing(LENS_RUN_VIEW(self), cr, width, height);
  else
    lens_run_view_draw_waiting(LENS_RUN_VIEW(self), cr, width, height);
}

/* ---- pointer and keyboard ---- */

static LensTarget
lens_neuron_view_target_at(LensRunView *view, double x, double y)
{
  LensNeuronView *self = LENS_NEURON_VIEW(view);
  FigureHit hit;

  if (!self->figure)
    return lens_target_none();
  hit = figure_neuron_hit(self->figure, x, y);
  return lens_run_view_hit_target(&hit);
}

static LensTarget
lens_neuron_view_target_of_node(LensRunView *view, int node)
{
  LensNeuronView *self = LENS_NEURON_VIEW(view);

  if (!self->figure)
    return lens_target_none();
  if (node < self->figure->rows)
    return lens_run_view_side_target(self->figure->query_is_words, node, FIGURE_AS_QUERY);
  return lens_target_cell(self->query, node - self->figure->rows);
}

static void
show_element(LensNeuronView *self)
{
  const FigureNeuron *figure = self->figure;
  g_autofree char *text = NULL;
  int e = self->element;

  if (figure && e >= 0)
    text = g_strdup_printf(_("Element %d: q %.3f, k %.3f, q × k %.3f"), e + 1,
                           figure->elements[FIGURE_NEURON_Q][e],
                           figure->elements[FIGURE_NEURON_K][e],
                           figure->elements[FIGURE_NEURON_PRODUCT][e]);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), text);
}

static void
lens_neuron_view_hover(LensCanvas *canvas, double x, double y)
{
  LensNeuronView *self = LENS_NEURON_VIEW(canvas);
  int element = self->figure && x >= 0 ? figure_neuron_element(self->figure, x, y) : -1;

  LENS_CANVAS_CLASS(lens_neuron_view_parent_class)->hover(canvas, x, y);
  if (element == self->element)
    return;
  self->element = element;
  show_element(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- object ---- */

void
lens_neuron_view_set_neuron(LensNeuronView *self, const LensNeuron *neuron)
{
  g_clear_pointer(&self->labels, lens_figure_free);
  g_clear_pointer(&self->neuron, lens_neuron_free);
  self->neuron = lens_neuron_copy(neuron);
  lens_neuron_view_rebuild(LENS_RUN_VIEW(self));
}

void
lens_neuron_view_set_reference(LensNeuronView *self, const LensNeuron *neuron)
{
  g_clear_pointer(&self->labels, lens_figure_free);
  g_clear_pointer(&self->reference, lens_neuron_free);
  self->reference = lens_neuron_copy(neuron);
  lens_neuron_view_rebuild(LENS_RUN_VIEW(self));
}

static void
lens_neuron_view_style_changed(LensCanvas *canvas)
{
  g_clear_pointer(&LENS_NEURON_VIEW(canvas)->figure, figure_neuron_free);
}

static GtkSizeRequestMode
lens_neuron_view_get_request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lens_neuron_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  LensNeuronView *self = LENS_NEURON_VIEW(widget);

  *minimum = 250;
  *natural = 320;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = self->figure ? (int)self->figure->height + 1 : 200;
}

static void
lens_neuron_view_finalize(GObject *object)
{
  LensNeuronView *self = LENS_NEURON_VIEW(object);

  g_clear_pointer(&self->labels, lens_figure_free);
  g_clear_pointer(&self->figure, figure_neuron_free);
  g_clear_pointer(&self->neuron, lens_neuron_free);
  g_clear_pointer(&self->reference, lens_neuron_free);
  G_OBJECT_CLASS(lens_neuron_view_parent_class)->finalize(object);
}

static void
lens_neuron_view_class_init(LensNeuronViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);
  LensRunViewClass *view_class = LENS_RUN_VIEW_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_neuron_view_finalize;
  widget_class->get_request_mode = lens_neuron_view_get_request_mode;
  widget_class->measure = lens_neuron_view_measure;
  canvas_class->layout = lens_neuron_view_layout;
  canvas_class->draw = lens_neuron_view_draw;
  canvas_class->hover = lens_neuron_view_hover;
  canvas_class->style_changed = lens_neuron_view_style_changed;
  view_class->rebuild = lens_neuron_view_rebuild;
  view_class->hover_changed = lens_neuron_view_hover_changed;
  view_class->target_at = lens_neuron_view_target_at;
  view_class->target_of_node = lens_neuron_view_target_of_node;
}

static void
lens_neuron_view_init(LensNeuronView *self)
{
  self->query = 1; /* the first word after [CLS] */
  self->element = -1;
}
