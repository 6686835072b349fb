/* findings: what a model's attention does over a split, as numbers. */
#include "cli.h"
#include "cli-rows.h"
#include "cli-weights.h"

#include <stdio.h>
#include <unistd.h>

#include "lx-file.h"
#include "science-report.h"

typedef struct {
  const char *model, *data, *split, *bert, *out, *task, *detector;
  int64_t examples, seed, resamples, shuffles;
  bool as_json, resume;
  CliFilter filter;
  char command[1024], state[4096], rows[1024]; /* the filter in words, "" for all */
} Settings;

/* "DIR/scene_graphs/SPLIT.json", where the world writes them, or GQA's own name. */
static LxStatus open_graphs(const Settings *s, ScienceGraphs **out, LxError *error)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/scene_graphs/%s.json", s->data, s->split);
  if (!lx_file_exists(path))
    snprintf(path, sizeof path, "%s/%s_sceneGraphs.json", s->data, s->split);
  if (!lx_file_exists(path)) {
    fprintf(stderr,
            "crosslens-cli findings: %s has no scene graphs of the split \"%s\"; the pointing "
            "game is left out.\n",
            s->data, s->split);
    return LX_OK;
  }
  return science_graphs_read(path, out, error);
}

typedef struct {
  const ScienceFindings *findings;
  ScienceOrigin origin;
} Report;

static void write_markdown(FILE *out, void *user_data)
{
  const Report *r = user_data;
  science_report_markdown(r->findings, &r->origin, out);
}

static void write_csv(FILE *out, void *user_data)
{
  const Report *r = user_data;
  science_report_csv(r->findings, &r->origin, out);
}

static void write_json(FILE *out, void *user_data)
{
  const Report *r = user_data;
  json_t *json = science_report_json(r->findings, &r->origin);
  json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(8));
  fputc('\n', out);
  json_decref(json);
}

static LxStatus save(const Settings *s, Report *report, LxError *error)
{
  LxStatus status = science_report_save(s->out, ".md", write_markdown, report, error);
  if (!status)
    status = science_report_save(s->out, ".csv", write_csv, report, error);
  if (!status)
    status = science_report_save(s->out, ".json", write_json, report, error);
  return status;
}

static LxStatus find(const Settings *s, ScienceFindings **out, LxError *error)
{
  ScienceFindingsSetup setup = {.bert = s->bert,
                                .examples = s->examples,
                                .resamples = (int)s->resamples,
                                .shuffles = (int)s->shuffles,
                                .seed = (uint64_t)s->seed,
                                .state = s->out ? s->state : NULL,
                                .resume = s->resume};
  ScienceGraphs *graphs = NULL;
  CliData data = {0};
  CliRows *rows = NULL;
  LxTask task = LX_TASK_VQA;
  LxStatus status = cli_open_model(s->model, &setup.model, error);

  lx_task_parse(s->task, &task);
  if (!status)
    status = cli_data_open_part(s->data, task, s->split, lx_model_answers(setup.model),
                                LX_SUBSET_ALL, s->detector, cli_progress, "findings", &data, error);
  if (!status)
    status = open_graphs(s, &graphs, error);
  if (!status && s->rows[0])
    status = cli_rows_new(&s->filter, &data, task, setup.model, &rows, error);
  if (!status) {
    setup.source = rows ? cli_rows_source(rows) : lx_dataset_source(data.source);
    setup.rows = rows ? s->rows : NULL;
    setup.graphs = graphs;
    status = science_findings(&setup, cli_progress, "findings", out, error);
  }
  science_graphs_free(graphs);
  cli_rows_free(rows);
  cli_data_close(&data);
  lx_model_unref(setup.model);
  return status;
}

