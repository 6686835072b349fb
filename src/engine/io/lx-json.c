#include "lx-json.h"

#include <stdlib.h>
#include <string.h>

#include "lx-file.h"

LxStatus lx_json_parse(const char *text, size_t size, const char *source, json_t **out,
                       LxError *error)
{
  json_error_t e;
  *out = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
  if (*out)
    return LX_OK;
  if (json_error_code(&e) == json_error_out_of_memory)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to read “%s”.", source);
  return lx_fail(error, LX_ERR_FORMAT, "“%s” is not valid JSON: line %d, column %d: %s.", source,
                 e.line, e.column, e.text);
}

LxStatus lx_json_read(const char *path, size_t limit, json_t **out, LxError *error)
{
  char *text;
  size_t size;
  LxStatus status = lx_file_read(path, limit, &text, &size, error);
  if (status)
    return status;
  status = lx_json_parse(text, size, path, out, error);
  free(text);
  return status;
}

LxStatus lx_json_text(const json_t *json, char **out, LxError *error)
{
  for (int digits = 15; digits <= 17; digits++) {
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
    if (!text)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write JSON.");
    json_t *back = json_loads(text, JSON_DECODE_ANY, NULL);
    int same = digits == 17 || (back && json_equal(back, json));
    json_decref(back);
    if (same) {
      *out = text;
      return LX_OK;
    }
    free(text);
  }
  return lx_fail(error, LX_ERR_ARGUMENT, "This is no value that JSON can hold.");
}

LxStatus lx_json_write(const json_t *json, const char *path, LxError *error)
{
  char *text;
  LxStatus status = lx_json_text(json, &text, error);
  if (status)
    return status;
  size_t n = strlen(text);
  text[n] = '\n'; /* the NUL's place: files end with a newline */
  status = lx_file_write(path, text, n + 1, error);
  free(text);
  return status;
}
