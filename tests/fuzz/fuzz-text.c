/* Any bytes as a question. */
#include "fuzz.h"
#include "lx-tokenizer.h"

static const char vocab[] =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##a\n##b\nwhat\nis\n?\n,\n##s\n中\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static LxTokenizer *tokenizer;
  LxTokens tokens;
  LxError error = {0};
  if (!tokenizer &&
      lx_tokenizer_open(fuzz_file((const uint8_t *)vocab, sizeof vocab - 1), &tokenizer, &error))
    abort();
  LxStatus status =
      lx_tokenizer_split(tokenizer, (const char *)data, (ptrdiff_t)size, &tokens, &error);
  fuzz_check(status, &error);
  for (int64_t i = 0; !status && i < tokens.count; i++)
    if (tokens.begin[i] >= tokens.end[i] || tokens.end[i] > size)
      abort();
  lx_tokens_clear(&tokens);
  status = lx_tokenizer_encode(tokenizer, (const char *)data, (ptrdiff_t)size, 20, &tokens, &error);
  fuzz_check(status, &error);
  if (!status && (tokens.count < 2 || tokens.count > 20))
    abort();
  lx_tokens_clear(&tokens);
  return 0;
}
