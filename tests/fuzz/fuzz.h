/* A fuzz target is one LLVMFuzzerTestOneInput, as libFuzzer wants it; fuzz-driver.c runs it over a
 * corpus as an ordinary test. Parsers take paths, so bytes are lent a file in memory. */
#pragma once

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lx-error.h"
#include "lx-tensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path to a file with these bytes, good until the next call. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
  static char path[64];
  static int fd = -1;
  if (fd >= 0)
    close(fd);
  fd = memfd_create("fuzz", MFD_CLOEXEC);
  if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size)) {
    perror("memfd");
    exit(1);
  }
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return path;
}

/* A folder for this program's files, in memory where there is room for that, removed when it ends. */
static char fuzz_folder_path[64];

static inline int fuzz_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

static inline void fuzz_clean_up(void)
{
  nftw(fuzz_folder_path, fuzz_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const char *fuzz_folder(void)
{
  if (!*fuzz_folder_path) {
    strcpy(fuzz_folder_path,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/fuzz-XXXXXX" : "/tmp/fuzz-XXXXXX");
    if (!mkdtemp(fuzz_folder_path) || atexit(fuzz_clean_up))
      exit(1);
  }
  return fuzz_folder_path;
}

/* A path to file `name` in that folder, with these bytes, good until the next call. */
static inline const char *fuzz_named(const char *name, const uint8_t *data, size_t size)
{
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
    perror(path);
    exit(1);
  }
  return path;
}

/* A failure must say why. */
static inline void fuzz_check(LxStatus status, const LxError *error)
{
  if (status != LX_OK && (error->code != status || !*error->message)) {
    fprintf(stderr, "status %d without its message\n", (int)status);
    abort();
  }
}

/* Reads every byte, so that a sanitizer sees a tensor outside its memory. */
static inline void fuzz_touch(const LxTensors *tensors)
{
  static volatile unsigned sink;
  for (size_t i = 0; i < lx_tensors_count(tensors); i++) {
    const LxTensor *t = lx_tensors_at(tensors, i);
    const unsigned char *bytes = t->data;
    for (size_t k = 0; k < lx_tensor_bytes(t); k++)
      sink += bytes[k];
  }
}
