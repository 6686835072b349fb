#include <string.h>

#include "lx-checkpoint.h"

#define LAST_WEIGHT "answer_head.logit_fc.3.weight"
#define LAST_BIAS "answer_head.logit_fc.3.bias"

static void release_tensors(void *tensors)
{
  lx_tensors_unref(tensors);
}

/* Everything of `params` but the last layer, and a fresh zeroed last layer for `answers` answers.
 */
static LxStatus copy_but_last(LxTensors *params, int64_t answers, int64_t width, LxTensors *out,
                              LxError *error)
{
  LxStatus status = lx_tensors_keep(out, params, release_tensors, error);
  if (status)
    return status;
  lx_tensors_ref(params);
  for (size_t i = 0; i < lx_tensors_count(params) && !status; i++) {
    const char *name = lx_tensors_name(params, i);
    const LxTensor *t = lx_tensors_at(params, i);
    const int64_t dim[] = {answers, width};
    if (strcmp(name, LAST_WEIGHT) == 0)
      status = lx_tensors_add(out, name, LX_F32, 2, dim, NULL, error);
    else if (strcmp(name, LAST_BIAS) == 0)
      status = lx_tensors_add(out, name, LX_F32, 1, dim, NULL, error);
    else
      status = lx_tensors_add_view(out, name, t->dtype, t->ndim, t->dim, t->data, error);
  }
  return status;
}

LxStatus lx_checkpoint_move_answers(LxTensors *params, const LxAnswers *from, const LxAnswers *to,
                                    LxTensors **out, int64_t *moved, int64_t *zeroed,
                                    LxError *error)
{
  const LxTensor *weight = lx_tensors_find(params, LAST_WEIGHT);
  const LxTensor *bias = lx_tensors_find(params, LAST_BIAS);
  int64_t n = lx_answers_count(to), found = 0;
  if (!weight || !bias)
    return lx_fail(error, LX_ERR_MISSING, "The model has no answer head to take answers from.");
  if (weight->dtype != LX_F32 || bias->dtype != LX_F32 || weight->ndim != 2 ||
      weight->dim[0] != lx_answers_count(from) || bias->dim[0] != weight->dim[0])
    return lx_fail(error, LX_ERR_SHAPE,
                   "The table has %lld answers, but the model's answer head is for %lld.",
                   (long long)lx_answers_count(from), (long long)weight->dim[0]);
  LxTensors *copy = lx_tensors_new();
  if (!copy)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the answer head.");
  int64_t width = weight->dim[1];
  LxStatus status = copy_but_last(params, n, width, copy, error);
  if (status) {
    lx_tensors_unref(copy);
    return status;
  }
  float *w = lx_f32(lx_tensors_find(copy, LAST_WEIGHT));
  float *b = lx_f32(lx_tensors_find(copy, LAST_BIAS));
  for (int64_t i = 0; i < n; i++) {
    int64_t row = lx_answers_label_normalized(from, lx_answers_text(to, i));
    if (row < 0)
      continue;
    memcpy(w + i * width, lx_f32(weight) + row * width, (size_t)width * sizeof *w);
    b[i] = lx_f32(bias)[row];
    found++;
  }
  if (moved)
    *moved = found;
  if (zeroed)
    *zeroed = n - found;
  *out = copy;
  return LX_OK;
}
