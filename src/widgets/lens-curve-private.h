#pragma once

#include "lens-curve.h"

G_BEGIN_DECLS

#define LENS_CURVE_LEFT 48.0
#define LENS_CURVE_RIGHT 46.0 /* at the usual size of text */
#define LENS_CURVE_BOTTOM 28.0

typedef struct {
  char *name;
  LensSeries *loss, *accuracy; /* owned; may be NULL */
} LensCurveRun;

struct _LensCurve {
  LensCanvas parent_instance;

  LensCurveRun own;  /* its name is NULL */
  GPtrArray *others; /* of LensCurveRun */
  guint total_steps;
  double smoothing;
  double from, to;             /* zoom in steps; from >= to: all */
  double hover_x;              /* -1 = none */
  double drag_begin, drag_end; /* a range being picked; begin < 0: none */

  /* of the axes, updated before each drawing */
  double min_step, max_step, low, high, top;
};

/* FALSE when there is nothing to draw yet. */
gboolean lens_curve_update_axes(LensCurve *self);
double lens_curve_plot_width(LensCurve *self);
double lens_curve_plot_height(LensCurve *self);
double lens_curve_x(LensCurve *self, double step);
double lens_curve_y(LensCurve *self, double value);
double lens_curve_step_at(LensCurve *self, double x);

/* lens-curve-draw.c */
void lens_curve_draw(LensCanvas *canvas, cairo_t *cr, double width, double height);

G_END_DECLS
