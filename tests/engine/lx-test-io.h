/* A folder for one test program's files, removed by lx_test_clean. */
#pragma once

#include <ftw.h>
#include <stdint.h>
#include <unistd.h>

#include "lx-test.h"

static inline const char *lx_test_folder(void)
{
  static char folder[64];
  if (!*folder) {
    strcpy(folder, "/tmp/crosslens-test-XXXXXX");
    if (!mkdtemp(folder)) {
      perror("mkdtemp");
      exit(1);
    }
  }
  return folder;
}

static inline int lx_test_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

static inline void lx_test_clean(void)
{
  nftw(lx_test_folder(), lx_test_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in that folder. Static buffers, four at a time. */
static inline const char *lx_test_path(const char *name)
{
  static char path[4][256];
  static int turn;
  char *out = path[turn++ & 3];
  snprintf(out, sizeof path[0], "%s/%s", lx_test_folder(), name);
  return out;
}

static inline void lx_test_write(const char *path, const void *data, size_t size)
{
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) {
    perror(path);
    exit(1);
  }
}

/* *out is owned, with a NUL behind it. */
static inline size_t lx_test_read(const char *path, char **out)
{
  FILE *f = fopen(path, "rb");
  if (!f) {
    perror(path);
    exit(1);
  }
  fseek(f, 0, SEEK_END);
  size_t n = (size_t)ftell(f);
  rewind(f);
  *out = calloc(1, n + 1);
  if (fread(*out, 1, n, f) != n)
    exit(1);
  fclose(f);
  return n;
}
