#include "science-ablation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lx-baseline.h"
#include "lx-checkpoint.h"
#include "lx-evaluate.h"
#include "lx-file.h"
#include "lx-lxmert-params.h"
#include "lx-train.h"
#include "science-cells.h"

#define BERT_DEVIATION 0.02
#define BERT_HIDDEN 768
#define SPREAD_BOXES 0.3 /* lx_lxmert_spread_boxes */

/* Trainings that rows begin from, in the order of dependence. */
enum { WORDS = SCIENCE_ROWS, PRE_BERT, PRE_SCRATCH };

static const ScienceRow rows[SCIENCE_ROWS + 3] = {
    {"lstm-butd", "LSTM + BUTD", {63.1, 50.0, 52.6}},
    {"bert-butd", "BERT + BUTD", {62.8, 52.1, 51.9}},
    {"bert-cross-1", "BERT + 1 CrossAtt", {64.6, 55.5, 52.4}},
    {"bert-cross-2", "BERT + 2 CrossAtt", {65.8, 56.1, 50.9}},
    {"bert-cross-3", "BERT + 3 CrossAtt", {66.4, 56.6, 50.9}},
    {"bert-cross-4", "BERT + 4 CrossAtt", {66.4, 56.0, 50.9}},
    {"bert-cross-5", "BERT + 5 CrossAtt", {66.5, 56.3, 50.9}},
    {"train-bert", "Train + BERT", {65.5, 56.2, 50.9}},
    {"train-scratch", "Train + scratch", {65.1, 50.0, 50.9}},
    {"pretrain-bert", "Pre-train + BERT", {68.8, 58.3, 70.1}},
    {"pretrain-scratch", "Pre-train + scratch", {69.9, 60.0, 74.9}},
    {"base-bert", "BERT (masked words)", {0}},
    {"base-pretrain-bert", "LXMERT pre-trained from BERT", {0}},
    {"base-pretrain-scratch", "LXMERT pre-trained from scratch", {0}},
};

static const ScienceSetting settings[] = {
    {.name = "small",
     .hidden = 128,
     .heads = 4,
     .intermediate = 512,
     .language = 4,
     .vision = 2,
     .cross = 3,
     .batch = 64,
     .words_examples = 300000,
     .pretrain_examples = 600000,
     .task_examples = 200000,
     .pair_examples = 80000,
     .test_examples = 6000,
     .pretrain_rate = 7e-4,
     .task_rate = 6e-4,
     .pair_rate = 4e-4},
    {.name = "tiny",
     .hidden = 64,
     .heads = 4,
     .intermediate = 256,
     .language = 2,
     .vision = 1,
     .cross = 2,
     .batch = 32,
     .words_examples = 128000,
     .pretrain_examples = 256000,
     .task_examples = 192000,
     .pair_examples = 64000,
     .test_examples = 4000,
     .pretrain_rate = 1e-3,
     .task_rate = 1e-3,
     .pair_rate = 3e-4},
};

const ScienceRow *science_row(int row)
{
  return &rows[row];
}

const ScienceSetting *science_setting(const char *name)
{
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    if (!strcmp(settings[i].name, name))
      return &settings[i];
  return NULL;
}

double science_deviation(const ScienceSetting *setting)
{
  return BERT_DEVIATION * sqrt(BERT_HIDDEN / (double)setting->hidden);
}

/* One training: what it is, where it is kept. */
typedef struct {
  const ScienceAblation *all;
  int row, task;
  uint64_t seed;
  LxConfig config;
  char folder[4096], what[160];
  double saved;     /* seconds, of the last checkpoint */
  double wall, cpu; /* when it began, as if it had never been interrupted; seconds */
  LxError failure;
  LxStatus status;
} Job;

