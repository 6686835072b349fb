#include "lens-graph-view.h"

#include <glib/gi18n.h>

#include "lens-figure.h"

struct _LensGraphView {
  LensCanvas parent_instance;

  LensRun *run;
  LensSelection *selection;

  LensFigure *figure;
  FigureGraph *graph;
  FigureReading reading;
};

G_DEFINE_FINAL_TYPE(LensGraphView, lens_graph_view, LENS_TYPE_CANVAS)

GtkWidget *
lens_graph_view_new(void)
{
  return g_object_new(LENS_TYPE_GRAPH_VIEW, NULL);
}

/* ---- layout ---- */

/* "cat (query) looks at red ball 0.42, tree 0.12": the strongest edges of a node. */
static char *
describe_node(LensGraphView *self, int index)
{
  const FigureNode *node = &self->graph->nodes[index];
  gboolean query = node->side == FIGURE_AS_QUERY;
  GString *text = g_string_new(NULL);
  int found = 0;

  if (node->side == FIGURE_EITHER_SIDE) {
    for (int i = 0; i < self->graph->rows && !query; i++)
      query = self->graph->query_node[i] == index;
  }
  if (query)
    g_string_append_printf(text, _("%s, query, looks at:"), node->label);
  else
    g_string_append_printf(text, _("%s, key, is looked at by:"), node->label);
  for (int e = self->graph->n_edges - 1; e >= 0 && found < 3; e--) {
    const FigureEdge *edge = &self->graph->edges[e];
    int other = query ? edge->to : edge->from;

    if ((query ? edge->from : edge->to) != index)
      continue;
    g_string_append_printf(text, "%s %s %.2f", found ? "," : "",
                           self->graph->nodes[other].label, edge->weight);
    found++;
  }
  return g_string_free(text, FALSE);
}

static void
place_nodes(LensGraphView *self)
{
  guint n = lens_canvas_get_n_nodes(LENS_CANVAS(self));
  const FigureRect none = { 0 };

  for (guint i = 0; i < n; i++) {
    const FigureNode *node = self->graph && (int)i < self->graph->n_nodes ? &self->graph->nodes[i]
                                                                          : NULL;

    lens_canvas_place_node(LENS_CANVAS(self), i, node && !node->hidden ? &node->rect : &none);
  }
}

static void
make_graph(LensGraphView *self, double width, double height)
{
  FigureError error = { { 0 } };

  g_clear_pointer(&self->graph, figure_graph_free);
  if (self->figure)
    figure_graph_layout(lens_figure_get_map(self->figure), &self->reading,
                        lens_canvas_get_style(LENS_CANVAS(self)), MAX(width, 60), MAX(height, 60),
                        &self->graph, &error);
}

static void
lens_graph_view_layout(LensCanvas *canvas, double width, double height)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);

  if (!self->graph || self->graph->width != width || self->graph->height != height)
    make_graph(self, width, height);
  place_nodes(self);
}

/* Another map, head or filter: new nodes with new names. */
static void
rebuild(LensGraphView *self)
{
  LensCanvas *canvas = LENS_CANVAS(self);
  const char *map = self->selection ? lens_selection_get_map(self->selection) : NULL;
  double width = lens_canvas_get_width(canvas), height = lens_canvas_get_height(canvas);
  g_autofree char *title = NULL;
  guint n;

  g_clear_pointer(&self->figure, lens_figure_free);
  if (self->run && map)
    self->figure = lens_figure_new_selected(self->run, self->selection);
  if (self->figure)
    lens_figure_reading(self->selection, lens_figure_get_map(self->figure), &self->reading);
  make_graph(self, width > 0 ? width : 480, height > 0 ? height : 400);
  n = self->graph ? self->graph->n_nodes : 0;
  lens_canvas_set_n_nodes(canvas, n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = describe_node(self, i);

    lens_canvas_name_node(canvas, i, name);
  }
  title = map ? lens_map_format_title(map) : g_strdup(_("No map"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  lens_canvas_invalidate(canvas);
}

static void
lens_graph_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;

  if (!self->graph)
    return;
  lens_figure_highlight(self->selection, lens_figure_get_map(self->figure), &highlight);
  figure_graph_draw(cr, self->graph, lens_canvas_get_style(canvas), &highlight);
}

/* ---- pointer and keyboard ---- */

static LensTarget
target_of_hit(const FigureHit *hit)
{
  LensTarget target = lens_target_none();

  if (hit->kind == FIGURE_HIT_WORD)
    target = lens_target_word(hit->word);
  else if (hit->kind == FIGURE_HIT_BOX)
    target = lens_target_box(hit->box);
  else if (hit->kind == FIGURE_HIT_EDGE)
    return lens_target_cell(hit->query, hit->key);
  else
    return target;
  target.side = hit->side == FIGURE_AS_QUERY ? LENS_AS_QUERY
                : hit->side == FIGURE_AS_KEY ? LENS_AS_KEY
                                             : LENS_AS_EITHER;
  return target;
}

static LensTarget
target_at(LensGraphView *self, double x, double y)
{
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;
  FigureHit hit;

  if (!self->graph || x < 0)
    return lens_target_none();
  lens_figure_highlight(self->selection, lens_figure_get_map(self->figure), &highlight);
  hit = figure_graph_hit(self->graph, &highlight, x, y);
  return target_of_hit(&hit);
}

static LensTarget
target_of_node(LensGraphView *self, int index)
{
  const FigureNode *node = &self->graph->nodes[index];
  LensTarget target
      = node->is_word ? lens_target_word(node->index) : lens_target_box(node->index);

  target.side = node->side == FIGURE_AS_QUERY ? LENS_AS_QUERY
                : node->side == FIGURE_AS_KEY ? LENS_AS_KEY
                                              : LENS_AS_EITHER;
  return target;
}

static void
lens_graph_view_hover(LensCanvas *canvas, double x, double y)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);

  if (self->selection)
    lens_selection_set_hover(self->selection, target_at(self, x, y));
}

