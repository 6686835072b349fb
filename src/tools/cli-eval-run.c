/* Examples are evaluated some thousand at a time; the state is written after the first such part, and
 * then every few seconds: it holds all answers so far, and a million of them are 8 MB. */
#include "cli-eval-run.h"

#include <string.h>

#include "cli.h"
#include "lx-file.h"
#include "science-walk.h"

enum { BATCHES_A_PART = 32 };

#define SECONDS_A_SAVE 10

/* How a state begins; int64 labels[done] follow. */
typedef struct {
  char magic[8];
  uint64_t mark;
  int64_t count, done, examples, batches;
  double score, loss; /* summed */
} Head;

static const char magic[8] = "LENSEVL1";

typedef struct {
  const CliEvaluation *all;
  int64_t first, count;
} Part;

static LxStatus get_of_part(void *user_data, int64_t index, bool images, LxTrainExample *out,
                            LxError *error)
{
  const Part *part = user_data;
  const LxExampleSource *source = part->all->source;
  return source->get(source->user_data, part->first + index, images, out, error);
}

static int on_part(double fraction, const char *what, void *user_data)
{
  const Part *part = user_data;
  const double done = (double)part->first + fraction * (double)part->count;
  return cli_progress(done / (double)part->all->source->count, what, "eval");
}

static LxStatus load(const CliEvaluation *self, Head *head, int64_t *labels, LxError *error)
{
  LxMapping *map = NULL;
  Head found = {.done = 0};

  if (!self->state || !self->resume || !lx_file_exists(self->state))
    return LX_OK;
  LxStatus status = lx_file_map(self->state, &map, error);
  if (status)
    return status;
  if (map->size >= sizeof found)
    memcpy(&found, map->data, sizeof found);
  if (memcmp(found.magic, magic, sizeof magic) || found.done < 0 || found.done > head->count ||
      map->size != sizeof found + (size_t)found.done * sizeof *labels)
    status = lx_fail(error, LX_ERR_FORMAT,
                     "%s is no state of an evaluation; remove it to begin again.", self->state);
  else if (found.mark != head->mark || found.count != head->count)
    status = lx_fail(error, LX_ERR_ARGUMENT,
                     "%s was begun with another model or other examples; begin again without "
                     "--resume.",
                     self->state);
  else {
    *head = found;
    memcpy(labels, map->data + sizeof found, (size_t)found.done * sizeof *labels);
  }
  lx_file_unmap(map);
  return status;
}

static LxStatus save(const CliEvaluation *self, const Head *head, const int64_t *labels,
                     LxError *error)
{
  LxWriter *writer = NULL;
  if (!self->state)
    return LX_OK;
  LxStatus status = lx_writer_open(self->state, &writer, error);
  if (!status)
    status = lx_writer_write(writer, head, sizeof *head, error);
  if (!status)
    status = lx_writer_write(writer, labels, (size_t)head->done * sizeof *labels, error);
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  return status;
}

/* The next part; pre-training draws sentences from all examples and has one part. */
static LxStatus one_part(const CliEvaluation *self, Head *head, int64_t *labels,
                         double *confidences, LxError *error)
{
  Part part = {.all = self, .first = head->done, .count = head->count - head->done};
  LxEvaluation result = {0};

  if (self->task != LX_TASK_PRETRAIN && part.count > self->batch * BATCHES_A_PART)
    part.count = self->batch * BATCHES_A_PART;
  const LxExampleSource source = {part.count, get_of_part, &part};
  LxStatus status = lx_evaluate(self->config, self->params, self->tokenizer, &source, self->task, 0,
                                self->batch, on_part, &part, labels + head->done,
                                confidences ? confidences + head->done : NULL, &result, error);
  if (status)
    return status;
  const int64_t batches = (part.count + self->batch - 1) / self->batch;
  head->done += part.count;
  head->examples += result.examples;
  head->batches += batches;
  head->score += result.score;
  head->loss += result.loss * (double)batches;
  return LX_OK;
}

/* Parts one after the other, and the state from time to time. */
static LxStatus all_parts(const CliEvaluation *self, Head *head, int64_t *labels,
                          double *confidences, LxError *error)
{
  LxStatus status = LX_OK;
  double saved = 0;
  int64_t kept = head->done;
  while (!status && head->done < head->count) {
    status = one_part(self, head, labels, confidences, error);
    if (status || head->done == head->count || (saved > 0 && cli_now() < saved + SECONDS_A_SAVE))
      continue;
    status = save(self, head, labels, error);
    saved = cli_now();
    kept = head->done;
  }
  if (status != LX_ERR_CANCELLED || head->done == kept)
    return status;
  const LxStatus last = save(self, head, labels, error);
  return last ? last : status;
}

LxStatus cli_evaluate(const CliEvaluation *self, int64_t *labels, double *confidences,
                      LxEvaluation *out, LxError *error)
{
  const int64_t numbers[] = {self->task, self->batch};
  Head head = {.count = self->source->count, .mark = science_mark(0, numbers, sizeof numbers)};

  memcpy(head.magic, magic, sizeof magic);
  if (self->state)
    head.mark = science_mark_params(head.mark, self->params);
  head.mark = science_mark(head.mark, self->config->blind, strlen(self->config->blind));
  LxStatus status = load(self, &head, labels, error);
  if (!status)
    status = all_parts(self, &head, labels, confidences, error);
  if (status == LX_ERR_CANCELLED && self->state && head.done > 0)
    return lx_fail(error, status,
                   "stopped after %lld of %lld examples; go on with the same command "
                   "and --resume",
                   (long long)head.done, (long long)head.count);
  if (!status)
    *out = (LxEvaluation){.examples = head.examples,
                          .score = head.score,
                          .accuracy = head.examples ? head.score / (double)head.examples : 0,
                          .loss = head.batches ? head.loss / (double)head.batches : 0};
  return status;
}
