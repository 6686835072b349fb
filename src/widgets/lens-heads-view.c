#include "lens-heads-view.h"

#include <glib/gi18n.h>

#include "lens-figure.h"

/* Selected words and boxes are marked in so many heads at most: drawing them all takes a frame. */
#define MOST_MARKED 144

/* The tooltip is of a name that may be another one now. */
#define TELL_AGAIN -2

/* Above a head that is scrolled to: its number and the map's title. */
#define MARGIN 36

struct _LensHeadsView {
  LensRunView parent_instance;

  LensEdits *edits;
  LensScope scope;

  GPtrArray *figures; /* of LensFigure, one a map */
  GPtrArray *names;   /* of const char *, the maps' names, the run's */
  GArray *first_node; /* of guint, one a map */
  FigureHeads *heads;
  int followed;    /* the node that was scrolled to, when it was picked; -1: none */
  guint following; /* idle; 0: none */
  int told;        /* the node whose name is the tooltip; -1: none */
};

enum { HEAD_ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensHeadsView, lens_heads_view, LENS_TYPE_RUN_VIEW)

/* Run and selection of the base, borrowed. */
#define RUN(self) lens_run_view_get_run(LENS_RUN_VIEW(self))
#define SELECTION(self) lens_run_view_get_selection(LENS_RUN_VIEW(self))

GtkWidget *
lens_heads_view_new(void)
{
  return g_object_new(LENS_TYPE_HEADS_VIEW, NULL);
}

/* ---- layout ---- */

static const FigureMap *
map_at(LensHeadsView *self, guint i)
{
  return lens_figure_get_map(g_ptr_array_index(self->figures, i));
}

static const char *
name_at(LensHeadsView *self, guint i)
{
  return g_ptr_array_index(self->names, i);
}

/* The figure of the maps at hand; NULL when there are none. Owned by the caller. */
static FigureHeads *
make_heads(LensHeadsView *self, double width, double height)
{
  guint n = self->figures->len;
  g_autofree const FigureMap **maps = g_new(const FigureMap *, MAX(n, 1));
  g_autofree bool **off = g_new0(bool *, MAX(n, 1));
  FigureHeads *heads = NULL;
  FigureReading reading;
  FigureError error;

  if (!n)
    return NULL;
  lens_figure_reading(SELECTION(self), map_at(self, 0), &reading);
  for (guint i = 0; i < n; i++) {
    maps[i] = map_at(self, i);
    off[i] = g_new0(bool, maps[i]->heads);
    for (int h = 0; h < maps[i]->heads; h++)
      off[i][h] = lens_edits_get_gate(self->edits, name_at(self, i), h) == LENS_GATE_ZERO;
  }
  if (!figure_heads_layout(maps, n, (const bool *const *)off, &reading,
                           lens_canvas_get_style(LENS_CANVAS(self)), MAX(width, 80),
                           MAX(height, 80), &heads, &error))
    heads = NULL;
  for (guint i = 0; i < n; i++)
    g_free(off[i]);
  return heads;
}

static int
node_of(LensHeadsView *self, int map, int head)
{
  return g_array_index(self->first_node, guint, map) + head;
}

/* -1: it is none of those that are shown. */
static int
picked_node(LensHeadsView *self)
{
  int head;
  const char *picked = SELECTION(self) ? lens_selection_get_picked(SELECTION(self), &head) : NULL;

  for (guint i = 0; i < self->figures->len; i++) {
    if (g_strcmp0(name_at(self, i), picked) == 0 && head < map_at(self, i)->heads)
      return node_of(self, i, head);
  }
  return -1;
}

static gboolean
on_follow(gpointer data)
{
  LensHeadsView *self = data;
  GtkWidget *scrolled = gtk_widget_get_ancestor(GTK_WIDGET(self), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *y
      = scrolled ? gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scrolled)) : NULL;
  FigureRect rect;

  self->following = 0;
  if (!y || self->followed < 0)
    return G_SOURCE_REMOVE;
  lens_canvas_get_node_rect(LENS_CANVAS(self), self->followed, &rect);
  gtk_adjustment_clamp_page(y, MAX(rect.y - MARGIN, 0), rect.y + rect.h + MARGIN / 2);
  return G_SOURCE_REMOVE;
}

/* What was picked elsewhere comes into view, once: the person scrolls on from there. */
static void
follow_picked(LensHeadsView *self)
{
  int node = picked_node(self);

  if (node == self->followed)
    return;
  self->followed = node;
  if (!self->following && node >= 0)
    self->following = g_idle_add(on_follow, self);
}

