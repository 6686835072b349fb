#include "science-perturb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lx-relevancy.h"
#include "science-probe.h"
#include "science-walk.h"

const double science_levels[SCIENCE_N_LEVELS] = {0, 0.25, 0.5, 0.75, 0.9, 0.95};

enum {
  VARIANTS = (2 * SCIENCE_N_ORDERS - 1) * (SCIENCE_N_LEVELS - 1), /* of one side of one example */
  SUMS_A_CURVE = 2 * SCIENCE_N_LEVELS + 2, /* accuracies, probabilities, their areas */
};

const char *science_order_name(ScienceOrder order)
{
  static const char *const names[] = {"attention", "rollout", "gradient x attention", "relevancy",
                                      "random"};
  return (unsigned)order < SCIENCE_N_ORDERS ? names[order] : NULL;
}

double science_area(const double *values)
{
  double area = 0;
  for (int i = 0; i + 1 < SCIENCE_N_LEVELS; i++)
    area += (values[i] + values[i + 1]) / 2 * (science_levels[i + 1] - science_levels[i]);
  return area / science_levels[SCIENCE_N_LEVELS - 1];
}

int science_removed(int n, double share, int keep)
{
  const int most = n > keep ? n - keep : 0, removed = (int)lround(share * n);
  return removed < most ? removed : most;
}

void science_rank(const double *score, int n, bool falling, int *order)
{
  for (int i = 0; i < n; i++) {
    int at = i;
    for (; at > 0; at--) {
      const double before = score[order[at - 1]];
      if (falling ? before >= score[i] : before <= score[i])
        break;
      order[at] = order[at - 1];
    }
    order[at] = i;
  }
}

/* Summed up beside the sums. */
enum { LABELLED, SECONDS, KEPT };

/* What the model made of one variant. */
typedef struct {
  double score, probability;
} Outcome;

typedef struct {
  const SciencePerturbSetup *setup;
  ScienceProbe probe; /* the whole example, explained */
  LxLxmert *batch;    /* LX_INFER, all variants of one side at a time */
  ScienceSums *sums;
  double scores[SCIENCE_N_ORDERS][SCIENCE_MOST_KEYS]; /* of the words, as in probe.order */
  double box_scores[SCIENCE_N_ORDERS][SCIENCE_MOST_KEYS];
  int64_t answer;
  double probability, full_score;
  double kept[KEPT];
} Run;

/* What is kept of one variant: indices of words and boxes in the example. */
typedef struct {
  int words[SCIENCE_MOST_KEYS], n_words;
  int boxes[SCIENCE_MOST_KEYS], n_boxes;
} Variant;

static void keep_all(const ScienceProbe *probe, Variant *v)
{
  v->n_words = probe->words;
  v->n_boxes = probe->boxes;
  for (int i = 0; i < v->n_words; i++)
    v->words[i] = i;
  for (int i = 0; i < v->n_boxes; i++)
    v->boxes[i] = i;
}

/* Leaves out the first `removed` of order[n]. Words are numbered as in probe->order. */
static void leave_out(const ScienceProbe *probe, bool words, const int *order, int removed,
                      Variant *v)
{
  bool gone[SCIENCE_MOST_KEYS] = {false};
  int n = 0;
  keep_all(probe, v);
  for (int i = 0; i < removed; i++)
    gone[words ? probe->order[order[i]] : order[i]] = true;
  int *kept = words ? v->words : v->boxes;
  const int all = words ? v->n_words : v->n_boxes;
  for (int i = 0; i < all; i++)
    if (!gone[i])
      kept[n++] = i;
  *(words ? &v->n_words : &v->n_boxes) = n;
}

