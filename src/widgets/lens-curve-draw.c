/* How the curves look. */
#include <glib/gi18n.h>
#include <math.h>

#include "lens-curve-private.h"

/* Of the runs that are compared; told apart in light and in dark, and from the orange of this run's accuracy. */
static const FigureColor other_colors[] = {
  { 0.20, 0.62, 0.35 }, { 0.62, 0.36, 0.78 }, { 0.72, 0.58, 0.10 },
  { 0.84, 0.27, 0.42 }, { 0.45, 0.48, 0.52 }, { 0.10, 0.60, 0.65 },
};

static void
set_color(cairo_t *cr, FigureColor color, double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

/* Returns the text's width. */
static double
draw_text(LensCurve *self, cairo_t *cr, const char *text, double x, double y, double align)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  g_autoptr(PangoAttrList) attrs = pango_attr_list_new();
  int w, h;

  pango_attr_list_insert(attrs, pango_attr_scale_new(0.8));
  pango_layout_set_attributes(layout, attrs);
  pango_layout_get_pixel_size(layout, &w, &h);
  cairo_move_to(cr, x - align * w, y - h / 2.0);
  lens_canvas_show_layout(cr, layout);
  return w;
}

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

static double
y_of_accuracy(LensCurve *self, double accuracy)
{
  return self->top + lens_curve_plot_height(self) * (1 - CLAMP(accuracy, 0, 1));
}

static gboolean
has_accuracy(const LensCurveRun *run)
{
  return run->accuracy && lens_series_get_n_points(run->accuracy) > 0;
}

static gboolean
any_accuracy(LensCurve *self)
{
  gboolean any = has_accuracy(&self->own);

  for (guint i = 0; i < self->others->len; i++)
    any |= has_accuracy(self->others->pdata[i]);
  return any;
}

static void
draw_axes(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double width = lens_curve_plot_width(self), bottom = self->top + lens_curve_plot_height(self);
  double step = nice_step(self->high - self->low, 4);

  cairo_set_line_width(cr, 1);
  for (double v = ceil(self->low / step - 1e-9) * step; v <= self->high + step / 1000; v += step) {
    double y = round(lens_curve_y(self, v)) + 0.5;
    g_autofree char *text = g_strdup_printf(step >= 1      ? "%.0f"
                                            : step >= 0.1  ? "%.1f"
                                            : step >= 0.01 ? "%.2f"
                                                           : "%.3g",
                                            fabs(v) < step * 1e-6 ? 0 : v);

    set_color(cr, style->muted, 0.18);
    cairo_move_to(cr, LENS_CURVE_LEFT, y);
    cairo_line_to(cr, LENS_CURVE_LEFT + width, y);
    cairo_stroke(cr);
    set_color(cr, style->muted, 1);
    draw_text(self, cr, text, LENS_CURVE_LEFT - 8, y, 1);
  }
  step = MAX(nice_step(self->max_step - self->min_step, (int)(width / 90)), 1);
  for (double v = ceil(self->min_step / step) * step; v <= self->max_step; v += step) {
    g_autofree char *text = g_strdup_printf("%.0f", v);

    draw_text(self, cr, text, lens_curve_x(self, v), bottom + 13, 0.5);
  }
  for (int percent = 0; any_accuracy(self) && percent <= 100; percent += 25) {
    g_autofree char *text = g_strdup_printf("%d%%", percent);

    draw_text(self, cr, text, LENS_CURVE_LEFT + width + 8, y_of_accuracy(self, percent / 100.0), 0);
  }
}

/* ---- lines ---- */

/* Many points a pixel become one: the line keeps its shape and its cost is the widget's width. */
static void
trace(LensCurve *self, cairo_t *cr, LensSeries *series, const double *values)
{
  guint n = lens_series_get_n_points(series);
  double last_x = -1e9;

  cairo_new_path(cr); /* text leaves a point behind */
  for (guint i = 0; i < n; i++) {
    double step, value, x;

    lens_series_get_point(series, i, &step, &value);
    x = lens_curve_x(self, step);
    if (x - last_x < 0.5 && i + 1 < n)
      continue;
    cairo_line_to(cr, x, lens_curve_y(self, values ? values[i] : value));
    last_x = x;
  }
}

static void
draw_loss(LensCurve *self, cairo_t *cr, const LensCurveRun *run, FigureColor color, gboolean raw)
{
  guint n = run->loss ? lens_series_get_n_points(run->loss) : 0;
  g_autofree double *smooth = g_new(double, n + 1);

  if (!n)
    return;
  lens_series_smooth(run->loss, self->smoothing, smooth);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  if (raw && self->smoothing > 0) {
    set_color(cr, color, 0.28);
    cairo_set_line_width(cr, 1);
    trace(self, cr, run->loss, NULL);
    cairo_stroke(cr);
  }
  set_color(cr, color, 1);
  cairo_set_line_width(cr, raw ? 2 : 1.5);
  trace(self, cr, run->loss, smooth);
  cairo_stroke(cr);
}

