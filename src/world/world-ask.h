/* One kind of question each: fills sp->sentence and the answer, or returns false when the scene
 * has no clear case (the caller tries again or another kind). */
#pragma once

#include "world-say.h"

typedef struct {
  WorldSpeaker sp;
  const WorldScene *scene;
  WorldFacts *facts;
  const char *answer;
  int focus;
} WorldAsk;

typedef bool (*WorldAsker)(WorldAsk *ask);

/* Accepts with the probability that makes frequent answers as rare as the others. */
bool world_ask_accepts_colour(WorldAsk *ask, int colour);
int world_ask_pick_object(WorldAsk *ask);
/* A colour that the class may have, not `except`; held-out ones only in their split. */
int world_ask_other_colour(WorldAsk *ask, int class_id, int except);
/* A random pair of which the relation has this truth; false: there is none. */
bool world_ask_pick_pair(WorldAsk *ask, int kind, int truth, int *a, int *b);

bool world_ask_exist(WorldAsk *ask);
bool world_ask_exist_colour(WorldAsk *ask);
bool world_ask_exist_relation(WorldAsk *ask);
bool world_ask_count(WorldAsk *ask);
bool world_ask_count_category(WorldAsk *ask);
bool world_ask_count_colour(WorldAsk *ask);
bool world_ask_both(WorldAsk *ask);

bool world_ask_colour(WorldAsk *ask);
bool world_ask_colour_hop2(WorldAsk *ask);
bool world_ask_colour_hop3(WorldAsk *ask);
bool world_ask_colour_verify(WorldAsk *ask);
bool world_ask_colour_choose(WorldAsk *ask);
bool world_ask_state(WorldAsk *ask);
bool world_ask_state_choose(WorldAsk *ask);
bool world_ask_size_choose(WorldAsk *ask);

bool world_ask_place(WorldAsk *ask);
bool world_ask_place_verify(WorldAsk *ask);
bool world_ask_place_choose(WorldAsk *ask);
bool world_ask_weather(WorldAsk *ask);
bool world_ask_light(WorldAsk *ask);

bool world_ask_what(WorldAsk *ask);
bool world_ask_what_hop2(WorldAsk *ask);
bool world_ask_relation_verify(WorldAsk *ask);
bool world_ask_relation_choose(WorldAsk *ask);
bool world_ask_position_verify(WorldAsk *ask);
bool world_ask_position_choose(WorldAsk *ask);
bool world_ask_class_choose(WorldAsk *ask);
bool world_ask_same_colour(WorldAsk *ask);
bool world_ask_larger_verify(WorldAsk *ask);
bool world_ask_larger_choose(WorldAsk *ask);