static LxStatus start(Run *run, LxError *error)
{
  LxModel *model = run->setup->model;
  const LxConfig *config = lx_model_config(model);
  LxStatus status;

  if (!(lx_model_heads(model) & LX_HEAD_ANSWER) || *config->baseline)
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "Only an LXMERT that answers questions can be tested.");
  status = science_probe_init(&run->probe, config, lx_model_params(model), LX_HEAD_ANSWER,
                              lx_model_tokenizer(model), error);
  if (status)
    return status;
  const LxLxmertOptions options = {.max_examples = VARIANTS,
                                   .max_words = run->probe.max_words,
                                   .max_objects = run->probe.max_objects,
                                   .heads = LX_HEAD_ANSWER,
                                   .packed = true,
                                   .leave_out_unused = true,
                                   .results_only = true};
  status = lx_lxmert_build(config, lx_model_params(model), &options, LX_INFER, &run->batch, error);
  if (!status)
    status = science_sums_new(SCIENCE_N_CURVES * SUMS_A_CURVE, 0, &run->sums, error);
  return status;
}

/* Row [CLS] of each method's relevancy for the model's answer, and a random order. */
static LxStatus explain(Run *run, int64_t example, LxError *error)
{
  static const LxMethod methods[] = {LX_METHOD_ATTENTION, LX_METHOD_ROLLOUT, LX_METHOD_GRADIENT,
                                     LX_METHOD_RELEVANCY};
  const ScienceProbe *probe = &run->probe;
  LxRng random = {.seed = run->setup->seed, .stream = 0xbeef + (uint64_t)example};

  for (int m = 0; m < SCIENCE_BY_CHANCE; m++) {
    LxRelevancy *r = NULL;
    LxStatus status = lx_relevancy_of_graph(probe->graph, 0, methods[m], run->answer, &r, error);
    if (status)
      return status;
    for (int i = 0; i < probe->n_order; i++)
      run->scores[m][i] = r->word_word[probe->order[i]];
    memcpy(run->box_scores[m], r->word_box, (size_t)probe->boxes * sizeof(double));
    lx_relevancy_free(r);
  }
  for (int i = 0; i < SCIENCE_MOST_KEYS; i++) {
    run->scores[SCIENCE_BY_CHANCE][i] = lx_rng_uniform(&random);
    run->box_scores[SCIENCE_BY_CHANCE][i] = lx_rng_uniform(&random);
  }
  return LX_OK;
}

/* Copies the variants' words and boxes into the batch and runs it. */
static LxStatus run_variants(Run *run, const Variant *variants, int n, LxError *error)
{
  const ScienceProbe *probe = &run->probe;
  LxLxmert *from = probe->graph, *to = run->batch;
  const int64_t size = from->features->out.dim[1];
  int64_t words[VARIANTS], boxes[VARIANTS], w = 0, b = 0;

  for (int v = 0; v < n; v++) {
    words[v] = variants[v].n_words;
    boxes[v] = variants[v].n_boxes;
    for (int i = 0; i < variants[v].n_words; i++)
      lx_i64(&to->ids->out)[w++] = lx_i64(&from->ids->out)[variants[v].words[i]];
    for (int i = 0; i < variants[v].n_boxes; i++, b++) {
      const int64_t box = variants[v].boxes[i];
      memcpy(lx_f32(&to->features->out) + b * size, lx_f32(&from->features->out) + box * size,
             (size_t)size * sizeof(float));
      memcpy(lx_f32(&to->boxes->out) + b * 4, lx_f32(&from->boxes->out) + box * 4,
             4 * sizeof(float));
    }
  }
  LxStatus status = lx_lxmert_set_batch(to, n, words, boxes, error);
  return status ? status : lx_graph_run(to->graph, NULL, NULL, error);
}

static Outcome outcome_of(const Run *run, int row)
{
  const LxNode *node = run->batch->answer_logits;
  const int64_t n = node->out.dim[1];
  const float *logits = lx_f32(&node->out) + row * n;
  int64_t best = 0;
  double sum = 0;
  for (int64_t i = 1; i < n; i++)
    best = logits[i] > logits[best] ? i : best;
  for (int64_t i = 0; i < n; i++)
    sum += exp((double)(logits[i] - logits[run->answer]));
  return (Outcome){.score = science_score(&run->probe.example, best), .probability = 1 / sum};
}

