/* Runs crosslens-cli as a script would: through the shell, with its exit code, output and messages. */
#pragma once

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lx-test.h"

static char cli_dir[] =
    "/tmp/crosslens-cli-XXXXXX";                /* the test's folder, also its working folder */
static char cli_out[1 << 20], cli_err[1 << 16]; /* of the last run */

static inline void cli_slurp(const char *name, char *to, size_t size)
{
  FILE *f = fopen(name, "rb");
  size_t n = f ? fread(to, 1, size - 1, f) : 0;
  to[n] = '\0';
  if (f)
    fclose(f);
}

__attribute__((format(printf, 1, 2))) static inline int shell(const char *format, ...)
{
  char command[8192];
  va_list args;
  va_start(args, format);
  vsnprintf(command, sizeof command, format, args);
  va_end(args);
  int status = system(command);
  return WIFEXITED(status) ? WEXITSTATUS(status)
                           : 256 + status; /* a signal is never an exit code */
}

/* "$CLI FORMAT"; the exit code, above 255 after a crash. */
__attribute__((format(printf, 1, 2))) static inline int cli(const char *format, ...)
{
  char command[8192];
  va_list args;
  int n = snprintf(command, sizeof command, "\"$CROSSLENS_CLI\" ");
  va_start(args, format);
  n += vsnprintf(command + n, sizeof command - (size_t)n, format, args);
  va_end(args);
  snprintf(command + n, sizeof command - (size_t)n, " >out.txt 2>err.txt");
  int code = shell("%s", command);
  cli_slurp("out.txt", cli_out, sizeof cli_out);
  cli_slurp("err.txt", cli_err, sizeof cli_err);
  return code;
}

/* It failed as it should: the code, and a message with these words. */
#define CHECK_FAILS(code, words, ...)                                                              \
  do {                                                                                             \
    int code_ = cli(__VA_ARGS__);                                                                  \
    CHECK(code_ == (code), "exit code %d: %s", code_, cli_err);                                    \
    CHECK(strstr(cli_err, words) != NULL, "not \"%s\" in: %s", words, cli_err);                    \
    CHECK(strstr(cli_err, "crosslens-cli") != NULL, "%s", cli_err);                                \
    CHECK(cli_out[0] == '\0', "something on stdout: %s", cli_out);                                 \
  } while (0)

#define CHECK_RUNS(...)                                                                            \
  do {                                                                                             \
    int code_ = cli(__VA_ARGS__);                                                                  \
    CHECK(code_ == 0, "exit code %d: %s", code_, cli_err);                                         \
  } while (0)

/* The last run's stdout; owned, NULL (and a failed check) when it is no JSON. */
static inline json_t *cli_json(void)
{
  json_error_t error;
  json_t *json = json_loads(cli_out, 0, &error);
  CHECK(json != NULL, "%s: %.200s", error.text, cli_out);
  return json;
}

static inline long cli_size(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static inline long cli_lines(const char *path)
{
  FILE *f = fopen(path, "rb");
  long n = 0;
  for (int c; f && (c = getc(f)) != EOF;)
    n += c == '\n';
  if (f)
    fclose(f);
  return n;
}

static inline bool cli_starts(const char *path, const char *magic)
{
  char head[16] = "";
  FILE *f = fopen(path, "rb");
  bool same =
      f && fread(head, 1, strlen(magic), f) == strlen(magic) && !memcmp(head, magic, strlen(magic));
  if (f)
    fclose(f);
  return same;
}

static inline bool cli_begin(void)
{
  if (!mkdtemp(cli_dir) || chdir(cli_dir) != 0) {
    perror(cli_dir);
    return false;
  }
  return true;
}

static inline int cli_end(void)
{
  if (chdir("/") == 0)
    shell("rm -rf %s", cli_dir);
  return lx_test_end();
}

/* A detector folder `detector` from the reference network, and a world of 20 scenes in `world` with
 * its features. */
static inline void cli_make_world(void)
{
  shell("mkdir detector && cp %s detector/config.json && cp %s detector/model.safetensors",
        lx_test_data("detector/small/config.json"),
        lx_test_data("detector/small/weights.safetensors"));
  CHECK_RUNS("world --out world --scenes 20 --seed 3 --images --features detector");
}

/* A model folder `model` that has learned for three steps: everything a shipped one has, but small. */
static inline void cli_make_model(void)
{
  cli_make_world();
  shell("mkdir scratch && sed 's/\"vocab_size\": 200/\"vocab_size\": '$(wc -l <world/vocab.txt)'/; "
        "s/\"visual_feat_dim\": 32/\"visual_feat_dim\": 128/; s/\"num_object_labels\": 23/"
        "\"num_object_labels\": 32/' %s >scratch/config.json",
        lx_test_data("tiny/config.json"));
  CHECK_RUNS(
      "train --task pretrain --data world --model scratch --out base --max-steps 3 --batch 8");
  CHECK_RUNS("train --task vqa --data world --model base --out model --max-steps 3 --batch 8");
}
