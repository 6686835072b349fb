/* Statements about two pictures, as in NLVR2: each is true of two pairs and false of two. */
#include <string.h>

#include "world-say.h"

static const char *const numerals[] = {"no",   "one", "two",   "three", "four",
                                       "five", "six", "seven", "eight"};

typedef enum {
  S_TOTAL,
  S_BOTH,
  S_ONE,
  S_LEFT,
  S_RIGHT,
  S_LEFT_COUNT,
  S_RIGHT_COUNT,
  S_MORE_LEFT,
  S_MORE_RIGHT,
  S_PLACE,
  S_SAME_PLACE,
  S_ONE_OTHER,
  S_RELATION,
  S_NONE,
  S_N
} Form;

typedef struct {
  Form form;
  int class_a, class_b, colour, number, relation;
  WorldPlace place;
} Claim;

static int count_of(const WorldScene *s, int class_id, int colour)
{
  int n = 0;
  for (int i = 0; i < s->n_objects; i++)
    n += (int)s->objects[i].class_id == class_id &&
         (colour < 0 || (int)s->objects[i].colour == colour);
  return n;
}

/* Whether some a stands in the relation to some b; unclear when it hangs on an unclear pair. */
static WorldTruth related(const WorldScene *s, const Claim *c)
{
  WorldTruth best = WORLD_NO;
  for (int i = 0; i < s->n_objects; i++)
    for (int j = 0; j < s->n_objects; j++) {
      if (i == j || (int)s->objects[i].class_id != c->class_a ||
          (int)s->objects[j].class_id != c->class_b)
        continue;
      WorldTruth t = world_relation_truth(s, i, (WorldRelationKind)c->relation, j);
      if (t == WORLD_YES)
        return t;
      best = t == WORLD_UNCLEAR ? t : best;
    }
  return best;
}

static WorldTruth truth_of_relation(const Claim *c, const WorldScene *l, const WorldScene *r)
{
  WorldTruth a = related(l, c), b = related(r, c);
  if (a == WORLD_YES || b == WORLD_YES)
    return WORLD_YES;
  return a == WORLD_UNCLEAR || b == WORLD_UNCLEAR ? WORLD_UNCLEAR : WORLD_NO;
}

static WorldTruth truth(const Claim *c, const WorldScene *l, const WorldScene *r)
{
  int a = count_of(l, c->class_a, c->colour), b = count_of(r, c->class_a, c->colour);
  switch (c->form) {
  case S_TOTAL:
    return a + b == c->number;
  case S_BOTH:
    return a > 0 && b > 0;
  case S_ONE:
    return (a > 0) != (b > 0);
  case S_LEFT:
    return a > 0;
  case S_RIGHT:
    return b > 0;
  case S_LEFT_COUNT:
    return a == c->number;
  case S_RIGHT_COUNT:
    return b == c->number;
  case S_MORE_LEFT:
    return a > b;
  case S_MORE_RIGHT:
    return b > a;
  case S_PLACE:
    return l->place == c->place || r->place == c->place;
  case S_SAME_PLACE:
    return l->place == r->place;
  case S_ONE_OTHER:
    return (a > 0 && count_of(r, c->class_b, -1) > 0) || (b > 0 && count_of(l, c->class_b, -1) > 0);
  case S_RELATION:
    return truth_of_relation(c, l, r);
  default:
    return a + b == 0;
  }
}

static const char *const sayings[S_N][3] = {
    [S_TOTAL] = {"there are {0} {a*} in total .", "in total there are {0} {a*} .",
                 "the two images show {0} {a*} in total ."},
    [S_BOTH] = {"both images contain {a!} .", "both pictures show {a!} .",
                "there is {a!} in both images ."},
    [S_ONE] = {"exactly one of the images contains {a!} .",
               "only one of the pictures shows {a!} ."},
    [S_LEFT] = {"the left image contains {a!} .", "there is {a!} in the left image .",
                "the picture on the left shows {a!} ."},
    [S_RIGHT] = {"the right image contains {a!} .", "there is {a!} in the right image .",
                 "the picture on the right shows {a!} ."},
    [S_LEFT_COUNT] = {"the left image contains exactly {0} {a*} .",
                      "there are exactly {0} {a*} in the left image ."},
    [S_RIGHT_COUNT] = {"the right image contains exactly {0} {a*} .",
                       "there are exactly {0} {a*} in the right image ."},
    [S_MORE_LEFT] = {"there are more {a*} in the left image than in the right image .",
                     "the left image shows more {a*} than the right image ."},
    [S_MORE_RIGHT] = {"there are more {a*} in the right image than in the left image .",
                      "the right image shows more {a*} than the left image ."},
    [S_PLACE] = {"at least one of the images shows a {1} .",
                 "one of the pictures was taken {2} a {1} .",
                 "there is a {1} in one of the images ."},
    [S_SAME_PLACE] = {"both images show the same kind of place .",
                      "the two pictures show the same place ."},
    [S_ONE_OTHER] = {"one image contains {a!} and the other image contains {b!} .",
                     "one picture shows {a!} and the other shows {b!} ."},
    [S_RELATION] = {"{a!} is {r} {b!} in one of the images .",
                    "one of the images shows {a!} {r} {b!} ."},
    [S_NONE] = {"no image contains {a!} .", "there is no {a-} in the two images ."},
};

