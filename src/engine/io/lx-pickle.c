#include "lx-pickle.h"

#include <stdlib.h>
#include <string.h>

#include "lx-pickle-private.h"

#define MAX_VALUES ((size_t)4 << 20) /* a full-size model has about 5,000 */

struct Block {
  Block *next;
  size_t used, size;
};

/* The mark that MARK pushes: never part of a value. */
static LxPickleValue mark;

void *lx_pickle_alloc(LxPickle *self, size_t bytes)
{
  bytes = (bytes + 15) / 16 * 16;
  if (bytes > self->budget)
    return NULL;
  self->budget -= bytes;
  Block *block = self->blocks;
  if (!block || block->size - block->used < bytes) {
    size_t size = bytes > 65536 ? bytes : 65536;
    block = calloc(1, 32 + size);
    if (!block)
      return NULL;
    block->size = size;
    block->next = self->blocks;
    self->blocks = block;
  }
  void *out = (char *)block + 32 + block->used;
  block->used += bytes;
  return out;
}

LxPickleValue *lx_pickle_value(LxPickle *self, LxPickleKind kind, LxError *error)
{
  LxPickleValue *value = NULL;
  if (self->n_values++ < MAX_VALUES)
    value = lx_pickle_alloc(self, sizeof *value);
  if (!value) {
    lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
    return NULL;
  }
  value->kind = kind;
  return value;
}

static LxStatus damaged(LxError *error)
{
  return lx_fail(error, LX_ERR_FORMAT, "the pickle is damaged or cut short.");
}

/* ---- bytes ---- */

static LxStatus take(LxPickle *self, size_t n, const uint8_t **out, LxError *error)
{
  *out = self->at;
  if ((size_t)(self->end - self->at) < n)
    return damaged(error);
  self->at += n;
  return LX_OK;
}

/* An unsigned little-endian number of n <= 8 bytes. */
static LxStatus take_number(LxPickle *self, size_t n, uint64_t *out, LxError *error)
{
  const uint8_t *bytes;
  LxStatus status = take(self, n, &bytes, error);
  *out = 0;
  for (size_t i = 0; !status && i < n; i++)
    *out |= (uint64_t)bytes[i] << 8 * i;
  return status;
}

static LxStatus take_line(LxPickle *self, char *out, size_t size, LxError *error)
{
  const uint8_t *newline = memchr(self->at, '\n', (size_t)(self->end - self->at));
  size_t n = newline ? (size_t)(newline - self->at) : size;
  if (n >= size)
    return damaged(error);
  memcpy(out, self->at, n);
  out[n] = '\0';
  self->at = newline + 1;
  return LX_OK;
}

/* ---- the stack ---- */

static LxStatus push(LxPickle *self, LxPickleValue *value, LxError *error)
{
  if (!value)
    return LX_ERR_MEMORY;
  if (self->depth == self->stack_capacity) {
    size_t n = self->stack_capacity ? self->stack_capacity * 2 : 256;
    LxPickleValue **stack = n <= 2 * MAX_VALUES ? realloc(self->stack, n * sizeof *stack) : NULL;
    if (!stack)
      return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
    self->stack = stack;
    self->stack_capacity = n;
  }
  self->stack[self->depth++] = value;
  return LX_OK;
}

static LxStatus pop(LxPickle *self, LxPickleValue **out, LxError *error)
{
  *out = NULL;
  if (self->depth == 0 || self->stack[self->depth - 1] == &mark)
    return damaged(error);
  *out = self->stack[--self->depth];
  return LX_OK;
}

static LxStatus top(LxPickle *self, LxPickleValue **out, LxError *error)
{
  LxStatus status = pop(self, out, error);
  if (!status)
    self->depth++;
  return status;
}

/* The values above the last mark; mark and values leave the stack but stay readable there. */
static LxStatus pop_mark(LxPickle *self, LxPickleValue ***items, size_t *n, LxError *error)
{
  size_t at = self->depth;
  while (at && self->stack[at - 1] != &mark)
    at--;
  *items = at ? self->stack + at : NULL;
  *n = at ? self->depth - at : 0;
  if (!at)
    return damaged(error);
  self->depth = at - 1;
  return LX_OK;
}

static LxStatus push_int(LxPickle *self, LxPickleKind kind, int64_t i, LxError *error)
{
  LxPickleValue *value = lx_pickle_value(self, kind, error);
  if (value)
    value->i = i;
  return push(self, value, error);
}

