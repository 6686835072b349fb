/* safetensors: what is written reads back bit by bit, and no header is believed. */
#include "lx-safetensors.h"
#include "lx-test-io.h"

#include <glob.h>
#include <signal.h>
#include <sys/resource.h>

static void add_all_types(LxTensors *t)
{
  static const int64_t dim[] = {3, 5};
  LxError e;
  for (LxDType type = LX_F32; type <= LX_BOOL; type++) {
    LxTensor *out;
    char name[32];
    snprintf(name, sizeof name, "type.%s.é\"\\", lx_dtype_name(type));
    CHECK(lx_tensors_add(t, name, type, type == LX_U8 ? 1 : 2, dim, &out, &e) == LX_OK);
    unsigned char *bytes = out->data;
    for (size_t i = 0; i < lx_tensor_bytes(out); i++)
      bytes[i] = type == LX_BOOL ? i & 1 : (unsigned char)(i * 37 + type);
  }
  static const int64_t none[] = {0, 4};
  CHECK(lx_tensors_add(t, "empty", LX_F32, 2, none, NULL, &e) == LX_OK);
  CHECK(lx_tensors_add(t, "scalar", LX_F64, 0, NULL, NULL, &e) == LX_OK);
  CHECK(lx_tensors_set_meta(t, "format", "pt", &e) == LX_OK);
}

static void round_trip(void)
{
  LxTensors *a = lx_tensors_new(), *b = NULL;
  LxError e = {0};
  add_all_types(a);
  const char *path = lx_test_path("all.safetensors"), *again = lx_test_path("again.safetensors");
  CHECK(lx_safetensors_write(path, a, LX_KEEP, &e) == LX_OK, "%s", e.message);
  CHECK(lx_safetensors_read(path, &b, &e) == LX_OK, "%s", e.message);
  CHECK(b && lx_tensors_count(b) == lx_tensors_count(a));
  for (size_t i = 0; b && i < lx_tensors_count(a); i++) {
    LxTensor *x = lx_tensors_at(a, i), *y = lx_tensors_at(b, i);
    CHECK(strcmp(lx_tensors_name(a, i), lx_tensors_name(b, i)) == 0);
    CHECK(x->dtype == y->dtype && lx_tensor_same_shape(x, y));
    CHECK(memcmp(x->data, y->data, lx_tensor_bytes(x)) == 0, "%s", lx_tensors_name(a, i));
    CHECK((uintptr_t)y->data % lx_dtype_size(y->dtype) == 0);
  }
  CHECK(b && strcmp(lx_tensors_meta(b, "format"), "pt") == 0);
  CHECK(lx_safetensors_write(again, b, LX_KEEP, &e) == LX_OK);
  char *first, *second;
  size_t n = lx_test_read(path, &first), m = lx_test_read(again, &second);
  CHECK(n == m && memcmp(first, second, n) == 0);
  free(first);
  free(second);
  lx_tensors_unref(a);
  lx_tensors_unref(b);
}

static void half_types(void)
{
  LxTensors *a = lx_tensors_new(), *b = NULL;
  LxTensor *t;
  LxError e = {0};
  int64_t n = 70000; /* more than one chunk */
  CHECK(lx_tensors_add(a, "x", LX_F32, 1, &n, &t, &e) == LX_OK);
  for (int64_t i = 0; i < n; i++)
    lx_f32(t)[i] = (float)(i % 256) * 0.25f;
  for (int type = LX_F16; type <= LX_BF16; type++) {
    CHECK(lx_safetensors_write(lx_test_path("half"), a, type, &e) == LX_OK, "%s", e.message);
    CHECK(lx_safetensors_read(lx_test_path("half"), &b, &e) == LX_OK, "%s", e.message);
    LxTensor *h = lx_tensors_find(b, "x");
    CHECK(h && (int)h->dtype == type && lx_tensor_count(h) == n);
    int64_t wrong = 0;
    for (int64_t i = 0; i < n; i++)
      wrong += lx_tensor_get(h, i) != (double)(i % 256) * 0.25 && i % 256 < 64;
    CHECK(wrong == 0, "%lld", (long long)wrong);
    lx_tensors_unref(b);
  }
  lx_tensors_unref(a);
}

