/* A training curve, live: the loss at each step (faint) and its running mean, and the validation
 * accuracy on an axis of its own. */
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

/* Where a step and a loss are drawn, in the widget; FALSE before there is anything (tests). */
gboolean lens_curve_locate(LensCurve *self, double step, double loss, double *x, double *y);

G_END_DECLS
