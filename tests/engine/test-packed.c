/* Products of a linear layer by packed weights and by weights as they lie, against sums in double;
 * and that one packed copy serves every user of the same parameters. */
#include "lx-direct.h"
#include "lx-file.h"
#include "lx-packed-shared.h"
#include "lx-rng.h"
#include "lx-safetensors.h"
#include "lx-test.h"

#include <omp.h>
#include <unistd.h>

static LxError error;

static float *numbers(int64_t n, uint64_t stream)
{
  LxRng rng = {.seed = 5, .stream = stream};
  float *x = malloc((size_t)(n ? n : 1) * sizeof *x);
  for (int64_t i = 0; i < n; i++)
    x[i] = (float)(lx_rng_uniform(&rng) - 0.5);
  return x;
}

/* Largest |y - (x W^T + b)|, with GELU when asked. */
static double worst(const float *y, int64_t ldy, const float *x, int64_t rows, int64_t in,
                    const float *w, const float *b, int64_t out, bool gelu)
{
  double most = 0;
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = 0; j < out; j++) {
      double sum = b ? b[j] : 0;
      for (int64_t k = 0; k < in; k++)
        sum += (double)x[r * in + k] * w[j * in + k];
      if (gelu)
        sum *= 0.5 * (1 + erf(sum / sqrt(2)));
      double d = fabs(sum - y[r * ldy + j]);
      if (!(d <= most))
        most = d;
    }
  return most;
}

/* Three layers side by side, of `out`, `out2` and `out` outputs; the middle one has no bias. */
static void check_shape(int64_t rows, int64_t in, int64_t out, int64_t out2)
{
  int64_t outs[3] = {out, out2, out}, total = 2 * out + out2, first = 0;
  float *x = numbers(rows * in, 1), *w = numbers(total * in, 2), *b = numbers(total, 3);
  float *y = malloc((size_t)(rows * total) * sizeof *y);
  LxPackedPart parts[3];
  LxDirectPart direct[3];
  for (int i = 0; i < 3; first += outs[i++]) {
    const float *bias = i == 1 ? NULL : b + first;
    parts[i] = (LxPackedPart){w + first * in, bias, outs[i]};
    direct[i] = (LxDirectPart){w + first * in, bias, outs[i]};
  }
  LxPacked *packed = NULL;
  CHECK(!lx_packed_new(parts, 3, in, &packed, &error), "%s", error.message);
  for (int way = 0; way < 3; way++) {
    for (int64_t i = 0; i < rows * total; i++)
      y[i] = NAN;
    LxDirectProduct product = {
        .parts = direct, .n = 3, .x = x, .rows = rows, .in = in, .y = y, .ldy = total};
    if (way == 2 && !lx_direct_run(&product, 1)) {
      CHECK(in % 16 || !lx_direct_available(), "refused %lld columns", (long long)in);
      break;
    }
    if (way < 2)
      CHECK(
          !lx_packed_run(packed, x, rows, y, way ? LX_ACTIVATION_GELU : LX_ACTIVATION_NONE, &error),
          "%s", error.message);
    first = 0;
    for (int i = 0; i < 3; first += outs[i++]) {
      double d =
          worst(y + first, total, x, rows, in, parts[i].weight, parts[i].bias, outs[i], way == 1);
      CHECK(d < 2e-6 * sqrt((double)in), "way %d, %lld x %lld x %lld, part %d: %g", way,
            (long long)rows, (long long)in, (long long)outs[i], i, d);
    }
  }
  CHECK(lx_packed_out(packed) == total);
  lx_packed_free(packed);
  free(x);
  free(w);
  free(b);
  free(y);
}