static const char *const one_in_total[] = {"there is exactly one {a-} in total .",
                                           "the two images show one {a-} in total ."};

static void say_claim(WorldSpeaker *sp, const Claim *c)
{
  sp->slot[0] = world_phrase(sp, -1, c->class_a, c->colour);
  sp->slot[1] = world_phrase(sp, -1, c->class_b, -1);
  sp->words[0] = numerals[c->number];
  sp->words[1] = world_place_name((int)c->place);
  sp->words[2] = world_place_preposition((int)c->place);
  sp->relation = (WorldRelationKind)c->relation;
  if (c->form == S_TOTAL && c->number == 1)
    world_say(sp, one_in_total, 2);
  else
    world_say(sp, sayings[c->form], sayings[c->form][2] ? 3 : 2);
}

/* A claim that is suggested by what one scene shows. */
static bool make_claim(const WorldScene *s, WorldRng *rng, Claim *c)
{
  int i = world_rng_int(rng, s->n_objects), j = world_rng_int(rng, s->n_objects);
  *c = (Claim){.form = (Form)world_rng_int(rng, S_N),
               .class_a = (int)s->objects[i].class_id,
               .class_b = (int)s->objects[j].class_id,
               .colour = -1,
               .place = s->place};
  bool held_split = s->split == WORLD_SPLIT_HELDOUT;
  bool may_colour = c->form == S_BOTH || c->form == S_ONE || c->form == S_LEFT ||
                    c->form == S_RIGHT || c->form == S_NONE;
  if (may_colour && (held_split || world_rng_chance(rng, 0.35)))
    c->colour = (int)s->objects[i].colour;
  if (held_split &&
      (c->colour < 0 || !world_pair_is_held_out(s->objects[i].class_id, s->objects[i].colour)))
    return false;
  c->number = c->form == S_TOTAL ? count_of(s, c->class_a, -1) + world_rng_int(rng, 2)
                                 : count_of(s, c->class_a, -1);
  if (c->number > 8 || ((c->form == S_LEFT_COUNT || c->form == S_RIGHT_COUNT) && c->number < 2))
    return false;
  if (c->form == S_ONE_OTHER && c->class_a == c->class_b)
    return false;
  if (c->form == S_SAME_PLACE && !world_rng_chance(rng, 0.2))
    return false;
  if (c->form == S_RELATION) {
    if (s->n_relations == 0)
      return false;
    const WorldRelation *r = &s->relations[world_rng_int(rng, s->n_relations)];
    c->class_a = (int)s->objects[r->subject].class_id;
    c->class_b = (int)s->objects[r->object].class_id;
    c->relation = r->kind;
    return c->class_a != c->class_b;
  }
  return true;
}

/* Looks for two pairs of each truth; half of the draws have the suggesting scene on one side. */
static bool find_pairs(const WorldScene *const *scenes, int n, int base, const Claim *c,
                       WorldRng *rng, WorldStatement *out)
{
  int need[2] = {2, 2}, found = 0;
  for (int draw = 0; draw < 400 && found < WORLD_STATEMENT_PAIRS; draw++) {
    int pair[2] = {world_rng_int(rng, n), world_rng_int(rng, n)};
    if (draw % 2)
      pair[world_rng_int(rng, 2)] = base;
    WorldTruth t = pair[0] == pair[1] ? WORLD_UNCLEAR : truth(c, scenes[pair[0]], scenes[pair[1]]);
    if (t == WORLD_UNCLEAR || need[t] == 0)
      continue;
    bool again = false;
    for (int k = 0; k < found; k++)
      again = again || memcmp(out->pairs[k], pair, sizeof pair) == 0;
    if (again)
      continue;
    need[t]--;
    memcpy(out->pairs[found], pair, sizeof pair);
    out->label[found++] = t == WORLD_YES;
  }
  return found == WORLD_STATEMENT_PAIRS;
}

int world_statements(const WorldScene *const *scenes, int n_scenes, uint64_t seed, int n,
                     WorldStatement *out)
{
  WorldRng rng = world_rng(seed, 401 + (n_scenes > 0 ? (uint64_t)scenes[0]->split : 0));
  int found = 0;
  if (n_scenes < 8)
    return 0;
  for (int64_t attempt = 0; attempt < (int64_t)n * 60 && found < n; attempt++) {
    Claim claim;
    WorldSpeaker sp;
    int base = world_rng_int(&rng, n_scenes);
    if (!make_claim(scenes[base], &rng, &claim) ||
        !find_pairs(scenes, n_scenes, base, &claim, &rng, &out[found]))
      continue;
    world_speaker_init(&sp, NULL, &rng);
    say_claim(&sp, &claim);
    if (sp.failed || sp.held_out != (scenes[0]->split == WORLD_SPLIT_HELDOUT) ||
        sp.sentence.n_words > 18)
      continue;
    out[found++].sentence = sp.sentence;
  }
  return found;
}
