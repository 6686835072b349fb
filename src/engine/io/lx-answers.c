#include "lx-answers.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "lx-json.h"

#define ANSWERS_LIMIT ((size_t)64 << 20)
#define MAX_ANSWERS 10000000

struct LxAnswers {
  char **texts;
  int64_t count;
  int64_t *slots; /* open addressing; 0 = free, else label + 1 */
  size_t n_slots;
};

static size_t find_slot(const LxAnswers *self, const char *text)
{
  size_t h = 1469598103934665603u;
  for (const char *s = text; *s; s++)
    h = (h ^ (unsigned char)*s) * 1099511628211u;
  size_t i = (h ^ h >> 29) & (self->n_slots - 1);
  while (self->slots[i] && strcmp(self->texts[self->slots[i] - 1], text) != 0)
    i = (i + 1) & (self->n_slots - 1);
  return i;
}

static LxStatus alloc(int64_t count, const char *source, LxAnswers **out, LxError *error)
{
  if (count <= 0 || count > MAX_ANSWERS)
    return lx_fail(error, LX_ERR_FORMAT, "“%s” holds no table of answers.", source);
  LxAnswers *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the answers.");
  for (self->n_slots = 16; self->n_slots < 2 * (size_t)count;)
    self->n_slots *= 2;
  self->count = count;
  self->texts = calloc((size_t)count, sizeof *self->texts);
  self->slots = calloc(self->n_slots, sizeof *self->slots);
  if (!self->texts || !self->slots) {
    lx_answers_free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the answers.");
  }
  *out = self;
  return LX_OK;
}

static LxStatus set(LxAnswers *self, int64_t label, const char *text, const char *source,
                    LxError *error)
{
  if (!text || label < 0 || label >= self->count)
    return lx_fail(error, LX_ERR_FORMAT,
                   "“%s”: the answers are not texts numbered from 0 to %lld (see number %lld).",
                   source, (long long)self->count - 1, (long long)label);
  if (self->texts[label])
    return lx_fail(error, LX_ERR_FORMAT, "“%s”: two answers have the number %lld.", source,
                   (long long)label);
  self->texts[label] = strdup(text);
  return self->texts[label] ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
}

static void build_index(LxAnswers *self)
{
  for (int64_t i = 0; i < self->count; i++) {
    size_t slot = find_slot(self, self->texts[i]);
    if (!self->slots[slot])
      self->slots[slot] = i + 1;
  }
}

static LxStatus from_list(const json_t *list, const char *source, LxAnswers *self, LxError *error)
{
  size_t i;
  json_t *value;
  LxStatus status = LX_OK;
  json_array_foreach (list, i, value) {
    const json_t *text = json_is_object(value) ? json_object_get(value, "ans") : value;
    status = set(self, (int64_t)i, json_string_value(text), source, error);
    if (status)
      break;
  }
  return status;
}

static LxStatus from_object(const json_t *object, const char *source, LxAnswers *self,
                            LxError *error)
{
  const char *key;
  json_t *value;
  LxStatus status = LX_OK;
  json_object_foreach ((json_t *)object, key, value) {
    char *end;
    if (json_is_integer(value)) {
      status = set(self, json_integer_value(value), key, source, error);
    } else {
      long long label = strtoll(key, &end, 10);
      status = set(self, *end || end == key ? -1 : label, json_string_value(value), source, error);
    }
    if (status)
      break;
  }
  return status;
}

LxStatus lx_answers_from_json(const struct json_t *json, const char *source, LxAnswers **out,
                              LxError *error)
{
  LxAnswers *self = NULL;
  const json_t *labels = json_object_get(json, "id2label");
  if (json_is_object(labels))
    json = labels;
  bool list = json_is_array(json);
  size_t n = list ? json_array_size(json) : json_object_size(json);
  LxStatus status = alloc((int64_t)n, source, &self, error);
  if (status)
    return status;
  status = list ? from_list(json, source, self, error) : from_object(json, source, self, error);
  if (status) {
    lx_answers_free(self);
    return status;
  }
  build_index(self);
  *out = self;
  return LX_OK;
}

