/* NumPy arrays in a pickle: their bytes lie in it, so each is a tensor with a storage of its own. */
#include <string.h>

#include "lx-pickle-private.h"

static LxStatus wrong(const char *what, LxError *error)
{
  return lx_fail(error, LX_ERR_FORMAT, "a NumPy %s is described wrongly.", what);
}

/* dtype("f4", …); of what is no number nothing is kept. */
LxStatus lx_pickle_dtype(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                         LxError *error)
{
  static const struct {
    const char *name;
    LxDType dtype;
  } known[] = {{"f4", LX_F32}, {"f8", LX_F64}, {"f2", LX_F16}, {"i8", LX_I64}, {"i4", LX_I32},
               {"i2", LX_I16}, {"i1", LX_I8},  {"u1", LX_U8},  {"b1", LX_BOOL}};
  if (!args->n || args->items[0]->kind != LX_PICKLE_TEXT)
    return wrong("dtype", error);
  *out = lx_pickle_value(self, LX_PICKLE_OPAQUE, error);
  if (!*out)
    return LX_ERR_MEMORY;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(args->items[0]->text, known[i].name) == 0) {
      (*out)->kind = LX_PICKLE_DTYPE;
      (*out)->i = known[i].dtype;
    }
  return LX_OK;
}

/* (version, "<", …) */
static LxStatus set_dtype(const LxPickleValue *state, LxError *error)
{
  if (state->kind != LX_PICKLE_TUPLE || state->n < 2 || state->items[1]->kind != LX_PICKLE_TEXT)
    return wrong("dtype", error);
  if (strcmp(state->items[1]->text, ">") == 0)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "its arrays were written on a big-endian machine.");
  return LX_OK;
}

/* Row-major, or column-major as Fortran's. */
static bool set_shape(const LxPickleValue *shape, bool fortran, LxPickleTensor *t, int64_t *count)
{
  *count = 1;
  t->ndim = (int)shape->n;
  for (size_t i = 0; i < shape->n; i++) {
    size_t at = fortran ? i : shape->n - 1 - i;
    if (shape->items[at]->kind != LX_PICKLE_INT || shape->items[at]->i < 0)
      return false;
    t->dim[at] = shape->items[at]->i;
    t->stride[at] = *count;
    if (__builtin_mul_overflow(*count, t->dim[at], count))
      return false;
  }
  return true;
}

/* `array` becomes a tensor. */
static LxStatus fill(LxPickle *self, LxPickleValue *array, const LxPickleValue *shape,
                     const LxPickleValue *dtype, const LxPickleValue *bytes, bool fortran,
                     LxError *error)
{
  LxPickleTensor t = {0};
  int64_t count;
  if (dtype->kind == LX_PICKLE_OPAQUE) { /* of texts or objects: no parameters */
    array->kind = LX_PICKLE_OPAQUE;
    return LX_OK;
  }
  if (shape->kind == LX_PICKLE_TUPLE && shape->n > LX_MAX_DIMS)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "an array has more than %d dimensions.", LX_MAX_DIMS);
  if (shape->kind != LX_PICKLE_TUPLE || dtype->kind != LX_PICKLE_DTYPE ||
      bytes->kind != LX_PICKLE_TEXT || !set_shape(shape, fortran, &t, &count) ||
      (uint64_t)count > bytes->n || bytes->n != (size_t)count * lx_dtype_size((LxDType)dtype->i))
    return wrong("array", error);
  LxPickleStorage *storage = lx_pickle_alloc(self, sizeof *storage);
  LxPickleTensor *copy = lx_pickle_alloc(self, sizeof *copy);
  if (!storage || !copy)
    return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
  *storage = (LxPickleStorage){
      .dtype = (LxDType)dtype->i, .key = "", .bytes = bytes->text, .total = count, .count = count};
  t.storage = storage;
  *copy = t;
  array->kind = LX_PICKLE_TENSOR;
  array->tensor = copy;
  return LX_OK;
}

/* (version, shape, dtype, is Fortran's, bytes) */
static LxStatus set_array(LxPickle *self, LxPickleValue *array, const LxPickleValue *state,
                          LxError *error)
{
  if (state->kind != LX_PICKLE_TUPLE || state->n != 5)
    return wrong("array", error);
  LxPickleValue **items = state->items;
  bool fortran = items[3]->kind == LX_PICKLE_BOOL && items[3]->i;
  return fill(self, array, items[1], items[2], items[4], fortran, error);
}

LxStatus lx_pickle_frombuffer(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                              LxError *error)
{
  if (args->n != 4 || args->items[3]->kind != LX_PICKLE_TEXT)
    return wrong("array", error);
  *out = lx_pickle_value(self, LX_PICKLE_ARRAY, error);
  return *out ? fill(self, *out, args->items[2], args->items[1], args->items[0],
                     strcmp(args->items[3]->text, "F") == 0, error)
              : LX_ERR_MEMORY;
}

LxStatus lx_pickle_set_state(LxPickle *self, LxPickleValue *object, const LxPickleValue *state,
                             LxError *error)
{
  return object->kind == LX_PICKLE_DTYPE ? set_dtype(state, error)
                                         : set_array(self, object, state, error);
}

LxStatus lx_pickle_latin1(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                          LxError *error)
{
  if (args->n != 2 || args->items[0]->kind != LX_PICKLE_TEXT ||
      args->items[1]->kind != LX_PICKLE_TEXT || strcmp(args->items[1]->text, "latin1") != 0)
    return wrong("text", error);
  const uint8_t *text = (const uint8_t *)args->items[0]->text;
  size_t n = args->items[0]->n, kept = 0;
  *out = lx_pickle_value(self, LX_PICKLE_TEXT, error);
  char *bytes = *out ? lx_pickle_alloc(self, n + 1) : NULL;
  if (!bytes)
    return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
  for (size_t i = 0; i < n; i++) { /* UTF-8 of U+0000 to U+00FF */
    if (text[i] >= 0x80 && (text[i] & 0xFC) != 0xC0)
      return wrong("text", error);
    if (text[i] >= 0x80 && i + 1 == n)
      return wrong("text", error);
    bytes[kept++] = (char)(text[i] < 0x80 ? text[i] : (text[i] & 3) << 6 | (text[i + 1] & 0x3F));
    i += text[i] >= 0x80;
  }
  (*out)->text = bytes;
  (*out)->n = kept;
  return LX_OK;
}
