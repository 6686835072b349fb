/* Runs a fuzz target over files: as they are, cut off at every byte, and with bytes changed at
 * random from a fixed seed. A crash or a sanitizer's report fails the test. */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "lx-rng.h"

#define SMALL 8192
#define FLIPS 1500

static long inputs;

/* In memory of exactly `size` bytes, so that reading beyond it is seen. */
static void run(const uint8_t *data, size_t size)
{
  uint8_t *copy = malloc(size ? size : 1);
  if (!copy)
    exit(1);
  memcpy(copy, data, size);
  LLVMFuzzerTestOneInput(copy, size);
  free(copy);
  inputs++;
}

static void cut_everywhere(const uint8_t *data, size_t size)
{
  for (size_t n = 0; n <= size; n += n < SMALL ? 1 : 1 + size / 256)
    run(data, n);
}

static void flip(const uint8_t *data, size_t size)
{
  static const uint8_t interesting[] = {0,   1,   0x7f, 0x80, 0xff, '"',
                                        '{', '[', '\n', '\t', '.',  '9'};
  LxRng rng = {.seed = 20190820};
  uint8_t *copy = malloc(size);
  for (int round = 0; copy && round < FLIPS; round++) {
    memcpy(copy, data, size);
    for (int64_t k = lx_rng_below(&rng, 6); k >= 0; k--) {
      size_t at = (size_t)lx_rng_below(&rng, (int64_t)size);
      uint64_t how = lx_rng_u64(&rng);
      copy[at] = how & 1 ? interesting[(how >> 8) % sizeof interesting]
                         : copy[at] ^ (uint8_t)(1u << (how >> 8 & 7));
    }
    run(copy, size);
  }
  free(copy);
}

static void run_file(const char *path)
{
  struct stat st;
  FILE *f = fopen(path, "rb");
  if (!f || fstat(fileno(f), &st) != 0) {
    perror(path);
    exit(1);
  }
  size_t size = (size_t)st.st_size;
  uint8_t *data = malloc(size + 1);
  if (!data || fread(data, 1, size, f) != size)
    exit(1);
  fclose(f);
  cut_everywhere(data, size);
  if (size)
    flip(data, size);
  free(data);
}

static void run_path(const char *path)
{
  struct dirent **names;
  int n = scandir(path, &names, NULL, alphasort);
  if (n < 0) {
    run_file(path);
    return;
  }
  for (int i = 0; i < n; i++) {
    char file[1024];
    snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
    if (names[i]->d_name[0] != '.')
      run_file(file);
    free(names[i]);
  }
  free(names);
}

int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    run_path(argv[i]);
  printf("%ld inputs\n", inputs);
  return inputs ? 0 : 1;
}
