#include "lx-conv.h"
#include "lx-micro.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum {
  TILE = 120,   /* pixels of a tile: a multiple of every set's rows */
  CHUNK = 1024, /* depth of one pass over a tile: its input and a panel's part stay in L2 */
  MOST = 240,   /* pixels of a tile of the weight's gradient */
  MAX_PANEL = 32,
  COPY_FROM = 256, /* outputs from which a tile's input is copied first */
};

static const float zeros[LX_CONV_MAX_CHANNELS];

void lx_conv_shape(LxConv *c)
{
  int reach = c->dilation * (c->kernel - 1) + 1;
  c->oh = (c->h + 2 * c->pad - reach) / c->stride + 1;
  c->ow = (c->w + 2 * c->pad - reach) / c->stride + 1;
}

/* ---- packed weights ---- */

static int round_up(int n, int to)
{
  return (n + to - 1) / to * to;
}

LxStatus lx_conv_pack_new(const LxConv *c, bool transposed, LxConvPack *out, LxError *error)
{
  int in = c->in / c->groups, outc = c->out / c->groups;
  LxConvPack p = {.groups = c->groups, .taps = c->kernel * c->kernel};
  p.k = transposed ? outc : in;
  p.n = transposed ? in : outc;
  if (c->in > LX_CONV_MAX_CHANNELS || c->out > LX_CONV_MAX_CHANNELS)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "A convolution of %d to %d channels is too wide.",
                   c->in, c->out);
  p.padded = round_up(p.n, lx_micro()->lanes);
  p.group_floats = (int64_t)p.taps * p.k * p.padded;
  size_t bytes = ((size_t)(p.group_floats * p.groups) * 4 + 63) / 64 * 64;
  size_t bias = ((size_t)p.padded * p.groups * 4 + 63) / 64 * 64;
  p.data = aligned_alloc(64, bytes);
  p.bias = transposed ? NULL : aligned_alloc(64, bias);
  if (!p.data || (!transposed && !p.bias)) {
    lx_conv_pack_clear(&p);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a convolution's weights.");
  }
  memset(p.data, 0, bytes);
  if (p.bias)
    memset(p.bias, 0, bias);
  *out = p;
  return LX_OK;
}

void lx_conv_pack_clear(LxConvPack *pack)
{
  free(pack->data);
  free(pack->bias);
  pack->data = pack->bias = NULL;
}

/* Width of the panel that starts at column `at`. */
static int panel_width(const LxConvPack *p, int lanes, int at)
{
  return p->padded - at >= 2 * lanes ? 2 * lanes : lanes;
}

void lx_conv_pack_fill(LxConvPack *p, const LxConv *c, bool transposed, const float *weight,
                       const float *scale, const float *bias)
{
  int lanes = lx_micro()->lanes, in = c->in / c->groups, outc = c->out / c->groups;
  int depth = p->taps * p->k;
  for (int g = 0; g < p->groups; g++)
    for (int at = 0, width; at < p->padded; at += width) {
      width = panel_width(p, lanes, at);
      float *panel = p->data + g * p->group_floats + (int64_t)at * depth;
      int valid = p->n - at < width ? p->n - at : width;
      for (int j = 0; j < valid; j++)
        for (int kk = 0; kk < p->k; kk++) {
          int o = g * outc + (transposed ? kk : at + j), i = transposed ? at + j : kk;
          const float *w = weight + ((int64_t)o * in + i) * p->taps;
          float s = scale ? scale[o] : 1.0f;
          for (int t = 0; t < p->taps; t++)
            panel[((int64_t)t * p->k + kk) * width + j] = w[t] * s;
        }
    }
  for (int g = 0; bias && p->bias && g < p->groups; g++)
    memcpy(p->bias + g * p->padded, bias + g * outc, (size_t)outc * 4);
}

int64_t lx_conv_weight_floats(const LxConvPack *p)
{
  return p->group_floats * p->groups;
}

