#include "world-kinds.h"

#include <cairo.h>
#include <pthread.h>
#include <stdlib.h>

#include "world-paint.h"

#define ALL 0x7ff
#define C(name) (1u << WORLD_##name)
#define FUR (C(ORANGE) | C(YELLOW) | C(BROWN) | C(BLACK) | C(WHITE) | C(GRAY))

/* name, plural, category, colours, held out, states, bulk, top, half */
static const WorldKind kinds[WORLD_N_CLASSES] = {
    [WORLD_CAT] = {"cat", "cats", WORLD_ANIMAL, FUR, C(YELLOW), {WORLD_SITTING, WORLD_STANDING}, 2},
    [WORLD_DOG] = {"dog", "dogs", WORLD_ANIMAL, FUR, C(ORANGE), {WORLD_SITTING, WORLD_STANDING}, 2},
    [WORLD_BIRD] = {"bird",
                    "birds",
                    WORLD_ANIMAL,
                    ALL,
                    C(PURPLE) | C(GRAY),
                    {WORLD_STANDING, WORLD_FLYING},
                    1},
    [WORLD_MAN] = {"man", "men", WORLD_PERSON, ALL, C(PINK) | C(YELLOW), {WORLD_NO_STATE}, 2},
    [WORLD_WOMAN] = {"woman", "women", WORLD_PERSON, ALL, C(ORANGE) | C(GRAY), {WORLD_NO_STATE}, 2},
    [WORLD_CAR] = {"car", "cars", WORLD_VEHICLE, ALL, C(PURPLE) | C(GREEN), {WORLD_NO_STATE}, 3},
    [WORLD_BUS] = {"bus", "buses", WORLD_VEHICLE, ALL, C(PINK) | C(BLACK), {WORLD_NO_STATE}, 3},
    [WORLD_BICYCLE] =
        {"bicycle", "bicycles", WORLD_VEHICLE, ALL, C(RED) | C(BROWN), {WORLD_NO_STATE}, 2},
    [WORLD_TREE] = {"tree",
                    "trees",
                    WORLD_PLANT,
                    C(GREEN) | C(ORANGE) | C(RED) | C(YELLOW) | C(PINK) | C(BROWN),
                    C(PINK),
                    {WORLD_NO_STATE},
                    3},
    [WORLD_FIR] =
        {"fir", "firs", WORLD_PLANT, C(GREEN) | C(BLUE) | C(GRAY), 0, {WORLD_NO_STATE}, 3},
    [WORLD_HOUSE] =
        {"house", "houses", WORLD_BUILDING, ALL, C(BLUE) | C(BLACK), {WORLD_NO_STATE}, 3},
    [WORLD_CHAIR] = {"chair",
                     "chairs",
                     WORLD_FURNITURE,
                     ALL,
                     C(YELLOW) | C(WHITE),
                     {WORLD_NO_STATE},
                     3,
                     -56,
                     32},
    [WORLD_TABLE] = {"table",
                     "tables",
                     WORLD_FURNITURE,
                     ALL,
                     C(BLUE) | C(ORANGE),
                     {WORLD_NO_STATE},
                     3,
                     -90,
                     92},
    [WORLD_SOFA] =
        {"sofa", "sofas", WORLD_FURNITURE, ALL, C(RED) | C(GRAY), {WORLD_NO_STATE}, 3, -48, 86},
    [WORLD_KITE] = {"kite", "kites", WORLD_TOY, ALL, C(GREEN) | C(WHITE), {WORLD_FLYING}, 1},
    [WORLD_UMBRELLA] = {"umbrella",
                        "umbrellas",
                        WORLD_THING,
                        ALL,
                        C(PURPLE) | C(BROWN),
                        {WORLD_OPEN, WORLD_CLOSED},
                        1},
    [WORLD_BALL] = {"ball", "balls", WORLD_TOY, ALL, C(BLACK) | C(PINK), {WORLD_NO_STATE}, 1},
    [WORLD_BOOK] =
        {"book", "books", WORLD_THING, ALL, C(YELLOW) | C(GRAY), {WORLD_OPEN, WORLD_CLOSED}, 1},
    [WORLD_BAG] = {"bag", "bags", WORLD_THING, ALL, C(GREEN) | C(RED), {WORLD_NO_STATE}, 1},
    [WORLD_HAT] = {"hat", "hats", WORLD_THING, ALL, C(BLUE) | C(PINK), {WORLD_NO_STATE}, 1},
    [WORLD_VASE] = {"vase", "vases", WORLD_THING, ALL, C(ORANGE) | C(BLACK), {WORLD_NO_STATE}, 1},
    [WORLD_GIFT] = {"gift", "gifts", WORLD_THING, ALL, C(WHITE) | C(PURPLE), {WORLD_NO_STATE}, 1},
    [WORLD_MUSHROOM] = {"mushroom",
                        "mushrooms",
                        WORLD_PLANT,
                        C(RED) | C(ORANGE) | C(YELLOW) | C(BLUE) | C(PURPLE) | C(PINK) | C(BROWN) |
                            C(WHITE),
                        C(BLUE),
                        {WORLD_NO_STATE},
                        1},
    [WORLD_APPLE] = {"apple",
                     "apples",
                     WORLD_THING,
                     C(RED) | C(ORANGE) | C(YELLOW) | C(GREEN) | C(PURPLE) | C(PINK),
                     C(ORANGE),
                     {WORLD_NO_STATE},
                     1},
    [WORLD_CLOUD] =
        {"cloud", "clouds", WORLD_SKY, C(WHITE) | C(GRAY) | C(PINK), 0, {WORLD_NO_STATE}, 1},
    [WORLD_SUN] =
        {"sun", "suns", WORLD_SKY, C(YELLOW) | C(ORANGE) | C(RED), 0, {WORLD_NO_STATE}, 1},
    [WORLD_MOON] = {"moon", "moons", WORLD_SKY, C(WHITE) | C(YELLOW), 0, {WORLD_NO_STATE}, 1},
    [WORLD_LAMP] =
        {"lamp", "lamps", WORLD_FURNITURE, ALL, C(GREEN) | C(BROWN), {WORLD_NO_STATE}, 2},
    [WORLD_BENCH] = {"bench",
                     "benches",
                     WORLD_FURNITURE,
                     ALL,
                     C(PURPLE) | C(ORANGE),
                     {WORLD_NO_STATE},
                     3,
                     -43,
                     78},
    [WORLD_BOAT] = {"boat", "boats", WORLD_VEHICLE, ALL, C(YELLOW) | C(GREEN), {WORLD_NO_STATE}, 2},
    [WORLD_BALLOON] = {"balloon", "balloons", WORLD_TOY, ALL, C(GRAY) | C(BLUE), {WORLD_FLYING}, 1},
    [WORLD_CUP] = {"cup", "cups", WORLD_THING, ALL, C(RED) | C(WHITE), {WORLD_NO_STATE}, 1},
};

