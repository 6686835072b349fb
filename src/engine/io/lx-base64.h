/* Base64 (RFC 4648) for the arrays of a TSV line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Bytes that `n` bytes take as text, without a NUL. */
static inline size_t lx_base64_text_size(size_t n)
{
  return (n + 2) / 3 * 4;
}

/* Bytes that `n` characters hold, or (size_t)-1 when that is no length of base64 text. */
size_t lx_base64_size(const char *text, size_t n);
/* Writes lx_base64_size bytes; false at a character outside the alphabet. */
bool lx_base64_decode(const char *text, size_t n, void *out);
/* Writes lx_base64_text_size(n) characters, no NUL. */
void lx_base64_encode(const void *data, size_t n, char *out);
