/* Y = A' [(G g G') . (B' d B)] A over tiles of 4x4 outputs and 6x6 inputs, "." being a product of
 * matrices [tiles, in] x [in, out] at each of the 36 places.
 *
 * With points 0, +-a, +-b, infinity (a = 3/4, b = 3/2), of a filter g and a row d of six inputs:
 *   G g:  at p: (g0 + p g1 + p^2 g2) / N(p), at infinity g2
 *         N(0) = a^2 b^2, N(+-a) = 2 a^2 (a^2 - b^2), N(+-b) = 2 b^2 (b^2 - a^2)
 *   B' d: the products of (x - q) over the other points q, applied to d
 *   A' m: outputs j = 0 .. 3 are sums of p^j m(p), and m(infinity) for j = 3.
 * A dilation splits the image into interleaved sub-grids, each of which is convolved plainly. */
#include "lx-winograd.h"

#include <stdlib.h>
#include <string.h>

#include "lx-kernel.h"

enum {
  OUT = 4,          /* outputs of a tile's side */
  IN = 6,           /* inputs of it */
  LANES = 16,       /* channels that a transform takes at once */
  SPACE = 32 << 20, /* bytes of transformed tiles at a time */
  ROUND = 60,       /* tiles in steps of a multiple of every instruction set's rows */
};

#define A1 0.75f
#define A2 (A1 * A1)
#define B1 1.5f
#define B2 (B1 * B1)

typedef float Vec __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int32_t Bits __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

static const float zeros[LX_CONV_MAX_CHANNELS];

bool lx_winograd_suits(const LxConv *c)
{
  return c->kernel == 3 && c->stride == 1 && c->groups == 1 && c->in % LANES == 0 &&
         c->out % LANES == 0;
}

/* ---- weights ---- */

static LxConv one_product(const LxConv *c, int64_t tiles)
{
  return (LxConv){.n = 1,
                  .h = 1,
                  .w = (int)tiles,
                  .in = c->in,
                  .out = c->out,
                  .kernel = 1,
                  .stride = 1,
                  .dilation = 1,
                  .groups = 1,
                  .oh = 1,
                  .ow = (int)tiles};
}

/* The row of G that belongs to a point. */
static void filter_row(int point, double row[3])
{
  static const double at[5] = {0, A1, -A1, B1, -B1};
  if (point == 5) {
    row[0] = row[1] = 0;
    row[2] = 1;
    return;
  }
  double norm = 1;
  for (int q = 0; q < 5; q++)
    norm *= q == point ? 1 : at[point] - at[q];
  for (int k = 0; k < 3; k++)
    row[k] = (k == 0 ? 1 : k == 1 ? at[point] : at[point] * at[point]) / norm;
}

/* to[out, in]: one of the 36 numbers of every filter. */
static void transform_filters(int product, int64_t filters, const float *weight, float *to)
{
  double down[3], across[3];
  float by[9];
  filter_row(product / IN, down);
  filter_row(product % IN, across);
  for (int k = 0; k < 9; k++)
    by[k] = (float)(down[k / 3] * across[k % 3]);
  for (int64_t i = 0; i < filters; i++) {
    float sum = 0;
    for (int k = 0; k < 9; k++)
      sum += by[k] * weight[9 * i + k];
    to[i] = sum;
  }
}

LxStatus lx_winograd_init(LxWinograd *out, const LxConv *c, const float *weight, const float *scale,
                          const float *bias, LxError *error)
{
  LxConv one = one_product(c, 1);
  int64_t filters = (int64_t)c->in * c->out;
  LxStatus status = LX_OK;
  *out = (LxWinograd){.bias = malloc((size_t)c->out * sizeof(float))};
  for (int p = 0; p < LX_WINOGRAD_PRODUCTS && !status; p++)
    status = lx_conv_pack_new(&one, false, &out->at[p], error);
  bool room = out->bias != NULL;
#pragma omp parallel for schedule(dynamic) reduction(&& : room) if (!status)
  for (int p = 0; p < LX_WINOGRAD_PRODUCTS; p++) {
    float *one_of_36 = status ? NULL : malloc((size_t)filters * sizeof(float));
    room = room && one_of_36;
    if (one_of_36) {
      transform_filters(p, filters, weight, one_of_36);
      lx_conv_pack_fill(&out->at[p], &one, false, one_of_36, scale, NULL);
    }
    free(one_of_36);
  }
  if (!status && !room)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a convolution's weights.");
  if (status)
    lx_winograd_clear(out);
  else
    memcpy(out->bias, bias, (size_t)c->out * sizeof(float));
  return status;
}

