/* Questions about what is there, and how much of it. */
#include "world-ask.h"

static const char *const numerals[] = {"0", "1", "2", "3", "4", "5", "6"};

static void say_existence(WorldAsk *ask)
{
  WORLD_SAY(&ask->sp, "is there {a!} ?", "is there {a!} in the picture ?", "do you see {a!} ?",
            "can you see {a!} in the image ?", "are there any {a*} ?",
            "are there any {a*} in the scene ?", "does the picture show {a!} ?",
            "can you find {a!} here ?");
}

/* Classes are asked about as often with yes as with no: those that are in many scenes of the
 * place are rarer among the yes cases, those in few among the no cases. */
/* Per cent of the scenes that have the class. */
static const uint8_t presence[WORLD_N_CLASSES] = {21, 24, 21, 25, 26, 12, 7,  16, 15, 12, 18,
                                                  27, 38, 12, 13, 24, 23, 14, 25, 27, 7,  21,
                                                  11, 20, 60, 16, 14, 11, 36, 7,  18, 18};

bool world_ask_exist(WorldAsk *ask)
{
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  int c = world_rng_int(ask->sp.rng, WORLD_N_CLASSES);
  double p = presence[c] / 100.0;
  if ((ask->facts->count[c] > 0) != yes || !world_rng_chance(ask->sp.rng, yes ? 1 - p : p))
    return false;
  int object = -1;
  for (int i = 0; i < ask->scene->n_objects && ask->facts->count[c] == 1; i++)
    if ((int)ask->scene->objects[i].class_id == c)
      object = i;
  ask->focus = object;
  ask->sp.slot[0] = world_phrase(&ask->sp, object, c, -1);
  ask->answer = yes ? "yes" : "no";
  say_existence(ask);
  return true;
}

/* "Is there a red car?" with no meaning a car of another colour, so that the class tells nothing.
 */
bool world_ask_exist_colour(WorldAsk *ask)
{
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  int i = world_ask_pick_object(ask);
  const WorldObject *o = &ask->scene->objects[i];
  int colour = yes ? (int)o->colour : world_ask_other_colour(ask, (int)o->class_id, (int)o->colour);
  /* In the held-out split only a held-out pair makes the question count. */
  for (int t = 0; t < 8 && !yes && colour >= 0 && ask->scene->split == WORLD_SPLIT_HELDOUT &&
                  !world_pair_is_held_out(o->class_id, (WorldColour)colour);
       t++)
    colour = world_ask_other_colour(ask, (int)o->class_id, (int)o->colour);
  if (colour < 0 || !world_ask_accepts_colour(ask, colour) ||
      (yes && !world_rng_chance(ask->sp.rng, 0.85)))
    return false;
  int object = -1, found = 0;
  for (int k = 0; k < ask->scene->n_objects; k++)
    if (ask->scene->objects[k].class_id == o->class_id &&
        (int)ask->scene->objects[k].colour == colour)
      object = k, found++;
  if ((found > 0) != yes)
    return false;
  ask->focus = found == 1 ? object : -1;
  ask->sp.slot[0] = world_phrase(&ask->sp, ask->focus, (int)o->class_id, colour);
  ask->answer = yes ? "yes" : "no";
  say_existence(ask);
  return true;
}

/* "Is there a cat on the sofa?", with the class in the scene either way. */
bool world_ask_exist_relation(WorldAsk *ask)
{
  static const int8_t opposites[] = {
      WORLD_RIGHT_OF, WORLD_LEFT_OF, WORLD_IN_FRONT_OF, WORLD_BEHIND, -1, WORLD_UNDER, WORLD_ON};
  const WorldObject *objects = ask->scene->objects;
  int i, anchor, kind = world_rng_int(ask->sp.rng, WORLD_UNDER + 1), found = 0;
  bool yes = world_rng_chance(ask->sp.rng, 0.5), far = kind == WORLD_NEXT_TO && !yes;
  int real = yes || far ? kind : opposites[kind];
  if (!world_ask_pick_pair(ask, real, far ? WORLD_NO : WORLD_YES, &i, &anchor))
    return false;
  WorldClass c = objects[i].class_id;
  if (objects[anchor].class_id == c)
    return false;
  for (int k = 0; k < ask->scene->n_objects; k++) {
    if (objects[k].class_id != c)
      continue;
    if (ask->facts->truth[kind][k][anchor] == WORLD_UNCLEAR)
      return false;
    found += ask->facts->truth[kind][k][anchor] == WORLD_YES;
  }
  if ((found > 0) != yes)
    return false;
  ask->sp.slot[1] = world_refer(&ask->sp, anchor, 1u << i, 0);
  if (ask->sp.slot[1] < 0)
    return false;
  ask->sp.slot[0] =
      world_phrase(&ask->sp, found == 1 && ask->facts->count[c] == 1 ? i : -1, (int)c, -1);
  ask->sp.relation = kind;
  ask->focus = anchor;
  ask->answer = yes ? "yes" : "no";
  WORLD_SAY(&ask->sp, "is there {a!} {r} {b} ?", "do you see {a!} {r} {b} ?",
            "are there any {a*} {r} {b} ?", "can you see {a!} {r} {b} ?");
  return true;
}

