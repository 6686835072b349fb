#include "world-scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world-kinds.h"
#include "world-layout.h"
#include "world-rng.h"

enum { MIN_OBJECTS = 4, MIN_SIDE = 20 };

static void choose_setting(WorldScene *s, WorldRng *rng)
{
  s->place = world_rng_int(rng, WORLD_N_PLACES);
  s->light = world_rng_chance(rng, 0.55)  ? WORLD_DAY
             : world_rng_chance(rng, 0.5) ? WORLD_EVENING
                                          : WORLD_NIGHT;
  s->weather = world_rng_int(rng, WORLD_N_WEATHERS);
  if (s->place == WORLD_VILLAGE && s->light == WORLD_DAY && world_rng_chance(rng, 0.75))
    s->light = WORLD_NIGHT;
  if (s->place == WORLD_BEACH && s->weather == WORLD_SNOWY)
    s->weather = WORLD_CLEAR;
  if (s->place == WORLD_MOUNTAIN && s->weather == WORLD_RAINY)
    s->weather = WORLD_SNOWY;
}

static int compare_depth(const WorldScene *s, int a, int b)
{
  float d = s->objects[a].depth - s->objects[b].depth;
  return d < 0 ? -1 : d > 0 ? 1 : a - b;
}

/* Removes an object and all that it carries, then renumbers the supports. */
static void drop_and_sort(WorldScene *s, const bool *keep)
{
  int order[WORLD_MAX_OBJECTS], place_of[WORLD_MAX_OBJECTS], n = 0;
  for (int i = 0; i < s->n_objects; i++)
    if (keep[i])
      order[n++] = i;
  for (int i = 1; i < n; i++)
    for (int j = i; j > 0 && compare_depth(s, order[j - 1], order[j]) > 0; j--) {
      int t = order[j];
      order[j] = order[j - 1];
      order[j - 1] = t;
    }
  WorldObject sorted[WORLD_MAX_OBJECTS];
  for (int i = 0; i < n; i++) {
    sorted[i] = s->objects[order[i]];
    place_of[order[i]] = i;
  }
  for (int i = 0; i < n; i++)
    if (sorted[i].support >= 0)
      sorted[i].support = place_of[sorted[i].support];
  memcpy(s->objects, sorted, (size_t)n * sizeof *sorted);
  s->n_objects = n;
}

/* More than half of it is to be seen, and that is not tiny. */
static bool is_plain(const WorldObject *o)
{
  return o->visible > 0.5f && o->box[2] - o->box[0] >= MIN_SIDE &&
         o->box[3] - o->box[1] >= MIN_SIDE;
}

/* Objects that are too hidden leave the scene, so that everything in it can be found. */
static void settle(WorldScene *s)
{
  bool again = true;
  bool keep[WORLD_MAX_OBJECTS];
  memset(keep, true, sizeof keep);
  drop_and_sort(s, keep);
  while (again) {
    again = false;
    world_find_visible(s);
    memset(keep, true, sizeof keep);
    for (int i = 0; i < s->n_objects; i++)
      keep[i] = is_plain(&s->objects[i]);
    for (int pass = 0; pass < s->n_objects; pass++)
      for (int i = 0; i < s->n_objects; i++)
        if (s->objects[i].support >= 0 && !keep[s->objects[i].support])
          keep[i] = false;
    for (int i = 0; i < s->n_objects; i++)
      again = again || !keep[i];
    if (again)
      drop_and_sort(s, keep);
  }
}

static void set_sizes(WorldScene *s)
{
  for (int i = 0; i < s->n_objects; i++) {
    float scale = s->objects[i].scale;
    s->objects[i].size = scale < 0.68f ? WORLD_SMALL : scale > 1.06f ? WORLD_LARGE : WORLD_MEDIUM;
  }
}

static bool is_acceptable(const WorldScene *s)
{
  bool held = false;
  for (int i = 0; i < s->n_objects; i++)
    held = held || world_pair_is_held_out(s->objects[i].class_id, s->objects[i].colour);
  return s->n_objects >= MIN_OBJECTS && held == (s->split == WORLD_SPLIT_HELDOUT);
}

WorldScene *world_scene_new(uint64_t seed, WorldSplit split)
{
  WorldScene *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  WorldRng rng = world_rng(seed, (uint64_t)split);
  do {
    s->seed = seed;
    s->split = split;
    choose_setting(s, &rng);
    world_layout(s, &rng);
    settle(s);
  } while (!is_acceptable(s));
  set_sizes(s);
  if (!world_find_relations(s)) {
    world_scene_free(s);
    return NULL;
  }
  return s;
}

void world_scene_free(WorldScene *scene)
{
  if (!scene)
    return;
  free(scene->relations);
  free(scene);
}

uint64_t world_scene_seed(uint64_t base, WorldSplit split, int index)
{
  return world_mix(world_mix(base * 8 + (uint64_t)split) + (uint64_t)index);
}

void world_image_id(WorldSplit split, int index, char *out, size_t size)
{
  snprintf(out, size, "world_%s_%012d", world_split_name(split), index);
}
