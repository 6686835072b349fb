/* What a run holds beside its attention maps, worked out when it is first looked at: one head's
 * queries and keys, and the hidden states of all layers as points in a plane. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* One head of one map: logit(i, j) = query i · key j / sqrt(size). */
typedef struct {
  char *map;
  int head;
  int rows, cols, size;
  float *queries; /* [rows][size] */
  float *keys;    /* [cols][size] */
} LensNeuron;

#define LENS_TYPE_NEURON (lens_neuron_get_type())
GType lens_neuron_get_type(void);

/* The arrays are zero. */
LensNeuron *lens_neuron_new(const char *map, int head, int rows, int cols, int size);
LensNeuron *lens_neuron_copy(const LensNeuron *self);
void lens_neuron_free(LensNeuron *self);
/* Before the softmax; a key that was taken away has its logit all the same. */
double lens_neuron_logit(const LensNeuron *self, int query, int key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensNeuron, lens_neuron_free)

/* Every word's and box's hidden state after every layer, on the two axes along which all of them
 * together differ most. A stage is what is computed side by side: the input, then layer by layer; the
 * side with fewer layers waits for the other before the cross-modality layers. */
typedef struct _LensStates LensStates;
struct _LensStates {
  int stages, words, boxes;
  int language_layers, vision_layers; /* before the cross-modality layers */
  float *word_points;                 /* [stages][words][2] */
  float *box_points;                  /* [stages][boxes][2] */
  double share[2];                    /* of all variance, along each axis */
  LensStates *beside;                 /* another run's; NULL: alone */
  gboolean together;                  /* both are on the same axes */
};

#define LENS_TYPE_STATES (lens_states_get_type())
GType lens_states_get_type(void);

LensStates *lens_states_new(int stages, int words, int boxes);
LensStates *lens_states_copy(const LensStates *self);
void lens_states_free(LensStates *self);
/* Those beside, with these beside them; NULL when alone. Owned by the caller. */
LensStates *lens_states_swap(const LensStates *self);
/* "Input", "Language 3, vision 2", "Cross layer 1"; free with g_free. */
char *lens_states_format_stage(const LensStates *self, int stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStates, lens_states_free)

/* The first two principal components (Pearson 1901) of rows[n][d]: coordinates to points[n][2], the
 * share of the variance to share[2] (0 where nothing varies). The sign is such that each axis'
 * largest loading is positive, so that the same input always gives the same picture. */
void lens_pca(const float *rows, int n, int d, float *points, double share[2]);

G_END_DECLS
