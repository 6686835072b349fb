/* Shared by lx-pickle.c (opcodes) and lx-pickle-call.c (the allowed names). */
#pragma once

#include "lx-pickle.h"

typedef struct Block Block;

struct LxPickle {
  const uint8_t *at, *end;
  Block *blocks; /* everything that was allocated */
  size_t budget; /* bytes that may still be: keeps a small hostile pickle small */
  size_t n_values;
  LxPickleValue **stack;
  size_t depth, stack_capacity;
  LxPickleValue **memo;
  size_t memo_count, n_memoized;
  const LxPickleStorage **storages;
  size_t n_storages, storages_capacity;
  LxPickleValue *root;
};

/* Zeroed memory that lives as long as the pickle; NULL when there is none. */
void *lx_pickle_alloc(LxPickle *self, size_t bytes);
/* A new value; NULL (with `error` filled) when memory is full or the pickle is absurdly big. */
LxPickleValue *lx_pickle_value(LxPickle *self, LxPickleKind kind, LxError *error);

/* "module name" -> *out, or an error that names it. */
LxStatus lx_pickle_global(LxPickle *self, const char *module, const char *name, LxPickleValue **out,
                          LxError *error);
/* What `function`(args…) stands for. */
LxStatus lx_pickle_call(LxPickle *self, const LxPickleValue *function, const LxPickleValue *args,
                        LxPickleValue **out, LxError *error);
/* NumPy's: `dtype` and an array get what __setstate__ would. */
LxStatus lx_pickle_dtype(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                         LxError *error);
LxStatus lx_pickle_set_state(LxPickle *self, LxPickleValue *object, const LxPickleValue *state,
                             LxError *error);
/* _frombuffer(bytes, dtype, shape, order): an array at once, as protocol 5 writes it. */
LxStatus lx_pickle_frombuffer(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                              LxError *error);
/* text.encode("latin1"): how protocol 2 writes bytes. */
LxStatus lx_pickle_latin1(LxPickle *self, const LxPickleValue *args, LxPickleValue **out,
                          LxError *error);
/* ('storage', type, key, place, count[, view]) */
LxStatus lx_pickle_persistent(LxPickle *self, const LxPickleValue *id, LxPickleValue **out,
                              LxError *error);
