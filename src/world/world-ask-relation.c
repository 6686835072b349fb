/* Questions about where things are and how they compare. */
#include <stdlib.h>
#include <string.h>

#include "world-ask.h"

static bool is_thing(const WorldAsk *ask, int i, int category)
{
  return category < 0 || (int)world_kind(ask->scene->objects[i].class_id)->category == category;
}

/* The only object (of a category, or any with -1) in a relation to the anchor; -1: none or unclear.
 */
static int only_one(const WorldAsk *ask, int kind, int anchor, int category)
{
  int found = -1;
  for (int i = 0; i < ask->scene->n_objects; i++) {
    if (i == anchor || !is_thing(ask, i, category))
      continue;
    WorldTruth truth = ask->facts->truth[kind][i][anchor];
    if (truth == WORLD_UNCLEAR || (truth == WORLD_YES && found >= 0))
      return -1;
    if (truth == WORLD_YES)
      found = i;
  }
  return found;
}

static void say_what(WorldAsk *ask, int category)
{
  static const char *const nouns[] = {
      "animal", "person", "vehicle", "plant", "building", "piece of furniture", "toy"};
  if (category < 0) {
    WORLD_SAY(&ask->sp, "what is {r} {b} ?", "which object is {r} {b} ?",
              "what do you see {r} {b} ?", "look at {b} . what is {r} it ?",
              "what thing is {r} {b} ?", "what can you see {r} {b} ?");
    return;
  }
  ask->sp.words[0] = nouns[category];
  if (category == WORLD_PERSON)
    WORLD_SAY(&ask->sp, "who is {r} {b} ?", "which person is {r} {b} ?",
              "who do you see {r} {b} ?");
  else if (category == WORLD_FURNITURE)
    WORLD_SAY(&ask->sp, "what furniture is {r} {b} ?", "what kind of furniture is {r} {b} ?");
  else
    WORLD_SAY(&ask->sp, "what {0} is {r} {b} ?", "which {0} is {r} {b} ?",
              "what kind of {0} is {r} {b} ?", "what {0} do you see {r} {b} ?");
}

static void say_held(WorldAsk *ask)
{
  WORLD_SAY(&ask->sp, "what is {b} holding ?", "what does {b} hold ?", "what is {b} carrying ?",
            "look at {b} . what is {b@} holding ?", "what does {b} have in the hand ?");
}

/* Frequent things (clouds, men, ...) as answers a little less often than they come up. */
static bool accepts_class(WorldAsk *ask, int object)
{
  WorldClass c = ask->scene->objects[object].class_id;
  static const uint8_t weight[WORLD_N_CLASSES] = {50,  60, 90,  50,  50,  90, 100, 80,  70, 90,  80,
                                                  60,  50, 100, 100, 70,  45, 70,  60,  90, 100, 60,
                                                  100, 70, 60,  100, 100, 80, 45,  100, 80, 90};
  return world_rng_chance(ask->sp.rng, weight[c] / 100.0);
}

static bool ask_held(WorldAsk *ask, int person, unsigned flags)
{
  int thing = -1;
  for (int i = 0; i < ask->scene->n_objects; i++)
    if (ask->scene->objects[i].support == person && ask->scene->objects[i].class_id != WORLD_HAT)
      thing = i;
  if (thing < 0 || (ask->sp.slot[1] = world_refer(&ask->sp, person, 1u << thing, flags)) < 0)
    return false;
  ask->focus = thing;
  ask->answer = world_class_name((int)ask->scene->objects[thing].class_id);
  say_held(ask);
  return true;
}

static bool what(WorldAsk *ask, unsigned flags)
{
  int kind = world_rng_int(ask->sp.rng, WORLD_UNDER + 2), i, anchor;
  if (kind > WORLD_UNDER)
    return world_ask_pick_pair(ask, WORLD_HOLDING, WORLD_YES, &anchor, &i) &&
           ask_held(ask, anchor, flags);
  if (!world_ask_pick_pair(ask, kind, WORLD_YES, &i, &anchor))
    return false;
  int own = (int)world_kind(ask->scene->objects[i].class_id)->category;
  int category =
      own > WORLD_TOY || own == WORLD_BUILDING || world_rng_chance(ask->sp.rng, 0.45) ? -1 : own;
  if (only_one(ask, kind, anchor, category) != i || !accepts_class(ask, i))
    return false;
  ask->sp.slot[1] = world_refer(&ask->sp, anchor, 1u << i, flags);
  if (ask->sp.slot[1] < 0)
    return false;
  ask->sp.relation = kind;
  ask->focus = i;
  ask->answer = world_class_name((int)ask->scene->objects[i].class_id);
  say_what(ask, category);
  return true;
}

bool world_ask_what(WorldAsk *ask)
{
  return what(ask, 0);
}

