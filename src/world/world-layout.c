#include "world-layout.h"

#include <string.h>

/* What may stand in each place; classes named twice are twice as frequent. */
static const uint8_t *const pools[WORLD_N_PLACES] = {
    [WORLD_PARK] = (const uint8_t[]){WORLD_CAT,      WORLD_DOG,      WORLD_BIRD,     WORLD_MAN,
                                     WORLD_WOMAN,    WORLD_BICYCLE,  WORLD_TREE,     WORLD_TREE,
                                     WORLD_FIR,      WORLD_BENCH,    WORLD_BENCH,    WORLD_KITE,
                                     WORLD_UMBRELLA, WORLD_BALL,     WORLD_BOOK,     WORLD_BAG,
                                     WORLD_HAT,      WORLD_GIFT,     WORLD_MUSHROOM, WORLD_MUSHROOM,
                                     WORLD_APPLE,    WORLD_BALLOON,  WORLD_TABLE,    WORLD_CHAIR,
                                     WORLD_HOUSE,    WORLD_N_CLASSES},
    [WORLD_STREET] =
        (const uint8_t[]){WORLD_CAR,     WORLD_CAR,      WORLD_BUS,   WORLD_BUS,     WORLD_BICYCLE,
                          WORLD_BICYCLE, WORLD_MAN,      WORLD_WOMAN, WORLD_HOUSE,   WORLD_HOUSE,
                          WORLD_TREE,    WORLD_DOG,      WORLD_CAT,   WORLD_BIRD,    WORLD_UMBRELLA,
                          WORLD_BAG,     WORLD_HAT,      WORLD_BENCH, WORLD_BALLOON, WORLD_BALL,
                          WORLD_GIFT,    WORLD_N_CLASSES},
    [WORLD_MOUNTAIN] =
        (const uint8_t[]){WORLD_FIR,   WORLD_FIR,      WORLD_HOUSE, WORLD_MAN,  WORLD_WOMAN,
                          WORLD_DOG,   WORLD_CAT,      WORLD_BIRD,  WORLD_HAT,  WORLD_HAT,
                          WORLD_BAG,   WORLD_GIFT,     WORLD_BALL,  WORLD_KITE, WORLD_TREE,
                          WORLD_BENCH, WORLD_UMBRELLA, WORLD_CAR,   WORLD_CUP,  WORLD_N_CLASSES},
    [WORLD_VILLAGE] =
        (const uint8_t[]){WORLD_HOUSE,    WORLD_HOUSE,    WORLD_FIR,     WORLD_TREE, WORLD_CAR,
                          WORLD_BICYCLE,  WORLD_MAN,      WORLD_WOMAN,   WORLD_CAT,  WORLD_DOG,
                          WORLD_BENCH,    WORLD_GIFT,     WORLD_BALLOON, WORLD_BAG,  WORLD_HAT,
                          WORLD_UMBRELLA, WORLD_MUSHROOM, WORLD_APPLE,   WORLD_BUS,  WORLD_BIRD,
                          WORLD_N_CLASSES},
    [WORLD_LIVING_ROOM] =
        (const uint8_t[]){WORLD_SOFA,  WORLD_SOFA,     WORLD_CHAIR,   WORLD_TABLE, WORLD_LAMP,
                          WORLD_LAMP,  WORLD_CAT,      WORLD_DOG,     WORLD_VASE,  WORLD_BOOK,
                          WORLD_BAG,   WORLD_BALL,     WORLD_GIFT,    WORLD_HAT,   WORLD_MAN,
                          WORLD_WOMAN, WORLD_CUP,      WORLD_BALLOON, WORLD_APPLE, WORLD_UMBRELLA,
                          WORLD_BIRD,  WORLD_N_CLASSES},
    [WORLD_KITCHEN] =
        (const uint8_t[]){WORLD_TABLE,    WORLD_TABLE, WORLD_CHAIR, WORLD_CHAIR, WORLD_VASE,
                          WORLD_CUP,      WORLD_CUP,   WORLD_APPLE, WORLD_APPLE, WORLD_MUSHROOM,
                          WORLD_CAT,      WORLD_DOG,   WORLD_BOOK,  WORLD_BAG,   WORLD_LAMP,
                          WORLD_MAN,      WORLD_WOMAN, WORLD_GIFT,  WORLD_HAT,   WORLD_BALL,
                          WORLD_N_CLASSES},
    [WORLD_BEACH] =
        (const uint8_t[]){WORLD_BOAT,     WORLD_BOAT, WORLD_UMBRELLA, WORLD_UMBRELLA, WORLD_BALL,
                          WORLD_BAG,      WORLD_MAN,  WORLD_WOMAN,    WORLD_DOG,      WORLD_BIRD,
                          WORLD_KITE,     WORLD_KITE, WORLD_HAT,      WORLD_BOOK,     WORLD_CHAIR,
                          WORLD_BALLOON,  WORLD_CUP,  WORLD_TABLE,    WORLD_APPLE,    WORLD_BICYCLE,
                          WORLD_N_CLASSES},
};

