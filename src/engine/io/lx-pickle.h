/* A reader of the pickles that PyTorch writes. It builds plain values and executes nothing: what
 * a pickle may "call" is a fixed list of names that tensors need, and each of them is interpreted
 * here. Anything else is an error with its name. Protocols 2 to 5, binary opcodes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-tensor.h"

typedef enum {
  LX_PICKLE_NONE,
  LX_PICKLE_BOOL,    /* i */
  LX_PICKLE_INT,     /* i */
  LX_PICKLE_FLOAT,   /* f */
  LX_PICKLE_TEXT,    /* text, n bytes, a NUL behind */
  LX_PICKLE_TUPLE,   /* items, n */
  LX_PICKLE_LIST,    /* items, n */
  LX_PICKLE_DICT,    /* items = key, value, key, value, …; n of both together */
  LX_PICKLE_GLOBAL,  /* i = which; private */
  LX_PICKLE_STORAGE, /* storage */
  LX_PICKLE_TENSOR,  /* tensor */
  LX_PICKLE_DTYPE,   /* i = an LxDType; private */
  LX_PICKLE_ARRAY,   /* a NumPy array before its state is there, then a tensor; private */
  LX_PICKLE_OPAQUE,  /* a device, a layout, a NumPy scalar, a long number: nothing of use */
} LxPickleKind;

/* A storage as a persistent id names it, or the bytes of a NumPy array, which are in the pickle itself.
 * A view is `count` elements of `key` from `begin`. */
typedef struct {
  LxDType dtype;
  const char *key;
  const void *bytes; /* aligned; NULL: in the file, under its key */
  int64_t total;     /* elements of the whole storage */
  int64_t begin, count;
} LxPickleStorage;

typedef struct {
  const LxPickleStorage *storage;
  int64_t offset; /* in elements, from the storage's begin */
  int ndim;
  int64_t dim[LX_MAX_DIMS], stride[LX_MAX_DIMS]; /* in elements, >= 0 */
} LxPickleTensor;

typedef struct LxPickleValue LxPickleValue;
struct LxPickleValue {
  LxPickleKind kind;
  size_t n;
  union {
    int64_t i;
    double f;
    const char *text;
    LxPickleValue **items;
    const LxPickleStorage *storage;
    const LxPickleTensor *tensor;
  };
};

typedef struct LxPickle LxPickle;

/* Reads one pickle from the front of `data`; *used (may be NULL) is its length. Memory is bounded
 * by a few dozen times `size`. *out is owned and needs nothing of `data`. */
LxStatus lx_pickle_read(const uint8_t *data, size_t size, size_t *used, LxPickle **out,
                        LxError *error);
void lx_pickle_free(LxPickle *self); /* NULL is fine */
const LxPickleValue *lx_pickle_root(const LxPickle *self);
/* Every storage that the pickle names by a key, in order; one key may come several times. */
size_t lx_pickle_storage_count(const LxPickle *self);
const LxPickleStorage *lx_pickle_storage(const LxPickle *self, size_t index);
