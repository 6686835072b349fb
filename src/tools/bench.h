/* What the parts of crosslens-bench share: timing, the table, and the full-size model with random
 * weights. Results go to stdout, notes to stderr. */
#pragma once

#include "lx-lxmert.h"

enum { BENCH_MAX_ROWS = 128, BENCH_MAX_TIMES = 64 };

/* One line of the table. Times in seconds; flop counts the matrix products (0 = none). */
typedef struct {
  char name[64], note[96];
  int runs;
  double median, min, max, flop;
} BenchRow;

/* Of a training step, in bytes: what each part takes, and the most that the process had. */
typedef struct {
  double weights, moments, gradients, activations, peak;
} BenchMemory;

typedef struct {
  bool json;
  int64_t batch;        /* of "forward"; 0 = 1 and 32 */
  const char *products; /* the library of plain products */
  double limit;         /* flop/s of the best library on 2048^3, measured in this run */
  BenchMemory memory;   /* peak 0: not measured */
  int n_rows;
  BenchRow rows[BENCH_MAX_ROWS];
} Bench;

typedef LxStatus (*BenchBody)(void *data, LxError *error);

double bench_now(void); /* seconds */
/* Runs `body` `warm` times, then `runs` times, and adds a row, which *out (may be NULL) borrows. */
LxStatus bench_time(Bench *self, const char *name, double flop, int warm, int runs, BenchBody body,
                    void *data, BenchRow **out, LxError *error);
/* Adds a row of one measured time. NULL when the table is full. */
BenchRow *bench_add(Bench *self, const char *name, double seconds, double flop);
/* Prints the last row; the first one prints the heading. Nothing with --json. */
void bench_print_last(const Bench *self);
/* Likewise self->memory. */
void bench_print_memory(const Bench *self);
void bench_print_json(const Bench *self);
/* Largest resident memory of this process so far, in bytes. */
double bench_peak_bytes(void);

/* ---- the model ---- */
enum { BENCH_WORDS = 20, BENCH_OBJECTS = 36, BENCH_SHIPPED_FEATURES = 256 /* of detector-world */ };
/* LXR955 with VQA's 3,129 answers. */
void bench_config(LxConfig *config);
/* Random weights for it. *out is owned. */
LxStatus bench_params(const LxConfig *config, LxTensors **out, LxError *error);
/* A model folder of that size, with random weights, for objects of `features` features. */
LxStatus bench_write_model(const char *folder, int64_t features, LxError *error);
/* Takes away what bench_write_model wrote, and the folder. */
void bench_remove_model(const char *folder);
/* A filled graph of `batch` examples of 20 words and 36 objects; with the VQA loss in LX_TRAIN. */
LxStatus bench_graph(const LxConfig *config, LxTensors *params, int64_t batch, LxMode mode,
                     LxLxmert **out, LxError *error);
/* Multiplications and additions of all matrix products of a forward; of a forward and a backward
 * from the loss with `train`. */
double bench_flop(const LxGraph *graph, bool train);

/* ---- subcommands ---- */
/* Measures self->limit, unless that was done. */
LxStatus bench_limit(Bench *self, LxError *error);
LxStatus bench_gemm(Bench *self, LxError *error);
LxStatus bench_forward(Bench *self, LxError *error);
LxStatus bench_gate(Bench *self, LxError *error);
LxStatus bench_train(Bench *self, LxError *error);
LxStatus bench_detect(Bench *self, LxError *error);
/* `program` is argv[0]: the measured opening happens in a fresh process. */
LxStatus bench_open(Bench *self, const char *program, LxError *error);
/* crosslens-bench-ui, for a gate with the model in `folder` (NULL: everything else); its exit code. */
int bench_ui(const char *folder);
/* The gate in the window: writes a model that the shipped detector's features fit. */
int bench_ui_gate(void);
int bench_ui_walk(void);
/* A library in the window; `folder` gets a large one, NULL numbers: the usual. */
int bench_ui_library(const char *folder, const char *images, const char *questions);
/* Either number may be NULL: the usual one; `model` too: none. Makes its data set in `folder`. */
int bench_ui_data(const char *folder, const char *questions, const char *images, const char *model);
/* `arguments`, ended by NULL: the data folder, perhaps "full", names of rows. */
int bench_ui_training(char **arguments);
/* That process: opens the folder, asks, prints what it measured. */
int bench_open_child(const char *folder);
