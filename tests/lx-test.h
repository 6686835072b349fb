/* The smallest harness: a test program checks, counts and exits non-zero when one check failed. */
#pragma once

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int lx_test_failed, lx_test_checks;

#define CHECK(cond, ...)                                                                           \
  do {                                                                                             \
    lx_test_checks++;                                                                              \
    if (!(cond)) {                                                                                 \
      lx_test_failed++;                                                                            \
      fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #cond);                                   \
      fprintf(stderr, "" __VA_ARGS__);                                                             \
      fputc('\n', stderr);                                                                         \
    }                                                                                              \
  } while (0)

/* Ends main: prints the count. No check at all is a failure too. */
static inline int lx_test_end(void)
{
  printf("%d checks, %d failed\n", lx_test_checks, lx_test_failed);
  return lx_test_failed || !lx_test_checks ? 1 : 0;
}

/* Numbers with a comma, as in the window in German: what is written to files, and read, must not
 * follow. Where no such locale is installed the test runs without. */
static inline void lx_test_comma(void)
{
  if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
    puts("no locale with a decimal comma is installed");
}

/* A file under tests/data, whose folder Meson puts into CROSSLENS_TEST_DATA. Static buffers. */
static inline const char *lx_test_data(const char *name)
{
  static char path[4][1024];
  static int turn;
  const char *dir = getenv("CROSSLENS_TEST_DATA");
  char *out = path[turn++ & 3];
  snprintf(out, sizeof path[0], "%s/%s", dir ? dir : "tests/data", name);
  return out;
}
