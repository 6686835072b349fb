/* Questions about colours, states and sizes. */
#include "world-ask.h"

static bool is_person_at(const WorldAsk *ask, int object)
{
  return world_is_person(ask->scene->objects[object].class_id);
}

static const char *colour_at(const WorldAsk *ask, int object)
{
  return world_attribute_name((int)ask->scene->objects[object].colour);
}

static void note_pair(WorldAsk *ask, int object)
{
  const WorldObject *o = &ask->scene->objects[object];
  ask->sp.held_out = ask->sp.held_out || world_pair_is_held_out(o->class_id, o->colour);
}

static bool colour_of(WorldAsk *ask, unsigned flags)
{
  int i = world_ask_pick_object(ask);
  if (!world_ask_accepts_colour(ask, (int)ask->scene->objects[i].colour))
    return false;
  ask->sp.slot[0] = world_refer(&ask->sp, i, 0, WORLD_REFER_NO_COLOUR | flags);
  if (ask->sp.slot[0] < 0)
    return false;
  ask->focus = i;
  ask->answer = colour_at(ask, i);
  note_pair(ask, i);
  if (is_person_at(ask, i))
    WORLD_SAY(&ask->sp, "what color is {a} wearing ?", "what color are the clothes of {a} ?",
              "what colour is {a} dressed in ?", "look at {a} . what color is {a@} wearing ?",
              "do you see {a} ? what color is {a@} dressed in ?", "which color is {a} wearing ?");
  else
    WORLD_SAY(&ask->sp, "what color is {a} ?", "what is the color of {a} ?",
              "which color does {a} have ?", "what colour is {a} ?",
              "look at {a} . what color is {a@} ?", "do you see {a} ? what is its color ?",
              "what color does {a} have ?", "tell me the color of {a} .");
  return true;
}

bool world_ask_colour(WorldAsk *ask)
{
  return colour_of(ask, 0);
}

bool world_ask_colour_hop2(WorldAsk *ask)
{
  return colour_of(ask, WORLD_REFER_HOP);
}

bool world_ask_colour_hop3(WorldAsk *ask)
{
  return colour_of(ask, WORLD_REFER_HOP2);
}

/* A referable object and one of its colours, right or wrong. */
static bool pick_coloured(WorldAsk *ask, int *object, int *other)
{
  int i = world_ask_pick_object(ask);
  const WorldObject *o = &ask->scene->objects[i];
  *object = i;
  *other = world_ask_other_colour(ask, (int)o->class_id, (int)o->colour);
  ask->sp.slot[0] = world_refer(&ask->sp, i, 0,
                                WORLD_REFER_NO_COLOUR |
                                    (world_rng_chance(ask->sp.rng, 0.3) ? WORLD_REFER_HOP : 0));
  ask->focus = i;
  return ask->sp.slot[0] >= 0 && *other >= 0;
}

bool world_ask_colour_verify(WorldAsk *ask)
{
  int i, other;
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  if (!pick_coloured(ask, &i, &other))
    return false;
  ask->sp.words[0] = yes ? colour_at(ask, i) : world_attribute_name(other);
  ask->answer = yes ? "yes" : "no";
  note_pair(ask, i);
  if (is_person_at(ask, i))
    WORLD_SAY(&ask->sp, "is {a} wearing {0} ?", "is {a} dressed in {0} ?",
              "look at {a} . is {a@} wearing {0} ?", "does {a} wear {0} clothes ?");
  else
    WORLD_SAY(&ask->sp, "is {a} {0} ?", "is the color of {a} {0} ?", "does {a} look {0} ?",
              "look at {a} . is it {0} ?", "is {a} {0} in color ?");
  return true;
}

bool world_ask_colour_choose(WorldAsk *ask)
{
  int i, other;
  if (!pick_coloured(ask, &i, &other) ||
      !world_ask_accepts_colour(ask, (int)ask->scene->objects[i].colour))
    return false;
  int first = world_rng_int(ask->sp.rng, 2);
  ask->sp.words[first] = colour_at(ask, i);
  ask->sp.words[1 - first] = world_attribute_name(other);
  ask->answer = colour_at(ask, i);
  note_pair(ask, i);
  if (is_person_at(ask, i))
    WORLD_SAY(&ask->sp, "is {a} wearing {0} or {1} ?", "which color is {a} wearing , {0} or {1} ?",
              "is {a} dressed in {0} or in {1} ?");
  else
    WORLD_SAY(&ask->sp, "is {a} {0} or {1} ?", "which color is {a} , {0} or {1} ?",
              "is the color of {a} {0} or {1} ?", "what color is {a} , {0} or {1} ?");
  return true;
}

static bool pick_stateful(WorldAsk *ask, int *object)
{
  int i = world_ask_pick_object(ask);
  if (!world_kind(ask->scene->objects[i].class_id)->states[1])
    return false;
  *object = i;
  ask->focus = i;
  ask->answer = world_state_name((int)ask->scene->objects[i].state);
  ask->sp.slot[0] = world_refer(&ask->sp, i, 0, 0);
  return ask->sp.slot[0] >= 0;
}

bool world_ask_state(WorldAsk *ask)
{
  int i;
  if (!pick_stateful(ask, &i) ||
      world_kind(ask->scene->objects[i].class_id)->category != WORLD_ANIMAL)
    return false;
  if (ask->scene->objects[i].state == WORLD_STANDING && !world_rng_chance(ask->sp.rng, 0.5))
    return false;
  WORLD_SAY(&ask->sp, "what is {a} doing ?", "do you see {a} ? what is {a@} doing ?",
            "look at {a} . what is it doing ?", "what does {a} do here ?");
  return true;
}

bool world_ask_state_choose(WorldAsk *ask)
{
  int i;
  if (!pick_stateful(ask, &i))
    return false;
  const uint8_t *states = world_kind(ask->scene->objects[i].class_id)->states;
  int first = world_rng_int(ask->sp.rng, 2);
  ask->sp.words[0] = world_state_name(states[first]);
  ask->sp.words[1] = world_state_name(states[1 - first]);
  WORLD_SAY(&ask->sp, "is {a} {0} or {1} ?", "look at {a} . is it {0} or {1} ?");
  return true;
}

bool world_ask_size_choose(WorldAsk *ask)
{
  int i = world_ask_pick_object(ask);
  WorldSize size = ask->scene->objects[i].size;
  if (size == WORLD_MEDIUM || (size == WORLD_SMALL && !world_rng_chance(ask->sp.rng, 0.6)) ||
      world_kind(ask->scene->objects[i].class_id)->category == WORLD_SKY)
    return false;
  ask->sp.slot[0] = world_refer(&ask->sp, i, 0, 0);
  if (ask->sp.slot[0] < 0)
    return false;
  int first = world_rng_int(ask->sp.rng, 2);
  ask->focus = i;
  ask->answer = world_size_name((int)size);
  ask->sp.words[first] = "small";
  ask->sp.words[1 - first] = "large";
  WORLD_SAY(&ask->sp, "is {a} {0} or {1} ?", "look at {a} . is {a@} {0} or {1} ?",
            "does {a} look {0} or {1} ?");
  return true;
}
