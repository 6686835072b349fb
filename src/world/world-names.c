#include "world-kinds.h"

static const char *attributes[] = {"red",  "orange", "yellow", "green", "blue", "purple",
                                   "pink", "brown",  "black",  "white", "gray"};
static const char *sizes[] = {"medium", "small", "large"};
static const char *states[] = {"none", "sitting", "standing", "flying", "open", "closed"};
static const char *places[] = {"park",        "street",  "mountain", "village",
                               "living room", "kitchen", "beach"};
static const char *weathers[] = {"clear", "cloudy", "rainy", "snowy"};
static const char *lights[] = {"day", "evening", "night"};
static const char *relations[] = {"to the left of", "to the right of", "behind",
                                  "in front of",    "next to",         "on",
                                  "under",          "holding",         "wearing"};
static const char *splits[] = {"train", "minival", "test", "heldout"};

#define GET(list, n) ((unsigned)i < (unsigned)(n) ? (list)[i] : NULL)

int world_n_classes(void)
{
  return WORLD_N_CLASSES;
}

int world_n_attributes(void)
{
  return WORLD_N_ATTRIBUTES;
}

const char *world_class_name(int i)
{
  return (unsigned)i < WORLD_N_CLASSES ? world_kind(i)->name : NULL;
}

const char *world_class_plural(int i)
{
  return (unsigned)i < WORLD_N_CLASSES ? world_kind(i)->plural : NULL;
}

const char *world_attribute_name(int i)
{
  return GET(attributes, WORLD_N_ATTRIBUTES);
}

const char *world_size_name(int i)
{
  return GET(sizes, WORLD_N_SIZES);
}

const char *world_state_name(int i)
{
  return GET(states, WORLD_N_STATES);
}

const char *world_place_name(int i)
{
  return GET(places, WORLD_N_PLACES);
}

const char *world_weather_name(int i)
{
  return GET(weathers, WORLD_N_WEATHERS);
}

const char *world_light_name(int i)
{
  return GET(lights, WORLD_N_LIGHTS);
}

const char *world_relation_name(int i)
{
  return GET(relations, WORLD_N_RELATIONS);
}

const char *world_split_name(int i)
{
  return GET(splits, WORLD_N_SPLITS);
}
