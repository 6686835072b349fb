/* ablation: the paper's table of baselines, again, on any data folder. */
#include "cli.h"
#include "cli-json.h"
#include "cli-data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "lx-file.h"
#include "science-ablation-report.h"

typedef struct {
  const char *data, *out, *setting, *rows, *tasks;
  int64_t seeds, seed;
  bool resume, as_json;
} Settings;

/* What is opened; everything is owned. */
typedef struct {
  CliData train[4], test[4];
  LxAnswers *answers[4];
  LxTokenizer *tokenizer;
  LxConfig config;
  char vocab[4096];
} Opened;

/* "a,b,c" of names to bits; 0 when one is unknown. */
static unsigned parse_list(const char *list, int n, const char *(*name_of)(int))
{
  unsigned bits = list ? 0 : (1u << n) - 1;

  while (list && *list) {
    size_t length = strcspn(list, ",");
    int i = 0;
    while (i < n && (strlen(name_of(i)) != length || strncmp(name_of(i), list, length)))
      i++;
    if (i == n)
      return 0;
    bits |= 1u << i;
    list += length + (list[length] == ',');
  }
  return bits;
}

static const char *row_name(int row)
{
  return science_row(row)->key;
}

static const char *task_name(int task)
{
  return lx_task_name((LxTask)(LX_TASK_VQA + task));
}

static void close_all(Opened *o)
{
  for (int task = 0; task < 4; task++) {
    cli_data_close(&o->train[task]);
    cli_data_close(&o->test[task]);
    lx_answers_free(o->answers[task]);
  }
  lx_tokenizer_free(o->tokenizer);
  lx_config_clear(&o->config);
}

/* Feature, object and attribute sizes are those of the data's first image. */
static LxStatus take_sizes(Opened *o, LxError *error)
{
  const LxExampleSource *source = lx_dataset_source(o->train[LX_TASK_PRETRAIN].source);
  LxTrainExample example = {0};
  LxStatus status = source->get(source->user_data, 0, true, &example, error);

  if (status != LX_OK)
    return status;
  lx_config_init(&o->config);
  o->config.vocab_size = lx_tokenizer_count(o->tokenizer);
  o->config.max_position_embeddings = 32;
  o->config.visual_feat_dim = example.image[0]->feature_size;
  return LX_OK;
}

/* Lines of a label file that are not empty. */
static int64_t count_labels(const char *folder, const char *name)
{
  char path[4300], *text = NULL;
  size_t size = 0;
  int64_t n = 0;
  LxError ignored;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (lx_file_read(path, 1 << 24, &text, &size, &ignored) != LX_OK)
    return 0;
  for (size_t i = 0; i < size; i++)
    n += text[i] != '\n' && (i + 1 == size || text[i + 1] == '\n');
  free(text);
  return n;
}

static LxStatus open_all(const Settings *s, unsigned tasks, Opened *o, LxError *error)
{
  LxStatus status;

  snprintf(o->vocab, sizeof o->vocab, "%s/vocab.txt", s->data);
  status = lx_tokenizer_open(o->vocab, &o->tokenizer, error);
  for (int task = 0; task < 4 && status == LX_OK; task++) {
    if (task > 0 && !(tasks >> (task - 1) & 1))
      continue;
    status = cli_data_answers(s->data, (LxTask)task, &o->answers[task], error);
    if (status == LX_OK)
      status = cli_data_open(s->data, (LxTask)task, "train", o->answers[task], cli_progress,
                             "ablation", &o->train[task], error);
    if (status == LX_OK && task > 0)
      status = cli_data_open(s->data, (LxTask)task, "test", o->answers[task], cli_progress,
                             "ablation", &o->test[task], error);
  }
  if (status == LX_OK)
    status = take_sizes(o, error);
  if (status == LX_OK) {
    o->config.num_object_labels = count_labels(s->data, "objects_vocab.txt");
    o->config.num_attr_labels = count_labels(s->data, "attributes_vocab.txt");
    if (!o->config.num_object_labels || !o->config.num_attr_labels)
      status = lx_fail(error, LX_ERR_MISSING,
                       "%s: objects_vocab.txt and attributes_vocab.txt are needed to pre-train.",
                       s->data);
  }
  return status;
}

/* Of the training that is running; it may have been begun by another process. */
typedef struct {
  char what[160];
  int64_t first;
  double begun;
} Watch;

static void say_step(Watch *w, const char *what, int64_t step, int64_t steps)
{
  if (strcmp(w->what, what)) {
    snprintf(w->what, sizeof w->what, "%s", what);
    w->first = step;
    w->begun = cli_now();
  }
  if (step % 20 && step != steps)
    return;
  const double left =
      step > w->first ? (cli_now() - w->begun) / (double)(step - w->first) * (double)(steps - step)
                      : 0;
  fprintf(stderr, "\r[%s] %s: step %lld/%lld  %s left\033[K",
          cli_bar((double)step / (double)(steps > 0 ? steps : 1)), what, (long long)step,
          (long long)steps, cli_duration(left));
}

