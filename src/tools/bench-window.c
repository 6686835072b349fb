/* Starts crosslens-bench-ui, which needs GTK. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* Beside this program or, not installed, a folder above. */
static void start(const char *const *arguments)
{
  static const char *const places[] = {"/crosslens-bench-ui", "/../crosslens-bench-ui"};
  char own[4096], path[4200];
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  if (length > 0) {
    own[length] = 0;
    *strrchr(own, '/') = 0;
    for (int i = 0; i < 2; i++) {
      snprintf(path, sizeof path, "%s%s", own, places[i]);
      execv(path, (char *const *)arguments);
    }
  }
  fputs("crosslens-bench: crosslens-bench-ui is not there; build or install it.\n", stderr);
  _exit(1);
}

/* `arguments` begin with the program's name and end with NULL. */
static int run(const char *const *arguments)
{
  int code = 1;
  pid_t child = fork();
  if (child == 0)
    start(arguments);
  if (child < 0 || waitpid(child, &code, 0) < 0)
    return 1;
  return WIFEXITED(code) ? WEXITSTATUS(code) : 1;
}

int bench_ui(const char *folder)
{
  return run((const char *const[]){"crosslens-bench-ui", folder, NULL});
}

int bench_ui_data(const char *folder, const char *questions, const char *images, const char *model)
{
  return run(
      (const char *const[]){"crosslens-bench-ui", "data", folder, questions, images, model, NULL});
}

int bench_ui_library(const char *folder, const char *images, const char *questions)
{
  return run(
      (const char *const[]){"crosslens-bench-ui", "library", folder, images, questions, NULL});
}

/* Runs `body` with the folder of a full-size model that the shipped detector's features fit. */
static int with_model(int (*body)(const char *folder, char **arguments), char **arguments)
{
  char folder[] = "/tmp/crosslens-bench-XXXXXX";
  LxError error = {0};
  int code = 1;
  if (!mkdtemp(folder)) {
    fputs("crosslens-bench: cannot make a folder in /tmp.\n", stderr);
    return 1;
  }
  if (bench_write_model(folder, BENCH_SHIPPED_FEATURES, &error))
    fprintf(stderr, "crosslens-bench: %s\n", error.message);
  else
    code = body(folder, arguments);
  bench_remove_model(folder);
  return code;
}

static int gate(const char *folder, char **arguments)
{
  return bench_ui(folder);
}

int bench_ui_gate(void)
{
  return with_model(gate, NULL);
}

static int walk(const char *folder, char **arguments)
{
  return run((const char *const[]){"crosslens-bench-ui", "walk", folder, NULL});
}

int bench_ui_walk(void)
{
  return with_model(walk, NULL);
}

static int training(const char *folder, char **arguments)
{
  enum { MOST = 32 };
  const char *words[MOST + 1] = {"crosslens-bench-ui", "training", arguments[0], folder};
  int first = *folder ? 2 : 1; /* behind "full" */
  for (int i = 0; arguments[first + i] && i + 4 < MOST; i++)
    words[i + 4] = arguments[first + i];
  return run(words);
}

int bench_ui_training(char **arguments)
{
  bool full = arguments[1] && strcmp(arguments[1], "full") == 0;
  return full ? with_model(training, arguments) : training("", arguments);
}
