#include <stdlib.h>
#include <string.h>

#include "lx-torch-private.h"

#define MAX_DEPTH 16
#define MAX_TENSORS 1000000
#define NAME_SIZE 1024

static int by_key(const void *a, const void *b)
{
  return strcmp(((const LxTorchStorage *)a)->key, ((const LxTorchStorage *)b)->key);
}

LxStatus lx_torch_storages(const LxPickle *pickle, LxTorchStorages *out, LxError *error)
{
  size_t n = lx_pickle_storage_count(pickle), kept = 0;
  LxTorchStorage *items = calloc(n + 1, sizeof *items);
  if (!items)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory.");
  for (size_t i = 0; i < n; i++) {
    const LxPickleStorage *s = lx_pickle_storage(pickle, i);
    items[i] = (LxTorchStorage){.key = s->key, .dtype = s->dtype, .total = s->total};
  }
  qsort(items, n, sizeof *items, by_key);
  for (size_t i = 0; i < n; i++) {
    LxTorchStorage *last = kept ? &items[kept - 1] : NULL;
    if (!last || strcmp(last->key, items[i].key) != 0) {
      items[kept++] = items[i];
    } else if (last->dtype != items[i].dtype || last->total != items[i].total) {
      lx_fail(error, LX_ERR_FORMAT, "storage “%.60s” is described in two ways.", last->key);
      free(items);
      return LX_ERR_FORMAT;
    }
  }
  *out = (LxTorchStorages){items, kept};
  return LX_OK;
}

LxTorchStorage *lx_torch_find(const LxTorchStorages *self, const char *key)
{
  LxTorchStorage wanted = {.key = key};
  return self->count ? bsearch(&wanted, self->items, self->count, sizeof wanted, by_key) : NULL;
}

void *lx_torch_keep(LxTensors *tensors, size_t bytes, LxError *error)
{
  size_t rounded = (bytes + 64) / 64 * 64;
  void *data = rounded > bytes ? aligned_alloc(64, rounded) : NULL;
  if (!data) {
    lx_fail(error, LX_ERR_MEMORY, "not enough memory for %zu bytes of parameters.", bytes);
    return NULL;
  }
  if (lx_tensors_keep(tensors, data, free, error)) {
    free(data);
    return NULL;
  }
  return data;
}

typedef struct {
  const LxTorchStorages *storages;
  LxTensors *tensors;
  uint64_t budget; /* bytes that copies of views may still take */
  int unwrapped;
  char name[NAME_SIZE];
} Collect;

static bool is_contiguous(const LxPickleTensor *t)
{
  int64_t expected = 1;
  for (int i = t->ndim - 1; i >= 0; i--) {
    if (t->dim[i] == 0)
      return true;
    if (t->dim[i] != 1 && t->stride[i] != expected)
      return false;
    expected *= t->dim[i]; /* the pickle checked that the last element is in the storage */
  }
  return true;
}

/* Row-major copy of a strided view. */
static void copy_view(const LxPickleTensor *t, const char *base, size_t width, char *out)
{
  int64_t index[LX_MAX_DIMS] = {0}, at = 0;
  for (;;) {
    memcpy(out, base + (size_t)at * width, width);
    out += width;
    int d = t->ndim - 1;
    for (; d >= 0; d--) {
      at += t->stride[d];
      if (++index[d] < t->dim[d])
        break;
      at -= t->stride[d] * t->dim[d];
      index[d] = 0;
    }
    if (d < 0)
      return;
  }
}

static LxStatus add_tensor(Collect *c, const LxPickleTensor *t, LxError *error)
{
  const LxPickleStorage *view = t->storage;
  const LxTorchStorage *s = view->bytes ? NULL : lx_torch_find(c->storages, view->key);
  const void *data = view->bytes ? view->bytes : s ? s->data : NULL;
  size_t width = lx_dtype_size(view->dtype);
  uint64_t bytes = width;
  bool overflow = false;
  if (!data)
    return lx_fail(error, LX_ERR_FORMAT, "the data of “%.200s” are not in the file.", c->name);
  if (lx_tensors_count(c->tensors) >= MAX_TENSORS)
    return lx_fail(error, LX_ERR_FORMAT, "there are more than %d tensors.", MAX_TENSORS);
  const char *base = (const char *)data + (size_t)(view->begin + t->offset) * width;
  for (int i = 0; i < t->ndim; i++)
    overflow |= __builtin_mul_overflow(bytes, (uint64_t)t->dim[i], &bytes);
  if (!overflow && bytes == 0) /* its offset may point anywhere */
    return lx_tensors_add(c->tensors, c->name, view->dtype, t->ndim, t->dim, NULL, error);
  if (is_contiguous(t) && !view->bytes) /* the pickle's own are gone with it */
    return lx_tensors_add_view(c->tensors, c->name, view->dtype, t->ndim, t->dim, (void *)base,
                               error);
  if (overflow || bytes > c->budget)
    return lx_fail(error, LX_ERR_FORMAT, "“%.200s” is far larger than the file.", c->name);
  c->budget -= bytes;
  LxTensor *copy;
  LxStatus status = lx_tensors_add(c->tensors, c->name, view->dtype, t->ndim, t->dim, &copy, error);
  if (!status)
    copy_view(t, base, width, copy->data);
  return status;
}

