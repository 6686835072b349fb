#include "lx-base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a character + 1; 0 is no value. */
static const uint8_t *values(void)
{
  static const uint8_t table[256] = {
      ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,
      ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
      ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
      ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
      ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
      ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
      ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
      ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
      ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
      ['/'] = 64,
  };
  return table;
}

size_t lx_base64_size(const char *text, size_t n)
{
  if (n % 4)
    return (size_t)-1;
  size_t padding = n == 0 ? 0 : (size_t)(text[n - 1] == '=') + (text[n - 2] == '=');
  return n / 4 * 3 - padding;
}

bool lx_base64_decode(const char *text, size_t n, void *out)
{
  const uint8_t *in = (const uint8_t *)text, *value = values();
  uint8_t *to = out;
  size_t size = lx_base64_size(text, n), at = 0, whole = n ? n - 4 : 0;
  bool good = size != (size_t)-1;
  for (size_t i = 0; good && i < whole; i += 4, at += 3) {
    uint32_t a = value[in[i]], b = value[in[i + 1]], c = value[in[i + 2]], d = value[in[i + 3]];
    good = a && b && c && d;
    uint32_t bits = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
    to[at] = (uint8_t)(bits >> 16);
    to[at + 1] = (uint8_t)(bits >> 8);
    to[at + 2] = (uint8_t)bits;
  }
  if (!good || n == 0)
    return good;
  uint32_t bits = 0;
  for (size_t i = 0; i < 4; i++) { /* the last four, perhaps with padding */
    uint8_t c = in[whole + i];
    bool padding = c == '=' && at + i > size;
    good &= padding || value[c];
    bits = bits << 6 | (padding ? 0 : (uint32_t)(value[c] - 1) & 63);
  }
  for (int shift = 16; at < size; shift -= 8)
    to[at++] = (uint8_t)(bits >> shift);
  return good;
}

void lx_base64_encode(const void *data, size_t n, char *out)
{
  const uint8_t *in = data;
  size_t i = 0;
  for (; i + 3 <= n; i += 3, out += 4) {
    uint32_t bits = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
    out[0] = alphabet[bits >> 18];
    out[1] = alphabet[bits >> 12 & 63];
    out[2] = alphabet[bits >> 6 & 63];
    out[3] = alphabet[bits & 63];
  }
  if (i == n)
    return;
  uint32_t bits = (uint32_t)in[i] << 16 | (i + 1 < n ? (uint32_t)in[i + 1] << 8 : 0);
  out[0] = alphabet[bits >> 18];
  out[1] = alphabet[bits >> 12 & 63];
  out[2] = i + 1 < n ? alphabet[bits >> 6 & 63] : '=';
  out[3] = '=';
}
