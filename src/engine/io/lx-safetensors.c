#include "lx-safetensors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lx-file.h"
#include "lx-json.h"

#define HEADER_LIMIT ((uint64_t)100 << 20)
#define CHUNK 65536

/* One tensor as the header describes it. */
typedef struct {
  const char *name;
  LxDType dtype;
  int ndim;
  int64_t dim[LX_MAX_DIMS];
  uint64_t begin, end; /* relative to the data */
} Item;

static LxStatus parse_dtype(const char *name, const char *text, LxDType *out, LxError *error)
{
  for (LxDType t = LX_F32; t <= LX_BOOL; t++)
    if (strcmp(text, lx_dtype_name(t)) == 0) {
      *out = t;
      return LX_OK;
    }
  return lx_fail(error, LX_ERR_UNSUPPORTED,
                 "tensor “%.200s” has the type “%.40s”, which is not read.", name, text);
}

static LxStatus parse_shape(const json_t *shape, Item *item, LxError *error)
{
  size_t n = json_array_size(shape), i;
  json_t *value;
  if (!json_is_array(shape) || n > LX_MAX_DIMS)
    return lx_fail(error, LX_ERR_FORMAT, "tensor “%.200s” has no shape of at most %d dimensions.",
                   item->name, LX_MAX_DIMS);
  item->ndim = (int)n;
  json_array_foreach (shape, i, value) {
    item->dim[i] = json_integer_value(value);
    if (!json_is_integer(value) || item->dim[i] < 0)
      return lx_fail(error, LX_ERR_FORMAT, "tensor “%.200s” has an impossible shape.", item->name);
  }
  return LX_OK;
}

static LxStatus check_size(const Item *item, uint64_t data_size, LxError *error)
{
  uint64_t bytes = lx_dtype_size(item->dtype);
  bool overflow = false;
  for (int i = 0; i < item->ndim; i++)
    overflow |= __builtin_mul_overflow(bytes, (uint64_t)item->dim[i], &bytes);
  if (item->begin > item->end || item->end > data_size)
    return lx_fail(error, LX_ERR_FORMAT,
                   "tensor “%.200s” lies outside the file (the file may be cut short).",
                   item->name);
  if (overflow || bytes != item->end - item->begin)
    return lx_fail(error, LX_ERR_FORMAT,
                   "tensor “%.200s” does not have as many bytes as its shape needs.", item->name);
  return LX_OK;
}

static LxStatus parse_item(const char *name, const json_t *value, uint64_t data_size, Item *item,
                           LxError *error)
{
  const json_t *offsets = json_object_get(value, "data_offsets");
  const json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
  const char *dtype = json_string_value(json_object_get(value, "dtype"));
  item->name = name;
  if (!dtype || json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end) ||
      json_integer_value(begin) < 0 || json_integer_value(end) < 0)
    return lx_fail(error, LX_ERR_FORMAT, "tensor “%.200s” lacks a dtype or its two data_offsets.",
                   name);
  item->begin = (uint64_t)json_integer_value(begin);
  item->end = (uint64_t)json_integer_value(end);
  LxStatus status = parse_dtype(name, dtype, &item->dtype, error);
  if (!status)
    status = parse_shape(json_object_get(value, "shape"), item, error);
  if (!status)
    status = check_size(item, data_size, error);
  return status;
}

static LxStatus parse_metadata(const json_t *value, LxTensors *tensors, LxError *error)
{
  const char *key;
  json_t *text;
  if (!json_is_object(value))
    return lx_fail(error, LX_ERR_FORMAT, "__metadata__ is not an object of texts.");
  json_object_foreach ((json_t *)value, key, text) {
    if (!json_is_string(text))
      return lx_fail(error, LX_ERR_FORMAT, "__metadata__ “%.200s” is not a text.", key);
    LxStatus status = lx_tensors_set_meta(tensors, key, json_string_value(text), error);
    if (status)
      return status;
  }
  return LX_OK;
}

static int by_begin(const void *a, const void *b)
{
  const Item *x = *(Item *const *)a, *y = *(Item *const *)b;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  return x->end < y->end ? -1 : x->end > y->end;
}

