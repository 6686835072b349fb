/* Pickles of NumPy arrays, as Detectron2 writes its .pkl: these three were written by NumPy 1.24, one for
 * each way in which it writes an array. */
#include "lx-test-io.h"
#include "lx-torch.h"

/* {"model": {"a": [[1.5, -2, 7], [3, 200, 0.1]] column-major, "b": [-1, 255], "c": ["x"]}, …} */
static const char protocol2[] =
    "\200\002}q\000(X\005\000\000\000modelq\001}q\002(X\001\000\000\000aq\003cnumpy.core.m"
    "ultiarray\n"
    "_reconstruct\n"
    "q\004cnumpy\n"
    "ndarray\n"
    "q\005K\000\205q\006c_codecs\n"
    "encode\n"
    "q\007X\001\000\000\000bq\010X\006\000\000\000latin1q\011\206q\n"
    "Rq\013\207q\014Rq\015(K\001K\002K\003\206q\016cnumpy\n"
    "dtype\n"
    "q\017X\002\000\000\000f4q\020\211\210\207q\021Rq\022(K\003X\001\000\000\000<q\023NNNJ"
    "\377\377\377\377J\377\377\377\377K\000tq\024b\210h\007X\036\000\000\000\000\000\303\200"
    "?\000\000@@\000\000\000\303\200\000\000HC\000\000\303\240@\303\215\303\214\303\214=q\025"
    "h\011\206q\026Rq\027tq\030bX\001\000\000\000bq\031h\004h\005K\000\205q\032h\013\207q\033"
    "Rq\034(K\001K\002\205q\035h\017X\002\000\000\000i8q\036\211\210\207q\037Rq (K\003h\023"
    "NNNJ\377\377\377\377J\377\377\377\377K\000tq!b\211h\007X\031\000\000\000\303\277\303\277"
    "\303\277\303\277\303\277\303\277\303\277\303\277\303\277\000\000\000\000\000\000\000q"
    "\"h\011\206q#Rq$tq%bX\001\000\000\000cq&h\004h\005K\000\205q'h\013\207q(Rq)(K\001K\001"
    "\205q*h\017X\002\000\000\000O8q+\211\210\207q,Rq-(K\003X\001\000\000\000|q.NNNJ\377\377"
    "\377\377J\377\377\377\377K?tq/b\211]q0X\001\000\000\000xq1atq2buX\n"
    "\000\000\000__author__q3h1u.";
static const char protocol4[] =
    "\200\004\225c\001\000\000\000\000\000\000}\224(\214\005model\224}\224(\214\001a\224\214"
    "\025numpy.core.multiarray\224\214\014_reconstruct\224\223\224\214\005numpy\224\214\007"
    "ndarray\224\223\224K\000\205\224C\001b\224\207\224R\224(K\001K\002K\003\206\224h\007\214"
    "\005dtype\224\223\224\214\002f4\224\211\210\207\224R\224(K\003\214\001<\224NNNJ\377\377"
    "\377\377J\377\377\377\377K\000t\224b\210C\030\000\000\300?\000\000@@\000\000\000\300\000"
    "\000HC\000\000\340@\315\314\314=\224t\224b\214\001b\224h\006h\011K\000\205\224h\013\207"
    "\224R\224(K\001K\002\205\224h\020\214\002i8\224\211\210\207\224R\224(K\003h\024NNNJ\377"
    "\377\377\377J\377\377\377\377K\000t\224b\211C\020\377\377\377\377\377\377\377\377\377"
    "\000\000\000\000\000\000\000\224t\224b\214\001c\224h\006h\011K\000\205\224h\013\207\224"
    "R\224(K\001K\001\205\224h\020\214\002O8\224\211\210\207\224R\224(K\003\214\001|\224NN"
    "NJ\377\377\377\377J\377\377\377\377K?t\224b\211]\224\214\001x\224at\224bu\214\n"
    "__author__\224h.u.";
