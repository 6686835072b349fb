#include "fuzz.h"
#include "lx-tokenizer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  LxTokenizer *tokenizer = NULL;
  LxTokens tokens;
  LxError error = {0};
  LxStatus status = lx_tokenizer_open(fuzz_file(data, size), &tokenizer, &error);
  fuzz_check(status, &error);
  if (status)
    return 0;
  status = lx_tokenizer_encode(tokenizer, "What is the man holding?", -1, 20, &tokens, &error);
  for (int64_t i = 0; !status && i < tokens.count; i++)
    if (tokens.ids[i] < 0 || tokens.ids[i] >= lx_tokenizer_count(tokenizer))
      abort();
  lx_tokens_clear(&tokens);
  lx_tokenizer_free(tokenizer);
  return 0;
}
