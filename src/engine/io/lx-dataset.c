#include "lx-dataset.h"

#include <stdlib.h>
#include <string.h>

#include "lx-csv.h"
#include "lx-dataset-store.h"
#include "lx-file.h"
#include "lx-json.h"

typedef struct {
  LxProgress progress;
  void *user_data;
  int file, n;
} Part;

static int part_progress(double done, const char *what, void *user_data)
{
  const Part *part = user_data;
  return part->progress((part->file + done) / part->n, what, part->user_data);
}

static bool is_csv(const char *path)
{
  const char *dot = strrchr(path, '.');
  return dot && strcmp(dot, ".csv") == 0;
}

static LxStatus read_file(LxDataReader *reader, const char *path, LxProgress progress,
                          void *progress_data, LxError *error)
{
  if (!is_csv(path))
    return lx_json_each(path, lx_dataset_read_entry, reader, progress, progress_data, error);
  if (reader->dataset->kind != LX_DATA_VQA)
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "“%s”: questions in a CSV are answered as VQA's are; choose that task.", path);
  return lx_csv_questions(path, lx_dataset_read_csv, reader, progress, progress_data, error);
}

LxStatus lx_dataset_open(LxDataKind kind, const char *const *paths, int n, const LxAnswers *answers,
                         const LxFeatures *features, LxProgress progress, void *user_data,
                         LxDataset **out, LxError *error)
{
  uint32_t none;
  LxDataset *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the questions.");
  self->kind = kind;
  LxStatus status = lx_dataset_put_text(self, NULL, &none, error);
  LxDataReader reader = {self, answers, features};
  for (int i = 0; i < n && !status; i++) {
    Part part = {progress, user_data, i, n};
    status = read_file(&reader, paths[i], progress ? part_progress : NULL, &part, error);
  }
  if (!status && self->count == 0)
    status = lx_fail(error, LX_ERR_MISSING,
                     self->counts.without_image
                         ? "None of the %lld entries has its image in the feature files."
                         : "There are no examples (%lld entries).",
                     (long long)self->counts.entries);
  if (status) {
    lx_dataset_free(self);
    return status;
  }
  self->counts.examples = self->count;
  *out = self;
  return LX_OK;
}

void lx_dataset_free(LxDataset *self)
{
  if (!self)
    return;
  for (uint32_t i = 1; i < self->n_words; i++)
    free(self->words[i]);
  free(self->items);
  free(self->texts);
  free(self->targets);
  free(self);
}

LxDataKind lx_dataset_kind(const LxDataset *self)
{
  return self->kind;
}

int64_t lx_dataset_count(const LxDataset *self)
{
  return self->count;
}

LxDataCounts lx_dataset_counts(const LxDataset *self)
{
  return self->counts;
}

static const char *word(const LxDataset *self, uint8_t i)
{
  return i ? self->words[i] : "";
}

void lx_dataset_get(const LxDataset *self, int64_t index, LxExample *out)
{
  const LxStoredExample *item = &self->items[index];
  *out = (LxExample){
      .sentence = self->texts + item->sentence,
      .image_id = {self->texts + item->image[0], self->texts + item->image[1]},
      .id = self->texts + item->id,
      .identifier = self->texts + item->identifier,
      .answer_type = word(self, item->answer_type),
      .question_type = word(self, item->question_type),
      .binary = item->binary,
      .labelled = item->labelled,
      .label = item->label,
      .targets = item->n_targets ? self->targets + item->targets : NULL,
      .n_targets = item->n_targets,
  };
}

int64_t lx_example_draw(const LxExample *self, double u)
{
  double total = 0, sum = 0;
  for (int64_t i = 0; i < self->n_targets; i++)
    total += (double)self->targets[i].score;
  for (int64_t i = 0; i < self->n_targets && total > 0; i++) {
    sum += (double)self->targets[i].score;
    if (u * total < sum)
      return self->targets[i].label;
  }
  return -1;
}

float lx_example_score(const LxExample *self, int64_t label)
{
  for (int64_t i = 0; i < self->n_targets; i++)
    if (self->targets[i].label == label)
      return self->targets[i].score;
  return 0;
}

const LxTarget *lx_example_best(const LxExample *self)
{
  const LxTarget *best = NULL;
  for (int64_t i = 0; i < self->n_targets; i++)
    if (!best || self->targets[i].score > best->score)
      best = &self->targets[i];
  return best;
}

/* EvalAI takes VQA's question ids as numbers and GQA's as texts. */
static json_t *prediction(LxDataKind kind, const LxExample *e, const char *answer)
{
  if (kind == LX_DATA_GQA)
    return json_pack("{s:s,s:s}", "questionId", e->id, "prediction", answer);
  char *end;
  long long number = strtoll(e->id, &end, 10);
  if (*end || end == e->id)
    return json_pack("{s:s,s:s}", "question_id", e->id, "answer", answer);
  return json_pack("{s:I,s:s}", "question_id", (json_int_t)number, "answer", answer);
}

static LxStatus write_text(LxWriter *writer, const char *text, LxError *error)
{
  return lx_writer_write(writer, text, strlen(text), error);
}

/* One entry of the list, so that a million of them need no memory. */
static LxStatus write_answer(LxWriter *writer, LxDataKind kind, const LxExample *e, bool first,
                             const char *answer, LxError *error)
{
  json_t *entry = prediction(kind, e, answer);
  char *text = entry ? json_dumps(entry, 0) : NULL;
  LxStatus status = text ? write_text(writer, first ? "[\n" : ",\n", error)
                         : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (!status)
    status = write_text(writer, text, error);
  free(text);
  json_decref(entry);
  return status;
}

static LxStatus write_answers(const LxDataset *self, const int64_t *labels,
                              const LxAnswers *answers, LxWriter *writer, LxError *error)
{
  LxStatus status = LX_OK;
  for (int64_t i = 0; i < self->count && !status; i++) {
    LxExample e;
    lx_dataset_get(self, i, &e);
    const char *text = answers ? lx_answers_text(answers, labels[i]) : NULL;
    status = text ? write_answer(writer, self->kind, &e, i == 0, text, error)
                  : lx_fail(error, LX_ERR_ARGUMENT, "The answer table has no label %lld.",
                            (long long)labels[i]);
  }
  return status ? status : write_text(writer, "\n]\n", error);
}

static LxStatus write_verdicts(const LxDataset *self, const int64_t *labels, LxWriter *writer,
                               LxError *error)
{
  LxStatus status = LX_OK;
  for (int64_t i = 0; i < self->count && !status; i++) {
    status = write_text(writer, self->texts + self->items[i].identifier, error);
    if (!status)
      status = write_text(writer, labels[i] == 1 ? ",True\n" : ",False\n", error);
  }
  return status;
}

LxStatus lx_dataset_write_predictions(const LxDataset *self, const int64_t *labels,
                                      const LxAnswers *answers, const char *path, LxError *error)
{
  if (self->kind == LX_DATA_PRETRAIN)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "Pre-training data have no predictions to submit.");
  LxWriter *writer;
  LxStatus status = lx_writer_open(path, &writer, error);
  if (status)
    return status;
  status = self->kind == LX_DATA_NLVR2 ? write_verdicts(self, labels, writer, error)
                                       : write_answers(self, labels, answers, writer, error);
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  return status;
}
