#include "lx-tsv-index.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lx-file.h"

#define CHUNK ((size_t)1 << 20)
#define NAME_LIMIT 4096
#define INDEX_LIMIT ((size_t)1 << 30)

static const char magic[16] = "crosslens idx 1";

/* FILE.idx: this, the items, then the names. Little-endian; the file never leaves the machine. */
typedef struct {
  char magic[16];
  uint64_t size;
  int64_t mtime_ns;
  int64_t count;
  uint64_t names_size;
} Header;

void lx_tsv_index_free(LxTsvIndex *self)
{
  if (!self)
    return;
  free(self->items);
  free(self->names);
  free(self->slots);
  free(self);
}

static size_t find_slot(const LxTsvIndex *self, const char *id)
{
  size_t h = 1469598103934665603u;
  for (const char *s = id; *s; s++)
    h = (h ^ (unsigned char)*s) * 1099511628211u;
  size_t i = (h ^ h >> 29) & (self->n_slots - 1);
  while (self->slots[i] && strcmp(self->names + self->items[self->slots[i] - 1].name, id) != 0)
    i = (i + 1) & (self->n_slots - 1);
  return i;
}

int64_t lx_tsv_index_find(const LxTsvIndex *self, const char *image_id)
{
  return self->slots[find_slot(self, image_id)] - 1;
}

static LxStatus no_memory(const LxTsvSource *source, LxError *error)
{
  return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the index of “%s”.", source->path);
}

static LxStatus build_table(LxTsvIndex *self, const LxTsvSource *source, LxError *error)
{
  for (self->n_slots = 64; self->n_slots < 2 * (size_t)self->count;)
    self->n_slots *= 2;
  self->slots = calloc(self->n_slots, sizeof *self->slots);
  if (!self->slots)
    return no_memory(source, error);
  for (int64_t i = 0; i < self->count; i++) {
    size_t slot = find_slot(self, self->names + self->items[i].name);
    self->duplicates += self->slots[slot] != 0;
    self->slots[slot] = i + 1;
  }
  return LX_OK;
}

/* NULL when out of memory. */
static char *index_path(const LxTsvSource *source)
{
  char *path = malloc(strlen(source->path) + sizeof ".idx");
  return path ? strcat(strcpy(path, source->path), ".idx") : NULL;
}

static bool is_sound(const LxTsvIndex *self, const LxTsvSource *source)
{
  if (self->names_size && self->names[self->names_size - 1] != '\0')
    return false;
  for (int64_t i = 0; i < self->count; i++)
    if (self->items[i].offset >= source->size || self->items[i].name >= self->names_size ||
        (i && self->items[i].offset <= self->items[i - 1].offset))
      return false;
  return true;
}

/* Copies a good saved index into `self`; false (and nothing changed) for a stale or damaged one. */
static bool take_saved(LxTsvIndex *self, const LxTsvSource *source, const char *data, size_t size)
{
  Header h;
  if (size < sizeof h)
    return false;
  memcpy(&h, data, sizeof h);
  if (memcmp(h.magic, magic, sizeof magic) != 0 || h.size != source->size ||
      h.mtime_ns != source->mtime_ns || h.count < 0 ||
      (uint64_t)h.count > size / sizeof(LxTsvItem) || h.names_size > size ||
      sizeof h + (uint64_t)h.count * sizeof(LxTsvItem) + h.names_size != size)
    return false;
  size_t items = (size_t)h.count * sizeof(LxTsvItem);
  LxTsvIndex saved = {.count = h.count, .names_size = h.names_size};
  saved.items = malloc(items + 1);
  saved.names = malloc(h.names_size + 1);
  if (saved.items && saved.names) {
    memcpy(saved.items, data + sizeof h, items);
    memcpy(saved.names, data + sizeof h + items, h.names_size);
    if (is_sound(&saved, source)) {
      *self = saved;
      return true;
    }
  }
  free(saved.items);
  free(saved.names);
  return false;
}

static bool load_saved(LxTsvIndex *self, const LxTsvSource *source, const char *path)
{
  char *data;
  size_t size;
  if (lx_file_read(path, INDEX_LIMIT, &data, &size, NULL))
    return false;
  bool good = take_saved(self, source, data, size);
  free(data);
  return good;
}

/* A folder that cannot be written to is no failure: the index then lives in memory only. */
static void save(const LxTsvIndex *self, const LxTsvSource *source, const char *path)
{
  Header h = {.size = source->size,
              .mtime_ns = source->mtime_ns,
              .count = self->count,
              .names_size = self->names_size};
  memcpy(h.magic, magic, sizeof magic);
  LxWriter *writer;
  if (lx_writer_open(path, &writer, NULL))
    return;
  if (!lx_writer_write(writer, &h, sizeof h, NULL) &&
      !lx_writer_write(writer, self->items, (size_t)self->count * sizeof *self->items, NULL) &&
      !lx_writer_write(writer, self->names, self->names_size, NULL))
    lx_writer_commit(writer, NULL);
  lx_writer_free(writer);
}

