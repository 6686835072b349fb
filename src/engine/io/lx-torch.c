#include "lx-torch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "lx-file.h"
#include "lx-torch-private.h"

#define PICKLE_LIMIT ((uint64_t)64 << 20)

/* Views may take this many times the file's size, e.g. one row expanded to many. */
#define COPY_FACTOR 16
#define COPY_SPARE ((uint64_t)64 << 20)

static const uint8_t legacy_magic[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                       0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};

/* ---- zip ---- */

/* A stored entry's size, checked; *index for zip_fopen_index. */
static LxStatus find_entry(zip_t *zip, const char *name, zip_int64_t *index, uint64_t *size,
                           LxError *error)
{
  zip_stat_t st;
  *index = zip_name_locate(zip, name, 0);
  if (*index < 0 || zip_stat_index(zip, (zip_uint64_t)*index, 0, &st) != 0 ||
      !(st.valid & ZIP_STAT_SIZE) || !(st.valid & ZIP_STAT_COMP_METHOD))
    return lx_fail(error, LX_ERR_FORMAT, "“%.80s” is not in the archive.", name);
  if (st.comp_method != ZIP_CM_STORE ||
      (st.valid & ZIP_STAT_ENCRYPTION_METHOD && st.encryption_method))
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "“%.80s” is compressed; PyTorch stores its archives plainly.", name);
  *size = st.size;
  return LX_OK;
}

static LxStatus read_entry(zip_t *zip, zip_int64_t index, void *out, uint64_t size, LxError *error)
{
  zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
  uint64_t done = 0;
  while (file && done < size) {
    zip_int64_t n = zip_fread(file, (char *)out + done, size - done);
    if (n <= 0)
      break;
    done += (uint64_t)n;
  }
  char extra; /* reading to the end makes libzip check the sum */
  bool good = file && done == size && zip_fread(file, &extra, 1) == 0;
  if (file)
    zip_fclose(file);
  return good ? LX_OK
              : lx_fail(error, LX_ERR_FORMAT,
                        "the archive is damaged: a part of it cannot be read.");
}

/* "NAME/" of NAME/data.pkl into `prefix`. */
static LxStatus find_prefix(zip_t *zip, char *prefix, size_t size, LxError *error)
{
  zip_int64_t n = zip_get_num_entries(zip, 0);
  for (zip_int64_t i = 0; i < n; i++) {
    const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
    const char *slash = name ? strchr(name, '/') : NULL;
    if (slash && strcmp(slash, "/data.pkl") == 0 && (size_t)(slash - name) + 2 < size) {
      memcpy(prefix, name, (size_t)(slash - name) + 1);
      prefix[slash - name + 1] = '\0';
      return LX_OK;
    }
  }
  return lx_fail(error, LX_ERR_FORMAT, "it is a zip archive, but not PyTorch's (no data.pkl).");
}

static LxStatus check_byte_order(zip_t *zip, const char *prefix, LxError *error)
{
  char name[640], text[8] = "";
  zip_int64_t index;
  uint64_t size;
  snprintf(name, sizeof name, "%sbyteorder", prefix);
  if (zip_name_locate(zip, name, 0) < 0)
    return LX_OK;
  LxStatus status = find_entry(zip, name, &index, &size, error);
  if (!status && size < sizeof text)
    status = read_entry(zip, index, text, size, error);
  if (!status && strcmp(text, "little") != 0)
    status = lx_fail(error, LX_ERR_UNSUPPORTED, "it was written on a big-endian machine.");
  return status;
}

static LxStatus read_zip_pickle(zip_t *zip, const char *prefix, LxPickle **out, LxError *error)
{
  char name[640];
  zip_int64_t index;
  uint64_t size;
  snprintf(name, sizeof name, "%sdata.pkl", prefix);
  LxStatus status = find_entry(zip, name, &index, &size, error);
  if (!status && size > PICKLE_LIMIT)
    status = lx_fail(error, LX_ERR_FORMAT, "its pickle is too large.");
  if (status)
    return status;
  uint8_t *data = malloc((size_t)size + 1);
  if (!data)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory.");
  status = read_entry(zip, index, data, size, error);
  if (!status)
    status = lx_pickle_read(data, (size_t)size, NULL, out, error);
  free(data);
  return status;
}

