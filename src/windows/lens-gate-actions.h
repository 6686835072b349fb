/* The actions on the picked head, its map and its layer, and "try all heads"; for the menu of the
 * model's map. */
#pragma once

#include <gio/gio.h>

#include "lens-explorer.h"
#include "lens-model-map.h"
#include "lens-numbers-view.h"

G_BEGIN_DECLS

/* Actions "toggle-head", "uniform-head", "toggle-map", "uniform-map", "toggle-layer",
 * "uniform-layer", "reset",
 * "try-heads", "stop-trying". Owned by the caller; lives as long as explorer and widgets do. Effects are shown
 * in the map and among the numbers as they come. */
GActionGroup *lens_gate_actions_new(LensExplorer *explorer, LensModelMap *map,
                                    LensNumbersView *numbers);

G_END_DECLS
