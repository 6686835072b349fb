#include "lens-curve.h"

#include <glib/gi18n.h>
#include <math.h>

#define LEFT 48.0
#define RIGHT 46.0
#define TOP 28.0
#define BOTTOM 28.0
#define SMOOTH 0.92

struct _LensCurve {
  LensCanvas parent_instance;

  LensSeries *loss, *accuracy;
  guint total_steps;
  double hover_x; /* -1 = none */

  /* of the axes, updated before each drawing */
  double max_step, low, high;
};

G_DEFINE_FINAL_TYPE(LensCurve, lens_curve, LENS_TYPE_CANVAS)

GtkWidget *
lens_curve_new(void)
{
  return g_object_new(LENS_TYPE_CURVE, NULL);
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten, so that about `wanted` steps cover the range. */
static double
nice_step(double range, int wanted)
{
  double raw = range / MAX(wanted, 1), power, lead;

  if (raw <= 0 || !isfinite(raw))
    return 1;
  power = pow(10, floor(log10(raw)));
  lead = raw / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

static gboolean
update_axes(LensCurve *self)
{
  double min_step, max_step, low, high, step;

  self->max_step = MAX(self->total_steps, 1);
  self->low = 0;
  self->high = 1;
  if (!self->loss || !lens_series_get_range(self->loss, &min_step, &max_step, &low, &high))
    return FALSE;
  self->max_step = MAX(self->max_step, max_step);
  step = nice_step(MAX(high - MIN(low, 0), 1e-6), 4);
  self->low = low < 0 ? floor(low / step) * step : 0;
  self->high = MAX(ceil(high / step) * step, self->low + step);
  return TRUE;
}

static double
plot_width(LensCurve *self)
{
  return MAX(lens_canvas_get_width(LENS_CANVAS(self)) - LEFT - RIGHT, 1);
}

static double
plot_height(LensCurve *self)
{
  return MAX(lens_canvas_get_height(LENS_CANVAS(self)) - TOP - BOTTOM, 1);
}

static double
x_of(LensCurve *self, double step)
{
  return LEFT + plot_width(self) * step / self->max_step;
}

static double
y_of(LensCurve *self, double value)
{
  return TOP + plot_height(self) * (1 - (value - self->low) / (self->high - self->low));
}

static double
y_of_accuracy(LensCurve *self, double accuracy)
{
  return TOP + plot_height(self) * (1 - CLAMP(accuracy, 0, 1));
}

gboolean
lens_curve_locate(LensCurve *self, double step, double loss, double *x, double *y)
{
  if (!update_axes(self))
    return FALSE;
  *x = x_of(self, step);
  *y = y_of(self, loss);
  return TRUE;
}

/* ---- drawing ---- */

static void
set_color(cairo_t *cr, FigureColor color, double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

static void
draw_text(LensCurve *self, cairo_t *cr, const char *text, double x, double y, double align)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  g_autoptr(PangoAttrList) attrs = pango_attr_list_new();
  int w, h;

  pango_attr_list_insert(attrs, pango_attr_scale_new(0.8));
  pango_layout_set_attributes(layout, attrs);
  pango_layout_get_pixel_size(layout, &w, &h);
  cairo_move_to(cr, x - align * w, y - h / 2.0);
  pango_cairo_show_layout(cr, layout);
}

static void
draw_axes(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double width = plot_width(self), bottom = TOP + plot_height(self);
  double step = nice_step(self->high - self->low, 4);

  cairo_set_line_width(cr, 1);
  for (double v = self->low; v <= self->high + step / 1000; v += step) {
    double y = round(y_of(self, v)) + 0.5;
    g_autofree char *text = g_strdup_printf(step >= 1 ? "%.0f" : step >= 0.1 ? "%.1f" : "%.3g", v);

    set_color(cr, style->muted, 0.18);
    cairo_move_to(cr, LEFT, y);
    cairo_line_to(cr, LEFT + width, y);
    cairo_stroke(cr);
    set_color(cr, style->muted, 1);
    draw_text(self, cr, text, LEFT - 8, y, 1);
  }
  step = MAX(nice_step(self->max_step, (int)(width / 90)), 1);
  for (double v = 0; v <= self->max_step; v += step) {
    g_autofree char *text = g_strdup_printf("%.0f", v);

    draw_text(self, cr, text, x_of(self, v), bottom + 13, 0.5);
  }
  if (self->accuracy && lens_series_get_n_points(self->accuracy)) {
    for (int percent = 0; percent <= 100; percent += 25) {
      g_autofree char *text = g_strdup_printf("%d%%", percent);

      draw_text(self, cr, text, LEFT + width + 8, y_of_accuracy(self, percent / 100.0), 0);
    }
  }
}

static void
draw_legend(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double x = LEFT;

  set_color(cr, style->word, 1);
  cairo_rectangle(cr, x, 9, 14, 3);
  cairo_fill(cr);
  set_color(cr, style->text, 0.85);
  draw_text(self, cr, _("Loss"), x + 20, 11, 0);
  if (!self->accuracy || !lens_series_get_n_points(self->accuracy))
    return;
  x += 84;
  set_color(cr, style->box, 1);
  cairo_arc(cr, x + 7, 10.5, 3.5, 0, 2 * G_PI);
  cairo_fill(cr);
  set_color(cr, style->text, 0.85);
  draw_text(self, cr, _("Validation accuracy"), x + 20, 11, 0);
}

/* Many points a pixel become one: the line keeps its shape and its cost is the widget's width. */
static void
trace(LensCurve *self, cairo_t *cr, const double *values, guint n)
{
  double last_x = -10;

  cairo_new_path(cr); /* text leaves a point behind */
  for (guint i = 0; i < n; i++) {
    double step, value, x;

    lens_series_get_point(self->loss, i, &step, &value);
    x = x_of(self, step);
    if (x - last_x < 0.5 && i + 1 < n)
      continue;
    cairo_line_to(cr, x, y_of(self, values ? values[i] : value));
    last_x = x;
  }
}

static void
draw_loss(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  guint n = lens_series_get_n_points(self->loss);
  g_autofree double *smooth = g_new(double, n);

  lens_series_smooth(self->loss, SMOOTH, smooth);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  set_color(cr, style->word, 0.28);
  cairo_set_line_width(cr, 1);
  trace(self, cr, NULL, n);
  cairo_stroke(cr);
  set_color(cr, style->word, 1);
  cairo_set_line_width(cr, 2);
  trace(self, cr, smooth, n);
  cairo_stroke(cr);
}

static void
draw_accuracy(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  guint n = self->accuracy ? lens_series_get_n_points(self->accuracy) : 0;
  double last_x = -10;

  cairo_new_path(cr);
  set_color(cr, style->box, 1);
  cairo_set_line_width(cr, 2);
  for (guint i = 0; i < n; i++) {
    double step, value;

    lens_series_get_point(self->accuracy, i, &step, &value);
    cairo_line_to(cr, x_of(self, step), y_of_accuracy(self, value));
  }
  cairo_stroke(cr);
  for (guint i = 0; i < n; i++) {
    double step, value, x;

    lens_series_get_point(self->accuracy, i, &step, &value);
    x = x_of(self, step);
    if (x - last_x < 9 && i + 1 < n) /* dots that would run into each other */
      continue;
    last_x = x;
    cairo_arc(cr, x, y_of_accuracy(self, value), 3.5, 0, 2 * G_PI);
    cairo_fill(cr);
  }
}

static void
draw_hover(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double wanted = (self->hover_x - LEFT) / plot_width(self) * self->max_step;
  double best = INFINITY, step = 0, value = 0, x;
  g_autofree char *text = NULL;

  for (guint i = 0; i < lens_series_get_n_points(self->loss); i++) {
    double s, v;

    lens_series_get_point(self->loss, i, &s, &v);
    if (fabs(s - wanted) >= best)
      continue;
    best = fabs(s - wanted);
    step = s;
    value = v;
  }
  x = x_of(self, step);
  set_color(cr, style->muted, 0.6);
  cairo_set_line_width(cr, 1);
  cairo_move_to(cr, round(x) + 0.5, TOP);
  cairo_line_to(cr, round(x) + 0.5, TOP + plot_height(self));
  cairo_stroke(cr);
  text = g_strdup_printf(_("step %.0f, loss %.3f"), step, value);
  set_color(cr, style->text, 1);
  draw_text(self, cr, text, LEFT + plot_width(self), 11, 1);
}

static void
lens_curve_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensCurve *self = LENS_CURVE(canvas);
  gboolean any = update_axes(self);

  draw_axes(self, cr);
  if (!any) {
    set_color(cr, lens_canvas_get_style(canvas)->muted, 1);
    draw_text(self, cr, _("The curve begins with the first steps"), width / 2, height / 2, 0.5);
    return;
  }
  draw_legend(self, cr);
  draw_loss(self, cr);
  draw_accuracy(self, cr);
  if (self->hover_x >= LEFT)
    draw_hover(self, cr);
}

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
  guint n = self->loss ? lens_series_get_n_points(self->loss) : 0;
  g_autofree char *name = NULL;

  if (n) {
    double step, value;

    lens_series_get_point(self->loss, n - 1, &step, &value);
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
  watch(self, &self->loss, loss);
  watch(self, &self->accuracy, accuracy);
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

  g_clear_object(&self->loss);
  g_clear_object(&self->accuracy);
  G_OBJECT_CLASS(lens_curve_parent_class)->dispose(object);
}

static void
lens_curve_class_init(LensCurveClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_curve_dispose;
  widget_class->measure = lens_curve_measure;
  canvas_class->layout = lens_curve_layout;
  canvas_class->draw = lens_curve_draw;
  canvas_class->hover = lens_curve_hover;
  canvas_class->node_role = GTK_ACCESSIBLE_ROLE_IMG;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
lens_curve_init(LensCurve *self)
{
  self->hover_x = -1;
  lens_canvas_set_n_nodes(LENS_CANVAS(self), 1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Training curve"), -1);
  on_changed(self);
}
