#include "cli-eval-score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-grouping.h"
#include "science-stats.h"

#define RESAMPLES 1000

static CliGroup *find_group(CliGroups *groups, const char *name)
{
  for (int i = 0; i < groups->n; i++)
    if (strcmp(groups->group[i].name, name) == 0)
      return &groups->group[i];
  return NULL;
}

static LxStatus add(CliGroups *groups, const char *name, double score, LxError *error)
{
  if (!name[0])
    return LX_OK;
  CliGroup *group = find_group(groups, name);
  if (!group) {
    CliGroup *grown = realloc(groups->group, (size_t)(groups->n + 1) * sizeof *grown);
    groups->group = grown ? grown : groups->group;
    char *copy = grown ? strdup(name) : NULL;
    if (!copy)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
    group = &grown[groups->n++];
    *group = (CliGroup){.name = copy};
  }
  group->examples++;
  group->score += score;
  return LX_OK;
}

/* ---- NLVR2 ---- */

typedef struct {
  const char *identifier;
  bool right;
} Pair;

static int compare_pairs(const void *a, const void *b)
{
  return lx_nlvr2_compare(((const Pair *)a)->identifier, ((const Pair *)b)->identifier);
}

/* Statements of which every pair is right, among those with labels. */
static LxStatus count_consistent(const LxDataset *dataset, const int64_t *labels, CliScore *score,
                                 LxError *error)
{
  const int64_t all = lx_dataset_count(dataset);
  Pair *pairs = malloc((size_t)all * sizeof *pairs);
  int64_t n = 0;

  if (!pairs)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %lld pairs.", (long long)all);
  for (int64_t i = 0; i < all; i++) {
    LxExample e;
    lx_dataset_get(dataset, i, &e);
    if (e.labelled)
      pairs[n++] = (Pair){e.identifier, labels[i] == e.label};
  }
  qsort(pairs, (size_t)n, sizeof *pairs, compare_pairs);
  for (int64_t i = 0, j; i < n; i = j) {
    bool whole = true;
    for (j = i; j < n && compare_pairs(&pairs[i], &pairs[j]) == 0; j++)
      whole = whole && pairs[j].right;
    score->sentences++;
    score->consistent += whole;
  }
  free(pairs);
  return LX_OK;
}

/* ---- all tasks ---- */

static LxStatus add_one(const LxExample *e, double right, CliScore *score, LxError *error)
{
  const LxTarget *best = lx_example_best(e);
  LxStatus status = LX_OK;
  score->answered++;
  score->sum += right;
  score->oracle += best ? (double)best->score : 0;
  if (score->task == LX_TASK_GQA)
    status = add(&score->kinds, e->binary ? "binary" : "open", right, error);
  if (!status)
    status = add(&score->answer_types, e->answer_type, right, error);
  return status ? status : add(&score->question_types, e->question_type, right, error);
}

static LxStatus tally(const LxDataset *dataset, const int64_t *labels, ScienceSums *sums,
                      CliScore *score, LxError *error)
{
  LxStatus status = LX_OK;
  for (int64_t i = 0; i < lx_dataset_count(dataset) && !status; i++) {
    LxExample e;
    lx_dataset_get(dataset, i, &e);
    if (score->task == LX_TASK_PRETRAIN || !e.labelled)
      continue;
    const double right = score->task == LX_TASK_NLVR2 ? (double)(labels[i] == e.label)
                                                      : (double)lx_example_score(&e, labels[i]);
    status = science_sums_begin(sums, error);
    if (!status) {
      science_sums_add(sums, 0, right, 1);
      status = add_one(&e, right, score, error);
    }
  }
  score->left_out = lx_dataset_counts(dataset).without_image;
  return !status && score->task == LX_TASK_NLVR2 ? count_consistent(dataset, labels, score, error)
                                                 : status;
}

LxStatus cli_score(LxTask task, const LxDataset *dataset, const int64_t *labels, int64_t seed,
                   CliScore *out, LxError *error)
{
  ScienceSums *sums = NULL;
  ScienceSummary summary;
  LxStatus status = science_sums_new(1, 0, &sums, error);

  *out = (CliScore){.task = task, .low = NAN, .high = NAN};
  if (!status)
    status = tally(dataset, labels, sums, out, error);
  if (!status)
    status = science_sums_summarize(sums, RESAMPLES, (uint64_t)seed, NULL, NULL, &summary, error);
  if (!status) {
    out->low = summary.low;
    out->high = summary.high;
  }
  science_sums_free(sums);
  return status;
}

static void clear(CliGroups *groups)
{
  for (int i = 0; i < groups->n; i++)
    free(groups->group[i].name);
  free(groups->group);
}

void cli_score_clear(CliScore *self)
{
  clear(&self->kinds);
  clear(&self->answer_types);
  clear(&self->question_types);
}
