#include "lx-tokenizer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "lx-file.h"
#include "lx-unicode.h"

#define VOCAB_LIMIT ((size_t)256 << 20)
#define WORD_LIMIT 100                  /* characters; a longer word is [UNK] */
#define WORD_BYTES (4 * WORD_LIMIT + 2) /* with ## */

struct LxTokenizer {
  char *text;          /* the file, lines ended by NUL */
  const char **pieces; /* [count] into text */
  int64_t count;
  int64_t *slots; /* open addressing; 0 = free, else id + 1 */
  size_t n_slots;
  int64_t unk, cls, sep, pad, mask;
};

static size_t hash_bytes(const char *s, size_t n)
{
  size_t h = 1469598103934665603u;
  for (size_t i = 0; i < n; i++)
    h = (h ^ (unsigned char)s[i]) * 1099511628211u;
  return h ^ h >> 29;
}

static size_t find_slot(const LxTokenizer *self, const char *s, size_t n)
{
  size_t i = hash_bytes(s, n) & (self->n_slots - 1);
  for (; self->slots[i]; i = (i + 1) & (self->n_slots - 1)) {
    const char *piece = self->pieces[self->slots[i] - 1];
    if (strncmp(piece, s, n) == 0 && piece[n] == '\0')
      break;
  }
  return i;
}

static int64_t find_id(const LxTokenizer *self, const char *s, size_t n)
{
  return self->slots[find_slot(self, s, n)] - 1;
}

int64_t lx_tokenizer_id(const LxTokenizer *self, const char *piece)
{
  return find_id(self, piece, strlen(piece));
}