static const WorldDrawing drawings[WORLD_N_CLASSES] = {
    world_draw_cat,      world_draw_dog,   world_draw_bird,     world_draw_man,   world_draw_woman,
    world_draw_car,      world_draw_bus,   world_draw_bicycle,  world_draw_tree,  world_draw_fir,
    world_draw_house,    world_draw_chair, world_draw_table,    world_draw_sofa,  world_draw_kite,
    world_draw_umbrella, world_draw_ball,  world_draw_book,     world_draw_bag,   world_draw_hat,
    world_draw_vase,     world_draw_gift,  world_draw_mushroom, world_draw_apple, world_draw_cloud,
    world_draw_sun,      world_draw_moon,  world_draw_lamp,     world_draw_bench, world_draw_boat,
    world_draw_balloon,  world_draw_cup,
};

static const WorldGround grounds[WORLD_N_PLACES] = {
    [WORLD_PARK] = {212, 262, 0.58f, 1.1f},        [WORLD_STREET] = {214, 268, 0.58f, 1.05f},
    [WORLD_MOUNTAIN] = {222, 270, 0.58f, 1.1f},    [WORLD_VILLAGE] = {222, 270, 0.58f, 1.1f},
    [WORLD_LIVING_ROOM] = {286, 312, 0.82f, 1.1f}, [WORLD_KITCHEN] = {286, 312, 0.82f, 1.1f},
    [WORLD_BEACH] = {186, 292, 0.62f, 1.1f},
};

