#include "lens-series.h"

#include <math.h>

typedef struct {
  double step, value;
} Point;

struct _LensSeries {
  GObject parent_instance;

  GArray *points;
  double min_value, max_value;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensSeries, lens_series, G_TYPE_OBJECT)

LensSeries *
lens_series_new(void)
{
  return g_object_new(LENS_TYPE_SERIES, NULL);
}

gboolean
lens_series_append(LensSeries *self, double step, double value)
{
  Point point = { step, value };

  if (!isfinite(step) || !isfinite(value))
    return FALSE;
  if (self->points->len && g_array_index(self->points, Point, self->points->len - 1).step > step)
    return FALSE;
  self->min_value = self->points->len ? MIN(self->min_value, value) : value;
  self->max_value = self->points->len ? MAX(self->max_value, value) : value;
  g_array_append_val(self->points, point);
  g_signal_emit(self, signals[CHANGED], 0);
  return TRUE;
}

void
lens_series_clear(LensSeries *self)
{
  g_array_set_size(self->points, 0);
  g_signal_emit(self, signals[CHANGED], 0);
}

guint
lens_series_get_n_points(LensSeries *self)
{
  return self->points->len;
}

void
lens_series_get_point(LensSeries *self, guint index, double *step, double *value)
{
  g_return_if_fail(index < self->points->len);
  *step = g_array_index(self->points, Point, index).step;
  *value = g_array_index(self->points, Point, index).value;
}

void
lens_series_smooth(LensSeries *self, double weight, double *out)
{
  double mean = 0, norm = 0;

  weight = CLAMP(weight, 0, 0.9999);
  for (guint i = 0; i < self->points->len; i++) {
    mean = weight * mean + (1 - weight) * g_array_index(self->points, Point, i).value;
    norm = weight * norm + (1 - weight);
    out[i] = mean / norm;
  }
}

gboolean
lens_series_get_range(LensSeries *self, double *min_step, double *max_step, double *min_value,
                      double *max_value)
{
  if (!self->points->len)
    return FALSE;
  *min_step = g_array_index(self->points, Point, 0).step;
  *max_step = g_array_index(self->points, Point, self->points->len - 1).step;
  *min_value = self->min_value;
  *max_value = self->max_value;
  return TRUE;
}

static void
lens_series_finalize(GObject *object)
{
  LensSeries *self = LENS_SERIES(object);

  g_array_unref(self->points);
  G_OBJECT_CLASS(lens_series_parent_class)->finalize(object);
}

static void
lens_series_class_init(LensSeriesClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_series_finalize;
  signals[CHANGED] = g_signal_new("changed", LENS_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
lens_series_init(LensSeries *self)
{
  self->points = g_array_new(FALSE, FALSE, sizeof(Point));
}
