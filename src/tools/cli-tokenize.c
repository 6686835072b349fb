/* tokenize: JSON strings in, arrays of ids out, a line each. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "lx-tokenizer.h"

static int tokenize_line(const LxTokenizer *tokenizer, const char *line, size_t length, int64_t n)
{
  json_error_t bad;
  json_t *text = json_loadb(line, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, &bad);
  LxTokens tokens = {0};
  LxError error = {0};
  int code = CLI_OK;

  if (!json_is_string(text)) {
    json_decref(text);
    return cli_fail("standard input, line %lld is not a JSON string", (long long)n);
  }
  if (lx_tokenizer_split(tokenizer, json_string_value(text), (ptrdiff_t)json_string_length(text),
                         &tokens, &error) != LX_OK) {
    code = cli_fail_error(&error);
  } else {
    putchar('[');
    for (int64_t i = 0; i < tokens.count; i++)
      printf(i ? ", %lld" : "%lld", (long long)tokens.ids[i]);
    puts("]");
  }
  lx_tokens_clear(&tokens);
  json_decref(text);
  return code;
}

int cli_tokenize(int argc, char **argv)
{
  const char *vocab = NULL;
  const CliOption options[] = {
      {"vocab", CLI_STRING, &vocab, "FILE", "vocabulary: one piece a line"},
  };
  const CliSpec spec = {
      "--vocab FILE <TEXTS",
      "Reads one text per line, as a JSON string, from standard input and prints\n"
      "one JSON array of WordPiece ids per line, without [CLS] and [SEP].",
      options,
      1,
      0,
      0};
  LxTokenizer *tokenizer = NULL;
  LxError error = {0};
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  int64_t n = 0;
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!vocab)
    return cli_usage(argv[0], "--vocab is needed");
  if (lx_tokenizer_open(vocab, &tokenizer, &error) != LX_OK)
    return cli_fail_error(&error);
  code = CLI_OK;
  setvbuf(stdout, NULL, _IOLBF, 0); /* a script may wait for each answer */
  while (code == CLI_OK && (length = getline(&line, &room, stdin)) >= 0)
    code = tokenize_line(tokenizer, line, (size_t)length, ++n);
  free(line);
  lx_tokenizer_free(tokenizer);
  return code;
}
