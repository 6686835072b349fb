/* Checkpoints of a training. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint.h"
#include "lx-file.h"
#include "lx-safetensors.h"
#include "lx-train-private.h"

static const char state_name[] = "training-state.safetensors";

/* What must be the same for a resumed run to be the run that was interrupted. */
static void describe(const LxTrainer *self, char *buf, size_t size)
{
  snprintf(buf, size, "task %s, %lld examples, batch %lld x %lld, seed %llu, %lld steps",
           lx_task_name(self->options.task), (long long)self->source->count, (long long)self->batch,
           (long long)self->options.accumulate, (unsigned long long)self->options.seed,
           (long long)lx_trainer_total_steps(self));
}

/* The parameters go into the state too: a model folder that is one step ahead or behind (a crash
 * between the two moves) then does no harm. */
static LxStatus add_params(const LxTrainer *self, LxTensors *state, LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t i = 0; i < lx_tensors_count(self->params) && !status; i++) {
    char name[256];
    const LxTensor *t = lx_tensors_at(self->params, i);
    snprintf(name, sizeof name, "w/%s", lx_tensors_name(self->params, i));
    status = lx_tensors_add_view(state, name, LX_F32, t->ndim, t->dim, t->data, error);
  }
  return status;
}

LxStatus lx_trainer_save(const LxTrainer *self, const char *folder, const char *vocab_path,
                         const LxAnswers *answers, LxError *error)
{
  LxTensors *state = lx_tensors_new();
  char *path = lx_file_join(folder, state_name), what[256];
  LxStatus status = LX_OK;
  if (!state || !path)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a checkpoint.");
  if (!status)
    status = lx_checkpoint_write(folder, &self->config, self->params, LX_F32, answers, vocab_path,
                                 error);
  if (!status)
    status = lx_optimizer_save(self->optimizer, state, error);
  if (!status)
    status = add_params(self, state, error);
  describe(self, what, sizeof what);
  if (!status)
    status = lx_tensors_set_meta(state, "training", what, error);
  if (!status)
    status = lx_safetensors_write(path, state, LX_KEEP, error);
  lx_tensors_unref(state);
  free(path);
  return status;
}

static LxStatus restore_params(LxTrainer *self, const LxTensors *state, LxError *error)
{
  for (size_t i = 0; i < lx_tensors_count(self->params); i++) {
    char name[256];
    LxTensor *to = lx_tensors_at(self->params, i);
    snprintf(name, sizeof name, "w/%s", lx_tensors_name(self->params, i));
    const LxTensor *from = lx_tensors_find(state, name);
    if (!from || from->dtype != LX_F32 || !lx_tensor_same_shape(from, to))
      return lx_fail(error, LX_ERR_MISSING,
                     "The saved training state does not belong to this model: “%s” does not fit.",
                     name);
    memcpy(to->data, from->data, lx_tensor_bytes(to));
  }
  return LX_OK;
}

LxStatus lx_trainer_resume(LxTrainer *self, const char *folder, LxError *error)
{
  LxTensors *state = NULL;
  char *path = lx_file_join(folder, state_name), what[256];
  if (!path)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to resume.");
  LxStatus status = lx_safetensors_read(path, &state, error);
  free(path);
  if (status)
    return status;
  describe(self, what, sizeof what);
  const char *saved = lx_tensors_meta(state, "training");
  if (!saved || strcmp(saved, what) != 0)
    status = lx_fail(error, LX_ERR_ARGUMENT,
                     "The checkpoint belongs to another training (%s) than this one (%s). Use the "
                     "same settings and data, or start anew in another folder.",
                     saved ? saved : "?", what);
  if (!status)
    status = restore_params(self, state, error);
  if (!status)
    status = lx_optimizer_load(self->optimizer, state, error);
  if (!status)
    self->options.optimizer.lr = lx_optimizer_rate(self->optimizer);
  lx_tensors_unref(state);
  return status;
}

bool lx_trainer_can_resume(const char *folder)
{
  char *path = lx_file_join(folder, state_name);
  bool there = path && lx_file_exists(path);
  free(path);
  return there;
}