/* Goes through the file chunk by chunk; a line's first field is its image. */
typedef struct {
  LxTsvIndex *index;
  const LxTsvSource *source;
  bool in_name;
} Scan;

static LxStatus push_name_byte(Scan *scan, char c, LxError *error)
{
  LxTsvIndex *self = scan->index;
  if (self->names_size == self->names_capacity) {
    size_t n = self->names_capacity ? self->names_capacity * 2 : 65536;
    char *names = realloc(self->names, n);
    if (!names)
      return no_memory(scan->source, error);
    self->names = names;
    self->names_capacity = n;
  }
  if (c && self->count && self->names_size - self->items[self->count - 1].name >= NAME_LIMIT)
    return lx_fail(error, LX_ERR_FORMAT,
                   "“%s”, line %lld: this is no object feature file (its first field has no end).",
                   scan->source->path, (long long)self->count);
  self->names[self->names_size++] = c;
  return LX_OK;
}

static LxStatus begin_line(Scan *scan, uint64_t offset, LxError *error)
{
  LxTsvIndex *self = scan->index;
  if (self->count == self->capacity) {
    size_t n = self->capacity ? (size_t)self->capacity * 2 : 1024;
    LxTsvItem *items = realloc(self->items, n * sizeof *items);
    if (!items)
      return no_memory(scan->source, error);
    self->items = items;
    self->capacity = (int64_t)n;
  }
  self->items[self->count++] = (LxTsvItem){offset, self->names_size};
  scan->in_name = true;
  return LX_OK;
}

/* *open says whether a line has begun; counts lines up to `limit`. */
static LxStatus scan_chunk(Scan *scan, const char *data, size_t size, uint64_t offset,
                           int64_t limit, bool *open, LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t i = 0; i < size && !status;) {
    if (!*open && data[i] == '\n') {
      i++; /* an empty line */
    } else if (!*open) {
      if (scan->index->count == limit)
        return LX_OK;
      status = begin_line(scan, offset + i, error);
      *open = true;
    } else if (scan->in_name) {
      char c = data[i];
      bool end = c == '\t' || c == '\n' || c == '\0';
      status = push_name_byte(scan, end ? '\0' : c, error);
      scan->in_name = !end;
      *open = c != '\n';
      i++;
    } else {
      const char *newline = memchr(data + i, '\n', size - i);
      *open = newline == NULL;
      i = newline ? (size_t)(newline - data) + 1 : size;
    }
  }
  return status;
}

static LxStatus scan_file(LxTsvIndex *self, const LxTsvSource *source, int64_t limit,
                          LxProgress progress, void *user_data, LxError *error)
{
  Scan scan = {.index = self, .source = source};
  bool open = false;
  uint64_t at = 0;
  LxStatus status = LX_OK;
  size_t size = source->size < CHUNK ? (size_t)source->size + 1 : CHUNK;
  char *chunk = malloc(size);
  if (!chunk)
    return no_memory(source, error);
  while (!status && (open || self->count != limit)) {
    ssize_t n = pread(source->fd, chunk, size, (off_t)at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      status = lx_fail(error, LX_ERR_IO, "“%s” cannot be read: %s.", source->path, strerror(errno));
    if (n <= 0)
      break;
    status = scan_chunk(&scan, chunk, (size_t)n, at, limit, &open, error);
    at += (uint64_t)n;
    double done = source->size ? (double)at / (double)source->size : 1;
    if (!status && progress && progress(done < 1 ? done : 1, "Reading the index", user_data))
      status = lx_fail(error, LX_ERR_CANCELLED, "Reading “%s” was stopped.", source->path);
  }
  if (!status && scan.in_name)
    status = push_name_byte(&scan, '\0', error);
  free(chunk);
  return status;
}

LxStatus lx_tsv_index_load(const LxTsvSource *source, int64_t limit, LxProgress progress,
                           void *user_data, LxTsvIndex **out, LxError *error)
{
  LxStatus status = LX_OK;
  LxTsvIndex *self = calloc(1, sizeof *self);
  char *path = index_path(source);
  if (!self || !path) {
    status = no_memory(source, error);
    goto out;
  }
  if (load_saved(self, source, path)) {
    if (limit >= 0 && limit < self->count)
      self->count = limit;
  } else {
    status = scan_file(self, source, limit, progress, user_data, error);
    if (!status && limit < 0)
      save(self, source, path);
  }
  if (!status)
    status = build_table(self, source, error);
out:
  free(path);
  if (status)
    lx_tsv_index_free(self);
  else
    *out = self;
  return status;
}

LxStatus lx_tsv_index_drop_last(LxTsvIndex *self, const LxTsvSource *source, LxError *error)
{
  self->count--;
  self->duplicates = 0;
  free(self->slots);
  self->slots = NULL;
  return build_table(self, source, error);
}
