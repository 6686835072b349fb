#include "fuzz.h"
#include "lx-pickle.h"
#include "lx-torch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxTensors *tensors = NULL;
  LxPickle *pickle = NULL;
  LxError error = {0};
  LxStatus status = lx_torch_read(fuzz_file(data, size), &tensors, &error);
  fuzz_check(status, &error);
  if (!status)
    fuzz_touch(tensors);
  lx_tensors_unref(tensors);
  /* The zip's checksums guard its pickle; reach it from the front too. */
  status = lx_pickle_read(data, size, NULL, &pickle, &error);
  fuzz_check(status, &error);
  lx_pickle_free(pickle);
  return 0;
}
