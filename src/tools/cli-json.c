#include "cli-json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "cli.h"

json_t *cli_json_text(const char *text)
{
  static const char unknown[] = "\xef\xbf\xbd"; /* U+FFFD */
  const size_t size = strlen(text);
  char *out = malloc(size * strlen(unknown) + 1);
  size_t n = 0;
  if (!out)
    return NULL;
  for (size_t i = 0; i < size;) {
    utf8proc_int32_t c;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(size - i), &c);
    const char *from = used > 0 ? text + i : unknown;
    size_t length = used > 0 ? (size_t)used : strlen(unknown);
    memcpy(out + n, from, length);
    n += length;
    i += used > 0 ? (size_t)used : 1;
  }
  json_t *json = json_stringn(out, n);
  free(out);
  return json;
}

int cli_print_json(json_t *json, size_t flags)
{
  if (!json)
    return cli_fail("The result is no JSON: a text in it is not UTF-8, or a number is not finite.");
  json_dumpf(json, stdout, flags);
  putchar('\n');
  json_decref(json);
  return CLI_OK;
}
