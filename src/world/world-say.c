#include "world-say.h"

#include <string.h>

#include "world-lexicon.h"

void world_speaker_init(WorldSpeaker *sp, const WorldFacts *facts, WorldRng *rng)
{
  memset(sp, 0, sizeof *sp);
  sp->facts = facts;
  sp->rng = rng;
}

int world_phrase(WorldSpeaker *sp, int object, int class_id, int colour)
{
  sp->phrases[sp->n_phrases] = (WorldPhrase){object, class_id, -1, colour, -1, -1};
  return sp->n_phrases++;
}

/* --- words ------------------------------------------------------------------------------ */

static void add_word(WorldSpeaker *sp, const char *word, int object)
{
  WorldSentence *s = &sp->sentence;
  WorldPos pos;
  bool plural;
  size_t used = strlen(s->text), n = strlen(word);
  if (!world_lookup(word, &pos, &plural) || s->n_words == WORLD_MAX_WORDS ||
      used + n + 2 > sizeof s->text) {
    sp->failed = true;
    return;
  }
  bool names = pos == WORLD_POS_NOUN || pos == WORLD_POS_PRONOUN;
  s->pos[s->n_words] = (uint8_t)pos;
  s->plural[s->n_words] = plural;
  s->object[s->n_words++] = (int8_t)(names ? object : -1);
  if (used && pos != WORLD_POS_PUNCTUATION)
    s->text[used++] = ' ';
  memcpy(s->text + used, word, n + 1);
}

static void add_words(WorldSpeaker *sp, const char *words, int object)
{
  while (*words) {
    char word[24] = "";
    size_t n = strcspn(words, " ");
    strncat(word, words, n < sizeof word ? n : sizeof word - 1);
    add_word(sp, word, object);
    words += n + (words[n] == ' ');
  }
}

static const char *relation_words(WorldSpeaker *sp, WorldRelationKind kind)
{
  static const char *const forms[WORLD_N_RELATIONS][3] = {
      {"to the left of", "left of", "to the left of"},
      {"to the right of", "right of", "to the right of"},
      {"behind", "behind", "behind"},
      {"in front of", "in front of", "in front of"},
      {"next to", "beside", "near"},
      {"on", "on top of", "on"},
      {"under", "under", "below"},
      {"holding", "holding", "carrying"},
      {"wearing", "wearing", "wearing"}};
  return forms[kind][world_rng_int(sp->rng, 3)];
}

static void add_article(WorldSpeaker *sp, const char *next)
{
  add_word(sp, strchr("aeiou", *next) ? "an" : "a", -1);
}

/* mode: 0 definite, '!' indefinite, '*' plural, '-' bare */
static void add_phrase(WorldSpeaker *sp, int index, char mode)
{
  const WorldPhrase *p = &sp->phrases[index];
  bool person = p->class_id >= 0 && world_is_person(p->class_id);
  const char *colour = p->colour >= 0 ? world_attribute_name(p->colour) : NULL;
  const char *noun = mode == '*' ? "things" : "thing";
  if (p->class_id >= 0)
    noun = mode == '*' ? world_class_plural(p->class_id) : world_class_name(p->class_id);
  else if (p->category >= 0)
    noun = mode == '*' ? world_category_plural(p->category) : world_category_name(p->category);
  if (mode == 0)
    add_word(sp, "the", -1);
  else if (mode == '!')
    add_article(sp, colour && !person ? colour : noun);
  if (colour && !person)
    add_word(sp, colour, -1);
  add_words(sp, noun, p->object);
  if (colour && person) {
    add_word(sp, "in", -1);
    add_word(sp, colour, -1);
  }
  if (p->relation >= 0) {
    if (world_rng_chance(sp->rng, 0.15)) {
      add_word(sp, "that", -1);
      add_word(sp, mode == '*' ? "are" : "is", -1);
    }
    add_words(sp, relation_words(sp, p->relation), -1);
    add_phrase(sp, p->anchor, 0);
  }
  sp->held_out = sp->held_out || (p->class_id >= 0 && p->colour >= 0 &&
                                  world_pair_is_held_out(p->class_id, p->colour));
}

static void add_pronoun(WorldSpeaker *sp, int index)
{
  const WorldPhrase *p = &sp->phrases[index];
  add_word(sp,
           p->class_id == WORLD_MAN     ? "he"
           : p->class_id == WORLD_WOMAN ? "she"
                                        : "it",
           p->object);
}

