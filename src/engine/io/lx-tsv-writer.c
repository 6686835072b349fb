#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lx-tsv-line.h"
#include "lx-tsv.h"

struct LxTsvWriter {
  char *path;
  int fd;
};

static LxStatus failed(const LxTsvWriter *self, LxError *error)
{
  return lx_fail(error, LX_ERR_IO, "“%s” cannot be written: %s.", self->path, strerror(errno));
}

/* The end of the last whole line: what follows was cut off by a crash. */
static LxStatus cut_last_line(LxTsvWriter *self, LxError *error)
{
  char chunk[65536];
  off_t end = lseek(self->fd, 0, SEEK_END);
  for (off_t at = end; at > 0;) {
    size_t n = at < (off_t)sizeof chunk ? (size_t)at : sizeof chunk;
    if (pread(self->fd, chunk, n, at - (off_t)n) != (ssize_t)n)
      return failed(self, error);
    const char *newline = memrchr(chunk, '\n', n);
    at -= (off_t)n;
    end = newline ? at + (newline - chunk) + 1 : at;
    if (newline)
      break;
  }
  if (end < 0 || ftruncate(self->fd, end) != 0 || lseek(self->fd, end, SEEK_SET) != end)
    return failed(self, error);
  return LX_OK;
}

LxStatus lx_tsv_writer_open(const char *path, bool resume, LxTsvWriter **out, LxError *error)
{
  LxTsvWriter *self = calloc(1, sizeof *self);
  char *copy = strdup(path);
  if (!self || !copy) {
    free(self);
    free(copy);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write “%s”.", path);
  }
  self->path = copy;
  self->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (resume ? 0 : O_TRUNC), 0666);
  LxStatus status = self->fd < 0 ? failed(self, error) : LX_OK;
  if (!status && resume)
    status = cut_last_line(self, error);
  if (status) {
    lx_tsv_writer_close(self, NULL);
    return status;
  }
  *out = self;
  return LX_OK;
}

LxStatus lx_tsv_writer_add(LxTsvWriter *self, const LxRegions *regions, LxError *error)
{
  char *line;
  size_t size;
  LxStatus status = lx_tsv_format_line(regions, &line, &size, error);
  if (status)
    return status;
  off_t begin = lseek(self->fd, 0, SEEK_CUR);
  for (size_t done = 0; done < size && !status;) {
    ssize_t n = write(self->fd, line + done, size - done);
    if (n > 0)
      done += (size_t)n;
    else if (n == 0 || errno != EINTR)
      status = failed(self, error);
  }
  /* Half a line would spoil the file for whoever goes on after making room. */
  if (status && begin >= 0 && ftruncate(self->fd, begin) == 0)
    lseek(self->fd, begin, SEEK_SET);
  free(line);
  return status;
}

LxStatus lx_tsv_writer_close(LxTsvWriter *self, LxError *error)
{
  if (!self)
    return LX_OK;
  LxStatus status = LX_OK;
  if (self->fd >= 0) {
    if (fsync(self->fd) != 0 && errno != EINVAL)
      status = failed(self, error);
    close(self->fd);
  }
  free(self->path);
  free(self);
  return status;
}