void lx_conv_unpack_add(const LxConvPack *p, const LxConv *c, const float *g, const float *scale,
                        float *grad)
{
  int in = c->in / c->groups, outc = c->out / c->groups;
  for (int o = 0; o < c->out; o++) {
    const float *from = g + (o / outc) * p->group_floats + o % outc;
    float s = scale ? scale[o] : 1.0f;
    for (int i = 0; i < in; i++)
      for (int t = 0; t < p->taps; t++)
        grad[((int64_t)o * in + i) * p->taps + t] += s * from[((int64_t)t * p->k + i) * p->padded];
  }
}

/* ---- one tile ---- */

typedef struct {
  int count;         /* pixels of this tile */
  const float **a;   /* [taps][MOST] */
  float **c;         /* [TILE] */
  const float **res; /* [TILE] or NULL */
} Tile;

static void run_block(const LxMicro *micro, LxMicroConv *m, int rows, int width, int valid)
{
  if (valid == width) {
    micro->conv(rows, width / micro->lanes, m);
    return;
  }
  float temp[16][MAX_PANEL];
  float *c[16];
  LxMicroConv whole = *m;
  for (int i = 0; i < rows; i++)
    c[i] = temp[i];
  whole.c = c;
  whole.c_offset = 0;
  whole.accumulate = whole.relu = false;
  whole.residual = NULL;
  micro->conv(rows, width / micro->lanes, &whole);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < valid; j++) {
      float *to = m->c[i] + m->c_offset + j, v = temp[i][j];
      v += m->accumulate ? *to : 0.0f;
      v += m->residual ? m->residual[i][m->c_offset + j] : 0.0f;
      *to = m->relu && v < 0 ? 0.0f : v;
    }
}

typedef struct {
  int tap, taps, from, k; /* taps tap .. tap + taps - 1, channels from .. from + k - 1 */
  bool first, last;
} Chunk;

/* The chunk's numbers side by side: pixels lie a power of two apart, where they would share a few
 * sets of the first cache. */
static void copy_rows(const Tile *tile, const Chunk *chunk, int a_offset, float *room,
                      const float **rows)
{
  for (int t = 0; t < chunk->taps; t++)
    for (int i = 0; i < tile->count; i++) {
      const float *from = tile->a[(int64_t)(chunk->tap + t) * MOST + i] + a_offset + chunk->from;
      float *to = room + ((int64_t)i * chunk->taps + t) * chunk->k;
      memcpy(to, from, (size_t)chunk->k * sizeof(float));
      rows[i] = room + (int64_t)i * chunk->taps * chunk->k;
    }
}

static void run_chunk(const LxConvPack *p, int group, const Tile *tile, const Chunk *chunk,
                      bool accumulate, bool relu, int a_offset, int c_offset)
{
  const LxMicro *micro = lx_micro();
  int depth = p->taps * p->k;
  float room[TILE * CHUNK];
  const float *rows[TILE];
  bool copied = p->padded >= COPY_FROM;
  if (copied)
    copy_rows(tile, chunk, a_offset, room, rows);
  for (int at = 0, width; at < p->padded; at += width) {
    width = panel_width(p, micro->lanes, at);
    const float *panel = p->data + group * p->group_floats + (int64_t)at * depth;
    int valid = p->n - at < width ? p->n - at : width;
    LxMicroConv m = {
        .taps = copied ? 1 : chunk->taps,
        .k = copied ? chunk->taps * chunk->k : chunk->k,
        .a_step = MOST,
        .a_offset = copied ? 0 : a_offset + chunk->from,
        .w = panel + ((int64_t)chunk->tap * p->k + chunk->from) * width,
        .bias = chunk->first && p->bias ? p->bias + group * p->padded + at : NULL,
        .c_offset = c_offset + at,
        .accumulate = accumulate || !chunk->first,
        .relu = relu && chunk->last,
    };
    for (int from = 0, to; from < tile->count; from = to) {
      to = tile->count - from < micro->rows ? tile->count : from + micro->rows;
      m.a = copied ? rows + from : tile->a + (int64_t)chunk->tap * MOST + from;
      m.c = tile->c + from;
      m.residual = tile->res && chunk->last ? tile->res + from : NULL;
      run_block(micro, &m, to - from, width, valid);
    }
  }
}