static void refuses(const char *header, size_t data, const char *word)
{
  char file[1024] = {0};
  LxTensors *t = NULL;
  LxError e = {0};
  size_t n = strlen(header);
  file[0] = (char)n, file[1] = (char)(n >> 8);
  memcpy(file + 8, header, n);
  lx_test_write(lx_test_path("bad"), file, 8 + n + data);
  CHECK(lx_safetensors_read(lx_test_path("bad"), &t, &e) != LX_OK, "%s", header);
  CHECK(strstr(e.message, word) && strstr(e.message, "bad"), "%s -> %s", header, e.message);
  lx_tensors_unref(t);
}

static void bad_headers(void)
{
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4,
          "“w” lies outside");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8,
          "“w” does not have");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "“w”");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12,
          "gap before tensor “w”");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
          "\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
          12, "“v” overlaps");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
          "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
          16, "duplicate");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 9, "behind the last");
  refuses("{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8, "F8_E4M3");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "“w”");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
          "“w”");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}", 8, "“w”");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "“w”");
  refuses("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,-8]}}", 8, "“w”");
  refuses("{\"w\":7}", 0, "“w”");
  refuses("{\"__metadata__\":{\"a\":1}}", 0, "“a”");
  refuses("[]", 0, "object");
  refuses("{", 0, "line 1");
}

static void bad_files(void)
{
  LxTensors *t = NULL;
  LxError e = {0};
  lx_test_write(lx_test_path("empty"), "", 0);
  CHECK(lx_safetensors_read(lx_test_path("empty"), &t, &e) == LX_ERR_FORMAT);
  lx_test_write(lx_test_path("huge"), "\xff\xff\xff\xff\xff\xff\xff\xff{}", 10);
  CHECK(lx_safetensors_read(lx_test_path("huge"), &t, &e) == LX_ERR_FORMAT);
  CHECK(lx_safetensors_read(lx_test_path("absent"), &t, &e) == LX_ERR_IO);
  CHECK(lx_safetensors_read(lx_test_folder(), &t, &e) == LX_ERR_IO);
  t = lx_tensors_new();
  CHECK(lx_safetensors_write(lx_test_path("no/such/folder"), t, LX_KEEP, &e) == LX_ERR_IO);
  CHECK(lx_safetensors_write(lx_test_path("x"), t, LX_I64, &e) == LX_ERR_ARGUMENT);
  lx_tensors_unref(t);
}

/* A limit on the file's size fails the write as a full disk does; the old file must stay and
 * nothing else may be left. */
static void full_disk(void)
{
  LxError e = {0};
  LxTensors *t = lx_tensors_new();
  int64_t n = 1 << 20;
  const char *path = lx_test_path("full");
  struct rlimit old, small = {65536, 65536};
  lx_test_write(path, "old", 3);
  CHECK(lx_tensors_add(t, "x", LX_F32, 1, &n, NULL, &e) == LX_OK);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &old);
  small.rlim_max = old.rlim_max;
  setrlimit(RLIMIT_FSIZE, &small);
  CHECK(lx_safetensors_write(path, t, LX_KEEP, &e) == LX_ERR_IO);
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK(strstr(e.message, "cannot be written"), "%s", e.message);
  char *text;
  CHECK(lx_test_read(path, &text) == 3 && strcmp(text, "old") == 0);
  free(text);
  glob_t left;
  CHECK(glob(lx_test_path("full*"), 0, NULL, &left) == 0 && left.gl_pathc == 1);
  globfree(&left);
  lx_tensors_unref(t);
}

int main(void)
{
  round_trip();
  half_types();
  bad_headers();
  bad_files();
  full_disk();
  lx_test_clean();
  return lx_test_end();
}
