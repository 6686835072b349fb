#include "fuzz.h"
#include "lx-answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxAnswers *answers = NULL;
  LxError error = {0};
  LxStatus status = lx_answers_read(fuzz_file(data, size), &answers, &error);
  fuzz_check(status, &error);
  for (int64_t i = 0; !status && i < lx_answers_count(answers); i++) {
    const char *text = lx_answers_text(answers, i);
    int64_t label = lx_answers_label(answers, text);
    lx_answers_label_normalized(answers, text);
    if (label < 0 || label > i)
      abort();
  }
  lx_answers_free(answers);
  return 0;
}
