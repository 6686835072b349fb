#include <stdlib.h>
#include <string.h>

#include "lx-pickle-private.h"

enum {
  ORDERED_DICT,
  REBUILD_TENSOR,
  REBUILD_PARAMETER,
  SIZE,
  OPAQUE,
  NDARRAY,
  RECONSTRUCT,
  FROMBUFFER,
  DTYPE,
  ENCODE,
  STORAGE, /* + LxDType */
};

typedef struct {
  const char *module, *name;
  int which;
} Allowed;

static const Allowed allowed[] = {
    {"collections", "OrderedDict", ORDERED_DICT},
    {"torch._utils", "_rebuild_tensor_v2", REBUILD_TENSOR},
    {"torch._utils", "_rebuild_parameter", REBUILD_PARAMETER},
    {"torch", "Size", SIZE},
    {"torch", "device", OPAQUE},
    {"torch.serialization", "_get_layout", OPAQUE},
    {"numpy", "ndarray", NDARRAY},
    {"numpy", "dtype", DTYPE},
    {"numpy.core.multiarray", "_reconstruct", RECONSTRUCT},
    {"numpy._core.multiarray", "_reconstruct", RECONSTRUCT},
    {"numpy.core.numeric", "_frombuffer", FROMBUFFER},
    {"numpy._core.numeric", "_frombuffer", FROMBUFFER},
    {"numpy.core.multiarray", "scalar", OPAQUE},
    {"numpy._core.multiarray", "scalar", OPAQUE},
    {"_codecs", "encode", ENCODE},
    {"torch", "FloatStorage", STORAGE + LX_F32},
    {"torch", "DoubleStorage", STORAGE + LX_F64},
    {"torch", "HalfStorage", STORAGE + LX_F16},
    {"torch", "BFloat16Storage", STORAGE + LX_BF16},
    {"torch", "LongStorage", STORAGE + LX_I64},
    {"torch", "IntStorage", STORAGE + LX_I32},
    {"torch", "ShortStorage", STORAGE + LX_I16},
    {"torch", "CharStorage", STORAGE + LX_I8},
    {"torch", "ByteStorage", STORAGE + LX_U8},
    {"torch", "BoolStorage", STORAGE + LX_BOOL},
};

LxStatus lx_pickle_global(LxPickle *self, const char *module, const char *name, LxPickleValue **out,
                          LxError *error)
{
  const char *from = strcmp(module, "torch.cuda") == 0 ? "torch" : module;
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (strcmp(allowed[i].module, from) == 0 && strcmp(allowed[i].name, name) == 0) {
      *out = lx_pickle_value(self, LX_PICKLE_GLOBAL, error);
      if (!*out)
        return LX_ERR_MEMORY;
      (*out)->i = allowed[i].which;
      return LX_OK;
    }
  return lx_fail(
      error, LX_ERR_UNSUPPORTED,
      "it asks for “%.120s.%.120s”, which tensors do not need. Nothing was executed; save "
      "the model's state_dict() alone.",
      module, name);
}

static LxStatus misused(const char *name, LxError *error)
{
  return lx_fail(error, LX_ERR_FORMAT, "%s is called with the wrong arguments.", name);
}

/* OrderedDict() or OrderedDict([(key, value), …]) */
static LxStatus ordered_dict(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                             LxError *error)
{
  const LxPickleValue *pairs = args->n ? args->items[0] : NULL;
  *out = lx_pickle_value(self, LX_PICKLE_DICT, error);
  if (!*out)
    return LX_ERR_MEMORY;
  if (args->n > 1 || (pairs && pairs->kind != LX_PICKLE_LIST && pairs->kind != LX_PICKLE_TUPLE))
    return misused("OrderedDict", error);
  if (!pairs || !pairs->n)
    return LX_OK;
  size_t capacity = 4; /* as lx-pickle.c's lists: a power of two */
  while (capacity < 2 * pairs->n)
    capacity *= 2;
  (*out)->items = lx_pickle_alloc(self, capacity * sizeof *(*out)->items);
  if (!(*out)->items)
    return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
  for (size_t i = 0; i < pairs->n; i++) {
    const LxPickleValue *pair = pairs->items[i];
    if ((pair->kind != LX_PICKLE_LIST && pair->kind != LX_PICKLE_TUPLE) || pair->n != 2)
      return misused("OrderedDict", error);
    (*out)->items[(*out)->n++] = pair->items[0];
    (*out)->items[(*out)->n++] = pair->items[1];
  }
  return LX_OK;
}

static bool take_sizes(const LxPickleValue *tuple, int64_t *out, size_t *n)
{
  if ((tuple->kind != LX_PICKLE_TUPLE && tuple->kind != LX_PICKLE_LIST) || tuple->n > LX_MAX_DIMS)
    return false;
  *n = tuple->n;
  for (size_t i = 0; i < tuple->n; i++) {
    if (tuple->items[i]->kind != LX_PICKLE_INT || tuple->items[i]->i < 0)
      return false;
    out[i] = tuple->items[i]->i;
  }
  return true;
}

/* Every element must lie inside the storage: offset + sum (dim-1) * stride < count. */
static bool fits(const LxPickleTensor *t)
{
  int64_t last = t->offset;
  bool empty = false, bad = false;
  for (int i = 0; i < t->ndim; i++) {
    int64_t reach;
    if (t->dim[i] == 0) {
      empty = true;
      continue;
    }
    bad |= __builtin_mul_overflow(t->dim[i] - 1, t->stride[i], &reach);
    bad |= __builtin_add_overflow(last, reach, &last);
  }
  return empty || (!bad && last < t->storage->count);
}

