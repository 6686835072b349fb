#include "lx-packed-turn.h"

#include <stdatomic.h>

enum { TURNS = 4 };

LxPackedTurn lx_packed_turn_new(void)
{
  static atomic_uint layers;
  return (LxPackedTurn){1 + (int)(atomic_fetch_add(&layers, 1) % TURNS)};
}

bool lx_packed_turn_comes(LxPackedTurn *self)
{
  return self->uses_left >= 0 && self->uses_left-- == 0;
}
