/* One head looked into: query, key and their products for the pair that is hovered or pinned, and
 * every key's logit and weight. */
#pragma once

#include "figure-neuron.h"
#include "lens-look.h"
#include "lens-run-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_NEURON_VIEW (lens_neuron_view_get_type())
G_DECLARE_FINAL_TYPE(LensNeuronView, lens_neuron_view, LENS, NEURON_VIEW, LensRunView)

/* Nodes are the queries, then the keys. Height follows the keys: put it into a scrolled window. */
GtkWidget *lens_neuron_view_new(void);

/* Of the picked head; another head's is not shown. Copied, NULL: none is there yet. */
void lens_neuron_view_set_neuron(LensNeuronView *self, const LensNeuron *neuron);

/* The same head of the run that the shown one is compared with, for a run that is a difference: what is
 * drawn is the difference then, nothing before it is there. Copied, NULL: none. */
void lens_neuron_view_set_reference(LensNeuronView *self, const LensNeuron *neuron);

/* The pair and its numbers as drawn, borrowed; NULL when nothing is shown. */
const FigureNeuron *lens_neuron_view_get_figure(LensNeuronView *self);

G_END_DECLS
