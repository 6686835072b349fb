/* eval: how often a model is right on a split, in all and by kind of question. */
#include "cli.h"
#include "cli-data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "cli-eval-run.h"
#include "lx-file.h"
#include "lx-model.h"
#include "science-stats.h"

#define MOST_GROUPS 64
#define RESAMPLES 1000

typedef struct {
  char name[64];
  int64_t examples;
  double score;
} Group;

typedef struct {
  Group group[MOST_GROUPS];
  int n;
} Groups;

static void add(Groups *groups, const char *name, double score)
{
  int i = 0;

  if (!name[0])
    return;
  while (i < groups->n && strncmp(groups->group[i].name, name, sizeof groups->group[i].name - 1))
    i++;
  if (i == MOST_GROUPS)
    return;
  if (i == groups->n)
    snprintf(groups->group[groups->n++].name, sizeof groups->group[0].name, "%s", name);
  groups->group[i].examples++;
  groups->group[i].score += score;
}

typedef struct {
  LxTask task;
  LxEvaluation all;
  Groups answer_types, question_types;
  int64_t sentences, consistent; /* NLVR2 */
  int64_t left_out;
  Groups kinds;     /* GQA: "binary", "open" */
  int64_t answered; /* VQA, GQA: with a known answer */
  double oracle;    /* the best that the answer table allows, summed */
  double low, high; /* 95% interval of the accuracy; NAN where there are no labels */
} Result;

typedef struct {
  char sentence[64];
  bool right;
} Pair;

static int compare_pairs(const void *a, const void *b)
{
  return strcmp(((const Pair *)a)->sentence, ((const Pair *)b)->sentence);
}

static LxStatus count_consistent(const LxDataset *dataset, const int64_t *labels, Result *result,
                                 LxError *error)
{
  int64_t n = lx_dataset_count(dataset);
  Pair *pairs = malloc((size_t)n * sizeof *pairs);

  if (!pairs)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %lld pairs.", (long long)n);
  for (int64_t i = 0; i < n; i++) {
    LxExample e;
    lx_dataset_get(dataset, i, &e);
    pairs[i].right = labels[i] == e.label;
    lx_nlvr2_sentence(e.identifier, pairs[i].sentence, sizeof pairs[i].sentence);
  }
  qsort(pairs, (size_t)n, sizeof *pairs, compare_pairs);
  for (int64_t i = 0, j; i < n; i = j) {
    bool all = true;
    for (j = i; j < n && compare_pairs(&pairs[i], &pairs[j]) == 0; j++)
      all = all && pairs[j].right;
    result->sentences++;
    result->consistent += all;
  }
  free(pairs);
  return LX_OK;
}

/* GQA's official split: structural types other than "query" are binary; where the file names none, a
 * question is binary when its answer is yes or no. */
static const char *gqa_kind(const LxExample *e, const LxAnswers *answers)
{
  static const char *const binary[] = { "verify", "logical", "choose", "compare" };
  const char *text = e->n_targets ? lx_answers_text(answers, e->targets[0].label) : NULL;

  for (int i = 0; i < 4; i++)
    if (!strcmp(e->question_type, binary[i]))
      return "binary";
  if (!strcmp(e->question_type, "query"))
    return "open";
  return text && (!strcmp(text, "yes") || !strcmp(text, "no")) ? "binary" : "open";
}

static double best_score(const LxExample *e)
{
  double best = 0;
  for (int64_t i = 0; i < e->n_targets; i++)
    best = e->targets[i].score > best ? e->targets[i].score : best;
  return best;
}

static LxStatus tally(const LxDataset *dataset, const LxAnswers *answers, const int64_t *labels,
                      ScienceSums *sums, Result *result, LxError *error)
{
  LxStatus status = LX_OK;
  for (int64_t i = 0; i < lx_dataset_count(dataset) && !status; i++) {
    LxExample e;
    lx_dataset_get(dataset, i, &e);
    if (result->task == LX_TASK_PRETRAIN || (result->task != LX_TASK_NLVR2 && !e.labelled))
      continue;
    double score = result->task == LX_TASK_NLVR2 ? (double)(labels[i] == e.label)
                                                 : (double)lx_example_score(&e, labels[i]);
    status = science_sums_begin(sums, error);
    if (!status)
      science_sums_add(sums, 0, score, 1);
    result->answered++;
    result->oracle += best_score(&e);
    if (result->task == LX_TASK_GQA)
      add(&result->kinds, gqa_kind(&e, answers), score);
    add(&result->answer_types, e.answer_type, score);
    add(&result->question_types, e.question_type, score);
  }
  result->left_out = lx_dataset_counts(dataset).without_image;
  return !status && result->task == LX_TASK_NLVR2 ? count_consistent(dataset, labels, result, error)
                                                  : status;
}

