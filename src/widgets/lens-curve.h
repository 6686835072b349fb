/* Training curves, live: the loss at each step (faint) and its running mean, and the validation
 * accuracy on an axis of its own; other runs beside it to compare. Drag over a range to zoom in,
 * Ctrl and scroll to zoom around the pointer, double-click (or 0) to see all; + and - zoom from the keyboard. */
#pragma once

#include "lens-canvas.h"
#include "lens-series.h"

G_BEGIN_DECLS

#define LENS_TYPE_CURVE (lens_curve_get_type())
G_DECLARE_FINAL_TYPE(LensCurve, lens_curve, LENS, CURVE, LensCanvas)

GtkWidget *lens_curve_new(void);

/* Either may be NULL. `total_steps` fixes the axis's end; 0 lets it grow with the series. */
void lens_curve_set_series(LensCurve *self, LensSeries *loss, LensSeries *accuracy);
void lens_curve_set_total_steps(LensCurve *self, guint total_steps);

/* More runs in the same plot, each in a colour of its own; either series may be NULL. */
void lens_curve_clear_others(LensCurve *self);
void lens_curve_add_other(LensCurve *self, const char *name, LensSeries *loss,
                          LensSeries *accuracy);

/* Weight of the running mean, 0 (as measured) .. 0.99; 0.92 at first. */
void lens_curve_set_smoothing(LensCurve *self, double smoothing);
double lens_curve_get_smoothing(LensCurve *self);

/* Signal "zoom-changed". The steps that are shown; from >= to shows all. */
void lens_curve_zoom(LensCurve *self, double from, double to);
gboolean lens_curve_is_zoomed(LensCurve *self);

/* Where a step and a loss are drawn, in the widget; FALSE before there is anything (tests). */
gboolean lens_curve_locate(LensCurve *self, double step, double loss, double *x, double *y);

G_END_DECLS
