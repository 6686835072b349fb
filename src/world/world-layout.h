/* Where things go: fills the objects of a scene whose place, weather and light are chosen. */
#pragma once

#include "world-kinds.h"
#include "world-rng.h"

void world_layout(WorldScene *scene, WorldRng *rng);
