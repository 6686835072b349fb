#include "lens-run-view.h"

#include <glib/gi18n.h>

/* What is there sooner than this is not announced: it would flicker. */
#define WAIT_MS 120

typedef struct {
  LensRun *run;
  LensSelection *selection;
  guint wait; /* timer of something that is waited for; 0: none */
  gboolean waited;
  gboolean stale; /* what changed while nobody saw it is made when it is shown */
} LensRunViewPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(LensRunView, lens_run_view, LENS_TYPE_CANVAS)
#define PRIV(self) ((LensRunViewPrivate *)lens_run_view_get_instance_private(self))

LensRun *
lens_run_view_get_run(LensRunView *self)
{
  return PRIV(self)->run;
}

LensSelection *
lens_run_view_get_selection(LensRunView *self)
{
  return PRIV(self)->selection;
}

LensTarget
lens_run_view_side_target(gboolean word, int index, FigureSide side)
{
  LensTarget target = word ? lens_target_word(index) : lens_target_box(index);

  target.side = side == FIGURE_AS_QUERY ? LENS_AS_QUERY
                : side == FIGURE_AS_KEY ? LENS_AS_KEY
                                        : LENS_AS_EITHER;
  return target;
}

LensTarget
lens_run_view_hit_target(const FigureHit *hit)
{
  switch (hit->kind) {
  case FIGURE_HIT_WORD:
  case FIGURE_HIT_BOX:
    return lens_run_view_side_target(hit->kind == FIGURE_HIT_WORD,
                                     hit->kind == FIGURE_HIT_WORD ? hit->word : hit->box,
                                     hit->side);
  case FIGURE_HIT_EDGE:
  case FIGURE_HIT_CELL:
    return lens_target_cell(hit->query, hit->key);
  case FIGURE_HIT_NONE:
  case FIGURE_HIT_HEAD:
    break;
  }
  return lens_target_none();
}

/* "BERT has no cross layer 1", "… has no head 12": why there is nothing to draw; NULL for no reason
 * here. Free with g_free. */
static char *
describe_lack(LensRun *run, const char *name, int head)
{
  LensMap *map = lens_run_find_map(run, name);
  const char *model = lens_model_get_name(lens_run_get_model(run));
  g_autofree char *title = lens_map_format_title(name);

  if (!map)
    return g_strdup_printf(_("%s has no %s"), model, title);
  if (head >= lens_map_get_heads(map))
    return g_strdup_printf(_("%s has no head %d in %s"), model, head + 1, title);
  return NULL;
}

static void
draw_message(LensRunView *self, cairo_t *cr, double width, double height, const char *text)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  int w, h;

  pango_layout_set_width(layout, (int)(MAX(width - 24, 40) * PANGO_SCALE));
  pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size(layout, &w, &h);
  cairo_set_source_rgb(cr, style->muted.r, style->muted.g, style->muted.b);
  cairo_move_to(cr, 12, (height - h) / 2);
  pango_cairo_show_layout(cr, layout);
}

void
lens_run_view_draw_nothing(LensRunView *self, cairo_t *cr, double width, double height)
{
  LensRunViewPrivate *priv = PRIV(self);
  const char *map = priv->selection ? lens_selection_get_map(priv->selection) : NULL;
  g_autofree char *text = NULL;

  if (!priv->run || !map)
    return;
  for (int i = 0; i < 2 && !text; i++) { /* either side of a difference may be it */
    LensRun *side = lens_run_get_compared(priv->run, i, NULL);

    text = describe_lack(side ? side : priv->run, map, lens_selection_get_head(priv->selection));
  }
  draw_message(self, cr, width, height, text ? text : _("Nothing is left to show"));
}

static gboolean
on_waited(gpointer data)
{
  PRIV(data)->wait = 0;
  PRIV(data)->waited = TRUE;
  gtk_widget_queue_draw(GTK_WIDGET(data));
  return G_SOURCE_REMOVE;
}

void
lens_run_view_draw_waiting(LensRunView *self, cairo_t *cr, double width, double height)
{
  LensRunViewPrivate *priv = PRIV(self);

  if (!priv->run)
    return;
  if (priv->waited)
    draw_message(self, cr, width, height, _("Asking the model for this…"));
  else if (!priv->wait)
    priv->wait = g_timeout_add(WAIT_MS, on_waited, self);
}

void
lens_run_view_end_waiting(LensRunView *self)
{
  LensRunViewPrivate *priv = PRIV(self);

  g_clear_handle_id(&priv->wait, g_source_remove);
  priv->waited = FALSE;
}

/* ---- targets of the run and of the selection ---- */

static LensTarget
in_run(LensRunView *self, LensTarget target)
{
  LensRunViewPrivate *priv = PRIV(self);

  return lens_target_in_run(target, priv->run, lens_selection_get_map(priv->selection));
}

static LensTarget
from_run(LensRunView *self, LensTarget target)
{
  LensRunViewPrivate *priv = PRIV(self);

  return lens_target_from_run(target, priv->run, lens_selection_get_map(priv->selection));
}

LensTarget
lens_run_view_get_active(LensRunView *self)
{
  return in_run(self, lens_selection_get_active(PRIV(self)->selection));
}

LensTarget
lens_run_view_get_pinned(LensRunView *self)
{
  return in_run(self, lens_selection_get_pinned(PRIV(self)->selection));
}