/* One curve of one example: its outcomes at all levels, then the areas. */
static void add_curve(Run *run, int curve, const Outcome *at)
{
  double accuracy[SCIENCE_N_LEVELS], probability[SCIENCE_N_LEVELS];
  const int first = curve * SUMS_A_CURVE;
  for (int i = 0; i < SCIENCE_N_LEVELS; i++) {
    accuracy[i] = at[i].score;
    probability[i] = at[i].probability;
    science_sums_add(run->sums, first + i, accuracy[i], 1);
    science_sums_add(run->sums, first + SCIENCE_N_LEVELS + i, probability[i], 1);
  }
  science_sums_add(run->sums, first + 2 * SCIENCE_N_LEVELS, science_area(accuracy), 1);
  science_sums_add(run->sums, first + 2 * SCIENCE_N_LEVELS + 1, science_area(probability), 1);
}

/* All curves of the words or of the boxes, `curve` the first; equal variants are run once. */
static LxStatus one_side(Run *run, bool words, int *curve, LxError *error)
{
  const ScienceProbe *probe = &run->probe;
  const int n = words ? probe->n_order : probe->boxes, curves = 2 * SCIENCE_N_ORDERS - 1;
  int row[2 * SCIENCE_N_ORDERS - 1][SCIENCE_N_LEVELS], used = 0;
  Variant *variants = malloc(VARIANTS * sizeof *variants);
  if (!variants)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to perturb an example.");
  for (int c = 0; c < curves; c++) {
    const double *score = (words ? run->scores : run->box_scores)[c / 2];
    int order[SCIENCE_MOST_KEYS], before = 0;
    science_rank(score, n, c % 2 == 0, order);
    row[c][0] = -1;
    for (int l = 1; l < SCIENCE_N_LEVELS; l++) {
      const int removed = science_removed(n, science_levels[l], words ? 0 : 1);
      row[c][l] = removed == before ? row[c][l - 1] : used;
      if (removed != before)
        leave_out(probe, words, order, removed, &variants[used++]);
      before = removed;
    }
  }
  LxStatus status = used ? run_variants(run, variants, used, error) : LX_OK;
  for (int c = 0; c < curves && !status; c++) {
    Outcome at[SCIENCE_N_LEVELS];
    for (int l = 0; l < SCIENCE_N_LEVELS; l++)
      at[l] = row[c][l] < 0 ? (Outcome){.score = run->full_score, .probability = run->probability}
                            : outcome_of(run, row[c][l]);
    add_curve(run, (*curve)++, at);
  }
  free(variants);
  return status;
}

static LxStatus one_example(void *user_data, int64_t index, LxError *error)
{
  Run *run = user_data;
  const LxExampleSource *source = run->setup->source;
  LxTrainExample example = {0};
  int curve = 0;
  LxStatus status = source->get(source->user_data, index, true, &example, error);
  if (!status)
    status = science_probe_run(&run->probe, &example, false, error);
  if (!status)
    status = science_sums_begin(run->sums, error);
  if (status)
    return status;
  run->answer = science_probe_answer(&run->probe, &run->probability);
  run->full_score = science_score(&example, run->answer);
  run->kept[LABELLED] += example.n_targets > 0;
  status = explain(run, index, error);
  for (int words = 0; words < 2 && !status; words++)
    status = one_side(run, words, &curve, error);
  return status;
}

static ScienceEstimate estimate(const ScienceSummary *s)
{
  return (ScienceEstimate){s->value, s->low, s->high};
}

