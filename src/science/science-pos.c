#include "science-pos.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "world-lexicon.h"

enum { LONGEST_WORD = 128 };

static const char *const names[SCIENCE_N_POS] = {"noun", "pronoun", "article",
                                                 "verb", "other",   "special"};

/* Closed classes of English; words stand between single spaces. */
static const char pronouns[] =
    " i me my mine myself you your yours yourself he him his himself she her hers herself it its "
    "itself we us our ours ourselves they them their theirs themselves this that these those "
    "someone somebody something anyone anybody anything everyone everybody everything nobody "
    "nothing each ";
static const char articles[] = " a an the any some no every another ";
static const char verbs[] =
    " be am is are was were been being do does did done doing has have had having can could will "
    "would shall should may might must get gets got go goes went gone make makes made take takes "
    "took taken see sees saw seen say says said tell tells told show shows shown look looks wear "
    "wears wore worn hold holds held eat eats ate eaten sit sits sat stand stands stood lie lies "
    "lay "
    "ride rides rode ridden run runs ran play plays fly flies flew hang hangs hung contain "
    "contains "
    "appear appears seem seems use uses know knows think thinks want wants come comes came give "
    "gives gave find finds found happen happens live lives drive drives drove carry carries ";
static const char others[] =
    " in on of to at by for with from under over behind beside besides between near next above "
    "below into onto off up down out around through across along against about after before during "
    "than as like and or but nor both either neither if because while what which who whom whose "
    "where when why how not n't there here very too also only just more most less least many much "
    "few fewer several all other same different such own yes please big small large little tall "
    "short long old young new good bad red orange yellow green blue purple pink brown black white "
    "gray grey golden silver dark light bright open closed empty full wet dry hot cold one two "
    "three "
    "four five six seven eight nine ten first second last ' s t ";

/* Nouns whose ending looks like another class. */
static const char nouns[] =
    " building buildings ceiling railing thing things ring string clothing wing king spring "
    "evening "
    "morning wedding bed shed sled seed weed bread table vegetable cable animal metal hospital "
    "signal pedal bus glass grass dress gas lens family belly jelly butterfly july music picnic "
    "fabric traffic fish dish ";

/* Irregular plurals of things in pictures: singular, plural. */
static const char *const irregular[][2] = {
    {"man", "men"},
    {"woman", "women"},
    {"child", "children"},
    {"person", "people"},
    {"foot", "feet"},
    {"tooth", "teeth"},
    {"goose", "geese"},
    {"mouse", "mice"},
    {"knife", "knives"},
    {"leaf", "leaves"},
    {"shelf", "shelves"},
    {"wife", "wives"},
    {"policeman", "policemen"},
    {"fireman", "firemen"},
};
enum { N_IRREGULAR = sizeof irregular / sizeof *irregular };

const char *science_pos_name(SciencePos pos)
{
  return (unsigned)pos < SCIENCE_N_POS ? names[pos] : NULL;
}

static bool listed(const char *list, const char *word)
{
  char key[LONGEST_WORD + 2];
  snprintf(key, sizeof key, " %s ", word);
  return strstr(list, key) != NULL;
}

static bool ends(const char *word, const char *suffix)
{
  size_t n = strlen(word), m = strlen(suffix);
  return n > m + 1 && strcmp(word + n - m, suffix) == 0;
}

static bool ends_with_one(const char *word, const char *const *suffixes)
{
  for (; *suffixes; suffixes++)
    if (ends(word, *suffixes))
      return true;
  return false;
}

static bool is_plural(const char *word)
{
  static const char *const singular[] = {"ss", "us", "is", NULL};
  for (int i = 0; i < N_IRREGULAR; i++)
    if (strcmp(word, irregular[i][1]) == 0)
      return true;
  return ends(word, "s") && !ends_with_one(word, singular) && !listed(nouns, word);
}

static SciencePos from_world(WorldPos pos)
{
  switch (pos) {
  case WORLD_POS_NOUN:
    return SCIENCE_POS_NOUN;
  case WORLD_POS_PRONOUN:
    return SCIENCE_POS_PRONOUN;
  case WORLD_POS_ARTICLE:
    return SCIENCE_POS_ARTICLE;
  case WORLD_POS_VERB:
    return SCIENCE_POS_VERB;
  default:
    return SCIENCE_POS_OTHER;
  }
}

/* A word of no list: its ending decides, and what has none of these endings is a noun. */
static SciencePos from_ending(const char *word)
{
  static const char *const verbal[] = {"ing", "ed", NULL};
  static const char *const other[] = {"ly",   "ous", "ful", "less", "ive", "able", "ible",
                                      "ical", "al",  "ish", "est",  "ic",  NULL};
  const size_t n = strlen(word);
  if (listed(nouns, word))
    return SCIENCE_POS_NOUN;
  if (n > 4 && ends_with_one(word, verbal))
    return SCIENCE_POS_VERB;
  return n > 4 && ends_with_one(word, other) ? SCIENCE_POS_OTHER : SCIENCE_POS_NOUN;
}

SciencePos science_pos(const char *word, bool *plural)
{
  WorldPos pos;
  bool many = false;
  SciencePos tag;

  if (word[0] == '[' && word[1] && word[strlen(word) - 1] == ']')
    tag = SCIENCE_POS_SPECIAL;
  else if (world_lookup(word, &pos, &many))
    tag = from_world(pos);
  else if (listed(pronouns, word))
    tag = SCIENCE_POS_PRONOUN;
  else if (listed(articles, word))
    tag = SCIENCE_POS_ARTICLE;
  else if (listed(verbs, word))
    tag = SCIENCE_POS_VERB;
  else if (listed(others, word) || (!isalpha((unsigned char)word[0]) && !(word[0] & 0x80)))
    tag = SCIENCE_POS_OTHER;
  else {
    tag = from_ending(word);
    many = tag == SCIENCE_POS_NOUN && is_plural(word);
  }
  if (plural)
    *plural = many && tag == SCIENCE_POS_NOUN;
  return tag;
}

void science_pos_tokens(const char *const *tokens, int n, SciencePos *pos, bool *plural)
{
  for (int i = 0, end; i < n; i = end) {
    char word[LONGEST_WORD];
    bool many;
    snprintf(word, sizeof word, "%s", tokens[i]);
    for (end = i + 1; end < n && strncmp(tokens[end], "##", 2) == 0; end++)
      strncat(word, tokens[end] + 2, sizeof word - strlen(word) - 1);
    const SciencePos tag = science_pos(word, &many);
    for (int j = i; j < end; j++) {
      pos[j] = tag;
      if (plural)
        plural[j] = many;
    }
  }
}

void science_pos_singular(const char *noun, char *out, int size)
{
  static const char *const es[] = {"ches", "shes", "sses", "xes", "buses", NULL};
  size_t n;
  bool plural;

  snprintf(out, (size_t)size, "%s", noun);
  n = strlen(out);
  for (int i = 0; i < N_IRREGULAR; i++)
    if (strcmp(noun, irregular[i][1]) == 0) {
      snprintf(out, (size_t)size, "%s", irregular[i][0]);
      return;
    }
  if (science_pos(noun, &plural) != SCIENCE_POS_NOUN || !plural || n < 3 || out[n - 1] != 's')
    return;
  if (n > 4 && strcmp(out + n - 3, "ies") == 0)
    strcpy(out + n - 3, "y");
  else
    out[n - (ends_with_one(out, es) || strcmp(out, "buses") == 0 ? 2 : 1)] = '\0';
}
