/* Fetches what the neuron and the states view show, when one of them is looked at. */
#pragma once

#include "lens-explorer.h"
#include "lens-neuron-view.h"
#include "lens-states-view.h"

G_BEGIN_DECLS

typedef struct _LensLooks LensLooks;

/* The views must live as long as it. */
LensLooks *lens_looks_new(LensExplorer *explorer, LensNeuronView *neuron, LensStatesView *states);
void lens_looks_free(LensLooks *self);

/* The whole run whose half `image` the views show; NULL: there is nothing to be fetched of it. */
void lens_looks_set_run(LensLooks *self, LensRun *run, int image);
/* "neuron", "states", or a view that needs nothing; also after the picked head changed. */
void lens_looks_set_view(LensLooks *self, const char *view);

G_END_DECLS
