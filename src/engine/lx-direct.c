#include "lx-direct.h"

#include <omp.h>
#include <stddef.h>

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#include "lx-transpose16.h"

#define AVX512 __attribute__((target("avx512f,avx512dq")))
#define INLINE AVX512 inline __attribute__((always_inline))

enum {
  LANES = 16,
  WIDE = LX_DIRECT_WIDE, /* outputs: four vectors */
  VECTORS = WIDE / LANES,
  TALL = 6,     /* rows of x: 24 sums stay in registers */
  DEEP = 128,   /* columns at a time: WIDE x DEEP weights stay in the first cache */
  CHUNKS = 8,   /* pieces of work for each thread */
  PRODUCTS = 2, /* done side by side */
};

/* WIDE outputs of one layer, or what is left of it, over DEEP columns. */
typedef struct {
  const LxDirectProduct *product;
  const LxDirectPart *part;
  const float *weights; /* as they lie, or laid out */
  int64_t row, column;  /* of the part's */
  float *y;
} Panel;

/* One panel of each product: while one that has many rows is multiplied, the processor has time to
 * fetch the weights of one that has few. */
typedef struct {
  Panel panels[PRODUCTS];
  int n;
} Group;

static int64_t smaller(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* ---- weights that come next ---- */

/* A processor's own prefetching fills half of what memory can give, so the tiles of a group share
 * out the weights of the next group among them, in strips of DEEP, and ask for a line of them at
 * each step. */
typedef struct {
  const float *strips[PRODUCTS * WIDE];
  int64_t n, tile, tiles;
} Ahead;

static void look_ahead(Ahead *ahead, const Group *group)
{
  for (int i = 0; i < group->n; i++) {
    const Panel *p = &group->panels[i];
    int64_t laid = p->product->blocks ? DEEP : p->product->in;
    int64_t n = p->product->blocks ? WIDE : smaller(WIDE, p->part->out - p->row);
    for (int64_t j = 0; j < n && (!i || p->weights != group->panels[0].weights); j++)
      ahead->strips[ahead->n++] = p->weights + j * laid;
  }
}

/* ---- one tile ---- */

/* y[i][0 … WIDE) for some rows of x, over `k` columns; the weights as [k][WIDE]. */
typedef struct {
  const float *x, *w, *bias; /* bias NULL: none */
  float *y;
  int64_t k, ldx, ldy;
  bool add;                 /* to y, instead of to the bias */
  __mmask16 mask[VECTORS];  /* outputs that there are */
  const float *const *next; /* this tile's share of the strips to come */
  int64_t n_next;
} Tile;

static INLINE void step(const Tile *t, int64_t k, const int rows, __m512 sum[TALL][VECTORS])
{
  __m512 w[VECTORS];
  for (int v = 0; v < VECTORS; v++)
    w[v] = _mm512_load_ps(t->w + k * WIDE + v * LANES);
  for (int i = 0; i < rows; i++) {
    __m512 x = _mm512_set1_ps(t->x[i * t->ldx + k]);
    for (int v = 0; v < VECTORS; v++)
      sum[i][v] = _mm512_fmadd_ps(x, w[v], sum[i][v]);
  }
}

static INLINE void tile(const Tile *t, const int rows)
{
  __m512 sum[TALL][VECTORS];
  for (int i = 0; i < rows; i++)
    for (int v = 0; v < VECTORS; v++)
      sum[i][v] = _mm512_setzero_ps();
  for (int64_t k = 0; k < t->k; k += LANES)
    for (int64_t s = 0; s < LANES; s++) {
      for (int64_t j = s; j < t->n_next; j += LANES)
        _mm_prefetch(t->next[j] + k, _MM_HINT_T1);
      step(t, k + s, rows, sum);
    }
#pragma GCC unroll 6
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) {
      float *y = t->y + i * t->ldy + v * LANES;
      __m512 s = sum[i][v];
      if (t->add)
        s = _mm512_add_ps(s, _mm512_maskz_loadu_ps(t->mask[v], y));
      else if (t->bias)
        s = _mm512_add_ps(s, _mm512_maskz_loadu_ps(t->mask[v], t->bias + v * LANES));
      _mm512_mask_storeu_ps(y, t->mask[v], s);
    }
}

#define TILE(rows)                                                                                 \
  AVX512 static void tile##rows(const Tile *t)                                                     \
  {                                                                                                \
    tile(t, rows);                                                                                 \
  }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)

/* ---- laying out ---- */

/* `rows` <= WIDE rows of `k` weights as [k][WIDE]. */
AVX512 static void lay_out(const float *w, int64_t ld, int64_t rows, int64_t k, float *out)
{
  for (int64_t c = 0; c < k; c += LANES)
    for (int64_t r = 0; r < WIDE; r += LANES)
      lx_transpose16(w + r * ld + c, ld, rows - r, out + c * WIDE + r, WIDE);
}

/* ---- one group ---- */

static void panel(const Panel *p, Ahead *ahead, const float *weights)
{
  static void (*const tiles[TALL])(const Tile *) = {tile1, tile2, tile3, tile4, tile5, tile6};
  const LxDirectProduct *a = p->product;
  int64_t n = (a->rows + TALL - 1) / TALL, left = p->part->out - p->row;
  Tile t = {.w = weights,
            .bias = p->part->bias ? p->part->bias + p->row : NULL,
            .k = smaller(DEEP, a->in - p->column),
            .ldx = a->in,
            .ldy = a->ldy,
            .add = p->column > 0};
  for (int v = 0; v < VECTORS; v++, left -= LANES)
    t.mask[v] = left >= LANES ? 0xffff : left > 0 ? (__mmask16)((1 << left) - 1) : 0;
  for (int64_t i = 0; i < n; i++) {
    int64_t first = a->rows * i / n, end = a->rows * (i + 1) / n;
    int64_t fetch = ahead->n * ahead->tile / ahead->tiles;
    t.n_next = ahead->n * ++ahead->tile / ahead->tiles - fetch;
    t.next = ahead->strips + fetch;
    t.x = a->x + first * a->in + p->column;
    t.y = p->y + first * a->ldy;
    tiles[end - first - 1](&t);
  }
}