static void add_slot(WorldSpeaker *sp, const char *slot, size_t n)
{
  if (slot[0] == 'r')
    add_words(sp, relation_words(sp, sp->relation), -1);
  else if (slot[0] >= '0' && slot[0] <= '3')
    add_words(sp, sp->words[slot[0] - '0'], -1);
  else if (n > 1 && slot[1] == '@')
    add_pronoun(sp, sp->slot[slot[0] - 'a']);
  else
    add_phrase(sp, sp->slot[slot[0] - 'a'], n > 1 ? slot[1] : 0);
}

static void capitalise(char *text)
{
  bool start = true;
  for (; *text; text++) {
    if (start && *text >= 'a' && *text <= 'z')
      *text = (char)(*text - 'a' + 'A');
    start = *text == '.' || *text == '?' || (start && *text == ' ');
  }
}

void world_say(WorldSpeaker *sp, const char *const *templates, int n)
{
  const char *t = templates[world_rng_int(sp->rng, n)];
  memset(&sp->sentence, 0, sizeof sp->sentence);
  while (*t) {
    size_t length = strcspn(t, " ");
    if (*t == '{') {
      add_slot(sp, t + 1, length - 2);
    } else if (strncmp(t, "a/an", 4) == 0) {
      add_article(sp, sp->words[t[4] - '0']);
    } else {
      char word[24] = "";
      strncat(word, t, length < sizeof word ? length : sizeof word - 1);
      add_word(sp, word, -1);
    }
    t += length + (t[length] == ' ');
  }
  capitalise(sp->sentence.text);
}

/* --- references ------------------------------------------------------------------------- */

static bool same_look(const WorldFacts *f, int i, int j, bool colour)
{
  const WorldObject *a = &f->scene->objects[i], *b = &f->scene->objects[j];
  return a->class_id == b->class_id && (!colour || a->colour == b->colour);
}

static bool is_unique(const WorldFacts *f, int object, bool colour)
{
  for (int i = 0; i < f->scene->n_objects; i++)
    if (i != object && same_look(f, i, object, colour))
      return false;
  return true;
}

static bool picks_out(const WorldFacts *f, int object, WorldRelationKind kind, int anchor)
{
  if (f->truth[kind][object][anchor] != WORLD_YES)
    return false;
  for (int i = 0; i < f->scene->n_objects; i++)
    if (i != object && i != anchor && same_look(f, i, object, false) &&
        f->truth[kind][i][anchor] != WORLD_NO)
      return false;
  return true;
}

static int refer_plainly(WorldSpeaker *sp, int object, unsigned flags)
{
  const WorldObject *o = &sp->facts->scene->objects[object];
  bool may_colour = !(flags & WORLD_REFER_NO_COLOUR);
  if (is_unique(sp->facts, object, false) && !(may_colour && world_rng_chance(sp->rng, 0.12)))
    return world_phrase(sp, object, (int)o->class_id, -1);
  if (may_colour && is_unique(sp->facts, object, true))
    return world_phrase(sp, object, (int)o->class_id, (int)o->colour);
  return -1;
}

static int refer_by_relation(WorldSpeaker *sp, int object, unsigned avoid, unsigned flags)
{
  const WorldScene *s = sp->facts->scene;
  int start = world_rng_int(sp->rng, s->n_objects * WORLD_N_RELATIONS);
  for (int t = 0; t < s->n_objects * WORLD_N_RELATIONS; t++) {
    int both = (start + t * 7) % (s->n_objects * WORLD_N_RELATIONS);
    int anchor = both / WORLD_N_RELATIONS, kind = both % WORLD_N_RELATIONS;
    if (anchor == object || avoid >> anchor & 1 || !picks_out(sp->facts, object, kind, anchor))
      continue;
    int saved = sp->n_phrases;
    unsigned next = flags & WORLD_REFER_HOP2 ? WORLD_REFER_HOP : 0;
    int to = world_refer(sp, anchor, avoid | 1u << object, next);
    if (to < 0) {
      sp->n_phrases = saved;
      continue;
    }
    int phrase = world_phrase(sp, object, (int)s->objects[object].class_id, -1);
    sp->phrases[phrase].relation = kind;
    sp->phrases[phrase].anchor = to;
    return phrase;
  }
  return -1;
}

int world_refer(WorldSpeaker *sp, int object, unsigned avoid, unsigned flags)
{
  int phrase = -1;
  if (sp->n_phrases > WORLD_MAX_PHRASES - 3)
    return -1;
  if (!(flags & (WORLD_REFER_HOP | WORLD_REFER_HOP2)))
    return refer_plainly(sp, object, flags);
  phrase = refer_by_relation(sp, object, avoid, flags);
  return phrase;
}

const char *world_place_preposition(int place)
{
  return place == WORLD_BEACH                               ? "at"
         : place == WORLD_STREET || place == WORLD_MOUNTAIN ? "on"
                                                            : "in";
}
