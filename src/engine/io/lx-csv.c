#include "lx-csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "lx-file.h"
#include "lx-grouping.h"

#define MOST_FIELDS 256
#define RECORD_LIMIT ((size_t)16 << 20)

enum { IMAGE, QUESTION, ANSWER, N_COLUMNS };

typedef struct {
  const char *path;
  const char *at, *end; /* what comes next */
  const char *gone;     /* what lies before is no longer in memory */
  char separator;
  long line;   /* of `at`, from 1 */
  long begin;  /* where the record began */
  char *texts; /* the record's fields, one after the other, each with its NUL */
  size_t used, room;
  size_t field[MOST_FIELDS]; /* where each begins in `texts` */
  int n;
  int column[N_COLUMNS]; /* -1: there is none */
  char *lower;           /* the last answer */
} Csv;

static LxStatus bad(const Csv *self, const char *what, LxError *error)
{
  return lx_fail(error, LX_ERR_FORMAT, "“%.300s”, line %ld: %s", self->path, self->begin, what);
}

/* What the first line has most of, outside of quotes. */
static char separator_of(const char *at, const char *end)
{
  static const char candidates[] = {',', ';', '\t'};
  long counts[3] = {0};
  int best = 0;
  for (bool quoted = false; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
    quoted ^= *at == '"';
    for (int i = 0; i < 3; i++)
      counts[i] += !quoted && *at == candidates[i];
  }
  for (int i = 1; i < 3; i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static LxStatus put(Csv *self, char c, LxError *error)
{
  if (self->used == self->room) {
    size_t room = self->room ? 2 * self->room : 4096;
    char *texts = room <= RECORD_LIMIT ? realloc(self->texts, room) : NULL;
    if (!texts)
      return room > RECORD_LIMIT ? bad(self, "it is too long.", error)
                                 : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
    self->texts = texts;
    self->room = room;
  }
  self->texts[self->used++] = c;
  return LX_OK;
}

static bool at_line_end(const Csv *self)
{
  return self->at == self->end || *self->at == '\n' || *self->at == '\r';
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Ends the field that began at `begin`: no blanks around it, text and nothing else in it. */
static LxStatus end_field(Csv *self, size_t begin, LxError *error)
{
  utf8proc_int32_t code;
  while (self->used > begin && is_blank(self->texts[self->used - 1]))
    self->used--;
  while (begin < self->used && is_blank(self->texts[begin]))
    begin++;
  for (size_t i = begin; i < self->used;) {
    const utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)self->texts + i,
                                                (utf8proc_ssize_t)(self->used - i), &code);
    if (n < 1 || code == 0)
      return bad(self, "this is not UTF-8 text. Save the file as CSV in UTF-8.", error);
    i += (size_t)n;
  }
  if (self->n < MOST_FIELDS)
    self->field[self->n++] = begin;
  return put(self, '\0', error);
}

/* Quotes begin a field only; later ones are letters. */
static LxStatus next_field(Csv *self, LxError *error)
{
  const size_t begin = self->used;
  bool quoted = self->at < self->end && *self->at == '"';
  LxStatus status = LX_OK;
  self->at += quoted;
  while (!status && self->at < self->end &&
         (quoted || (!at_line_end(self) && *self->at != self->separator))) {
    if (quoted && *self->at == '"') {
      self->at++;
      quoted = self->at < self->end && *self->at == '"'; /* the first of two */
      if (!quoted)
        continue;
    }
    self->line += *self->at == '\n';
    status = put(self, *self->at++, error);
  }
  if (!status && quoted)
    status = bad(self, "a quotation mark is opened and never closed.", error);
  return status ? status : end_field(self, begin, error);
}

static LxStatus next_record(Csv *self, LxError *error)
{
  LxStatus status = LX_OK;
  self->begin = self->line;
  self->used = 0;
  self->n = 0;
  for (bool more = true; more && !status;) {
    status = next_field(self, error);
    more = self->at < self->end && *self->at == self->separator;
    self->at += more;
  }
  if (!status && self->at < self->end) {
    self->line++;
    self->at += self->at + 1 < self->end && self->at[0] == '\r' && self->at[1] == '\n' ? 2 : 1;
  }
  return status;
}

static const char *field(const Csv *self, int column)
{
  const int i = self->column[column];
  return i >= 0 && i < self->n ? self->texts + self->field[i] : "";
}

static int find_column(const Csv *self, const char *a, const char *b)
{
  for (int i = 0; i < self->n; i++)
    if (strcasecmp(self->texts + self->field[i], a) == 0 ||
        strcasecmp(self->texts + self->field[i], b) == 0)
      return i;
  return -1;
}

static LxStatus read_header(Csv *self, LxError *error)
{
  LxStatus status = next_record(self, error);
  if (status)
    return status;
  self->column[IMAGE] = find_column(self, "image", "img_id");
  self->column[QUESTION] = find_column(self, "question", "sent");
  self->column[ANSWER] = find_column(self, "answer", "label");
  if (self->column[IMAGE] >= 0 && self->column[QUESTION] >= 0)
    return LX_OK;
  return lx_fail(
      error, LX_ERR_FORMAT,
      "“%.300s” has no column “%s”. Its first line must name the columns image, question "
      "and answer.",
      self->path, self->column[IMAGE] < 0 ? "image" : "question");
}

static utf8proc_int32_t to_lower(utf8proc_int32_t code, void *unused)
{
  (void)unused;
  return utf8proc_tolower(code);
}

static LxStatus take_answer(Csv *self, LxCsvQuestion *question, LxError *error)
{
  utf8proc_uint8_t *lower = NULL;
  free(self->lower);
  self->lower = NULL;
  question->answer = question->answer_type = "";
  const char *answer = field(self, ANSWER);
  if (!*answer)
    return LX_OK;
  if (utf8proc_map_custom((const utf8proc_uint8_t *)answer, 0, &lower, UTF8PROC_NULLTERM, to_lower,
                          NULL) < 0)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  self->lower = (char *)lower;
  question->answer = self->lower;
  question->answer_type = lx_vqa_answer_type(self->lower);
  return LX_OK;
}

static LxStatus visit_record(Csv *self, long number, LxCsvVisit visit, void *user_data,
                             LxError *error)
{
  LxCsvQuestion question = {
      .image = field(self, IMAGE), .question = field(self, QUESTION), .number = number};
  if (!*question.image)
    return bad(self, "the image is empty.", error);
  if (!*question.question)
    return bad(self, "the question is empty.", error);
  LxStatus status = take_answer(self, &question, error);
  return status ? status : visit(&question, user_data, error);
}

/* Every thousand questions the pages behind are given back, and somebody may want to stop. */
static LxStatus pause_walk(Csv *self, const LxMapping *map, LxProgress progress, void *data,
                           LxError *error)
{
  const double done = (double)(self->at - (const char *)map->data) / (double)(map->size + 1);
  lx_file_let_go(self->gone, (size_t)(self->at - self->gone));
  self->gone = self->at;
  return progress && progress(done, "Reading the questions", data)
             ? lx_fail(error, LX_ERR_CANCELLED, "Reading “%.300s” was stopped.", self->path)
             : LX_OK;
}

static LxStatus walk(Csv *self, const LxMapping *map, LxCsvVisit visit, void *user_data,
                     LxProgress progress, void *progress_data, LxError *error)
{
  long number = 0;
  LxStatus status = read_header(self, error);
  while (!status && self->at < self->end) {
    status = next_record(self, error);
    const bool empty = self->n == 1 && !self->texts[self->field[0]];
    if (status || empty)
      continue;
    status = visit_record(self, ++number, visit, user_data, error);
    if (!status && number % 1024 == 0)
      status = pause_walk(self, map, progress, progress_data, error);
  }
  return status;
}

LxStatus lx_csv_questions(const char *path, LxCsvVisit visit, void *user_data, LxProgress progress,
                          void *progress_data, LxError *error)
{
  LxMapping *map;
  LxStatus status = lx_file_map(path, &map, error);
  if (status)
    return status;
  const char *text = (const char *)map->data;
  Csv self = {.path = path, .at = text, .end = text + map->size, .gone = text, .line = 1};
  if (map->size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
    self.at += 3;
  self.separator = separator_of(self.at, self.end);
  status = walk(&self, map, visit, user_data, progress, progress_data, error);
  free(self.lower);
  free(self.texts);
  lx_file_unmap(map);
  return status;
}
