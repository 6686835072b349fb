#include "lens-graph-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-figure.h"

struct _LensGraphView {
  LensRunView parent_instance;

  LensFigure *figure;
  FigureGraph *graph;
  FigureReading reading;
  cairo_surface_t *resting; /* hundreds of lines, as nothing is pointed at; NULL: to be drawn */
};

G_DEFINE_FINAL_TYPE(LensGraphView, lens_graph_view, LENS_TYPE_RUN_VIEW)

/* Run and selection of the base, borrowed. */
#define RUN(self) lens_run_view_get_run(LENS_RUN_VIEW(self))
#define SELECTION(self) lens_run_view_get_selection(LENS_RUN_VIEW(self))

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
    g_string_append_printf(text, "%s %s %.2f", found ? "," : "", self->graph->nodes[other].label,
                           edge->weight);
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
    const FigureNode *node
        = self->graph && (int)i < self->graph->n_nodes ? &self->graph->nodes[i] : NULL;

    lens_canvas_place_node(LENS_CANVAS(self), i, node && !node->hidden ? &node->rect : &none);
  }
}

static void
make_graph(LensGraphView *self, double width, double height)
{
  FigureError error = { { 0 } };

  g_clear_pointer(&self->graph, figure_graph_free);
  g_clear_pointer(&self->resting, cairo_surface_destroy);
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
lens_graph_view_rebuild(LensRunView *view)
{
  LensGraphView *self = LENS_GRAPH_VIEW(view);
  LensCanvas *canvas = LENS_CANVAS(self);
  const char *map = SELECTION(self) ? lens_selection_get_map(SELECTION(self)) : NULL;
  double width = lens_canvas_get_width(canvas), height = lens_canvas_get_height(canvas);
  g_autofree char *title = NULL;
  guint n;

  g_clear_pointer(&self->figure, lens_figure_free);
  if (RUN(self) && map)
    self->figure = lens_figure_new_selected(RUN(self), SELECTION(self));
  if (self->figure)
    lens_figure_reading(SELECTION(self), lens_figure_get_map(self->figure), &self->reading);
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

static cairo_surface_t *
make_resting(LensGraphView *self, double width, double height)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double scale = style->pixels_per_unit;
  cairo_surface_t *surface
      = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(width * scale),
                                   (int)ceil(height * scale));
  cairo_t *cr = cairo_create(surface);

  cairo_scale(cr, scale, scale);
  figure_graph_draw(cr, self->graph, style, NULL);
  cairo_destroy(cr);
  cairo_surface_set_device_scale(surface, scale, scale);
  return surface;
}

static void
lens_graph_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);
  const FigureStyle *style = lens_canvas_get_style(canvas);
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;

  if (!self->graph) {
    lens_run_view_draw_nothing(LENS_RUN_VIEW(self), cr, width, height);
    return;
  }
  lens_figure_highlight(SELECTION(self), RUN(self), lens_figure_get_map(self->figure), &highlight);
  if (style->pixels_per_unit <= 0 || highlight.word >= 0 || highlight.box >= 0
      || highlight.pinned_word >= 0 || highlight.pinned_box >= 0) {
    figure_graph_draw(cr, self->graph, style, &highlight);
    return;
  }
  if (!self->resting)
    self->resting = make_resting(self, width, height);
  cairo_set_source_surface(cr, self->resting, 0, 0);
  cairo_paint(cr);
}

/* ---- pointer and keyboard ---- */

static LensTarget
lens_graph_view_target_at(LensRunView *view, double x, double y)
{
  LensGraphView *self = LENS_GRAPH_VIEW(view);
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;
  FigureHit hit;

  if (!self->graph)
    return lens_target_none();
  lens_figure_highlight(SELECTION(self), RUN(self), lens_figure_get_map(self->figure), &highlight);
  hit = figure_graph_hit(self->graph, &highlight, x, y);
  return lens_run_view_hit_target(&hit);
}

static LensTarget
lens_graph_view_target_of_node(LensRunView *view, int index)
{
  LensGraphView *self = LENS_GRAPH_VIEW(view);
  const FigureNode *node;

  if (!self->graph)
    return lens_target_none();
  node = &self->graph->nodes[index];
  return lens_run_view_side_target(node->is_word, node->index, node->side);
}

/* ---- properties ---- */

static void
lens_graph_view_hover_changed(LensRunView *view)
{
  LensGraphView *self = LENS_GRAPH_VIEW(view);
  LensTarget pinned = lens_run_view_get_pinned(view);
  guint n = self->graph ? self->graph->n_nodes : 0;

  for (guint i = 0; i < n; i++) {
    const FigureNode *node = &self->graph->nodes[i];
    gboolean is_pinned
        = node->index == pinned.index
          && (node->is_word ? pinned.kind == LENS_TARGET_WORD : pinned.kind == LENS_TARGET_BOX);

    lens_canvas_select_node(LENS_CANVAS(self), i, is_pinned);
  }
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

const FigureGraph *
lens_graph_view_get_graph(LensGraphView *self)
{
  lens_run_view_update(LENS_RUN_VIEW(self));
  return self->graph;
}

static void
lens_graph_view_style_changed(LensCanvas *canvas)
{
  LensGraphView *self = LENS_GRAPH_VIEW(canvas);

  g_clear_pointer(&self->graph, figure_graph_free);
  g_clear_pointer(&self->resting, cairo_surface_destroy);
}

static void
lens_graph_view_finalize(GObject *object)
{
  LensGraphView *self = LENS_GRAPH_VIEW(object);

  g_clear_pointer(&self->figure, lens_figure_free);
  g_clear_pointer(&self->graph, figure_graph_free);
  g_clear_pointer(&self->resting, cairo_surface_destroy);
  G_OBJECT_CLASS(lens_graph_view_parent_class)->finalize(object);
}

static void
lens_graph_view_class_init(LensGraphViewClass *klass)
{
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);
  LensRunViewClass *view_class = LENS_RUN_VIEW_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_graph_view_finalize;
  canvas_class->layout = lens_graph_view_layout;
  canvas_class->draw = lens_graph_view_draw;
  canvas_class->style_changed = lens_graph_view_style_changed;
  view_class->rebuild = lens_graph_view_rebuild;
  view_class->hover_changed = lens_graph_view_hover_changed;
  view_class->target_at = lens_graph_view_target_at;
  view_class->target_of_node = lens_graph_view_target_of_node;
}

static void
lens_graph_view_init(LensGraphView *self)
{
  figure_reading_init(&self->reading);
}