/* What the data say, and how sure that is: examples drawn with replacement. */
static LxStatus count(const LxDataset *dataset, const LxAnswers *answers, const int64_t *labels,
                      int64_t seed, Result *result, LxError *error)
{
  ScienceSums *sums = NULL;
  ScienceSummary summary;
  LxStatus status = science_sums_new(1, 0, &sums, error);

  if (!status)
    status = tally(dataset, answers, labels, sums, result, error);
  if (!status)
    status = science_sums_summarize(sums, RESAMPLES, (uint64_t)seed, NULL, NULL, &summary, error);
  if (!status) {
    result->low = summary.low;
    result->high = summary.high;
  }
  science_sums_free(sums);
  return status;
}

static json_t *groups_json(const Groups *groups)
{
  json_t *out = json_object();
  for (int i = 0; i < groups->n; i++) {
    const Group *g = &groups->group[i];
    json_object_set_new(out, g->name, json_pack("{sI sf}", "examples", (json_int_t)g->examples,
                                                "accuracy", g->score / (double)g->examples));
  }
  return out;
}

static void print_json(const Result *r, const char *split)
{
  json_t *out = json_pack("{ss ss sI sf sf sI so so}", "task", lx_task_name(r->task), "split", split,
                          "examples", (json_int_t)r->all.examples, "accuracy", r->all.accuracy,
                          "loss", r->all.loss, "without_image", (json_int_t)r->left_out,
                          "by_answer_type", groups_json(&r->answer_types), "by_question_type",
                          groups_json(&r->question_types));
  if (!isnan(r->low))
    json_object_set_new(out, "interval_95", json_pack("[ff]", r->low, r->high));
  if (r->task == LX_TASK_NLVR2 && r->sentences > 0)
    json_object_set_new(out, "consistency",
                        json_real((double)r->consistent / (double)r->sentences));
  if (r->task == LX_TASK_GQA)
    json_object_set_new(out, "by_kind", groups_json(&r->kinds));
  if (r->task != LX_TASK_NLVR2 && r->answered > 0)
    json_object_set_new(out, "oracle", json_real(r->oracle / (double)r->answered));
  json_dumpf(out, stdout, JSON_INDENT(2));
  putchar('\n');
  json_decref(out);
}

static void print_groups(const Groups *groups)
{
  for (int i = 0; i < groups->n; i++)
    printf("  %-26s %6.2f%%  of %lld\n", groups->group[i].name,
           100 * groups->group[i].score / (double)groups->group[i].examples,
           (long long)groups->group[i].examples);
}

static void print_text(const Result *r)
{
  printf("accuracy  %.2f%% of %lld examples (loss %.4f)\n", 100 * r->all.accuracy,
         (long long)r->all.examples, r->all.loss);
  if (!isnan(r->low))
    printf("95%% interval  %.2f%% to %.2f%%\n", 100 * r->low, 100 * r->high);
  if (r->task == LX_TASK_NLVR2 && r->sentences > 0)
    printf("consistency  %.2f%% of %lld sentences\n",
           100 * (double)r->consistent / (double)r->sentences, (long long)r->sentences);
  if (r->left_out > 0)
    printf("%lld examples were left out: no features for their image\n", (long long)r->left_out);
  if (r->task != LX_TASK_NLVR2 && r->answered > 0)
    printf("oracle  %.2f%%: the most that this answer table allows\n",
           100 * r->oracle / (double)r->answered);
  print_groups(&r->kinds);
  print_groups(&r->answer_types);
  print_groups(&r->question_types);
}

typedef struct {
  const char *data, *split, *model, *predictions, *blind;
  int64_t batch, limit, seed;
  bool resume;
  char state[4096]; /* beside the predictions; "" without */
  LxTask task;
} Settings;