static LxStatus conclude(Run *run, SciencePerturbation *out, LxProgress progress, void *user_data,
                         LxError *error)
{
  static const ScienceEstimate none = {NAN, NAN, NAN};
  const int resamples = run->setup->resamples > 0 ? run->setup->resamples : 1000;
  ScienceSummary *s = calloc((size_t)SCIENCE_N_CURVES * SUMS_A_CURVE, sizeof *s);
  LxStatus status = s ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (!status)
    status = science_sums_summarize(run->sums, resamples, run->setup->seed, progress, user_data, s,
                                    error);
  out->labelled = run->kept[LABELLED] > 0;
  for (int c = 0; c < SCIENCE_N_CURVES && !status; c++) {
    const int side = c % (2 * SCIENCE_N_ORDERS - 1);
    const ScienceSummary *at = s + (int64_t)c * SUMS_A_CURVE;
    ScienceCurve *curve = &out->curves[out->n_curves++];
    *curve = (ScienceCurve){.words = c >= 2 * SCIENCE_N_ORDERS - 1,
                            .positive = side % 2 == 0,
                            .order = (ScienceOrder)(side / 2)};
    for (int l = 0; l < SCIENCE_N_LEVELS; l++) {
      curve->accuracy[l] = out->labelled ? estimate(&at[l]) : none;
      curve->probability[l] = estimate(&at[SCIENCE_N_LEVELS + l]);
    }
    curve->accuracy_area = out->labelled ? estimate(&at[2 * SCIENCE_N_LEVELS]) : none;
    curve->probability_area = estimate(&at[2 * SCIENCE_N_LEVELS + 1]);
  }
  free(s);
  return status;
}

static LxStatus walk(Run *run, int64_t n, LxProgress progress, void *user_data, LxError *error)
{
  const SciencePerturbSetup *setup = run->setup;
  const int64_t numbers[] = {(int64_t)setup->seed, VARIANTS};
  ScienceWalk walk = {.count = setup->source->count,
                      .examples = n,
                      .state = setup->state,
                      .resume = setup->resume,
                      .mark = science_mark(0, numbers, sizeof numbers),
                      .sums = run->sums,
                      .kept = run->kept,
                      .n_kept = KEPT,
                      .one = one_example,
                      .walker = run};
  if (setup->state)
    walk.mark = science_mark_params(walk.mark, lx_model_params(setup->model));
  return science_walk(&walk, &run->kept[SECONDS], progress, user_data, error);
}

LxStatus science_perturb(const SciencePerturbSetup *setup, LxProgress progress, void *user_data,
                         SciencePerturbation **out, LxError *error)
{
  Run *run = calloc(1, sizeof *run);
  SciencePerturbation *result = calloc(1, sizeof *result);
  LxStatus status = LX_OK;
  int64_t n = setup->source->count;

  if (setup->examples > 0 && setup->examples < n)
    n = setup->examples;
  if (!run || !result)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  else if (n < 1)
    status = lx_fail(error, LX_ERR_ARGUMENT, "There are no examples to perturb.");
  if (!status) {
    run->setup = setup;
    status = start(run, error);
  }
  if (!status)
    status = walk(run, n, progress, user_data, error);
  if (!status)
    status = conclude(run, result, progress, user_data, error);
  if (!status) {
    result->examples = n;
    result->seconds = run->kept[SECONDS];
    *out = result;
    result = NULL;
  }
  if (run) {
    science_probe_clear(&run->probe);
    lx_lxmert_free(run->batch);
    science_sums_free(run->sums);
  }
  free(run);
  science_perturbation_free(result);
  return status;
}

void science_perturbation_free(SciencePerturbation *self)
{
  free(self);
}

const ScienceCurve *science_perturbation_find(const SciencePerturbation *self, bool words,
                                              bool positive, ScienceOrder order)
{
  for (int i = 0; i < self->n_curves; i++) {
    const ScienceCurve *c = &self->curves[i];
    if (c->words == words && c->order == order &&
        (c->positive == positive || order == SCIENCE_BY_CHANCE))
      return c;
  }
  return NULL;
}
