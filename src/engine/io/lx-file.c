#include "lx-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t nothing[1];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static LxMapping *mappings; /* all that are mapped now */

static void enlist(LxMapping *mapping)
{
  pthread_mutex_lock(&lock);
  mapping->next = mappings;
  mappings = mapping;
  pthread_mutex_unlock(&lock);
}

static void delist(const LxMapping *mapping)
{
  pthread_mutex_lock(&lock);
  LxMapping **at = &mappings;
  while (*at && *at != mapping)
    at = &(*at)->next;
  if (*at)
    *at = mapping->next;
  pthread_mutex_unlock(&lock);
}

void lx_file_let_go(const void *data, size_t bytes)
{
  uintptr_t begin = (uintptr_t)data, end = begin + bytes;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  pthread_mutex_lock(&lock);
  const LxMapping *m = mappings;
  while (m && (begin < (uintptr_t)m->data || end > (uintptr_t)m->data + m->size))
    m = m->next;
  /* whole pages only: the first and the last one may hold neighbours */
  begin = (begin + page - 1) / page * page;
  end = end / page * page;
  if (m && begin < end)
    madvise((void *)begin, end - begin, MADV_DONTNEED);
  pthread_mutex_unlock(&lock);
}

static LxStatus open_regular(const char *path, int *fd, struct stat *st, LxError *error)
{
  *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (*fd < 0)
    return lx_fail(error, LX_ERR_IO, "“%s” cannot be opened: %s.", path, strerror(errno));
  if (fstat(*fd, st) == 0 && S_ISREG(st->st_mode))
    return LX_OK;
  close(*fd);
  return lx_fail(error, LX_ERR_IO, "“%s” is not a file.", path);
}

LxStatus lx_file_map(const char *path, LxMapping **out, LxError *error)
{
  int fd;
  struct stat st;
  LxStatus status = open_regular(path, &fd, &st, error);
  if (status)
    return status;
  LxMapping *self = calloc(1, sizeof *self);
  if (!self) {
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", path);
    goto out;
  }
  self->size = (size_t)st.st_size;
  self->data = nothing;
  if (self->size) {
    void *data = mmap(NULL, self->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) {
      status = lx_fail(error, LX_ERR_IO, "“%s” cannot be mapped: %s.", path, strerror(errno));
      free(self);
      goto out;
    }
    self->data = data;
  }
  enlist(self);
  *out = self;
out:
  close(fd);
  return status;
}

void lx_file_unmap(void *mapping)
{
  LxMapping *self = mapping;
  if (!self)
    return;
  delist(self);
  if (self->size)
    munmap((void *)self->data, self->size);
  free(self);
}

LxStatus lx_file_map_tensors(const char *path, LxMapping **map, LxTensors **out, LxError *error)
{
  LxStatus status = lx_file_map(path, map, error);
  if (status)
    return status;
  LxTensors *tensors = lx_tensors_new();
  if (!tensors)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", path);
  else
    status = lx_tensors_keep(tensors, *map, lx_file_unmap, error);
  if (status) {
    lx_file_unmap(*map);
    lx_tensors_unref(tensors);
    return status;
  }
  *out = tensors;
  return LX_OK;
}