static void
lens_heads_view_layout(LensCanvas *canvas, double width, double height)
{
  LensHeadsView *self = LENS_HEADS_VIEW(canvas);

  g_clear_pointer(&self->heads, figure_heads_free);
  self->heads = make_heads(self, width, height);
  for (int i = 0; self->heads && i < self->heads->n_panels; i++) {
    const FigureHeadPanel *panel = &self->heads->panels[i];

    lens_canvas_place_node(canvas, node_of(self, panel->map, panel->head), &panel->cells);
  }
  follow_picked(self);
}

/* ---- maps in scope ---- */

static gboolean
in_scope(LensHeadsView *self, LensMap *map, const char *picked)
{
  LensModule module, wanted;
  int layer, wanted_layer;

  if (self->scope == LENS_SCOPE_MODEL)
    return TRUE;
  if (self->scope == LENS_SCOPE_MAP)
    return g_strcmp0(lens_map_get_name(map), picked) == 0;
  if (!lens_map_parse_name(picked, &wanted, &wanted_layer)
      || !lens_map_parse_name(lens_map_get_name(map), &module, &layer))
    return FALSE;
  if (self->scope == LENS_SCOPE_COLUMN)
    return module == wanted;
  return layer == wanted_layer
         && MIN(module, LENS_MODULE_LANG_TO_VIS) == MIN(wanted, LENS_MODULE_LANG_TO_VIS);
}

static void
name_nodes(LensHeadsView *self)
{
  for (guint i = 0; i < self->figures->len; i++) {
    const FigureMap *map = map_at(self, i);
    LensMap *of = lens_run_find_map(RUN(self), name_at(self, i));
    g_autofree char *title = lens_map_format_title(name_at(self, i));

    for (int h = 0; h < map->heads; h++) {
      LensGate gate = lens_edits_get_gate(self->edits, name_at(self, i), h);
      g_autofree char *name = g_strdup_printf(_("%s, head %d%s; entropy %.2f, peak %.2f"), title,
                                              h + 1, lens_gate_get_suffix(gate),
                                              lens_map_head_stat(of, h, LENS_STAT_ENTROPY),
                                              lens_map_head_stat(of, h, LENS_STAT_PEAK));

      lens_canvas_name_node(LENS_CANVAS(self), node_of(self, i, h), name);
    }
  }
  self->told = TELL_AGAIN;
}

static void
select_nodes(LensHeadsView *self)
{
  const char *picked = lens_selection_get_map(SELECTION(self));
  int head = lens_selection_get_head(SELECTION(self));

  for (guint i = 0; i < self->figures->len; i++) {
    for (int h = 0; h < map_at(self, i)->heads; h++)
      lens_canvas_select_node(LENS_CANVAS(self), node_of(self, i, h),
                              h == head && g_strcmp0(name_at(self, i), picked) == 0);
  }
}

