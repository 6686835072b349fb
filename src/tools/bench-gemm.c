/* The machine's limit (the best library on 2048^3), and the products of LXMERT's layers. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "lx-gemm.h"
#include "lx-packed.h"

typedef struct {
  bool ta, tb;
  int64_t m, n, k;
  float *a, *b, *c;
  LxPacked *packed;
} Product;

static LxStatus multiply(void *data, LxError *error)
{
  const Product *p = data;
  if (p->packed)
    return lx_packed_run(p->packed, p->a, p->m, p->c, LX_ACTIVATION_NONE, error);
  lx_gemm(p->ta, p->tb, p->m, p->n, p->k, 1, p->a, p->ta ? p->m : p->k, p->b, p->tb ? p->k : p->n,
          0, p->c, p->n);
  return LX_OK;
}

static float *numbers(int64_t n)
{
  float *x = aligned_alloc(64, (size_t)(n * 4 + 63) / 64 * 64);
  for (int64_t i = 0; x && i < n; i++)
    x[i] = (float)(i * 7919 % 1009) * 1e-3f - 0.5f;
  return x;
}

static LxStatus time_product(Bench *self, const char *name, Product p, int runs, double *flops,
                             LxError *error)
{
  p.a = numbers(p.m * p.k);
  p.b = numbers(p.n * p.k);
  p.c = numbers(p.m * p.n);
  BenchRow *row = NULL;
  LxStatus status = p.a && p.b && p.c
                        ? bench_time(self, name, 2e0 * (double)p.m * (double)p.n * (double)p.k, 1,
                                     runs, multiply, &p, &row, error)
                        : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to multiply.");
  if (!status && flops && row->flop / row->min > *flops)
    *flops = row->flop / row->min;
  free(p.a);
  free(p.b);
  free(p.c);
  return status;
}

/* Both libraries on 2048^3; the best run of the best one is the limit. */
static LxStatus limit(Bench *self, LxError *error)
{
  LxGemmBackend used = lx_gemm_backend();
  Product p = {.m = 2048, .n = 2048, .k = 2048};
  LxStatus status = LX_OK;
  for (int i = 0; i < 2 && !status; i++) {
    if (!lx_gemm_use(i ? LX_GEMM_ONEDNN : LX_GEMM_OPENBLAS))
      continue;
    char name[64];
    snprintf(name, sizeof name, "%s 2048 x 2048 x 2048", lx_gemm_backend_name());
    status = time_product(self, name, p, 7, &self->limit, error);
    if (!status)
      bench_print_last(self);
  }
  lx_gemm_use(used);
  return status;
}

static LxStatus time_packed(Bench *self, Product p, LxError *error)
{
  char name[64];
  LxPackedPart part = {numbers(p.n * p.k), NULL, p.n};
  LxStatus status = part.weight ? lx_packed_new(&part, 1, p.k, &p.packed, error)
                                : lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  snprintf(name, sizeof name, "packed %lld x %lld x %lld", (long long)p.m, (long long)p.n,
           (long long)p.k);
  if (!status)
    status = time_product(self, name, p, 31, NULL, error);
  if (!status)
    bench_print_last(self);
  lx_packed_free(p.packed);
  free((void *)part.weight);
  return status;
}

static LxStatus time_plain(Bench *self, const char *what, Product p, LxError *error)
{
  LxGemmBackend used = lx_gemm_backend();
  LxStatus status = LX_OK;
  for (int i = 0; i < 2 && !status; i++) {
    if (!lx_gemm_use(i ? LX_GEMM_ONEDNN : LX_GEMM_OPENBLAS))
      continue;
    char name[64];
    snprintf(name, sizeof name, "%s, %s %lld x %lld x %lld", lx_gemm_backend_name(), what,
             (long long)p.m, (long long)p.n, (long long)p.k);
    status = time_product(self, name, p, 15, NULL, error);
    if (!status)
      bench_print_last(self);
  }
  lx_gemm_use(used);
  return status;
}

LxStatus bench_limit(Bench *self, LxError *error)
{
  return self->limit > 0 ? LX_OK : limit(self, error);
}

LxStatus bench_gemm(Bench *self, LxError *error)
{
  static const int64_t rows[] = {20, 36, 56, 640, 1152};
  static const int64_t sizes[][2] = {{768, 768}, {2304, 768}, {3072, 768}, {768, 3072}};
  LxStatus status = LX_OK;
  for (int r = 0; r < 5; r++)
    for (int i = 0; i < 4 && !status; i++)
      status =
          time_packed(self, (Product){.m = rows[r], .n = sizes[i][0], .k = sizes[i][1]}, error);
  for (int r = 3; r < 5; r++)
    for (int i = 0; i < 4 && !status; i++) {
      int64_t out = sizes[i][0], in = sizes[i][1];
      status =
          time_plain(self, "y", (Product){false, true, .m = rows[r], .n = out, .k = in}, error);
      if (!status)
        status =
            time_plain(self, "dx", (Product){false, false, .m = rows[r], .n = in, .k = out}, error);
      if (!status)
        status =
            time_plain(self, "dw", (Product){true, false, .m = out, .n = in, .k = rows[r]}, error);
    }
  return status;
}