/* All of one tile's depth for one group, in passes of at most CHUNK. */
static void run_tile(const LxConvPack *p, int group, const Tile *tile, int tap, int taps,
                     bool accumulate, bool relu, int a_offset, int c_offset)
{
  int merged = p->k >= CHUNK ? 1 : CHUNK / p->k;
  int parts = (p->k + CHUNK - 1) / CHUNK;
  for (int t = tap; t < tap + taps; t += merged)
    for (int part = 0; part < parts; part++) {
      int n = tap + taps - t < merged ? tap + taps - t : merged;
      int from = p->k * part / parts, to = p->k * (part + 1) / parts;
      Chunk chunk = {.tap = t, .taps = n, .from = from, .k = to - from};
      chunk.first = t == tap && part == 0;
      chunk.last = t + n == tap + taps && part == parts - 1;
      run_chunk(p, group, tile, &chunk, accumulate, relu, a_offset, c_offset);
    }
}

/* The output pixels in tiles of whole blocks (but for the last), as many for each thread. */
typedef struct {
  int64_t pixels, blocks, tiles;
} Split;

static Split split_pixels(int64_t pixels)
{
  int rows = lx_micro()->rows, threads = omp_in_parallel() ? 1 : omp_get_max_threads();
  Split s = {.pixels = pixels, .blocks = (pixels + rows - 1) / rows};
  s.tiles = (pixels + TILE - 1) / TILE;
  if (s.tiles > 1)
    s.tiles = (s.tiles + threads - 1) / threads * threads;
  s.tiles = s.tiles < s.blocks ? s.tiles : s.blocks;
  return s;
}

/* First pixel of tile `t`, and the number of its pixels. */
static int64_t tile_at(const Split *s, int64_t t, int *count)
{
  int rows = lx_micro()->rows;
  int64_t first = s->blocks * t / s->tiles * rows, end = s->blocks * (t + 1) / s->tiles * rows;
  *count = (int)((end < s->pixels ? end : s->pixels) - first);
  return first;
}

/* A view of the input that one tap at a time reads: with few channels and no dilation, one kernel
 * row is one run of kernel * in numbers, if the image is padded beforehand. */
typedef struct {
  LxConv conv;     /* the same, pad 0 when copied */
  LxConvPack pack; /* the same data; taps and k of the view */
  const float *x;
  float *copy; /* owned padded image, or NULL */
} View;

static bool view_init(View *v, const LxConv *c, const LxConvPack *p, const float *x)
{
  *v = (View){*c, *p, x, NULL};
  if (c->in > 4 || c->kernel == 1 || c->dilation > 1 || c->groups > 1)
    return true; /* taps are pixels */
  int h = c->h + 2 * c->pad, w = c->w + 2 * c->pad;
  v->copy = calloc((size_t)c->n * h * w * c->in, sizeof(float));
  if (!v->copy)
    return false;
  for (int i = 0; i < c->n; i++)
    for (int y = 0; y < c->h; y++)
      memcpy(v->copy + (((int64_t)i * h + y + c->pad) * w + c->pad) * c->in,
             x + ((int64_t)i * c->h + y) * c->w * c->in, (size_t)c->w * c->in * sizeof(float));
  v->x = v->copy;
  v->conv.h = h;
  v->conv.w = w;
  v->conv.pad = 0;
  v->pack.taps = c->kernel;
  v->pack.k = c->kernel * c->in;
  return true;
}

/* Pointers to the input pixels of `count` output pixels from `first`; padding is `zeros`, which
 * is as long as a pixel has channels. */