/* Classes of which several may stand together, for counting. */
static const uint8_t flocks[] = {
    WORLD_BALL,     WORLD_APPLE,    WORLD_BIRD, WORLD_BALLOON, WORLD_CAT,  WORLD_DOG,  WORLD_TREE,
    WORLD_FIR,      WORLD_MUSHROOM, WORLD_GIFT, WORLD_BOOK,    WORLD_CUP,  WORLD_VASE, WORLD_CHAIR,
    WORLD_UMBRELLA, WORLD_CAR,      WORLD_BAG,  WORLD_HAT,     WORLD_KITE, WORLD_MAN,  WORLD_WOMAN,
    WORLD_HOUSE,    WORLD_BICYCLE,  WORLD_BOAT, WORLD_LAMP};

typedef struct {
  WorldScene *scene;
  WorldRng *rng;
  bool hand_taken[WORLD_MAX_OBJECTS], head_taken[WORLD_MAX_OBJECTS];
} Layout;

static int pool_size(const uint8_t *pool)
{
  int n = 0;
  while (pool[n] != WORLD_N_CLASSES)
    n++;
  return n;
}

static bool in_pool(WorldPlace place, WorldClass c)
{
  for (const uint8_t *p = pools[place]; *p != WORLD_N_CLASSES; p++)
    if (*p == c)
      return true;
  return false;
}

static WorldColour pick_colour(Layout *l, WorldClass c)
{
  const WorldKind *kind = world_kind(c);
  bool held =
      l->scene->split == WORLD_SPLIT_HELDOUT && kind->held_out && world_rng_chance(l->rng, 0.5);
  unsigned mask = held ? kind->held_out : kind->colours & ~kind->held_out;
  if (c == WORLD_CLOUD && l->scene->light != WORLD_EVENING)
    mask &= ~(1u << WORLD_PINK);
  int n = world_rng_int(l->rng, __builtin_popcount(mask));
  for (int i = 0; i < WORLD_N_ATTRIBUTES; i++)
    if (mask >> i & 1 && n-- == 0)
      return i;
  return 0;
}

static WorldObject make(Layout *l, WorldClass c)
{
  const WorldKind *kind = world_kind(c);
  WorldObject o = {.class_id = c, .colour = pick_colour(l, c), .support = -1, .visible = 1};
  o.state = kind->states[1] ? kind->states[world_rng_int(l->rng, 2)] : kind->states[0];
  o.flip = world_rng_chance(l->rng, 0.5);
  o.detail = (uint32_t)world_rng_int(l->rng, 1 << 16);
  return o;
}

static void set_full(WorldObject *o)
{
  const WorldShape *s = world_shape(o->class_id, o->state);
  float left = o->flip ? -s->x2 : s->x1, right = o->flip ? -s->x1 : s->x2;
  o->full[0] = o->x + left * o->scale;
  o->full[1] = o->y + s->y1 * o->scale;
  o->full[2] = o->x + right * o->scale;
  o->full[3] = o->y + s->y2 * o->scale;
  memcpy(o->box, o->full, sizeof o->box);
}

static float area(const float b[4])
{
  return (b[2] - b[0]) * (b[3] - b[1]);
}

static float overlap(const float a[4], const float b[4])
{
  float w = (a[2] < b[2] ? a[2] : b[2]) - (a[0] > b[0] ? a[0] : b[0]);
  float h = (a[3] < b[3] ? a[3] : b[3]) - (a[1] > b[1] ? a[1] : b[1]);
  return w > 0 && h > 0 ? w * h : 0;
}

