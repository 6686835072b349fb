#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lx-packed.h"
#include "lx-threads.h"

double bench_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

BenchRow *bench_add(Bench *self, const char *name, double seconds, double flop)
{
  if (self->n_rows == BENCH_MAX_ROWS)
    return NULL;
  BenchRow *row = &self->rows[self->n_rows++];
  *row = (BenchRow){.runs = 1, .median = seconds, .min = seconds, .max = seconds, .flop = flop};
  snprintf(row->name, sizeof row->name, "%s", name);
  return row;
}

LxStatus bench_time(Bench *self, const char *name, double flop, int warm, int runs, BenchBody body,
                    void *data, BenchRow **out, LxError *error)
{
  double times[BENCH_MAX_TIMES];
  runs = runs > BENCH_MAX_TIMES ? BENCH_MAX_TIMES : runs;
  for (int i = -warm; i < runs; i++) {
    double start = bench_now();
    LxStatus status = body(data, error);
    if (status)
      return status;
    if (i >= 0)
      times[i] = bench_now() - start;
  }
  qsort(times, (size_t)runs, sizeof *times, by_value);
  BenchRow *row = bench_add(self, name, times[runs / 2], flop);
  if (!row)
    return lx_fail(error, LX_ERR_ARGUMENT, "The table of benchmarks is full.");
  row->runs = runs;
  row->min = times[0];
  row->max = times[runs - 1];
  if (out)
    *out = row;
  return LX_OK;
}

static void print_heading(const Bench *self)
{
  const char *kernels = getenv("OPENBLAS_CORETYPE");
  printf("products: %s, packed weights: %s, threads: %d, OPENBLAS_CORETYPE: %s\n\n", self->products,
         lx_packed_has_onednn() ? "oneDNN" : "no", lx_threads(), kernels ? kernels : "unset");
  printf("%-34s %10s %10s %10s %8s %8s  %s\n", "", "median ms", "min ms", "max ms", "GFLOP/s",
         "of limit", "");
}

void bench_print_last(const Bench *self)
{
  const BenchRow *row = &self->rows[self->n_rows - 1];
  if (self->json)
    return;
  if (self->n_rows == 1)
    print_heading(self);
  printf("%-34s %10.2f %10.2f %10.2f ", row->name, row->median * 1e3, row->min * 1e3,
         row->max * 1e3);
  if (row->flop > 0)
    printf("%8.0f ", row->flop / row->median * 1e-9);
  else
    printf("%8s ", "");
  if (row->flop > 0 && self->limit > 0)
    printf("%7.0f%% ", 100 * row->flop / row->median / self->limit);
  else
    printf("%8s ", "");
  printf(" %s\n", row->note);
  fflush(stdout);
}

/* The goal is four times the weights and the activations: weights, their gradients, two moments. */
static double allowed_bytes(const BenchMemory *m)
{
  return 4 * m->weights + m->activations;
}

void bench_print_memory(const Bench *self)
{
  const BenchMemory *m = &self->memory;
  if (self->json)
    return;
  printf("  weights %.0f MB, moments %.0f, gradients %.0f, activations and their gradients %.0f\n"
         "  peak %.0f MB, %.1f%% of 4 x weights + activations\n",
         m->weights / 1e6, m->moments / 1e6, m->gradients / 1e6, m->activations / 1e6,
         m->peak / 1e6, 100 * m->peak / allowed_bytes(m));
}

void bench_print_json(const Bench *self)
{
  const char *kernels = getenv("OPENBLAS_CORETYPE");
  printf("{\"products\": \"%s\", \"packed\": %s, \"threads\": %d, \"openblas_coretype\": \"%s\", "
         "\"limit_gflops\": %.1f, \"rows\": [",
         self->products, lx_packed_has_onednn() ? "true" : "false", lx_threads(),
         kernels ? kernels : "", self->limit * 1e-9);
  for (int i = 0; i < self->n_rows; i++) {
    const BenchRow *r = &self->rows[i];
    printf("%s\n  {\"name\": \"%s\", \"runs\": %d, \"median_s\": %.6f, \"min_s\": %.6f, "
           "\"max_s\": %.6f, \"gflop\": %.3f, \"note\": \"%s\"}",
           i ? "," : "", r->name, r->runs, r->median, r->min, r->max, r->flop * 1e-9, r->note);
  }
  printf("\n]");
  const BenchMemory *m = &self->memory;
  if (m->peak > 0)
    printf(", \"training_mb\": {\"weights\": %.1f, \"moments\": %.1f, \"gradients\": %.1f, "
           "\"activations\": %.1f, \"peak\": %.1f, \"allowed\": %.1f}",
           m->weights / 1e6, m->moments / 1e6, m->gradients / 1e6, m->activations / 1e6,
           m->peak / 1e6, allowed_bytes(m) / 1e6);
  printf("}\n");
}

double bench_peak_bytes(void)
{
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  double kb = 0;
  while (file && fgets(line, sizeof line, file))
    if (strncmp(line, "VmHWM:", 6) == 0)
      kb = atof(line + 6);
  if (file)
    fclose(file);
  return kb * 1024;
}
