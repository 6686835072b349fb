#include "lx-detector-folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-detector-infer.h"
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

/* As float32, all of them numbers. */
static LxStatus read_file(const char *path, LxTensors **out, LxError *error)
{
  const char *dot = strrchr(path, '.');
  LxTensors *stored = NULL;
  LxStatus status = dot && strcmp(dot, ".safetensors") == 0
                        ? lx_safetensors_read(path, &stored, error)
                        : lx_torch_read(path, &stored, error);
  if (!status)
    status = lx_tensors_copy_f32(stored, out, error);
  lx_tensors_unref(stored);
  if (!status && (status = check_finite(*out, error))) {
    lx_tensors_unref(*out);
    *out = NULL;
  }
  return status;
}

static LxStatus read_weights(const char *folder, LxTensors **out, LxError *error)
{
  char *safe = lx_file_join(folder, "model.safetensors");
  char *torch = lx_file_join(folder, "pytorch_model.bin");
  LxStatus status = LX_OK;
  if (!safe || !torch)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  else if (lx_file_exists(safe))
    status = read_file(safe, out, error);
  else if (lx_file_exists(torch))
    status = read_file(torch, out, error);
  else
    status =
        lx_fail(error, LX_ERR_MISSING,
                "The detector %s has neither model.safetensors nor pytorch_model.bin.", folder);
  free(safe);
  free(torch);
  return status;
}

/* LX_ERR_MISSING without a message where there is none. */
static LxStatus read_config(const char *folder, const char *const *files, LxDetectorConfig *config,
                            LxError *error)
{
  LxStatus status = LX_ERR_MISSING;
  for (; *files && status == LX_ERR_MISSING; files++) {
    char *path = lx_file_join(folder, *files);
    if (path && lx_file_exists(path))
      status = lx_detector_config_read(path, config, error);
    free(path);
  }
  return status;
}

static LxStatus read_folder(const char *folder, LxDetectorConfig *config, LxTensors **params,
                            LxError *error)
{
  static const char *const files[] = {"config.json", "config.yaml", "config.yml", NULL};
  LxStatus status = read_config(folder, files, config, error);
  if (status == LX_ERR_MISSING)
    lx_fail(error, status, "The detector %s has no config.json or config.yaml.", folder);
  return status ? status : read_weights(folder, params, error);
}

/* What lies in `folder`, beside the file, may be another model's: a config.json is not looked at. */
static LxStatus read_alone(const char *path, const char *folder, LxDetectorConfig *config,
                           LxTensors **params, LxError *error)
{
  static const char *const files[] = {"config.yaml", "config.yml", NULL};
  LxStatus status = read_config(folder, files, config, error);
  if (status == LX_ERR_MISSING) {
    lx_detector_config_default(config);
    status = LX_OK;
  }
  if (!status)
    status = read_file(path, params, error);
  if (!status && (status = lx_detector_config_infer(*params, config, error)))
    lx_fail_in(error, path);
  return status;
}

LxStatus lx_detector_folder_read(const char *path, LxDetectorConfig *config, LxTensors **params,
                                 LxDetectorNames *names, LxError *error)
{
  *params = NULL;
  *names = (LxDetectorNames){0};
  bool alone = lx_file_exists(path) && !lx_file_is_folder(path);
  if (!alone && !lx_file_is_folder(path))
    return lx_fail(error, LX_ERR_MISSING, "There is no detector folder %s.", path);
  char *copy = strdup(path);
  const char *slash = copy ? strrchr(copy, '/') : NULL;
  const char *folder = !alone ? path : slash ? copy : ".";
  if (alone && slash)
    copy[slash - copy] = 0;
  LxStatus status = !copy   ? lx_fail(error, LX_ERR_MEMORY, "Not enough memory.")
                    : alone ? read_alone(path, folder, config, params, error)
                            : read_folder(path, config, params, error);
  if (!status)
    status = read_names(folder, "objects_vocab.txt", &names->n_classes, &names->classes, error);
  if (!status)
    status =
        read_names(folder, "attributes_vocab.txt", &names->n_attributes, &names->attributes, error);
  if (status) {
    lx_tensors_unref(*params);
    *params = NULL;
    lx_detector_names_clear(names);
  }
  free(copy);
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
    status =
        write_names(folder, "attributes_vocab.txt", names->n_attributes, names->attributes, error);
  free(model);
  free(json);
  return status;
}