/* Whether the object fits beside the ones already there; `skip` (its support) and what lies
 * under it are not counted. */
static bool fits(const Layout *l, const WorldObject *o, int skip, float limit)
{
  if (o->full[0] < 3 || o->full[1] < 3 || o->full[2] > WORLD_WIDTH - 3 ||
      o->full[3] > WORLD_HEIGHT - 2)
    return false;
  for (int i = 0; i < l->scene->n_objects; i++) {
    const WorldObject *q = &l->scene->objects[i];
    if (i == skip)
      continue;
    float both = overlap(o->full, q->full);
    const WorldObject *hidden = q->depth < o->depth ? q : o;
    if (both > limit * area(hidden->full) || both > 0.75f * area(o->full))
      return false;
    if (both > 0 && skip < 0 && q->support < 0 && q->depth > 0 && o->depth > 0 &&
        q->depth - o->depth < 8 && o->depth - q->depth < 8)
      return false;
  }
  return true;
}

static void add(Layout *l, WorldObject o)
{
  l->scene->objects[l->scene->n_objects++] = o;
}

static bool is_aerial(const WorldObject *o)
{
  return o->state == WORLD_FLYING || world_kind(o->class_id)->category == WORLD_SKY;
}

static bool place_in_air(Layout *l, WorldObject o)
{
  const WorldGround *g = world_ground(l->scene->place);
  bool outdoors = world_is_outdoor(l->scene->place);
  for (int attempt = 0; attempt < 30; attempt++) {
    o.scale = (float)world_rng_range(l->rng, 0.72, o.class_id == WORLD_CLOUD ? 1.3 : 1.05);
    o.x = (float)world_rng_range(l->rng, 30, WORLD_WIDTH - 30);
    o.y = (float)world_rng_range(l->rng, 70, g->horizon + (outdoors ? 20 : -60));
    o.depth = world_kind(o.class_id)->category == WORLD_SKY ? -1 : 0;
    set_full(&o);
    if (fits(l, &o, -1, 0.06f)) {
      add(l, o);
      return true;
    }
  }
  return false;
}

/* Base lines where a class may stand. */
static void ground_range(WorldPlace place, WorldClass c, float *low, float *high)
{
  const WorldGround *g = world_ground(place);
  *low = g->far;
  *high = 470;
  if (c == WORLD_HOUSE)
    *high = g->far + 24;
  else if (c == WORLD_BOAT)
    *low = 216, *high = 252;
  else if (place == WORLD_STREET && (c == WORLD_CAR || c == WORLD_BUS))
    *low = 345, *high = 425;
  else if (place == WORLD_STREET && (c == WORLD_TREE || world_kind(c)->category == WORLD_FURNITURE))
    *high = g->far + 38;
  else if (c == WORLD_TREE || c == WORLD_FIR || c == WORLD_BUS || c == WORLD_SOFA)
    *high = g->far + 110;
  else if (world_kind(c)->bulk == 1)
    *low = g->far + 40;
}

static float scale_at(WorldPlace place, float y)
{
  const WorldGround *g = world_ground(place);
  return g->far_scale + (g->near_scale - g->far_scale) * (y - g->far) / (470 - g->far);
}

static float size_factor(Layout *l, WorldClass c)
{
  static const float factors[] = {0.8f, 1.0f, 1.0f, 1.3f};
  if (c == WORLD_BUS || c == WORLD_SOFA || c == WORLD_HOUSE)
    return 0.9f;
  if (world_is_person(c))
    return (float)world_rng_range(l->rng, 0.92, 1.06);
  return factors[world_rng_int(l->rng, 4)];
}

static bool place_on_ground(Layout *l, WorldObject o)
{
  float low, high, factor = size_factor(l, o.class_id);
  ground_range(l->scene->place, o.class_id, &low, &high);
  for (int attempt = 0; attempt < 40; attempt++) {
    o.y = (float)world_rng_range(l->rng, low, high);
    o.x = (float)world_rng_range(l->rng, 15, WORLD_WIDTH - 15);
    o.scale = scale_at(l->scene->place, o.y) * factor;
    if (o.scale < 0.62f && world_kind(o.class_id)->bulk == 1)
      o.scale = 0.62f;
    o.depth = o.y;
    set_full(&o);
    if (fits(l, &o, -1, 0.34f)) {
      add(l, o);
      return true;
    }
  }
  return false;
}