static void
lens_heads_view_rebuild(LensRunView *view)
{
  LensHeadsView *self = LENS_HEADS_VIEW(view);
  const char *picked = SELECTION(self) ? lens_selection_get_map(SELECTION(self)) : NULL;
  guint n = RUN(self) && picked ? lens_run_get_n_maps(RUN(self)) : 0, nodes = 0;

  g_clear_pointer(&self->heads, figure_heads_free);
  g_ptr_array_set_size(self->figures, 0);
  g_ptr_array_set_size(self->names, 0);
  g_array_set_size(self->first_node, 0);
  for (guint i = 0; i < n; i++) {
    LensMap *map = lens_run_get_map(RUN(self), i);
    LensFigure *figure
        = in_scope(self, map, picked) ? lens_figure_new(RUN(self), lens_map_get_name(map)) : NULL;
    g_autofree char *title = NULL;

    if (!figure)
      continue;
    title = self->scope == LENS_SCOPE_MAP ? NULL : lens_map_format_title(lens_map_get_name(map));
    lens_figure_set_title(figure, title);
    g_ptr_array_add(self->figures, figure);
    g_ptr_array_add(self->names, (gpointer)lens_map_get_name(map));
    g_array_append_val(self->first_node, nodes);
    nodes += lens_map_get_heads(map);
  }
  self->followed = -1;
  lens_canvas_set_n_nodes(LENS_CANVAS(self), nodes);
  name_nodes(self);
  if (SELECTION(self))
    select_nodes(self);
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

/* How many of the words that are shown come before this one. */
static int
shown_before(const FigureReading *reading, const char *const *labels, gboolean words, int index)
{
  int n = 0;

  for (int i = 0; i < index; i++)
    n += !(reading->hide_special && words && figure_label_is_special(labels[i]));
  return n;
}

static void
frame_line(cairo_t *cr, const FigureHeadPanel *panel, gboolean row, int at)
{
  const FigureRect *cells = &panel->cells;
  double w = cells->w / panel->cols, h = cells->h / panel->rows;

  if (at < 0 || at >= (row ? panel->rows : panel->cols))
    return;
  if (row)
    cairo_rectangle(cr, cells->x - 0.5, cells->y + at * h, cells->w + 1, h);
  else
    cairo_rectangle(cr, cells->x + at * w, cells->y - 0.5, w, cells->h + 1);
  cairo_stroke(cr);
}

/* The row or column of the word or box that is selected, in every head. */
static void
draw_marks(LensHeadsView *self, cairo_t *cr)
{
  LensTarget target = lens_run_view_get_active(LENS_RUN_VIEW(self));
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  FigureReading reading;
  int word, box;

  lens_selection_resolve(SELECTION(self), target, &word, &box);
  if (word < 0 && box < 0)
    return;
  lens_figure_reading(SELECTION(self), map_at(self, 0), &reading);
  cairo_set_source_rgba(cr, style->accent.r, style->accent.g, style->accent.b, 0.9);
  cairo_set_line_width(cr, 1.2);
  for (int i = 0; i < self->heads->n_panels; i++) {
    const FigureHeadPanel *panel = &self->heads->panels[i];
    const FigureMap *map = map_at(self, panel->map);
    int row = map->query_is_words ? word : box, col = map->key_is_words ? word : box;
    gboolean square = map->query_is_words == map->key_is_words;

    if (row >= 0 && row < map->rows && (!square || target.side != LENS_AS_KEY))
      frame_line(cr, panel, TRUE,
                 shown_before(&reading, map->row_labels, map->query_is_words, row));
    if (col >= 0 && col < map->cols && (!square || target.side == LENS_AS_KEY))
      frame_line(cr, panel, FALSE, shown_before(&reading, map->col_labels, map->key_is_words, col));
  }
}

static void
lens_heads_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensHeadsView *self = LENS_HEADS_VIEW(canvas);
  const char *picked;
  int map = -1;

  if (!self->heads)
    return;
  picked = lens_selection_get_map(SELECTION(self));
  for (guint i = 0; i < self->figures->len; i++) {
    if (g_strcmp0(name_at(self, i), picked) == 0)
      map = i;
  }
  figure_heads_draw(cr, self->heads, lens_canvas_get_style(canvas), map,
                    lens_selection_get_head(SELECTION(self)));
  if (self->heads->n_panels <= MOST_MARKED)
    draw_marks(self, cr);
}

/* ---- pointer and keyboard ---- */

static void
pick(LensHeadsView *self, int map, int head)
{
  if (map >= 0 && map < (int)self->figures->len && SELECTION(self))
    lens_selection_set_cell(SELECTION(self), name_at(self, map), head);
}

static void
lens_heads_view_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensHeadsView *self = LENS_HEADS_VIEW(canvas);
  FigureHit hit;

  if (!self->heads)
    return;
  hit = figure_heads_hit(self->heads, x, y);
  if (hit.kind != FIGURE_HIT_HEAD)
    return;
  if (SELECTION(self) && lens_canvas_get_modifiers(canvas) & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) {
    lens_selection_set_map(SELECTION(self), name_at(self, hit.map));
    lens_selection_toggle_chosen(SELECTION(self), hit.head);
    return;
  }
  pick(self, hit.map, hit.head);
  if (n_press == 2)
    g_signal_emit(self, signals[HEAD_ACTIVATED], 0);
}

static void
lens_heads_view_hover(LensCanvas *canvas, double x, double y)
{
  LensHeadsView *self = LENS_HEADS_VIEW(canvas);
  FigureHit hit = FIGURE_NO_HIT;
  int node;

  if (self->heads && x >= 0)
    hit = figure_heads_hit(self->heads, x, y);
  if (SELECTION(self))
    lens_selection_preview(SELECTION(self),
                           hit.kind == FIGURE_HIT_HEAD ? name_at(self, hit.map) : NULL, hit.head);
  node = hit.kind == FIGURE_HIT_HEAD ? node_of(self, hit.map, hit.head) : -1;
  if (node == self->told)
    return;
  self->told = node;
  gtk_widget_set_tooltip_text(GTK_WIDGET(self),
                              node < 0 ? NULL : lens_canvas_get_node_name(canvas, node));
}

