#include "science-measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUNDED_IOU 0.5

LxStatus science_trial_init(ScienceTrial *self, int shuffles, LxError *error)
{
  const size_t n = (size_t)shuffles * SCIENCE_MOST_KEYS;
  *self = (ScienceTrial){.shuffles = shuffles,
                         .order = malloc((n + 1) * sizeof *self->order),
                         .pos = malloc((n + 1) * sizeof *self->pos),
                         .boxes = malloc((n + 1) * sizeof *self->boxes),
                         .places = malloc((n * SCIENCE_MOST_KEYS + 1) * sizeof *self->places),
                         .swapped = malloc((n + 1) * sizeof *self->swapped)};
  if (self->order && self->pos && self->boxes && self->places && self->swapped)
    return LX_OK;
  science_trial_clear(self);
  return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %d shuffles.", shuffles);
}

void science_trial_clear(ScienceTrial *self)
{
  free(self->order);
  free(self->pos);
  free(self->boxes);
  free(self->places);
  free(self->swapped);
  memset(self, 0, sizeof *self);
}

/* The whole word that starts at a token, in the singular. */
static void noun_name(const ScienceProbe *probe, int token, char *out, int size)
{
  char word[128];
  snprintf(word, sizeof word, "%s", probe->token[token]);
  for (int i = token + 1; i < probe->words && !strncmp(probe->token[i], "##", 2); i++)
    strncat(word, probe->token[i] + 2, sizeof word - strlen(word) - 1);
  science_pos_singular(word, out, size);
}

static void find_nouns(ScienceTrial *self, const ScienceGraphs *graphs)
{
  const ScienceProbe *probe = self->probe;
  self->n_nouns = self->n_grounded = 0;
  for (int i = 0; i < probe->words; i++) {
    ScienceNoun *noun = &self->noun[self->n_nouns];
    char name[128];
    if (probe->pos[i] != SCIENCE_POS_NOUN || !strncmp(probe->token[i], "##", 2))
      continue;
    noun->token = i;
    noun->article = science_article_of(probe->token, probe->pos, i);
    noun->plural = probe->plural[i];
    noun->grounded = false;
    noun_name(probe, i, name, sizeof name);
    if (graphs && probe->example.image[0] && probe->boxes == probe->example.image[0]->count) {
      const int n = science_graphs_find(graphs, probe->example.image_id, name,
                                        probe->example.image[0], GROUNDED_IOU, noun->found);
      noun->grounded = n > 0 && n < probe->boxes;
    }
    self->n_grounded += noun->grounded;
    self->n_nouns++;
  }
}

static void shuffle_all(ScienceTrial *self, int s, LxRng *random)
{
  const ScienceProbe *probe = self->probe;
  const int words = probe->words, boxes = probe->boxes, n = probe->n_order;
  int *order = self->order + s * n, *box = self->boxes + s * boxes;

  memcpy(order, probe->order, (size_t)n * sizeof *order);
  science_shuffle(order, n, random);
  /* the word at its place gets the tag of the word that the shuffled order has there */
  memcpy(self->pos + s * words, probe->pos, (size_t)words * sizeof *self->pos);
  for (int i = 0; i < n; i++)
    self->pos[s * words + probe->order[i]] = probe->pos[order[i]];
  for (int i = 0; i < words; i++)
    self->swapped[s * words + i] = lx_rng_u64(random) >> 63;
  for (int i = 0; i < boxes; i++)
    box[i] = i;
  science_shuffle(box, boxes, random);
  for (int q = 0; q < boxes; q++) {
    int *row = self->places + ((size_t)s * (size_t)boxes + (size_t)q) * (size_t)boxes;
    memcpy(row, box, (size_t)boxes * sizeof *row);
    science_shuffle(row, boxes, random);
  }
}

void science_trial_begin(ScienceTrial *self, const ScienceProbe *probe, const ScienceGraphs *graphs,
                         uint64_t seed, int64_t example)
{
  LxRng random = {.seed = seed, .stream = 0x5f00 + (uint64_t)example};
  self->probe = probe;
  find_nouns(self, graphs);
  for (int s = 0; s < self->shuffles; s++)
    shuffle_all(self, s, &random);
}

static void measure_words(const ScienceTrial *self, const float *map, int queries, int keys,
                          int first, ScienceSums *sums)
{
  const int n = self->probe->n_order;
  int best[SCIENCE_MOST_KEYS];
  science_row_best(map, queries, keys, best);
  for (int back = 0; back < 2; back++)
    for (int s = -1; s < self->shuffles; s++) {
      const int *order = s < 0 ? self->probe->order : self->order + s * n;
      const ScienceNeighbour x = science_neighbour(map, keys, best, order, n, back ? -1 : 1);
      if (s < 0) {
        science_sums_add(sums, first + 2 * back, x.weight, x.pairs);
        science_sums_add(sums, first + 2 * back + 1, x.hits, x.pairs);
      } else {
        science_sums_add_chance(sums, first + 2 * back, s, x.weight, x.pairs);
        science_sums_add_chance(sums, first + 2 * back + 1, s, x.hits, x.pairs);
      }
    }
}