static LxStatus load_zip_storages(zip_t *zip, const char *prefix, uint64_t file_size,
                                  LxTorchStorages *storages, LxTensors *tensors, LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t i = 0; i < storages->count && !status; i++) {
    LxTorchStorage *s = &storages->items[i];
    char name[1024];
    zip_int64_t index;
    uint64_t size, need = (uint64_t)s->total * lx_dtype_size(s->dtype);
    snprintf(name, sizeof name, "%sdata/%.300s", prefix, s->key);
    status = find_entry(zip, name, &index, &size, error);
    if (!status && (size != need || size > file_size))
      status = lx_fail(error, LX_ERR_FORMAT, "storage “%.60s” has %llu bytes instead of %llu.",
                       s->key, (unsigned long long)size, (unsigned long long)need);
    if (status)
      break;
    s->data = lx_torch_keep(tensors, (size_t)need, error);
    status = s->data ? read_entry(zip, index, s->data, need, error) : LX_ERR_MEMORY;
  }
  return status;
}

static LxStatus read_zip(const char *path, uint64_t file_size, LxTensors *tensors, LxError *error)
{
  int code = 0;
  char prefix[512];
  LxPickle *pickle = NULL;
  LxTorchStorages storages = {0};
  zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (!zip)
    return lx_fail(error, LX_ERR_FORMAT, "the archive is damaged or cut short.");
  LxStatus status = find_prefix(zip, prefix, sizeof prefix, error);
  if (!status)
    status = check_byte_order(zip, prefix, error);
  if (!status)
    status = read_zip_pickle(zip, prefix, &pickle, error);
  if (!status)
    status = lx_torch_storages(pickle, &storages, error);
  if (!status)
    status = load_zip_storages(zip, prefix, file_size, &storages, tensors, error);
  if (!status)
    status = lx_torch_add_tensors(lx_pickle_root(pickle), &storages,
                                  file_size * COPY_FACTOR + COPY_SPARE, tensors, error);
  free(storages.items);
  lx_pickle_free(pickle);
  zip_discard(zip);
  return status;
}

/* ---- legacy ---- */

typedef struct {
  const uint8_t *data;
  size_t size, at;
} Cursor;

static LxStatus next_pickle(Cursor *c, LxPickle **out, LxError *error)
{
  size_t used = 0, left = c->size - c->at;
  if (left > PICKLE_LIMIT)
    left = PICKLE_LIMIT;
  LxStatus status = lx_pickle_read(c->data + c->at, left, &used, out, error);
  c->at += used;
  return status;
}

/* Protocol 1001, and system information that must say little-endian. */
static LxStatus check_preamble(Cursor *c, LxError *error)
{
  LxPickle *protocol = NULL, *system = NULL;
  c->at = sizeof legacy_magic;
  LxStatus status = next_pickle(c, &protocol, error);
  if (!status)
    status = next_pickle(c, &system, error);
  if (status)
    goto out;
  const LxPickleValue *p = lx_pickle_root(protocol), *s = lx_pickle_root(system);
  if (p->kind != LX_PICKLE_INT || p->i != 1001 || s->kind != LX_PICKLE_DICT)
    status = lx_fail(error, LX_ERR_FORMAT, "its protocol is not PyTorch's 1001.");
  for (size_t i = 0; !status && i + 1 < s->n; i += 2)
    if (s->items[i]->kind == LX_PICKLE_TEXT && strcmp(s->items[i]->text, "little_endian") == 0 &&
        !(s->items[i + 1]->kind == LX_PICKLE_BOOL && s->items[i + 1]->i))
      status = lx_fail(error, LX_ERR_UNSUPPORTED, "it was written on a big-endian machine.");
out:
  lx_pickle_free(protocol);
  lx_pickle_free(system);
  return status;
}

/* For each key an int64 count, then the elements: used in place where they are aligned. */
static LxStatus load_storage(Cursor *c, LxTorchStorage *s, LxTensors *tensors, LxError *error)
{
  uint64_t count = 0;
  size_t width = lx_dtype_size(s->dtype), left = c->size - c->at;
  for (int i = 0; left >= 8 && i < 8; i++)
    count |= (uint64_t)c->data[c->at + (size_t)i] << 8 * i;
  if (left < 8 || count != (uint64_t)s->total || count > (left - 8) / width)
    return lx_fail(error, LX_ERR_FORMAT, "storage “%.60s” is damaged or cut short.", s->key);
  const uint8_t *data = c->data + c->at + 8;
  size_t bytes = (size_t)count * width;
  c->at += 8 + bytes;
  if ((uintptr_t)data % width == 0) {
    s->data = (void *)data;
    return LX_OK;
  }
  s->data = lx_torch_keep(tensors, bytes, error);
  if (!s->data)
    return LX_ERR_MEMORY;
  memcpy(s->data, data, bytes);
  return LX_OK;
}

