#include <string.h>

#include "world-ask.h"

typedef struct {
  const char *name;
  WorldAsker ask;
  uint8_t weight[WORLD_N_TASKS]; /* relative share among the questions of VQA and GQA */
} Type;

static const Type types[WORLD_N_QUESTION_TYPES] = {
    [WORLD_Q_EXIST] = {"exist", world_ask_exist, {9, 2}},
    [WORLD_Q_EXIST_COLOUR] = {"exist color", world_ask_exist_colour, {9, 4}},
    [WORLD_Q_EXIST_RELATION] = {"exist relation", world_ask_exist_relation, {5, 6}},
    [WORLD_Q_COUNT] = {"count", world_ask_count, {13, 0}},
    [WORLD_Q_COUNT_CATEGORY] = {"count category", world_ask_count_category, {5, 0}},
    [WORLD_Q_COUNT_COLOUR] = {"count color", world_ask_count_colour, {4, 0}},
    [WORLD_Q_COLOUR] = {"color", world_ask_colour, {18, 8}},
    [WORLD_Q_COLOUR_HOP2] = {"color hop 2", world_ask_colour_hop2, {8, 12}},
    [WORLD_Q_COLOUR_HOP3] = {"color hop 3", world_ask_colour_hop3, {0, 7}},
    [WORLD_Q_COLOUR_VERIFY] = {"color verify", world_ask_colour_verify, {6, 6}},
    [WORLD_Q_COLOUR_CHOOSE] = {"color choose", world_ask_colour_choose, {3, 8}},
    [WORLD_Q_PLACE] = {"place", world_ask_place, {4, 1}},
    [WORLD_Q_PLACE_VERIFY] = {"place verify", world_ask_place_verify, {2, 2}},
    [WORLD_Q_PLACE_CHOOSE] = {"place choose", world_ask_place_choose, {0, 3}},
    [WORLD_Q_WEATHER] = {"weather", world_ask_weather, {4, 2}},
    [WORLD_Q_LIGHT] = {"light", world_ask_light, {3, 2}},
    [WORLD_Q_STATE] = {"state", world_ask_state, {4, 2}},
    [WORLD_Q_STATE_CHOOSE] = {"state choose", world_ask_state_choose, {2, 5}},
    [WORLD_Q_SIZE_CHOOSE] = {"size choose", world_ask_size_choose, {1, 3}},
    [WORLD_Q_WHAT] = {"what", world_ask_what, {15, 12}},
    [WORLD_Q_WHAT_HOP2] = {"what hop 2", world_ask_what_hop2, {0, 8}},
    [WORLD_Q_RELATION_VERIFY] = {"relation verify", world_ask_relation_verify, {6, 11}},
    [WORLD_Q_RELATION_CHOOSE] = {"relation choose", world_ask_relation_choose, {6, 10}},
    [WORLD_Q_POSITION_VERIFY] = {"position verify", world_ask_position_verify, {3, 5}},
    [WORLD_Q_POSITION_CHOOSE] = {"position choose", world_ask_position_choose, {3, 5}},
    [WORLD_Q_CLASS_CHOOSE] = {"class choose", world_ask_class_choose, {0, 6}},
    [WORLD_Q_SAME_COLOUR] = {"same color", world_ask_same_colour, {0, 5}},
    [WORLD_Q_LARGER_VERIFY] = {"larger verify", world_ask_larger_verify, {0, 4}},
    [WORLD_Q_LARGER_CHOOSE] = {"larger choose", world_ask_larger_choose, {0, 3}},
    [WORLD_Q_BOTH] = {"both", world_ask_both, {3, 4}},
};

enum { TRIES_A_TYPE = 24, TRIES_A_QUESTION = 40, MAX_QUESTION_WORDS = 18 };

const char *world_question_type_name(int type)
{
  return (unsigned)type < WORLD_N_QUESTION_TYPES ? types[type].name : NULL;
}