bool world_ask_what_hop2(WorldAsk *ask)
{
  return what(ask, WORLD_REFER_HOP);
}

static bool refer_pair(WorldAsk *ask, int a, int b)
{
  ask->sp.slot[0] = world_refer(&ask->sp, a, 1u << b, 0);
  ask->sp.slot[1] = world_refer(&ask->sp, b, 1u << a, 0);
  ask->focus = a;
  return ask->sp.slot[0] >= 0 && ask->sp.slot[1] >= 0;
}

static int opposite(int kind)
{
  static const int8_t pairs[] = {WORLD_RIGHT_OF, WORLD_LEFT_OF, WORLD_IN_FRONT_OF, WORLD_BEHIND, -1,
                                 WORLD_UNDER,    WORLD_ON};
  return pairs[kind];
}

/* No means that the opposite is true (left/right, behind/front, on/under), so that the words tell
 * nothing; for "next to" it means far apart. */
bool world_ask_relation_verify(WorldAsk *ask)
{
  int a, b, kind = world_rng_int(ask->sp.rng, WORLD_UNDER + 1);
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  int real = yes || kind == WORLD_NEXT_TO ? kind : opposite(kind);
  if (!world_ask_pick_pair(ask, real, yes || real != kind ? WORLD_YES : WORLD_NO, &a, &b) ||
      !refer_pair(ask, a, b))
    return false;
  if (ask->facts->truth[kind][a][b] != (yes ? WORLD_YES : WORLD_NO))
    return false;
  ask->sp.relation = kind;
  ask->answer = yes ? "yes" : "no";
  WORLD_SAY(&ask->sp, "is {a} {r} {b} ?", "is {a} {r} {b} in the picture ?",
            "look at {a} . is {a@} {r} {b} ?", "do you see {a} {r} {b} ?");
  return true;
}

bool world_ask_relation_choose(WorldAsk *ask)
{
  static const uint8_t kinds[] = {WORLD_LEFT_OF, WORLD_RIGHT_OF,    WORLD_LEFT_OF, WORLD_RIGHT_OF,
                                  WORLD_BEHIND,  WORLD_IN_FRONT_OF, WORLD_ON,      WORLD_UNDER};
  int a, b, kind = kinds[world_rng_int(ask->sp.rng, sizeof kinds)];
  if (!world_ask_pick_pair(ask, kind, WORLD_YES, &a, &b) || !refer_pair(ask, a, b))
    return false;
  ask->answer = kind == WORLD_LEFT_OF    ? "left"
                : kind == WORLD_RIGHT_OF ? "right"
                : kind == WORLD_BEHIND   ? "behind"
                : kind == WORLD_ON       ? "on"
                : kind == WORLD_UNDER    ? "under"
                                         : "in front";
  if (kind <= WORLD_RIGHT_OF)
    WORLD_SAY(&ask->sp, "is {a} to the left or to the right of {b} ?",
              "is {a} left or right of {b} ?", "on which side of {b} is {a} , left or right ?",
              "is {a} to the right or to the left of {b} ?");
  else if (kind <= WORLD_IN_FRONT_OF)
    WORLD_SAY(&ask->sp, "is {a} behind or in front of {b} ?", "is {a} in front of or behind {b} ?");
  else
    WORLD_SAY(&ask->sp, "is {a} on or under {b} ?", "is {a} under or on {b} ?");
  return true;
}

/* "What is on the chair, a cat or a vase?" The wrong class is in the scene, too. */
bool world_ask_class_choose(WorldAsk *ask)
{
  int i, anchor, kind = world_rng_int(ask->sp.rng, WORLD_UNDER + 1),
                 other = world_ask_pick_object(ask);
  const WorldObject *objects = ask->scene->objects;
  if (!world_ask_pick_pair(ask, kind, WORLD_YES, &i, &anchor) || other == anchor || i == other ||
      objects[i].class_id == objects[other].class_id || !accepts_class(ask, i))
    return false;
  for (int k = 0; k < ask->scene->n_objects; k++)
    if (k != anchor && objects[k].class_id == objects[other].class_id &&
        ask->facts->truth[kind][k][anchor] != WORLD_NO)
      return false;
  ask->sp.slot[1] = world_refer(&ask->sp, anchor, 1u << i | 1u << other, 0);
  if (ask->sp.slot[1] < 0)
    return false;
  int first = world_rng_int(ask->sp.rng, 2);
  int right = world_phrase(&ask->sp, ask->facts->count[objects[i].class_id] == 1 ? i : -1,
                           (int)objects[i].class_id, -1);
  int wrong = world_phrase(&ask->sp, ask->facts->count[objects[other].class_id] == 1 ? other : -1,
                           (int)objects[other].class_id, -1);
  ask->sp.slot[0] = first ? wrong : right;
  ask->sp.slot[2] = first ? right : wrong;
  ask->sp.relation = kind;
  ask->focus = i;
  ask->answer = world_class_name((int)objects[i].class_id);
  WORLD_SAY(&ask->sp, "what is {r} {b} , {a!} or {c!} ?", "is it {a!} or {c!} that is {r} {b} ?",
            "do you see {a!} or {c!} {r} {b} ?");
  return true;
}

