/* What is true, false or unclear in a scene. Only what is clear from the boxes is asked. */
#pragma once

#include "world-kinds.h"

typedef enum { WORLD_NO, WORLD_YES, WORLD_UNCLEAR } WorldTruth;

typedef struct {
  const WorldScene *scene;
  uint8_t truth[WORLD_N_RELATIONS][WORLD_MAX_OBJECTS][WORLD_MAX_OBJECTS]; /* WorldTruth */
  uint8_t count[WORLD_N_CLASSES];
} WorldFacts;

void world_facts(WorldFacts *facts, const WorldScene *scene);

/* Whether object i stands in the relation to object j. */
WorldTruth world_relation_truth(const WorldScene *scene, int i, WorldRelationKind kind, int j);
