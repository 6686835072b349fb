/* The index of a checkpoint in several files, in a folder with one of these. */
#include "fuzz.h"
#include "lx-checkpoint.h"
#include "lx-safetensors.h"

static char folder[64], weights[96], index_path[96];

static void clean_up(void)
{
  unlink(weights);
  unlink(index_path);
  rmdir(folder);
}

static void set_up(void)
{
  LxError error = {0};
  LxTensors *tensors = lx_tensors_new();
  snprintf(folder, sizeof folder, "/tmp/fuzz-index-XXXXXX");
  if (!tensors || !mkdtemp(folder))
    exit(1);
  snprintf(weights, sizeof weights, "%s/one.safetensors", folder);
  snprintf(index_path, sizeof index_path, "%s/model.safetensors.index.json", folder);
  atexit(clean_up);
  if (lx_tensors_add(tensors, "a", LX_F32, 1, (int64_t[]){2}, NULL, &error) ||
      lx_tensors_add(tensors, "b", LX_F32, 1, (int64_t[]){3}, NULL, &error) ||
      lx_safetensors_write(weights, tensors, LX_KEEP, &error))
    exit(1);
  lx_tensors_unref(tensors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxTensors *tensors = NULL;
  LxError error = {0};
  if (!*folder)
    set_up();
  FILE *file = fopen(index_path, "wb");
  if (!file || fwrite(data, 1, size, file) != size || fclose(file))
    exit(1);
  LxStatus status = lx_checkpoint_read_raw(folder, &tensors, &error);
  fuzz_check(status, &error);
  if (!status)
    fuzz_touch(tensors);
  lx_tensors_unref(tensors);
  return 0;
}