/* `count_bytes` of length, then that many bytes. */
static LxStatus push_text(LxPickle *self, size_t count_bytes, LxError *error)
{
  uint64_t n;
  const uint8_t *bytes = NULL;
  LxStatus status = take_number(self, count_bytes, &n, error);
  if (!status)
    status = n > SIZE_MAX / 2 ? damaged(error) : take(self, (size_t)n, &bytes, error);
  if (status)
    return status;
  LxPickleValue *value = lx_pickle_value(self, LX_PICKLE_TEXT, error);
  char *text = value ? lx_pickle_alloc(self, (size_t)n + 1) : NULL;
  if (!text)
    return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
  memcpy(text, bytes, (size_t)n);
  value->text = text;
  value->n = (size_t)n;
  return push(self, value, error);
}

/* A two's complement number; one of more than 8 bytes is of no use to tensors. */
static LxStatus push_long(LxPickle *self, size_t count_bytes, LxError *error)
{
  uint64_t n, bits = 0;
  const uint8_t *bytes = NULL;
  LxStatus status = take_number(self, count_bytes, &n, error);
  if (!status)
    status = take(self, (size_t)n, &bytes, error);
  if (status)
    return status;
  if (n > 8)
    return push(self, lx_pickle_value(self, LX_PICKLE_OPAQUE, error), error);
  for (size_t i = 0; i < n; i++)
    bits |= (uint64_t)bytes[i] << 8 * i;
  if (n && n < 8 && bytes[n - 1] & 0x80)
    bits |= UINT64_MAX << 8 * n;
  return push_int(self, LX_PICKLE_INT, (int64_t)bits, error);
}

static LxStatus push_float(LxPickle *self, LxError *error)
{
  const uint8_t *bytes;
  LxStatus status = take(self, 8, &bytes, error);
  if (status)
    return status;
  uint64_t bits = 0;
  for (int i = 0; i < 8; i++)
    bits = bits << 8 | bytes[i]; /* big-endian */
  LxPickleValue *value = lx_pickle_value(self, LX_PICKLE_FLOAT, error);
  if (value)
    memcpy(&value->f, &bits, 8);
  return push(self, value, error);
}

/* ---- containers ---- */

/* Adds to a list or (in pairs) a dictionary; a container doubles, so memory stays in proportion. */
static LxStatus extend(LxPickle *self, LxPickleValue *to, LxPickleValue **items, size_t n,
                       LxError *error)
{
  size_t have = to->n, need = have + n, capacity = 4;
  while (capacity < have)
    capacity *= 2;
  if (need > capacity || !to->items) {
    while (capacity < need)
      capacity *= 2;
    LxPickleValue **grown = lx_pickle_alloc(self, capacity * sizeof *grown);
    if (!grown)
      return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
    if (have)
      memcpy(grown, to->items, have * sizeof *grown);
    to->items = grown;
  }
  memcpy(to->items + have, items, n * sizeof *items);
  to->n = need;
  return LX_OK;
}

static LxStatus push_container(LxPickle *self, LxPickleKind kind, LxPickleValue **items, size_t n,
                               LxError *error)
{
  LxPickleValue *value = lx_pickle_value(self, kind, error);
  if (!value)
    return LX_ERR_MEMORY;
  LxStatus status = n ? extend(self, value, items, n, error) : LX_OK;
  return status ? status : push(self, value, error);
}

static LxStatus push_tuple(LxPickle *self, size_t n, LxError *error)
{
  for (size_t i = 0; i < n; i++)
    if (i >= self->depth || self->stack[self->depth - 1 - i] == &mark)
      return damaged(error);
  self->depth -= n;
  return push_container(self, LX_PICKLE_TUPLE, self->stack + self->depth, n, error);
}

static LxStatus marked_container(LxPickle *self, LxPickleKind kind, LxError *error)
{
  LxPickleValue **items;
  size_t n;
  LxStatus status = pop_mark(self, &items, &n, error);
  if (!status && kind == LX_PICKLE_DICT && n % 2)
    status = damaged(error);
  return status ? status : push_container(self, kind, items, n, error);
}

/* APPENDS and SETITEMS (with a mark), APPEND and SETITEM (`n` values). */
static LxStatus add_items(LxPickle *self, LxPickleKind kind, size_t n, LxError *error)
{
  LxPickleValue **items = NULL, *to = NULL;
  LxStatus status = LX_OK;
  if (!n) {
    status = pop_mark(self, &items, &n, error);
  } else if (self->depth < n) {
    status = damaged(error);
  } else {
    self->depth -= n;
    items = self->stack + self->depth;
    for (size_t i = 0; i < n && !status; i++)
      status = items[i] == &mark ? damaged(error) : LX_OK;
  }
  if (!status)
    status = top(self, &to, error);
  if (status)
    return status;
  if (to->kind == LX_PICKLE_OPAQUE)
    return LX_OK;
  if (to->kind != kind || (kind == LX_PICKLE_DICT && n % 2))
    return damaged(error);
  return n ? extend(self, to, items, n, error) : LX_OK;
}