static LxStatus load_legacy_storages(Cursor *c, const LxPickleValue *keys,
                                     LxTorchStorages *storages, LxTensors *tensors, LxError *error)
{
  LxStatus status = LX_OK;
  if (keys->kind != LX_PICKLE_LIST)
    return lx_fail(error, LX_ERR_FORMAT, "its list of storages is damaged.");
  for (size_t i = 0; i < keys->n && !status; i++) {
    const LxPickleValue *key = keys->items[i];
    LxTorchStorage *s = key->kind == LX_PICKLE_TEXT ? lx_torch_find(storages, key->text) : NULL;
    if (!s || s->data)
      return lx_fail(error, LX_ERR_FORMAT, "its list of storages does not match its tensors.");
    status = load_storage(c, s, tensors, error);
  }
  return status;
}

static LxStatus read_legacy(const LxMapping *map, LxTensors *tensors, LxError *error)
{
  Cursor c = {map->data, map->size, 0};
  LxPickle *object = NULL, *keys = NULL;
  LxTorchStorages storages = {0};
  LxStatus status = check_preamble(&c, error);
  if (!status)
    status = next_pickle(&c, &object, error);
  if (!status)
    status = next_pickle(&c, &keys, error);
  if (!status)
    status = lx_torch_storages(object, &storages, error);
  if (!status)
    status = load_legacy_storages(&c, lx_pickle_root(keys), &storages, tensors, error);
  if (!status)
    status = lx_torch_add_tensors(lx_pickle_root(object), &storages,
                                  map->size * (uint64_t)COPY_FACTOR + COPY_SPARE, tensors, error);
  free(storages.items);
  lx_pickle_free(object);
  lx_pickle_free(keys);
  return status;
}

/* ---- a pickle alone ---- */

/* A dictionary of NumPy arrays, as Detectron2 writes its .pkl. */
static LxStatus read_plain(const LxMapping *map, LxTensors *tensors, LxError *error)
{
  LxPickle *pickle = NULL;
  const LxTorchStorages none = {0};
  LxStatus status = lx_pickle_read(map->data, map->size, NULL, &pickle, error);
  if (!status)
    status = lx_torch_add_tensors(lx_pickle_root(pickle), &none,
                                  map->size * (uint64_t)COPY_FACTOR + COPY_SPARE, tensors, error);
  lx_pickle_free(pickle);
  return status;
}

static LxStatus read_any(const char *path, const LxMapping *map, LxTensors *tensors, LxError *error)
{
  if (map->size >= 4 && memcmp(map->data, "PK\x03\x04", 4) == 0)
    return read_zip(path, map->size, tensors, error);
  if (map->size >= sizeof legacy_magic && memcmp(map->data, legacy_magic, sizeof legacy_magic) == 0)
    return read_legacy(map, tensors, error);
  if (map->size > 262 && memcmp(map->data + 257, "ustar", 5) == 0)
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "it is a tar file of PyTorch 0.1; save it anew with a newer one.");
  if (map->size > 2 && map->data[0] == 0x80 && map->data[1] >= 2 && map->data[1] <= 5)
    return read_plain(map, tensors, error);
  return lx_fail(error, LX_ERR_FORMAT, "it is not a PyTorch checkpoint, or is cut short.");
}

LxStatus lx_torch_read(const char *path, LxTensors **out, LxError *error)
{
  LxMapping *map;
  LxTensors *tensors;
  LxStatus status = lx_file_map_tensors(path, &map, &tensors, error);
  if (status)
    return status;
  status = read_any(path, map, tensors, error);
  if (status) {
    char where[400];
    snprintf(where, sizeof where, "“%.380s”", path);
    lx_fail_in(error, where);
    lx_tensors_unref(tensors);
    return status;
  }
  *out = tensors;
  return LX_OK;
}
