/* Putting sentences together: noun phrases that pick out one object, and templates.
 *
 * A template is words separated by spaces with slots: {a} {b} {c} definite noun phrase
 * ("the red ball on the chair"), {a!} indefinite, {a*} plural without article, {a-} without
 * article, {a@} he/she/it, {0} .. {3} given words, {r} the relation. */
#pragma once

#include "world-facts.h"
#include "world-language.h"
#include "world-rng.h"

/* What a noun phrase says. Fields that are -1 are not said. */
typedef struct {
  int object;   /* the object meant, or -1 when it speaks of any (or of none) */
  int class_id; /* or -1: "thing" */
  int category; /* WorldCategory instead of a class, or -1 */
  int colour;
  int relation; /* WorldRelationKind to the anchor, or -1 */
  int anchor;   /* index of another phrase of the same speaker */
} WorldPhrase;

enum { WORLD_MAX_PHRASES = 8 };

typedef struct {
  const WorldFacts *facts; /* NULL for statements about two scenes */
  WorldRng *rng;
  WorldPhrase phrases[WORLD_MAX_PHRASES];
  int n_phrases;
  int slot[3];          /* phrases of {a} {b} {c} */
  const char *words[4]; /* of {0} {1} {2} {3} */
  WorldRelationKind relation;
  bool held_out; /* a phrase names a held-out pair */
  WorldSentence sentence;
  bool failed; /* too long, or a word that is not in the lexicon */
} WorldSpeaker;

void world_speaker_init(WorldSpeaker *sp, const WorldFacts *facts, WorldRng *rng);

/* Adds a phrase and returns its index. */
int world_phrase(WorldSpeaker *sp, int object, int class_id, int colour);

/* What a reference to an object may and must use. */
typedef enum {
  WORLD_REFER_NO_COLOUR = 1, /* its colour is the question */
  WORLD_REFER_HOP = 2,       /* must go over a relation */
  WORLD_REFER_HOP2 = 4,      /* must go over two relations */
} WorldReferFlags;

/* Finds a phrase that means exactly this object, without naming the objects in `avoid` (bits).
 * Returns its index, or -1 when there is none. */
int world_refer(WorldSpeaker *sp, int object, unsigned avoid, unsigned flags);

/* "in" the park, "on" the street, "at" the beach. */
const char *world_place_preposition(int place);

/* Says one of the templates, chosen at random, into sp->sentence. */
void world_say(WorldSpeaker *sp, const char *const *templates, int n);
#define WORLD_SAY(sp, ...)                                                                         \
  do {                                                                                             \
    static const char *const templates_[] = {__VA_ARGS__};                                         \
    world_say(sp, templates_, (int)(sizeof templates_ / sizeof *templates_));                      \
  } while (0)