void
lens_run_view_set_hover(LensRunView *self, LensTarget target)
{
  lens_selection_set_hover(PRIV(self)->selection, from_run(self, target));
}

/* ---- run and selection ---- */

static void
rebuild(LensRunView *self)
{
  PRIV(self)->stale = FALSE;
  LENS_RUN_VIEW_GET_CLASS(self)->rebuild(self);
}

static gboolean
is_hidden(LensRunView *self)
{
  return gtk_widget_get_root(GTK_WIDGET(self)) && !gtk_widget_get_mapped(GTK_WIDGET(self));
}

static void
on_view_changed(LensRunView *self)
{
  if (is_hidden(self))
    PRIV(self)->stale = TRUE;
  else
    LENS_RUN_VIEW_GET_CLASS(self)->view_changed(self);
}

static void
on_hover_changed(LensRunView *self)
{
  if (is_hidden(self))
    PRIV(self)->stale = TRUE; /* what is pinned is told with the nodes */
  else if (LENS_RUN_VIEW_GET_CLASS(self)->hover_changed)
    LENS_RUN_VIEW_GET_CLASS(self)->hover_changed(self);
}

void
lens_run_view_update(LensRunView *self)
{
  if (!PRIV(self)->stale)
    return;
  rebuild(self);
  if (LENS_RUN_VIEW_GET_CLASS(self)->hover_changed && PRIV(self)->selection)
    LENS_RUN_VIEW_GET_CLASS(self)->hover_changed(self);
}

gboolean
lens_run_view_is_current(LensRunView *self)
{
  return !PRIV(self)->stale;
}

static void
lens_run_view_map(GtkWidget *widget)
{
  lens_run_view_update(LENS_RUN_VIEW(widget));
  GTK_WIDGET_CLASS(lens_run_view_parent_class)->map(widget);
}

void
lens_run_view_set_run(LensRunView *self, LensRun *run)
{
  if (!g_set_object(&PRIV(self)->run, run))
    return;
  if (is_hidden(self))
    PRIV(self)->stale = TRUE;
  else
    rebuild(self);
}

void
lens_run_view_set_selection(LensRunView *self, LensSelection *selection)
{
  LensRunViewPrivate *priv = PRIV(self);

  if (priv->selection)
    g_signal_handlers_disconnect_by_data(priv->selection, self);
  g_set_object(&priv->selection, selection);
  if (selection) {
    g_signal_connect_object(selection, "hover-changed", G_CALLBACK(on_hover_changed), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(selection, "view-changed", G_CALLBACK(on_view_changed), self,
                            G_CONNECT_SWAPPED);
  }
  rebuild(self);
}

static void
redraw(LensRunView *self)
{
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* ---- pointer and keyboard ---- */

static void
lens_run_view_hover(LensCanvas *canvas, double x, double y)
{
  LensRunView *self = LENS_RUN_VIEW(canvas);
  LensSelection *selection = PRIV(self)->selection;

  if (selection)
    lens_run_view_set_hover(self, x < 0 ? lens_target_none()
                                        : LENS_RUN_VIEW_GET_CLASS(self)->target_at(self, x, y));
}

static void
lens_run_view_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensRunView *self = LENS_RUN_VIEW(canvas);
  LensSelection *selection = PRIV(self)->selection;
  LensTarget target;

  if (!selection || button != GDK_BUTTON_PRIMARY)
    return;
  target = from_run(self, LENS_RUN_VIEW_GET_CLASS(self)->target_at(self, x, y));
  if (target.kind == LENS_TARGET_NONE)
    lens_selection_set_pinned(selection, target);
  else
    lens_selection_toggle_pinned(selection, target);
}

static void
lens_run_view_node_focused(LensCanvas *canvas, int node)
{
  LensRunView *self = LENS_RUN_VIEW(canvas);
  LensSelection *selection = PRIV(self)->selection;

  if (selection)
    lens_run_view_set_hover(self, node < 0
                                      ? lens_target_none()
                                      : LENS_RUN_VIEW_GET_CLASS(self)->target_of_node(self, node));
}

static void
lens_run_view_node_activated(LensCanvas *canvas, int node)
{
  LensRunView *self = LENS_RUN_VIEW(canvas);
  LensSelection *selection = PRIV(self)->selection;

  if (selection)
    lens_selection_toggle_pinned(
        selection, from_run(self, LENS_RUN_VIEW_GET_CLASS(self)->target_of_node(self, node)));
}

static void
lens_run_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 280 : 200;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 400;
}

static void
lens_run_view_finalize(GObject *object)
{
  LensRunViewPrivate *priv = PRIV(LENS_RUN_VIEW(object));

  lens_run_view_end_waiting(LENS_RUN_VIEW(object));
  g_clear_object(&priv->run);
  g_clear_object(&priv->selection);
  G_OBJECT_CLASS(lens_run_view_parent_class)->finalize(object);
}

static void
lens_run_view_class_init(LensRunViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_run_view_finalize;
  widget_class->measure = lens_run_view_measure;
  widget_class->map = lens_run_view_map;
  canvas_class->hover = lens_run_view_hover;
  canvas_class->click = lens_run_view_click;
  canvas_class->node_focused = lens_run_view_node_focused;
  canvas_class->node_activated = lens_run_view_node_activated;
  klass->view_changed = rebuild;
  klass->hover_changed = redraw;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST_BOX);
}

static void
lens_run_view_init(LensRunView *self)
{
}