/* The first products, before the weights are laid out for good, repeat bit by bit. */
static void test_repeats(void)
{
  enum { ROWS = 37, IN = 768, OUT = 192, RUNS = 8 };
  float *x = numbers(ROWS * IN, 1), *w = numbers(OUT * IN, 2), *b = numbers(OUT, 3);
  float *first = malloc(ROWS * OUT * sizeof *first), *y = malloc(ROWS * OUT * sizeof *y);
  LxPackedPart part = {w, b, OUT};
  LxPacked *packed[5] = {NULL}; /* their turns come in different runs */
  for (int i = 0; i < 5; i++)
    CHECK(!lx_packed_new(&part, 1, IN, &packed[i], &error), "%s", error.message);
  for (int run = 0; run < RUNS; run++)
    for (int i = 0; i < 5; i++) {
      float *to = run || i ? y : first;
      CHECK(!lx_packed_run(packed[i], x, ROWS, to, LX_ACTIVATION_GELU, &error), "%s",
            error.message);
      CHECK(memcmp(to, first, ROWS * OUT * sizeof *y) == 0, "layer %d differs in run %d", i, run);
    }
  for (int i = 0; i < 5; i++) {
    CHECK(!lx_packed_has_onednn() || lx_packed_bytes(packed[i]) == OUT * IN * sizeof *w);
    lx_packed_free(packed[i]);
  }
  CHECK(worst(first, OUT, x, ROWS, IN, w, b, OUT, true) < 1e-4);
  free(x);
  free(w);
  free(b);
  free(y);
  free(first);
}

/* Whoever takes which piece of the work, alone or beside another product, the numbers are the same.
 */
static void test_direct_threads(void)
{
  enum { ROWS = 23, IN = 784, OUT = 301, TOTAL = 3 * OUT };
  float *x = numbers(ROWS * IN, 1), *w = numbers(TOTAL * IN, 2), *b = numbers(TOTAL, 3);
  float *one = malloc(ROWS * TOTAL * sizeof *one), *y = malloc(ROWS * TOTAL * sizeof *y);
  float *beside = malloc(ROWS * OUT * sizeof *beside);
  LxDirectPart parts[3];
  int threads = omp_get_max_threads();
  for (int i = 0; i < 3; i++)
    parts[i] = (LxDirectPart){w + i * OUT * IN, b + i * OUT, OUT};
  for (int n = 1; n <= 5 && lx_direct_available(); n++) {
    omp_set_num_threads(n);
    memset(y, 0xff, ROWS * TOTAL * sizeof *y);
    LxDirectProduct products[2] = {
        {.parts = parts, .n = 3, .x = x, .rows = ROWS, .in = IN, .y = y, .ldy = TOTAL},
        {.parts = parts, .n = 1, .x = x + 5 * IN, .rows = 9, .in = IN, .y = beside, .ldy = OUT}};
    products[0].y = n == 1 ? one : y;
    CHECK(lx_direct_run(products, n == 1 ? 1 : 2));
    CHECK(n == 1 || memcmp(one, y, ROWS * TOTAL * sizeof *y) == 0, "%d threads differ", n);
    for (int r = 0; r < 9 && n > 1; r++)
      CHECK(memcmp(one + (r + 5) * TOTAL, beside + r * OUT, OUT * sizeof *y) == 0,
            "row %d beside others differs with %d threads", r, n);
  }
  omp_set_num_threads(threads);
  free(x);
  free(w);
  free(b);
  free(one);
  free(y);
  free(beside);
}

/* Weights that are laid out in blocks after some uses give the same numbers, bit by bit. */
static void test_blocks(int64_t rows, int64_t in, int64_t out)
{
  float *x = numbers(rows * in, 1), *w = numbers(out * in, 2), *b = numbers(out, 3);
  float *lying = malloc((size_t)(rows * out) * sizeof *lying), *y = calloc((size_t)(rows * out), 4);
  LxPackedPart part = {w, b, out};
  LxDirectPart direct = {w, b, out};
  LxDirectProduct product = {
      .parts = &direct, .n = 1, .x = x, .rows = rows, .in = in, .y = lying, .ldy = out};
  LxPacked *packed = NULL;
  CHECK(!lx_packed_new(&part, 1, in, &packed, &error), "%s", error.message);
  CHECK(lx_direct_run(&product, 1));
  CHECK(!lx_packed_blocks(packed), "laid out at its first use");
  for (int use = 0; use < 5; use++)
    product.blocks = lx_packed_blocks(packed);
  product.y = y;
  CHECK(lx_direct_run(&product, 1));
  CHECK(memcmp(lying, y, (size_t)(rows * out) * sizeof *y) == 0, "%lld x %lld x %lld differ",
        (long long)rows, (long long)in, (long long)out);
  for (int64_t i = 0; product.blocks && i < out * in; i++) {
    int64_t r = i / in, k = i % in;
    CHECK(product.blocks[(r / 64 * in + k) * 64 + r % 64] == w[i], "weight %lld", (long long)i);
  }
  lx_packed_free(packed);
  free(x);
  free(w);
  free(b);
  free(lying);
  free(y);
}

