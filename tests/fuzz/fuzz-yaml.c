#include "fuzz.h"
#include "lx-yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  json_t *json = NULL;
  LxError error = {0};
  LxStatus status = lx_yaml_to_json(fuzz_file(data, size), &json, &error);
  fuzz_check(status, &error);
  if (!status && !json)
    abort();
  json_decref(json);
  return 0;
}
