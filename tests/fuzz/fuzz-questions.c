#include "fuzz.h"
#include "lx-dataset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static LxAnswers *answers;
  LxError error = {0};
  if (!answers && lx_answers_new((const char *[]){"yes", "2", "man"}, 3, &answers, &error))
    return 0;
  const char *path = fuzz_file(data, size);
  for (int kind = LX_DATA_VQA; kind <= LX_DATA_PRETRAIN; kind++) {
    LxDataset *dataset = NULL;
    LxStatus status = lx_dataset_open(kind, &path, 1, answers, NULL, NULL, NULL, &dataset, &error);
    fuzz_check(status, &error);
    for (int64_t i = 0; !status && i < lx_dataset_count(dataset); i++) {
      LxExample e;
      lx_dataset_get(dataset, i, &e);
      if (strlen(e.sentence) > size || lx_example_draw(&e, 0.5) > 2 ||
          lx_example_score(&e, 1) > 1.001f)
        abort();
    }
    lx_dataset_free(dataset);
  }
  return 0;
}