static void
draw_accuracy(LensCurve *self, cairo_t *cr, const LensCurveRun *run, FigureColor color,
              gboolean dashed)
{
  static const double dashes[] = { 6, 4 };
  guint n = run->accuracy ? lens_series_get_n_points(run->accuracy) : 0;
  double last_x = -1e9;

  cairo_new_path(cr);
  set_color(cr, color, 1);
  cairo_set_line_width(cr, dashed ? 1.5 : 2);
  cairo_set_dash(cr, dashes, dashed ? 2 : 0, 0);
  for (guint i = 0; i < n; i++) {
    double step, value;

    lens_series_get_point(run->accuracy, i, &step, &value);
    cairo_line_to(cr, lens_curve_x(self, step), y_of_accuracy(self, value));
  }
  cairo_stroke(cr);
  cairo_set_dash(cr, dashes, 0, 0);
  for (guint i = 0; i < n; i++) {
    double step, value, x;

    lens_series_get_point(run->accuracy, i, &step, &value);
    x = lens_curve_x(self, step);
    if (x - last_x < 9 && i + 1 < n) /* dots that would run into each other */
      continue;
    last_x = x;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y_of_accuracy(self, value), dashed ? 2.5 : 3.5, 0, 2 * G_PI);
    cairo_fill(cr);
  }
}

/* ---- words ---- */

static double
legend_entry(LensCurve *self, cairo_t *cr, FigureColor color, gboolean dot, const char *text,
             double x, double y)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));

  set_color(cr, color, 1);
  if (dot) {
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + 7, y, 3.5, 0, 2 * G_PI);
  } else {
    cairo_rectangle(cr, x, y - 1.5, 14, 3);
  }
  cairo_fill(cr);
  set_color(cr, style->text, 0.85);
  return x + 20 + draw_text(self, cr, text, x + 20, y, 0) + 18;
}

static void
draw_legend(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double x = legend_entry(self, cr, style->word, FALSE, _("Loss"), LENS_CURVE_LEFT, 11);

  if (has_accuracy(&self->own))
    legend_entry(self, cr, style->box, TRUE, _("Validation accuracy"), x, 11);
  x = LENS_CURVE_LEFT;
  for (guint i = 0; i < self->others->len; i++) {
    const LensCurveRun *run = self->others->pdata[i];

    x = legend_entry(self, cr, other_colors[i % G_N_ELEMENTS(other_colors)], FALSE, run->name, x,
                     28);
    if (x > LENS_CURVE_LEFT + lens_curve_plot_width(self))
      break; /* no room for more names */
  }
}

static void
draw_hover(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double wanted = lens_curve_step_at(self, self->hover_x);
  double best = INFINITY, step = 0, value = 0, x;
  g_autofree char *text = NULL;

  for (guint i = 0; self->own.loss && i < lens_series_get_n_points(self->own.loss); i++) {
    double s, v;

    lens_series_get_point(self->own.loss, i, &s, &v);
    if (fabs(s - wanted) >= best)
      continue;
    best = fabs(s - wanted);
    step = s;
    value = v;
  }
  if (!isfinite(best))
    return;
  x = lens_curve_x(self, step);
  set_color(cr, style->muted, 0.6);
  cairo_set_line_width(cr, 1);
  cairo_move_to(cr, round(x) + 0.5, self->top);
  cairo_line_to(cr, round(x) + 0.5, self->top + lens_curve_plot_height(self));
  cairo_stroke(cr);
  text = g_strdup_printf(_("step %.0f, loss %.3f"), step, value);
  set_color(cr, style->text, 1);
  draw_text(self, cr, text, LENS_CURVE_LEFT + lens_curve_plot_width(self), 11, 1);
}

static void
draw_range(LensCurve *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));

  set_color(cr, style->accent, 0.2);
  cairo_rectangle(cr, MIN(self->drag_begin, self->drag_end), self->top,
                  fabs(self->drag_end - self->drag_begin), lens_curve_plot_height(self));
  cairo_fill(cr);
}

void
lens_curve_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensCurve *self = LENS_CURVE(canvas);
  const FigureStyle *style = lens_canvas_get_style(canvas);
  gboolean any = lens_curve_update_axes(self);

  draw_axes(self, cr);
  if (!any) {
    set_color(cr, style->muted, 1);
    draw_text(self, cr, _("The curve begins with the first steps"), width / 2,
              self->top + lens_curve_plot_height(self) / 4, 0.5); /* between two lines */
    return;
  }
  draw_legend(self, cr);
  cairo_save(cr);
  cairo_rectangle(cr, LENS_CURVE_LEFT - 4, self->top - 4, lens_curve_plot_width(self) + 8,
                  lens_curve_plot_height(self) + 8);
  cairo_clip(cr);
  for (guint i = 0; i < self->others->len; i++) {
    FigureColor color = other_colors[i % G_N_ELEMENTS(other_colors)];

    draw_loss(self, cr, self->others->pdata[i], color, FALSE);
    draw_accuracy(self, cr, self->others->pdata[i], color, TRUE);
  }
  draw_loss(self, cr, &self->own, style->word, TRUE);
  draw_accuracy(self, cr, &self->own, style->box, FALSE);
  if (self->drag_begin >= 0)
    draw_range(self, cr);
  cairo_restore(cr);
  if (self->hover_x >= LENS_CURVE_LEFT && self->drag_begin < 0)
    draw_hover(self, cr);
}
