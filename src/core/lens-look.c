#include "lens-look.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

G_DEFINE_BOXED_TYPE(LensNeuron, lens_neuron, lens_neuron_copy, lens_neuron_free)
G_DEFINE_BOXED_TYPE(LensStates, lens_states, lens_states_copy, lens_states_free)

LensNeuron *
lens_neuron_new(const char *map, int head, int rows, int cols, int size)
{
  LensNeuron *self = g_new0(LensNeuron, 1);

  self->map = g_strdup(map);
  self->head = head;
  self->rows = rows;
  self->cols = cols;
  self->size = size;
  self->queries = g_new0(float, (gsize)rows *size);
  self->keys = g_new0(float, (gsize)cols *size);
  return self;
}

LensNeuron *
lens_neuron_copy(const LensNeuron *self)
{
  LensNeuron *copy;

  if (!self)
    return NULL;
  copy = lens_neuron_new(self->map, self->head, self->rows, self->cols, self->size);
  memcpy(copy->queries, self->queries, sizeof(float) * self->rows * self->size);
  memcpy(copy->keys, self->keys, sizeof(float) * self->cols * self->size);
  return copy;
}

void
lens_neuron_free(LensNeuron *self)
{
  if (!self)
    return;
  g_free(self->map);
  g_free(self->queries);
  g_free(self->keys);
  g_free(self);
}

double
lens_neuron_logit(const LensNeuron *self, int query, int key)
{
  const float *q = self->queries + (gsize)query * self->size;
  const float *k = self->keys + (gsize)key * self->size;
  double sum = 0;

  for (int i = 0; i < self->size; i++)
    sum += (double)q[i] * k[i];
  return sum / sqrt(self->size);
}

LensStates *
lens_states_new(int stages, int words, int boxes)
{
  LensStates *self = g_new0(LensStates, 1);

  self->stages = stages;
  self->words = words;
  self->boxes = boxes;
  self->word_points = g_new0(float, (gsize)stages *words * 2);
  self->box_points = g_new0(float, (gsize)stages *boxes * 2);
  return self;
}

LensStates *
lens_states_copy(const LensStates *self)
{
  LensStates *copy;
  float *words, *boxes;

  if (!self)
    return NULL;
  copy = lens_states_new(self->stages, self->words, self->boxes);
  words = copy->word_points;
  boxes = copy->box_points;
  *copy = *self;
  copy->word_points = words;
  copy->box_points = boxes;
  copy->beside = lens_states_copy(self->beside);
  memcpy(words, self->word_points, sizeof(float) * self->stages * self->words * 2);
  memcpy(boxes, self->box_points, sizeof(float) * self->stages * self->boxes * 2);
  return copy;
}

void
lens_states_free(LensStates *self)
{
  if (!self)
    return;
  g_free(self->word_points);
  g_free(self->box_points);
  lens_states_free(self->beside);
  g_free(self);
}

LensStates *
lens_states_swap(const LensStates *self)
{
  LensStates *swapped = self ? lens_states_copy(self->beside) : NULL;

  if (!swapped)
    return NULL;
  swapped->together = self->together;
  swapped->beside = lens_states_copy(self);
  g_clear_pointer(&swapped->beside->beside, lens_states_free);
  return swapped;
}

char *
lens_states_format_stage(const LensStates *self, int stage)
{
  int most = MAX(self->language_layers, self->vision_layers);

  if (stage <= 0)
    return g_strdup(_("Input"));
  if (stage > most)
    return g_strdup_printf(_("Cross layer %d"), stage - most);
  if (!self->boxes)
    return g_strdup_printf(_("Language %d"), stage);
  return g_strdup_printf(_("Language %d, vision %d"), MIN(stage, self->language_layers),
                         MIN(stage, self->vision_layers));
}

/* ---- principal components ---- */

/* to[d] = covariance times from[d], the rows being centred by `mean`; the scale is left out. */
static void
spread(const float *rows, const double *mean, int n, int d, const double *from, double *to)
{
  double offset = 0;

  memset(to, 0, sizeof(double) * d);
  for (int j = 0; j < d; j++)
    offset += mean[j] * from[j];
  for (int i = 0; i < n; i++) {
    const float *row = rows + (gsize)i * d;
    double along = -offset;

    for (int j = 0; j < d; j++)
      along += row[j] * from[j];
    for (int j = 0; j < d; j++)
      to[j] += along * (row[j] - mean[j]);
  }
}

static double
normalise(double *v, int d)
{
  double sum = 0;

  for (int j = 0; j < d; j++)
    sum += v[j] * v[j];
  sum = sqrt(sum);
  for (int j = 0; j < d && sum > 0; j++)
    v[j] /= sum;
  return sum;
}

static void
remove_part(double *v, const double *axis, int d)
{
  double along = 0;

  for (int j = 0; j < d; j++)
    along += v[j] * axis[j];
  for (int j = 0; j < d; j++)
    v[j] -= along * axis[j];
}

/* Power iteration; orthogonal to `other` when there is one. Returns the eigenvalue, 0 when nothing
 * varies. */
static double
find_axis(const float *rows, const double *mean, int n, int d, const double *other, double *axis)
{
  g_autofree double *next = g_new(double, d);
  double value = 0;
  int largest = 0;

  for (int j = 0; j < d; j++)
    axis[j] = 1 + 0.5 * sin(1.7 * j + (other ? 1 : 0)); /* no symmetry to be caught in */
  if (other)
    remove_part(axis, other, d);
  normalise(axis, d);
  for (int step = 0; step < 300; step++) {
    double before = value, moved = 0;

    spread(rows, mean, n, d, axis, next);
    if (other)
      remove_part(next, other, d);
    value = normalise(next, d);
    for (int j = 0; j < d; j++)
      moved += fabs(next[j] - axis[j]);
    memcpy(axis, next, sizeof(double) * d);
    if (value <= 0 || (fabs(value - before) < 1e-9 * value && moved < 1e-4))
      break;
  }
  for (int j = 0; j < d; j++)
    largest = fabs(axis[j]) > fabs(axis[largest]) ? j : largest;
  for (int j = 0; j < d && d && axis[largest] < 0; j++)
    next[j] = -axis[j];
  if (d && axis[largest] < 0)
    memcpy(axis, next, sizeof(double) * d);
  return value;
}

void
lens_pca(const float *rows, int n, int d, float *points, double share[2])
{
  g_autofree double *mean = g_new0(double, MAX(d, 1));
  g_autofree double *axes = g_new0(double, 2 * MAX(d, 1));
  double total = 0, scale = 0;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < d; j++)
      mean[j] += rows[(gsize)i * d + j] / (double)n;
  for (gsize i = 0; i < (gsize)n * d; i++) {
    double off = rows[i] - mean[i % d];

    total += off * off;
    scale += mean[i % d] * mean[i % d];
  }
  share[0] = share[1] = 0;
  memset(points, 0, sizeof(float) * 2 * n);
  if (total <= 1e-12 * (scale + 1))
    return;
  for (int a = 0; a < 2 && a < d; a++) {
    double *axis = axes + (gsize)a * d;
    double value = find_axis(rows, mean, n, d, a ? axes : NULL, axis);

    share[a] = value / total;
    for (int i = 0; i < n && value > 0; i++) {
      double along = 0;

      for (int j = 0; j < d; j++)
        along += (rows[(gsize)i * d + j] - mean[j]) * axis[j];
      points[2 * i + a] = along;
    }
  }
}
