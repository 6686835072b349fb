#include "fuzz.h"
#include "lx-csv.h"

static LxStatus visit(const LxCsvQuestion *q, void *size, LxError *error)
{
  (void)error;
  if (!*q->image || !*q->question || strlen(q->question) > *(size_t *)size || q->number < 1 ||
      !*q->answer != !*q->answer_type)
    abort();
  return LX_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxError error = {0};
  fuzz_check(lx_csv_questions(fuzz_file(data, size), visit, &size, NULL, NULL, &error), &error);
  return 0;
}