/* ---- memo ---- */

static LxStatus memo_put(LxPickle *self, uint64_t index, LxError *error)
{
  LxPickleValue *value;
  LxStatus status = top(self, &value, error);
  if (status)
    return status;
  if (index >= MAX_VALUES)
    return damaged(error);
  if (index >= self->memo_count) {
    size_t n = self->memo_count ? self->memo_count * 2 : 1024;
    while (n <= index)
      n *= 2;
    LxPickleValue **memo = realloc(self->memo, n * sizeof *memo);
    if (!memo)
      return lx_fail(error, LX_ERR_MEMORY, "the pickle needs too much memory.");
    memset(memo + self->memo_count, 0, (n - self->memo_count) * sizeof *memo);
    self->memo = memo;
    self->memo_count = n;
  }
  self->memo[index] = value;
  return LX_OK;
}

static LxStatus op_memo(LxPickle *self, uint8_t op, LxError *error)
{
  uint64_t index = 0;
  bool wide = op == 'r' || op == 'j';
  LxStatus status = take_number(self, wide ? 4 : 1, &index, error);
  if (status)
    return status;
  if (op == 'q' || op == 'r')
    return memo_put(self, index, error);
  if (index >= self->memo_count || !self->memo[index])
    return damaged(error);
  return push(self, self->memo[index], error);
}

/* MEMOIZE (protocol 4) numbers the memo itself: the first free place. */
static LxStatus op_memoize(LxPickle *self, LxError *error)
{
  size_t free = self->n_memoized++;
  return memo_put(self, free, error);
}

/* ---- calls ---- */

static LxStatus op_global(LxPickle *self, uint8_t op, LxError *error)
{
  char module[256], name[256];
  LxPickleValue *m = NULL, *n = NULL, *out = NULL;
  LxStatus status;
  if (op == 'c') {
    status = take_line(self, module, sizeof module, error);
    if (!status)
      status = take_line(self, name, sizeof name, error);
    if (!status)
      status = lx_pickle_global(self, module, name, &out, error);
  } else {
    status = pop(self, &n, error);
    if (!status)
      status = pop(self, &m, error);
    if (!status && (m->kind != LX_PICKLE_TEXT || n->kind != LX_PICKLE_TEXT))
      status = damaged(error);
    if (!status)
      status = lx_pickle_global(self, m->text, n->text, &out, error);
  }
  return status ? status : push(self, out, error);
}

static LxStatus op_call(LxPickle *self, LxError *error)
{
  LxPickleValue *function = NULL, *args = NULL, *out = NULL;
  LxStatus status = pop(self, &args, error);
  if (!status)
    status = pop(self, &function, error);
  if (!status && args->kind != LX_PICKLE_TUPLE)
    status = damaged(error);
  if (!status)
    status = lx_pickle_call(self, function, args, &out, error);
  return status ? status : push(self, out, error);
}

/* Attributes of a dictionary (state_dict's _metadata) or of something opaque: let go. Of an array they
 * are what it holds. */
static LxStatus op_build(LxPickle *self, LxError *error)
{
  LxPickleValue *state, *object = NULL;
  LxStatus status = pop(self, &state, error);
  if (!status)
    status = top(self, &object, error);
  if (!status && (object->kind == LX_PICKLE_DTYPE || object->kind == LX_PICKLE_ARRAY))
    return lx_pickle_set_state(self, object, state, error);
  if (!status && object->kind != LX_PICKLE_DICT && object->kind != LX_PICKLE_OPAQUE)
    status = lx_fail(error, LX_ERR_UNSUPPORTED, "the pickle builds an object that is no tensor.");
  return status;
}

static LxStatus op_persistent(LxPickle *self, LxError *error)
{
  LxPickleValue *id, *out = NULL;
  LxStatus status = pop(self, &id, error);
  if (!status)
    status = lx_pickle_persistent(self, id, &out, error);
  return status ? status : push(self, out, error);
}

/* ---- opcodes ---- */

static LxStatus op_number(LxPickle *self, uint8_t op, LxError *error)
{
  uint64_t bits = 0;
  LxStatus status;
  switch (op) {
  case 'N':
    return push(self, lx_pickle_value(self, LX_PICKLE_NONE, error), error);
  case 0x88:
  case 0x89:
    return push_int(self, LX_PICKLE_BOOL, op == 0x88, error);
  case 0x8a:
    return push_long(self, 1, error);
  case 0x8b:
    return push_long(self, 4, error);
  case 'G':
    return push_float(self, error);
  default: /* K M J: 1, 2 and (signed) 4 bytes */
    status = take_number(self, op == 'K' ? 1 : op == 'M' ? 2 : 4, &bits, error);
    return status ? status
                  : push_int(self, LX_PICKLE_INT, op == 'J' ? (int32_t)bits : (int64_t)bits, error);
  }
}

