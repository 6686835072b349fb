#include "fuzz.h"
#include "lx-safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxTensors *tensors = NULL;
  LxError error = {0};
  LxStatus status = lx_safetensors_read(fuzz_file(data, size), &tensors, &error);
  fuzz_check(status, &error);
  if (!status)
    fuzz_touch(tensors);
  lx_tensors_unref(tensors);
  return 0;
}