LxStatus lx_answers_read(const char *path, LxAnswers **out, LxError *error)
{
  json_t *json;
  LxStatus status = lx_json_read(path, ANSWERS_LIMIT, &json, error);
  if (status)
    return status;
  status = lx_answers_from_json(json, path, out, error);
  json_decref(json);
  return status;
}

LxStatus lx_answers_new(const char *const *texts, int64_t count, LxAnswers **out, LxError *error)
{
  LxAnswers *self;
  LxStatus status = alloc(count, "the list", &self, error);
  if (status)
    return status;
  for (int64_t i = 0; i < count && !status; i++)
    status = set(self, i, texts[i], "the list", error);
  if (status) {
    lx_answers_free(self);
    return status;
  }
  build_index(self);
  *out = self;
  return LX_OK;
}

LxStatus lx_answers_write(const LxAnswers *self, const char *path, LxError *error)
{
  json_t *list = json_array();
  int bad = !list;
  for (int64_t i = 0; i < self->count && !bad; i++)
    bad = json_array_append_new(list, json_string(self->texts[i]));
  LxStatus status = bad ? lx_fail(error, LX_ERR_ARGUMENT,
                                  "“%s” cannot be written: an answer is not valid UTF-8.", path)
                        : lx_json_write(list, path, error);
  json_decref(list);
  return status;
}

void lx_answers_free(LxAnswers *self)
{
  if (!self)
    return;
  for (int64_t i = 0; self->texts && i < self->count; i++)
    free(self->texts[i]);
  free(self->texts);
  free(self->slots);
  free(self);
}

int64_t lx_answers_count(const LxAnswers *self)
{
  return self->count;
}

const char *lx_answers_text(const LxAnswers *self, int64_t label)
{
  return label >= 0 && label < self->count ? self->texts[label] : NULL;
}

int64_t lx_answers_label(const LxAnswers *self, const char *text)
{
  return self->slots[find_slot(self, text)] - 1;
}

int64_t lx_answers_label_normalized(const LxAnswers *self, const char *text)
{
  char normal[512];
  return lx_answer_normalize(text, normal, sizeof normal) ? lx_answers_label(self, normal) : -1;
}

static char *strip(char *s)
{
  while (*s == ' ' || (*s >= '\t' && *s <= '\r'))
    s++;
  size_t n = strlen(s);
  while (n && (s[n - 1] == ' ' || (s[n - 1] >= '\t' && s[n - 1] <= '\r')))
    s[--n] = '\0';
  return s;
}

static bool lower(const char *text, char *out, size_t size)
{
  size_t at = 0, n = strlen(text);
  for (size_t i = 0; i < n;) {
    utf8proc_int32_t code;
    utf8proc_uint8_t bytes[8];
    utf8proc_ssize_t k =
        utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(n - i), &code);
    if (k <= 0)
      return false;
    i += (size_t)k;
    k = utf8proc_encode_char(utf8proc_tolower(code), bytes);
    if (at + (size_t)k >= size)
      return false;
    memcpy(out + at, bytes, (size_t)k);
    at += (size_t)k;
  }
  out[at] = '\0';
  return true;
}

bool lx_answer_normalize(const char *text, char *out, size_t size)
{
  static const char *const articles[] = {"a ", "an ", "the "};
  static const char *const words[][2] = {
      {"one", "1"},   {"two", "2"},   {"three", "3"}, {"four", "4"}, {"five", "5"},    {"six", "6"},
      {"seven", "7"}, {"eight", "8"}, {"nine", "9"},  {"ten", "10"}, {"grey", "gray"},
  };
  if (size == 0 || !lower(text, out, size))
    return false;
  char *s = out;
  size_t n = strlen(s);
  if (n && s[n - 1] == '.') {
    s[n - 1] = '\0';
    s = strip(s);
  }
  for (size_t i = 0; i < 3; i++)
    if (strncmp(s, articles[i], strlen(articles[i])) == 0)
      s = strip(s + strlen(articles[i]));
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(s, words[i][0]) == 0) {
      strcpy(s, words[i][1]); /* never longer than the word */
      break;
    }
  memmove(out, s, strlen(s) + 1);
  return true;
}