/* Puts a small thing or beast on a table, chair, sofa or bench. */
static bool place_on_support(Layout *l, WorldObject o)
{
  if (o.class_id == WORLD_UMBRELLA || o.class_id == WORLD_DOG)
    return false;
  int start = world_rng_int(l->rng, l->scene->n_objects ? l->scene->n_objects : 1);
  for (int i = 0; i < l->scene->n_objects; i++) {
    int k = (start + i) % l->scene->n_objects;
    const WorldObject *s = &l->scene->objects[k];
    const WorldKind *kind = world_kind(s->class_id);
    const WorldShape *shape = world_shape(o.class_id, o.state);
    if (kind->half <= 0)
      continue;
    o.scale = s->scale * 0.95f;
    float half = (shape->x2 - shape->x1) / 2 * o.scale, room = kind->half * s->scale - half * 0.8f;
    if (room < 0)
      continue;
    for (int attempt = 0; attempt < 8; attempt++) {
      o.x = s->x + (float)world_rng_range(l->rng, -room, room);
      o.y = s->y + (kind->top + (float)world_rng_range(l->rng, -3, 5)) * s->scale;
      o.depth = s->depth + 0.5f;
      o.support = k;
      set_full(&o);
      if (fits(l, &o, k, 0.05f)) {
        add(l, o);
        return true;
      }
    }
  }
  return false;
}

static bool place_under(Layout *l, WorldObject o)
{
  for (int k = 0; k < l->scene->n_objects; k++) {
    const WorldObject *s = &l->scene->objects[k];
    if (s->class_id != WORLD_TABLE && s->class_id != WORLD_BENCH && s->class_id != WORLD_CHAIR)
      continue;
    const WorldShape *shape = world_shape(o.class_id, o.state),
                     *cover = world_shape(s->class_id, s->state);
    float height = (shape->y2 - shape->y1), room = -world_kind(s->class_id)->top * s->scale * 0.74f;
    o.scale = s->scale < room / height ? s->scale : room / height;
    float width = (shape->x2 - shape->x1) * o.scale,
          free = ((cover->x2 - cover->x1) * s->scale - width) / 2 - 14;
    if (o.scale < 0.5f || free < 0)
      continue;
    o.x = s->x + (float)world_rng_range(l->rng, -free, free);
    o.y = s->y - 5 * s->scale;
    o.depth = s->depth - 0.5f;
    set_full(&o);
    if (fits(l, &o, k, 0.3f)) {
      add(l, o);
      return true;
    }
  }
  return false;
}

static bool place_on_head(Layout *l, WorldObject o)
{
  for (int k = 0; k < l->scene->n_objects; k++) {
    const WorldObject *s = &l->scene->objects[k];
    bool beast =
        (s->class_id == WORLD_CAT || s->class_id == WORLD_DOG) && s->state == WORLD_SITTING;
    if (l->head_taken[k] || !(beast || world_is_person(s->class_id)))
      continue;
    float dx = s->class_id == WORLD_DOG ? 6 : 0;
    float dy = s->class_id == WORLD_CAT ? -73 : s->class_id == WORLD_DOG ? -94 : -191;
    o.scale = s->scale * (beast ? 0.62f : 0.86f);
    o.x = s->x + (s->flip ? -dx : dx) * s->scale;
    o.y = s->y + dy * s->scale;
    o.depth = s->depth + 0.5f;
    o.support = k;
    set_full(&o);
    if (o.full[2] - o.full[0] < 30 || !fits(l, &o, k, 0.2f))
      continue;
    l->head_taken[k] = true;
    add(l, o);
    return true;
  }
  return false;
}

static bool place_in_hand(Layout *l, WorldObject o)
{
  for (int k = 0; k < l->scene->n_objects; k++) {
    const WorldObject *s = &l->scene->objects[k];
    if (l->hand_taken[k] || !world_is_person(s->class_id))
      continue;
    float dy = o.class_id == WORLD_BAG ? 70.f : o.class_id == WORLD_UMBRELLA ? 6.f : 3.f;
    if (o.class_id == WORLD_UMBRELLA)
      o.state = WORLD_OPEN;
    o.scale = s->scale * 0.9f;
    o.x = s->x + (s->flip ? -53 : 53) * s->scale;
    o.y = s->y + -117 * s->scale + dy * o.scale;
    o.depth = s->depth + (o.class_id == WORLD_UMBRELLA ? -0.5f : 0.5f);
    o.support = k;
    set_full(&o);
    if (!fits(l, &o, k, 0.25f))
      continue;
    l->hand_taken[k] = true;
    add(l, o);
    return true;
  }
  return false;
}

