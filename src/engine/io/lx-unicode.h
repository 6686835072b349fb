/* What BERT's basic tokenizer needs to know of Unicode, over utf8proc. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

/* One character of normalised text and the bytes of the source that it came from. */
typedef struct {
  int32_t code;
  size_t begin, end;
} LxChar;

typedef struct {
  LxChar *item;
  size_t count, capacity;
} LxChars;

LxStatus lx_chars_push(LxChars *self, LxChar c, LxError *error);
void lx_chars_clear(LxChars *self);

/* Decodes; drops category C, U+0000, U+FFFD and invalid bytes; every separator becomes a space and
 * CJK ideographs get spaces around them. Appends to *out. */
LxStatus lx_chars_clean(const char *text, size_t size, LxChars *out, LxError *error);
/* One word: lower case (with the final sigma), canonical decomposition, non-spacing marks dropped.
 * Replaces *out. */
LxStatus lx_chars_fold(const LxChar *word, size_t n, LxChars *out, LxError *error);

/* ASCII symbols and category P */
bool lx_is_punctuation(int32_t code);
bool lx_is_space(int32_t code); /* category Z, tab, newline, carriage return */
/* In Unicode 14.0, whatever the installed utf8proc knows. */
bool lx_is_unassigned(int32_t code);
