/* .npz as NumPy reads it: entries, headers and data byte by byte. */
#include <zip.h>

#include "lx-npz.h"
#include "lx-test-io.h"

static size_t entry(zip_t *zip, const char *name, char *out, size_t size)
{
  zip_file_t *f = zip_fopen(zip, name, 0);
  CHECK(f != NULL, "%s", name);
  zip_int64_t n = f ? zip_fread(f, out, size) : 0;
  if (f)
    zip_fclose(f);
  return n > 0 ? (size_t)n : 0;
}

static void check_array(zip_t *zip, const char *name, const char *descr, const char *shape,
                        const void *data, size_t bytes)
{
  char file[1024] = {0}, want[64];
  size_t n = entry(zip, name, file, sizeof file - 1);
  size_t head = 10 + (unsigned char)file[8] + 256u * (unsigned char)file[9];
  CHECK(memcmp(file, "\x93NUMPY\x01\x00", 8) == 0 && head % 64 == 0 && n == head + bytes, "%s %zu",
        name, n);
  CHECK(file[head - 1] == '\n');
  snprintf(want, sizeof want, "'descr': '%s'", descr);
  CHECK(strstr(file + 10, want), "%s", file + 10);
  snprintf(want, sizeof want, "'shape': %s,", shape);
  CHECK(strstr(file + 10, want), "%s", file + 10);
  CHECK(memcmp(file + head, data, bytes) == 0, "%s", name);
}

int main(void)
{
  LxTensors *t = lx_tensors_new();
  LxTensor *a, *b, *c;
  LxError e = {0};
  static const int64_t d2[] = {2, 3}, d1[] = {4};
  const float half[] = {0.5f, -2, 3, 1024};
  lx_tensors_add(t, "attn/x.0.lang_to_vis", LX_F32, 2, d2, &a, &e);
  lx_tensors_add(t, "ids", LX_I64, 1, d1, &b, &e);
  lx_tensors_add(t, "half", LX_F16, 1, d1, &c, &e);
  lx_tensors_add(t, "scalar", LX_F64, 0, NULL, NULL, &e);
  for (int i = 0; i < 6; i++)
    lx_f32(a)[i] = (float)i / 7;
  for (int i = 0; i < 4; i++)
    lx_i64(b)[i] = i * 1000000007LL;
  lx_convert_from_f32(LX_F16, half, c->data, 4);
  const char *path = lx_test_path("maps.npz");
  CHECK(lx_npz_write(path, t, &e) == LX_OK, "%s", e.message);
  zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
  CHECK(zip && zip_get_num_entries(zip, 0) == 4);
  if (zip) {
    static const char zeros[8];
    check_array(zip, "attn/x.0.lang_to_vis.npy", "<f4", "(2, 3,)", a->data, 24);
    check_array(zip, "ids.npy", "<i8", "(4,)", b->data, 32);
    check_array(zip, "half.npy", "<f4", "(4,)", half, 16);
    check_array(zip, "scalar.npy", "<f8", "()", zeros, 8);
    zip_close(zip);
  }
  CHECK(lx_npz_write(lx_test_path("no/folder.npz"), t, &e) == LX_ERR_IO);
  lx_tensors_unref(t);
  t = lx_tensors_new();
  CHECK(lx_npz_write(path, t, &e) == LX_ERR_ARGUMENT);
  lx_tensors_unref(t);
  lx_test_clean();
  return lx_test_end();
}