static LxStatus read_all(int fd, const char *path, char *data, size_t size, LxError *error)
{
  for (size_t done = 0; done < size;) {
    ssize_t n = read(fd, data + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return lx_fail(error, LX_ERR_IO, "“%s” cannot be read: %s.", path, strerror(errno));
    if (n == 0)
      return lx_fail(error, LX_ERR_IO, "“%s” became shorter while it was read.", path);
    done += (size_t)n;
  }
  return LX_OK;
}

LxStatus lx_file_read(const char *path, size_t limit, char **out, size_t *size, LxError *error)
{
  int fd;
  struct stat st;
  LxStatus status = open_regular(path, &fd, &st, error);
  if (status)
    return status;
  char *data = NULL;
  size_t n = (size_t)st.st_size;
  if (n > limit) {
    status = lx_fail(error, LX_ERR_FORMAT, "“%s” has %zu bytes; such a file has at most %zu.", path,
                     n, limit);
    goto out;
  }
  data = malloc(n + 1);
  if (!data) {
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to read “%s” (%zu bytes).", path, n);
    goto out;
  }
  status = read_all(fd, path, data, n, error);
  if (status)
    goto out;
  data[n] = '\0';
  if (size)
    *size = n;
  *out = data;
  data = NULL;
out:
  free(data);
  close(fd);
  return status;
}

bool lx_file_exists(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0;
}

bool lx_file_is_folder(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

LxStatus lx_file_make_folder(const char *path, LxError *error)
{
  if (mkdir(path, 0777) == 0)
    return LX_OK;
  const int why = errno;
  if (lx_file_is_folder(path))
    return LX_OK;
  return lx_fail(error, LX_ERR_IO, "The folder “%s” cannot be made: %s.", path, strerror(why));
}

char *lx_file_join(const char *folder, const char *name)
{
  size_t n = strlen(folder), m = strlen(name);
  char *path = malloc(n + m + 2);
  if (!path)
    return NULL;
  bool slash = n && folder[n - 1] != '/';
  memcpy(path, folder, n);
  if (slash)
    path[n++] = '/';
  memcpy(path + n, name, m + 1);
  return path;
}

/* "NAME.json.a1B2c3" and the like. */
static bool is_leftover(const char *name)
{
  static const char *const endings[] = {".safetensors", ".json", ".jsonl", ".txt"};
  size_t n = strlen(name), whole = n > 7 ? n - 7 : 0;
  if (!whole || name[whole] != '.' ||
      strspn(name + whole + 1, "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != 6)
    return false;
  for (int i = 0; i < 4; i++) {
    size_t m = strlen(endings[i]);
    if (whole > m && memcmp(name + whole - m, endings[i], m) == 0)
      return true;
  }
  return false;
}

void lx_file_drop_leftovers(const char *folder)
{
  DIR *dir = opendir(folder);
  for (struct dirent *entry; dir && (entry = readdir(dir));)
    if (is_leftover(entry->d_name))
      unlinkat(dirfd(dir), entry->d_name, 0);
  if (dir)
    closedir(dir);
}

struct LxWriter {
  FILE *file;
  char *path, *beside; /* beside: "" where the path itself is written to */
};

static LxStatus write_failed(const LxWriter *self, LxError *error)
{
  int code = errno;
  if (code == ENOSPC || code == EDQUOT)
    return lx_fail(error, LX_ERR_IO,
                   "“%s” cannot be written: %s. Free some space or choose another folder.",
                   self->path, strerror(code));
  if (code == EACCES || code == EROFS || code == EPERM)
    return lx_fail(error, LX_ERR_IO,
                   "“%s” cannot be written: %s. Choose a folder that you may write to.", self->path,
                   strerror(code));
  return lx_fail(error, LX_ERR_IO, "“%s” cannot be written: %s.", self->path, strerror(code));
}

/* A device or a pipe, also by a name like /dev/stdout: nothing may take its place. */
static bool is_no_file(const char *path)
{
  struct stat target, name;
  if (stat(path, &target) != 0 || S_ISDIR(target.st_mode))
    return false;
  return !S_ISREG(target.st_mode) ||
         (strncmp(path, "/dev/", 5) == 0 && lstat(path, &name) == 0 && S_ISLNK(name.st_mode));
}

static FILE *open_beside(LxWriter *self)
{
  int fd = mkostemp(self->beside, O_CLOEXEC);
  if (fd < 0)
    return NULL;
  mode_t mask = umask(0);
  umask(mask);
  fchmod(fd, 0666 & ~mask);
  FILE *file = fdopen(fd, "wb");
  if (!file) {
    close(fd);
    unlink(self->beside);
  }
  return file;
}

LxStatus lx_writer_open(const char *path, LxWriter **out, LxError *error)
{
  LxWriter *self = calloc(1, sizeof *self);
  size_t size = strlen(path) + sizeof ".XXXXXX";
  if (self) {
    self->path = strdup(path);
    self->beside = malloc(size);
  }
  if (!self || !self->path || !self->beside) {
    lx_writer_free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write “%s”.", path);
  }
  bool straight = is_no_file(path);
  snprintf(self->beside, size, straight ? "" : "%s.XXXXXX", path);
  self->file = straight ? fopen(path, "wbe") : open_beside(self);
  if (!self->file) {
    LxStatus status = write_failed(self, error);
    lx_writer_free(self);
    return status;
  }
  *out = self;
  return LX_OK;
}

LxStatus lx_writer_write(LxWriter *self, const void *data, size_t size, LxError *error)
{
  if (size && fwrite(data, 1, size, self->file) != size)
    return write_failed(self, error);
  return LX_OK;
}

LxStatus lx_writer_commit(LxWriter *self, LxError *error)
{
  if (fflush(self->file) != 0 || (*self->beside && fsync(fileno(self->file)) != 0))
    return write_failed(self, error);
  int closed = fclose(self->file);
  self->file = NULL;
  if (closed == 0 && (!*self->beside || rename(self->beside, self->path) == 0))
    return LX_OK;
  LxStatus status = write_failed(self, error);
  unlink(self->beside);
  return status;
}

void lx_writer_free(LxWriter *self)
{
  if (!self)
    return;
  if (self->file) {
    fclose(self->file);
    unlink(self->beside);
  }
  free(self->path);
  free(self->beside);
  free(self);
}

LxStatus lx_file_write(const char *path, const void *data, size_t size, LxError *error)
{
  LxWriter *writer;
  LxStatus status = lx_writer_open(path, &writer, error);
  if (status)
    return status;
  status = lx_writer_write(writer, data, size, error);
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  return status;
}
