#include "science-findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint.h"
#include "lx-relevancy.h"
#include "science-claims.h"
#include "science-measure.h"
#include "science-walk.h"

/* Summed up beside the sums. */
enum { SCORE, LABELLED, NOUNS, SECONDS, KEPT };

typedef struct {
  const ScienceFindingsSetup *setup;
  ScienceProbe probe, bert_probe;
  LxCheckpoint bert;
  LxTokenizer *bert_tokenizer; /* NULL: the model's */
  bool with_bert;
  SciencePlan plan;
  ScienceTrial trial;
  ScienceSums *sums;
  float *mean; /* [MOST_KEYS][MOST_KEYS] */
  ScienceFindings *out;
  double kept[KEPT];
} Run;

static LxStatus open_bert(Run *run, LxError *error)
{
  const ScienceFindingsSetup *setup = run->setup;
  LxStatus status = lx_checkpoint_read(setup->bert, NULL, &run->bert, error);
  if (status)
    return status;
  run->with_bert = true;
  if (run->bert.vocab_path)
    status = lx_tokenizer_open(run->bert.vocab_path, &run->bert_tokenizer, error);
  const LxTokenizer *tokenizer =
      run->bert_tokenizer ? run->bert_tokenizer : lx_model_tokenizer(setup->model);
  if (!status && lx_tokenizer_count(tokenizer) > run->bert.config.vocab_size)
    status = lx_fail(error, LX_ERR_SHAPE, "%s knows %lld word pieces, its vocabulary has %lld.",
                     setup->bert, (long long)run->bert.config.vocab_size,
                     (long long)lx_tokenizer_count(tokenizer));
  if (!status)
    status = science_probe_init(&run->bert_probe, &run->bert.config, run->bert.params, 0, tokenizer,
                                error);
  return status;
}

static LxStatus start(Run *run, int shuffles, LxError *error)
{
  LxModel *model = run->setup->model;
  const unsigned heads = lx_model_heads(model) & LX_HEAD_ANSWER;
  LxStatus status = LX_OK;

  if (*lx_model_config(model)->baseline)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "A baseline has no attention maps to measure.");
  status = science_probe_init(&run->probe, lx_model_config(model), lx_model_params(model), heads,
                              lx_model_tokenizer(model), error);
  if (!status && run->setup->bert)
    status = open_bert(run, error);
  if (!status)
    status = science_plan_make(lx_model_config(model), heads != 0,
                               run->with_bert ? &run->bert.config : NULL, &run->plan, error);
  if (!status)
    status = science_trial_init(&run->trial, shuffles, error);
  if (!status)
    status = science_sums_new(run->plan.n_numbers, shuffles, &run->sums, error);
  run->mean = malloc(sizeof(float) * SCIENCE_MOST_KEYS * SCIENCE_MOST_KEYS);
  run->out = calloc(1, sizeof *run->out);
  if (!status && (!run->mean || !run->out))
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the findings.");
  return status;
}

static void finish(Run *run)
{
  science_probe_clear(&run->probe);
  science_probe_clear(&run->bert_probe);
  lx_tokenizer_free(run->bert_tokenizer);
  if (run->with_bert)
    lx_checkpoint_clear(&run->bert);
  science_plan_clear(&run->plan);
  science_trial_clear(&run->trial);
  science_sums_free(run->sums);
  free(run->mean);
}

/* Every head of a map, then their mean. */
static void measure_heads(Run *run, const ScienceMap *map, const ScienceProbe *probe)
{
  int heads, queries, keys, slots;
  const float *values = science_probe_map(probe, map->name, &heads, &queries, &keys);
  if (!values)
    return;
  science_slots(map->kind, &slots);
  const int size = queries * keys;
  memset(run->mean, 0, (size_t)size * sizeof *run->mean);
  for (int h = 0; h < heads; h++) {
    for (int i = 0; i < size; i++)
      run->mean[i] += values[h * size + i] / (float)heads;
    science_measure(&run->trial, map->kind, values + h * size, queries, keys,
                    map->first + h * slots, run->sums);
  }
  science_measure(&run->trial, map->kind, run->mean, queries, keys, map->first + heads * slots,
                  run->sums);
}

static LxStatus measure_relevancy(Run *run, const ScienceMap *map, LxError *error)
{
  LxRelevancy *r = NULL;
  LxStatus status = lx_relevancy_of_graph(run->probe.graph, 0, LX_METHOD_RELEVANCY, -1, &r, error);
  if (status)
    return status;
  for (int64_t i = 0; i < r->words * r->boxes; i++)
    run->mean[i] = (float)r->word_box[i];
  science_measure(&run->trial, map->kind, run->mean, (int)r->words, (int)r->boxes, map->first,
                  run->sums);
  lx_relevancy_free(r);
  return LX_OK;
}

static LxStatus measure_maps(Run *run, bool bert, LxError *error)
{
  LxStatus status = LX_OK;
  for (int i = 0; i < run->plan.n_maps && !status; i++) {
    const ScienceMap *map = &run->plan.maps[i];
    if (map->bert != bert)
      continue;
    if (map->kind == SCIENCE_EXPLAINED)
      status = measure_relevancy(run, map, error);
    else
      measure_heads(run, map, bert ? &run->bert_probe : &run->probe);
  }
  return status;
}

