/* What a training leaves: its record, and its curve line by line. */
#include "fuzz.h"
#include "lx-run-log.h"

static void each_line(const json_t *line, void *user_data)
{
  if (!json_is_object(line))
    abort();
  ++*(size_t *)user_data;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  json_t *record = NULL;
  LxError error = {0};
  int64_t at = 0;
  uint64_t id = 0;
  size_t lines = 0;
  bool again;
  fuzz_named("run.json", data, size);
  LxStatus status = lx_run_read(fuzz_folder(), &record, &error);
  fuzz_check(status, &error);
  if (!status && !json_is_string(json_object_get(record, "state")))
    abort();
  json_decref(record);
  fuzz_named("training.jsonl", data, size);
  if (lx_run_lines(fuzz_folder(), &at, &id, &again, each_line, &lines, &error))
    abort();
  if (at < 0 || (size_t)at > size || lines > size)
    abort();
  lx_run_has_validation(fuzz_folder(), 20);
  return 0;
}