/* Every byte of the data belongs to exactly one tensor. */
static LxStatus check_layout(const Item *items, size_t n, uint64_t data_size, LxError *error)
{
  const Item **order = malloc((n + 1) * sizeof *order);
  if (!order)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory for the header.");
  for (size_t i = 0; i < n; i++)
    order[i] = &items[i];
  qsort(order, n, sizeof *order, by_begin);
  uint64_t end = 0;
  LxStatus status = LX_OK;
  for (size_t i = 0; i < n && !status; i++) {
    if (order[i]->begin != end)
      status = lx_fail(error, LX_ERR_FORMAT,
                       order[i]->begin < end ? "tensor “%.200s” overlaps another one."
                                             : "there is a gap before tensor “%.200s”.",
                       order[i]->name);
    end = order[i]->end;
  }
  if (!status && end != data_size)
    status = lx_fail(error, LX_ERR_FORMAT, "there are %llu bytes behind the last tensor.",
                     (unsigned long long)(data_size - end));
  free(order);
  return status;
}

static LxStatus add_item(LxTensors *tensors, const Item *item, const uint8_t *data, LxError *error)
{
  const uint8_t *at = data + item->begin;
  if ((uintptr_t)at % lx_dtype_size(item->dtype) == 0)
    return lx_tensors_add_view(tensors, item->name, item->dtype, item->ndim, item->dim, (void *)at,
                               error);
  LxTensor *copy;
  LxStatus status =
      lx_tensors_add(tensors, item->name, item->dtype, item->ndim, item->dim, &copy, error);
  if (!status && item->end > item->begin)
    memcpy(copy->data, at, item->end - item->begin);
  return status;
}

/* From the parsed header to tensors over `data`. */
static LxStatus build(json_t *header, const uint8_t *data, uint64_t data_size, LxTensors *tensors,
                      LxError *error)
{
  if (!json_is_object(header))
    return lx_fail(error, LX_ERR_FORMAT, "the header is not a JSON object.");
  Item *items = calloc(json_object_size(header) + 1, sizeof *items);
  if (!items)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory for the header.");
  LxStatus status = LX_OK;
  size_t n = 0;
  const char *name;
  json_t *value;
  json_object_foreach (header, name, value) {
    if (strcmp(name, "__metadata__") == 0)
      status = parse_metadata(value, tensors, error);
    else
      status = parse_item(name, value, data_size, &items[n++], error);
    if (status)
      break;
  }
  if (!status)
    status = check_layout(items, n, data_size, error);
  for (size_t i = 0; i < n && !status; i++)
    status = add_item(tensors, &items[i], data, error);
  free(items);
  return status;
}

static LxStatus read_mapped(const LxMapping *map, const char *path, LxTensors *tensors,
                            LxError *error)
{
  uint64_t n = 0;
  if (map->size < 8)
    return lx_fail(error, LX_ERR_FORMAT, "“%s” is too short to be a safetensors file.", path);
  for (int i = 0; i < 8; i++)
    n |= (uint64_t)map->data[i] << 8 * i;
  if (n > HEADER_LIMIT || n > map->size - 8)
    return lx_fail(
        error, LX_ERR_FORMAT,
        "“%s” is not a safetensors file, or is cut short: its header would have %llu bytes.", path,
        (unsigned long long)n);
  json_t *header = NULL;
  LxStatus status = lx_json_parse((const char *)map->data + 8, n, path, &header, error);
  if (status)
    return status;
  status = build(header, map->data + 8 + n, map->size - 8 - n, tensors, error);
  json_decref(header);
  if (status)
    lx_fail_in(error, path);
  return status;
}

LxStatus lx_safetensors_read(const char *path, LxTensors **out, LxError *error)
{
  LxMapping *map;
  LxTensors *tensors;
  LxStatus status = lx_file_map_tensors(path, &map, &tensors, error);
  if (status)
    return status;
  status = read_mapped(map, path, tensors, error);
  if (status) {
    lx_tensors_unref(tensors);
    return status;
  }
  *out = tensors;
  return LX_OK;
}

static bool is_float(LxDType t)
{
  return t <= LX_BF16;
}

static LxDType written_dtype(const LxTensor *t, int dtype)
{
  return dtype == LX_KEEP || !is_float(t->dtype) ? t->dtype : (LxDType)dtype;
}

static int add_header_item(json_t *header, const char *name, const LxTensor *t, LxDType dtype,
                           uint64_t *offset)
{
  uint64_t begin = *offset;
  *offset += (uint64_t)lx_tensor_count(t) * lx_dtype_size(dtype);
  json_t *shape = json_array();
  int bad = !shape;
  for (int i = 0; i < t->ndim; i++)
    bad |= json_array_append_new(shape, json_integer(t->dim[i]));
  json_t *item = json_pack("{s:s,s:o,s:[I,I]}", "dtype", lx_dtype_name(dtype), "shape", shape,
                           "data_offsets", (json_int_t)begin, (json_int_t)*offset);
  return bad | json_object_set_new(header, name, item);
}

