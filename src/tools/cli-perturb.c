/* perturb: what is left of a model's answers when what they rest on is taken away. */
#include "cli.h"
#include "cli-data.h"
#include "cli-weights.h"

#include <stdio.h>
#include <unistd.h>

#include "science-perturb-report.h"

typedef struct {
  const char *model, *data, *split, *out, *task;
  int64_t examples, seed, resamples;
  bool as_json, resume;
  char command[1024], state[4096];
} Settings;

typedef struct {
  const SciencePerturbation *result;
  ScienceOrigin origin;
} Report;

static void write_markdown(FILE *out, void *user_data)
{
  const Report *r = user_data;
  science_perturb_markdown(r->result, &r->origin, out);
}

static void write_csv(FILE *out, void *user_data)
{
  const Report *r = user_data;
  science_perturb_csv(r->result, out);
}

static void write_json(FILE *out, void *user_data)
{
  const Report *r = user_data;
  json_t *json = science_perturb_json(r->result, &r->origin);
  json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(8));
  fputc('\n', out);
  json_decref(json);
}

static LxStatus save(const Settings *s, Report *report, LxError *error)
{
  char path[4096];
  LxStatus status = science_report_save(s->out, ".md", write_markdown, report, error);
  if (!status)
    status = science_report_save(s->out, ".csv", write_csv, report, error);
  if (!status)
    status = science_report_save(s->out, ".json", write_json, report, error);
  snprintf(path, sizeof path, "%s.svg", s->out);
  if (!status)
    status = science_perturb_plot(report->result, path, error);
  return status;
}

static LxStatus perturb(const Settings *s, SciencePerturbation **out, LxError *error)
{
  SciencePerturbSetup setup = {.examples = s->examples,
                               .resamples = (int)s->resamples,
                               .seed = (uint64_t)s->seed,
                               .state = s->out ? s->state : NULL,
                               .resume = s->resume};
  CliData data = {0};
  LxTask task = LX_TASK_VQA;
  LxStatus status = cli_open_model(s->model, &setup.model, error);

  lx_task_parse(s->task, &task);
  if (!status)
    status = cli_data_open(s->data, task, s->split, lx_model_answers(setup.model), cli_progress,
                           "perturb", &data, error);
  if (!status) {
    setup.source = lx_dataset_source(data.source);
    status = science_perturb(&setup, cli_progress, "perturb", out, error);
  }
  cli_data_close(&data);
  lx_model_unref(setup.model);
  return status;
}

int cli_perturb(int argc, char **argv)
{
  Settings s = {.split = "test", .task = "vqa", .seed = 1, .resamples = 1000};
  const CliOption options[] = {
      {"model", CLI_STRING, &s.model, "DIR", "model folder (default: the shipped one)"},
      {"data", CLI_STRING, &s.data, "DIR", "questions and features"},
      {"split", CLI_STRING, &s.split, "NAME", "test (default), minival, heldout, …"},
      {"task", CLI_STRING, &s.task, "NAME", "whose questions: vqa (default) or gqa"},
      {"examples", CLI_INT, &s.examples, "N", "so many questions, evenly spread (default: all)"},
      {"out", CLI_STRING, &s.out, "PREFIX", "write PREFIX.md, .csv, .json and .svg"},
      {"resamples", CLI_INT, &s.resamples, "N", "of the intervals (default 1000)"},
      {"seed", CLI_INT, &s.seed, "N", "of the random order and the resamples (default 1)"},
      {"resume", CLI_FLAG, &s.resume, NULL, "go on where a run with the same --out was stopped"},
      {"json", CLI_FLAG, &s.as_json, NULL, "JSON on standard output"},
  };
  const CliSpec spec = {
      "--data DIR [--model DIR] [--split NAME] [--examples N] [--out PREFIX] [--json]",
      "Removes boxes or words in the order of their relevance (attention, rollout,\n"
      "gradient x attention, relevancy, random) and counts the answers that stay right.",
      options,
      10,
      0,
      0};
  SciencePerturbation *result = NULL;
  LxError error = {0};
  LxTask task;

  cli_command_line(argc, argv, s.command, sizeof s.command);
  const int code = cli_parse(&spec, &argc, argv);
  if (code != CLI_GO_ON)
    return code;
  if (!s.data)
    return cli_usage(argv[0], "--data is needed");
  if (!lx_task_parse(s.task, &task) || (task != LX_TASK_VQA && task != LX_TASK_GQA))
    return cli_usage(argv[0], "--task is vqa or gqa");
  if (s.examples < 0 || s.resamples < 1 || s.resamples > 100000)
    return cli_usage(argv[0], "--examples and --resamples are positive numbers (at most 100000)");
  if (s.resume && !s.out)
    return cli_usage(argv[0], "--resume needs the --out of the stopped run");
  snprintf(s.state, sizeof s.state, "%s.state", s.out ? s.out : "");
  s.model = cli_model_dir(s.model);
  cli_catch_interrupt();
  if (perturb(&s, &result, &error) != LX_OK)
    return cli_fail_error(&error);
  Report report = {result, {s.command, s.model, NULL, s.data, s.split}};
  const LxStatus saved = s.out ? save(&s, &report, &error) : LX_OK;
  if (saved == LX_OK && s.out)
    unlink(s.state);
  if (saved == LX_OK && s.as_json)
    write_json(stdout, &report);
  else if (saved == LX_OK)
    write_markdown(stdout, &report);
  science_perturbation_free(result);
  return saved == LX_OK ? CLI_OK : cli_fail_error(&error);
}
