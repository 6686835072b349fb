#include "science-ablation-report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const task_names[SCIENCE_TASKS] = {"VQA", "GQA", "NLVR2"};

bool science_spread(const ScienceCell *cells, int n, int row, int task, ScienceSpread *out)
{
  double square = 0;

  *out = (ScienceSpread){.least = 1, .most = 0};
  for (int i = 0; i < n; i++) {
    const ScienceCell *c = &cells[i];
    if (c->row != row || c->task != task)
      continue;
    out->n++;
    out->mean += c->accuracy;
    square += c->accuracy * c->accuracy;
    out->least = c->accuracy < out->least ? c->accuracy : out->least;
    out->most = c->accuracy > out->most ? c->accuracy : out->most;
    out->minutes += c->minutes;
    out->cpu_minutes += c->cpu_minutes;
    out->parameters = c->parameters;
  }
  if (!out->n)
    return false;
  out->mean /= out->n;
  double variance = out->n > 1 ? (square - out->n * out->mean * out->mean) / (out->n - 1) : 0;
  out->deviation = variance > 0 ? sqrt(variance) : 0;
  return true;
}

static void write_row(FILE *f, const ScienceCell *cells, int n, int row)
{
  ScienceSpread s = {0};
  double minutes = 0;
  int64_t parameters = 0;
  bool any = false;

  for (int task = 0; task < SCIENCE_TASKS; task++)
    any |= science_spread(cells, n, row, task, &s);
  if (!any)
    return;
  fprintf(f, "| %s |", science_row(row)->label);
  for (int task = 0; task < SCIENCE_TASKS; task++) {
    if (!science_spread(cells, n, row, task, &s)) {
      fputs(" – | |", f);
      continue;
    }
    fprintf(f, " %.1f", 100 * s.mean);
    if (s.n > 1)
      fprintf(f, " ± %.1f", 100 * s.deviation);
    fprintf(f, " | %.1f |", science_row(row)->paper[task]);
    minutes += s.cpu_minutes;
    if (s.parameters > parameters)
      parameters = s.parameters;
  }
  fprintf(f, " %.2f M | %.1f |\n", 1e-6 * (double)parameters, minutes);
}

/* The trainings that others begin from. */
static void write_bases(FILE *f, const ScienceCell *cells, int n)
{
  for (int i = 0; i < n; i++)
    if (cells[i].task < 0)
      fprintf(f, "- %s, seed %llu: %lld examples, last loss %.2f, %.1f processor minutes\n",
              science_row(cells[i].row)->label, (unsigned long long)cells[i].seed,
              (long long)cells[i].examples, cells[i].accuracy, cells[i].cpu_minutes);
}

/* What the paper concludes from its table: one row against another. */
static const struct {
  int row, against;
  const char *says;
} comparisons[] = {
    {SCIENCE_BERT_BUTD, SCIENCE_LSTM_BUTD, "BERT instead of an LSTM, under BUTD"},
    {SCIENCE_BERT_CROSS_1, SCIENCE_BERT_BUTD, "a cross-modality layer instead of BUTD"},
    {SCIENCE_BERT_CROSS_5, SCIENCE_BERT_CROSS_1, "five of them instead of one"},
    {SCIENCE_TRAIN_BERT, SCIENCE_TRAIN_SCRATCH, "beginning with BERT, no pre-training"},
    {SCIENCE_PRETRAIN_BERT, SCIENCE_TRAIN_BERT, "pre-training, begun with BERT"},
    {SCIENCE_PRETRAIN_SCRATCH, SCIENCE_TRAIN_SCRATCH, "pre-training, from scratch"},
    {SCIENCE_PRETRAIN_SCRATCH, SCIENCE_PRETRAIN_BERT,
     "from scratch instead of BERT, both pre-trained"},
};

/* Points that one row has over another on one task, and the deviation of that difference: over the
 * seeds that have both, else of the two means. */
static bool difference(const ScienceCell *cells, int n, int row, int against, int task,
                       double *mean, double *deviation)
{
  ScienceSpread a, b;
  double sum = 0, square = 0;
  int pairs = 0;

  if (!science_spread(cells, n, row, task, &a) || !science_spread(cells, n, against, task, &b))
    return false;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      if (cells[i].row == row && cells[k].row == against && cells[i].task == task &&
          cells[k].task == task && cells[i].seed == cells[k].seed) {
        const double d = cells[i].accuracy - cells[k].accuracy;
        sum += d;
        square += d * d;
        pairs++;
      }
  *mean = a.mean - b.mean;
  *deviation = hypot(a.deviation, b.deviation);
  if (pairs > 1) {
    const double variance = (square - sum * sum / pairs) / (pairs - 1);
    *mean = sum / pairs;
    *deviation = variance > 0 ? sqrt(variance) : 0;
  }
  return true;
}

static void write_difference(FILE *f, const ScienceCell *cells, int n, int i, int task)
{
  const int row = comparisons[i].row, against = comparisons[i].against;
  const double paper = science_row(row)->paper[task] - science_row(against)->paper[task];
  double mean, deviation;

  if (!difference(cells, n, row, against, task, &mean, &deviation)) {
    fputs(" – | |", f);
    return;
  }
  fprintf(f, " %+.1f", 100 * mean);
  if (deviation > 0)
    fprintf(f, " ± %.1f", 100 * deviation);
  fprintf(f, " | %+.1f |", paper);
}