/* Parameters in a mapped file: packed once, their pages given back, still readable. */
static void test_shared(void)
{
  char path[] = "/tmp/lx-packed-XXXXXX";
  int fd = mkstemp(path);
  CHECK(fd >= 0);
  LxTensors *made = lx_tensors_new(), *params = NULL;
  LxTensor *t;
  CHECK(!lx_tensors_add(made, "w", LX_F32, 2, (int64_t[]){128, 64}, &t, &error));
  for (int64_t i = 0; i < lx_tensor_count(t); i++)
    lx_f32(t)[i] = (float)i;
  CHECK(!lx_tensors_add(made, "b", LX_F32, 1, (int64_t[]){128}, NULL, &error));
  CHECK(!lx_safetensors_write(path, made, LX_KEEP, &error), "%s", error.message);
  CHECK(!lx_safetensors_read(path, &params, &error), "%s", error.message);
  const LxTensor *w = lx_tensors_find(params, "w"), *b = lx_tensors_find(params, "b");
  LxPacked *none = NULL, *first = NULL, *second = NULL, *pair = NULL;
  CHECK(!lx_packed_shared(params, &w, &b, 1, false, &none, &error) && !none);
  CHECK(!lx_packed_shared(params, &w, &b, 1, true, &first, &error) && first);
  CHECK(!lx_packed_shared(params, &w, &b, 1, false, &second, &error) && second == first);
  const LxTensor *two[2] = {w, w}, *biases[2] = {b, b};
  CHECK(!lx_packed_shared(params, two, biases, 2, true, &pair, &error) && pair != first);
  float x[64 * 200] = {0}, y[256 * 200];
  CHECK(!lx_packed_run(first, x, 200, y, LX_ACTIVATION_NONE, &error), "%s", error.message);
  CHECK(!lx_packed_has_onednn() || lx_packed_bytes(first) == 128 * 64 * 4);
  CHECK(lx_packed_shared_bytes(params) == lx_packed_bytes(first) + lx_packed_bytes(pair));
  CHECK(lx_f32(w)[128 * 64 - 1] == 128 * 64 - 1, "a page that was given back reads differently");
  float *own = numbers(8192, 9), kept = own[5000];
  lx_file_let_go(own, 8192 * sizeof *own);
  CHECK(own[5000] == kept, "memory that is no file was given back");
  free(own);
  lx_tensors_unref(made);
  lx_tensors_unref(params);
  close(fd);
  unlink(path);
}

int main(void)
{
  for (int64_t rows = 1; rows <= 8; rows++)
    check_shape(rows, 48, 40, 13);
  check_shape(20, 768, 64, 128);
  check_shape(36, 1552, 7, 72);
  check_shape(56, 768, 300, 77);
  check_shape(130, 2048, 24, 9);
  check_shape(5, 20, 33, 64);
  check_shape(37, 64, 192, 192);
  test_repeats();
  test_direct_threads();
  for (int i = 0; i < 3 && lx_direct_available(); i++)
    test_blocks((int64_t[]){56, 1, 128}[i], (int64_t[]){768, 1536, 144}[i],
                (int64_t[]){768, 301, 130}[i]);
  test_shared();
  return lx_test_end();
}
