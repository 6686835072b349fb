#include "science-walk.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lx-file.h"

enum { SECONDS_BETWEEN = 60 };

/* How a state begins; the kept numbers and the sums follow. */
typedef struct {
  char magic[8];
  uint64_t mark;
  int64_t count, examples, done;
  int64_t n_kept;
} Head;

static const char magic[8] = "LENSWLK1";

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

uint64_t science_mark(uint64_t mark, const void *data, size_t size)
{
  const uint64_t prime = 0x100000001b3;
  const uint8_t *at = data;
  uint64_t word, hash = mark ? mark : 0xcbf29ce484222325;

  for (; size >= 8; size -= 8, at += 8) { /* by words: a full-size model in about a second */
    memcpy(&word, at, 8);
    hash = (hash ^ word) * prime;
    hash ^= hash >> 29;
  }
  for (; size > 0; size--, at++)
    hash = (hash ^ *at) * prime;
  return hash;
}

uint64_t science_mark_params(uint64_t mark, const LxTensors *params)
{
  for (size_t i = 0; params && i < lx_tensors_count(params); i++) {
    const LxTensor *t = lx_tensors_at(params, i);
    mark = science_mark(mark, lx_tensors_name(params, i), strlen(lx_tensors_name(params, i)));
    mark = science_mark(mark, t->data, lx_tensor_bytes(t));
  }
  return mark;
}

static LxStatus save(const ScienceWalk *self, int64_t done, LxError *error)
{
  Head head = {.mark = self->mark,
               .count = self->count,
               .examples = self->examples,
               .done = done,
               .n_kept = self->n_kept};
  LxWriter *writer = NULL;

  memcpy(head.magic, magic, sizeof magic);
  LxStatus status = lx_writer_open(self->state, &writer, error);
  if (!status)
    status = lx_writer_write(writer, &head, sizeof head, error);
  if (!status)
    status = lx_writer_write(writer, self->kept, sizeof(double) * (size_t)self->n_kept, error);
  if (!status)
    status = science_sums_write(self->sums, writer, error);
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  return status;
}

static LxStatus load(const ScienceWalk *self, int64_t *done, LxError *error)
{
  const size_t kept = sizeof(double) * (size_t)self->n_kept;
  LxMapping *map = NULL;
  Head head = {.done = 0};

  *done = 0;
  if (!self->state || !self->resume || !lx_file_exists(self->state))
    return LX_OK;
  LxStatus status = lx_file_map(self->state, &map, error);
  if (status)
    return status;
  if (map->size >= sizeof head)
    memcpy(&head, map->data, sizeof head);
  if (memcmp(head.magic, magic, sizeof magic) || map->size < sizeof head + kept ||
      head.n_kept != self->n_kept)
    status = lx_fail(error, LX_ERR_FORMAT,
                     "%s is no state of this command; remove it to begin again.", self->state);
  else if (head.mark != self->mark || head.count != self->count ||
           head.examples != self->examples || head.done < 0 || head.done > head.examples)
    status = lx_fail(error, LX_ERR_ARGUMENT,
                     "%s was begun with another model, other data or other settings; begin again "
                     "without --resume.",
                     self->state);
  if (!status)
    status = science_sums_read(self->sums, head.done, map->data + sizeof head + kept,
                               map->size - sizeof head - kept, error);
  if (!status) {
    memcpy(self->kept, map->data + sizeof head, kept);
    *done = head.done;
  }
  lx_file_unmap(map);
  return status;
}

LxStatus science_walk(const ScienceWalk *self, double *seconds, LxProgress progress,
                      void *user_data, LxError *error)
{
  const int64_t n = self->examples;
  int64_t done = 0, saved;
  LxStatus status = load(self, &done, error);
  double when = now(), before = *seconds, begun = when;

  for (saved = done; done < n && !status;) {
    status = self->one(self->walker, done * self->count / n, error);
    if (status)
      break;
    done++;
    *seconds = before + now() - begun;
    if (progress && progress((double)done / (double)n, "examples", user_data))
      status = lx_fail(error, LX_ERR_CANCELLED, "Stopped after %lld of %lld examples.",
                       (long long)done, (long long)n);
    if (self->state && done > saved && (status || now() - when > SECONDS_BETWEEN)) {
      LxError failed = {0};
      if (save(self, done, &failed)) {
        *error = failed; /* also where it was stopped: nobody can go on with it */
        status = failed.code;
      }
      saved = done;
      when = now();
    }
  }
  return status;
}
