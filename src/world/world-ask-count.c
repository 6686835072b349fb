/* Questions about what is there, and how much of it. */
#include "world-ask.h"

static const char *const numerals[] = {"0", "1", "2", "3", "4", "5", "6"};

static void say_existence(WorldAsk *ask)
{
  WORLD_SAY(&ask->sp, "is there {a!} ?", "is there {a!} in the picture ?", "do you see {a!} ?",
            "can you see {a!} in the image ?", "are there any {a*} ?", "are there any {a*} in the scene ?",
            "does the picture show {a!} ?", "can you find {a!} here ?");
}

/* Classes are asked about as often with yes as with no: those that are in many scenes of the
 * place are rarer among the yes cases, those in few among the no cases. */
static const uint8_t presence[WORLD_N_CLASSES] = {
  32, 31, 33, 31, 31, 12, 7, 17, 22, 16, 19, 30, 28, 10, 13, 30, 32, 28, 33, 35, 15, 32, 20, 30, 44, 20, 12, 17, 12, 6, 30, 20};

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

/* "Is there a red car?" with no meaning a car of another colour, so that the class tells nothing. */
bool world_ask_exist_colour(WorldAsk *ask)
{
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  int i = world_ask_pick_object(ask);
  const WorldObject *o = &ask->scene->objects[i];
  int colour = yes ? (int)o->colour : world_ask_other_colour(ask, (int)o->class_id, (int)o->colour);
  if (colour < 0 || !world_ask_accepts_colour(ask, colour))
    return false;
  int object = -1, found = 0;
  for (int k = 0; k < ask->scene->n_objects; k++)
    if (ask->scene->objects[k].class_id == o->class_id && (int)ask->scene->objects[k].colour == colour)
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
  const WorldScene *s = ask->scene;
  int i = world_ask_pick_object(ask), anchor = world_ask_pick_object(ask);
  int kind = world_rng_int(ask->sp.rng, WORLD_UNDER + 1), found = 0;
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  WorldClass c = s->objects[i].class_id;
  if (i == anchor || s->objects[anchor].class_id == c)
    return false;
  for (int k = 0; k < s->n_objects; k++) {
    if (s->objects[k].class_id != c)
      continue;
    if (ask->facts->truth[kind][k][anchor] == WORLD_UNCLEAR)
      return false;
    found += ask->facts->truth[kind][k][anchor] == WORLD_YES;
  }
  if (kind == WORLD_ON && world_kind(s->objects[anchor].class_id)->half <= 0)
    return false;
  if (kind == WORLD_UNDER && !(s->objects[anchor].class_id == WORLD_TABLE || s->objects[anchor].class_id == WORLD_BENCH ||
                               s->objects[anchor].class_id == WORLD_CHAIR))
    return false;
  if ((found > 0) != yes)
    return false;
  ask->sp.slot[1] = world_refer(&ask->sp, anchor, 1u << i, 0);
  if (ask->sp.slot[1] < 0)
    return false;
  ask->sp.slot[0] = world_phrase(&ask->sp, found == 1 && ask->facts->count[c] == 1 ? i : -1, (int)c, -1);
  ask->sp.relation = kind;
  ask->focus = anchor;
  ask->answer = yes ? "yes" : "no";
  WORLD_SAY(&ask->sp, "is there {a!} {r} {b} ?", "do you see {a!} {r} {b} ?", "are there any {a*} {r} {b} ?",
            "can you see {a!} {r} {b} ?");
  return true;
}

static void say_number(WorldAsk *ask)
{
  WORLD_SAY(&ask->sp, "how many {a*} are there ?", "how many {a*} do you see ?", "how many {a*} are in the picture ?",
            "what is the number of {a*} ?", "count the {a*} .", "how many {a*} can you see ?", "how many {a*} does the image show ?");
}

bool world_ask_count(WorldAsk *ask)
{
  int want = world_rng_int(ask->sp.rng, 6), c = world_rng_int(ask->sp.rng, WORLD_N_CLASSES);
  if (ask->facts->count[c] != want || (want < 2 && !world_rng_chance(ask->sp.rng, want ? 0.16 : 0.03)))
    return false;
  if (want == 0 && !world_rng_chance(ask->sp.rng, presence[c] / 40.0))
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
  static const double accept[] = {0.12, 0.15, 0.3, 0.7, 1, 1, 1};
  if (n > 6 || !world_rng_chance(ask->sp.rng, accept[n]))
    return false;
  int p = world_phrase(&ask->sp, -1, -1, -1);
  ask->sp.phrases[p].category = category;
  ask->sp.slot[0] = p;
  ask->answer = numerals[n];
  say_number(ask);
  return true;
}

bool world_ask_count_colour(WorldAsk *ask)
{
  int colour = world_rng_int(ask->sp.rng, WORLD_N_ATTRIBUTES), n = 0;
  for (int i = 0; i < ask->scene->n_objects; i++)
    n += (int)ask->scene->objects[i].colour == colour;
  static const double accept[] = {0.06, 0.1, 0.3, 1, 1, 1, 1};
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
  int a = world_rng_int(ask->sp.rng, WORLD_N_CLASSES), b = world_rng_int(ask->sp.rng, WORLD_N_CLASSES);
  bool has_a = ask->facts->count[a] > 0, has_b = ask->facts->count[b] > 0;
  bool either = world_rng_chance(ask->sp.rng, 0.5), yes = world_rng_chance(ask->sp.rng, 0.5);
  if (a == b || (either ? has_a || has_b : has_a && has_b) != yes)
    return false;
  double p = (has_a ? 1 : 0.25) * (has_b ? 1 : 0.25) * (either && yes && has_a != has_b ? 3 : 1);
  if (!world_rng_chance(ask->sp.rng, p > 1 ? 1 : p))
    return false;
  ask->sp.slot[0] = world_phrase(&ask->sp, -1, a, -1);
  ask->sp.slot[1] = world_phrase(&ask->sp, -1, b, -1);
  ask->answer = yes ? "yes" : "no";
  if (either)
    WORLD_SAY(&ask->sp, "is there {a!} or {b!} ?", "do you see any {a*} or {b*} ?", "can you see {a!} or {b!} in the picture ?");
  else
    WORLD_SAY(&ask->sp, "are there both {a!} and {b!} ?", "does the picture show both {a!} and {b!} ?",
              "do you see both {a!} and {b!} ?");
  return true;
}
