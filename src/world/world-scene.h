/* The demo world: scenes made from a seed, with their ground truth.
 *
 * No global mutable state: every function may be called from any thread as long as one
 * WorldScene is not changed by two threads at once (a finished scene is never changed). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_WIDTH 640
#define WORLD_HEIGHT 480
#define WORLD_MAX_OBJECTS 16

/* Order of the classes = class ids of the detector (no background class here). */
typedef enum {
  WORLD_CAT,
  WORLD_DOG,
  WORLD_BIRD,
  WORLD_MAN,
  WORLD_WOMAN,
  WORLD_CAR,
  WORLD_BUS,
  WORLD_BICYCLE,
  WORLD_TREE,
  WORLD_FIR,
  WORLD_HOUSE,
  WORLD_CHAIR,
  WORLD_TABLE,
  WORLD_SOFA,
  WORLD_KITE,
  WORLD_UMBRELLA,
  WORLD_BALL,
  WORLD_BOOK,
  WORLD_BAG,
  WORLD_HAT,
  WORLD_VASE,
  WORLD_GIFT,
  WORLD_MUSHROOM,
  WORLD_APPLE,
  WORLD_CLOUD,
  WORLD_SUN,
  WORLD_MOON,
  WORLD_LAMP,
  WORLD_BENCH,
  WORLD_BOAT,
  WORLD_BALLOON,
  WORLD_CUP,
  WORLD_N_CLASSES
} WorldClass;

/* Attributes of the detector: exactly one colour for each object. */
typedef enum {
  WORLD_RED,
  WORLD_ORANGE,
  WORLD_YELLOW,
  WORLD_GREEN,
  WORLD_BLUE,
  WORLD_PURPLE,
  WORLD_PINK,
  WORLD_BROWN,
  WORLD_BLACK,
  WORLD_WHITE,
  WORLD_GRAY,
  WORLD_N_ATTRIBUTES
} WorldColour;

/* Apparent size against the usual one of its class, so that it can be told from the box. */
typedef enum { WORLD_MEDIUM, WORLD_SMALL, WORLD_LARGE, WORLD_N_SIZES } WorldSize;

typedef enum {
  WORLD_NO_STATE,
  WORLD_SITTING,
  WORLD_STANDING,
  WORLD_FLYING,
  WORLD_OPEN,
  WORLD_CLOSED,
  WORLD_N_STATES
} WorldState;

typedef enum {
  WORLD_PARK,
  WORLD_STREET,
  WORLD_MOUNTAIN,
  WORLD_VILLAGE,
  WORLD_LIVING_ROOM,
  WORLD_KITCHEN,
  WORLD_BEACH,
  WORLD_N_PLACES
} WorldPlace;

typedef enum { WORLD_CLEAR, WORLD_CLOUDY, WORLD_RAINY, WORLD_SNOWY, WORLD_N_WEATHERS } WorldWeather;
typedef enum { WORLD_DAY, WORLD_EVENING, WORLD_NIGHT, WORLD_N_LIGHTS } WorldLight;

/* `a REL b`. LEFT .. FRONT are decided from the boxes with clear margins; the rest is how the
 * scene was built. NEXT_TO is symmetric; UNDER means beneath a table, chair or bench. */
typedef enum {
  WORLD_LEFT_OF,
  WORLD_RIGHT_OF,
  WORLD_BEHIND,
  WORLD_IN_FRONT_OF,
  WORLD_NEXT_TO,
  WORLD_ON,
  WORLD_UNDER,
  WORLD_HOLDING,
  WORLD_WEARING,
  WORLD_N_RELATIONS
} WorldRelationKind;

typedef enum {
  WORLD_SPLIT_TRAIN,
  WORLD_SPLIT_MINIVAL,
  WORLD_SPLIT_TEST,
  WORLD_SPLIT_HELDOUT,
  WORLD_N_SPLITS
} WorldSplit;

typedef struct {
  WorldClass class_id;
  WorldColour colour; /* = attribute id */
  WorldSize size;
  WorldState state;
  float box[4];  /* x1 y1 x2 y2, pixels, of the visible extent; x2, y2 exclusive */
  float full[4]; /* the same before nearer objects hide a part */
  float visible; /* visible share of its pixels, > 0.5 */
  int support;   /* index of the object that it is on, or of its holder/wearer; -1 = none */
  float depth;   /* base line y in pixels; larger is nearer; drawn in array order */
  /* How it is drawn. */
  float x, y, scale; /* anchor (centre of the base) and pixels per drawing unit */
  bool flip;
  uint32_t detail; /* seed of small variations that do not move its outline */
} WorldObject;

typedef struct {
  uint8_t subject, kind, object; /* WorldRelationKind */
} WorldRelation;

typedef struct {
  uint64_t seed;
  WorldSplit split;
  WorldPlace place;
  WorldWeather weather;
  WorldLight light;
  int n_objects;                          /* 4..12 */
  WorldObject objects[WORLD_MAX_OBJECTS]; /* from the farthest to the nearest */
  int n_relations;
  WorldRelation *relations; /* owned */
} WorldScene;

/* A new scene; free with world_scene_free(). The same seed and split give the same scene. In
 * all splits but WORLD_SPLIT_HELDOUT no object has a held-out class-colour pair; in that one
 * at least one object has. NULL only when memory is out. */
WorldScene *world_scene_new(uint64_t seed, WorldSplit split);
void world_scene_free(WorldScene *scene);

/* Seed of scene `index` (from 0) of a split of the world with the seed `base`. Everybody who
 * enumerates scenes uses this, so that files and training on the fly see the same scenes. */
uint64_t world_scene_seed(uint64_t base, WorldSplit split, int index);

/* "world_train_000000000012"; `out` of at least 40 bytes. */
void world_image_id(WorldSplit split, int index, char *out, size_t size);

/* Draws into `rgb`: height rows of width*3 bytes, `stride` bytes apart (R, G, B order). Any size
 * with the aspect of 4:3 (others are stretched); boxes scale by width/640, height/480. Returns
 * false when memory is out. Under 8 ms at 640x480 on one core. */
bool world_scene_render(const WorldScene *scene, int width, int height, uint8_t *rgb,
                        size_t stride);

/* Whether a class-colour pair is kept out of train, minival and test. */
bool world_pair_is_held_out(WorldClass class_id, WorldColour colour);
/* Whether the world draws the class in that colour at all. */
bool world_pair_is_possible(WorldClass class_id, WorldColour colour);

int world_n_classes(void);    /* WORLD_N_CLASSES */
int world_n_attributes(void); /* WORLD_N_ATTRIBUTES */
/* Borrowed lower-case English names; NULL for an index outside the range. */
const char *world_class_name(int i);
const char *world_class_plural(int i);
const char *world_attribute_name(int i);
const char *world_size_name(int i);
const char *world_state_name(int i);
const char *world_place_name(int i);
const char *world_weather_name(int i);
const char *world_light_name(int i);
const char *world_relation_name(int i); /* "to the left of", "on", ... */
const char *world_split_name(int i);
