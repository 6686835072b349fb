/* Convolution, frozen batch norm, residual and ReLU as one node.
 *
 * With s = gamma / sqrt(var + eps), W' = s W and b' = beta - s mean:
 *   y = relu(W' * x + b' + r)
 * Backward, with g = dL/dy where y > 0 and G = dL/dW' = g (*) x:
 *   dx = W'^T g,  dr = g,  dW = s G,  dbeta = sum g,
 *   dgamma = (<W, G> - mean sum g) / sqrt(var + eps)   as <W', G> = sum over pixels of g * conv(x),
 * so the value before the norm need not be kept. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-conv-packs.h"
#include "lx-detector-ops.h"
#include "lx-kernel.h"

typedef struct {
  LxConv conv;
  bool relu, linear, residual;
  int weight, bias, norm; /* index of the (first) parameter, or -1 */
  LxConvPacks *packs;     /* NULL: packed anew in every run */
  const LxConvShared *shared;
  LxConvPack forward, backward;
  float *scale, *shift; /* [out] */
  float *sum;           /* [out]: sum of g */
  float *packed_grad;   /* owned; allocated by the first backward */
} Conv;

enum { GAMMA, BETA, MEAN, VAR };

static const float *value(const LxNode *node, int param)
{
  return lx_f32(node->param[param]->value);
}

/* s and b' of the header, or 1 and the bias. */
static void fold(const LxNode *node, const Conv *a)
{
  for (int o = 0; o < a->conv.out; o++) {
    a->scale[o] = 1;
    a->shift[o] = a->bias >= 0 ? value(node, a->bias)[o] : 0;
    if (a->norm < 0)
      continue;
    a->scale[o] = value(node, a->norm + GAMMA)[o] / sqrtf(value(node, a->norm + VAR)[o] + 1e-5f);
    a->shift[o] = value(node, a->norm + BETA)[o] - value(node, a->norm + MEAN)[o] * a->scale[o];
  }
}

static void conv_forward(LxGraph *graph, LxNode *node)
{
  Conv *a = node->attr;
  const float *x = lx_f32(&node->in[0]->out);
  const float *residual = a->residual ? lx_f32(&node->in[1]->out) : NULL;
  float *y = lx_f32(&node->out);
  a->conv.n = (int)node->in[0]->out.dim[0];
  if (!a->shared) {
    fold(node, a);
    lx_conv_pack_fill(&a->forward, &a->conv, false, value(node, a->weight), a->scale, a->shift);
  }
  if (a->conv.n && !a->shared)
    lx_conv_forward(&a->conv, &a->forward, x, residual, a->relu, y);
  else if (a->conv.n && !lx_conv_shared_run(a->packs, a->shared, &a->conv, x, residual, a->relu, y))
    lx_graph_fail(graph, LX_ERR_MEMORY, "Not enough memory to run the detector.");
}

/* g = gradient where y > 0; the residual gets it, sums[c] = sum over pixels. */
LX_KERNEL static void through_relu(float *restrict g, const float *restrict y, float *restrict res,
                                   float *restrict sums, int64_t pixels, int channels)
{
  memset(sums, 0, (size_t)channels * sizeof *sums);
  for (int64_t p = 0; p < pixels; p++, g += channels) {
    if (y) {
      for (int c = 0; c < channels; c++)
        g[c] = y[c] > 0 ? g[c] : 0;
      y += channels;
    }
    for (int c = 0; c < channels; c++)
      sums[c] += g[c];
    if (res) {
      for (int c = 0; c < channels; c++)
        res[c] += g[c];
      res += channels;
    }
  }
}

/* <W, G> of one output channel. */
static double weight_dot(const Conv *a, const float *w, int o)
{
  const LxConvPack *p = &a->forward;
  int outc = a->conv.out / a->conv.groups;
  const float *g = a->packed_grad + (o / outc) * p->group_floats + o % outc;
  double dot = 0;
  for (int i = 0; i < p->k; i++)
    for (int t = 0; t < p->taps; t++)
      dot +=
          (double)w[((int64_t)o * p->k + i) * p->taps + t] * g[((int64_t)t * p->k + i) * p->padded];
  return dot;
}