static LxStatus one_example(void *user_data, int64_t index, LxError *error)
{
  Run *run = user_data;
  const ScienceFindingsSetup *setup = run->setup;
  LxTrainExample example = {0};
  LxStatus status = setup->source->get(setup->source->user_data, index, true, &example, error);
  if (!status)
    status = science_probe_run(&run->probe, &example, false, error);
  if (!status)
    status = science_sums_begin(run->sums, error);
  if (status)
    return status;
  const int64_t answer = science_probe_answer(&run->probe, NULL);
  if (answer >= 0 && example.n_targets > 0) {
    run->kept[SCORE] += science_score(&example, answer);
    run->kept[LABELLED]++;
  }
  science_trial_begin(&run->trial, &run->probe, setup->graphs, setup->seed, index);
  run->kept[NOUNS] += run->trial.n_grounded;
  status = measure_maps(run, false, error);
  if (!status && run->with_bert)
    status = science_probe_run(&run->bert_probe, &example, true, error);
  if (!status && run->with_bert) {
    science_trial_begin(&run->trial, &run->bert_probe, NULL, setup->seed, index);
    status = measure_maps(run, true, error);
  }
  return status;
}

/* Of all that changes what is summed up. */
static uint64_t mark_of(const Run *run)
{
  const ScienceFindingsSetup *s = run->setup;
  const int64_t numbers[] = {(int64_t)s->seed, s->shuffles, run->plan.n_numbers, s->graphs != NULL};
  uint64_t mark = science_mark(0, numbers, sizeof numbers);
  if (s->rows)
    mark = science_mark(mark, s->rows, strlen(s->rows));
  mark = science_mark_params(mark, lx_model_params(s->model));
  return run->with_bert ? science_mark_params(mark, run->bert.params) : mark;
}

/* Moves the plan's rows into the result and fills them in. */
static LxStatus conclude(Run *run, int resamples, LxProgress progress, void *user_data,
                         LxError *error)
{
  const int n = run->plan.n_numbers;
  ScienceSummary *summary = calloc((size_t)n, sizeof *summary);
  LxStatus status = summary ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (!status)
    status = science_sums_summarize(run->sums, resamples, run->setup->seed, progress, user_data,
                                    summary, error);
  if (!status) {
    run->out->numbers = run->plan.numbers;
    run->plan.numbers = NULL;
    run->out->n_numbers = n;
    for (int i = 0; i < n; i++) {
      ScienceNumber *number = &run->out->numbers[i];
      const ScienceSummary *s = &summary[i];
      number->value = s->value;
      number->low = s->low;
      number->high = s->high;
      number->chance = s->chance;
      number->p = number->measure == SCIENCE_ONE_HOT ? NAN : s->p;
      number->examples = s->examples;
    }
    science_claims_judge(run->out);
  }
  free(summary);
  return status;
}

LxStatus science_findings(const ScienceFindingsSetup *setup, LxProgress progress, void *user_data,
                          ScienceFindings **out, LxError *error)
{
  Run run = {.setup = setup};
  int64_t n = setup->source->count;

  if (setup->examples > 0 && setup->examples < n)
    n = setup->examples;
  if (n < 1)
    return lx_fail(error, LX_ERR_ARGUMENT, "There are no examples to look at.");
  LxStatus status = start(&run, setup->shuffles > 0 ? setup->shuffles : 100, error);
  if (!status) {
    const ScienceWalk walk = {.count = setup->source->count,
                              .examples = n,
                              .state = setup->state,
                              .resume = setup->resume,
                              .mark = setup->state ? mark_of(&run) : 0,
                              .sums = run.sums,
                              .kept = run.kept,
                              .n_kept = KEPT,
                              .one = one_example,
                              .walker = &run};
    status = science_walk(&walk, &run.kept[SECONDS], progress, user_data, error);
  }
  if (!status)
    status =
        conclude(&run, setup->resamples > 0 ? setup->resamples : 1000, progress, user_data, error);
  if (!status) {
    run.out->examples = n;
    run.out->nouns = (int64_t)run.kept[NOUNS];
    run.out->accuracy = run.kept[LABELLED] > 0 ? run.kept[SCORE] / run.kept[LABELLED] : NAN;
    run.out->seconds = run.kept[SECONDS];
    *out = run.out;
    run.out = NULL;
  }
  science_findings_free(run.out);
  finish(&run);
  return status;
}

void science_findings_free(ScienceFindings *self)
{
  if (!self)
    return;
  free(self->numbers);
  free(self);
}

const ScienceNumber *science_findings_find(const ScienceFindings *self, ScienceMeasure measure,
                                           bool bert, const char *map, int head, const char *group)
{
  for (int i = 0; i < self->n_numbers; i++) {
    const ScienceNumber *n = &self->numbers[i];
    if (n->measure == measure && n->bert == bert && n->head == head && !strcmp(n->map, map) &&
        !strcmp(n->group, group ? group : ""))
      return n;
  }
  return NULL;
}

const ScienceNumber *science_findings_best(const ScienceFindings *self, ScienceMeasure measure,
                                           bool bert, const char *group)
{
  const ScienceNumber *best = NULL;
  for (int i = 0; i < self->n_numbers; i++) {
    const ScienceNumber *n = &self->numbers[i];
    if (n->measure == measure && n->bert == bert && n->head != SCIENCE_ALL_HEADS &&
        !isnan(n->value) && !strcmp(n->group, group ? group : "") &&
        (!best || n->value > best->value))
      best = n;
  }
  return best;
}