static void measure_boxes(const ScienceTrial *self, const float *map, int queries, int keys,
                          int first, ScienceSums *sums)
{
  for (int s = -1; s < self->shuffles; s++) {
    const int *places = s < 0 ? NULL : self->places + (int64_t)s * queries * keys;
    const ScienceColumns x = science_columns(map, queries, keys, places);
    /* one-hot does not change when rows are shuffled: it is compared with even attention */
    const double values[] = {x.top1, x.top3, x.effective, s < 0 ? x.one_hot : 1.0 / keys};
    for (int i = 0; i < 4; i++)
      if (s < 0)
        science_sums_add(sums, first + i, values[i], 1);
      else
        science_sums_add_chance(sums, first + i, s, values[i], 1);
  }
}

static void add(ScienceSums *sums, int metric, int shuffle, double sum, double count)
{
  if (shuffle < 0)
    science_sums_add(sums, metric, sum, count);
  else
    science_sums_add_chance(sums, metric, shuffle, sum, count);
}

/* Nouns whose best box is one of theirs; best[words]. Only grounded ones count. */
static void measure_nouns(const ScienceTrial *self, const int *best, int metric, ScienceSums *sums)
{
  const int boxes = self->probe->boxes;
  for (int i = 0; i < self->n_nouns; i++) {
    const ScienceNoun *noun = &self->noun[i];
    const int box = best[noun->token];
    for (int s = -1; noun->grounded && s < self->shuffles; s++)
      add(sums, metric, s, noun->found[s < 0 ? box : self->boxes[s * boxes + box]], 1);
  }
}

static bool names_the_same(const ScienceNoun *a, const ScienceNoun *b, int boxes)
{
  return !memcmp(a->found, b->found, (size_t)boxes * sizeof *a->found);
}

/* Where [CLS] looks, in questions that name one kind of object only. */
static void measure_cls(const ScienceTrial *self, const int *best, int metric, ScienceSums *sums)
{
  const int boxes = self->probe->boxes;
  const ScienceNoun *one = NULL;
  for (int i = 0; i < self->n_nouns; i++) {
    if (!self->noun[i].grounded)
      continue;
    if (one && !names_the_same(one, &self->noun[i], boxes))
      return;
    one = &self->noun[i];
  }
  for (int s = -1; one && s < self->shuffles; s++)
    add(sums, metric, s, one->found[s < 0 ? best[0] : self->boxes[s * boxes + best[0]]], 1);
}

static void measure_kinds(const ScienceTrial *self, const double *mass, int first,
                          ScienceSums *sums)
{
  const int words = self->probe->words;
  for (int s = -1; s < self->shuffles; s++) {
    const SciencePos *pos = s < 0 ? self->probe->pos : self->pos + s * words;
    const ScienceKinds x = science_kinds(mass, pos, words);
    for (int p = 0; p < SCIENCE_N_POS; p++)
      add(sums, first + p, s, x.mass[p], 1);
    for (int p = 0; p < SCIENCE_POS_SPECIAL; p++)
      add(sums, first + SCIENCE_N_POS + p, s, x.mass[p], x.expected[p]);
  }
}

/* Rows: takeover of singular and plural nouns, then the articles' shares. */
static void measure_articles(const ScienceTrial *self, const double *mass, int first,
                             ScienceSums *sums)
{
  for (int i = 0; i < self->n_nouns; i++) {
    const ScienceNoun *noun = &self->noun[i];
    if (noun->article < 0)
      continue;
    const double article = mass[noun->article], own = mass[noun->token];
    for (int s = -1; s < self->shuffles; s++) {
      const bool swap = s >= 0 && self->swapped[s * self->probe->words + noun->token];
      const double a = swap ? own : article, b = swap ? article : own;
      add(sums, first + noun->plural, s, a > b, 1);
      add(sums, first + 2 + noun->plural, s, a, a + b);
    }
  }
}

void science_measure(const ScienceTrial *self, ScienceKind kind, const float *map, int queries,
                     int keys, int first, ScienceSums *sums)
{
  int best[SCIENCE_MOST_KEYS];
  double mass[SCIENCE_MOST_KEYS];

  switch (kind) {
  case SCIENCE_WORDS:
    measure_words(self, map, queries, keys, first, sums);
    break;
  case SCIENCE_BOXES:
    measure_boxes(self, map, queries, keys, first, sums);
    break;
  case SCIENCE_BOXES_TO_WORDS:
    science_key_mass(map, queries, keys, mass);
    measure_kinds(self, mass, first, sums);
    measure_articles(self, mass, first + 2 * SCIENCE_N_POS - 1, sums);
    science_column_best(map, queries, keys, best);
    measure_nouns(self, best, first + 2 * SCIENCE_N_POS + 3, sums);
    break;
  default:
    science_row_best(map, queries, keys, best);
    measure_nouns(self, best, first, sums);
    measure_cls(self, best, first + 1, sums);
  }
}
