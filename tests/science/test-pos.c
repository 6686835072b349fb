/* Parts of speech: exact for the world's words, by list and suffix for others. */
#include "lx-test.h"
#include "science-pos.h"

static void check(const char *word, SciencePos want, bool many)
{
  bool plural = !many;
  const SciencePos got = science_pos(word, &plural);
  CHECK(got == want && plural == many, "%s: %s%s", word, science_pos_name(got),
        plural ? ", plural" : "");
}

static void test_words(void)
{
  static const struct {
    const char *words;
    SciencePos pos;
    bool plural;
  } groups[] = {
      {"dog bench picture kitchen man", SCIENCE_POS_NOUN, false},
      {"dogs benches people men colours", SCIENCE_POS_NOUN, true},
      {"it he his these", SCIENCE_POS_PRONOUN, false},
      {"a an the any", SCIENCE_POS_ARTICLE, false},
      {"is has sitting wearing there's", SCIENCE_POS_VERB, false},
      {"red larger behind which 3 two and not ?", SCIENCE_POS_OTHER, false},
      {"[CLS] [SEP] [MASK]", SCIENCE_POS_SPECIAL, false},
      /* words that the world does not have */
      {"giraffe building bread bus glass", SCIENCE_POS_NOUN, false},
      {"giraffes elephants children knives", SCIENCE_POS_NOUN, true},
      {"theirs myself", SCIENCE_POS_PRONOUN, false},
      {"every", SCIENCE_POS_ARTICLE, false},
      {"walking jumped were should ate", SCIENCE_POS_VERB, false},
      {"quickly wooden-ish colorful metallic during tallest 1990 -", SCIENCE_POS_OTHER, false},
  };
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
    char words[256], *save = NULL;
    snprintf(words, sizeof words, "%s", groups[i].words);
    for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
      check(w, groups[i].pos, groups[i].plural);
  }
}

static void test_pieces(void)
{
  const char *const tokens[] = {"[CLS]", "the", "gi", "##raf", "##fes", "are", "red", "[SEP]"};
  const SciencePos want[] = {SCIENCE_POS_SPECIAL, SCIENCE_POS_ARTICLE, SCIENCE_POS_NOUN,
                             SCIENCE_POS_NOUN,    SCIENCE_POS_NOUN,    SCIENCE_POS_VERB,
                             SCIENCE_POS_OTHER,   SCIENCE_POS_SPECIAL};
  SciencePos pos[8];
  bool plural[8];
  science_pos_tokens(tokens, 8, pos, plural);
  for (int i = 0; i < 8; i++)
    CHECK(pos[i] == want[i] && plural[i] == (i >= 2 && i <= 4), "%d", i);
}

static void test_singular(void)
{
  static const char *const pairs[][2] = {
      {"benches", "bench"}, {"buses", "bus"},   {"men", "man"},       {"dogs", "dog"},
      {"houses", "house"},  {"dog", "dog"},     {"glass", "glass"},   {"women", "woman"},
      {"vases", "vase"},    {"bushes", "bush"}, {"berries", "berry"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char out[32];
    science_pos_singular(pairs[i][0], out, sizeof out);
    CHECK(!strcmp(out, pairs[i][1]), "%s: %s", pairs[i][0], out);
  }
}

int main(void)
{
  test_words();
  test_pieces();
  test_singular();
  return lx_test_end();
}
