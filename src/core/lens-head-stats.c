#include "lens-head-stats.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static int
compare_descending(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;

  return (x < y) - (x > y);
}

/* How many of the largest weights of a row hold `share` of its mass. `scratch` has `n` floats. */
static int
keys_holding(const float *row, int n, double share, float *scratch)
{
  double total = 0, sum = 0;
  int k = 0;

  memcpy(scratch, row, sizeof(float) * n);
  qsort(scratch, n, sizeof(float), compare_descending);
  for (int i = 0; i < n; i++)
    total += scratch[i];
  while (k < n && sum < share * total - 1e-9)
    sum += scratch[k++];
  return k;
}

/* Whether the query looks at nothing: it is no part of the input. */
static gboolean
is_blank(const float *row, int cols)
{
  for (int j = 0; j < cols; j++) {
    if (row[j] != 0)
      return FALSE;
  }
  return TRUE;
}

/* The queries that look at something; at least 1. */
static int
count_looking(const float *values, int rows, int cols)
{
  int n = 0;

  for (int i = 0; i < rows; i++)
    n += !is_blank(values + (gsize)i * cols, cols);
  return MAX(n, 1);
}

/* Mean over the queries of each key's weight. */
static double *
key_shares(const float *values, int rows, int cols)
{
  double *share = g_new0(double, MAX(cols, 1));
  int looking = count_looking(values, rows, cols);

  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < cols; j++)
      share[j] += values[(gsize)i * cols + j] / looking;
  }
  return share;
}

int
lens_head_top_key(const float *values, int rows, int cols)
{
  g_autofree double *share = key_shares(values, rows, cols);
  int best = 0;

  for (int j = 1; j < cols; j++)
    best = share[j] > share[best] ? j : best;
  return best;
}

static void
row_stats(const float *values, int rows, int cols, gboolean next_to, double *stats)
{
  g_autofree float *scratch = g_new(float, MAX(cols, 1));
  double entropy = 0, peak = 0, k90 = 0, next = 0, previous = 0;
  int looking = count_looking(values, rows, cols);
  const float *a = values;

  for (int i = 0; i < rows; i++, a += cols) {
    float top = 0;

    if (is_blank(a, cols))
      continue;
    for (int j = 0; j < cols; j++) {
      if (a[j] > 0)
        entropy -= a[j] * log(a[j]);
      top = MAX(top, a[j]);
    }
    peak += top;
    k90 += keys_holding(a, cols, 0.9, scratch);
    if (next_to && i + 1 < cols)
      next += a[i + 1];
    if (next_to && i > 0)
      previous += a[i - 1];
  }
  stats[LENS_STAT_ENTROPY] = cols > 1 ? entropy / looking / log(cols) : 0;
  stats[LENS_STAT_PEAK] = peak / looking;
  stats[LENS_STAT_K90] = k90 / looking;
  stats[LENS_STAT_EFFECTIVE] = exp(entropy / looking);
  if (next_to) {
    stats[LENS_STAT_NEXT] = next / MAX(rows - 1, 1);
    stats[LENS_STAT_PREVIOUS] = previous / MAX(rows - 1, 1);
  }
}

/* The words that are no special ones share what they get; a kind's enrichment is its part of it
 * divided by its part of the words. */
static void
kind_stats(const double *share, int cols, const LensWordKind *kinds, double *stats)
{
  double mass[LENS_N_WORD_KINDS] = { 0 }, words = 0;
  int count[LENS_N_WORD_KINDS] = { 0 }, n = 0;

  for (int j = 0; j < cols; j++) {
    mass[kinds[j]] += share[j];
    count[kinds[j]]++;
    if (kinds[j] != LENS_WORD_SPECIAL) {
      words += share[j];
      n++;
    }
  }
  for (int kind = LENS_WORD_NOUN; kind <= LENS_WORD_VERB; kind++) {
    if (!count[kind]) /* the question has none */
      continue;
    stats[LENS_STAT_NOUN + kind] = mass[kind];
    if (words > 0)
      stats[LENS_STAT_NOUN_RATIO + kind] = mass[kind] / words * n / count[kind];
  }
}

