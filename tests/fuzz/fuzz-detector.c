/* A detector's configuration, as JSON and as the authors' YAML. */
#include "fuzz.h"
#include "lx-detector-config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const names[] = {"config.json", "config.yaml"};
  for (int i = 0; i < 2; i++) {
    LxDetectorConfig config;
    LxError error = {0};
    LxStatus status = lx_detector_config_read(fuzz_named(names[i], data, size), &config, &error);
    fuzz_check(status, &error);
    if (!status && lx_detector_config_check(&config, &error)) /* what was read can be used */
      abort();
  }
  return 0;
}
