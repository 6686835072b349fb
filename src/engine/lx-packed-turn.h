/* When a layer's weights are laid out for good. Fresh memory is dear: all of a full-size model at once
 * takes several times as long as an answer. So each layer has its turn in one of the first few
 * uses after its first, another one than the layers made before and after it, and no run is slow. */
#pragma once

#include <stdbool.h>

typedef struct {
  int uses_left;
} LxPackedTurn;

/* The next layer's. Safe from several threads. */
LxPackedTurn lx_packed_turn_new(void);
/* Counts a use: true in the one that the turn comes in. */
bool lx_packed_turn_comes(LxPackedTurn *self);
