/* Visible boxes from the drawn masks, and the relations that can be read off them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "world-kinds.h"

/* Stamps object `k` into the map of who is seen where. */
static int stamp(const WorldObject *o, int k, uint8_t *who)
{
  const WorldShape *s = world_shape(o->class_id, o->state);
  int x1 = (int)floorf(o->full[0]), x2 = (int)ceilf(o->full[2]), inked = 0;
  int y1 = (int)floorf(o->full[1]), y2 = (int)ceilf(o->full[3]);
  float step = 2 / o->scale;
  if (!s->mask)
    return 0;
  for (int y = y1 < 0 ? 0 : y1; y < y2 && y < WORLD_HEIGHT; y++) {
    int v = (int)floorf((y + 0.5f - o->full[1]) * step);
    if (v < 0 || v >= s->height)
      continue;
    const uint8_t *row = s->mask + (size_t)v * s->width;
    for (int x = x1 < 0 ? 0 : x1; x < x2 && x < WORLD_WIDTH; x++) {
      int u = (int)floorf((x + 0.5f - o->full[0]) * step);
      u = o->flip ? s->width - 1 - u : u;
      if (u < 0 || u >= s->width || !row[u])
        continue;
      who[y * WORLD_WIDTH + x] = (uint8_t)(k + 1);
      inked++;
    }
  }
  return inked;
}

static void seen_box(WorldObject *o, int k, int inked, const uint8_t *who)
{
  int x1 = WORLD_WIDTH, y1 = WORLD_HEIGHT, x2 = 0, y2 = 0, seen = 0;
  for (int y = (int)fmaxf(0, floorf(o->full[1])); y < WORLD_HEIGHT && y < o->full[3]; y++)
    for (int x = (int)fmaxf(0, floorf(o->full[0])); x < WORLD_WIDTH && x < o->full[2]; x++)
      if (who[y * WORLD_WIDTH + x] == k + 1) {
        x1 = x < x1 ? x : x1;
        x2 = x >= x2 ? x + 1 : x2;
        y1 = y < y1 ? y : y1;
        y2 = y + 1;
        seen++;
      }
  o->visible = inked ? (float)seen / (float)inked : 0;
  if (!seen)
    return;
  o->box[0] = (float)x1;
  o->box[1] = (float)y1;
  o->box[2] = (float)x2;
  o->box[3] = (float)y2;
}

void world_find_visible(WorldScene *scene)
{
  int inked[WORLD_MAX_OBJECTS];
  uint8_t *who = calloc(WORLD_HEIGHT, WORLD_WIDTH);
  if (!who)
    return;
  for (int i = 0; i < scene->n_objects; i++)
    inked[i] = stamp(&scene->objects[i], i, who);
  for (int i = 0; i < scene->n_objects; i++)
    seen_box(&scene->objects[i], i, inked[i], who);
  free(who);
}

static bool in_sky(const WorldObject *o)
{
  return o->depth <= 0;
}

static float common_width(const float a[4], const float b[4])
{
  return (a[2] < b[2] ? a[2] : b[2]) - (a[0] > b[0] ? a[0] : b[0]);
}

static bool is_left(const WorldObject *a, const WorldObject *b)
{
  float wa = a->box[2] - a->box[0], wb = b->box[2] - b->box[0];
  float gap = (b->box[0] + b->box[2] - a->box[0] - a->box[2]) / 2;
  return in_sky(a) == in_sky(b) && gap > 0.45f * (wa + wb) && gap > 24;
}

static bool is_beneath(const WorldObject *a, const WorldObject *b)
{
  bool covers = b->class_id == WORLD_TABLE || b->class_id == WORLD_BENCH || b->class_id == WORLD_CHAIR;
  return covers && a->support < 0 && !in_sky(a) && a->box[0] > b->full[0] && a->box[2] < b->full[2] &&
         a->box[3] < b->full[3] + 1 && fabsf(a->depth - b->depth) < 1 &&
         a->box[1] > b->y + world_kind(b->class_id)->top * b->scale;
}

static bool is_behind(const WorldObject *a, const WorldObject *b)
{
  float wa = a->box[2] - a->box[0], wb = b->box[2] - b->box[0];
  return !in_sky(a) && !in_sky(b) && a->support < 0 && b->support < 0 &&
         common_width(a->box, b->box) > 0.5f * (wa < wb ? wa : wb) && b->box[3] - a->box[3] > 18 &&
         b->depth - a->depth > 18;
}

static bool is_beside(const WorldObject *a, const WorldObject *b)
{
  float gap = -common_width(a->box, b->box);
  bool level = a->support == b->support && fabsf(a->box[3] - b->box[3]) < 30;
  return !in_sky(a) && !in_sky(b) && level && gap > -8 && gap < 36;
}

static bool holds(const WorldObject *a, const WorldObject *b, int b_index)
{
  return world_is_person(b->class_id) && a->support == b_index;
}

static unsigned relations_of(const WorldScene *s, int i, int j)
{
  const WorldObject *a = &s->objects[i], *b = &s->objects[j];
  if (a->support == j) {
    if (a->class_id == WORLD_HAT && world_kind(b->class_id)->half <= 0)
      return 0;
    return holds(a, b, j) ? 0 : 1u << WORLD_ON;
  }
  if (b->support == i) {
    if (b->class_id == WORLD_HAT && world_kind(a->class_id)->half <= 0)
      return 1u << WORLD_WEARING;
    return holds(b, a, i) ? 1u << WORLD_HOLDING : 0;
  }
  if (is_beneath(a, b))
    return 1u << WORLD_UNDER;
  if (is_beneath(b, a))
    return 0;
  unsigned set = 0;
  set |= is_left(a, b) ? 1u << WORLD_LEFT_OF : 0;
  set |= is_left(b, a) ? 1u << WORLD_RIGHT_OF : 0;
  set |= is_behind(a, b) ? 1u << WORLD_BEHIND : 0;
  set |= is_behind(b, a) ? 1u << WORLD_IN_FRONT_OF : 0;
  set |= is_beside(a, b) ? 1u << WORLD_NEXT_TO : 0;
  return set;
}

bool world_find_relations(WorldScene *scene)
{
  int n = scene->n_objects;
  WorldRelation *list = malloc(sizeof *list * (size_t)(n * n * 3 + 1));
  if (!list)
    return false;
  scene->relations = list;
  scene->n_relations = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      unsigned set = i == j ? 0 : relations_of(scene, i, j);
      for (int kind = 0; kind < WORLD_N_RELATIONS; kind++)
        if (set >> kind & 1)
          list[scene->n_relations++] = (WorldRelation){(uint8_t)i, (uint8_t)kind, (uint8_t)j};
    }
  return true;
}