static void
lens_graph_view_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);
  LensTarget target = target_at(self, x, y);

  if (!self->selection || button != GDK_BUTTON_PRIMARY)
    return;
  if (target.kind == LENS_TARGET_NONE)
    lens_selection_set_pinned(self->selection, target);
  else
    lens_selection_toggle_pinned(self->selection, target);
}

static void
lens_graph_view_node_focused(LensCanvas *canvas, int node)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);

  if (!self->selection)
    return;
  lens_selection_set_hover(self->selection, node < 0 || !self->graph
                                                ? lens_target_none()
                                                : target_of_node(self, node));
}

static void
lens_graph_view_node_activated(LensCanvas *canvas, int node)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);

  if (self->selection && self->graph)
    lens_selection_toggle_pinned(self->selection, target_of_node(self, node));
}

/* ---- properties ---- */

void
lens_graph_view_set_run(LensGraphView *self, LensRun *run)
{
  if (g_set_object(&self->run, run))
    rebuild(self);
}

static void
on_hover_changed(LensGraphView *self)
{
  LensTarget pinned = lens_selection_get_pinned(self->selection);
  guint n = self->graph ? self->graph->n_nodes : 0;

  for (guint i = 0; i < n; i++) {
    const FigureNode *node = &self->graph->nodes[i];
    gboolean is_pinned = node->index == pinned.index
                         && (node->is_word ? pinned.kind == LENS_TARGET_WORD
                                           : pinned.kind == LENS_TARGET_BOX);

    lens_canvas_select_node(LENS_CANVAS(self), i, is_pinned);
  }
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_graph_view_set_selection(LensGraphView *self, LensSelection *selection)
{
  if (self->selection)
    g_signal_handlers_disconnect_by_data(self->selection, self);
  g_set_object(&self->selection, selection);
  if (selection) {
    g_signal_connect_object(selection, "hover-changed", G_CALLBACK(on_hover_changed), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(selection, "view-changed", G_CALLBACK(rebuild), self,
                            G_CONNECT_SWAPPED);
  }
  rebuild(self);
}

const FigureGraph *
lens_graph_view_get_graph(LensGraphView *self)
{
  return self->graph;
}

static void
lens_graph_view_style_changed(LensCanvas *canvas)
{
  g_clear_pointer(&LENS_GRAPH_VIEW(canvas)->graph, figure_graph_free);
}

static void
lens_graph_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 280 : 200;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 400;
}

static void
lens_graph_view_finalize(GObject *object)
{
  LensGraphView *self = LENS_GRAPH_VIEW(object);

  g_clear_object(&self->run);
  g_clear_object(&self->selection);
  g_clear_pointer(&self->figure, lens_figure_free);
  g_clear_pointer(&self->graph, figure_graph_free);
  G_OBJECT_CLASS(lens_graph_view_parent_class)->finalize(object);
}

static void
lens_graph_view_class_init(LensGraphViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_graph_view_finalize;
  widget_class->measure = lens_graph_view_measure;
  canvas_class->layout = lens_graph_view_layout;
  canvas_class->draw = lens_graph_view_draw;
  canvas_class->hover = lens_graph_view_hover;
  canvas_class->click = lens_graph_view_click;
  canvas_class->node_focused = lens_graph_view_node_focused;
  canvas_class->node_activated = lens_graph_view_node_activated;
  canvas_class->style_changed = lens_graph_view_style_changed;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST_BOX);
}

static void
lens_graph_view_init(LensGraphView *self)
{
  figure_reading_init(&self->reading);
}
