#include "lx-direct.h"

#include <omp.h>
#include <stddef.h>

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512dq")))
#define INLINE AVX512 inline __attribute__((always_inline))

enum {
  TALL = 3,   /* rows of x */
  WIDE = 8,   /* rows of W: 24 sums stay in registers */
  DEEP = 768, /* columns at a time: WIDE rows of W stay in the first cache */
  CHUNKS = 8, /* pieces of work for each thread */
};

/* y[i][j] for some rows of x and WIDE rows of W, over `k` columns. A processor's own prefetching
 * fills half of what memory can give, so the tiles share out the next block's weights among them
 * and ask for a line of each at every step. */
typedef struct {
  const float *x, *w, *bias; /* bias of the WIDE outputs; NULL = none */
  float *y;
  int64_t k, ldx, ldw, ldy;
  bool add;          /* to y, instead of to the bias */
  const float *next; /* this tile's share of the next block */
  int64_t ahead;     /* its rows times ldw */
} Tile;

/* The sums of four vectors, in the four places of a quarter each. */
static INLINE __m512 fold4(__m512 a, __m512 b, __m512 c, __m512 d)
{
  __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
  __m512d p = _mm512_castps_pd(ab), q = _mm512_castps_pd(cd);
  return _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(p, q)),
                       _mm512_castpd_ps(_mm512_unpackhi_pd(p, q)));
}

/* The sums of eight vectors. */
static INLINE __m256 fold8(const __m512 *v)
{
  __m512 low = fold4(v[0], v[1], v[2], v[3]), high = fold4(v[4], v[5], v[6], v[7]);
  __m512 a = _mm512_shuffle_f32x4(low, high, 0x44), b = _mm512_shuffle_f32x4(low, high, 0xee);
  __m512 s = _mm512_add_ps(a, b); /* quarters: low, low, high, high */
  s = _mm512_add_ps(s, _mm512_shuffle_f32x4(s, s, 0xb1));
  return _mm512_castps512_ps256(_mm512_shuffle_f32x4(s, s, 0x88));
}

static INLINE void tile(const Tile *t, const int rows)
{
  __m512 sum[TALL][WIDE];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < WIDE; j++)
      sum[i][j] = _mm512_setzero_ps();
  const float *next = t->next;
  int64_t ahead = t->ahead, ldw = t->ldw;
  for (int64_t k = 0; k < t->k; k += 16) {
    __m512 x[TALL];
    for (int64_t row = 0; row < ahead; row += ldw)
      _mm_prefetch(next + row + k, _MM_HINT_T1);
    for (int i = 0; i < rows; i++)
      x[i] = _mm512_loadu_ps(t->x + i * t->ldx + k);
    for (int j = 0; j < WIDE; j++) {
      __m512 w = _mm512_loadu_ps(t->w + j * ldw + k);
      __asm__("" : "+v"(w)); /* read once, not again in each product: loads are the limit */
      for (int i = 0; i < rows; i++)
        sum[i][j] = _mm512_fmadd_ps(x[i], w, sum[i][j]);
    }
  }
#pragma GCC unroll 3
  for (int i = 0; i < rows; i++) {
    float *y = t->y + i * t->ldy;
    __m256 s = fold8(sum[i]);
    if (t->add)
      s = _mm256_add_ps(s, _mm256_loadu_ps(y));
    else if (t->bias)
      s = _mm256_add_ps(s, _mm256_loadu_ps(t->bias));
    _mm256_storeu_ps(y, s);
  }
}

AVX512 static void tile1(const Tile *t)
{
  tile(t, 1);
}

AVX512 static void tile2(const Tile *t)
{
  tile(t, 2);
}

AVX512 static void tile3(const Tile *t)
{
  tile(t, 3);
}

