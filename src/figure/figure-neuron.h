/* One head looked into: the query of one word or box, the key of another, their products element by
 * element, and for every key the logit and the weight that the products come to (after the neuron view
 * of BertViz, Vig 2019).
 *
 *   queries | q        ▂▄▁ …
 *           | k        ▁▆▃ …
 *           | q × k    ▁▅▁ …
 *           | key 1    one colour an element    logit    weight
 *           | key 2    … */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Borrowed, read while the layout is made. */
typedef struct {
  int rows, cols, size;
  const float *queries;          /* [rows][size] */
  const float *keys;             /* [cols][size] */
  const float *weights;          /* [cols]: what the picked query gives each key */
  const char *const *row_labels; /* [rows] */
  const char *const *col_labels; /* [cols] */
  bool query_is_words, key_is_words;
  int query, key; /* the pair that is looked at */
} FigureNeuronInput;

enum { FIGURE_NEURON_Q, FIGURE_NEURON_K, FIGURE_NEURON_PRODUCT, FIGURE_NEURON_BANDS };

typedef struct {
  double width, height; /* height may be more than asked for: let it scroll */
  int rows, cols, size;
  int query, key;
  bool query_is_words, key_is_words;
  double font_size;
  FigureRect *query_rects;           /* [rows] labels of the queries */
  FigureRect *key_rects;             /* [cols] whole lines of the keys */
  char **query_labels, **key_labels; /* what fits */
  char *heading;                     /* "q·k / √64 = 1.25, weight 0.31" */
  double strip_x, strip_w;           /* the elements, one below the other in every line */
  double logit_x, logit_w;           /* bars, from their middle */
  double weight_x, weight_w;
  FigureRect bands[FIGURE_NEURON_BANDS];
  double *elements[FIGURE_NEURON_BANDS]; /* [size] of the pair */
  double most[FIGURE_NEURON_BANDS];      /* the largest magnitude, a bar's full height */
  double *products;                      /* [cols][size] */
  double *logits;                        /* [cols] */
  double *weights;                       /* [cols] */
  double most_product, most_logit, most_weight;
  bool mirrored;
  bool difference; /* all numbers are this head's less another's */
} FigureNeuron;

/* *out is owned: figure_neuron_free. Fails on an empty head or a pair that does not exist. */
bool figure_neuron_layout(const FigureNeuronInput *input, const FigureStyle *style, double width,
                          FigureNeuron **out, FigureError *error);
void figure_neuron_free(FigureNeuron *self); /* NULL is fine */

/* Makes `self` its difference from the same head elsewhere, or the other way round (`reversed`).
 * `other` is laid out for the partners of the picked query and key, NULL when the query has none;
 * key_of[cols] says which of its keys each is, -1 for none. What has no partner counts as zero there;
 * heads of other sizes have elements that cannot be compared: those are zero. */
void figure_neuron_subtract(FigureNeuron *self, const FigureNeuron *other, const int *key_of,
                            bool reversed);

/* A query's label (WORD or BOX as query) or a key's line (CELL of the shown query and that key). */
FigureHit figure_neuron_hit(const FigureNeuron *self, double x, double y);
/* The bar of one element of a band. */
FigureRect figure_neuron_bar(const FigureNeuron *self, int band, int element);
/* The bar of a key's weight: the largest one is as long as there is room. */
FigureRect figure_neuron_weight(const FigureNeuron *self, int key);
/* The element under the point, in a band or a key's line; -1 for none. */
int figure_neuron_element(const FigureNeuron *self, double x, double y);

/* `element` stands out in all lines, -1 = none. */
void figure_neuron_draw(cairo_t *cr, const FigureNeuron *self, const FigureStyle *style,
                        int element);

#ifdef __cplusplus
}
#endif