void lx_winograd_clear(LxWinograd *self)
{
  for (int p = 0; p < LX_WINOGRAD_PRODUCTS; p++)
    lx_conv_pack_clear(&self->at[p]);
  free(self->bias);
  self->bias = NULL;
}

/* ---- tiles ---- */

/* Of each image dilation^2 sub-grids, of each sub-grid down * across tiles. */
typedef struct {
  int down, across;
  int64_t each, all; /* tiles of an image, and of the batch */
  int64_t step;      /* tiles at a time */
} Tiles;

static int tiles_along(int side, int dilation)
{
  int most = (side + dilation - 1) / dilation; /* outputs of the first sub-grid */
  return (most + OUT - 1) / OUT;
}

static Tiles tiles_of(const LxConv *c)
{
  Tiles t = {.down = tiles_along(c->oh, c->dilation), .across = tiles_along(c->ow, c->dilation)};
  t.each = (int64_t)t.down * t.across * c->dilation * c->dilation;
  t.all = t.each * c->n;
  int64_t most = SPACE / ((int64_t)(c->in + c->out) * LX_WINOGRAD_PRODUCTS * 4);
  most = most < ROUND ? ROUND : most / ROUND * ROUND;
  t.step = t.all < most ? t.all : most;
  return t;
}

int64_t lx_winograd_space(const LxConv *c)
{
  return tiles_of(c).step * (c->in + c->out) * LX_WINOGRAD_PRODUCTS;
}

/* The image and the first output of a tile. */
typedef struct {
  int64_t image;
  int y, x;
} Place;

static Place place_of(const LxConv *c, const Tiles *t, int64_t tile)
{
  int at = (int)(tile % t->each), grid = at / (t->down * t->across);
  int row = at / t->across % t->down, column = at % t->across, d = c->dilation;
  return (Place){tile / t->each, grid / d + row * OUT * d, grid % d + column * OUT * d};
}

/* Six numbers `step` apart to the six of B' d. */
__attribute__((always_inline)) static inline void input_row(const Vec *d, int step, Vec *v,
                                                            int v_step)
{
  const Vec *d0 = d, *d1 = d + step, *d2 = d + 2 * step, *d3 = d + 3 * step, *d4 = d + 4 * step;
  Vec even = *d4 - B2 * *d2, odd = A1 * (*d3 - B2 * *d1);
  v[v_step] = even + odd;
  v[2 * v_step] = even - odd;
  even = *d4 - A2 * *d2;
  odd = B1 * (*d3 - A2 * *d1);
  v[3 * v_step] = even + odd;
  v[4 * v_step] = even - odd;
  v[0] = (A2 * B2) * *d0 - (A2 + B2) * *d2 + *d4;
  v[5 * v_step] = (A2 * B2) * *d1 - (A2 + B2) * *d3 + d[5 * step];
}

/* Six numbers to the four of A' m. */
__attribute__((always_inline)) static inline void output_row(const Vec *m, int step, Vec *y,
                                                             int y_step)
{
  Vec sum_a = m[step] + m[2 * step], dif_a = m[step] - m[2 * step];
  Vec sum_b = m[3 * step] + m[4 * step], dif_b = m[3 * step] - m[4 * step];
  y[0] = m[0] + sum_a + sum_b;
  y[y_step] = A1 * dif_a + B1 * dif_b;
  y[2 * y_step] = A2 * sum_a + B2 * sum_b;
  y[3 * y_step] = (A1 * A2) * dif_a + (B1 * B2) * dif_b + m[5 * step];
}

