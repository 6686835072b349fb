/* Errors: codes, prefixes, and another language. */
#include "lx-error.h"
#include "lx-test.h"

static const char *to_german(const char *format)
{
  return strcmp(format, "“%s” has %d words.") == 0 ? "%2$d Wörter sind in „%1$s“." : format;
}

static void test_translated(void)
{
  LxError error = {0};
  CHECK(lx_fail(&error, LX_ERR_FORMAT, "“%s” has %d words.", "a.txt", 3) == LX_ERR_FORMAT);
  CHECK(strcmp(error.message, "“a.txt” has 3 words.") == 0, "%s", error.message);
  lx_error_set_translate(to_german);
  CHECK(lx_fail(&error, LX_ERR_FORMAT, "“%s” has %d words.", "a.txt", 3) == LX_ERR_FORMAT);
  CHECK(strcmp(error.message, "3 Wörter sind in „a.txt“.") == 0, "%s", error.message);
  CHECK(lx_fail_in(&error, "b") == LX_ERR_FORMAT);
  CHECK(strcmp(error.message, "b: 3 Wörter sind in „a.txt“.") == 0, "%s", error.message);
  CHECK(lx_fail(&error, LX_ERR_IO, "%s is unknown here.", "That") == LX_ERR_IO);
  CHECK(strcmp(error.message, "That is unknown here.") == 0, "%s", error.message);
  lx_error_set_translate(NULL);
  lx_fail(&error, LX_ERR_FORMAT, "“%s” has %d words.", "a.txt", 3);
  CHECK(strcmp(error.message, "“a.txt” has 3 words.") == 0, "%s", error.message);
}

int main(void)
{
  test_translated();
  return lx_test_end();
}