/* Whether a value is a tensor, or a dictionary with one not too deep inside. `fuel` bounds the
 * walk: shared references could make it endless. */
static bool holds_tensors(const LxPickleValue *value, int depth, int64_t *fuel)
{
  if (value->kind == LX_PICKLE_TENSOR)
    return true;
  if (value->kind != LX_PICKLE_DICT || depth == MAX_DEPTH)
    return false;
  for (size_t i = 0; i + 1 < value->n; i += 2)
    if (--*fuel <= 0 || holds_tensors(value->items[i + 1], depth + 1, fuel))
      return true;
  return false;
}

static LxStatus add_dictionary(Collect *c, const LxPickleValue *dict, size_t prefix, int depth,
                               LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t i = 0; i + 1 < dict->n && !status; i += 2) {
    const LxPickleValue *key = dict->items[i], *value = dict->items[i + 1];
    int64_t fuel = 1000;
    if (!holds_tensors(value, depth, &fuel))
      continue;
    if (key->kind != LX_PICKLE_TEXT || strlen(key->text) != key->n)
      return lx_fail(error, LX_ERR_FORMAT, "a tensor's name is no text.");
    if (prefix + key->n + 2 > sizeof c->name || depth == MAX_DEPTH)
      return lx_fail(error, LX_ERR_FORMAT, "a tensor's name is too long: “%.60s…”.", key->text);
    memcpy(c->name + prefix, key->text, key->n + 1);
    if (value->kind == LX_PICKLE_TENSOR) {
      status = add_tensor(c, value->tensor, error);
    } else {
      c->name[prefix + key->n] = '.';
      status = add_dictionary(c, value, prefix + key->n + 1, depth + 1, error);
    }
  }
  return status;
}

/* The dictionary that is the model: by its usual names, or the only one with tensors. */
static const LxPickleValue *unwrap(const LxPickleValue *root)
{
  static const char *const usual[] = {"state_dict", "model_state_dict", "model", "module", "net"};
  const LxPickleValue *only = NULL;
  size_t found = 0;
  for (size_t i = 0; i + 1 < root->n; i += 2) {
    int64_t fuel = 100000;
    if (root->items[i + 1]->kind == LX_PICKLE_TENSOR)
      return root;
    if (holds_tensors(root->items[i + 1], 1, &fuel)) {
      only = root->items[i + 1];
      found++;
    }
  }
  for (size_t u = 0; u < sizeof usual / sizeof *usual; u++)
    for (size_t i = 0; i + 1 < root->n; i += 2) {
      const LxPickleValue *key = root->items[i], *value = root->items[i + 1];
      int64_t fuel = 100000;
      if (key->kind == LX_PICKLE_TEXT && strcmp(key->text, usual[u]) == 0 &&
          value->kind == LX_PICKLE_DICT && holds_tensors(value, 1, &fuel))
        return value;
    }
  return found == 1 ? only : root;
}

LxStatus lx_torch_add_tensors(const LxPickleValue *root, const LxTorchStorages *storages,
                              uint64_t budget, LxTensors *tensors, LxError *error)
{
  Collect c = {.storages = storages, .tensors = tensors, .budget = budget};
  if (root->kind != LX_PICKLE_DICT)
    return lx_fail(error, LX_ERR_FORMAT, "it does not hold a dictionary of tensors.");
  for (const LxPickleValue *inner; (inner = unwrap(root)) != root;) {
    root = inner;
    if (++c.unwrapped == MAX_DEPTH)
      break;
  }
  LxStatus status = add_dictionary(&c, root, 0, 0, error);
  if (!status && lx_tensors_count(tensors) == 0)
    status = lx_fail(error, LX_ERR_MISSING, "it holds no tensors.");
  return status;
}