/* WIDE outputs of all rows; `after`: the weights of the next WIDE. */
static void block(const float *x, int64_t rows, int64_t in, const float *w, const float *after,
                  const float *bias, float *y, int64_t ldy)
{
  static void (*const tiles[TALL])(const Tile *) = {tile1, tile2, tile3};
  int64_t n = (rows + TALL - 1) / TALL;
  for (int64_t k = 0; k < in; k += DEEP) {
    const float *next = k + DEEP < in ? w + k + DEEP : after;
    for (int64_t i = 0; i < n; i++) {
      int64_t first = rows * i / n, end = rows * (i + 1) / n;
      int64_t fetch = WIDE * i / n, fetched = WIDE * (i + 1) / n;
      Tile t = {.x = x + first * in + k, .w = w + k, .bias = bias, .y = y + first * ldy,
                .k = in - k < DEEP ? in - k : DEEP, .ldx = in, .ldw = in, .ldy = ldy,
                .add = k > 0, .next = next + fetch * in, .ahead = (fetched - fetch) * in};
      tiles[end - first - 1](&t);
    }
  }
}

/* Fewer than WIDE outputs: what is left of a part. */
AVX512 static void rest(const LxDirectPart *part, int64_t first, const float *x, int64_t rows,
                        int64_t in, float *y, int64_t ldy)
{
  for (int64_t j = first; j < part->out; j++)
    for (int64_t i = 0; i < rows; i++) {
      __m512 sum = _mm512_setzero_ps();
      for (int64_t k = 0; k < in; k += 16)
        sum = _mm512_fmadd_ps(_mm512_loadu_ps(x + i * in + k),
                              _mm512_loadu_ps(part->weight + j * in + k), sum);
      y[i * ldy + j] = _mm512_reduce_add_ps(sum) + (part->bias ? part->bias[j] : 0);
    }
}

/* What all threads share. Blocks of WIDE outputs are counted through all parts. */
typedef struct {
  const LxDirectPart *parts;
  int n;
  const float *x;
  int64_t rows, in, ldy;
  float *y;
} Job;

static int64_t blocks_of(const LxDirectPart *part)
{
  return (part->out + WIDE - 1) / WIDE;
}

/* The weights of block `b`, or `otherwise` where there are fewer. */
static const float *weights_at(const Job *job, int64_t b, const float *otherwise)
{
  for (int p = 0; p < job->n; b -= blocks_of(&job->parts[p++]))
    if (b < blocks_of(&job->parts[p]))
      return job->parts[p].weight + b * WIDE * job->in;
  return otherwise;
}

/* Blocks begin … end; `then`: the block that this thread will most likely come to next. */
static void blocks(const Job *job, int64_t begin, int64_t end, int64_t then)
{
  int64_t in = job->in, first = 0;
  float *y = job->y;
  for (int p = 0; p < job->n; y += job->parts[p++].out) {
    const LxDirectPart *part = &job->parts[p];
    int64_t count = blocks_of(part), from = begin > first ? begin - first : 0;
    for (int64_t b = from; b < count && first + b < end; b++) {
      int64_t j = b * WIDE;
      const float *w = part->weight + j * in;
      if (j + WIDE > part->out)
        rest(part, j, job->x, job->rows, in, y, job->ldy);
      else
        block(job->x, job->rows, in, w,
              weights_at(job, first + b + 1 < end ? first + b + 1 : then, w),
              part->bias ? part->bias + j : NULL, y + j, job->ldy);
    }
    first += count;
  }
}

bool lx_direct_available(void)
{
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}

bool lx_direct_run(const LxDirectPart *parts, int n, const float *x, int64_t rows, int64_t in,
                   float *y, int64_t ldy)
{
  if (in % 16 || !lx_direct_available())
    return false;
  Job job = {parts, n, x, rows, in, ldy, y};
  int64_t count = 0;
  for (int p = 0; p < n; p++)
    count += blocks_of(&parts[p]);
  int threads = omp_in_parallel() || count * WIDE * in * rows < 500000 ? 1 : omp_get_max_threads();
  int chunks = threads > 1 ? threads * CHUNKS : 1;
  /* whichever thread is free takes the next ones: another program may hold one up */
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (int t = 0; t < chunks; t++)
    blocks(&job, count * t / chunks, count * (t + 1) / chunks,
           t + threads < chunks ? count * (t + threads) / chunks : count);
  return true;
}

#else

bool lx_direct_available(void)
{
  return false;
}

bool lx_direct_run(const LxDirectPart *parts, int n, const float *x, int64_t rows, int64_t in,
                   float *y, int64_t ldy)
{
  return false;
}

#endif
