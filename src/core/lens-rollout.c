#include "lens-rollout.h"

#include <string.h>

/* Mean of heads, [rows][cols]; a head that is switched off passes nothing on: its part is zero. */
static double *
mean_of_heads(LensRun *run, LensMap *map)
{
  int heads = lens_map_get_heads(map);
  gsize n = (gsize)lens_map_get_rows(map) * lens_map_get_cols(map);
  const float *values = lens_map_get_values(map);
  double *mean = g_new0(double, n);

  for (int h = 0; h < heads; h++) {
    if (lens_edits_get_gate(lens_run_get_edits(run), lens_map_get_name(map), h) == LENS_GATE_ZERO)
      continue;
    for (gsize i = 0; i < n; i++)
      mean[i] += values[h * n + i] / heads;
  }
  return mean;
}

/* Rows that are not empty sum to 1. */
static void
normalise_rows(double *a, int rows, int cols)
{
  for (int i = 0; i < rows; i++) {
    double *row = a + (gsize)i * cols, sum = 0;

    for (int j = 0; j < cols; j++)
      sum += row[j];
    for (int j = 0; j < cols && sum > 0; j++)
      row[j] /= sum;
  }
}

/* a[rows][inner] b[inner][cols] */
static double *
multiply(const double *a, const double *b, int rows, int inner, int cols)
{
  double *c = g_new0(double, (gsize)rows *cols);

  for (int i = 0; i < rows; i++) {
    for (int k = 0; k < inner; k++) {
      for (int j = 0; j < cols; j++)
        c[(gsize)i * cols + j] += a[(gsize)i * inner + k] * b[(gsize)k * cols + j];
    }
  }
  return c;
}

static void
add_residual(double *a, int n)
{
  for (int i = 0; i < n; i++)
    a[(gsize)i * n + i] += 1;
}

/* One self-attention layer on top of what is known of the layers below; takes `below`. */
static double *
stack(LensRun *run, double *below, LensMap *map, int n)
{
  g_autofree double *layer = NULL;
  double *above;

  if (!map || lens_map_get_rows(map) != n || lens_map_get_cols(map) != n)
    return below;
  layer = mean_of_heads(run, map);
  add_residual(layer, n);
  normalise_rows(layer, n, n);
  above = multiply(layer, below, n, n, n);
  g_free(below);
  return above;
}

/* The n x n rollout of one side below a cross-modality layer, or through its own layers only:
 * `own` and `cross` say how many self-attention layers of each kind are passed. */
static double *
rollout_of_side(LensRun *run, LensSide side, int own, int cross, int n)
{
  double *rollout = g_new0(double, (gsize)n *n);

  for (int i = 0; i < n; i++)
    rollout[(gsize)i * n + i] = 1;
  for (int i = 0; i < own + cross; i++) {
    LensModule module = side == LENS_SIDE_WORDS
                            ? (i < own ? LENS_MODULE_LANGUAGE : LENS_MODULE_LANG_SELF)
                            : (i < own ? LENS_MODULE_VISION : LENS_MODULE_VIS_SELF);
    g_autofree char *name = lens_map_format_name(module, i < own ? i : i - own);

    rollout = stack(run, rollout, lens_run_find_map(run, name), n);
  }
  return rollout;
}

static int
count_layers(LensRun *run, LensModule module)
{
  for (int layer = 0;; layer++) {
    g_autofree char *name = lens_map_format_name(module, layer);

    if (!lens_run_find_map(run, name))
      return layer;
  }
}

float *
lens_rollout(LensRun *run, const char *name)
{
  LensMap *map = lens_run_find_map(run, name);
  g_autofree double *below = NULL, *mean = NULL, *product = NULL;
  LensModule module;
  int layer, own, rows, cols;
  gboolean cross;
  float *out;

  if (!map || !lens_map_parse_name(name, &module, &layer))
    return NULL;
  rows = lens_map_get_rows(map);
  cols = lens_map_get_cols(map);
  cross = module != LENS_MODULE_LANGUAGE && module != LENS_MODULE_VISION;
  own = cross ? count_layers(run, lens_map_get_key(map) == LENS_SIDE_WORDS ? LENS_MODULE_LANGUAGE
                                                                           : LENS_MODULE_VISION)
              : layer;
  below = rollout_of_side(run, lens_map_get_key(map), own, cross ? layer : 0, cols);
  mean = mean_of_heads(run, map);
  if (lens_map_get_query(map) == lens_map_get_key(map))
    add_residual(mean, rows);
  normalise_rows(mean, rows, cols);
  product = multiply(mean, below, rows, cols, cols);
  out = g_new(float, (gsize)rows *cols);
  for (gsize i = 0; i < (gsize)rows * cols; i++)
    out[i] = product[i];
  return out;
}
