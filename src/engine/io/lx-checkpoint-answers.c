#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint-private.h"
#include "lx-file.h"

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

char *lx_checkpoint_beside(const char *path, const char *name)
{
  char *found, *folder = strdup(path);
  if (!folder)
    return NULL;
  if (!lx_file_is_folder(path)) {
    char *slash = strrchr(folder, '/');
    if (slash)
      *slash = '\0';
    else
      strcpy(folder, *folder ? "." : "");
  }
  found = lx_file_join(folder, name);
  free(folder);
  if (found && !lx_file_exists(found)) {
    free(found);
    return NULL;
  }
  return found;
}

/* How many answers the head scores; -1 when there is none that scores any. */
static int64_t head_size(const LxCheckpoint *c)
{
  if (c->report.heads & LX_HEAD_ANSWER)
    return c->config.num_qa_labels;
  return c->report.heads & LX_HEAD_NLVR2 ? 2 : -1;
}

/* config.json's id2label; the library's own placeholder is none. */
static void take_labels(LxCheckpoint *out)
{
  const json_t *labels = json_object_get(out->config.document, "id2label");
  const char *first = json_string_value(json_object_get(labels, "0"));
  if (!json_object_size(labels) || (first && strcmp(first, "LABEL_0") == 0))
    return;
  if (lx_answers_from_json(out->config.document, "config.json", &out->answers, NULL)) {
    out->answers = NULL;
    out->report.answers_dropped = (int64_t)json_object_size(labels);
  }
}

LxStatus lx_checkpoint_find_answers(const char *path, bool strict, LxCheckpoint *out,
                                    LxError *error)
{
  LxStatus status = LX_OK;
  int64_t wanted = head_size(out);
  char *file = lx_checkpoint_beside(path, "answers.json");
  if (file)
    status = lx_answers_read(file, &out->answers, error);
  else
    take_labels(out);
  if (status)
    out->answers = NULL;
  int64_t n = out->answers ? lx_answers_count(out->answers) : 0;
  if (n && n != wanted) {
    if (file && strict && (out->report.heads & LX_HEAD_ANSWER))
      status = lx_fail(error, LX_ERR_SHAPE,
                       "answers.json lists %lld answers, but the answer head scores %lld. Put the "
                       "model's own table there, or remove it.",
                       (long long)n, (long long)wanted);
    out->report.answers_dropped = n;
    lx_answers_free(out->answers);
    out->answers = NULL;
  }
  free(file);
  return status;
}