static void say_number(WorldAsk *ask)
{
  WORLD_SAY(&ask->sp, "how many {a*} are there ?", "how many {a*} do you see ?",
            "how many {a*} are in the picture ?", "what is the number of {a*} ?",
            "count the {a*} .", "how many {a*} can you see ?",
            "how many {a*} does the image show ?");
}

bool world_ask_count(WorldAsk *ask)
{
  static const double accept[] = {0.04, 0.18, 0.3, 0.5, 1, 1};
  int want = world_rng_int(ask->sp.rng, 6), start = world_rng_int(ask->sp.rng, WORLD_N_CLASSES),
      c = -1;
  if (!world_rng_chance(ask->sp.rng, want ? accept[want] : 0.35))
    return false;
  for (int k = 0; k < WORLD_N_CLASSES && c < 0; k++)
    if (ask->facts->count[(start + k) % WORLD_N_CLASSES] == want)
      c = (start + k) % WORLD_N_CLASSES;
  if (c < 0 || (want == 0 && !world_rng_chance(ask->sp.rng, presence[c] / 60.0)))
    return false;
  ask->sp.slot[0] = world_phrase(&ask->sp, -1, c, -1);
  ask->answer = numerals[want];
  say_number(ask);
  return true;
}

static bool counted(const WorldObject *o, int category)
{
  int own = (int)world_kind(o->class_id)->category;
  return own == category;
}

bool world_ask_count_category(WorldAsk *ask)
{
  static const uint8_t asked[] = {WORLD_ANIMAL, WORLD_PERSON, WORLD_VEHICLE, WORLD_TOY};
  int category = asked[world_rng_int(ask->sp.rng, sizeof asked)], n = 0;
  for (int i = 0; i < ask->scene->n_objects; i++)
    n += counted(&ask->scene->objects[i], category);
  static const double accept[] = {0.05, 0.12, 0.25, 0.5, 0.8, 1, 1};
  if (n > 6 || !world_rng_chance(ask->sp.rng, accept[n]))
    return false;
  int p = world_phrase(&ask->sp, -1, -1, -1);
  ask->sp.phrases[p].category = category;
  ask->sp.slot[0] = p;
  ask->answer = numerals[n];
  say_number(ask);
  return true;
}

/* Only colours that no hair, tyre, ribbon or window frame has; and nobody is a "red thing" because
 * of what they wear. */
bool world_ask_count_colour(WorldAsk *ask)
{
  int colour = world_rng_int(ask->sp.rng, WORLD_BROWN), n = 0;
  for (int i = 0; i < ask->scene->n_objects; i++) {
    const WorldObject *o = &ask->scene->objects[i];
    if ((int)o->colour == colour && world_is_person(o->class_id))
      return false;
    n += (int)o->colour == colour;
  }
  static const double accept[] = {0.05, 0.06, 0.15, 0.5, 1, 1, 1};
  if (n > 6 || !world_rng_chance(ask->sp.rng, accept[n]))
    return false;
  ask->sp.slot[0] = world_phrase(&ask->sp, -1, -1, colour);
  ask->answer = numerals[n];
  say_number(ask);
  return true;
}

/* "Are there both ..." and "either ... or": one class may be missing. */
bool world_ask_both(WorldAsk *ask)
{
  int a = world_rng_int(ask->sp.rng, WORLD_N_CLASSES),
      b = world_rng_int(ask->sp.rng, WORLD_N_CLASSES);
  bool has_a = ask->facts->count[a] > 0, has_b = ask->facts->count[b] > 0;
  bool either = world_rng_chance(ask->sp.rng, 0.5), yes = world_rng_chance(ask->sp.rng, 0.5);
  if (a == b || (either ? has_a || has_b : has_a && has_b) != yes)
    return false;
  double p = (has_a ? 1 : 0.25) * (has_b ? 1 : 0.25) * (either && yes && has_a != has_b ? 2 : 1) *
             (yes ? 0.8 : 1);
  if (!world_rng_chance(ask->sp.rng, p > 1 ? 1 : p))
    return false;
  ask->sp.slot[0] = world_phrase(&ask->sp, -1, a, -1);
  ask->sp.slot[1] = world_phrase(&ask->sp, -1, b, -1);
  ask->answer = yes ? "yes" : "no";
  if (either)
    WORLD_SAY(&ask->sp, "is there {a!} or {b!} ?", "do you see any {a*} or {b*} ?",
              "can you see {a!} or {b!} in the picture ?");
  else
    WORLD_SAY(&ask->sp, "are there both {a!} and {b!} ?",
              "does the picture show both {a!} and {b!} ?", "do you see both {a!} and {b!} ?");
  return true;
}