bool world_ask_accepts_colour(WorldAsk *ask, int colour)
{
  /* Fur, houses, clouds and suns make some colours more frequent among the objects. */
  static const uint8_t weight[WORLD_N_ATTRIBUTES] = {82, 64, 78, 86, 100, 94, 74, 78, 88, 62, 66};
  return world_rng_chance(ask->sp.rng, weight[colour] / 100.0);
}

int world_ask_pick_object(WorldAsk *ask)
{
  return world_rng_int(ask->sp.rng, ask->scene->n_objects);
}

bool world_ask_pick_pair(WorldAsk *ask, int kind, int truth, int *a, int *b)
{
  int n = ask->scene->n_objects, start = world_rng_int(ask->sp.rng, n * n);
  for (int t = 0; t < n * n; t++) {
    int at = (start + t) % (n * n);
    *a = at / n;
    *b = at % n;
    if (*a != *b && ask->facts->truth[kind][*a][*b] == truth)
      return true;
  }
  return false;
}

int world_ask_other_colour(WorldAsk *ask, int class_id, int except)
{
  bool held_split = ask->scene->split == WORLD_SPLIT_HELDOUT;
  for (int attempt = 0; attempt < 12; attempt++) {
    int c = world_rng_int(ask->sp.rng, WORLD_N_ATTRIBUTES);
    if (c != except && world_pair_is_possible(class_id, c) &&
        (held_split || !world_pair_is_held_out(class_id, c)))
      return c;
  }
  return -1;
}

static int weight_of(int type, WorldTask task, uint32_t wanted)
{
  return wanted >> type & 1 ? types[type].weight[task] : 0;
}

/* -1: the task has none of the wanted types. */
static int pick_type(WorldTask task, uint32_t wanted, WorldRng *rng)
{
  int total = 0;
  for (int t = 0; t < WORLD_N_QUESTION_TYPES; t++)
    total += weight_of(t, task, wanted);
  if (total == 0)
    return -1;
  int at = world_rng_int(rng, total), t = 0;
  while (at >= weight_of(t, task, wanted))
    at -= weight_of(t++, task, wanted);
  return t;
}

static bool is_new(const WorldQuestion *q, const WorldQuestion *list, int n)
{
  for (int i = 0; i < n; i++)
    if (strcmp(list[i].sentence.text, q->sentence.text) == 0)
      return false;
  return true;
}

static bool try_type(WorldFacts *facts, int type, WorldRng *rng, WorldQuestion *q)
{
  const WorldScene *scene = facts->scene;
  WorldAsk ask = {.scene = scene, .facts = facts, .focus = -1};
  world_speaker_init(&ask.sp, facts, rng);
  if (!types[type].ask(&ask) || ask.sp.failed || ask.sp.sentence.n_words > MAX_QUESTION_WORDS)
    return false;
  if (ask.sp.held_out != (scene->split == WORLD_SPLIT_HELDOUT))
    return false;
  q->sentence = ask.sp.sentence;
  q->type = type;
  q->answer = ask.answer;
  q->focus = ask.focus;
  q->held_out = ask.sp.held_out;
  return true;
}

int world_scene_questions(const WorldScene *scene, WorldTask task, uint32_t wanted, uint64_t seed,
                          int n, WorldQuestion *out)
{
  WorldRng rng =
      world_rng(scene->seed ^ world_mix(seed), 201 + (uint64_t)task * 8 + (uint64_t)scene->split);
  WorldFacts facts;
  int found = 0;
  world_facts(&facts, scene);
  for (int i = 0; i < n; i++) {
    bool ok = false;
    for (int attempt = 0; attempt < TRIES_A_QUESTION && !ok; attempt++) {
      int type = pick_type(task, wanted, &rng);
      for (int k = 0; k < TRIES_A_TYPE && !ok && type >= 0; k++)
        ok = try_type(&facts, type, &rng, &out[found]) && is_new(&out[found], out, found);
    }
    found += ok;
  }
  return found;
}
