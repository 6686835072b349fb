#include "cli-rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli-eval-run.h"
#include "cli.h"

enum { BATCH = 32 };

struct CliRows {
  LxExampleSource source;
  const LxExampleSource *all;
  int64_t *index; /* [source.count] of them in `all` */
};

bool cli_filter_is_empty(const CliFilter *self)
{
  return !self->only && !self->answer && !self->truth && !self->answer_type &&
         !self->question_type && !self->with && !self->confidence;
}

/* "50-90" as 0.5 and 0.9. */
static bool read_confidence(const char *text, double *least, double *most)
{
  int used = 0;
  if (sscanf(text, "%lf-%lf%n", least, most, &used) != 2 || text[used])
    return false;
  *least /= 100;
  *most /= 100;
  return *least >= 0 && *most > 0 && *most <= 1 && *least <= *most;
}

const char *cli_filter_complaint(const CliFilter *self)
{
  double least, most;
  if (self->only && strcmp(self->only, "right") && strcmp(self->only, "wrong") &&
      strcmp(self->only, "partly"))
    return "--only is right, wrong or partly";
  if (self->confidence && !read_confidence(self->confidence, &least, &most))
    return "--confidence is a range in per cent, as 50-90";
  return NULL;
}

__attribute__((format(printf, 3, 4))) static void say(char *out, size_t size, const char *format,
                                                      ...)
{
  const size_t used = strlen(out);
  va_list args;
  va_start(args, format);
  if (used + 3 < size) {
    strcpy(out + used, used ? "; " : "");
    vsnprintf(out + strlen(out), size - strlen(out), format, args);
  }
  va_end(args);
}

void cli_filter_describe(const CliFilter *self, char *out, size_t size)
{
  out[0] = '\0';
  if (self->only)
    say(out, size, "answered %s", strcmp(self->only, "partly") ? self->only : "partly right");
  if (self->truth)
    say(out, size, "right answer “%s”", self->truth);
  if (self->answer)
    say(out, size, "answered “%s”", self->answer);
  if (self->answer_type)
    say(out, size, "kind of answer “%s”", self->answer_type);
  if (self->question_type)
    say(out, size, "type “%s”", self->question_type);
  double least, most;
  if (self->confidence && read_confidence(self->confidence, &least, &most))
    say(out, size, "confidence %.0f%% to %.0f%%", 100 * least, 100 * most);
  if (self->with)
    say(out, size, "with “%s”", self->with);
}

/* ---- which pass ---- */

/* The right answer that counts most, of those that the table has; "" without one. */
static const char *truth_of(const LxExample *e, const LxAnswers *answers)
{
  const LxTarget *best = lx_example_best(e);
  return best ? lx_answers_text(answers, best->label) : "";
}

static bool has_verdict(const CliFilter *filter, const LxExample *e, int64_t label)
{
  const float score = lx_example_score(e, label);
  if (!e->labelled)
    return false;
  return !strcmp(filter->only, "right")   ? score > 0
         : !strcmp(filter->only, "wrong") ? score <= 0
                                          : score > 0 && score < 1;
}

static bool holds(const char *text, const char *letters)
{
  const size_t n = strlen(letters);
  for (; strlen(text) >= n; text++)
    if (!strncasecmp(text, letters, n))
      return true;
  return false;
}

static const char *kind_of(const LxExample *e, LxTask task)
{
  return task == LX_TASK_GQA && !e->answer_type[0] ? (e->binary ? "binary" : "open")
                                                   : e->answer_type;
}

static bool is_so_sure(const CliFilter *f, double confidence)
{
  double least = 0, most = 1;
  read_confidence(f->confidence, &least, &most);
  return confidence >= least && confidence <= most;
}

/* `label`: what the model answers, -1 when it was not asked; `confidence`: how sure it is. */
static bool passes(const CliFilter *f, const LxExample *e, LxTask task, const LxAnswers *answers,
                   int64_t label, double confidence)
{
  const char *truth = truth_of(e, answers),
             *answer = label >= 0 ? lx_answers_text(answers, label) : "";
  return (!f->only || has_verdict(f, e, label)) && (!f->confidence || is_so_sure(f, confidence)) &&
         (!f->answer || !strcmp(answer, f->answer)) && (!f->truth || !strcmp(truth, f->truth)) &&
         (!f->answer_type || !strcmp(kind_of(e, task), f->answer_type)) &&
         (!f->question_type || !strcmp(e->question_type, f->question_type)) &&
         (!f->with || holds(e->sentence, f->with) || holds(truth, f->with) ||
          holds(answer, f->with));
}

/* What the model answers to all of them, and how sure it is; NULL when nobody asks for it. */
static LxStatus answer_all(const CliFilter *filter, const CliData *data, LxTask task,
                           LxModel *model, int64_t **labels, double **confidences, LxError *error)
{
  const size_t n = (size_t)lx_dataset_count(data->dataset);
  LxEvaluation result;
  if (!filter->only && !filter->answer && !filter->with && !filter->confidence)
    return LX_OK;
  *labels = calloc(n, sizeof **labels);
  *confidences = calloc(n, sizeof **confidences);
  if (!*labels || !*confidences)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  const CliEvaluation run = {lx_model_config(model),
                             lx_model_params(model),
                             lx_model_tokenizer(model),
                             lx_dataset_source(data->source),
                             task,
                             BATCH,
                             NULL,
                             false};
  return cli_evaluate(&run, *labels, *confidences, &result, error);
}

static LxStatus get(void *user_data, int64_t index, bool images, LxTrainExample *out,
                    LxError *error)
{
  const CliRows *self = user_data;
  return self->all->get(self->all->user_data, self->index[index], images, out, error);
}

LxStatus cli_rows_new(const CliFilter *filter, const CliData *data, LxTask task, LxModel *model,
                      CliRows **out, LxError *error)
{
  const int64_t n = lx_dataset_count(data->dataset);
  CliRows *self = calloc(1, sizeof *self);
  int64_t *labels = NULL;
  double *confidences = NULL;
  LxStatus status = LX_OK;

  if (!self || !(self->index = malloc((size_t)n * sizeof *self->index)))
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (!status)
    status = answer_all(filter, data, task, model, &labels, &confidences, error);
  for (int64_t i = 0; i < n && !status; i++) {
    LxExample e;
    lx_dataset_get(data->dataset, i, &e);
    if (passes(filter, &e, task, lx_model_answers(model), labels ? labels[i] : -1,
               confidences ? confidences[i] : 0))
      self->index[self->source.count++] = i;
  }
  if (!status && self->source.count == 0)
    status = lx_fail(error, LX_ERR_MISSING, "No question passes the filter.");
  free(labels);
  free(confidences);
  if (status) {
    cli_rows_free(self);
    return status;
  }
  self->all = lx_dataset_source(data->source);
  self->source.get = get;
  self->source.user_data = self;
  *out = self;
  return LX_OK;
}

void cli_rows_free(CliRows *self)
{
  if (!self)
    return;
  free(self->index);
  free(self);
}

const LxExampleSource *cli_rows_source(const CliRows *self)
{
  return &self->source;
}