static int report(const char *what, int64_t step, int64_t steps, const ScienceCell *cell,
                  void *user_data)
{
  if (cell)
    fprintf(stderr, "%s%s: %s %.4f, %.1f minutes\n", isatty(STDERR_FILENO) ? "\r\033[K" : "", what,
            cell->task < 0 ? "loss" : "accuracy", cell->accuracy, cell->minutes);
  else if (isatty(STDERR_FILENO))
    say_step(user_data, what, step, steps);
  return cli_interrupted();
}

static void print_json(const ScienceCell *cells, int n)
{
  json_t *out = json_array();

  for (int row = 0; row < SCIENCE_ROWS; row++)
    for (int task = 0; task < SCIENCE_TASKS; task++) {
      ScienceSpread s;
      if (science_spread(cells, n, row, task, &s))
        json_array_append_new(out, json_pack("{ss ss si sf sf sf sf sI sf}", "row", row_name(row),
                                             "task", task_name(task), "seeds", s.n, "mean", s.mean,
                                             "deviation", s.deviation, "least", s.least, "most",
                                             s.most, "parameters", (json_int_t)s.parameters,
                                             "minutes", s.minutes));
    }
  cli_print_json(out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
}

static void print_file(const char *folder, const char *name)
{
  char path[4300], *text = NULL;
  size_t size = 0;
  LxError ignored;

  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (lx_file_read(path, 1 << 20, &text, &size, &ignored) == LX_OK)
    fwrite(text, 1, size, stdout);
  free(text);
}

static int ablation(const Settings *s, unsigned rows, unsigned tasks)
{
  Opened opened = {0};
  ScienceCell *cells = NULL;
  Watch watch = {.what = ""};
  int n = 0;
  LxError error = {0};
  LxStatus status = open_all(s, tasks, &opened, &error);

  if (status == LX_OK) {
    ScienceAblation a = {.setting = science_setting(s->setting),
                         .out = s->out,
                         .vocab_path = opened.vocab,
                         .tokenizer = opened.tokenizer,
                         .base = &opened.config,
                         .rows = rows,
                         .tasks = tasks,
                         .seeds = (int)s->seeds,
                         .seed = (uint64_t)s->seed,
                         .resume = s->resume,
                         .report = report,
                         .user_data = &watch};
    for (int task = 0; task < 4; task++)
      a.data[task] = (ScienceData){
          opened.train[task].source ? lx_dataset_source(opened.train[task].source) : NULL,
          opened.test[task].source ? lx_dataset_source(opened.test[task].source) : NULL,
          opened.answers[task]};
    status = science_ablation_run(&a, &cells, &n, &error);
    LxError second;
    if (n > 0 &&
        science_ablation_report(s->out, a.setting, cells, n, status == LX_OK ? &error : &second) !=
            LX_OK &&
        status == LX_OK)
      status = error.code;
  }
  if (status == LX_OK && s->as_json)
    print_json(cells, n);
  else if (status == LX_OK)
    print_file(s->out, "ablation.md");
  free(cells);
  close_all(&opened);
  return status == LX_OK ? CLI_OK : cli_fail_error(&error);
}

int cli_ablation(int argc, char **argv)
{
  Settings s = {.setting = "tiny", .seeds = 1, .seed = 9595};
  const CliOption options[] = {
      {"data", CLI_STRING, &s.data, "DIR", "a world with features and all three tasks"},
      {"out", CLI_STRING, &s.out, "DIR", "results, and what is needed to go on"},
      {"setting", CLI_STRING, &s.setting, "NAME",
       "tiny (default, under an hour of one core a seed) or small (models like those "
       "that ship, several hours)"},
      {"seeds", CLI_INT, &s.seeds, "N", "trainings of each cell (default 1)"},
      {"seed", CLI_INT, &s.seed, "N", "the first seed, default 9595"},
      {"rows", CLI_STRING, &s.rows, "LIST",
       "lstm-butd, bert-butd, bert-cross-1 … -5, train-bert, "
       "train-scratch, pretrain-bert, pretrain-scratch"},
      {"tasks", CLI_STRING, &s.tasks, "LIST", "vqa,gqa,nlvr2"},
      {"resume", CLI_FLAG, &s.resume, NULL, "go on where a run stopped"},
      {"json", CLI_FLAG, &s.as_json, NULL, "JSON on standard output"},
  };
  const CliSpec spec = {
      "--data DIR --out DIR [options]",
      "Trains what LXMERT's paper compares it with (Table 3) and writes the table.\n"
      "OUT gets ablation.md, .csv and .svg, and cells.jsonl with every training.",
      options,
      sizeof options / sizeof *options,
      0,
      0};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!s.data || !s.out)
    return cli_usage(argv[0], "--data and --out are needed");
  if (!science_setting(s.setting))
    return cli_usage(argv[0], "--setting is tiny or small");
  if (s.seeds < 1 || s.seeds > 100 || s.seed < 0)
    return cli_usage(argv[0], "--seeds is 1 to 100, --seed not negative");
  unsigned rows = parse_list(s.rows, SCIENCE_ROWS, row_name);
  unsigned tasks = parse_list(s.tasks, SCIENCE_TASKS, task_name);
  if (!rows || !tasks)
    return cli_usage(argv[0], "a name in --rows or --tasks is unknown");
  cli_catch_interrupt();
  return ablation(&s, rows, tasks);
}