static void write_differences(FILE *f, const ScienceCell *cells, int n)
{
  const int count = (int)(sizeof comparisons / sizeof *comparisons);

  fputs("\nWhat each step brings, in points, beside what it brings in the paper:\n\n"
        "| | VQA | paper | GQA | paper | NLVR2 | paper |\n|---|--:|--:|--:|--:|--:|--:|\n",
        f);
  for (int i = 0; i < count; i++) {
    ScienceSpread s;
    bool any = false;
    for (int task = 0; task < SCIENCE_TASKS; task++)
      any |= science_spread(cells, n, comparisons[i].row, task, &s) &&
             science_spread(cells, n, comparisons[i].against, task, &s);
    if (!any)
      continue;
    fprintf(f, "| %s |", comparisons[i].says);
    for (int task = 0; task < SCIENCE_TASKS; task++)
      write_difference(f, cells, n, i, task);
    fputc('\n', f);
  }
}

static void write_markdown(FILE *f, const ScienceSetting *s, const ScienceCell *cells, int n)
{
  double wall = 0, cpu = 0;
  int seeds = 0;

  for (int i = 0; i < n; i++) {
    wall += cells[i].minutes;
    cpu += cells[i].cpu_minutes;
  }
  for (int row = 0; row < SCIENCE_ROWS; row++)
    for (int task = 0; task < SCIENCE_TASKS; task++) {
      ScienceSpread spread;
      if (science_spread(cells, n, row, task, &spread) && spread.n > seeds)
        seeds = spread.n;
    }
  fprintf(f,
          "Setting “%s”: hidden %lld, %lld heads, layers %lld language / %lld vision / %lld cross "
          "(the CrossAtt rows: their own number, no vision layers), batch %lld, fresh weights of "
          "deviation %.3f (0.02 at BERT's width); %lld examples of "
          "VQA and GQA, %lld pairs of NLVR2; test split, at most %lld. Accuracy in per cent, %s "
          "%d seed%s; beside it the paper's (full-size models, real images).\n\n",
          s->name, (long long)s->hidden, (long long)s->heads, (long long)s->language,
          (long long)s->vision, (long long)s->cross, (long long)s->batch, science_deviation(s),
          (long long)s->task_examples, (long long)s->pair_examples, (long long)s->test_examples,
          seeds > 1 ? "mean ± standard deviation over" : "from", seeds, seeds > 1 ? "s" : "");
  fputs("| | VQA | paper | GQA | paper | NLVR2 | paper | parameters | minutes |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        f);
  for (int row = 0; row < SCIENCE_ROWS; row++)
    write_row(f, cells, n, row);
  write_differences(f, cells, n);
  fputs("\nMinutes are processor time of the row's trainings and tests. Before them:\n\n", f);
  write_bases(f, cells, n);
  fprintf(f, "\nIn all %.1f processor minutes, %.1f by the clock.\n", cpu, wall);
}

static void write_csv(FILE *f, const ScienceSetting *setting, const ScienceCell *cells, int n)
{
  fputs("setting,row,task,seeds,mean,deviation,least,most,paper,parameters,minutes,cpu_minutes\n",
        f);
  for (int row = 0; row < SCIENCE_ROWS; row++)
    for (int task = 0; task < SCIENCE_TASKS; task++) {
      ScienceSpread s;
      if (science_spread(cells, n, row, task, &s))
        fprintf(f, "%s,%s,%s,%d,%.4f,%.4f,%.4f,%.4f,%.3f,%lld,%.2f,%.2f\n", setting->name,
                science_row(row)->key, task_names[task], s.n, s.mean, s.deviation, s.least, s.most,
                science_row(row)->paper[task] / 100, (long long)s.parameters, s.minutes,
                s.cpu_minutes);
    }
}

static LxStatus write_one(const char *folder, const char *name, const ScienceSetting *setting,
                          const ScienceCell *cells, int n,
                          void (*write)(FILE *f, const ScienceSetting *setting,
                                        const ScienceCell *cells, int n),
                          LxError *error)
{
  char path[4200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "w");
  bool good = f != NULL;
  if (f) {
    write(f, setting, cells, n);
    good = !ferror(f);
    good = fclose(f) == 0 && good;
  }
  return good ? LX_OK : lx_fail(error, LX_ERR_IO, "Cannot write “%s”: %s.", path, strerror(errno));
}

LxStatus science_ablation_report(const char *folder, const ScienceSetting *setting,
                                 const ScienceCell *cells, int n, LxError *error)
{
  char path[4200];
  LxStatus status = write_one(folder, "ablation.md", setting, cells, n, write_markdown, error);
  if (!status)
    status = write_one(folder, "ablation.csv", setting, cells, n, write_csv, error);
  snprintf(path, sizeof path, "%s/ablation.svg", folder);
  return status ? status : science_ablation_plot(path, cells, n, error);
}
