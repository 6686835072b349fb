/* What the generator and the language know about each class. */
#pragma once

#include "world-scene.h"

typedef enum {
  WORLD_ANIMAL,
  WORLD_PERSON,
  WORLD_VEHICLE,
  WORLD_PLANT,
  WORLD_BUILDING,
  WORLD_FURNITURE,
  WORLD_TOY,
  WORLD_THING,
  WORLD_SKY,
  WORLD_N_CATEGORIES
} WorldCategory;

typedef struct {
  const char *name, *plural;
  WorldCategory category;
  uint16_t colours;  /* bit per WorldColour that it is drawn in */
  uint16_t held_out; /* those of them kept for the held-out split */
  uint8_t states[3]; /* possible states, ended by WORLD_NO_STATE */
  uint8_t bulk;      /* placing order: 3 scenery and furniture, 2 people and beasts, 1 small */
  float top, half;   /* y and half width of what things can stand on; half 0 = nothing can */
} WorldKind;

const WorldKind *world_kind(WorldClass class_id);
const char *world_category_name(int category);
const char *world_category_plural(int category);

/* Drawn shape of a class in a state: ink extents in design pixels and coverage, two samples a
 * design pixel. Measured once from the drawing itself, then immutable. */
typedef struct {
  float x1, y1, x2, y2;
  int width, height, inked;
  const uint8_t *mask; /* [height][width], 0 or 1 */
} WorldShape;

const WorldShape *world_shape(WorldClass class_id, WorldState state);

static inline bool world_is_person(WorldClass c)
{
  return c == WORLD_MAN || c == WORLD_WOMAN;
}

static inline bool world_is_outdoor(WorldPlace place)
{
  return place != WORLD_LIVING_ROOM && place != WORLD_KITCHEN;
}

/* Horizon (or the wall's foot), first base line on the ground, and scales there and in front. */
typedef struct {
  float horizon, far, far_scale, near_scale;
} WorldGround;

const WorldGround *world_ground(WorldPlace place);

/* Internal steps of world_scene_new(). */
bool world_find_relations(WorldScene *scene); /* false: out of memory */
void world_find_visible(WorldScene *scene);   /* fills box and visible from the drawn masks */
