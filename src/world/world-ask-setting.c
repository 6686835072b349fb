/* Questions about the place, the weather and the light. */
#include "world-ask.h"

static int other_place(WorldAsk *ask)
{
  int step = 1 + world_rng_int(ask->sp.rng, WORLD_N_PLACES - 1);
  return ((int)ask->scene->place + step) % WORLD_N_PLACES;
}

bool world_ask_place(WorldAsk *ask)
{
  ask->answer = world_place_name((int)ask->scene->place);
  WORLD_SAY(&ask->sp, "where is this ?", "what place is this ?", "where was this picture taken ?",
            "what kind of place do you see ?", "where are we ?",
            "which place does the picture show ?");
  return true;
}

bool world_ask_place_verify(WorldAsk *ask)
{
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  ask->sp.words[0] = world_place_name(yes ? (int)ask->scene->place : other_place(ask));
  ask->answer = yes ? "yes" : "no";
  WORLD_SAY(&ask->sp, "is this a {0} ?", "does the picture show a {0} ?",
            "is this picture taken at a {0} ?", "are we at the {0} ?");
  return true;
}

bool world_ask_place_choose(WorldAsk *ask)
{
  int first = world_rng_int(ask->sp.rng, 2);
  ask->answer = world_place_name((int)ask->scene->place);
  ask->sp.words[first] = ask->answer;
  ask->sp.words[1 - first] = world_place_name(other_place(ask));
  WORLD_SAY(&ask->sp, "is this a {0} or a {1} ?", "which place is this , a {0} or a {1} ?",
            "does the image show a {0} or a {1} ?");
  return true;
}

bool world_ask_weather(WorldAsk *ask)
{
  if (!world_is_outdoor(ask->scene->place))
    return false;
  ask->answer = world_weather_name((int)ask->scene->weather);
  WORLD_SAY(&ask->sp, "what is the weather like ?", "how is the weather ?",
            "what kind of weather is it ?", "what weather do you see ?");
  return true;
}

bool world_ask_light(WorldAsk *ask)
{
  if (!world_is_outdoor(ask->scene->place) ||
      (ask->scene->light == WORLD_DAY && !world_rng_chance(ask->sp.rng, 0.6)))
    return false;
  ask->answer = world_light_name((int)ask->scene->light);
  WORLD_SAY(&ask->sp, "what time of day is it ?", "is it day , evening or night ?",
            "is it day or night or evening ?", "which time of day does the picture show ?");
  return true;
}
