#include "lx-detector-folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-file.h"
#include "lx-safetensors.h"
#include "lx-torch.h"

enum { NAMES_LIMIT = 16 << 20 };

/* ---- names ---- */

static void list_clear(int *n, const char ***list)
{
  for (int i = 0; i < *n; i++)
    free((char *)(*list)[i]);
  free(*list);
  *list = NULL;
  *n = 0;
}

void lx_detector_names_clear(LxDetectorNames *names)
{
  list_clear(&names->n_classes, &names->classes);
  list_clear(&names->n_attributes, &names->attributes);
}

/* The published files give synonyms after a comma ("yolk,yolks"): the first is the name. */
static char *name_of(const char *line, size_t size)
{
  const char *comma = memchr(line, ',', size);
  size = comma ? (size_t)(comma - line) : size;
  while (size && (line[size - 1] == '\r' || line[size - 1] == ' '))
    size--;
  return strndup(line, size);
}

static LxStatus read_names(const char *folder, const char *file, int *n, const char ***list,
                           LxError *error)
{
  char *path = lx_file_join(folder, file), *text = NULL;
  LxStatus status = path ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (status || !lx_file_exists(path))
    goto out;
  status = lx_file_read(path, NAMES_LIMIT, &text, NULL, error);
  for (const char *at = text; !status && *at;) {
    const char *end = strchr(at, '\n');
    size_t size = end ? (size_t)(end - at) : strlen(at);
    const char **longer = realloc(*list, ((size_t)*n + 1) * sizeof *longer);
    if (longer)
      *list = longer;
    char *name = longer ? name_of(at, size) : NULL;
    if (!name)
      status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the names of %s.", path);
    else
      (*list)[(*n)++] = name;
    at += size + (end != NULL);
  }
out:
  free(path);
  free(text);
  return status;
}

static LxStatus write_names(const char *folder, const char *file, int n, const char *const *list,
                            LxError *error)
{
  char *path = lx_file_join(folder, file);
  LxWriter *writer = NULL;
  LxStatus status = path ? lx_writer_open(path, &writer, error)
                         : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  for (int i = 0; i < n && !status; i++) {
    status = lx_writer_write(writer, list[i], strlen(list[i]), error);
    if (!status)
      status = lx_writer_write(writer, "\n", 1, error);
  }
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  free(path);
  return status;
}

/* ---- weights ---- */

static LxStatus check_finite(const LxTensors *params, LxError *error)
{
  for (size_t i = 0; i < lx_tensors_count(params); i++) {
    const LxTensor *t = lx_tensors_at(params, i);
    double sum = 0;
    for (int64_t j = 0; t->dtype == LX_F32 && j < lx_tensor_count(t); j++)
      sum += (double)lx_f32(t)[j] * 0;
    if (sum != 0)
      return lx_fail(error, LX_ERR_NUMERIC,
                     "The weight “%s” holds NaN or infinity; the file is damaged. Get it again.",
                     lx_tensors_name(params, i));
  }
  return LX_OK;
}

static LxStatus read_weights(const char *folder, LxTensors **out, LxError *error)
{
  char *safe = lx_file_join(folder, "model.safetensors");
  char *torch = lx_file_join(folder, "pytorch_model.bin");
  LxTensors *stored = NULL;
  LxStatus status = LX_OK;
  if (!safe || !torch)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  else if (lx_file_exists(safe))
    status = lx_safetensors_read(safe, &stored, error);
  else if (lx_file_exists(torch))
    status = lx_torch_read(torch, &stored, error);
  else
    status = lx_fail(error, LX_ERR_MISSING,
                     "The detector %s has neither model.safetensors nor pytorch_model.bin.",
                     folder);
  if (!status)
    status = lx_tensors_copy_f32(stored, out, error);
  lx_tensors_unref(stored);
  if (!status && (status = check_finite(*out, error))) {
    lx_tensors_unref(*out);
    *out = NULL;
  }
  free(safe);
  free(torch);
  return status;
}

static LxStatus read_config(const char *folder, LxDetectorConfig *config, LxError *error)
{
  static const char *const files[] = {"config.json", "config.yaml", "config.yml"};
  LxStatus status = LX_ERR_MISSING;
  char *path = NULL;
  for (int i = 0; i < 3; i++) {
    free(path);
    path = lx_file_join(folder, files[i]);
    if (path && lx_file_exists(path))
      break;
  }
  if (path && lx_file_exists(path))
    status = lx_detector_config_read(path, config, error);
  else
    lx_fail(error, LX_ERR_MISSING, "The detector %s has no config.json or config.yaml.", folder);
  free(path);
  return status;
}

LxStatus lx_detector_folder_read(const char *folder, LxDetectorConfig *config, LxTensors **params,
                                 LxDetectorNames *names, LxError *error)
{
  *params = NULL;
  *names = (LxDetectorNames){0};
  if (!lx_file_is_folder(folder))
    return lx_fail(error, LX_ERR_MISSING, "There is no detector folder %s.", folder);
  LxStatus status = read_config(folder, config, error);
  if (!status)
    status = read_weights(folder, params, error);
  if (!status)
    status = read_names(folder, "objects_vocab.txt", &names->n_classes, &names->classes, error);
  if (!status)
    status = read_names(folder, "attributes_vocab.txt", &names->n_attributes, &names->attributes,
                        error);
  if (status) {
    lx_tensors_unref(*params);
    *params = NULL;
    lx_detector_names_clear(names);
  }
  return status;
}

LxStatus lx_detector_folder_write(const char *folder, const LxDetectorConfig *config,
                                  const LxTensors *params, const LxDetectorNames *names, int dtype,
                                  LxError *error)
{
  char *model = lx_file_join(folder, "model.safetensors");
  char *json = lx_file_join(folder, "config.json");
  LxStatus status = model && json ? lx_file_make_folder(folder, error)
                                  : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  if (!status)
    status = lx_safetensors_write(model, params, dtype, error);
  if (!status)
    status = lx_detector_config_write(config, json, error);
  if (!status)
    status = write_names(folder, "objects_vocab.txt", names->n_classes, names->classes, error);
  if (!status)
    status = write_names(folder, "attributes_vocab.txt", names->n_attributes, names->attributes,
                         error);
  free(model);
  free(json);
  return status;
}