static void backward_params(LxNode *node, Conv *a, const float *g)
{
  LxParam **param = node->param;
  size_t floats = (size_t)lx_conv_weight_floats(&a->forward);
  if (!a->packed_grad && !(a->packed_grad = malloc(floats * sizeof(float))))
    return;
  memset(a->packed_grad, 0, floats * sizeof(float));
  lx_conv_backward_weight(&a->conv, &a->forward, lx_f32(&node->in[0]->out), g, a->packed_grad);
  if (param[a->weight]->grad)
    lx_conv_unpack_add(&a->forward, &a->conv, a->packed_grad, a->scale, param[a->weight]->grad);
  for (int o = 0; o < a->conv.out; o++) {
    if (a->bias >= 0 && param[a->bias]->grad)
      param[a->bias]->grad[o] += a->sum[o];
    if (a->norm < 0)
      continue;
    if (param[a->norm + BETA]->grad)
      param[a->norm + BETA]->grad[o] += a->sum[o];
    if (param[a->norm + GAMMA]->grad)
      param[a->norm + GAMMA]->grad[o] +=
          (float)((weight_dot(a, value(node, a->weight), o) -
                   (double)value(node, a->norm + MEAN)[o] * a->sum[o]) /
                  sqrt((double)value(node, a->norm + VAR)[o] + 1e-5));
  }
}

static void conv_backward(LxGraph *graph, LxNode *node)
{
  Conv *a = node->attr;
  LxNode *x = node->in[0];
  float *res = a->residual ? node->in[1]->grad : NULL;
  a->conv.n = (int)x->out.dim[0];
  if (!a->conv.n)
    return;
  through_relu(node->grad, a->relu ? lx_f32(&node->out) : NULL, res, a->sum,
               (int64_t)a->conv.n * a->conv.oh * a->conv.ow, a->conv.out);
  if (lx_graph_mode(graph) == LX_TRAIN)
    backward_params(node, a, node->grad);
  if (!x->grad)
    return;
  if (!a->backward.data && lx_conv_pack_new(&a->conv, true, &a->backward, NULL))
    return;
  lx_conv_pack_fill(&a->backward, &a->conv, true, value(node, a->weight), a->scale, NULL);
  lx_conv_backward_input(&a->conv, &a->backward, node->grad, x->grad);
}

static void conv_release(LxNode *node)
{
  Conv *a = node->attr;
  if (!a)
    return;
  lx_conv_pack_clear(&a->forward);
  lx_conv_pack_clear(&a->backward);
  free(a->packed_grad);
}

static const LxOp conv_op = {
    .name = "conv", .forward = conv_forward, .backward = conv_backward, .release = conv_release};

bool lx_op_conv_calibrate(LxNode *node)
{
  if (node->op != &conv_op || ((Conv *)node->attr)->norm < 0)
    return false;
  Conv *a = node->attr;
  float *y = lx_f32(&node->out);
  float *mean = lx_f32(node->param[a->norm + MEAN]->value);
  float *var = lx_f32(node->param[a->norm + VAR]->value);
  int out = a->conv.out;
  a->conv.n = (int)node->in[0]->out.dim[0];
  int64_t pixels = (int64_t)a->conv.n * a->conv.oh * a->conv.ow;
  memset(a->shift, 0, (size_t)out * sizeof(float));
  lx_conv_pack_fill(&a->forward, &a->conv, false, value(node, a->weight), NULL, a->shift);
  lx_conv_forward(&a->conv, &a->forward, lx_f32(&node->in[0]->out), NULL, false, y);
  for (int o = 0; o < out && pixels > 0; o++) {
    double sum = 0, square = 0;
    for (int64_t p = 0; p < pixels; p++) {
      sum += y[p * out + o];
      square += (double)y[p * out + o] * y[p * out + o];
    }
    mean[o] = (float)(sum / (double)pixels);
    var[o] = (float)fmax(square / (double)pixels - (double)mean[o] * mean[o], 1e-6);
  }
  return true;
}

static LxParam *norm_param(LxGraph *graph, LxNode *node, const char *prefix, const char *tail,
                           int64_t out)
{
  char name[192];
  snprintf(name, sizeof name, "%s.%s", prefix, tail);
  return lx_node_param(graph, node, name, 1, &out);
}

