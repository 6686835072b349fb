#include "lens-curve-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define SMOOTHING 0.92
#define LEAST_DRAG 8 /* pixels; less is a click */
#define LEAST_STEPS 2

enum { ZOOM_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensCurve, lens_curve, LENS_TYPE_CANVAS)

GtkWidget *
lens_curve_new(void)
{
  return g_object_new(LENS_TYPE_CURVE, NULL);
}

static void
run_free(gpointer p)
{
  LensCurveRun *run = p;

  g_free(run->name);
  g_clear_object(&run->loss);
  g_clear_object(&run->accuracy);
  g_free(run);
}

/* ---- axes ---- */

/* Of the losses between two steps. */
static gboolean
visible_range(const LensCurveRun *run, double from, double to, double *low, double *high)
{
  gboolean any = FALSE;

  for (guint i = 0; run->loss && i < lens_series_get_n_points(run->loss); i++) {
    double step, value;

    lens_series_get_point(run->loss, i, &step, &value);
    if (step < from || step > to)
      continue;
    *low = MIN(*low, value);
    *high = MAX(*high, value);
    any = TRUE;
  }
  return any;
}

static double
last_step(const LensCurveRun *run)
{
  LensSeries *series[] = { run->loss, run->accuracy };
  double last = 0;

  for (int i = 0; i < 2; i++) {
    double step, value;
    guint n = series[i] ? lens_series_get_n_points(series[i]) : 0;

    if (n) {
      lens_series_get_point(series[i], n - 1, &step, &value);
      last = MAX(last, step);
    }
  }
  return last;
}

/* The whole range of steps, of all runs. */
static double
whole_range(LensCurve *self)
{
  double last = MAX(MAX(self->total_steps, 1), last_step(&self->own));

  for (guint i = 0; i < self->others->len; i++)
    last = MAX(last, last_step(self->others->pdata[i]));
  return last;
}

gboolean
lens_curve_is_zoomed(LensCurve *self)
{
  return self->from < self->to;
}

gboolean
lens_curve_update_axes(LensCurve *self)
{
  double low = INFINITY, high = -INFINITY, step, power;
  gboolean zoomed = lens_curve_is_zoomed(self), any;

  self->top = self->others->len ? 44 : 28;
  self->min_step = zoomed ? self->from : 0;
  self->max_step = zoomed ? self->to : whole_range(self);
  self->low = 0;
  self->high = 1;
  any = visible_range(&self->own, self->min_step, self->max_step, &low, &high);
  for (guint i = 0; i < self->others->len; i++)
    any |= visible_range(self->others->pdata[i], self->min_step, self->max_step, &low, &high);
  if (!any)
    return zoomed && lens_series_get_n_points(self->own.loss) > 0;
  if (!zoomed)
    low = MIN(low, 0);
  step = MAX(high - low, 1e-6) / 4;
  power = pow(10, floor(log10(step)));
  step = power * (step / power <= 1 ? 1 : step / power <= 2 ? 2 : step / power <= 5 ? 5 : 10);
  self->low = floor(low / step) * step;
  self->high = MAX(ceil(high / step) * step, self->low + step);
  return TRUE;
}

double
lens_curve_plot_width(LensCurve *self)
{
  return MAX(lens_canvas_get_width(LENS_CANVAS(self)) - LENS_CURVE_LEFT
                 - LENS_CURVE_RIGHT * lens_canvas_get_text_scale(LENS_CANVAS(self)),
             1);
}

double
lens_curve_plot_height(LensCurve *self)
{
  return MAX(lens_canvas_get_height(LENS_CANVAS(self)) - self->top - LENS_CURVE_BOTTOM, 1);
}

double
lens_curve_x(LensCurve *self, double step)
{
  return LENS_CURVE_LEFT
         + lens_curve_plot_width(self) * (step - self->min_step)
               / MAX(self->max_step - self->min_step, 1e-9);
}

double
lens_curve_y(LensCurve *self, double value)
{
  return self->top
         + lens_curve_plot_height(self) * (1 - (value - self->low) / (self->high - self->low));
}

