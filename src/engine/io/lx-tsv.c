#include "lx-tsv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lx-tsv-index.h"
#include "lx-tsv-line.h"

#define CHUNK ((size_t)1 << 16)
#define LINE_LIMIT ((size_t)128 << 20)

struct LxTsv {
  char *path;
  int fd;
  uint64_t size;
  int64_t mtime_ns;
  uint64_t next;     /* offset of the line that lx_tsv_next reads */
  int64_t next_line; /* its number from 0 */
  char *buffer;      /* bytes of the file from buffer_at on */
  size_t capacity, filled;
  uint64_t buffer_at;
  LxTsvIndex *index;
  bool cut;
};

LxStatus lx_tsv_open(const char *path, LxTsv **out, LxError *error)
{
  struct stat st;
  LxTsv *self = calloc(1, sizeof *self);
  char *copy = strdup(path);
  if (!self || !copy) {
    free(self);
    free(copy);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", path);
  }
  self->path = copy;
  self->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (self->fd < 0 || fstat(self->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
    LxStatus status = lx_fail(error, LX_ERR_IO, "“%s” cannot be opened: %s.", path,
                              self->fd < 0 ? strerror(errno) : "it is not a file");
    lx_tsv_free(self);
    return status;
  }
  self->size = (uint64_t)st.st_size;
  self->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
  *out = self;
  return LX_OK;
}

void lx_tsv_free(LxTsv *self)
{
  if (!self)
    return;
  if (self->fd >= 0)
    close(self->fd);
  lx_tsv_index_free(self->index);
  free(self->buffer);
  free(self->path);
  free(self);
}

const char *lx_tsv_path(const LxTsv *self)
{
  return self->path;
}

/* Reads more bytes behind those in the buffer; *end is set when there are none. */
static LxStatus fill_buffer(LxTsv *self, bool *end, LxError *error)
{
  if (self->capacity - self->filled < CHUNK) {
    size_t capacity = self->capacity ? self->capacity * 2 : 4 * CHUNK;
    char *buffer = capacity <= LINE_LIMIT ? realloc(self->buffer, capacity) : NULL;
    if (!buffer)
      return lx_fail(error, capacity > LINE_LIMIT ? LX_ERR_UNSUPPORTED : LX_ERR_MEMORY,
                     "“%s”: a line is too long for an object feature file.", self->path);
    self->buffer = buffer;
    self->capacity = capacity;
  }
  ssize_t n;
  do
    n = pread(self->fd, self->buffer + self->filled, CHUNK,
              (off_t)(self->buffer_at + self->filled));
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return lx_fail(error, LX_ERR_IO, "“%s” cannot be read: %s.", self->path, strerror(errno));
  self->filled += (size_t)n;
  *end = n == 0;
  return LX_OK;
}

/* The line at `offset`, without its newline, borrowed until the next call. *size is the number of
 * bytes up to the next line in *advance. */
static LxStatus line_at(LxTsv *self, uint64_t offset, const char **line, size_t *size,
                        size_t *advance, LxError *error)
{
  size_t have = 0;
  if (offset >= self->buffer_at && offset <= self->buffer_at + self->filled) {
    have = (size_t)(self->buffer_at + self->filled - offset);
    if (have)
      memmove(self->buffer, self->buffer + (offset - self->buffer_at), have);
  }
  self->buffer_at = offset;
  self->filled = have;
  bool end = false;
  for (size_t seen = 0;;) {
    const char *newline =
        self->filled > seen ? memchr(self->buffer + seen, '\n', self->filled - seen) : NULL;
    if (newline || end) {
      *line = self->buffer;
      *size = newline ? (size_t)(newline - self->buffer) : self->filled;
      *advance = *size + (newline != NULL);
      return LX_OK;
    }
    seen = self->filled;
    LxStatus status = fill_buffer(self, &end, error);
    if (status)
      return status;
  }
}

static LxStatus fail_line(const LxTsv *self, int64_t line, LxError *error)
{
  char where[400];
  snprintf(where, sizeof where, "“%.300s”, line %lld", self->path, (long long)line + 1);
  return lx_fail_in(error, where);
}

LxStatus lx_tsv_next(LxTsv *self, LxRegions **out, LxError *error)
{
  const char *line;
  size_t size, advance;
  *out = NULL;
  for (;;) {
    LxStatus failed = line_at(self, self->next, &line, &size, &advance, error);
    if (failed || advance == 0)
      return failed;
    if (size)
      break;
    self->next += advance; /* an empty line */
    self->next_line++;
  }
  LxStatus status = lx_tsv_parse_line(line, size, out, error);
  if (status)
    fail_line(self, self->next_line, error);
  self->next += advance;
  self->next_line++;
  return status;
}

double lx_tsv_position(const LxTsv *self)
{
  return self->size ? (double)self->next / (double)self->size : 1;
}

/* A last line without its end counts when it can be read all the same. */
static LxStatus drop_cut_line(LxTsv *self, const LxTsvSource *source, LxError *error)
{
  LxRegions *regions = NULL;
  const char *line;
  size_t size, advance;
  const int64_t last = self->index->count - 1;
  self->cut = false;
  if (last < 0)
    return LX_OK;
  LxStatus status = line_at(self, self->index->items[last].offset, &line, &size, &advance, error);
  if (status || advance != size)
    return status;
  self->cut = lx_tsv_parse_line(line, size, &regions, NULL) == LX_ERR_FORMAT;
  lx_regions_free(regions);
  return self->cut ? lx_tsv_index_drop_last(self->index, source, error) : LX_OK;
}

LxStatus lx_tsv_index(LxTsv *self, int64_t limit, LxProgress progress, void *user_data,
                      LxError *error)
{
  LxTsvIndex *index = NULL;
  LxTsvSource source = {self->path, self->fd, self->size, self->mtime_ns};
  LxStatus status = lx_tsv_index_load(&source, limit, progress, user_data, &index, error);
  if (status)
    return status;
  lx_tsv_index_free(self->index);
  self->index = index;
  return drop_cut_line(self, &source, error);
}

bool lx_tsv_is_cut(const LxTsv *self)
{
  return self->cut;
}

int64_t lx_tsv_count(const LxTsv *self)
{
  return self->index ? self->index->count : 0;
}

const char *lx_tsv_image_id(const LxTsv *self, int64_t line)
{
  return self->index->names + self->index->items[line].name;
}

int64_t lx_tsv_find(const LxTsv *self, const char *image_id)
{
  return self->index ? lx_tsv_index_find(self->index, image_id) : -1;
}

int64_t lx_tsv_duplicates(const LxTsv *self)
{
  return self->index ? self->index->duplicates : 0;
}

LxStatus lx_tsv_read(LxTsv *self, int64_t line, LxRegions **out, LxError *error)
{
  const char *text;
  size_t size, advance;
  if (line < 0 || line >= lx_tsv_count(self))
    return lx_fail(error, LX_ERR_ARGUMENT, "“%s” has no indexed line %lld.", self->path,
                   (long long)line + 1);
  LxStatus status = line_at(self, self->index->items[line].offset, &text, &size, &advance, error);
  if (status)
    return status;
  LxError why = {0};
  status = lx_tsv_parse_line(text, size, out, &why);
  if (status == LX_ERR_FORMAT)
    return lx_fail(
        error, status,
        "“%.200s”, line %lld: %.200s Copy or make the file again; “crosslens-cli tsv check” "
        "lists all damaged lines.",
        self->path, (long long)line + 1, why.message);
  if (status)
    return lx_fail(error, status, "%s", why.message);
  if (strcmp((*out)->image_id, lx_tsv_image_id(self, line)) == 0)
    return LX_OK;
  lx_regions_free(*out);
  *out = NULL;
  return lx_fail(error, LX_ERR_FORMAT, "“%s” was changed while it is in use; open it again.",
                 self->path);
}