static const char *category_names[WORLD_N_CATEGORIES][2] = {
    {"animal", "animals"}, {"person", "people"},      {"vehicle", "vehicles"},
    {"plant", "plants"},   {"building", "buildings"}, {"piece of furniture", "pieces of furniture"},
    {"toy", "toys"},       {"thing", "things"},       {"thing in the sky", "things in the sky"},
};

static WorldShape shapes[WORLD_N_CLASSES][2];
static pthread_once_t shapes_once = PTHREAD_ONCE_INIT;

const WorldKind *world_kind(WorldClass class_id)
{
  return &kinds[class_id];
}

const char *world_category_name(int category)
{
  return category_names[category][0];
}

const char *world_category_plural(int category)
{
  return category_names[category][1];
}

const WorldGround *world_ground(WorldPlace place)
{
  return &grounds[place];
}

WorldDrawing world_drawing(WorldClass class_id)
{
  return drawings[class_id];
}

enum { SAMPLES = 2, HALF = 160, UP = 270, DOWN = 10 };

/* Cuts the inked part out of an A8 surface of the whole design area. */
static void crop(const uint8_t *data, int stride, WorldShape *shape)
{
  const int w = 2 * HALF * SAMPLES, h = (UP + DOWN) * SAMPLES;
  int x1 = w, y1 = h, x2 = 0, y2 = 0;
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      if (data[y * stride + x] >= 96) {
        x1 = x < x1 ? x : x1;
        x2 = x >= x2 ? x + 1 : x2;
        y1 = y < y1 ? y : y1;
        y2 = y + 1;
      }
  uint8_t *mask = malloc((size_t)(x2 - x1) * (y2 - y1));
  if (!mask)
    return;
  for (int y = y1; y < y2; y++)
    for (int x = x1; x < x2; x++) {
      uint8_t on = data[y * stride + x] >= 96;
      mask[(y - y1) * (x2 - x1) + x - x1] = on;
      shape->inked += on;
    }
  *shape = (WorldShape){(float)x1 / SAMPLES - HALF,
                        (float)y1 / SAMPLES - UP,
                        (float)x2 / SAMPLES - HALF,
                        (float)y2 / SAMPLES - UP,
                        x2 - x1,
                        y2 - y1,
                        shape->inked,
                        mask};
}

static void measure(void)
{
  for (int i = 0; i < WORLD_N_CLASSES * 2; i++) {
    WorldClass class_id = i / 2;
    int variant = i % 2;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_A8, 2 * HALF * SAMPLES, (UP + DOWN) * SAMPLES);
    cairo_t *cr = cairo_create(surface);
    WorldPaint p = {.cr = cr,
                    .line = 2,
                    .state = variant ? kinds[class_id].states[1] : kinds[class_id].states[0]};
    cairo_scale(cr, SAMPLES, SAMPLES);
    cairo_translate(cr, HALF, UP);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    drawings[class_id](&p);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    crop(cairo_image_surface_get_data(surface), cairo_image_surface_get_stride(surface),
         &shapes[class_id][variant]);
    cairo_surface_destroy(surface);
  }
}

const WorldShape *world_shape(WorldClass class_id, WorldState state)
{
  pthread_once(&shapes_once, measure);
  return &shapes[class_id][kinds[class_id].states[1] && kinds[class_id].states[1] == state];
}

bool world_pair_is_possible(WorldClass class_id, WorldColour colour)
{
  return kinds[class_id].colours >> colour & 1;
}

bool world_pair_is_held_out(WorldClass class_id, WorldColour colour)
{
  return kinds[class_id].held_out >> colour & 1;
}