static LxStatus evaluate(const Settings *s, Result *result, LxError *error)
{
  LxModel *model = NULL;
  CliData data = { 0 };
  int64_t *labels = NULL;
  LxConfig config = { 0 };
  LxStatus status = lx_model_open(s->model, &model, error);

  if (status == LX_OK && s->task != LX_TASK_NLVR2 && !lx_model_answers(model))
    status = lx_fail(error, LX_ERR_MISSING, "%s has no answers.json to score answers with.", s->model);
  if (status == LX_OK)
    status = cli_data_open_part(s->data, s->task, s->split, lx_model_answers(model), s->limit,
                                cli_progress, "eval", &data, error);
  if (status == LX_OK) {
    labels = calloc((size_t)lx_dataset_count(data.dataset), sizeof *labels);
    status = labels ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  }
  if (status == LX_OK)
    status = lx_config_copy(lx_model_config(model), &config, error);
  if (status == LX_OK && s->blind)
    snprintf(config.blind, sizeof config.blind, "%s", s->blind);
  if (status == LX_OK) {
    const CliEvaluation run = { &config, lx_model_params(model), lx_model_tokenizer(model),
                                lx_dataset_source(data.source), s->task, s->batch,
                                s->state[0] ? s->state : NULL, s->resume };
    status = cli_evaluate(&run, labels, &result->all, error);
  }
  if (status == LX_OK)
    status = count(data.dataset, lx_model_answers(model), labels, s->seed, result, error);
  if (status == LX_OK && s->predictions)
    status = lx_dataset_write_predictions(data.dataset, labels, lx_model_answers(model),
                                          s->predictions, error);
  if (status == LX_OK && s->state[0])
    unlink(s->state);
  free(labels);
  lx_config_clear(&config);
  cli_data_close(&data);
  lx_model_unref(model);
  return status;
}

int cli_eval(int argc, char **argv)
{
  Settings s = { .split = "minival", .batch = 32, .seed = 1 };
  const char *task = "vqa";
  bool as_json = false, tiny = false, fast = false;
  const CliOption options[] = {
    { "task", CLI_STRING, &task, "NAME", "vqa (default), gqa, nlvr2 or pretrain" },
    { "data", CLI_STRING, &s.data, "DIR", "questions and features" },
    { "split", CLI_STRING, &s.split, "NAME", "minival (default), test, …; or a JSON file" },
    { "model", CLI_STRING, &s.model, "DIR", "model folder (default: the shipped one)" },
    { "blind", CLI_STRING, &s.blind, "SIDE", "hide the image or the question (default: as the model says)" },
    { "batch", CLI_INT, &s.batch, "N", "examples at a time (default 32)" },
    { "predictions", CLI_STRING, &s.predictions, "FILE", "write the answers for the leaderboard" },
    { "dump-predictions", CLI_STRING, &s.predictions, "FILE", "the same" },
    { "resume", CLI_FLAG, &s.resume, NULL, "go on where a run with the same --predictions was stopped" },
    { "seed", CLI_INT, &s.seed, "N", "of the interval's resamples (default 1)" },
    { "tiny", CLI_FLAG, &tiny, NULL, "512 images of each feature file" },
    { "fast", CLI_FLAG, &fast, NULL, "5,000 images of each feature file" },
    { "json", CLI_FLAG, &as_json, NULL, "JSON on standard output" },
  };
  const CliSpec spec = { "--task NAME --data DIR --split NAME [--model DIR] [--json]",
                         "Answers a split's questions and counts how many answers are right.",
                         options, sizeof options / sizeof *options, 0, 0 };
  Result result = { .low = NAN, .high = NAN };
  LxError error = { 0 };
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!s.data)
    return cli_usage(argv[0], "--data is needed");
  if (s.blind && strcmp(s.blind, "image") && strcmp(s.blind, "question"))
    return cli_usage(argv[0], "--blind is image or question");
  if (!lx_task_parse(task, &s.task))
    return cli_usage(argv[0], "there is no task \"%s\"; there are vqa, gqa, nlvr2, pretrain", task);
  if (s.batch < 1 || s.batch > 4096)
    return cli_usage(argv[0], "--batch is 1 to 4096");
  if (s.resume && !s.predictions)
    return cli_usage(argv[0], "--resume needs the --predictions of the stopped run");
  if (s.seed < 0)
    return cli_usage(argv[0], "--seed is not negative");
  if (s.predictions)
    snprintf(s.state, sizeof s.state, "%s.state", s.predictions);
  s.limit = tiny ? LX_SUBSET_TINY : fast ? LX_SUBSET_FAST : LX_SUBSET_ALL;
  s.model = cli_model_dir(s.model);
  result.task = s.task;
  cli_catch_interrupt();
  if (evaluate(&s, &result, &error) != LX_OK)
    return cli_fail_error(&error);
  if (as_json)
    print_json(&result, s.split);
  else
    print_text(&result);
  return CLI_OK;
}
