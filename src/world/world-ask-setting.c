/* Questions about the place, the weather and the light, and the half of the picture. */
#include "world-ask.h"

#include <math.h>

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

static bool has_cloud(const WorldScene *scene)
{
  for (int i = 0; i < scene->n_objects; i++)
    if (scene->objects[i].class_id == WORLD_CLOUD)
      return true;
  return false;
}

/* A clear day with a cloud and a cloudy one without have no one answer. */
bool world_ask_weather(WorldAsk *ask)
{
  WorldWeather weather = ask->scene->weather;
  if (!world_is_outdoor(ask->scene->place) ||
      (weather <= WORLD_CLOUDY && has_cloud(ask->scene) != (weather == WORLD_CLOUDY)))
    return false;
  ask->answer = world_weather_name((int)weather);
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

/* An object that lies wholly in one half, its centre well away from the middle. */
static bool pick_in_half(WorldAsk *ask, bool *left)
{
  int i = world_ask_pick_object(ask);
  const float *box = ask->scene->objects[i].box;
  float middle = WORLD_WIDTH / 2.f, centre = (box[0] + box[2]) / 2;
  *left = centre < middle;
  if (fabsf(centre - middle) < 0.1f * WORLD_WIDTH || (*left ? box[2] > middle : box[0] < middle))
    return false;
  ask->focus = i;
  ask->sp.slot[0] = world_refer(&ask->sp, i, 0, 0);
  return ask->sp.slot[0] >= 0;
}

bool world_ask_position_verify(WorldAsk *ask)
{
  bool left, yes = world_rng_chance(ask->sp.rng, 0.5);
  if (!pick_in_half(ask, &left))
    return false;
  ask->sp.words[0] = left == yes ? "left" : "right";
  ask->answer = yes ? "yes" : "no";
  WORLD_SAY(&ask->sp, "is {a} on the {0} side of the picture ?", "is {a} on the {0} side ?",
            "look at {a} . is {a@} on the {0} side ?", "do you see {a} on the {0} side ?");
  return true;
}

bool world_ask_position_choose(WorldAsk *ask)
{
  bool left;
  if (!pick_in_half(ask, &left))
    return false;
  ask->answer = left ? "left" : "right";
  WORLD_SAY(&ask->sp, "on which side of the picture is {a} ?",
            "is {a} on the left or on the right side ?", "on which side is {a} , left or right ?",
            "on which side of the image do you see {a} ?");
  return true;
}
