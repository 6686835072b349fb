#include "science-ablation-report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const task_names[SCIENCE_TASKS] = { "VQA", "GQA", "NLVR2" };

bool science_spread(const ScienceCell *cells, int n, int row, int task, ScienceSpread *out)
{
  double square = 0;

  *out = (ScienceSpread){ .least = 1, .most = 0 };
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
  ScienceSpread s = { 0 };
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
          "(the CrossAtt rows: their own number, no vision layers), batch %lld; %lld examples of "
          "VQA and GQA, %lld pairs of NLVR2; test split, at most %lld. Accuracy in per cent, %s "
          "%d seed%s; beside it the paper's (full-size models, real images).\n\n",
          s->name, (long long)s->hidden, (long long)s->heads, (long long)s->language,
          (long long)s->vision, (long long)s->cross, (long long)s->batch,
          (long long)s->task_examples, (long long)s->pair_examples, (long long)s->test_examples,
          seeds > 1 ? "mean ± standard deviation over" : "from", seeds, seeds > 1 ? "s" : "");
  fputs("| | VQA | paper | GQA | paper | NLVR2 | paper | parameters | minutes |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n", f);
  for (int row = 0; row < SCIENCE_ROWS; row++)
    write_row(f, cells, n, row);
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
  return good ? LX_OK
              : lx_fail(error, LX_ERR_IO, "Cannot write “%s”: %s.", path, strerror(errno));
}

LxStatus science_ablation_report(const char *folder, const ScienceSetting *setting,
                                 const ScienceCell *cells, int n, LxError *error)
{
  char path[4200];
  LxStatus status =
      write_one(folder, "ablation.md", setting, cells, n, write_markdown, error);
  if (!status)
    status = write_one(folder, "ablation.csv", setting, cells, n, write_csv, error);
  snprintf(path, sizeof path, "%s/ablation.svg", folder);
  return status ? status : science_ablation_plot(path, cells, n, error);
}