bool world_ask_same_colour(WorldAsk *ask)
{
  int a, b;
  bool yes = world_rng_chance(ask->sp.rng, 0.5), different = world_rng_chance(ask->sp.rng, 0.3);
  int n = ask->scene->n_objects;
  a = world_ask_pick_object(ask);
  b = world_ask_pick_object(ask);
  for (int t = 0;
       yes && t < n && (a == b || ask->scene->objects[a].colour != ask->scene->objects[b].colour);
       t++)
    b = (b + 1) % n;
  if (a == b || (ask->scene->objects[a].colour == ask->scene->objects[b].colour) != yes)
    return false;
  unsigned hop = world_rng_chance(ask->sp.rng, 0.15) ? WORLD_REFER_HOP : 0;
  ask->sp.slot[0] = world_refer(&ask->sp, a, 1u << b, WORLD_REFER_NO_COLOUR);
  ask->sp.slot[1] = world_refer(&ask->sp, b, 1u << a, WORLD_REFER_NO_COLOUR | hop);
  if (ask->sp.slot[0] < 0 || ask->sp.slot[1] < 0)
    return false;
  ask->focus = a;
  for (int k = 0; k < 2; k++) {
    const WorldObject *o = &ask->scene->objects[k ? b : a];
    ask->sp.held_out = ask->sp.held_out || world_pair_is_held_out(o->class_id, o->colour);
  }
  ask->answer = yes != different ? "yes" : "no";
  if (different)
    WORLD_SAY(&ask->sp, "do {a} and {b} have different colors ?",
              "are {a} and {b} different in color ?");
  else
    WORLD_SAY(&ask->sp, "are {a} and {b} the same color ?", "do {a} and {b} have the same color ?",
              "is {a} the same color as {b} ?", "is the color of {a} the same as that of {b} ?");
  return true;
}

static float box_area(const WorldObject *o)
{
  return (o->box[2] - o->box[0]) * (o->box[3] - o->box[1]);
}

/* Two objects of which one is at least 1.6 times as large, but of classes of a similar size, so
 * that the words alone do not tell. */
static bool pick_sizes(WorldAsk *ask, int *a, int *b, bool *larger)
{
  *a = world_ask_pick_object(ask);
  *b = world_ask_pick_object(ask);
  if (*a == *b || !refer_pair(ask, *a, *b))
    return false;
  const WorldObject *x = &ask->scene->objects[*a], *y = &ask->scene->objects[*b];
  const WorldShape *sx = world_shape(x->class_id, x->state),
                   *sy = world_shape(y->class_id, y->state);
  float usual = (sx->x2 - sx->x1) * (sx->y2 - sx->y1) / ((sy->x2 - sy->x1) * (sy->y2 - sy->y1));
  float ratio = box_area(x) / box_area(y);
  *larger = ratio > 1;
  if (usual > 2.2f || usual < 1 / 2.2f || (ratio < 1.5f && ratio > 1 / 1.5f))
    return false;
  bool surprising = (usual > 1) != (ratio > 1),
       sky = x->class_id == WORLD_CLOUD || y->class_id == WORLD_CLOUD;
  if (sky && !world_rng_chance(ask->sp.rng, 0.25))
    return false;
  return surprising || world_rng_chance(ask->sp.rng, 0.45);
}

bool world_ask_larger_verify(WorldAsk *ask)
{
  int a, b;
  bool larger, smaller = world_rng_chance(ask->sp.rng, 0.4);
  if (!pick_sizes(ask, &a, &b, &larger))
    return false;
  ask->answer = larger != smaller ? "yes" : "no";
  if (smaller)
    WORLD_SAY(&ask->sp, "is {a} smaller than {b} ?", "does {a} look smaller than {b} ?");
  else
    WORLD_SAY(&ask->sp, "is {a} larger than {b} ?", "is {a} bigger than {b} ?",
              "does {a} look larger than {b} ?");
  return true;
}

bool world_ask_larger_choose(WorldAsk *ask)
{
  int a, b;
  bool larger;
  if (!pick_sizes(ask, &a, &b, &larger) ||
      ask->scene->objects[a].class_id == ask->scene->objects[b].class_id)
    return false;
  ask->answer = world_class_name((int)ask->scene->objects[larger ? a : b].class_id);
  WORLD_SAY(&ask->sp, "which is larger , {a} or {b} ?", "what is bigger , {a} or {b} ?",
            "which is bigger , {a} or {b} ?");
  return true;
}
