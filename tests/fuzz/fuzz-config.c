#include "fuzz.h"
#include "lx-config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxConfig config;
  LxError error = {0};
  LxStatus status = lx_config_parse((const char *)data, size, "config.json", &config, &error);
  fuzz_check(status, &error);
  if (status)
    return 0;
  status = lx_config_check(&config, &error); /* what was read can be written */
  if (status)
    abort();
  lx_config_clear(&config);
  return 0;
}
