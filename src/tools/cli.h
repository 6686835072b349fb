/* What the subcommands of crosslens-cli share: options, messages, exit codes, default folders.
 *
 * A subcommand is one file, cli-NAME.c, with `int cli_NAME(int argc, char **argv)`; argv[0] is its
 * name. It returns an exit code. Results go to stdout, everything else to stderr. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

enum {
  CLI_OK = 0,
  CLI_FAILED = 1,
  CLI_USAGE = 2,
  CLI_GO_ON = -1, /* cli_parse: no exit code yet, run the command */
};

typedef enum {
  CLI_FLAG,   /* bool *, set to true */
  CLI_STRING, /* const char **, borrowed from argv */
  CLI_INT,    /* int64_t * */
  CLI_DOUBLE, /* double * */
} CliType;

typedef struct {
  const char *name; /* without the dashes */
  CliType type;
  void *value;          /* keeps its default when the option is not given */
  const char *argument; /* "DIR", for the help text; NULL for flags */
  const char *help;
} CliOption;

#define CLI_MOST_WORDS 256 /* of a command that is kept */

typedef struct {
  const char *usage;   /* "IMAGE QUESTION [options]" */
  const char *summary; /* a few lines */
  const CliOption *options;
  int n_options;
  int min_arguments, max_arguments; /* max < 0: any number */
} CliSpec;

/* Reads options (anywhere on the line) and leaves the arguments in argv[1..*argc-1]. Returns
 * CLI_GO_ON, or the exit code after --help (0) or a usage error (2), already reported. Every command
 * takes --help. */
int cli_parse(const CliSpec *spec, int *argc, char **argv);

/* "crosslens-cli: …" on stderr; returns CLI_FAILED. */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same from the engine's error. */
int cli_fail_error(const LxError *error);
/* "crosslens-cli COMMAND: … (see --help)" on stderr; returns CLI_USAGE. */
int cli_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* $CROSSLENS_DATA_DIR, else the installed folder, else the source tree's. Static. */
const char *cli_data_dir(void);
/* The shipped models; each returns `given` when it is not NULL. Static buffers. */
const char *cli_model_dir(const char *given);
const char *cli_detector_dir(const char *given);

/* "crosslens-cli COMMAND …" as it was typed, for reports; cut to `size`. */
void cli_command_line(int argc, char **argv, char *out, size_t size);

/* Seconds of a clock that only goes forward. */
double cli_now(void);
/* "#####..............." for a share of all, 20 characters. Static. */
const char *cli_bar(double done);
/* "15 s", "3 min 20 s", "2 h 05 min", as the window says it. Static. */
const char *cli_duration(double seconds);
/* An LxProgress: one line on stderr when that is a terminal, and Ctrl+C cancels. user_data is the
 * command's name. */
int cli_progress(double done, const char *what, void *user_data);
/* Makes Ctrl+C and termination ask for a stop (a second one kills) instead of ending the program at
 * once. Before anything starts threads: they inherit that these signals are not theirs. */
void cli_catch_interrupt(void);
bool cli_interrupted(void);

/* ---- subcommands, in the order of the help text ---- */
int cli_detect(int argc, char **argv);
int cli_ask(int argc, char **argv);
int cli_attention(int argc, char **argv);
int cli_world(int argc, char **argv);
int cli_train(int argc, char **argv);
int cli_train_detector(int argc, char **argv); /* "train" without its "--task detector" */
int cli_jobs(int argc, char **argv);
int cli_eval(int argc, char **argv);
int cli_findings(int argc, char **argv);
int cli_perturb(int argc, char **argv);
int cli_ablation(int argc, char **argv);
int cli_forward(int argc, char **argv);
int cli_gradients(int argc, char **argv);
int cli_relevancy(int argc, char **argv);
int cli_stages(int argc, char **argv);
int cli_tokenize(int argc, char **argv);
int cli_tsv(int argc, char **argv);
int cli_convert(int argc, char **argv);
int cli_inspect(int argc, char **argv);