/* Wide elements come first in the data, so that each is aligned: 8, 4, 2, 1 bytes. */
static int fill_header(const LxTensors *tensors, int dtype, json_t *header)
{
  int bad = 0;
  uint64_t offset = 0;
  size_t n = lx_tensors_count(tensors);
  json_t *meta = json_object();
  bad |= json_object_set_new(header, "__metadata__", meta);
  if (!lx_tensors_meta(tensors, "format")) /* Hugging Face's loader insists on it */
    bad |= json_object_set_new(meta, "format", json_string("pt"));
  for (size_t i = 0; i < lx_tensors_meta_count(tensors) && !bad; i++) {
    const char *key, *value;
    lx_tensors_meta_at(tensors, i, &key, &value);
    bad |= json_object_set_new(meta, key, json_string(value));
  }
  for (size_t i = 0; i < n && !bad; i++) /* the order of the header */
    bad |= json_object_set_new(header, lx_tensors_name(tensors, i), json_null());
  for (size_t width = 8; width && !bad; width /= 2)
    for (size_t i = 0; i < n && !bad; i++) {
      const LxTensor *t = lx_tensors_at(tensors, i);
      LxDType to = written_dtype(t, dtype);
      if (lx_dtype_size(to) == width)
        bad |= add_header_item(header, lx_tensors_name(tensors, i), t, to, &offset);
    }
  return bad;
}

static LxStatus write_header(LxWriter *writer, const LxTensors *tensors, int dtype, LxError *error)
{
  json_t *header = json_object();
  char *text = NULL;
  if (header && !fill_header(tensors, dtype, header))
    text = json_dumps(header, JSON_COMPACT);
  json_decref(header);
  if (!text)
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "The header cannot be written: a name is not valid UTF-8, or memory is full.");
  uint64_t n = strlen(text), padded = (n + 8 + 63) / 64 * 64 - 8;
  uint8_t length[8], spaces[64];
  for (int i = 0; i < 8; i++)
    length[i] = (uint8_t)(padded >> 8 * i);
  memset(spaces, ' ', sizeof spaces);
  LxStatus status = lx_writer_write(writer, length, 8, error);
  if (!status)
    status = lx_writer_write(writer, text, n, error);
  if (!status)
    status = lx_writer_write(writer, spaces, padded - n, error);
  free(text);
  return status;
}

static LxStatus write_converted(LxWriter *writer, const LxTensor *t, LxDType to, LxError *error)
{
  int64_t total = lx_tensor_count(t);
  size_t from_size = lx_dtype_size(t->dtype), to_size = lx_dtype_size(to);
  float *wide = malloc(CHUNK * sizeof *wide);
  char *narrow = malloc(CHUNK * to_size);
  LxStatus status = LX_OK;
  if (!wide || !narrow)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to convert a tensor.");
  for (int64_t at = 0; at < total && !status; at += CHUNK) {
    int64_t n = total - at < CHUNK ? total - at : CHUNK;
    lx_convert_to_f32(t->dtype, (const char *)t->data + (size_t)at * from_size, wide, n);
    lx_convert_from_f32(to, wide, narrow, n);
    status = lx_writer_write(writer, narrow, (size_t)n * to_size, error);
  }
  free(wide);
  free(narrow);
  return status;
}

static LxStatus write_data(LxWriter *writer, const LxTensors *tensors, int dtype, LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t width = 8; width; width /= 2)
    for (size_t i = 0; i < lx_tensors_count(tensors) && !status; i++) {
      const LxTensor *t = lx_tensors_at(tensors, i);
      LxDType to = written_dtype(t, dtype);
      if (lx_dtype_size(to) != width)
        continue;
      status = to == t->dtype ? lx_writer_write(writer, t->data, lx_tensor_bytes(t), error)
                              : write_converted(writer, t, to, error);
    }
  return status;
}

LxStatus lx_safetensors_write(const char *path, const LxTensors *tensors, int dtype, LxError *error)
{
  LxWriter *writer;
  if (dtype != LX_KEEP && dtype != LX_F32 && dtype != LX_F16 && dtype != LX_BF16)
    return lx_fail(error, LX_ERR_ARGUMENT, "Parameters are written as F32, F16 or BF16.");
  LxStatus status = lx_writer_open(path, &writer, error);
  if (status)
    return status;
  status = write_header(writer, tensors, dtype, error);
  if (!status)
    status = write_data(writer, tensors, dtype, error);
  if (!status)
    status = lx_writer_commit(writer, error);
  lx_writer_free(writer);
  return status;
}
