/* The index of a checkpoint in several files, in a folder with one of these. */
#include "fuzz.h"
#include "lx-checkpoint.h"
#include "lx-safetensors.h"

static void write_weights(void)
{
  LxError error = {0};
  char weights[96];
  LxTensors *tensors = lx_tensors_new();
  snprintf(weights, sizeof weights, "%s/one.safetensors", fuzz_folder());
  if (!tensors || lx_tensors_add(tensors, "a", LX_F32, 1, (int64_t[]){2}, NULL, &error) ||
      lx_tensors_add(tensors, "b", LX_F32, 1, (int64_t[]){3}, NULL, &error) ||
      lx_safetensors_write(weights, tensors, LX_KEEP, &error))
    exit(1);
  lx_tensors_unref(tensors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxTensors *tensors = NULL;
  LxError error = {0};
  static bool written;
  if (!written)
    write_weights();
  written = true;
  fuzz_named("model.safetensors.index.json", data, size);
  LxStatus status = lx_checkpoint_read_raw(fuzz_folder(), &tensors, &error);
  fuzz_check(status, &error);
  if (!status)
    fuzz_touch(tensors);
  lx_tensors_unref(tensors);
  return 0;
}
