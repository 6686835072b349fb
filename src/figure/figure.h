/* Attention figures from plain structs: what the application shows, what the command line exports.
 *
 * Every figure is made in two steps: a layout (numbers: rectangles, curves, weights) and a drawing
 * of that layout with Cairo. The pointer, the keyboard and the accessible tree use the layout too.
 * All coordinates are in the figure's own units (pixels on screen, points in PDF and SVG), with the
 * origin at the top left. Nothing here knows GLib, GTK or the engine. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <cairo.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double x, y, w, h;
} FigureRect;

typedef struct {
  double r, g, b;
} FigureColor;

typedef struct {
  char message[320]; /* a sentence that a person can act on */
} FigureError;

/* One attention map. Everything is borrowed and only read while a function runs; layouts copy what
 * they need. Queries are rows, keys are columns; a row of softmax attention sums to 1. */
typedef struct {
  int heads, rows, cols;
  const float *values;           /* [heads][rows][cols] */
  const char *const *row_labels; /* [rows] */
  const char *const *col_labels; /* [cols] */
  bool query_is_words;           /* rows are words, else boxes */
  bool key_is_words;             /* columns are words, else boxes */
  int n_boxes;                   /* of `boxes`; 0 when both sides are words */
  const float *boxes;            /* [n_boxes][4] x1 y1 x2 y2 divided by the image's width, height */
  cairo_surface_t *image;        /* may be NULL: boxes on an empty frame */
  int image_width, image_height; /* of the scene, in pixels (gives the frame its shape) */
  const char *title;             /* "x.1.lang_to_vis"; may be NULL */
  const char *quantity;          /* what the values are; NULL: attention */
} FigureMap;

#define FIGURE_MEAN (-1) /* FigureReading.head: the mean of all heads */
#define FIGURE_MAX (-2)  /* the largest of all heads */

/* How a map's heads become one matrix. */
typedef struct {
  int head;     /* 0 .. heads-1, FIGURE_MEAN or FIGURE_MAX */
  double top_p; /* keep, for each query, the largest weights until they hold this share; 1 = all */
  bool hide_special; /* leave out the words [CLS], [SEP] and [PAD], as queries and as keys */
  bool renormalise;  /* after hiding: each query's remaining weights sum to what they did before */
} FigureReading;

/* Mean over heads, everything kept. */
void figure_reading_init(FigureReading *self);

/* The map read as `reading` says, into weights[rows * cols]; what is left out is 0. False when the
 * map is empty or the head does not exist. */
bool figure_read(const FigureMap *map, const FigureReading *reading, double *weights);

/* "[CLS]", "[SEP]" or "[PAD]" */
bool figure_label_is_special(const char *label);

typedef struct {
  bool dark;
  char font[64];           /* a family name that fontconfig knows */
  double font_size;        /* of labels; headings are derived */
  FigureColor background;  /* painted by exports only; a widget shows its own */
  FigureColor text, muted; /* labels; secondary text and axes */
  FigureColor word, box;   /* the two kinds of things, everywhere the same */
  FigureColor accent;      /* what is pinned */
  bool mirrored; /* for who reads from right to left: labels, tables and rows of heads begin at the
                    right; sentences, images and axes of numbers keep their order */
  double pixels_per_unit; /* of a screen: pictures are scaled for it once; 0: kept as they are */
} FigureStyle;

void figure_style_init(FigureStyle *self, bool dark);

/* Where something `width` wide lies when the figure, `total` wide, is mirrored; its x until then. */
static inline double figure_mirror(const FigureStyle *self, double total, double x, double width)
{
  return self->mirrored ? total - x - width : x;
}

/* For people who asked for high contrast: text at 12:1 at least, lines at 7:1. */
void figure_style_raise_contrast(FigureStyle *self);

/* What is written into figures; English until set. Borrowed, for good. */
typedef struct {
  const char *query, *key; /* "query: ", "key: " */
  const char *words, *boxes;
  const char *head; /* before its number */
  const char *attention, *logit, *weight;
  const char *query_alone, *key_alone; /* over columns: "query", "key" */
  const char *widest, *lines;          /* before a graph's measure: "widest line:", "lines:" */
} FigureWords;
void figure_set_words(const FigureWords *words);
const FigureWords *figure_words(void);

/* From now on text is drawn into `cr` as outlines: no font is needed to look at a file, and no text
 * can be taken from it. */
void figure_text_as_paths(cairo_t *cr, bool as_paths);
bool figure_text_is_paths(cairo_t *cr);

/* The sequential colour scale: 0 is near the background, 1 stands out, in light and in dark. */
FigureColor figure_style_scale(const FigureStyle *self, double t);

typedef enum {
  FIGURE_EITHER_SIDE,
  FIGURE_AS_QUERY,
  FIGURE_AS_KEY,
} FigureSide;

/* What stands out while drawing: -1 = none. A hovered thing wins over a pinned one. */
typedef struct {
  int word, box;               /* under the pointer */
  FigureSide side;             /* for words over words and boxes over boxes: which of the two */
  int pinned_word, pinned_box; /* held by a click */
} FigureHighlight;

#define FIGURE_NO_HIGHLIGHT ((FigureHighlight){-1, -1, FIGURE_EITHER_SIDE, -1, -1})

typedef enum {
  FIGURE_HIT_NONE,
  FIGURE_HIT_WORD,
  FIGURE_HIT_BOX,
  FIGURE_HIT_CELL, /* of a matrix */
  FIGURE_HIT_EDGE, /* of a graph */
  FIGURE_HIT_HEAD, /* of the small multiples */
} FigureHitKind;

/* What lies under a point; fields that do not apply are -1. */
typedef struct {
  FigureHitKind kind;
  int word, box;   /* WORD, BOX */
  FigureSide side; /* WORD, BOX: as which side of the map */
  int query, key;  /* CELL, EDGE: row and column of the map */
  int map, head;   /* HEAD */
  double weight;   /* CELL, EDGE */
} FigureHit;

#define FIGURE_NO_HIT ((FigureHit){FIGURE_HIT_NONE, -1, -1, FIGURE_EITHER_SIDE, -1, -1, -1, -1, 0})

#ifdef __cplusplus
}
#endif