int cli_findings(int argc, char **argv)
{
  Settings s = {.split = "test", .task = "vqa", .seed = 1, .resamples = 1000, .shuffles = 100};
  const CliOption options[] = {
      {"model", CLI_STRING, &s.model, "DIR", "model folder (default: the shipped one)"},
      {"data", CLI_STRING, &s.data, "DIR", "questions, features and scene graphs"},
      {"split", CLI_STRING, &s.split, "NAME", "test (default), minival, heldout, …"},
      {"task", CLI_STRING, &s.task, "NAME", "whose questions: vqa (default) or gqa"},
      {"bert", CLI_STRING, &s.bert, "DIR", "language encoder to compare with, any LXMERT or BERT"},
      {"detector", CLI_STRING, &s.detector, "DIR",
       "for pictures without features (default: the shipped one)"},
      {"examples", CLI_INT, &s.examples, "N", "so many questions, evenly spread (default: all)"},
      {"only", CLI_STRING, &s.filter.only, "VERDICT",
       "those answered right, wrong or partly right"},
      {"answered", CLI_STRING, &s.filter.answer, "ANSWER", "those that the model answers so"},
      {"truth", CLI_STRING, &s.filter.truth, "ANSWER", "those with this right answer"},
      {"kind", CLI_STRING, &s.filter.answer_type, "NAME",
       "those of a kind of answer: yes/no, open, …"},
      {"type", CLI_STRING, &s.filter.question_type, "NAME", "those of a type of question"},
      {"confidence", CLI_STRING, &s.filter.confidence, "PERCENT",
       "those that the model is so sure of: 50-90"},
      {"with", CLI_STRING, &s.filter.with, "TEXT", "those with this text in question or answer"},
      {"out", CLI_STRING, &s.out, "PREFIX", "write PREFIX.md, PREFIX.csv and PREFIX.json"},
      {"resamples", CLI_INT, &s.resamples, "N", "of the intervals (default 1000)"},
      {"shuffles", CLI_INT, &s.shuffles, "N", "of the chance values (default 100)"},
      {"seed", CLI_INT, &s.seed, "N", "of resamples and shuffles (default 1)"},
      {"resume", CLI_FLAG, &s.resume, NULL, "go on where a run with the same --out was stopped"},
      {"json", CLI_FLAG, &s.as_json, NULL, "JSON on standard output"},
  };
  const CliSpec spec = {
      "--data DIR [--model DIR] [--split NAME] [--bert DIR] [--out PREFIX] [--json]",
      "Measures over a split what the attention maps of a model do: next and previous\n"
      "words, few boxes, kinds of words, articles, and the pointing game.",
      options,
      sizeof options / sizeof *options,
      0,
      0};
  ScienceFindings *findings = NULL;
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
  if (s.examples < 0 || s.resamples < 1 || s.resamples > 100000 || s.shuffles < 1 ||
      s.shuffles > 10000)
    return cli_usage(argv[0],
                     "--examples, --resamples and --shuffles are positive numbers (at most "
                     "100000 and 10000)");
  if (s.resume && !s.out)
    return cli_usage(argv[0], "--resume needs the --out of the stopped run");
  if (cli_filter_complaint(&s.filter))
    return cli_usage(argv[0], "%s", cli_filter_complaint(&s.filter));
  if (!cli_filter_is_empty(&s.filter))
    cli_filter_describe(&s.filter, s.rows, sizeof s.rows);
  snprintf(s.state, sizeof s.state, "%s.state", s.out ? s.out : "");
  s.model = cli_model_dir(s.model);
  cli_catch_interrupt();
  if (find(&s, &findings, &error) != LX_OK)
    return cli_fail_error(&error);
  Report report = {findings,
                   {s.command, s.model, s.bert, s.data, s.split, s.rows[0] ? s.rows : NULL}};
  const LxStatus saved = s.out ? save(&s, &report, &error) : LX_OK;
  if (saved == LX_OK && s.out)
    unlink(s.state);
  if (saved == LX_OK && s.as_json)
    write_json(stdout, &report);
  else if (saved == LX_OK)
    write_markdown(stdout, &report);
  science_findings_free(findings);
  return saved == LX_OK ? CLI_OK : cli_fail_error(&error);
}
