#include "lens-train-base.h"

#include <glib/gi18n.h>

#include "lens-engine-error.h"
#include "lens-models.h"
#include "lx-checkpoint.h"
#include "lx-train.h"

#define MOST_NAMES 4

LxTask lens_train_task(const LensTrainSettings *settings)
{
  static const LxTask tasks[] = {LX_TASK_VQA, LX_TASK_GQA, LX_TASK_NLVR2, LX_TASK_PRETRAIN};
  return tasks[settings->task];
}

/* " (lang.word, lang.position and 12 more)", or "" without any; owned. */
static char *list_names(const LxNames *names)
{
  size_t shown = MIN(names->count, MOST_NAMES);
  GString *text = g_string_new(shown ? " (" : "");
  for (size_t i = 0; i < shown; i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", names->names[i]);
  if (names->count > shown)
    g_string_append_printf(text, _(" and %d more"), (int)(names->count - shown));
  g_string_append(text, shown ? ")" : "");
  return g_string_free(text, FALSE);
}

static char *describe(LensModel *model, const LxLoadReport *report, gint64 moved, gint64 zeroed)
{
  GString *text = g_string_new(NULL);
  g_autofree char *missing = list_names(&report->missing);
  g_autofree char *unused = list_names(&report->unused);
  g_string_printf(text, _("%d parameter tensors come from %s, %d begin fresh%s."),
                  (int)report->loaded.count, lens_model_get_name(model), (int)report->missing.count,
                  missing);
  if (report->unused.count)
    g_string_append_printf(text, _(" %d are not used%s."), (int)report->unused.count, unused);
  if (moved >= 0)
    g_string_append_printf(text, _(" Of the answers %d were known to it, %d begin at zero."),
                           (int)moved, (int)zeroed);
  return g_string_free(text, FALSE);
}

static gboolean same_answers(const LxAnswers *a, const LxAnswers *b)
{
  if (lx_answers_count(a) != lx_answers_count(b))
    return FALSE;
  for (int64_t i = 0; i < lx_answers_count(a); i++)
    if (g_strcmp0(lx_answers_text(a, i), lx_answers_text(b, i)) != 0)
      return FALSE;
  return TRUE;
}

/* The table: the data's, else the model's own. */
static gboolean take_answers(LensTrainBase *self, LxCheckpoint *read, const char *answers_path,
                             const LensTrainSettings *settings, GError **error)
{
  LxError engine = {0};
  if (settings->task == LENS_TASK_NLVR2)
    return TRUE;
  if (answers_path)
    return lx_answers_read(answers_path, &self->answers, &engine) == LX_OK ||
           lens_error_from_engine(error, &engine);
  if (read->answers) {
    self->answers = read->answers;
    read->answers = NULL;
    return TRUE;
  }
  g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
              _("Neither the base model nor the data has a table of answers. Choose another base "
                "model, or put trainval_label2ans.json into the data folder."));
  return FALSE;
}

/* Loads once more for the task's heads and the size of its answer table: a head of another size
 * begins fresh. */
static gboolean read_again(LensTrainBase *self, LensModel *model, const LensTrainSettings *settings,
                           GError **error)
{
  LxError engine = {0};
  LxCheckpoint read = {0};
  LxCheckpointOptions options = {.heads = lx_task_heads(lens_train_task(settings)),
                                 .config = &self->config,
                                 .seed = settings->seed};
  LxStatus status = lx_checkpoint_read(lens_model_get_path(model), &options, &read, &engine);
  if (status == LX_OK) {
    self->params = lx_tensors_ref(read.params);
    self->report = describe(model, &read.report, -1, 0);
  }
  lx_checkpoint_clear(&read);
  return status == LX_OK || lens_error_from_engine(error, &engine);
}

static gboolean take_params(LensTrainBase *self, LxCheckpoint *read, const LxAnswers *own,
                            LensModel *model, const LensTrainSettings *settings, GError **error)
{
  LxError engine = {0};
  gint64 moved = 0, zeroed = 0;
  gboolean has_head = (read->report.heads & LX_HEAD_ANSWER) != 0;
  if (!self->answers || !own || !has_head || same_answers(own, self->answers))
    return read_again(self, model, settings, error);
  if (lx_checkpoint_move_answers(read->params, own, self->answers, &self->params, &moved, &zeroed,
                                 &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  self->report = describe(model, &read->report, moved, zeroed);
  return TRUE;
}

static gboolean take(LensTrainBase *self, LxCheckpoint *read, LensModel *model,
                     const LensTrainSettings *settings, const char *answers_path, GError **error)
{
  LxError engine = {0};
  if (lx_config_copy(&read->config, &self->config, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  const LxAnswers *own = read->answers; /* may become self->answers: the same table */
  if (!take_answers(self, read, answers_path, settings, error))
    return FALSE;
  if (self->answers)
    self->config.num_qa_labels = lx_answers_count(self->answers);
  return take_params(self, read, own, model, settings, error);
}

gboolean lens_train_base_open(LensModel *model, const LensTrainSettings *settings,
                              const char *answers_path, LensTrainBase *self, GError **error)
{
  LxError engine = {0};
  LxCheckpoint read = {0};
  const char *path = lens_model_get_path(model);
  self->vocab_path = g_build_filename(path, "vocab.txt", NULL);
  if (lx_tokenizer_open(self->vocab_path, &self->tokenizer, &engine) != LX_OK ||
      lx_checkpoint_read(path, NULL, &read, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  gboolean ok = take(self, &read, model, settings, answers_path, error);
  lx_checkpoint_clear(&read);
  if (ok && self->config.vocab_size != lx_tokenizer_count(self->tokenizer)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_FORMAT,
                _("The model has %d words, but %s lists %d. Put the model's own vocab.txt there."),
                (int)self->config.vocab_size, self->vocab_path,
                (int)lx_tokenizer_count(self->tokenizer));
    ok = FALSE;
  }
  if (ok)
    self->hash = lens_models_hash(path, NULL, NULL);
  return ok;
}

void lens_train_base_clear(LensTrainBase *self)
{
  lx_tensors_unref(self->params);
  lx_tokenizer_free(self->tokenizer);
  lx_answers_free(self->answers);
  lx_config_clear(&self->config);
  g_free(self->vocab_path);
  g_free(self->hash);
  g_free(self->report);
  *self = (LensTrainBase){0};
}
