/* BERT's uncased WordPiece, equal to the authors' tokenizer (pytorch-pretrained-bert) token by
 * token: Unicode 14, characters of category C dropped, CJK spaced, lower-cased before accents are
 * stripped, at most 100 characters a word. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

typedef struct LxTokenizer LxTokenizer;

/* Pieces of one text. Owned as a value: lx_tokens_clear. */
typedef struct {
  int64_t *ids;  /* [count] */
  size_t *begin; /* [count] first byte of the piece in the text; [CLS] and [SEP] have none, */
  size_t *end;   /* [count] so begin = end there */
  int64_t count;
  int64_t dropped; /* pieces that did not fit */
} LxTokens;

/* `vocab_path`: one piece a line, the id is the line's number from 0. [UNK], [CLS] and [SEP] must
 * be there. *out is owned: lx_tokenizer_free. Usable from several threads at once. */
LxStatus lx_tokenizer_open(const char *vocab_path, LxTokenizer **out, LxError *error);
void lx_tokenizer_free(LxTokenizer *self); /* NULL is fine */

/* All pieces of `text`, no [CLS] or [SEP]. `length` in bytes, or -1 when NUL-terminated. Bytes
 * that are not valid UTF-8 are dropped, as control characters are. *out is owned. */
LxStatus lx_tokenizer_split(const LxTokenizer *self, const char *text, ptrdiff_t length,
                            LxTokens *out, LxError *error);
/* [CLS] pieces [SEP], the pieces cut to max_len - 2 as the authors do; not padded. max_len >= 2.
 * *out is owned. */
LxStatus lx_tokenizer_encode(const LxTokenizer *self, const char *text, ptrdiff_t length,
                             int64_t max_len, LxTokens *out, LxError *error);
void lx_tokens_clear(LxTokens *self);

int64_t lx_tokenizer_count(const LxTokenizer *self);
/* Borrowed; "[UNK]" for an id out of range. */
const char *lx_tokenizer_piece(const LxTokenizer *self, int64_t id);
/* -1 when there is none. */
int64_t lx_tokenizer_id(const LxTokenizer *self, const char *piece);
/* -1 when the vocabulary lacks it; [UNK], [CLS] and [SEP] are always there. */
int64_t lx_tokenizer_unk(const LxTokenizer *self);
int64_t lx_tokenizer_sep(const LxTokenizer *self);
int64_t lx_tokenizer_pad(const LxTokenizer *self);
int64_t lx_tokenizer_mask(const LxTokenizer *self);
