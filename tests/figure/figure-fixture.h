/* Made-up attention maps of any size, the same at every run. */
#pragma once

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "figure.h"

#define FIXTURE_MOST 128

typedef struct {
  float *values;
  const char *words[FIXTURE_MOST];
  const char *things[FIXTURE_MOST];
  float boxes[4 * FIXTURE_MOST];
  uint32_t state;
} Fixture;

static inline double fixture_random(Fixture *f)
{
  f->state = f->state * 1664525u + 1013904223u;
  return (f->state >> 8) / 16777216.0;
}

static inline void fixture_init(Fixture *f, uint32_t seed)
{
  static const char *const words[] = {"[CLS]",       "what", "color", "is",   "the",
                                      "umbrella",    "##s",  "to",    "left", "of",
                                      "interesting", "dog",  "?"};
  static const char *const things[] = {"red ball",       "orange cat",  "large tree", "blue car",
                                       "green umbrella", "brown chair", "house",      "person"};
  f->values = NULL;
  f->state = seed;
  for (int i = 0; i < FIXTURE_MOST; i++) {
    float w = (float)(0.05 + 0.3 * fixture_random(f)), h = (float)(0.05 + 0.3 * fixture_random(f));
    float x = (float)(fixture_random(f) * (1.0 - (double)w)),
          y = (float)(fixture_random(f) * (1.0 - (double)h));
    f->words[i] = words[i % 13];
    f->things[i] = things[i % 8];
    f->boxes[4 * i] = x;
    f->boxes[4 * i + 1] = y;
    f->boxes[4 * i + 2] = x + w;
    f->boxes[4 * i + 3] = y + h;
  }
}

/* Rows sum to 1. Word rows end with [SEP]. */
static inline FigureMap fixture_map(Fixture *f, int heads, int rows, int cols, bool query_words,
                                    bool key_words)
{
  FigureMap map = {.heads = heads,
                   .rows = rows,
                   .cols = cols,
                   .query_is_words = query_words,
                   .key_is_words = key_words,
                   .image_width = 640,
                   .image_height = 480,
                   .title = "x.1.lang_to_vis"};
  free(f->values);
  f->values = malloc(sizeof(float) * (size_t)heads * (size_t)rows * (size_t)cols);
  for (int r = 0; r < heads * rows; r++) {
    double sum = 0.0;
    for (int c = 0; c < cols; c++) {
      double v = exp(7.0 * fixture_random(f) * fixture_random(f));
      f->values[r * cols + c] = (float)v;
      sum += v;
    }
    for (int c = 0; c < cols; c++)
      f->values[r * cols + c] /= (float)sum;
  }
  if (query_words)
    f->words[rows - 1] = "[SEP]";
  if (key_words)
    f->words[cols - 1] = "[SEP]";
  map.values = f->values;
  map.row_labels = query_words ? f->words : f->things;
  map.col_labels = key_words ? f->words : f->things;
  map.boxes = f->boxes;
  map.n_boxes = FIXTURE_MOST;
  return map;
}