static const char protocol5[] =
    "\200\005\225\200\001\000\000\000\000\000\000}\224(\214\005model\224}\224(\214\001a\224"
    "\214\022numpy.core.numeric\224\214\013_frombuffer\224\223\224(\226\030\000\000\000\000"
    "\000\000\000\000\000\300?\000\000@@\000\000\000\300\000\000HC\000\000\340@\315\314\314"
    "=\224\214\005numpy\224\214\005dtype\224\223\224\214\002f4\224\211\210\207\224R\224(K\003"
    "\214\001<\224NNNJ\377\377\377\377J\377\377\377\377K\000t\224bK\002K\003\206\224\214\001"
    "F\224t\224R\224\214\001b\224h\006(\226\020\000\000\000\000\000\000\000\377\377\377\377"
    "\377\377\377\377\377\000\000\000\000\000\000\000\224h\n"
    "\214\002i8\224\211\210\207\224R\224(K\003h\016NNNJ\377\377\377\377J\377\377\377\377K\000"
    "t\224bK\002\205\224\214\001C\224t\224R\224\214\001c\224\214\025numpy.core.multiarray\224"
    "\214\014_reconstruct\224\223\224h\010\214\007ndarray\224\223\224K\000\205\224C\001b\224"
    "\207\224R\224(K\001K\001\205\224h\n"
    "\214\002O8\224\211\210\207\224R\224(K\003\214\001|\224NNNJ\377\377\377\377J\377\377\377"
    "\377K?t\224b\211]\224\214\001x\224at\224bu\214\n"
    "__author__\224h/u.";

static LxStatus read_bytes(const char *bytes, size_t size, LxTensors **out, LxError *error)
{
  lx_test_write(lx_test_path("arrays.pkl"), bytes, size);
  return lx_torch_read(lx_test_path("arrays.pkl"), out, error);
}

static void values(const char *bytes, size_t size)
{
  static const float a[] = {1.5f, -2, 7, 3, 200, 0.1f};
  static const int64_t b[] = {-1, 255};
  LxTensors *t = NULL;
  LxError e = {0};
  CHECK(!read_bytes(bytes, size, &t, &e), "%s", e.message);
  if (!t)
    return;
  const LxTensor *x = lx_tensors_find(t, "a"), *y = lx_tensors_find(t, "b");
  CHECK(lx_tensors_count(t) == 2); /* texts are no parameters */
  CHECK(x && x->dtype == LX_F32 && x->ndim == 2 && x->dim[0] == 2 && x->dim[1] == 3 &&
        memcmp(x->data, a, sizeof a) == 0);
  CHECK(y && y->dtype == LX_I64 && y->ndim == 1 && memcmp(y->data, b, sizeof b) == 0);
  lx_tensors_unref(t);
}

/* `from` with the first `old` replaced. */
static void refuses(const char *from, size_t size, const char *old, const char *new,
                    const char *word)
{
  char copy[1024];
  LxTensors *t = NULL;
  LxError e = {0};
  size_t n = strlen(old), at = 0;
  memcpy(copy, from, size);
  while (at + n < size && memcmp(copy + at, old, n) != 0)
    at++;
  memcpy(copy + at, new, n);
  CHECK(read_bytes(copy, size, &t, &e) != LX_OK && strstr(e.message, word), "%s -> %s", word,
        e.message);
  lx_tensors_unref(t);
}

#define BYTES(array) array, sizeof array - 1

int main(void)
{
  values(BYTES(protocol2));
  values(BYTES(protocol4));
  values(BYTES(protocol5));
  refuses(BYTES(protocol4), "K\002K\003\206", "K\002K\004\206", "array is described wrongly");
  refuses(BYTES(protocol5), "K\002K\003\206", "K\005K\003\206", "array is described wrongly");
  refuses(BYTES(protocol2), "<q\023", ">q\023", "big-endian");
  refuses(BYTES(protocol2), "latin1", "utf-16", "text is described wrongly");
  refuses(BYTES(protocol4), "_reconstruct", "_reconstrukt", "_reconstrukt");
  lx_test_clean();
  return lx_test_end();
}
