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
#include "cli-eval-score.h"
#include "cli-json.h"
#include "cli-weights.h"
#include "lx-model.h"

typedef struct {
  LxEvaluation all;
  CliScore score;
} Result;

/* Pre-training has no answers of its own to score: its accuracy is that of matching pairs. */
static bool is_scored(const Result *r)
{
  return r->score.task == LX_TASK_PRETRAIN || r->score.answered > 0;
}

static double accuracy(const Result *r)
{
  return r->score.answered > 0 ? r->score.sum / (double)r->score.answered : r->all.accuracy;
}

static json_t *groups_json(const CliGroups *groups)
{
  json_t *out = json_object();
  for (int i = 0; i < groups->n; i++) {
    const CliGroup *g = &groups->group[i];
    json_object_set_new(out, g->name,
                        json_pack("{sI sf}", "examples", (json_int_t)g->examples, "accuracy",
                                  g->score / (double)g->examples));
  }
  return out;
}

static void print_json(const Result *r, const char *split)
{
  const CliScore *s = &r->score;
  json_t *out = json_pack("{ss ss sI so so sI so so}", "task", lx_task_name(s->task), "split",
                          split, "examples", (json_int_t)r->all.examples, "accuracy",
                          is_scored(r) ? json_real(accuracy(r)) : json_null(), "loss",
                          is_scored(r) ? json_real(r->all.loss) : json_null(), "without_image",
                          (json_int_t)s->left_out, "by_answer_type", groups_json(&s->answer_types),
                          "by_question_type", groups_json(&s->question_types));
  if (!isnan(s->low))
    json_object_set_new(out, "interval_95", json_pack("[ff]", s->low, s->high));
  if (s->task == LX_TASK_NLVR2 && s->sentences > 0)
    json_object_set_new(out, "consistency",
                        json_real((double)s->consistent / (double)s->sentences));
  if (s->task == LX_TASK_GQA)
    json_object_set_new(out, "by_kind", groups_json(&s->kinds));
  if (s->task != LX_TASK_NLVR2 && s->answered > 0)
    json_object_set_new(out, "oracle", json_real(s->oracle / (double)s->answered));
  cli_print_json(out, JSON_INDENT(2));
}

static void print_groups(const CliGroups *groups)
{
  for (int i = 0; i < groups->n; i++)
    printf("  %-26s %6.2f%%  of %lld\n", groups->group[i].name,
           100 * groups->group[i].score / (double)groups->group[i].examples,
           (long long)groups->group[i].examples);
}

static void print_text(const Result *r)
{
  const CliScore *s = &r->score;
  const long long n = s->answered > 0 ? s->answered : r->all.examples;
  if (is_scored(r))
    printf("accuracy  %.2f%% of %lld examples (loss %.4f)\n", 100 * accuracy(r), n, r->all.loss);
  else
    printf("%lld examples answered; not scored: the file gives no right answers\n",
           (long long)r->all.examples);
  if (!isnan(s->low))
    printf("95%% interval  %.2f%% to %.2f%%\n", 100 * s->low, 100 * s->high);
  if (s->task == LX_TASK_NLVR2 && s->sentences > 0)
    printf("consistency  %.2f%% of %lld sentences\n",
           100 * (double)s->consistent / (double)s->sentences, (long long)s->sentences);
  if (s->left_out > 0)
    printf("%lld examples were left out: no features for their image\n", (long long)s->left_out);
  if (s->task != LX_TASK_NLVR2 && s->answered > 0)
    printf("oracle  %.2f%%: the most that this answer table allows\n",
           100 * s->oracle / (double)s->answered);
  print_groups(&s->kinds);
  print_groups(&s->answer_types);
  print_groups(&s->question_types);
}

typedef struct {
  const char *data, *split, *model, *detector, *predictions, *blind;
  int64_t batch, limit, seed;
  bool resume;
  char state[4096]; /* beside the predictions; "" without */
  LxTask task;
} Settings;

static LxStatus evaluate(const Settings *s, Result *result, LxError *error)
{
  LxModel *model = NULL;
  CliData data = {0};
  int64_t *labels = NULL;
  LxConfig config = {0};
  LxStatus status = cli_open_model(s->model, &model, error);

  if (status == LX_OK && s->task != LX_TASK_NLVR2 && !lx_model_answers(model))
    status =
        lx_fail(error, LX_ERR_MISSING, "%s has no answers.json to score answers with.", s->model);
  if (status == LX_OK)
    status = cli_data_open_part(s->data, s->task, s->split, lx_model_answers(model), s->limit,
                                s->detector, cli_progress, "eval", &data, error);
  if (status == LX_OK) {
    labels = calloc((size_t)lx_dataset_count(data.dataset), sizeof *labels);
    status = labels ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  }
  if (status == LX_OK)
    status = lx_config_copy(lx_model_config(model), &config, error);
  if (status == LX_OK && s->blind)
    snprintf(config.blind, sizeof config.blind, "%s", s->blind);
  if (status == LX_OK) {
    const CliEvaluation run = {&config,
                               lx_model_params(model),
                               lx_model_tokenizer(model),
                               lx_dataset_source(data.source),
                               s->task,
                               s->batch,
                               s->state[0] ? s->state : NULL,
                               s->resume};
    status = cli_evaluate(&run, labels, NULL, &result->all, error);
  }
  if (status == LX_OK)
    status = cli_score(s->task, data.dataset, labels, s->seed, &result->score, error);
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
  Settings s = {.split = "minival", .batch = 32, .seed = 1};
  const char *task = "vqa";
  bool as_json = false, tiny = false, fast = false;
  const CliOption options[] = {
      {"task", CLI_STRING, &task, "NAME", "vqa (default), gqa, nlvr2 or pretrain"},
      {"data", CLI_STRING, &s.data, "DIR", "questions and features"},
      {"split", CLI_STRING, &s.split, "NAME",
       "minival (default), test, …; or a .json or .csv file"},
      {"model", CLI_STRING, &s.model, "DIR", "model folder (default: the shipped one)"},
      {"detector", CLI_STRING, &s.detector, "DIR",
       "for pictures without features (default: the shipped one)"},
      {"blind", CLI_STRING, &s.blind, "SIDE",
       "hide the image or the question (default: as the model says)"},
      {"batch", CLI_INT, &s.batch, "N", "examples at a time (default 32)"},
      {"predictions", CLI_STRING, &s.predictions, "FILE", "write the answers for the leaderboard"},
      {"dump-predictions", CLI_STRING, &s.predictions, "FILE", "the same"},
      {"resume", CLI_FLAG, &s.resume, NULL,
       "go on where a run with the same --predictions was stopped"},
      {"seed", CLI_INT, &s.seed, "N", "of the interval's resamples (default 1)"},
      {"tiny", CLI_FLAG, &tiny, NULL, "512 images of each feature file"},
      {"fast", CLI_FLAG, &fast, NULL, "5,000 images of each feature file"},
      {"json", CLI_FLAG, &as_json, NULL, "JSON on standard output"},
  };
  const CliSpec spec = {"--task NAME --data DIR --split NAME [--model DIR] [--json]",
                        "Answers a split's questions and counts how many answers are right.",
                        options,
                        sizeof options / sizeof *options,
                        0,
                        0};
  Result result = {0};
  LxError error = {0};
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
  cli_catch_interrupt();
  const LxStatus status = evaluate(&s, &result, &error);
  if (status == LX_OK && as_json)
    print_json(&result, s.split);
  else if (status == LX_OK)
    print_text(&result);
  cli_score_clear(&result.score);
  return status == LX_OK ? CLI_OK : cli_fail_error(&error);
}
