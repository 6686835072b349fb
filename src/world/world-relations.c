/* Visible boxes from the drawn masks, and the relations that can be read off them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "world-facts.h"

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

static float common_height(const float a[4], const float b[4])
{
  return (a[3] < b[3] ? a[3] : b[3]) - (a[1] > b[1] ? a[1] : b[1]);
}

/* Left: the centres are farther apart than 0.45 of both widths; no longer unclear under 0.1. */
static WorldTruth left_of(const WorldObject *a, const WorldObject *b)
{
  float both = a->box[2] - a->box[0] + b->box[2] - b->box[0];
  float gap = (b->box[0] + b->box[2] - a->box[0] - a->box[2]) / 2;
  if (gap > 0.45f * both && gap > 24 && in_sky(a) == in_sky(b))
    return WORLD_YES;
  return gap > -0.1f * both ? WORLD_UNCLEAR : WORLD_NO;
}

/* Behind: one above the other on the ground, with base lines 18 pixels apart. */
static WorldTruth behind(const WorldObject *a, const WorldObject *b)
{
  float wa = a->box[2] - a->box[0], wb = b->box[2] - b->box[0];
  float common = common_width(a->box, b->box) / (wa < wb ? wa : wb);
  bool grounded = !in_sky(a) && !in_sky(b) && a->support < 0 && b->support < 0;
  bool above = b->box[3] - a->box[3] > 18 && b->depth - a->depth > 18;
  if (grounded && above && common > 0.5f)
    return WORLD_YES;
  return common < 0.1f || in_sky(a) || in_sky(b) || a->box[3] - b->box[3] > 10 ? WORLD_NO
                                                                               : WORLD_UNCLEAR;
}

static WorldTruth beside(const WorldObject *a, const WorldObject *b)
{
  float gap = -common_width(a->box, b->box);
  bool level = a->support == b->support && fabsf(a->box[3] - b->box[3]) < 30;
  if (in_sky(a) || in_sky(b))
    return gap < 60 && common_height(a->box, b->box) > 0 ? WORLD_UNCLEAR : WORLD_NO;
  if (level && gap > -8 && gap < 36)
    return WORLD_YES;
  return gap > 64 ? WORLD_NO : WORLD_UNCLEAR;
}

static WorldTruth beneath(const WorldObject *a, const WorldObject *b)
{
  float top = b->y + world_kind(b->class_id)->top * b->scale;
  bool covers =
      b->class_id == WORLD_TABLE || b->class_id == WORLD_BENCH || b->class_id == WORLD_CHAIR;
  bool inside = a->box[0] > b->full[0] && a->box[2] < b->full[2] && a->box[3] < b->full[3] + 1 &&
                a->box[1] > top;
  if (covers && inside && a->support < 0 && fabsf(a->depth - b->depth) < 1)
    return WORLD_YES;
  return common_width(a->box, b->full) < 4 || common_height(a->box, b->full) < -20 ? WORLD_NO
                                                                                   : WORLD_UNCLEAR;
}

/* On, holding, wearing are how the scene was built; where boxes touch otherwise, it is unclear. */
static WorldTruth attached(const WorldScene *s, int i, int j, WorldRelationKind kind)
{
  int part = kind == WORLD_ON ? i : j, whole = kind == WORLD_ON ? j : i;
  const WorldObject *p = &s->objects[part], *w = &s->objects[whole];
  bool surface = world_kind(w->class_id)->half > 0;
  bool right_kind = kind == WORLD_ON ? surface
                    : kind == WORLD_WEARING
                        ? p->class_id == WORLD_HAT && !surface
                        : p->class_id != WORLD_HAT && world_is_person(w->class_id);
  if (p->support == whole)
    return right_kind ? WORLD_YES : WORLD_NO;
  bool apart = common_width(p->box, w->full) < -4 || common_height(p->box, w->full) < -4;
  return apart || p->support >= 0 ? WORLD_NO : WORLD_UNCLEAR;
}

WorldTruth world_relation_truth(const WorldScene *scene, int i, WorldRelationKind kind, int j)
{
  const WorldObject *a = &scene->objects[i], *b = &scene->objects[j];
  bool bound = a->support == j || b->support == i;
  WorldTruth truth;
  if (kind >= WORLD_ON && kind != WORLD_UNDER)
    return attached(scene, i, j, kind);
  if (kind == WORLD_LEFT_OF || kind == WORLD_RIGHT_OF)
    truth = kind == WORLD_LEFT_OF ? left_of(a, b) : left_of(b, a);
  else if (kind == WORLD_BEHIND || kind == WORLD_IN_FRONT_OF)
    truth = kind == WORLD_BEHIND ? behind(a, b) : behind(b, a);
  else
    truth = kind == WORLD_NEXT_TO ? beside(a, b) : beneath(a, b);
  if (kind != WORLD_UNDER && (bound || beneath(a, b) == WORLD_YES || beneath(b, a) == WORLD_YES))
    return WORLD_UNCLEAR;
  return bound ? WORLD_NO : truth;
}

void world_facts(WorldFacts *facts, const WorldScene *scene)
{
  memset(facts, 0, sizeof *facts);
  facts->scene = scene;
  for (int i = 0; i < scene->n_objects; i++) {
    facts->count[scene->objects[i].class_id]++;
    for (int j = 0; j < scene->n_objects; j++)
      for (int kind = 0; kind < WORLD_N_RELATIONS && i != j; kind++)
        facts->truth[kind][i][j] = (uint8_t)world_relation_truth(scene, i, kind, j);
  }
}

bool world_find_relations(WorldScene *scene)
{
  int n = scene->n_objects;
  WorldRelation *list = malloc(sizeof *list * (size_t)(n * n * 4 + 1));
  if (!list)
    return false;
  scene->relations = list;
  scene->n_relations = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int kind = 0; kind < WORLD_N_RELATIONS; kind++)
        if (i != j && world_relation_truth(scene, i, kind, j) == WORLD_YES)
          list[scene->n_relations++] = (WorldRelation){(uint8_t)i, (uint8_t)kind, (uint8_t)j};
  return true;
}