void
lens_head_stats(const float *values, int rows, int cols, gboolean query_words, gboolean key_words,
                const LensWordKind *kinds, double *stats)
{
  g_autofree double *share = key_shares(values, rows, cols);
  double entropy = 0, top = 0;

  for (int i = 0; i < LENS_N_STATS; i++)
    stats[i] = NAN;
  row_stats(values, rows, cols, key_words && query_words, stats);
  for (int j = 0; j < cols; j++) {
    entropy -= share[j] > 0 ? share[j] * log(share[j]) : 0;
    top = MAX(top, share[j]);
  }
  stats[LENS_STAT_TOP_SHARE] = top;
  stats[LENS_STAT_USED] = exp(entropy);
  if (!key_words)
    return;
  stats[LENS_STAT_CLS] = share[0];
  stats[LENS_STAT_SEP] = share[cols - 1];
  if (kinds)
    kind_stats(share, cols, kinds, stats);
}

/* ---- for a person ---- */

static const struct {
  const char *name, *blurb;
} texts[LENS_N_STATS] = {
  [LENS_STAT_ENTROPY]
  = { N_("Entropy"), N_("How evenly a query looks: 0 at one key, 1 at all of them alike") },
  [LENS_STAT_PEAK]
  = { N_("Peak"), N_("The largest weight of a query, on average: the one-hot score") },
  [LENS_STAT_K90] = { N_("Keys for 90%"), N_("How many keys hold nine tenths of the attention") },
  [LENS_STAT_NEXT] = { N_("Next word"), N_("Attention from a word to the word after it") },
  [LENS_STAT_PREVIOUS] = { N_("Previous word"), N_("Attention from a word to the one before it") },
  [LENS_STAT_CLS] = { N_("On [CLS]"), N_("Attention to the first token, [CLS]") },
  [LENS_STAT_SEP] = { N_("On [SEP]"), N_("Attention to the last token, [SEP]") },
  [LENS_STAT_EFFECTIVE]
  = { N_("Effective keys"), N_("The number of keys that a query looks at, exp(entropy)") },
  [LENS_STAT_TOP_SHARE]
  = { N_("Top key"), N_("The share of all attention on the one key that gets most of it") },
  [LENS_STAT_USED] = { N_("Keys used"), N_("The number of keys that all queries together look at, "
                                           "exp(entropy of the keys’ shares)") },
  [LENS_STAT_NOUN] = { N_("On nouns"), N_("Attention to the nouns of the question") },
  [LENS_STAT_PRONOUN] = { N_("On pronouns"), N_("Attention to the pronouns of the question") },
  [LENS_STAT_ARTICLE] = { N_("On articles"), N_("Attention to articles and other determiners") },
  [LENS_STAT_VERB] = { N_("On verbs"), N_("Attention to the verbs of the question") },
  [LENS_STAT_NOUN_RATIO]
  = { N_("Nouns ×"), N_("How many times more attention nouns get than if all words shared alike") },
  [LENS_STAT_PRONOUN_RATIO] = { N_("Pronouns ×"), N_("How many times more attention pronouns get "
                                                     "than if all words shared alike") },
  [LENS_STAT_ARTICLE_RATIO] = { N_("Articles ×"), N_("How many times more attention articles get "
                                                     "than if all words shared alike") },
  [LENS_STAT_VERB_RATIO]
  = { N_("Verbs ×"), N_("How many times more attention verbs get than if all words shared alike") },
  [LENS_STAT_EFFECT]
  = { N_("Effect on answer"), N_("How the answer's probability changes without the head") },
};

const char *
lens_stat_get_name(LensStat stat)
{
  g_return_val_if_fail(stat < LENS_N_STATS, "");
  return _(texts[stat].name);
}

const char *
lens_stat_get_blurb(LensStat stat)
{
  g_return_val_if_fail(stat < LENS_N_STATS, "");
  return _(texts[stat].blurb);
}

static gboolean
counts_keys(LensStat stat)
{
  return stat == LENS_STAT_K90 || stat == LENS_STAT_EFFECTIVE || stat == LENS_STAT_USED;
}

void
lens_stat_get_range(LensStat stat, int keys, double *low, double *high)
{
  *low = 0;
  *high = 1;
  if (counts_keys(stat)) {
    *low = 1;
    *high = MAX(keys, 2);
  } else if (stat >= LENS_STAT_NOUN_RATIO && stat <= LENS_STAT_VERB_RATIO) {
    *high = 2;
  }
}

char *
lens_stat_format(LensStat stat, double value)
{
  if (isnan(value))
    return g_strdup("–");
  if (stat == LENS_STAT_EFFECT) /* a change, either way */
    return g_strdup_printf("%+.3f", value);
  return counts_keys(stat) ? g_strdup_printf("%.1f", value) : g_strdup_printf("%.3f", value);
}
