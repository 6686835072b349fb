#include "world-lexicon.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "world-kinds.h"

typedef struct {
  const char *words; /* separated by one space */
  WorldPos pos;
} Group;

static const Group groups[] = {
    {"picture image scene photo color colour colors colours left right front top number time day "
     "evening night weather "
     "place kind thing object things objects dress shirt clothes park street mountain village "
     "living room kitchen beach "
     "animal animals person people vehicle vehicles plant plants building buildings furniture toy "
     "toys sky something total "
     "pair images pictures head hand shape side snow rain daytime",
     WORLD_POS_NOUN},
    {"is are do does was see look looks have has can count show shows shown taken doing sitting "
     "standing flying holding "
     "hold holds carrying wearing wears wear dressed contain contains find tell seen there's lies "
     "stands sits",
     WORLD_POS_VERB},
    {"a an the any no some", WORLD_POS_ARTICLE},
    {"it he she him her his its they you we i this that these", WORLD_POS_PRONOUN},
    {"red orange yellow green blue purple pink brown black white gray grey small large big medium "
     "larger smaller bigger "
     "same different open closed clear cloudy rainy snowy sunny visible many more fewer other",
     WORLD_POS_ADJECTIVE},
    {"in on of to behind under next beside near at as than with below from like",
     WORLD_POS_PREPOSITION},
    {"what which where how who", WORLD_POS_WH},
    {"0 1 2 3 4 5 6 7 8 9 10 11 12 one two three four five six seven eight", WORLD_POS_NUMBER},
    {"and or but both", WORLD_POS_CONJUNCTION},
    {"not exactly only here together least", WORLD_POS_ADVERB},
    {"? . ,", WORLD_POS_PUNCTUATION},
    {"there yes please", WORLD_POS_OTHER},
};

static const char plurals[] =
    " colors colours things objects clothes animals people vehicles plants buildings toys "
    "images pictures ";

static const char *special[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
static const char *pieces[] = {"##s",   "##es", "##ed", "##er", "##ing", "##ly",
                               "##est", "##y",  "##al", "##en", "##ion", "##man",
                               "##le",  "##or", "##th", "##ck", "##ee",  "##tion"};
static const char marks[] = "!\"#$%&'()*+-/:;<=>@[\\]^_`{|}~";

enum { MAX_WORDS = 640, MAX_BYTES = 8192 };
static struct {
  char bytes[MAX_BYTES];
  int used, n_vocabulary, n_words;
  const char *vocabulary[MAX_WORDS];
  uint8_t pos[MAX_WORDS];
  bool plural[MAX_WORDS];
} lexicon;
static pthread_once_t lexicon_once = PTHREAD_ONCE_INIT;

static void add(const char *word, size_t length, WorldPos pos, bool plural)
{
  char *copy = lexicon.bytes + lexicon.used;
  memcpy(copy, word, length);
  copy[length] = 0;
  for (int i = 0; i < lexicon.n_vocabulary; i++)
    if (strcmp(lexicon.vocabulary[i], copy) == 0)
      return;
  lexicon.used += (int)length + 1;
  lexicon.pos[lexicon.n_vocabulary] = (uint8_t)pos;
  lexicon.plural[lexicon.n_vocabulary] = plural;
  lexicon.vocabulary[lexicon.n_vocabulary++] = copy;
}

static void add_group(const Group *g)
{
  for (const char *p = g->words; *p;) {
    size_t n = strcspn(p, " ");
    char key[32] = " ";
    strncat(key, p, n);
    strcat(key, " ");
    add(p, n, g->pos, strstr(plurals, key) != NULL);
    p += n + (p[n] == ' ');
  }
}

static void add_characters(void)
{
  char piece[4] = "##";
  for (const char *m = marks; *m; m++)
    add(m, 1, WORLD_POS_PUNCTUATION, false);
  for (int pass = 0; pass < 2; pass++)
    for (int c = 0; c < 36; c++) {
      piece[2] = (char)(c < 26 ? 'a' + c : '0' + c - 26);
      add(pass ? piece : piece + 2, pass ? 3 : 1, WORLD_POS_OTHER, false);
    }
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
    add(pieces[i], strlen(pieces[i]), WORLD_POS_OTHER, false);
}

static void build(void)
{
  for (size_t i = 0; i < sizeof special / sizeof *special; i++)
    add(special[i], strlen(special[i]), WORLD_POS_OTHER, false);
  for (int c = 0; c < WORLD_N_CLASSES; c++) {
    add(world_class_name(c), strlen(world_class_name(c)), WORLD_POS_NOUN, false);
    add(world_class_plural(c), strlen(world_class_plural(c)), WORLD_POS_NOUN, true);
  }
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    add_group(&groups[i]);
  lexicon.n_words = lexicon.n_vocabulary;
  add_characters();
}

bool world_lookup(const char *word, WorldPos *pos, bool *plural)
{
  pthread_once(&lexicon_once, build);
  for (int i = (int)(sizeof special / sizeof *special); i < lexicon.n_words; i++)
    if (strcmp(lexicon.vocabulary[i], word) == 0) {
      *pos = lexicon.pos[i];
      *plural = lexicon.plural[i];
      return true;
    }
  return false;
}

int world_n_vocabulary(void)
{
  pthread_once(&lexicon_once, build);
  return lexicon.n_vocabulary;
}

const char *world_vocabulary(int i)
{
  pthread_once(&lexicon_once, build);
  return i >= 0 && i < lexicon.n_vocabulary ? lexicon.vocabulary[i] : NULL;
}

static const char *const answers[] = {
    "yes",         "no",      "0",        "1",        "2",        "3",      "4",        "5",
    "6",           "red",     "orange",   "yellow",   "green",    "blue",   "purple",   "pink",
    "brown",       "black",   "white",    "gray",     "cat",      "dog",    "bird",     "man",
    "woman",       "car",     "bus",      "bicycle",  "tree",     "fir",    "house",    "chair",
    "table",       "sofa",    "kite",     "umbrella", "ball",     "book",   "bag",      "hat",
    "vase",        "gift",    "mushroom", "apple",    "cloud",    "sun",    "moon",     "lamp",
    "bench",       "boat",    "balloon",  "cup",      "park",     "street", "mountain", "village",
    "living room", "kitchen", "beach",    "clear",    "cloudy",   "rainy",  "snowy",    "day",
    "evening",     "night",   "sitting",  "standing", "flying",   "open",   "closed",   "small",
    "large",       "left",    "right",    "behind",   "in front", "on",     "under",
};

int world_n_answers(void)
{
  return (int)(sizeof answers / sizeof *answers);
}

const char *world_answer(int i)
{
  return i >= 0 && i < world_n_answers() ? answers[i] : NULL;
}

int world_answer_index(const char *answer)
{
  for (int i = 0; i < world_n_answers(); i++)
    if (strcmp(answers[i], answer) == 0)
      return i;
  return -1;
}

const char *world_answer_type(const char *answer)
{
  if (strcmp(answer, "yes") == 0 || strcmp(answer, "no") == 0)
    return "yes/no";
  return *answer >= '0' && *answer <= '9' ? "number" : "other";
}