static void
lens_heads_view_node_activated(LensCanvas *canvas, int node)
{
  LensHeadsView *self = LENS_HEADS_VIEW(canvas);

  for (int i = (int)self->figures->len - 1; i >= 0; i--) {
    if (node >= node_of(self, i, 0)) {
      pick(self, i, node - node_of(self, i, 0));
      g_signal_emit(self, signals[HEAD_ACTIVATED], 0);
      return;
    }
  }
}

/* ---- properties ---- */

/* Within the scope only the frame around the picked head moves. */
static void
lens_heads_view_view_changed(LensRunView *view)
{
  LensHeadsView *self = LENS_HEADS_VIEW(view);
  const char *picked = lens_selection_get_map(SELECTION(self));

  if (self->scope == LENS_SCOPE_MODEL && self->figures->len) {
    select_nodes(self);
    lens_canvas_invalidate(LENS_CANVAS(self));
    return;
  }
  for (guint i = 0; i < self->figures->len; i++) {
    if (g_strcmp0(name_at(self, i), picked) == 0) {
      select_nodes(self);
      lens_canvas_invalidate(LENS_CANVAS(self));
      return;
    }
  }
  lens_heads_view_rebuild(view);
}

static void
lens_heads_view_hover_changed(LensRunView *view)
{
  LensHeadsView *self = LENS_HEADS_VIEW(view);

  if (self->heads && self->heads->n_panels <= MOST_MARKED)
    gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_heads_view_set_edits(LensHeadsView *self, const LensEdits *edits)
{
  LensEdits *copy = lens_edits_copy(edits);

  g_clear_pointer(&self->edits, lens_edits_free);
  self->edits = copy;
  if (lens_run_view_is_current(LENS_RUN_VIEW(self))) /* else the heads are another run's */
    name_nodes(self);
  lens_canvas_invalidate(LENS_CANVAS(self));
}

void
lens_heads_view_set_scope(LensHeadsView *self, LensScope scope)
{
  if (self->scope == scope)
    return;
  self->scope = scope;
  lens_heads_view_rebuild(LENS_RUN_VIEW(self));
}

const FigureHeads *
lens_heads_view_get_heads(LensHeadsView *self)
{
  lens_run_view_update(LENS_RUN_VIEW(self));
  return self->heads;
}

static GtkSizeRequestMode
lens_heads_view_get_request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lens_heads_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  LensHeadsView *self = LENS_HEADS_VIEW(widget);
  FigureHeads *heads;

  *minimum = *natural = 280;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  *minimum = *natural = 160;
  heads = make_heads(self, for_size > 0 ? for_size : 480, 160);
  if (!heads)
    return;
  *minimum = *natural = MAX((int)heads->height, 160);
  figure_heads_free(heads);
}

static void
lens_heads_view_finalize(GObject *object)
{
  LensHeadsView *self = LENS_HEADS_VIEW(object);

  g_clear_handle_id(&self->following, g_source_remove);
  g_clear_pointer(&self->heads, figure_heads_free);
  g_ptr_array_unref(self->figures);
  g_ptr_array_unref(self->names);
  g_array_unref(self->first_node);
  g_clear_pointer(&self->edits, lens_edits_free);
  G_OBJECT_CLASS(lens_heads_view_parent_class)->finalize(object);
}

static void
lens_heads_view_class_init(LensHeadsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);
  LensRunViewClass *view_class = LENS_RUN_VIEW_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_heads_view_finalize;
  widget_class->get_request_mode = lens_heads_view_get_request_mode;
  widget_class->measure = lens_heads_view_measure;
  canvas_class->layout = lens_heads_view_layout;
  canvas_class->draw = lens_heads_view_draw;
  canvas_class->click = lens_heads_view_click;
  canvas_class->hover = lens_heads_view_hover;
  canvas_class->node_activated = lens_heads_view_node_activated;
  canvas_class->node_focused = NULL; /* moving along looks, Return picks */
  view_class->rebuild = lens_heads_view_rebuild;
  view_class->view_changed = lens_heads_view_view_changed;
  view_class->hover_changed = lens_heads_view_hover_changed;
  signals[HEAD_ACTIVATED] = g_signal_new("head-activated", LENS_TYPE_HEADS_VIEW, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lens_heads_view_init(LensHeadsView *self)
{
  self->figures = g_ptr_array_new_with_free_func((GDestroyNotify)lens_figure_free);
  self->names = g_ptr_array_new();
  self->first_node = g_array_new(FALSE, FALSE, sizeof(guint));
  self->told = self->followed = -1;
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Heads, side by side"), -1);
}