static double clock_of(clockid_t which)
{
  struct timespec t;
  clock_gettime(which, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The row's architecture in the run's sizes. */
static void shape(const ScienceSetting *s, int row, LxConfig *c)
{
  bool cross = row >= SCIENCE_BERT_CROSS_1 && row <= SCIENCE_BERT_CROSS_5;
  bool plain = row == WORDS || row <= SCIENCE_BERT_BUTD;

  c->hidden_size = s->hidden;
  c->num_attention_heads = s->heads;
  c->intermediate_size = s->intermediate;
  c->initializer_range = science_deviation(s);
  c->l_layers = row == SCIENCE_LSTM_BUTD ? 0 : s->language;
  c->r_layers = plain || cross ? 0 : s->vision;
  c->x_layers = plain ? 0 : cross ? row - SCIENCE_BERT_CROSS_1 + 1 : s->cross;
  c->hidden_dropout_prob = c->attention_probs_dropout_prob = 0;
  strcpy(c->blind, "");
  strcpy(c->baseline, row == SCIENCE_LSTM_BUTD   ? LX_BASELINE_LSTM
                      : row == SCIENCE_BERT_BUTD ? LX_BASELINE_BERT
                                                 : "");
}

static LxTask task_of(const Job *job)
{
  return job->task < 0 ? LX_TASK_PRETRAIN : (LxTask)(LX_TASK_VQA + job->task);
}

/* The training that the row begins from, -1 = none. */
static int begins_from(int row)
{
  switch (row) {
  case SCIENCE_LSTM_BUTD:
  case SCIENCE_TRAIN_SCRATCH:
  case WORDS:
  case PRE_SCRATCH:
    return -1;
  case SCIENCE_PRETRAIN_BERT:
    return PRE_BERT;
  case SCIENCE_PRETRAIN_SCRATCH:
    return PRE_SCRATCH;
  default:
    return WORDS;
  }
}

static void folder_of(const ScienceAblation *all, int row, int task, uint64_t seed, char *out,
                      size_t size)
{
  snprintf(out, size, "%s/%s%s%s-%llu", all->out, rows[row].key, task < 0 ? "" : "-",
           task < 0 ? "" : lx_task_name((LxTask)(LX_TASK_VQA + task)), (unsigned long long)seed);
}

static LxStatus without_answer_head(const LxTensors *from, LxTensors **out, LxError *error)
{
  LxTensors *to = lx_tensors_new();
  LxStatus status = to ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  for (size_t i = 0; i < lx_tensors_count(from) && !status; i++) {
    const LxTensor *t = lx_tensors_at(from, i);
    LxTensor *copy;
    if (!strncmp(lx_tensors_name(from, i), "answer_head.", 12))
      continue;
    status = lx_tensors_add(to, lx_tensors_name(from, i), t->dtype, t->ndim, t->dim, &copy, error);
    if (!status)
      memcpy(copy->data, t->data, lx_tensor_bytes(t));
  }
  *out = to;
  return status;
}

/* Fresh parameters, whose boxes are seen at once. Rows that begin from others have it from them. */
static LxStatus from_nothing(const Job *job, unsigned heads, LxTensors **out, LxError *error)
{
  LxStatus status = lx_lxmert_init_params(&job->config, heads, job->seed, out, error);

  if (!status && !*job->config.baseline)
    status = lx_lxmert_spread_boxes(*out, SPREAD_BOXES, job->seed, error);
  return status;
}

/* Parameters to begin from: those of the base with the answers that this task knows. */
static LxStatus beginning(const Job *job, unsigned heads, LxTensors **out, LxError *error)
{
  int base = begins_from(job->row);
  const LxAnswers *answers = job->all->data[task_of(job)].answers;
  LxCheckpoint found = {0};
  char folder[4096];
  LxStatus status;

  *out = NULL;
  if (base < 0)
    return from_nothing(job, heads, out, error);
  folder_of(job->all, base, -1, job->seed, folder, sizeof folder);
  status = lx_checkpoint_read(folder, NULL, &found, error);
  if (!status && answers && job->task >= 0 && (found.report.heads & LX_HEAD_ANSWER) &&
      found.answers)
    status =
        lx_checkpoint_move_answers(found.params, found.answers, answers, out, NULL, NULL, error);
  else if (!status)
    status = without_answer_head(found.params, out, error);
  lx_checkpoint_clear(&found);
  return status;
}

static int64_t examples_of(const Job *job)
{
  const ScienceSetting *s = job->all->setting;
  return job->row == WORDS ? s->words_examples
         : job->task < 0   ? s->pretrain_examples
         : job->task == 2  ? s->pair_examples
                           : s->task_examples;
}

static void options_of(const Job *job, LxTrainOptions *o)
{
  const ScienceSetting *s = job->all->setting;

  lx_train_options_init(o, task_of(job));
  o->batch = s->batch;
  o->epochs = 1000000; /* max_steps ends it */
  o->max_steps = examples_of(job) / s->batch;
  o->seed = job->seed;
  o->optimizer.lr = job->task < 0 ? s->pretrain_rate : job->task == 2 ? s->pair_rate : s->task_rate;
  if (o->max_words > job->config.max_position_embeddings)
    o->max_words = job->config.max_position_embeddings;
  if (job->row == WORDS) { /* sees no image */
    o->heads = LX_HEAD_MLM;
    o->losses = LX_LOSS_MLM;
    o->max_objects = 1;
  }
}

static void spent_path(const Job *job, char *out, size_t size)
{
  snprintf(out, size, "%s/spent.txt", job->folder);
}

/* A training that was interrupted took its time before, too. */
static void take_spent(Job *job)
{
  char path[4200];
  double wall = 0, cpu = 0;
  spent_path(job, path, sizeof path);
  FILE *file = fopen(path, "r");
  if (file && fscanf(file, "%lf %lf", &wall, &cpu) == 2) {
    job->wall -= wall;
    job->cpu -= cpu;
  }
  if (file)
    fclose(file);
}

static LxStatus save(const Job *job, const LxTrainer *trainer, LxError *error)
{
  const LxAnswers *answers = job->row == WORDS ? NULL : job->all->data[task_of(job)].answers;
  char path[4200], text[64];
  LxStatus status = lx_trainer_save(trainer, job->folder, job->all->vocab_path, answers, error);
  if (status)
    return status;
  spent_path(job, path, sizeof path);
  int n = snprintf(text, sizeof text, "%.3f %.3f\n", clock_of(CLOCK_MONOTONIC) - job->wall,
                   clock_of(CLOCK_PROCESS_CPUTIME_ID) - job->cpu);
  return lx_file_write(path, text, (size_t)n, error);
}

typedef struct {
  Job *job;
  LxTrainer *trainer;
  double loss; /* smoothed */
} Watch;

static int on_step(const LxTrainReport *r, void *user_data)
{
  Watch *w = user_data;
  const ScienceAblation *all = w->job->all;
  double now = clock_of(CLOCK_MONOTONIC);

  w->loss = w->loss > 0 ? 0.99 * w->loss + 0.01 * r->loss : r->loss;
  int stop =
      all->report && all->report(w->job->what, r->step, r->total_steps, NULL, all->user_data);
  if (stop || now - w->job->saved > 120) {
    w->job->saved = now;
    w->job->status = save(w->job, w->trainer, &w->job->failure);
  }
  return stop || w->job->status;
}

static int64_t count_params(const LxTensors *params)
{
  int64_t n = 0;
  for (size_t i = 0; i < lx_tensors_count(params); i++)
    n += lx_tensor_count(lx_tensors_at(params, i));
  return n;
}

/* A finished cell's checkpoint has done its work. */
static void drop_state(const Job *job, bool all)
{
  static const char *const names[] = {"training-state.safetensors",
                                      "spent.txt",
                                      "model.safetensors",
                                      "config.json",
                                      "answers.json",
                                      "vocab.txt"};
  char path[4200];

  for (int i = 0; i < (all ? 6 : 2); i++) {
    snprintf(path, sizeof path, "%s/%s", job->folder, names[i]);
    unlink(path);
  }
  if (all)
    rmdir(job->folder);
}

/* A base is kept, without its moments; a cell is tested. */
static LxStatus finish(Job *job, LxTrainer *trainer, const Watch *watch, ScienceCell *cell,
                       LxError *error)
{
  const ScienceData *data = &job->all->data[task_of(job)];
  LxEvaluation result = {0};

  cell->parameters = count_params(lx_trainer_params(trainer));
  if (job->task < 0) {
    cell->accuracy = watch->loss;
    return save(job, trainer, error);
  }
  LxStatus status =
      lx_evaluate(lx_trainer_config(trainer), lx_trainer_params(trainer), job->all->tokenizer,
                  data->test, task_of(job), job->all->setting->test_examples,
                  job->all->setting->batch, NULL, NULL, NULL, NULL, &result, error);
  cell->accuracy = result.accuracy;
  cell->tested = result.examples;
  return status;
}

static LxStatus train(Job *job, ScienceCell *cell, LxError *error)
{
  const ScienceAblation *all = job->all;
  const ScienceData *data = &all->data[task_of(job)];
  LxTensors *params = NULL;
  LxTrainer *trainer = NULL;
  LxTrainOptions options;

  options_of(job, &options);
  LxStatus status =
      beginning(job, options.heads ? options.heads : lx_task_heads(options.task), &params, error);
  if (!status)
    status = lx_trainer_new(&job->config, params, all->tokenizer, data->train, &options, &trainer,
                            error);
  if (!status && all->resume && lx_trainer_can_resume(job->folder)) {
    status = lx_trainer_resume(trainer, job->folder, error);
    take_spent(job);
  }
  Watch watch = {job, trainer, 0};
  if (!status && !lx_trainer_done(trainer))
    status = lx_trainer_run(trainer, on_step, &watch, error);
  if (status == LX_ERR_CANCELLED && job->status) {
    *error = job->failure;
    status = job->status;
  }
  if (!status)
    status = finish(job, trainer, &watch, cell, error);
  cell->examples = trainer ? lx_trainer_steps(trainer) * options.batch : 0;
  lx_trainer_free(trainer);
  lx_tensors_unref(params);
  return status;
}

/* Trainings of a run, those that are done already included. */
typedef struct {
  int number, of;
} Place;

static LxStatus run_job(const ScienceAblation *all, int row, int task, uint64_t seed, Place *place,
                        ScienceCells *cells, LxError *error)
{
  Job job = {.all = all,
             .row = row,
             .task = task,
             .seed = seed,
             .saved = clock_of(CLOCK_MONOTONIC),
             .wall = clock_of(CLOCK_MONOTONIC),
             .cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID)};
  ScienceCell cell = {.row = row, .task = task, .seed = seed};

  place->number++;
  if (science_cells_find(cells, row, task, seed))
    return LX_OK;
  folder_of(all, row, task, seed, job.folder, sizeof job.folder);
  snprintf(job.what, sizeof job.what, "%d of %d: %s, %s, seed %llu", place->number, place->of,
           rows[row].label, lx_task_name(task_of(&job)), (unsigned long long)seed);
  LxStatus status = lx_config_copy(all->base, &job.config, error);
  if (status)
    return status;
  shape(all->setting, row, &job.config);
  job.config.num_qa_labels =
      all->data[task_of(&job)].answers ? lx_answers_count(all->data[task_of(&job)].answers) : 2;
  status = train(&job, &cell, error);
  lx_config_clear(&job.config);
  if (status)
    return status;
  cell.minutes = (clock_of(CLOCK_MONOTONIC) - job.wall) / 60;
  cell.cpu_minutes = (clock_of(CLOCK_PROCESS_CPUTIME_ID) - job.cpu) / 60;
  status = science_cells_append(cells, &cell, error);
  if (!status)
    drop_state(&job, task >= 0);
  if (!status && all->report && all->report(job.what, 1, 1, &cell, all->user_data))
    status = lx_fail(error, LX_ERR_CANCELLED, "The ablation was stopped.");
  return status;
}

/* The bases that the wanted rows need. */
static unsigned bases_of(unsigned wanted)
{
  unsigned out = 0;
  for (int row = 0; row < SCIENCE_ROWS; row++)
    if (wanted >> row & 1 && begins_from(row) >= 0)
      out |= 1u << begins_from(row);
  return out & 1u << PRE_BERT ? out | 1u << WORDS : out;
}

LxStatus science_ablation_run(const ScienceAblation *self, ScienceCell **out, int *n_out,
                              LxError *error)
{
  ScienceCells cells = {0};
  const unsigned bases = bases_of(self->rows);
  Place place = {0,
                 self->seeds * (__builtin_popcount(bases) +
                                __builtin_popcount(self->rows) * __builtin_popcount(self->tasks))};
  LxStatus status = lx_file_make_folder(self->out, error);

  if (!status)
    status = science_cells_open(&cells, self->out, self->setting->name, self->resume, error);
  for (int s = 0; s < self->seeds && !status; s++) {
    uint64_t seed = self->seed + (uint64_t)s;
    for (int base = WORDS; base <= PRE_SCRATCH && !status; base++)
      if (bases >> base & 1)
        status = run_job(self, base, -1, seed, &place, &cells, error);
    for (int task = 0; task < SCIENCE_TASKS; task++)
      for (int row = 0; row < SCIENCE_ROWS && !status; row++)
        if (self->tasks >> task & 1 && self->rows >> row & 1)
          status = run_job(self, row, task, seed, &place, &cells, error);
  }
  *out = cells.cell;
  *n_out = cells.n;
  cells.cell = NULL;
  science_cells_close(&cells);
  return status;
}
