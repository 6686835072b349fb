/* Numbers for one head of one attention map. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a word of the question is. */
typedef enum {
  LENS_WORD_NOUN,
  LENS_WORD_PRONOUN,
  LENS_WORD_ARTICLE, /* and other determiners */
  LENS_WORD_VERB,
  LENS_WORD_OTHER,
  LENS_WORD_SPECIAL, /* [CLS], [SEP], … */
  LENS_N_WORD_KINDS,
} LensWordKind;

/* Words next to, [CLS], [SEP] and kinds of words exist only where the keys are words. */
typedef enum {
  LENS_STAT_ENTROPY,   /* mean over queries of -sum p ln p, divided by ln(keys): 0..1 */
  LENS_STAT_PEAK,      /* mean over queries of the largest weight: the one-hot score */
  LENS_STAT_K90,       /* mean number of keys that hold 90% of the mass */
  LENS_STAT_NEXT,      /* mean weight on the key after the query (words on words) */
  LENS_STAT_PREVIOUS,  /* mean weight on the key before the query (words on words) */
  LENS_STAT_CLS,       /* mean weight on the first key, [CLS] (keys are words) */
  LENS_STAT_SEP,       /* mean weight on the last key, [SEP] (keys are words) */
  LENS_STAT_EFFECTIVE, /* exp(entropy): the effective number of keys of a query */
  LENS_STAT_TOP_SHARE, /* share of all attention on the one key that gets most */
  LENS_STAT_USED, /* exp(entropy of the keys' shares): the effective number of keys of the map */
  LENS_STAT_NOUN, /* mean weight on nouns; the next ones likewise */
  LENS_STAT_PRONOUN,
  LENS_STAT_ARTICLE,
  LENS_STAT_VERB,
  LENS_STAT_NOUN_RATIO, /* enrichment: that, divided by what nouns would get if all words shared alike */
  LENS_STAT_PRONOUN_RATIO,
  LENS_STAT_ARTICLE_RATIO,
  LENS_STAT_VERB_RATIO,
  LENS_STAT_EFFECT, /* how much the answer changes without the head; not of the map itself */
  LENS_N_STATS,
} LensStat;

/* Of values[rows][cols], into stats[LENS_N_STATS]; NAN where a statistic has no meaning.
 * `key_words`: the keys are words; `query_words`: and the queries, too, in the same order. `kinds`
 * [cols] are the keys' kinds; NULL for boxes or where they are not known. */
void lens_head_stats(const float *values, int rows, int cols, gboolean query_words,
                     gboolean key_words, const LensWordKind *kinds, double *stats);

/* The key that gets most of all attention. */
int lens_head_top_key(const float *values, int rows, int cols);

/* Short name for a person ("Entropy"), an explanation, and the range of values of a statistic for
 * maps of `keys` keys, to colour it by. Strings are translated and static. */
const char *lens_stat_get_name(LensStat stat);
const char *lens_stat_get_blurb(LensStat stat);
void lens_stat_get_range(LensStat stat, int keys, double *low, double *high);
/* "0.123", "3.1" for what counts keys, "+0.123" for an effect, "–" for NAN; free with g_free. */
char *lens_stat_format(LensStat stat, double value);

G_END_DECLS
