#include "cli.h"

#include <stdarg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

int cli_fail(const char *format, ...)
{
  va_list args;
  fputs("crosslens-cli: ", stderr);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  return CLI_FAILED;
}

int cli_fail_error(const LxError *error)
{
  return cli_fail("%s", error->message[0] ? error->message : "failed without a message");
}

int cli_usage(const char *command, const char *format, ...)
{
  va_list args;
  fprintf(stderr, "crosslens-cli %s: ", command);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputs(" (see --help)\n", stderr);
  return CLI_USAGE;
}

static bool is_folder(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *cli_data_dir(void)
{
  const char *dir = getenv("CROSSLENS_DATA_DIR");
  if (dir && *dir)
    return dir;
  return is_folder(CROSSLENS_DATA_DIR) ? CROSSLENS_DATA_DIR : CROSSLENS_SOURCE_DATA_DIR;
}

const char *cli_model_dir(const char *given)
{
  static char path[4096];
  if (given)
    return given;
  snprintf(path, sizeof path, "%s/models/lxmert-world-vqa", cli_data_dir());
  return path;
}

const char *cli_detector_dir(const char *given)
{
  static char path[4096];
  if (given)
    return given;
  snprintf(path, sizeof path, "%s/models/detector-world", cli_data_dir());
  return path;
}

void cli_command_line(int argc, char **argv, char *out, size_t size)
{
  size_t n = (size_t)snprintf(out, size, "crosslens-cli");
  for (int i = 0; i < argc && n < size; i++)
    n += (size_t)snprintf(out + n, size - n, " %s", argv[i]);
}

double cli_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

const char *cli_bar(double done)
{
  enum { WIDE = 20 };
  static char bar[WIDE + 1];
  const int full = done < 0 ? 0 : done > 1 ? WIDE : (int)(WIDE * done);
  for (int i = 0; i < WIDE; i++)
    bar[i] = i < full ? '#' : '.';
  return bar;
}

const char *cli_duration(double seconds)
{
  static char text[48];
  const long long s = (long long)ceil(seconds < 0 ? 0 : seconds > 1e9 ? 1e9 : seconds);
  if (s >= 3600)
    snprintf(text, sizeof text, "%lld h %02lld min", s / 3600, s / 60 % 60);
  else if (s >= 60)
    snprintf(text, sizeof text, "%lld min %02lld s", s / 60, s % 60);
  else
    snprintf(text, sizeof text, "%lld s", s);
  return text;
}

/* Seconds that the rest takes if it goes on like this; a step back begins another measurement. */
static double seconds_left(double done)
{
  static double begun, first, last = 2;
  const double now = cli_now();

  if (done < last) {
    begun = now;
    first = done;
  }
  last = done;
  return done > first && now - begun > 2 ? (now - begun) * (1 - done) / (done - first) : 0;
}

int cli_progress(double done, const char *what, void *user_data)
{
  static int last = -1;
  int percent = (int)(done * 100.0);
  if (isatty(STDERR_FILENO) && percent != last) {
    const double left = seconds_left(done);
    last = percent;
    fprintf(stderr, "\r%s: [%s] %3d%%  %.40s", (const char *)user_data, cli_bar(done), percent,
            what ? what : "");
    if (left >= 1)
      fprintf(stderr, "  %s left", cli_duration(left));
    fputs(done >= 1.0 ? "\033[K\n" : "\033[K", stderr);
  }
  return cli_interrupted();
}
