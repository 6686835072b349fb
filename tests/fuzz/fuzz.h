/* A fuzz target is one LLVMFuzzerTestOneInput, as libFuzzer wants it; fuzz-driver.c runs it over a
 * corpus as an ordinary test. Parsers take paths, so bytes are lent a file in memory. */
#pragma once

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