static LxStatus op_container(LxPickle *self, uint8_t op, LxError *error)
{
  switch (op) {
  case ']':
    return push_container(self, LX_PICKLE_LIST, NULL, 0, error);
  case ')':
    return push_container(self, LX_PICKLE_TUPLE, NULL, 0, error);
  case '}':
    return push_container(self, LX_PICKLE_DICT, NULL, 0, error);
  case 't':
    return marked_container(self, LX_PICKLE_TUPLE, error);
  case 'l':
    return marked_container(self, LX_PICKLE_LIST, error);
  case 'd':
    return marked_container(self, LX_PICKLE_DICT, error);
  case 'a':
    return add_items(self, LX_PICKLE_LIST, 1, error);
  case 'e':
    return add_items(self, LX_PICKLE_LIST, 0, error);
  case 's':
    return add_items(self, LX_PICKLE_DICT, 2, error);
  default:
    return add_items(self, LX_PICKLE_DICT, 0, error); /* u */
  }
}

static LxStatus op_stack(LxPickle *self, uint8_t op, LxError *error)
{
  LxPickleValue **items, *value;
  size_t n;
  LxStatus status;
  switch (op) {
  case '(':
    return push(self, &mark, error);
  case '1':
    return pop_mark(self, &items, &n, error);
  case '2':
    status = top(self, &value, error);
    return status ? status : push(self, value, error);
  default: /* 0: may take a mark away */
    if (!self->depth)
      return damaged(error);
    self->depth--;
    return LX_OK;
  }
}

static LxStatus op_text(LxPickle *self, uint8_t op, LxError *error)
{
  size_t wide = op == 0x8d || op == 0x8e || op == 0x96 ? 8
                : op == 'X' || op == 'B' || op == 'T'  ? 4
                                                       : 1;
  return push_text(self, wide, error);
}

static LxStatus step(LxPickle *self, uint8_t op, LxError *error)
{
  const uint8_t *skipped;
  if (strchr("NKMJG\x88\x89\x8a\x8b", op))
    return op_number(self, op, error);
  if (strchr("])}tldaesu", op))
    return op_container(self, op, error);
  if (strchr("(120", op))
    return op_stack(self, op, error);
  if (strchr("XUTBC\x8c\x8d\x8e\x96", op))
    return op_text(self, op, error);
  if (strchr("qrhj", op))
    return op_memo(self, op, error);
  switch (op) {
  case 0x80: /* PROTO */
    return take(self, 1, &skipped, error);
  case 0x95: /* FRAME */
    return take(self, 8, &skipped, error);
  case 0x85:
  case 0x86:
  case 0x87:
    return push_tuple(self, op - 0x84u, error);
  case 0x94:
    return op_memoize(self, error);
  case 'c':
  case 0x93:
    return op_global(self, op, error);
  case 'R':
  case 0x81:
    return op_call(self, error);
  case 'b':
    return op_build(self, error);
  case 'Q':
    return op_persistent(self, error);
  default:
    return lx_fail(error, LX_ERR_UNSUPPORTED,
                   "the pickle uses the operation 0x%02x, which no file of tensors needs.", op);
  }
}

static LxStatus run(LxPickle *self, LxError *error)
{
  for (;;) {
    const uint8_t *op;
    LxStatus status = take(self, 1, &op, error);
    if (!status && *op == '.')
      return pop(self, &self->root, error);
    if (!status)
      status = *op ? step(self, *op, error) : damaged(error);
    if (status)
      return status;
  }
}

LxStatus lx_pickle_read(const uint8_t *data, size_t size, size_t *used, LxPickle **out,
                        LxError *error)
{
  LxPickle *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory.");
  self->at = data;
  self->end = data + size;
  self->budget = ((size_t)1 << 20) + (size < SIZE_MAX / 256 ? size : SIZE_MAX / 256) * 128;
  LxStatus status = run(self, error);
  if (status) {
    lx_pickle_free(self);
    return status;
  }
  if (used)
    *used = (size_t)(self->at - data);
  *out = self;
  return LX_OK;
}

void lx_pickle_free(LxPickle *self)
{
  if (!self)
    return;
  while (self->blocks) {
    Block *next = self->blocks->next;
    free(self->blocks);
    self->blocks = next;
  }
  free(self->stack);
  free(self->memo);
  free(self->storages);
  free(self);
}

const LxPickleValue *lx_pickle_root(const LxPickle *self)
{
  return self->root;
}

size_t lx_pickle_storage_count(const LxPickle *self)
{
  return self->n_storages;
}

const LxPickleStorage *lx_pickle_storage(const LxPickle *self, size_t index)
{
  return self->storages[index];
}
