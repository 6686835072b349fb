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
  WORLD_SAY(&ask->sp, "where is this ?", "what place is it ?", "where was the picture taken ?",
            "what kind of place do you see ?", "where are we ?",
            "which place does the picture show ?");
  return true;
}

bool world_ask_place_verify(WorldAsk *ask)
{
  bool yes = world_rng_chance(ask->sp.rng, 0.5);
  int place = yes ? (int)ask->scene->place : other_place(ask);
  ask->sp.words[0] = world_place_name(place);
  ask->sp.words[1] = world_place_preposition(place);
  ask->answer = yes ? "yes" : "no";
  WORLD_SAY(&ask->sp, "is this a {0} ?", "does the picture show a {0} ?",
            "was the picture taken {1} the {0} ?", "are we {1} the {0} ?");
  return true;
}

bool world_ask_place_choose(WorldAsk *ask)
{
  int first = world_rng_int(ask->sp.rng, 2);
  ask->answer = world_place_name((int)ask->scene->place);
  ask->sp.words[first] = ask->answer;
  ask->sp.words[1 - first] = world_place_name(other_place(ask));
  WORLD_SAY(&ask->sp, "is this a {0} or a {1} ?", "which place is it , a {0} or a {1} ?",
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
      (ask->scene->light == WORLD_DAY && !world_rng_chance(ask->sp.rng, 0.4)))
    return false;
  ask->answer = world_light_name((int)ask->scene->light);
  WORLD_SAY(&ask->sp, "what time of day is it ?", "is it day , evening or night ?",
            "is it day or night or evening ?", "which time of day does the picture show ?");
  return true;
}