double
lens_curve_step_at(LensCurve *self, double x)
{
  return self->min_step
         + (x - LENS_CURVE_LEFT) / lens_curve_plot_width(self) * (self->max_step - self->min_step);
}

gboolean
lens_curve_locate(LensCurve *self, double step, double loss, double *x, double *y)
{
  if (!lens_curve_update_axes(self))
    return FALSE;
  *x = lens_curve_x(self, step);
  *y = lens_curve_y(self, loss);
  return TRUE;
}

/* ---- zoom ---- */

void
lens_curve_zoom(LensCurve *self, double from, double to)
{
  double last = whole_range(self);

  from = MAX(from, 0);
  to = MIN(to, last);
  if (from >= to || (from <= 0 && to >= last)) {
    from = to = 0;
  } else if (to - from < LEAST_STEPS) {
    double middle = (from + to) / 2;

    from = MAX(middle - LEAST_STEPS / 2.0, 0);
    to = from + LEAST_STEPS;
  }
  self->from = from;
  self->to = to;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  g_signal_emit(self, signals[ZOOM_CHANGED], 0);
}

/* Around `step`, which stays where it is; factor < 1 zooms in. */
static void
zoom_around(LensCurve *self, double step, double factor)
{
  lens_curve_update_axes(self);
  lens_curve_zoom(self, step - (step - self->min_step) * factor,
                  step + (self->max_step - step) * factor);
}

static void
on_drag(GtkGestureDrag *gesture, double dx, double dy, LensCurve *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point(gesture, &x, &y);
  if (fabs(dx) < LEAST_DRAG && self->drag_begin < 0)
    return;
  self->drag_begin = CLAMP(x, LENS_CURVE_LEFT, LENS_CURVE_LEFT + lens_curve_plot_width(self));
  self->drag_end = CLAMP(x + dx, LENS_CURVE_LEFT, LENS_CURVE_LEFT + lens_curve_plot_width(self));
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
on_drag_end(GtkGestureDrag *gesture, double dx, double dy, LensCurve *self)
{
  double begin = MIN(self->drag_begin, self->drag_end);
  double end = MAX(self->drag_begin, self->drag_end);

  if (self->drag_begin < 0)
    return;
  self->drag_begin = -1;
  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (end - begin >= LEAST_DRAG)
    lens_curve_zoom(self, lens_curve_step_at(self, begin), lens_curve_step_at(self, end));
}

/* Plain scrolling is the page's; with Ctrl it zooms, as in other drawings. */
static gboolean
on_scroll(GtkEventControllerScroll *scroll, double dx, double dy, LensCurve *self)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));

  if (!(state & GDK_CONTROL_MASK) || self->hover_x < LENS_CURVE_LEFT)
    return FALSE;
  zoom_around(self, lens_curve_step_at(self, self->hover_x), dy > 0 ? 1.25 : 0.8);
  return TRUE;
}

static void
lens_curve_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  if (button == GDK_BUTTON_PRIMARY && n_press == 2)
    lens_curve_zoom(LENS_CURVE(canvas), 0, 0);
}

static gboolean
zoom_by_key(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensCurve *self = LENS_CURVE(widget);
  double factor = g_variant_get_double(args);

  lens_curve_update_axes(self);
  if (factor > 0)
    zoom_around(self, (self->min_step + self->max_step) / 2, factor);
  else
    lens_curve_zoom(self, 0, 0);
  return TRUE;
}

/* ---- the canvas ---- */

static void
lens_curve_layout(LensCanvas *canvas, double width, double height)
{
  FigureRect rect = { 1, 1, width - 2, height - 2 };

  lens_canvas_place_node(canvas, 0, &rect);
}

