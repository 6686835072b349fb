#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void figure_reading_init(FigureReading *self)
{
  *self = (FigureReading){.head = FIGURE_MEAN, .top_p = 1.0};
}

bool figure_label_is_special(const char *label)
{
  return label && (!strcmp(label, "[CLS]") || !strcmp(label, "[SEP]") || !strcmp(label, "[PAD]"));
}

static void merge_heads(const FigureMap *map, int head, double *weights)
{
  size_t n = (size_t)map->rows * (size_t)map->cols;

  for (size_t i = 0; i < n; i++) {
    double sum = 0.0, best = 0.0;
    if (head >= 0) {
      weights[i] = (double)map->values[(size_t)head * n + i];
      continue;
    }
    for (int h = 0; h < map->heads; h++) {
      double v = (double)map->values[(size_t)h * n + i];
      sum += v;
      best = v > best ? v : best;
    }
    weights[i] = head == FIGURE_MEAN ? sum / map->heads : best;
  }
}

static bool is_hidden(const FigureMap *map, const FigureReading *reading, bool row, int i)
{
  const char *const *labels = row ? map->row_labels : map->col_labels;
  bool words = row ? map->query_is_words : map->key_is_words;
  return reading->hide_special && words && labels && figure_label_is_special(labels[i]);
}

static void hide(const FigureMap *map, const FigureReading *reading, double *weights)
{
  for (int r = 0; r < map->rows; r++) {
    double *row = weights + (size_t)r * (size_t)map->cols;
    bool gone = is_hidden(map, reading, true, r);
    double before = 0.0, after = 0.0;
    for (int c = 0; c < map->cols; c++) {
      before += row[c];
      if (gone || is_hidden(map, reading, false, c))
        row[c] = 0.0;
      after += row[c];
    }
    if (reading->renormalise && after > 0.0)
      for (int c = 0; c < map->cols; c++)
        row[c] *= before / after;
  }
}

static int compare_falling(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x < y) - (x > y);
}

/* Zeroes what lies behind the first weights, by falling size, that hold `top_p` of the row. */
static void keep_top(double *row, int n, double top_p, double *sorted)
{
  double total = 0.0, held = 0.0, least = 0.0;

  for (int c = 0; c < n; c++)
    total += sorted[c] = row[c];
  qsort(sorted, (size_t)n, sizeof *sorted, compare_falling);
  for (int c = 0; c < n && held < top_p * total; c++) {
    held += sorted[c];
    least = sorted[c];
  }
  for (int c = 0; c < n; c++)
    if (row[c] < least)
      row[c] = 0.0;
}

bool figure_read(const FigureMap *map, const FigureReading *reading, double *weights)
{
  if (map->heads <= 0 || map->rows <= 0 || map->cols <= 0 || !map->values ||
      reading->head >= map->heads || reading->head < FIGURE_MAX)
    return false;
  merge_heads(map, reading->head, weights);
  if (reading->hide_special)
    hide(map, reading, weights);
  if (reading->top_p < 1.0) {
    double *sorted = malloc((size_t)map->cols * sizeof *sorted);
    if (!sorted)
      return false;
    for (int r = 0; r < map->rows; r++)
      keep_top(weights + (size_t)r * (size_t)map->cols, map->cols, fmax(reading->top_p, 0.0),
               sorted);
    free(sorted);
  }
  return true;
}

static FigureColor rgb(unsigned hex)
{
  return (FigureColor){(hex >> 16 & 255) / 255.0, (hex >> 8 & 255) / 255.0, (hex & 255) / 255.0};
}

void figure_style_init(FigureStyle *self, bool dark)
{
  *self = (FigureStyle){.dark = dark, .font = "Sans", .font_size = 11.0};
  self->background = rgb(dark ? 0x1e1e24 : 0xffffff);
  self->text = rgb(dark ? 0xf2f2f4 : 0x20222a);
  self->muted = rgb(dark ? 0xa0a4ae : 0x666b76);
  self->word = rgb(dark ? 0x78aeed : 0x1c62bd);
  self->box = rgb(dark ? 0xffa348 : 0xc95000);
  self->accent = rgb(dark ? 0xdc8add : 0x9141ac);
}

static FigureWords figure_language = {"query: ",   "key: ", "words",  "boxes", "head",
                                      "attention", "logit", "weight", "query", "key",
                                      "widest line:", "lines:"};

void figure_set_words(const FigureWords *words)
{
  figure_language = *words;
}

const FigureWords *figure_words(void)
{
  return &figure_language;
}

void figure_style_raise_contrast(FigureStyle *self)
{
  self->background = rgb(self->dark ? 0x000000 : 0xffffff);
  self->text = rgb(self->dark ? 0xffffff : 0x000000);
  self->muted = rgb(self->dark ? 0xd8dae0 : 0x34373f);
  self->word = rgb(self->dark ? 0xa8ccff : 0x003a85);
  self->box = rgb(self->dark ? 0xffbe6f : 0x7d3200);
  self->accent = rgb(self->dark ? 0xf5c2ff : 0x5b2d7d);
}

FigureColor figure_style_scale(const FigureStyle *self, double t)
{
  static const unsigned light[] = {0xf3f6fa, 0xcde2ea, 0x8cc5cf, 0x45a0b5,
                                   0x27709e, 0x2b4680, 0x1b1d48};
  static const unsigned dark[] = {0x26262e, 0x2a3558, 0x2c5688, 0x2f7f9f,
                                  0x4caba8, 0x9ad4a8, 0xf4f9c8};
  const unsigned *stops = self->dark ? dark : light;
  double at = 6.0 * (t > 1.0 ? 1.0 : t > 0.0 ? t : 0.0);
  int i = at >= 6.0 ? 5 : (int)at;
  FigureColor a = rgb(stops[i]), b = rgb(stops[i + 1]);
  double f = at - i;

  return (FigureColor){a.r + f * (b.r - a.r), a.g + f * (b.g - a.g), a.b + f * (b.b - a.b)};
}