static void gather(const View *v, int64_t first, int count, const float **a)
{
  const LxConv *c = &v->conv;
  if (c->kernel == 1 && c->stride == 1 && c->pad == 0) {
    for (int i = 0; i < count; i++)
      a[i] = v->x + (first + i) * c->in;
    return;
  }
  int64_t image = first / ((int64_t)c->oh * c->ow), at = first % ((int64_t)c->oh * c->ow);
  int oy = (int)(at / c->ow), ox = (int)(at % c->ow);
  for (int i = 0; i < count; i++) {
    int y0 = oy * c->stride - c->pad, x0 = ox * c->stride - c->pad;
    const float *base = v->x + image * c->h * c->w * c->in;
    for (int ky = 0, t = 0; ky < c->kernel; ky++) {
      int y = y0 + ky * c->dilation;
      bool row_in = y >= 0 && y < c->h;
      const float *row = base + (int64_t)y * c->w * c->in;
      if (v->copy) {
        a[t++ * MOST + i] = row + (int64_t)x0 * c->in;
        continue;
      }
      for (int kx = 0; kx < c->kernel; kx++, t++) {
        int x = x0 + kx * c->dilation;
        a[t * MOST + i] = row_in && x >= 0 && x < c->w ? row + (int64_t)x * c->in : zeros;
      }
    }
    if (++ox == c->ow) {
      ox = 0;
      if (++oy == c->oh) {
        oy = 0;
        image++;
      }
    }
  }
}

static const float **rows_new(int taps)
{
  return malloc((size_t)taps * MOST * sizeof(float *));
}

void lx_conv_forward(const LxConv *conv, const LxConvPack *pack, const float *x,
                     const float *residual, bool relu, float *y)
{
  Split split = split_pixels((int64_t)conv->n * conv->oh * conv->ow);
  View view;
  if (!view_init(&view, conv, pack, x))
    return;
#pragma omp parallel if (split.tiles > 1)
  {
    const float **rows = rows_new(view.pack.taps), *res[TILE];
    float *c[TILE];
#pragma omp for schedule(dynamic)
    for (int64_t t = 0; t < split.tiles; t++) {
      int count;
      int64_t first = tile_at(&split, t, &count);
      if (!rows)
        continue;
      gather(&view, first, count, rows);
      for (int i = 0; i < count; i++) {
        c[i] = y + (first + i) * conv->out;
        res[i] = residual ? residual + (first + i) * conv->out : NULL;
      }
      Tile tile = {count, rows, c, residual ? res : NULL};
      for (int g = 0; g < conv->groups; g++)
        run_tile(&view.pack, g, &tile, 0, view.pack.taps, false, relu, g * pack->k, g * pack->n);
    }
    free(rows);
  }
  free(view.copy);
}

/* ---- gradient of the input ---- */

/* Input pixels are handled in stride^2 classes of equal remainders: of each class only some taps
 * have an output pixel at all. */
typedef struct {
  int ry, rx, rows, cols; /* first row and column, and their numbers */
} Class;

static void gather_output(const LxConv *c, const float *gy, float *gx, const Class *cls,
                          int64_t first, int count, const float **a, float **out)
{
  int s = c->stride;
  int64_t plane = (int64_t)cls->rows * cls->cols, image = first / plane, at = first % plane;
  int row = (int)(at / cls->cols), col = (int)(at % cls->cols);
  for (int i = 0; i < count; i++) {
    int iy = cls->ry + row * s, ix = cls->rx + col * s;
    out[i] = gx + ((image * c->h + iy) * c->w + ix) * c->in;
    for (int ky = 0, t = 0; ky < c->kernel; ky++) {
      int y = iy + c->pad - ky * c->dilation, oy = s == 1 ? y : y / s;
      for (int kx = 0; kx < c->kernel; kx++, t++) {
        int x = ix + c->pad - kx * c->dilation, ox = s == 1 ? x : x / s;
        bool in = y >= 0 && x >= 0 && oy < c->oh && ox < c->ow;
        a[t * MOST + i] = in ? gy + ((image * c->oh + oy) * c->ow + ox) * c->out : zeros;
      }
    }
    if (++col == cls->cols) {
      col = 0;
      if (++row == cls->rows) {
        row = 0;
        image++;
      }
    }
  }
}

static bool tap_meets(const LxConv *c, const Class *cls, int tap)
{
  int ky = tap / c->kernel, kx = tap % c->kernel;
  return (cls->ry + c->pad - ky * c->dilation) % c->stride == 0 &&
         (cls->rx + c->pad - kx * c->dilation) % c->stride == 0;
}

