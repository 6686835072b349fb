/* Captions: what a person might write under the picture. */
#include <string.h>

#include "world-say.h"

static const char *const numerals[] = {"no",   "one", "two",   "three", "four",
                                       "five", "six", "seven", "eight"};

static int whole_phrase(WorldSpeaker *sp, int object)
{
  const WorldObject *o = &sp->facts->scene->objects[object];
  bool colour = world_rng_chance(sp->rng, 0.75);
  return world_phrase(sp, object, (int)o->class_id, colour ? (int)o->colour : -1);
}

/* "An orange cat sits on the sofa." */
static bool about_relation(WorldSpeaker *sp)
{
  const WorldScene *s = sp->facts->scene;
  int kind = world_rng_int(sp->rng, WORLD_UNDER + 1);
  int n = s->n_objects, start = world_rng_int(sp->rng, n * n), a = -1, b = -1;
  for (int t = 0; t < n * n && a < 0; t++) {
    int at = (start + t) % (n * n);
    if (at / n != at % n && sp->facts->truth[kind][at / n][at % n] == WORLD_YES)
      a = at / n, b = at % n;
  }
  if (a < 0)
    return false;
  sp->slot[0] = whole_phrase(sp, a);
  sp->slot[1] = whole_phrase(sp, b);
  sp->relation = kind;
  WorldState state = s->objects[a].state;
  if (state == WORLD_SITTING && world_rng_chance(sp->rng, 0.6))
    WORLD_SAY(sp, "{a!} sits {r} {b!} .", "{a!} is sitting {r} {b!} .");
  else if ((state == WORLD_STANDING || world_is_person(s->objects[a].class_id)) &&
           world_rng_chance(sp->rng, 0.6))
    WORLD_SAY(sp, "{a!} stands {r} {b!} .", "{a!} is standing {r} {b!} .");
  else
    WORLD_SAY(sp, "{a!} is {r} {b!} .", "there is {a!} {r} {b!} .", "{a!} {r} {b!} .",
              "we see {a!} {r} {b!} .", "{a!} is {r} {b} .");
  return true;
}

static bool about_person(WorldSpeaker *sp)
{
  const WorldScene *s = sp->facts->scene;
  int start = world_rng_int(sp->rng, s->n_objects);
  for (int t = 0; t < s->n_objects; t++) {
    int thing = (start + t) % s->n_objects, whole = s->objects[thing].support;
    if (whole < 0 || world_kind(s->objects[whole].class_id)->half > 0)
      continue;
    sp->slot[0] = whole_phrase(sp, whole);
    sp->slot[1] = whole_phrase(sp, thing);
    if (s->objects[thing].class_id == WORLD_HAT)
      WORLD_SAY(sp, "{a!} is wearing {b!} .", "{a!} wears {b!} .", "there is {a!} with {b!} .");
    else
      WORLD_SAY(sp, "{a!} is holding {b!} .", "{a!} holds {b!} .",
                "{a!} is carrying {b!} in the hand .");
    return true;
  }
  return false;
}

static bool about_two(WorldSpeaker *sp)
{
  int n = sp->facts->scene->n_objects, a = world_rng_int(sp->rng, n), b = world_rng_int(sp->rng, n);
  if (a == b)
    return false;
  sp->slot[0] = whole_phrase(sp, a);
  sp->slot[1] = whole_phrase(sp, b);
  sp->words[0] = world_place_name((int)sp->facts->scene->place);
  sp->words[1] = world_place_preposition((int)sp->facts->scene->place);
  WORLD_SAY(sp, "{a!} and {b!} .", "there are {a!} and {b!} .", "{a!} and {b!} {1} the {0} .",
            "a {0} with {a!} and {b!} .", "the picture shows {a!} and {b!} .");
  return true;
}

static bool about_number(WorldSpeaker *sp)
{
  const WorldScene *s = sp->facts->scene;
  int a = world_rng_int(sp->rng, s->n_objects), count = sp->facts->count[s->objects[a].class_id];
  if (count < 2 || count > 8)
    return false;
  sp->slot[0] = world_phrase(sp, -1, (int)s->objects[a].class_id, -1);
  sp->words[0] = numerals[count];
  sp->words[1] = world_place_name((int)s->place);
  sp->words[2] = world_place_preposition((int)s->place);
  WORLD_SAY(sp, "there are {0} {a*} .", "{0} {a*} in the picture .", "{0} {a*} {2} the {1} .",
            "we see {0} {a*} here .");
  return true;
}

static bool about_place(WorldSpeaker *sp)
{
  const WorldScene *s = sp->facts->scene;
  int a = world_rng_int(sp->rng, s->n_objects);
  sp->slot[0] = whole_phrase(sp, a);
  sp->words[0] = world_place_name((int)s->place);
  sp->words[1] = world_weather_name((int)s->weather);
  sp->words[2] = world_light_name((int)s->light);
  sp->words[3] = world_place_preposition((int)s->place);
  if (!world_is_outdoor(s->place))
    WORLD_SAY(sp, "a {0} with {a!} .", "{a!} in a {0} .", "the picture shows a {0} .");
  else
    WORLD_SAY(sp, "a {1} {2} {3} the {0} .", "{a!} on a {1} {2} .", "a {0} with {a!} .",
              "it is a {1} {2} {3} the {0} .", "the weather is {1} .");
  return true;
}

static bool about_colour(WorldSpeaker *sp)
{
  const WorldScene *s = sp->facts->scene;
  int a = world_rng_int(sp->rng, s->n_objects);
  sp->slot[0] = world_refer(
      sp, a, 0, WORLD_REFER_NO_COLOUR | (world_rng_chance(sp->rng, 0.5) ? WORLD_REFER_HOP : 0));
  if (sp->slot[0] < 0)
    return false;
  sp->words[0] = world_attribute_name((int)s->objects[a].colour);
  if (world_is_person(s->objects[a].class_id))
    WORLD_SAY(sp, "{a} is wearing {0} .", "{a} is dressed in {0} .");
  else
    WORLD_SAY(sp, "{a} is {0} .", "the color of {a} is {0} .");
  return true;
}

int world_scene_captions(const WorldScene *scene, uint64_t seed, int n, WorldSentence *out)
{
  static bool (*const kinds[])(WorldSpeaker *) = {about_relation, about_relation, about_relation,
                                                  about_person,   about_two,      about_number,
                                                  about_place,    about_colour};
  WorldRng rng = world_rng(scene->seed ^ world_mix(seed), 301);
  WorldFacts facts;
  int found = 0;
  world_facts(&facts, scene);
  for (int attempt = 0; attempt < n * 40 && found < n; attempt++) {
    WorldSpeaker sp;
    world_speaker_init(&sp, &facts, &rng);
    bool ok = kinds[world_rng_int(&rng, 8)](&sp) && !sp.failed && sp.sentence.n_words <= 18;
    for (int i = 0; i < found && ok; i++)
      ok = strcmp(out[i].text, sp.sentence.text) != 0;
    if (ok)
      out[found++] = sp.sentence;
  }
  return found;
}
