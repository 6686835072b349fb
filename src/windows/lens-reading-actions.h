/* What is left out of the picture, and playing through the layers: the actions hide-special,
 * renormalise, merge-words, keep and play. */
#pragma once

#include "lens-model-map.h"
#include "lens-states-view.h"

G_BEGIN_DECLS

/* The states of the actions follow the selection. Playing steps through the hidden states while they
 * are on the screen, else through the map's layers. Owned; the widgets must outlive it. */
GActionGroup *lens_reading_actions_new(LensSelection *selection, LensModelMap *map,
                                       LensStatesView *states);

G_END_DECLS
