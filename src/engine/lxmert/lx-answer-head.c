#include "lx-answer-head.h"

#include <string.h>

#define LAST "answer_head.logit_fc.3."

static void release_tensors(void *owner)
{
  lx_tensors_unref(owner);
}

/* Views of all tensors whose name does not begin with `without`. */
static LxStatus share(LxTensors *params, const char *without, LxTensors **out, LxError *error)
{
  LxTensors *shared = lx_tensors_new();
  LxStatus status = LX_OK;

  *out = NULL;
  if (!shared)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the parameters' names.");
  for (size_t i = 0; i < lx_tensors_count(params) && status == LX_OK; i++) {
    const LxTensor *t = lx_tensors_at(params, i);
    if (strncmp(lx_tensors_name(params, i), without, strlen(without)) != 0)
      status = lx_tensors_add_view(shared, lx_tensors_name(params, i), t->dtype, t->ndim, t->dim,
                                   t->data, error);
  }
  if (status == LX_OK)
    status = lx_tensors_keep(shared, lx_tensors_ref(params), release_tensors, error);
  if (status != LX_OK) {
    lx_tensors_unref(shared);
    return status;
  }
  *out = shared;
  return LX_OK;
}

LxStatus lx_answer_head_drop(LxTensors *params, LxTensors **out, LxError *error)
{
  return share(params, "answer_head.", out, error);
}

LxStatus lx_answer_head_move(LxTensors *params, const LxAnswers *from, const LxAnswers *to,
                             LxTensors **out, int64_t *found, LxError *error)
{
  const LxTensor *weight = lx_tensors_find(params, LAST "weight");
  const LxTensor *bias = lx_tensors_find(params, LAST "bias");
  int64_t n = lx_answers_count(to), size, dim[2];
  LxTensor *new_weight = NULL, *new_bias = NULL;
  LxStatus status;

  if (found)
    *found = 0;
  if (!weight || !bias)
    return share(params, "answer_head.", out, error);
  if (weight->ndim != 2 || bias->ndim != 1 || weight->dtype != LX_F32 || bias->dtype != LX_F32 ||
      weight->dim[0] != lx_answers_count(from) || bias->dim[0] != weight->dim[0])
    return lx_fail(error, LX_ERR_SHAPE,
                   "The answer head scores %lld answers, but its table lists %lld.",
                   (long long)weight->dim[0], (long long)lx_answers_count(from));
  size = weight->dim[1];
  dim[0] = n;
  dim[1] = size;
  status = share(params, LAST, out, error);
  if (status == LX_OK)
    status = lx_tensors_add(*out, LAST "weight", LX_F32, 2, dim, &new_weight, error);
  if (status == LX_OK)
    status = lx_tensors_add(*out, LAST "bias", LX_F32, 1, dim, &new_bias, error);
  if (status != LX_OK) {
    lx_tensors_unref(*out);
    *out = NULL;
    return status;
  }
  new_weight = lx_tensors_find(*out, LAST "weight"); /* adding may have moved the first */
  for (int64_t i = 0; i < n; i++) {
    int64_t row = lx_answers_label_normalized(from, lx_answers_text(to, i));
    if (row < 0)
      continue;
    memcpy(lx_f32(new_weight) + i * size, lx_f32(weight) + row * size, (size_t)size * sizeof(float));
    lx_f32(new_bias)[i] = lx_f32(bias)[row];
    if (found)
      ++*found;
  }
  return LX_OK;
}
