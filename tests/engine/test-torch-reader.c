/* PyTorch files, both formats: exact values, and every hostile pickle refused by name. */
#include <zip.h>

#include "lx-pickle.h"
#include "lx-safetensors.h"
#include "lx-test-io.h"
#include "lx-torch.h"

static LxTensors *open_torch(const char *path)
{
  LxTensors *t = NULL;
  LxError e = {0};
  CHECK(lx_torch_read(path, &t, &e) == LX_OK, "%s", e.message);
  return t ? t : lx_tensors_new();
}

static LxTensors *open_safe(const char *path)
{
  LxTensors *t = NULL;
  LxError e = {0};
  CHECK(lx_safetensors_read(path, &t, &e) == LX_OK, "%s", e.message);
  return t ? t : lx_tensors_new();
}

static void check_equal(const char *name, const LxTensor *want, const LxTensor *got)
{
  CHECK(got && lx_tensor_same_shape(want, got), "%s", name);
  if (!got || !lx_tensor_same_shape(want, got))
    return;
  int64_t wrong = 0;
  for (int64_t i = 0; i < lx_tensor_count(want); i++)
    wrong += lx_tensor_get(want, i) != lx_tensor_get(got, i);
  CHECK(wrong == 0, "%s: %lld values", name, (long long)wrong);
}

static void check_torture(const char *name)
{
  LxTensors *want = open_safe(lx_test_data("checkpoints/torture_expected.safetensors"));
  LxTensors *got = open_torch(lx_test_data(name));
  CHECK(lx_tensors_count(got) == lx_tensors_count(want), "%s", name);
  for (size_t i = 0; i < lx_tensors_count(want); i++)
    check_equal(lx_tensors_name(want, i), lx_tensors_at(want, i),
                lx_tensors_find(got, lx_tensors_name(want, i)));
  LxTensor *half = lx_tensors_find(got, "a.f16"), *brain = lx_tensors_find(got, "a.bf16");
  CHECK(half && half->dtype == LX_F16 && brain && brain->dtype == LX_BF16);
  lx_tensors_unref(want);
  lx_tensors_unref(got);
}

/* The authors' key for ours. */
static void authors_name(const char *ours, char *out, size_t size)
{
  bool body = strncmp(ours, "lxmert.", 7) == 0;
  snprintf(out, size, "module.%s%s", body ? "bert." : "", body ? ours + 7 : ours);
}

static void check_tiny(const char *name, bool authors)
{
  LxTensors *want = open_safe(lx_test_data("tiny/weights.safetensors"));
  LxTensors *got = open_torch(lx_test_data(name));
  for (size_t i = 0; i < lx_tensors_count(want); i++) {
    char key[256];
    const LxTensor *w = lx_tensors_at(want, i);
    if (authors)
      authors_name(lx_tensors_name(want, i), key, sizeof key);
    else
      snprintf(key, sizeof key, "%s", lx_tensors_name(want, i));
    const LxTensor *g = lx_tensors_find(got, key);
    CHECK(g && g->dtype == w->dtype && lx_tensor_same_shape(w, g) &&
              memcmp(w->data, g->data, lx_tensor_bytes(w)) == 0,
          "%s", key);
  }
  CHECK(lx_tensors_count(want) > 200);
  lx_tensors_unref(want);
  lx_tensors_unref(got);
}

/* A pickle from a C string literal. */
#define REFUSES(bytes, word) refuses(bytes, sizeof(bytes) - 1, word)

static void refuses(const char *bytes, size_t size, const char *word)
{
  LxPickle *p = NULL;
  LxError e = {0};
  CHECK(lx_pickle_read((const uint8_t *)bytes, size, NULL, &p, &e) != LX_OK, "%s", word);
  CHECK(strstr(e.message, word), "%s -> %s", word, e.message);
  lx_pickle_free(p);
}

static void hostile_pickles(void)
{
  REFUSES("\x80\x02"
          "cos\nsystem\nX\x02\0\0\0id\x85R.",
          "os.system");
  REFUSES("\x80\x02"
          "cposix\nsystem\n.",
          "posix.system");
  REFUSES("\x80\x04\x8c\x08"
          "builtins\x8c\x04"
          "eval\x93.",
          "builtins.eval");
  REFUSES("\x80\x02"
          "c__builtin__\ngetattr\n.",
          "getattr");
  REFUSES("\x80\x02"
          "ctorch.storage\nUntypedStorage\n.",
          "UntypedStorage");
  REFUSES("\x80\x02"
          "ctorch\nQInt8Storage\n.",
          "QInt8Storage");
  REFUSES("\x80\x02"
          "ctorch\nload\n.",
          "torch.load");
  REFUSES("\x80\x02(ios\nsystem\n.", "0x69"); /* INST */
  REFUSES("\x80\x02(o.", "0x6f");             /* OBJ */
  REFUSES("\x80\x02\x82\x01.", "0x82");       /* EXT1 */
  REFUSES("\x80\x02"
          "P1\n.",
          "0x50"); /* PERSID */
  REFUSES("\x80\x02K\x01K\x01\x85R.", "no function");
  REFUSES("\x80\x02K\x01}b.", "no tensor");
  REFUSES("\x80\x02", "cut short");
  REFUSES("", "cut short");
  REFUSES("\x80\x02.", "damaged");
  REFUSES("\x80\x02(.", "damaged");
  REFUSES("\x80\x02h\x07.", "damaged");
  REFUSES("\x80\x02j\xff\xff\xff\x7f.", "damaged");
  REFUSES("\x80\x02Nr\xff\xff\xff\x7f.", "damaged");
  REFUSES("\x80\x02X\xff\xff\xff\xff"
          "a.",
          "damaged");
  REFUSES("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
          "a.",
          "damaged");
  REFUSES("\x80\x02]K\x01K\x02s.", "damaged"); /* an item of a list */
  REFUSES("\x80\x02}(K\x01u.", "damaged");     /* a key alone */
  REFUSES("\x80\x02K\x01Q.", "described wrongly");
  REFUSES("\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0"
          "0X\x03\0\0\0cpuJ\xff\xff\xff\xfftQ.",
          "described wrongly");
}

