#include "lx-unicode.h"

#include <stdlib.h>
#include <utf8proc.h>

LxStatus lx_chars_push(LxChars *self, LxChar c, LxError *error)
{
  if (self->count == self->capacity) {
    size_t capacity = self->capacity ? self->capacity * 2 : 64;
    LxChar *item = realloc(self->item, capacity * sizeof *item);
    if (!item)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a text of this length.");
    self->item = item;
    self->capacity = capacity;
  }
  self->item[self->count++] = c;
  return LX_OK;
}

void lx_chars_clear(LxChars *self)
{
  free(self->item);
  *self = (LxChars){0};
}

static bool in(const int32_t (*range)[2], size_t n, int32_t code)
{
  for (size_t i = 0; i < n; i++)
    if (code >= range[i][0] && code <= range[i][1])
      return true;
  return false;
}

#define IN(ranges, code) in(ranges, sizeof(ranges) / sizeof(ranges)[0], code)

static bool is_ideograph(int32_t code)
{
  static const int32_t ranges[][2] = {
      {0x4e00, 0x9fff},   {0x3400, 0x4dbf},   {0x20000, 0x2a6df}, {0x2a700, 0x2b73f},
      {0x2b740, 0x2b81f}, {0x2b820, 0x2ceaf}, {0xf900, 0xfaff},   {0x2f800, 0x2fa1f},
  };
  return code >= 0x3400 && IN(ranges, code);
}

bool lx_is_space(int32_t code)
{
  if (code < 128)
    return code == ' ' || code == '\t' || code == '\n' || code == '\r';
  utf8proc_category_t c = utf8proc_category(code);
  return c == UTF8PROC_CATEGORY_ZS || c == UTF8PROC_CATEGORY_ZL || c == UTF8PROC_CATEGORY_ZP;
}

static bool is_dropped(int32_t code)
{
  if (code < 128)
    return code < ' ' || code == 127;
  if (lx_is_unassigned(code))
    return true;
  switch (utf8proc_category(code)) {
  case UTF8PROC_CATEGORY_CN:
  case UTF8PROC_CATEGORY_CC:
  case UTF8PROC_CATEGORY_CF:
  case UTF8PROC_CATEGORY_CS:
  case UTF8PROC_CATEGORY_CO:
    return true;
  default:
    return code == 0xfffd;
  }
}

bool lx_is_punctuation(int32_t code)
{
  if (code < 128)
    return (code >= 33 && code <= 47) || (code >= 58 && code <= 64) || (code >= 91 && code <= 96) ||
           (code >= 123 && code <= 126);
  utf8proc_category_t c = utf8proc_category(code);
  return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO;
}

LxStatus lx_chars_clean(const char *text, size_t size, LxChars *out, LxError *error)
{
  const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
  LxStatus status = LX_OK;
  for (size_t at = 0; at < size && !status;) {
    utf8proc_int32_t code;
    utf8proc_ssize_t n = utf8proc_iterate(bytes + at, (utf8proc_ssize_t)(size - at), &code);
    size_t begin = at;
    at += n > 0 ? (size_t)n : 1;
    if (n <= 0)
      continue;
    LxChar c = {code, begin, at}, space = {' ', begin, begin};
    if (is_dropped(code) && !lx_is_space(code))
      continue;
    bool apart = is_ideograph(code);
    if (apart || lx_is_space(code))
      status = lx_chars_push(out, space, error);
    if (!status && !lx_is_space(code))
      status = lx_chars_push(out, c, error);
    if (!status && apart)
      status = lx_chars_push(out, space, error);
  }
  return status;
}

/* Unicode's Case_Ignorable (14.0): a few categories and these. */
static bool is_case_ignorable(int32_t code)
{
  static const int32_t extra[][2] = {
      {0x27, 0x27},     {0x2e, 0x2e},     {0x3a, 0x3a},     {0xb7, 0xb7},
      {0x387, 0x387},   {0x55f, 0x55f},   {0x5f4, 0x5f4},   {0x2018, 0x2019},
      {0x2024, 0x2024}, {0x2027, 0x2027}, {0xfe13, 0xfe13}, {0xfe52, 0xfe52},
      {0xfe55, 0xfe55}, {0xff07, 0xff07}, {0xff0e, 0xff0e}, {0xff1a, 0xff1a},
  };
  switch (utf8proc_category(code)) {
  case UTF8PROC_CATEGORY_MN:
  case UTF8PROC_CATEGORY_ME:
  case UTF8PROC_CATEGORY_CF:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_SK:
    return true;
  default:
    return IN(extra, code);
  }
}

static bool is_cased(int32_t code)
{
  static const int32_t extra[][2] = {
      {0xaa, 0xaa},       {0xba, 0xba},       {0x2160, 0x217f},   {0x24b6, 0x24e9},
      {0x1f130, 0x1f149}, {0x1f150, 0x1f169}, {0x1f170, 0x1f189},
  };
  switch (utf8proc_category(code)) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
    return true;
  default:
    return IN(extra, code);
  }
}

/* A capital sigma at `i` ends its word: a letter before it, none after (Unicode 3.13). `before` is
 * whether the nearest character before it that counts is cased. */
static bool is_final_sigma(const LxChar *word, size_t n, size_t i, bool before)
{
  size_t j = i + 1;
  while (before && j < n && is_case_ignorable(word[j].code))
    j++;
  return before && (j == n || !is_cased(word[j].code));
}

/* Lower-cases, decomposes and appends one character; a dropped mark widens the one before it. */
static LxStatus push_folded(LxChars *out, LxChar c, int32_t code, LxError *error)
{
  utf8proc_int32_t parts[32];
  int bound = 0;
  utf8proc_ssize_t n = utf8proc_decompose_char(code, parts, 32, UTF8PROC_DECOMPOSE, &bound);
  if (n < 0 || n > 32) {
    parts[0] = code;
    n = 1;
  }
  LxStatus status = LX_OK;
  for (utf8proc_ssize_t i = 0; i < n && !status; i++) {
    if (utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN)
      status = lx_chars_push(out, (LxChar){parts[i], c.begin, c.end}, error);
    else if (out->count)
      out->item[out->count - 1].end = c.end;
  }
  return status;
}

static int combining(const LxChar *c)
{
  return utf8proc_get_property(c->code)->combining_class;
}

/* By combining class, then by place: stable. */
static int by_class(const void *a, const void *b)
{
  const LxChar *x = a, *y = b;
  int d = combining(x) - combining(y);
  return d ? d : x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* Canonical order of the marks that are left (spacing ones). */
static void reorder(LxChars *chars)
{
  for (size_t i = 0; i < chars->count;) {
    size_t from = i;
    while (i < chars->count && combining(&chars->item[i]))
      i++;
    if (i - from > 1)
      qsort(chars->item + from, i - from, sizeof *chars->item, by_class);
    i += i == from;
  }
}

LxStatus lx_chars_fold(const LxChar *word, size_t n, LxChars *out, LxError *error)
{
  LxStatus status = LX_OK;
  bool before = false;
  out->count = 0;
  for (size_t i = 0; i < n && !status; i++) {
    int32_t code = word[i].code;
    if (code == 0x3a3) {
      status = push_folded(out, word[i], is_final_sigma(word, n, i, before) ? 0x3c2 : 0x3c3, error);
    } else if (code == 0x130) { /* i and a dot above, which is dropped */
      status = push_folded(out, word[i], 'i', error);
    } else {
      status = push_folded(out, word[i], utf8proc_tolower(code), error);
    }
    if (!is_case_ignorable(code))
      before = is_cased(code);
  }
  reorder(out);
  return status;
}
