/* Fetches what the neuron and the states view show, when one of them is looked at. */
#pragma once

#include "lens-attention-beside.h"
#include "lens-explorer.h"
#include "lens-neuron-view.h"
#include "lens-states-view.h"

G_BEGIN_DECLS

typedef struct _LensLooks LensLooks;

/* The views must live as long as it; `left` are those of what is beside. */
LensLooks *lens_looks_new(LensExplorer *explorer, LensNeuronView *neuron,
                          LensNeuronView *neuron_left, LensStatesView *states,
                          LensStatesView *states_left);
void lens_looks_free(LensLooks *self);

/* What the views show (run NULL: nothing), and what that is beside or, `difference`, compared with. */
void lens_looks_set_runs(LensLooks *self, LensHalf half, LensHalf other, gboolean difference);
/* "neuron", "states", or a view that needs nothing; also after the picked head changed. */
void lens_looks_set_view(LensLooks *self, const char *view);

G_END_DECLS