#define STORAGE                                                                                    \
  "(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0"                                           \
  "0X\x03\0\0\0cpuK\x0ctQ"
#define TENSOR                                                                                     \
  "\x80\x02"                                                                                       \
  "ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE

/* Tensors that would reach outside their storage of 12 elements. */
static void hostile_tensors(void)
{
  REFUSES(TENSOR "K\x00K\x0d\x85K\x01\x85\x89}tR.", "beyond its storage");
  REFUSES(TENSOR "K\x0cK\x01\x85K\x01\x85\x89}tR.", "beyond its storage");
  REFUSES(TENSOR "K\x00K\x02\x85K\x0c\x85\x89}tR.", "beyond its storage");
  REFUSES(TENSOR "J\xff\xff\xff\xffK\x01\x85K\x01\x85\x89}tR.", "wrong arguments");
  REFUSES(TENSOR "K\x00K\x02\x85J\xff\xff\xff\xff\x85\x89}tR.", "wrong arguments");
  REFUSES(TENSOR "K\x00K\x02K\x02\x86K\x01\x85\x89}tR.", "wrong arguments");
  REFUSES(TENSOR "K\x00\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85\x8a\x08\xff\xff\xff\xff\xff\xff"
                 "\xff\x7f\x85\x89}tR.",
          "beyond its storage");
  REFUSES(TENSOR
          "K\x00(K\x01K\x01K\x01K\x01K\x01K\x01K\x01t(K\x01K\x01K\x01K\x01K\x01K\x01K\x01t\x89}tR.",
          "dimensions");
}

/* Lists of lists of lists, each ten times the one before: cheap as references, endless as a walk.
 */
static void billion_laughs(void)
{
  char bytes[4096] = "\x80\x02}q";
  size_t n = 4;
  bytes[n++] = 0;
  for (int level = 1; level < 60; level++) {
    bytes[n++] = '}';
    bytes[n++] = 'q';
    bytes[n++] = (char)level;
    bytes[n++] = '(';
    for (int k = 0; k < 10; k++) {
      memcpy(bytes + n, "K", 1);
      bytes[n + 1] = (char)k;
      bytes[n + 2] = 'h';
      bytes[n + 3] = (char)(level - 1);
      n += 4;
    }
    bytes[n++] = 'u';
  }
  bytes[n++] = '.';
  LxTensors *t = NULL;
  LxError e = {0};
  const char *path = lx_test_path("laughs.bin");
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  zip_source_t *source = zip_source_buffer(zip, bytes, n, 0);
  zip_int64_t index = zip_file_add(zip, "x/data.pkl", source, 0);
  zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
  CHECK(zip_close(zip) == 0);
  CHECK(lx_torch_read(path, &t, &e) != LX_OK, "read");
  CHECK(strstr(e.message, "laughs.bin"), "%s", e.message);
}

static void wrong_files(void)
{
  LxTensors *t = NULL;
  LxError e = {0};
  lx_test_write(lx_test_path("empty"), "", 0);
  CHECK(lx_torch_read(lx_test_path("empty"), &t, &e) == LX_ERR_FORMAT);
  lx_test_write(lx_test_path("text"), "hello, this is no model", 23);
  CHECK(lx_torch_read(lx_test_path("text"), &t, &e) == LX_ERR_FORMAT);
  lx_test_write(lx_test_path("zip"), "PK\3\4 nothing", 12);
  CHECK(lx_torch_read(lx_test_path("zip"), &t, &e) == LX_ERR_FORMAT);
  CHECK(lx_torch_read(lx_test_path("absent"), &t, &e) == LX_ERR_IO);
}

int main(void)
{
  check_torture("checkpoints/torture.bin");
  check_torture("checkpoints/torture_nested.bin");
  check_torture("checkpoints/torture_legacy.pth");
  check_tiny("tiny/pytorch_model.bin", false);
  check_tiny("tiny/model_LXRT.pth", true);
  hostile_pickles();
  hostile_tensors();
  billion_laughs();
  wrong_files();
  lx_test_clean();
  return lx_test_end();
}
