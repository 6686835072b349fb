#include "science-heads.h"

#include <math.h>
#include <string.h>

#include "world-lexicon.h"

void science_row_best(const float *map, int queries, int keys, int *best)
{
  for (int q = 0; q < queries; q++) {
    best[q] = 0;
    for (int k = 1; k < keys; k++)
      if (map[q * keys + k] > map[q * keys + best[q]])
        best[q] = k;
  }
}

void science_column_best(const float *map, int queries, int keys, int *best)
{
  for (int k = 0; k < keys; k++) {
    best[k] = 0;
    for (int q = 1; q < queries; q++)
      if (map[q * keys + k] > map[best[k] * keys + k])
        best[k] = q;
  }
}

ScienceNeighbour science_neighbour(const float *map, int keys, const int *best, const int *order,
                                   int n, int step)
{
  ScienceNeighbour out = {0};
  for (int i = 0; i + 1 < n; i++) {
    const int query = order[step > 0 ? i : i + 1], key = order[step > 0 ? i + 1 : i];
    out.weight += map[query * keys + key];
    out.hits += best[query] == key;
    out.pairs++;
  }
  return out;
}

static void keep_top3(double share, double *top)
{
  for (int i = 0; i < 3; i++)
    if (share > top[i]) {
      const double less = top[i];
      top[i] = share;
      share = less;
    }
}

ScienceColumns science_columns(const float *map, int queries, int keys, const int *places)
{
  double mass[SCIENCE_MOST_KEYS] = {0}, top[3] = {0}, entropy = 0, greatest = 0;
  ScienceColumns out;

  for (int q = 0; q < queries; q++) {
    float peak = 0;
    for (int k = 0; k < keys; k++) {
      const float w = map[q * keys + k];
      mass[places ? places[q * keys + k] : k] += w;
      peak = w > peak ? w : peak;
    }
    greatest += peak;
  }
  for (int k = 0; k < keys; k++) {
    const double share = mass[k] / queries;
    keep_top3(share, top);
    entropy -= share > 0 ? share * log(share) : 0;
  }
  out = (ScienceColumns){top[0], top[0] + top[1] + top[2], exp(entropy), greatest / queries};
  return out;
}

void science_key_mass(const float *map, int queries, int keys, double *mass)
{
  memset(mass, 0, (size_t)keys * sizeof *mass);
  for (int q = 0; q < queries; q++)
    for (int k = 0; k < keys; k++)
      mass[k] += map[q * keys + k] / queries;
}

ScienceKinds science_kinds(const double *mass, const SciencePos *pos, int words)
{
  ScienceKinds out = {0};
  int count[SCIENCE_N_POS] = {0}, all = 0;
  double total = 0;
  for (int i = 0; i < words; i++) {
    out.mass[pos[i]] += mass[i];
    count[pos[i]]++;
    if (pos[i] != SCIENCE_POS_SPECIAL) {
      all++;
      total += mass[i];
    }
  }
  for (int p = 0; p < SCIENCE_POS_SPECIAL && all > 0; p++)
    out.expected[p] = total * count[p] / all;
  return out;
}

static bool stands_between(const char *word)
{
  WorldPos pos;
  bool plural;
  return world_lookup(word, &pos, &plural) &&
         (pos == WORLD_POS_ADJECTIVE || pos == WORLD_POS_NUMBER);
}

int science_article_of(const char *const *tokens, const SciencePos *pos, int noun)
{
  int i = noun - 1;
  while (i > 0 && stands_between(tokens[i]))
    i--;
  if (i < 0 || pos[i] != SCIENCE_POS_ARTICLE)
    return -1;
  return !strcmp(tokens[i], "a") || !strcmp(tokens[i], "an") || !strcmp(tokens[i], "the") ? i : -1;
}