/* _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks) */
static LxStatus rebuild_tensor(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                               LxError *error)
{
  size_t n_dim = 0, n_stride = 0;
  LxPickleTensor t = {0};
  if (args->n < 4 || args->items[0]->kind != LX_PICKLE_STORAGE ||
      args->items[1]->kind != LX_PICKLE_INT || args->items[1]->i < 0)
    return misused("_rebuild_tensor_v2", error);
  if (args->items[2]->n > LX_MAX_DIMS && args->items[2]->kind == LX_PICKLE_TUPLE)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "a tensor has more than %d dimensions.", LX_MAX_DIMS);
  if (!take_sizes(args->items[2], t.dim, &n_dim) ||
      !take_sizes(args->items[3], t.stride, &n_stride) || n_dim != n_stride)
    return misused("_rebuild_tensor_v2", error);
  t.storage = args->items[0]->storage;
  t.offset = args->items[1]->i;
  t.ndim = (int)n_dim;
  if (!fits(&t))
    return lx_fail(error, LX_ERR_FORMAT, "a tensor reaches beyond its storage “%.60s”.",
                   t.storage->key);
  LxPickleTensor *copy = lx_pickle_alloc(self, sizeof *copy);
  *out = lx_pickle_value(self, LX_PICKLE_TENSOR, error);
  if (!copy || !*out)
    return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
  *copy = t;
  (*out)->tensor = copy;
  return LX_OK;
}

/* _reconstruct(ndarray, (0,), b"b"): an array that its state fills. */
static LxStatus reconstruct(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                            LxError *error)
{
  if (!args->n || args->items[0]->kind != LX_PICKLE_GLOBAL || args->items[0]->i != NDARRAY)
    return misused("_reconstruct", error);
  *out = lx_pickle_value(self, LX_PICKLE_ARRAY, error);
  return *out ? LX_OK : LX_ERR_MEMORY;
}

LxStatus lx_pickle_call(LxPickle *self, const LxPickleValue *function, const LxPickleValue *args,
                        LxPickleValue **out, LxError *error)
{
  if (function->kind != LX_PICKLE_GLOBAL)
    return lx_fail(error, LX_ERR_FORMAT, "the pickle calls something that is no function.");
  switch (function->i) {
  case ORDERED_DICT:
    return ordered_dict(self, args, out, error);
  case REBUILD_TENSOR:
    return rebuild_tensor(self, args, out, error);
  case REBUILD_PARAMETER:
    if (!args->n || args->items[0]->kind != LX_PICKLE_TENSOR)
      return misused("_rebuild_parameter", error);
    *out = args->items[0];
    return LX_OK;
  case SIZE:
    if (args->n != 1 || args->items[0]->kind != LX_PICKLE_TUPLE)
      return misused("torch.Size", error);
    *out = args->items[0];
    return LX_OK;
  case RECONSTRUCT:
    return reconstruct(self, args, out, error);
  case FROMBUFFER:
    return lx_pickle_frombuffer(self, args, out, error);
  case DTYPE:
    return lx_pickle_dtype(self, args, out, error);
  case ENCODE:
    return lx_pickle_latin1(self, args, out, error);
  case OPAQUE:
    *out = lx_pickle_value(self, LX_PICKLE_OPAQUE, error);
    return *out ? LX_OK : LX_ERR_MEMORY;
  default:
    return misused("a storage", error);
  }
}

/* The view (key, begin, count) inside a storage, as files before 1.6 may have it. */
static bool take_view(const LxPickleValue *view, LxPickleStorage *s)
{
  if (view->kind == LX_PICKLE_NONE)
    return true;
  if (view->kind != LX_PICKLE_TUPLE || view->n != 3 || view->items[1]->kind != LX_PICKLE_INT ||
      view->items[2]->kind != LX_PICKLE_INT)
    return false;
  s->begin = view->items[1]->i;
  s->count = view->items[2]->i;
  return s->begin >= 0 && s->count >= 0 && s->begin <= s->total && s->count <= s->total - s->begin;
}

static bool take_storage(const LxPickleValue *id, LxPickleStorage *s)
{
  if (id->kind != LX_PICKLE_TUPLE || id->n < 5 || id->n > 6 ||
      id->items[0]->kind != LX_PICKLE_TEXT || strcmp(id->items[0]->text, "storage") != 0 ||
      id->items[1]->kind != LX_PICKLE_GLOBAL || id->items[1]->i < STORAGE ||
      id->items[2]->kind != LX_PICKLE_TEXT || id->items[4]->kind != LX_PICKLE_INT)
    return false;
  s->dtype = (LxDType)(id->items[1]->i - STORAGE);
  s->key = id->items[2]->text;
  s->total = s->count = id->items[4]->i;
  return s->total >= 0 && s->total <= INT64_MAX / 16 && (id->n < 6 || take_view(id->items[5], s));
}

LxStatus lx_pickle_persistent(LxPickle *self, const LxPickleValue *id, LxPickleValue **out,
                              LxError *error)
{
  LxPickleStorage s = {0};
  if (!take_storage(id, &s))
    return lx_fail(error, LX_ERR_FORMAT, "a storage is described wrongly.");
  if (self->n_storages == self->storages_capacity) {
    size_t n = self->storages_capacity ? self->storages_capacity * 2 : 64;
    const LxPickleStorage **grown = realloc(self->storages, n * sizeof *grown);
    if (!grown)
      return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
    self->storages = grown;
    self->storages_capacity = n;
  }
  LxPickleStorage *copy = lx_pickle_alloc(self, sizeof *copy);
  *out = lx_pickle_value(self, LX_PICKLE_STORAGE, error);
  if (!copy || !*out)
    return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
  *copy = s;
  (*out)->storage = copy;
  self->storages[self->n_storages++] = copy;
  return LX_OK;
}