static void multiply(const Group *group, const Group *next)
{
  _Alignas(64) float laid[DEEP * WIDE];
  Ahead ahead = {.n = 0};
  look_ahead(&ahead, next);
  for (int i = 0; i < group->n; i++)
    ahead.tiles += (group->panels[i].product->rows + TALL - 1) / TALL;
  for (int i = 0; i < group->n; i++) {
    const Panel *p = &group->panels[i];
    const LxDirectProduct *a = p->product;
    if (!a->blocks && (!i || p->weights != group->panels[0].weights))
      lay_out(p->weights, a->in, p->part->out - p->row, smaller(DEEP, a->in - p->column), laid);
    panel(p, &ahead, a->blocks ? p->weights : laid);
    for (int64_t r = 0; r < a->rows && a->activation && p->column + DEEP >= a->in; r++)
      a->activation(p->y + r * a->ldy, smaller(WIDE, p->part->out - p->row));
  }
}

/* What all threads share. Blocks of WIDE outputs are counted through all parts of a product; each
 * of the chunks has its share of every product's. */
typedef struct {
  const LxDirectProduct *products;
  int n;
  int64_t blocks[PRODUCTS], chunks;
} Job;

static int64_t blocks_of(const LxDirectPart *part)
{
  return (part->out + WIDE - 1) / WIDE;
}

static Panel panel_at(const LxDirectProduct *product, int64_t block, int64_t column)
{
  const LxDirectPart *part = product->parts;
  float *y = product->y;
  const float *laid =
      product->blocks ? product->blocks + (block * product->in + column) * WIDE : NULL;
  for (; block >= blocks_of(part); y += part++->out)
    block -= blocks_of(part);
  int64_t row = block * WIDE;
  const float *weights = laid ? laid : part->weight + row * product->in + column;
  return (Panel){product, part, weights, row, column, y + row};
}

/* Where a thread is in a chunk: the blocks' number in it and the column. */
typedef struct {
  int64_t chunk, block, column;
} Place;

/* The panels there; none beyond the chunk's end. */
static Group group_at(const Job *job, const Place *at)
{
  Group group = {.n = 0};
  for (int i = 0; i < job->n; i++) {
    int64_t first = job->blocks[i] * at->chunk / job->chunks;
    int64_t end = job->blocks[i] * (at->chunk + 1) / job->chunks;
    if (first + at->block < end && at->column < job->products[i].in)
      group.panels[group.n++] = panel_at(&job->products[i], first + at->block, at->column);
  }
  return group;
}

/* Moves on to the next panels of the chunk. */
static Group advance(const Job *job, Place *at)
{
  at->column += DEEP;
  Group group = group_at(job, at);
  if (group.n)
    return group;
  at->block++;
  at->column = 0;
  return group_at(job, at);
}

/* `then`: the chunk that this thread will most likely come to next. */
static void chunk(const Job *job, int64_t number, int64_t then)
{
  Place at = {number, 0, 0}, beyond = {then, 0, 0};
  Group group = group_at(job, &at);
  while (group.n) {
    Group next = advance(job, &at);
    Group after = next.n || then >= job->chunks ? next : group_at(job, &beyond);
    multiply(&group, &after);
    group = next;
  }
}

bool lx_direct_available(void)
{
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
}

bool lx_direct_lay_out(const LxDirectPart *parts, int n, int64_t in, float *blocks)
{
  if (in % LANES || !lx_direct_available())
    return false;
  for (int p = 0; p < n; blocks += blocks_of(&parts[p++]) * WIDE * in) {
    const LxDirectPart *part = &parts[p];
#pragma omp parallel for schedule(static)
    for (int64_t b = 0; b < blocks_of(part); b++)
      lay_out(part->weight + b * WIDE * in, in, part->out - b * WIDE, in, blocks + b * WIDE * in);
  }
  return true;
}

bool lx_direct_run(const LxDirectProduct *products, int n)
{
  if (n > PRODUCTS || !lx_direct_available())
    return false;
  Job job = {.products = products, .n = n};
  int64_t work = 0, most = 1;
  for (int i = 0; i < n; i++) {
    if (products[i].in % 16)
      return false;
    for (int p = 0; p < products[i].n; p++)
      job.blocks[i] += blocks_of(&products[i].parts[p]);
    most = job.blocks[i] > most ? job.blocks[i] : most;
    work += job.blocks[i] * WIDE * products[i].in * products[i].rows;
  }
  int threads = omp_in_parallel() || work < 500000 ? 1 : omp_get_max_threads();
  job.chunks = threads > 1 ? smaller(threads * CHUNKS, most) : 1; /* none is empty */
  /* whichever thread is free takes the next ones: another program may hold one up */
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1)
  for (int64_t t = 0; t < job.chunks; t++)
    chunk(&job, t, t + threads);
  return true;
}

#else

bool lx_direct_available(void)
{
  return false;
}

bool lx_direct_lay_out(const LxDirectPart *parts, int n, int64_t in, float *blocks)
{
  return false;
}

bool lx_direct_run(const LxDirectProduct *products, int n)
{
  return false;
}

#endif
