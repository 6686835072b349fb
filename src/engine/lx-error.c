#include "lx-error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *(*translate)(const char *format);

void lx_error_set_translate(const char *(*to)(const char *format))
{
  translate = to;
}

LxStatus lx_fail(LxError *error, LxStatus code, const char *format, ...)
{
  if (error) {
    va_list args;
    va_start(args, format);
    error->code = code;
    vsnprintf(error->message, sizeof error->message, translate ? translate(format) : format, args);
    va_end(args);
  }
  return code;
}

LxStatus lx_fail_in(LxError *error, const char *prefix)
{
  if (!error)
    return LX_ERR_ARGUMENT;
  char old[sizeof error->message];
  memcpy(old, error->message, sizeof old);
  snprintf(error->message, sizeof error->message, "%.200s: %.400s", prefix, old);
  return error->code;
}