static bool is_blank(char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Cuts the text into stripped lines. */
static void split_lines(LxTokenizer *self, size_t size)
{
  char *at = self->text, *stop = self->text + size;
  while (at < stop) {
    char *end = memchr(at, '\n', (size_t)(stop - at));
    char *next = end ? end + 1 : stop;
    if (!end)
      end = stop;
    while (end > at && is_blank(end[-1]))
      end--;
    while (at < end && is_blank(*at))
      at++;
    *end = '\0';
    self->pieces[self->count++] = at;
    at = next;
  }
}

static LxStatus index_lines(LxTokenizer *self, size_t size, LxError *error)
{
  size_t lines = 1;
  for (size_t i = 0; i < size; i++)
    lines += self->text[i] == '\n';
  for (self->n_slots = 64; self->n_slots < 2 * lines;)
    self->n_slots *= 2;
  self->pieces = calloc(lines, sizeof *self->pieces);
  self->slots = calloc(self->n_slots, sizeof *self->slots);
  if (!self->pieces || !self->slots)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the vocabulary.");
  split_lines(self, size);
  for (int64_t i = 0; i < self->count; i++) /* the last of equal lines counts */
    self->slots[find_slot(self, self->pieces[i], strlen(self->pieces[i]))] = i + 1;
  return LX_OK;
}

LxStatus lx_tokenizer_open(const char *vocab_path, LxTokenizer **out, LxError *error)
{
  size_t size;
  LxTokenizer *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the vocabulary.");
  LxStatus status = lx_file_read(vocab_path, VOCAB_LIMIT, &self->text, &size, error);
  if (!status)
    status = index_lines(self, size, error);
  if (status)
    goto out;
  self->unk = lx_tokenizer_id(self, "[UNK]");
  self->cls = lx_tokenizer_id(self, "[CLS]");
  self->sep = lx_tokenizer_id(self, "[SEP]");
  self->pad = lx_tokenizer_id(self, "[PAD]");
  self->mask = lx_tokenizer_id(self, "[MASK]");
  if (self->unk < 0 || self->cls < 0 || self->sep < 0)
    status = lx_fail(error, LX_ERR_FORMAT,
                     "“%s” is no BERT vocabulary: it needs the lines [UNK], [CLS] and [SEP].",
                     vocab_path);
out:
  if (status)
    lx_tokenizer_free(self);
  else
    *out = self;
  return status;
}

void lx_tokenizer_free(LxTokenizer *self)
{
  if (!self)
    return;
  free(self->text);
  free(self->pieces);
  free(self->slots);
  free(self);
}

/* LxTokens that grows; the first `room` pieces are kept, the rest counted. */
typedef struct {
  const LxTokenizer *tokenizer;
  LxTokens *out;
  int64_t capacity, room;
} Sink;

static LxStatus push(Sink *sink, int64_t id, size_t begin, size_t end, LxError *error)
{
  LxTokens *out = sink->out;
  if (out->count == sink->room) {
    out->dropped++;
    return LX_OK;
  }
  if (out->count == sink->capacity) {
    size_t n = sink->capacity ? (size_t)sink->capacity * 2 : 32;
    int64_t *ids = realloc(out->ids, n * sizeof *ids);
    out->ids = ids ? ids : out->ids;
    size_t *b = realloc(out->begin, n * sizeof *b);
    out->begin = b ? b : out->begin;
    size_t *e = realloc(out->end, n * sizeof *e);
    out->end = e ? e : out->end;
    if (!ids || !b || !e)
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a text of this length.");
    sink->capacity = (int64_t)n;
  }
  out->ids[out->count] = id;
  out->begin[out->count] = begin;
  out->end[out->count++] = end;
  return LX_OK;
}

/* Greedy longest match first over at most WORD_LIMIT characters; false when it gets stuck. Writes
 * the pieces' ids and how many characters each takes. */
static bool match_pieces(const LxTokenizer *self, const LxChar *word, size_t n, int64_t *ids,
                         size_t *lengths, size_t *count)
{
  char bytes[WORD_BYTES];
  size_t offset[WORD_LIMIT + 1];
  bytes[0] = bytes[1] = '#';
  offset[0] = 2;
  for (size_t i = 0; i < n; i++)
    offset[i + 1] = offset[i] + (size_t)utf8proc_encode_char(word[i].code,
                                                             (utf8proc_uint8_t *)bytes + offset[i]);
  *count = 0;
  for (size_t from = 0; from < n;) {
    size_t start = from ? offset[from] - 2 : 2, to = n;
    int64_t id = -1;
    if (from)
      bytes[start] = bytes[start + 1] = '#'; /* over characters that are matched already */
    while (to > from && (id = find_id(self, bytes + start, offset[to] - start)) < 0)
      to--;
    if (id < 0)
      return false;
    ids[*count] = id;
    lengths[(*count)++] = to - from;
    from = to;
  }
  return true;
}

static LxStatus push_word(Sink *sink, const LxChar *word, size_t n, LxError *error)
{
  int64_t ids[WORD_LIMIT];
  size_t lengths[WORD_LIMIT], count = 0, at = 0;
  if (n == 0)
    return LX_OK;
  if (n > WORD_LIMIT || !match_pieces(sink->tokenizer, word, n, ids, lengths, &count))
    return push(sink, sink->tokenizer->unk, word[0].begin, word[n - 1].end, error);
  LxStatus status = LX_OK;
  for (size_t i = 0; i < count && !status; i++) {
    status = push(sink, ids[i], word[at].begin, word[at + lengths[i] - 1].end, error);
    at += lengths[i];
  }
  return status;
}

static bool is_special(const LxChar *word, size_t n)
{
  static const char *const specials[] = {"[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"};
  for (size_t s = 0; s < sizeof specials / sizeof *specials; s++) {
    size_t i = 0;
    while (i < n && specials[s][i] && word[i].code == specials[s][i])
      i++;
    if (i == n && !specials[s][i])
      return true;
  }
  return false;
}

/* A word between spaces: folded, then cut at punctuation, each mark a word of its own. */
static LxStatus push_text(Sink *sink, const LxChar *word, size_t n, LxChars *folded, LxError *error)
{
  if (is_special(word, n))
    return push_word(sink, word, n, error);
  LxStatus status = lx_chars_fold(word, n, folded, error);
  size_t from = 0;
  for (size_t i = 0; i <= folded->count && !status; i++) {
    bool end = i == folded->count;
    bool space = !end && lx_is_space(folded->item[i].code);
    bool mark = !end && !space && lx_is_punctuation(folded->item[i].code);
    if (!end && !space && !mark)
      continue;
    if (i > from)
      status = push_word(sink, folded->item + from, i - from, error);
    if (mark && !status)
      status = push_word(sink, folded->item + i, 1, error);
    from = i + 1;
  }
  return status;
}

static LxStatus split_into(Sink *sink, const char *text, ptrdiff_t length, LxError *error)
{
  LxChars clean = {0}, folded = {0};
  size_t size = length < 0 ? strlen(text) : (size_t)length, from = 0;
  LxStatus status = lx_chars_clean(text, size, &clean, error);
  for (size_t i = 0; i <= clean.count && !status; i++) {
    if (i < clean.count && clean.item[i].code != ' ')
      continue;
    if (i > from)
      status = push_text(sink, clean.item + from, i - from, &folded, error);
    from = i + 1;
  }
  lx_chars_clear(&clean);
  lx_chars_clear(&folded);
  return status;
}

LxStatus lx_tokenizer_split(const LxTokenizer *self, const char *text, ptrdiff_t length,
                            LxTokens *out, LxError *error)
{
  *out = (LxTokens){0};
  Sink sink = {self, out, 0, INT64_MAX};
  LxStatus status = split_into(&sink, text, length, error);
  if (status)
    lx_tokens_clear(out);
  return status;
}

LxStatus lx_tokenizer_encode(const LxTokenizer *self, const char *text, ptrdiff_t length,
                             int64_t max_len, LxTokens *out, LxError *error)
{
  *out = (LxTokens){0};
  if (max_len < 2)
    return lx_fail(error, LX_ERR_ARGUMENT, "A question needs room for at least two tokens.");
  Sink sink = {self, out, 0, max_len - 1};
  LxStatus status = push(&sink, self->cls, 0, 0, error);
  if (!status)
    status = split_into(&sink, text, length, error);
  size_t end = out->count > 1 ? out->end[out->count - 1] : 0;
  sink.room = max_len;
  if (!status)
    status = push(&sink, self->sep, end, end, error);
  if (status)
    lx_tokens_clear(out);
  return status;
}

void lx_tokens_clear(LxTokens *self)
{
  free(self->ids);
  free(self->begin);
  free(self->end);
  *self = (LxTokens){0};
}

int64_t lx_tokenizer_count(const LxTokenizer *self)
{
  return self->count;
}

const char *lx_tokenizer_piece(const LxTokenizer *self, int64_t id)
{
  return self->pieces[id >= 0 && id < self->count ? id : self->unk];
}

int64_t lx_tokenizer_unk(const LxTokenizer *self)
{
  return self->unk;
}

int64_t lx_tokenizer_sep(const LxTokenizer *self)
{
  return self->sep;
}

int64_t lx_tokenizer_pad(const LxTokenizer *self)
{
  return self->pad;
}

int64_t lx_tokenizer_mask(const LxTokenizer *self)
{
  return self->mask;
}