/* v[36][step, in]: row `row` of each. */
LX_KERNEL static void input_tile(const LxConv *c, const float *x, const Place *at, int64_t step,
                                 float *v)
{
  const float *from[IN * IN];
  for (int i = 0; i < IN * IN; i++) {
    int y = at->y - c->pad + i / IN * c->dilation, xx = at->x - c->pad + i % IN * c->dilation;
    bool inside = y >= 0 && y < c->h && xx >= 0 && xx < c->w;
    from[i] = inside ? x + ((at->image * c->h + y) * c->w + xx) * c->in : zeros;
  }
  for (int k = 0; k < c->in; k += LANES) {
    Vec d[IN * IN], half[IN * IN];
    for (int i = 0; i < IN * IN; i++)
      d[i] = *(const Vec *)(from[i] + k);
    for (int i = 0; i < IN; i++)
      input_row(d + i, IN, half + i, IN);
    for (int i = 0; i < IN; i++)
      input_row(half + IN * i, 1, d + IN * i, 1);
    for (int i = 0; i < IN * IN; i++)
      *(Vec *)(v + i * step * c->in + k) = d[i];
  }
}

typedef struct {
  const float *bias, *residual;
  float *y;
  bool relu;
} Output;

LX_KERNEL static void output_tile(const LxConv *c, const Output *o, const Place *at, int64_t step,
                                  const float *m)
{
  int64_t to[OUT * OUT];
  for (int i = 0; i < OUT * OUT; i++) {
    int y = at->y + i / OUT * c->dilation, x = at->x + i % OUT * c->dilation;
    to[i] = y < c->oh && x < c->ow ? ((at->image * c->oh + y) * c->ow + x) * c->out : -1;
  }
  for (int k = 0; k < c->out; k += LANES) {
    Vec p[IN * IN], half[OUT * IN], y[OUT * OUT], bias = *(const Vec *)(o->bias + k);
    for (int i = 0; i < IN * IN; i++)
      p[i] = *(const Vec *)(m + i * step * c->out + k);
    for (int i = 0; i < IN; i++)
      output_row(p + i, IN, half + i, IN);
    for (int i = 0; i < OUT; i++)
      output_row(half + IN * i, 1, y + OUT * i, 1);
    for (int i = 0; i < OUT * OUT; i++) {
      if (to[i] < 0)
        continue;
      Vec sum = y[i] + bias;
      if (o->residual)
        sum += *(const Vec *)(o->residual + to[i] + k);
      Bits negative = sum < 0; /* NaN is not */
      if (o->relu)
        sum = (Vec)((Bits)sum & ~negative);
      *(Vec *)(o->y + to[i] + k) = sum;
    }
  }
}

/* ---- running ---- */

void lx_winograd_forward(const LxConv *c, const LxWinograd *self, const float *x,
                         const float *residual, bool relu, float *y, float *space)
{
  Tiles t = tiles_of(c);
  Output out = {self->bias, residual, y, relu};
  float *v = space, *m = space + t.step * c->in * LX_WINOGRAD_PRODUCTS;
#pragma omp parallel
  for (int64_t first = 0; first < t.all; first += t.step) {
    int64_t n = t.all - first < t.step ? t.all - first : t.step;
    LxConv one = one_product(c, n);
#pragma omp for schedule(static)
    for (int64_t i = 0; i < n; i++) {
      Place at = place_of(c, &t, first + i);
      input_tile(c, x, &at, t.step, v + i * c->in);
    }
#pragma omp for schedule(dynamic)
    for (int p = 0; p < LX_WINOGRAD_PRODUCTS; p++)
      lx_conv_forward(&one, &self->at[p], v + p * t.step * c->in, NULL, false,
                      m + p * t.step * c->out);
#pragma omp for schedule(static)
    for (int64_t i = 0; i < n; i++) {
      Place at = place_of(c, &t, first + i);
      output_tile(c, &out, &at, t.step, m + i * c->out);
    }
  }
}