static void backward_class(const LxConv *c, const LxConvPack *p, const Class *cls, const float *gy,
                           float *gx)
{
  Split split = split_pixels((int64_t)c->n * cls->rows * cls->cols);
  int taps = p->taps;
#pragma omp parallel if (split.tiles > 1)
  {
    const float **rows = rows_new(taps);
    float *out[TILE];
#pragma omp for schedule(dynamic)
    for (int64_t t = 0; t < split.tiles; t++) {
      int count;
      int64_t first = tile_at(&split, t, &count);
      if (!rows)
        continue;
      gather_output(c, gy, gx, cls, first, count, rows, out);
      Tile tile = {count, rows, out, NULL};
      for (int g = 0; g < c->groups; g++) {
        if (c->stride == 1) {
          run_tile(p, g, &tile, 0, taps, true, false, g * p->k, g * p->n);
          continue;
        }
        for (int k = 0; k < taps; k++)
          if (tap_meets(c, cls, k))
            run_tile(p, g, &tile, k, 1, true, false, g * p->k, g * p->n);
      }
    }
    free(rows);
  }
}

void lx_conv_backward_input(const LxConv *c, const LxConvPack *pack, const float *gy, float *gx)
{
  for (int ry = 0; ry < c->stride && ry < c->h; ry++)
    for (int rx = 0; rx < c->stride && rx < c->w; rx++) {
      Class cls = {ry, rx, (c->h - ry + c->stride - 1) / c->stride,
                   (c->w - rx + c->stride - 1) / c->stride};
      if (c->kernel == 1 && (ry != 0 || rx != 0) && c->pad == 0)
        continue;
      backward_class(c, pack, &cls, gy, gx);
    }
}

/* ---- gradient of the weight ---- */

/* Adds one tile's outer products for one tap of one group. */
static void outer_tap(const LxConvPack *p, const float **rows, int count, int a_offset,
                      const float *gy, int gy_step, float *g)
{
  const LxMicro *micro = lx_micro();
  float narrow[MOST * 16];
  for (int at = 0, width; at < p->padded; at += width) {
    width = panel_width(p, micro->lanes, at);
    LxMicroOuter m = {
        .pixels = count, .a = rows, .b = gy + at, .b_step = gy_step, .g_step = p->padded};
    if (p->n - at < width) {
      width = micro->lanes;
      for (int i = 0; i < count; i++)
        for (int j = 0; j < width; j++)
          narrow[i * width + j] = at + j < p->n ? gy[(int64_t)i * gy_step + at + j] : 0.0f;
      m.b = narrow;
      m.b_step = width;
    }
    int blocks = (p->k + micro->rows - 1) / micro->rows;
    for (int b = 0; b < blocks; b++) {
      int from = p->k * b / blocks, to = p->k * (b + 1) / blocks;
      m.a_offset = a_offset + from;
      m.g = g + (int64_t)from * p->padded + at;
      micro->outer(to - from, width / micro->lanes, &m);
    }
  }
}

void lx_conv_backward_weight(const LxConv *c, const LxConvPack *p, const float *x, const float *gy,
                             float *g)
{
  int64_t pixels = (int64_t)c->n * c->oh * c->ow;
  View view;
  if (!view_init(&view, c, p, x))
    return;
  int taps = view.pack.taps, k = view.pack.k;
  const float **rows = rows_new(taps);
  for (int64_t first = 0; rows && first < pixels; first += MOST) {
    int count = (int)(pixels - first < MOST ? pixels - first : MOST);
    gather(&view, first, count, rows);
    for (int group = 0; group < c->groups; group++) {
      const float *from = gy + first * c->out + group * p->n;
#pragma omp parallel for schedule(dynamic) if (taps > 1 && k >= 32)
      for (int t = 0; t < taps; t++)
        outer_tap(&view.pack, rows + t * MOST, count, group * p->k, from, c->out,
                  g + group * p->group_floats + (int64_t)t * k * p->padded);
    }
  }
  free(rows);
  free(view.copy);
}
