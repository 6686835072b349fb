/* The part of speech of a word of a question: exact for the words of the demo world, which gives each
 * of its words one tag; for other words a list of English function words, then suffixes. */
#pragma once

#include <stdbool.h>

typedef enum {
  SCIENCE_POS_NOUN,
  SCIENCE_POS_PRONOUN,
  SCIENCE_POS_ARTICLE, /* and other determiners: "any", "some" */
  SCIENCE_POS_VERB,
  SCIENCE_POS_OTHER,   /* adjectives, prepositions, question words, numbers, punctuation, … */
  SCIENCE_POS_SPECIAL, /* [CLS], [SEP], [PAD], [MASK], [UNK] */
  SCIENCE_N_POS,
} SciencePos;

/* "noun", "pronoun", "article", "verb", "other", "special"; static. */
const char *science_pos_name(SciencePos pos);

/* One whole word in lower case, as WordPiece's basic tokenizer cuts it. *plural (may be NULL): a
 * noun in a plural form. */
SciencePos science_pos(const char *word, bool *plural);

/* Tags of a tokenized sentence, [CLS] and [SEP] included: a word's "##" pieces get the word's tag.
 * pos and plural (may be NULL) are [n]. */
void science_pos_tokens(const char *const *tokens, int n, SciencePos *pos, bool *plural);

/* The singular of a noun as a scene graph names it ("benches" -> "bench"); writes at most `size`
 * bytes. */
void science_pos_singular(const char *noun, char *out, int size);