static bool holdable(WorldClass c)
{
  return c == WORLD_UMBRELLA || c == WORLD_BALLOON || c == WORLD_BAG || c == WORLD_BOOK ||
         c == WORLD_BALL || c == WORLD_GIFT || c == WORLD_CUP || c == WORLD_APPLE;
}

static void place(Layout *l, WorldClass c)
{
  WorldObject o = make(l, c);
  const WorldKind *kind = world_kind(c);
  if (c == WORLD_HAT && world_rng_chance(l->rng, 0.75) && place_on_head(l, o))
    return;
  if (holdable(c) && world_rng_chance(l->rng, 0.45) && place_in_hand(l, o))
    return;
  if (is_aerial(&o)) {
    place_in_air(l, o);
    return;
  }
  bool small = kind->bulk == 1 || c == WORLD_CAT;
  if (small && world_rng_chance(l->rng, 0.3) && place_under(l, o))
    return;
  if (small && world_rng_chance(l->rng, 0.65) && place_on_support(l, o))
    return;
  place_on_ground(l, o);
}

static int plan_sky(Layout *l, uint8_t *plan)
{
  const WorldScene *s = l->scene;
  int n = 0;
  if (!world_is_outdoor(s->place))
    return 0;
  if (s->light != WORLD_NIGHT && s->weather <= WORLD_CLOUDY && world_rng_chance(l->rng, 0.6))
    plan[n++] = WORLD_SUN;
  if (s->light == WORLD_NIGHT && world_rng_chance(l->rng, 0.65))
    plan[n++] = WORLD_MOON;
  int clouds = s->weather == WORLD_CLEAR ? world_rng_int(l->rng, 2) : 1 + world_rng_int(l->rng, 2);
  while (clouds-- > 0)
    plan[n++] = WORLD_CLOUD;
  return n;
}

static int plan_ground(Layout *l, uint8_t *plan, int n, int total)
{
  const uint8_t *pool = pools[l->scene->place];
  int size = pool_size(pool);
  if (world_rng_chance(l->rng, 0.75)) {
    WorldClass c;
    do
      c = flocks[world_rng_int(l->rng, sizeof flocks)];
    while (!in_pool(l->scene->place, c));
    for (int many = 2 + world_rng_int(l->rng, 4); many > 0 && n < total; many--)
      plan[n++] = c;
  }
  static const uint8_t supports[WORLD_N_PLACES][2] = {
      {WORLD_BENCH, WORLD_TABLE}, {WORLD_BENCH, WORLD_BENCH}, {WORLD_BENCH, WORLD_BENCH},
      {WORLD_BENCH, WORLD_BENCH}, {WORLD_SOFA, WORLD_TABLE},  {WORLD_TABLE, WORLD_CHAIR},
      {WORLD_TABLE, WORLD_CHAIR}};
  for (int i = 0; i < 2; i++)
    if (n < total && world_rng_chance(l->rng, world_is_outdoor(l->scene->place) ? 0.35 : 0.8))
      plan[n++] = supports[l->scene->place][i];
  while (n < total)
    plan[n++] = pool[world_rng_int(l->rng, size)];
  return n;
}

void world_layout(WorldScene *scene, WorldRng *rng)
{
  Layout l = {.scene = scene, .rng = rng};
  uint8_t plan[WORLD_MAX_OBJECTS + 8];
  int total = 8 + world_rng_int(rng, 5);
  int n = plan_sky(&l, plan);
  n = plan_ground(&l, plan, n, total > n + 3 ? total : n + 3);
  scene->n_objects = 0;
  for (int bulk = 3; bulk >= 1; bulk--)
    for (int i = 0; i < n && scene->n_objects < 12; i++)
      if (world_kind(plan[i])->bulk == bulk)
        place(&l, plan[i]);
}