static void bind(LxGraph *graph, LxNode *node, const LxConvSpec *spec, Conv *a)
{
  int64_t out = spec->out;
  int64_t dim[4] = {out, a->conv.in / a->conv.groups, a->conv.kernel, a->conv.kernel};
  a->bias = a->norm = -1;
  a->weight = node->n_param;
  lx_node_param(graph, node, spec->weight, a->linear ? 2 : 4, dim);
  if (spec->bias) {
    a->bias = node->n_param;
    lx_node_param(graph, node, spec->bias, 1, &out);
  }
  if (!spec->norm)
    return;
  a->norm = node->n_param;
  norm_param(graph, node, spec->norm, "weight", out);
  norm_param(graph, node, spec->norm, "bias", out);
  LxParam *mean = norm_param(graph, node, spec->norm, "running_mean", out);
  LxParam *var = norm_param(graph, node, spec->norm, "running_var", out);
  if (mean && var)
    mean->frozen = var->frozen = true;
}

static void get_pack(LxGraph *graph, LxNode *node, Conv *a)
{
  LxError error;
  const LxTensor *weight = node->param[a->weight]->value;
  LxStatus status;
  if (!a->packs) {
    status = lx_conv_pack_new(&a->conv, false, &a->forward, &error);
  } else {
    fold(node, a);
    status = lx_conv_packs_get(a->packs, weight, &a->conv, a->scale, a->shift, &a->shared, &error);
  }
  if (status)
    lx_graph_fail(graph, status, "%s", error.message);
}

static LxConv conv_of(const LxConvSpec *spec, const LxNode *x)
{
  bool linear = spec->kernel == 0;
  LxConv conv = {
      .n = (int)x->out.dim[0],
      .h = linear ? 1 : (int)x->out.dim[1],
      .w = linear ? 1 : (int)x->out.dim[2],
      .in = (int)x->out.dim[linear ? 1 : 3],
      .out = spec->out,
      .kernel = linear ? 1 : spec->kernel,
      .stride = linear ? 1 : spec->stride,
      .pad = spec->pad,
      .dilation = linear ? 1 : spec->dilation,
      .groups = spec->groups ? spec->groups : 1,
  };
  lx_conv_shape(&conv);
  return conv;
}

LxNode *lx_op_conv(LxGraph *graph, const char *name, const LxConvSpec *spec, LxNode *x,
                   LxNode *residual, LxConvPacks *packs)
{
  if (!x)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT, "A convolution lacks its input.");
  LxConv conv = conv_of(spec, x);
  if (conv.in % conv.groups || conv.out % conv.groups)
    return lx_graph_fail(graph, LX_ERR_SHAPE, "“%s”: %d and %d channels do not make %d groups.",
                         spec->weight, conv.in, conv.out, conv.groups);
  if (conv.oh < 1 || conv.ow < 1)
    return lx_graph_fail(graph, LX_ERR_ARGUMENT,
                         "The image is too small for the detector (%d x %d).", conv.w, conv.h);
  bool linear = spec->kernel == 0;
  int64_t dim[4] = {conv.n, conv.oh, conv.ow, conv.out};
  if (linear)
    dim[1] = conv.out;
  LxNode *node = lx_graph_add(graph, &conv_op, name, x->rows, LX_F32, linear ? 2 : 4, dim);
  Conv *a = lx_graph_alloc(graph, sizeof *a);
  if (!node || !a)
    return NULL;
  node->attr = a;
  *a = (Conv){.conv = conv,
              .relu = spec->relu,
              .linear = linear,
              .residual = residual != NULL,
              .packs = packs};
  lx_node_input(graph, node, x);
  if (residual)
    lx_node_input(graph, node, residual);
  a->scale = lx_graph_alloc(graph, (size_t)spec->out * sizeof(float));
  a->shift = lx_graph_alloc(graph, (size_t)spec->out * sizeof(float));
  a->sum = lx_graph_alloc(graph, (size_t)spec->out * sizeof(float));
  bind(graph, node, spec, a);
  if (!lx_graph_failed(graph))
    get_pack(graph, node, a);
  return lx_graph_failed(graph) ? NULL : node;
}
