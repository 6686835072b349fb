#include "fuzz.h"
#include "lx-regions-report.h"
#include "lx-tsv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxTsv *tsv;
  LxTsvReport report;
  LxError error = {0};
  const char *path = fuzz_file(data, size);
  LxStatus status = lx_tsv_check(path, &report, NULL, NULL, &error);
  fuzz_check(status, &error);
  status = lx_tsv_open(path, &tsv, &error);
  fuzz_check(status, &error);
  if (status)
    return 0;
  status = lx_tsv_index(tsv, -1, NULL, NULL, &error);
  fuzz_check(status, &error);
  for (int64_t i = 0; !status && i < lx_tsv_count(tsv); i++) {
    LxRegions *regions = NULL;
    LxStatus line = lx_tsv_read(tsv, i, &regions, &error);
    fuzz_check(line, &error);
    if (lx_tsv_find(tsv, lx_tsv_image_id(tsv, i)) < i)
      abort();
    lx_regions_free(regions);
  }
  lx_tsv_free(tsv);
  return 0;
}
