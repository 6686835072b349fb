/* A metric over training steps. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LENS_TYPE_SERIES (lens_series_get_type())
G_DECLARE_FINAL_TYPE(LensSeries, lens_series, LENS, SERIES, GObject)

LensSeries *lens_series_new(void);

/* Adds a point; steps must not go back. A value that is not finite is kept out and FALSE returned.
 * Emits "changed". Main thread only. */
gboolean lens_series_append(LensSeries *self, double step, double value);
void lens_series_clear(LensSeries *self);

guint lens_series_get_n_points(LensSeries *self);
void lens_series_get_point(LensSeries *self, guint index, double *step, double *value);

/* The debiased exponential mean up to a point, weight 0 (raw) .. <1. Writes n_points values. */
void lens_series_smooth(LensSeries *self, double weight, double *out);

/* FALSE when the series is empty. */
gboolean lens_series_get_range(LensSeries *self, double *min_step, double *max_step,
                               double *min_value, double *max_value);

G_END_DECLS
