#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-checkpoint.h"
#include "lx-file.h"
#include "lx-json.h"
#include "lx-safetensors.h"
#include "lx-torch.h"

#define INDEX_LIMIT ((size_t)64 << 20)
#define MAX_SHARDS 1000

static bool ends_with(const char *s, const char *tail)
{
  size_t n = strlen(s), m = strlen(tail);
  return n >= m && strcmp(s + n - m, tail) == 0;
}

static LxStatus read_file(const char *path, LxTensors **out, LxError *error)
{
  if (ends_with(path, ".safetensors"))
    return lx_safetensors_read(path, out, error);
  return lx_torch_read(path, out, error);
}

static void release_tensors(void *tensors)
{
  lx_tensors_unref(tensors);
}

/* Adds a shard's tensors as views; `to` keeps the shard. */
static LxStatus add_shard(LxTensors *to, const char *path, LxError *error)
{
  LxTensors *shard;
  LxStatus status = read_file(path, &shard, error);
  if (status)
    return status;
  status = lx_tensors_keep(to, shard, release_tensors, error);
  if (status) {
    lx_tensors_unref(shard);
    return status;
  }
  for (size_t i = 0; i < lx_tensors_count(shard) && !status; i++) {
    const LxTensor *t = lx_tensors_at(shard, i);
    status = lx_tensors_add_view(to, lx_tensors_name(shard, i), t->dtype, t->ndim, t->dim, t->data,
                                 error);
  }
  return status;
}

static LxStatus add_shards(const char *folder, const json_t *map, const char *index, LxTensors *to,
                           LxError *error)
{
  LxStatus status = LX_OK;
  const char *name;
  json_t *file, *seen = json_object();
  if (!seen)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", folder);
  json_object_foreach ((json_t *)map, name, file) {
    const char *shard = json_string_value(file);
    if (!shard || strchr(shard, '/') || *shard == '.' || json_object_size(seen) > MAX_SHARDS) {
      status = lx_fail(error, LX_ERR_FORMAT, "“%s” names no file of its folder for “%.100s”.",
                       index, name);
      break;
    }
    if (json_object_get(seen, shard))
      continue;
    json_object_set_new(seen, shard, json_true());
    char *path = lx_file_join(folder, shard);
    status = path ? add_shard(to, path, error)
                  : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", folder);
    free(path);
    if (status)
      break;
  }
  json_decref(seen);
  return status;
}

/* model.safetensors.index.json: {"weight_map": {name: file}} */
static LxStatus read_shards(const char *folder, const char *index, LxTensors **out, LxError *error)
{
  json_t *json = NULL;
  LxTensors *to = lx_tensors_new();
  LxStatus status = to ? lx_json_read(index, INDEX_LIMIT, &json, error)
                       : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open “%s”.", folder);
  if (!status) {
    const json_t *map = json_object_get(json, "weight_map");
    status = json_is_object(map) ? add_shards(folder, map, index, to, error)
                                 : lx_fail(error, LX_ERR_FORMAT, "“%s” has no weight_map.", index);
  }
  json_decref(json);
  if (status)
    lx_tensors_unref(to);
  else
    *out = to;
  return status;
}

/* The one file of the folder that ends with `tail`; NULL when there are none or several. */
static char *only_file(const char *folder, const char *tail)
{
  char *found = NULL;
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  while (dir && (entry = readdir(dir))) {
    if (!ends_with(entry->d_name, tail))
      continue;
    if (found) {
      free(found);
      found = NULL;
      break;
    }
    found = lx_file_join(folder, entry->d_name);
  }
  if (dir)
    closedir(dir);
  return found;
}

static LxStatus read_folder(const char *folder, LxTensors **out, LxError *error)
{
  static const char *const usual[] = {"model.safetensors", "model.safetensors.index.json",
                                      "pytorch_model.bin", "pytorch_model.bin.index.json"};
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
    char *path = lx_file_join(folder, usual[i]);
    if (path && lx_file_exists(path)) {
      LxStatus status = ends_with(path, ".json") ? read_shards(folder, path, out, error)
                                                 : read_file(path, out, error);
      free(path);
      return status;
    }
    free(path);
  }
  static const char *const tails[] = {".safetensors", ".pth", ".bin", ".pt"};
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    char *path = only_file(folder, tails[i]);
    if (path) {
      LxStatus status = read_file(path, out, error);
      free(path);
      return status;
    }
  }
  return lx_fail(error, LX_ERR_MISSING,
                 "“%s” holds no weights: there is no model.safetensors, no pytorch_model.bin and "
                 "no single .pth.",
                 folder);
}

LxStatus lx_checkpoint_read_raw(const char *path, LxTensors **out, LxError *error)
{
  return lx_file_is_folder(path) ? read_folder(path, out, error) : read_file(path, out, error);
}