static void
lens_curve_hover(LensCanvas *canvas, double x, double y)
{
  LENS_CURVE(canvas)->hover_x = x;
  gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

/* ---- series ---- */

static void
on_changed(LensCurve *self)
{
  guint n = self->own.loss ? lens_series_get_n_points(self->own.loss) : 0;
  g_autofree char *name = NULL;

  if (n) {
    double step, value;

    lens_series_get_point(self->own.loss, n - 1, &step, &value);
    name = g_strdup_printf(_("Loss curve: %.3f at step %.0f"), value, step);
  } else {
    name = g_strdup(_("Loss curve, empty"));
  }
  lens_canvas_name_node(LENS_CANVAS(self), 0, name);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
watch(LensCurve *self, LensSeries **where, LensSeries *series)
{
  if (*where)
    g_signal_handlers_disconnect_by_func(*where, on_changed, self);
  g_set_object(where, series);
  if (series)
    g_signal_connect_object(series, "changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
}

void
lens_curve_set_series(LensCurve *self, LensSeries *loss, LensSeries *accuracy)
{
  watch(self, &self->own.loss, loss);
  watch(self, &self->own.accuracy, accuracy);
  lens_curve_zoom(self, 0, 0);
  on_changed(self);
}

void
lens_curve_set_total_steps(LensCurve *self, guint total_steps)
{
  if (self->total_steps == total_steps)
    return;
  self->total_steps = total_steps;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_curve_clear_others(LensCurve *self)
{
  for (guint i = 0; i < self->others->len; i++) {
    LensCurveRun *run = self->others->pdata[i];

    watch(self, &run->loss, NULL);
    watch(self, &run->accuracy, NULL);
  }
  g_ptr_array_set_size(self->others, 0);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_curve_add_other(LensCurve *self, const char *name, LensSeries *loss, LensSeries *accuracy)
{
  LensCurveRun *run = g_new0(LensCurveRun, 1);

  run->name = g_strdup(name);
  watch(self, &run->loss, loss);
  watch(self, &run->accuracy, accuracy);
  g_ptr_array_add(self->others, run);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_curve_set_smoothing(LensCurve *self, double smoothing)
{
  self->smoothing = CLAMP(smoothing, 0, 0.99);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

double
lens_curve_get_smoothing(LensCurve *self)
{
  return self->smoothing;
}

/* ---- object ---- */

static void
lens_curve_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                   int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 280 : 160;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 560 : 280;
}

static void
lens_curve_dispose(GObject *object)
{
  LensCurve *self = LENS_CURVE(object);

  g_clear_object(&self->own.loss);
  g_clear_object(&self->own.accuracy);
  g_ptr_array_set_size(self->others, 0);
  G_OBJECT_CLASS(lens_curve_parent_class)->dispose(object);
}

static void
lens_curve_finalize(GObject *object)
{
  g_ptr_array_unref(LENS_CURVE(object)->others);
  G_OBJECT_CLASS(lens_curve_parent_class)->finalize(object);
}

static void
lens_curve_class_init(LensCurveClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_curve_dispose;
  G_OBJECT_CLASS(klass)->finalize = lens_curve_finalize;
  widget_class->measure = lens_curve_measure;
  canvas_class->layout = lens_curve_layout;
  canvas_class->draw = lens_curve_draw;
  canvas_class->hover = lens_curve_hover;
  canvas_class->click = lens_curve_click;
  canvas_class->node_role = GTK_ACCESSIBLE_ROLE_IMG;
  signals[ZOOM_CHANGED] = g_signal_new("zoom-changed", LENS_TYPE_CURVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_plus, 0, zoom_by_key, "d", 0.8);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_minus, 0, zoom_by_key, "d", 1.25);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_0, 0, zoom_by_key, "d", 0.0);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
lens_curve_init(LensCurve *self)
{
  GtkGesture *drag = gtk_gesture_drag_new();
  GtkEventController *scroll
      = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->others = g_ptr_array_new_with_free_func(run_free);
  self->smoothing = SMOOTHING;
  self->hover_x = -1;
  self->drag_begin = -1;
  g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag), self);
  g_signal_connect(drag, "drag-end", G_CALLBACK(on_drag_end), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drag));
  g_signal_connect(scroll, "scroll", G_CALLBACK(on_scroll), self);
  gtk_widget_add_controller(GTK_WIDGET(self), scroll);
  lens_canvas_set_n_nodes(LENS_CANVAS(self), 1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Training curve"), -1);
  on_changed(self);
}
