#include "lx-dense.h"

#include "lx-direct.h"
#include "lx-gelu-rows.h"
#include "lx-gemm.h"
#include "lx-packed-shared.h"

enum {
  LAYERS = 3,
  FEW_ROWS = 128, /* up to a few examples, reading the weights costs most */
};

static LxPacked *packed_of(LxGraph *graph, const LxNode *node)
{
  LxDense *dense = node->attr;
  const LxTensor *weights[LAYERS], *biases[LAYERS];
  if (!dense->packed && !dense->failed) {
    for (int i = 0; i < dense->layers; i++) {
      weights[i] = node->param[2 * i]->value;
      biases[i] = node->param[2 * i + 1]->value;
    }
    dense->failed = lx_packed_shared(lx_graph_tensors(graph), weights, biases, dense->layers, true,
                                     &dense->packed, NULL) != LX_OK;
  }
  return dense->packed;
}

/* The product of a node with few rows. `parts`: room for LAYERS. */
static LxDirectProduct product_of(LxGraph *graph, const LxNode *node, LxDirectPart *parts)
{
  const LxDense *dense = node->attr;
  for (int i = 0; i < dense->layers; i++)
    parts[i] =
        (LxDirectPart){lx_f32(node->param[2 * i]->value), lx_f32(node->param[2 * i + 1]->value),
                       node->param[2 * i]->value->dim[0]};
  LxPacked *packed = packed_of(graph, node);
  return (LxDirectProduct){.parts = parts,
                           .n = dense->layers,
                           .blocks = packed ? lx_packed_blocks(packed) : NULL,
                           .x = lx_f32(&node->in[0]->out),
                           .rows = node->out.dim[0],
                           .in = node->param[0]->value->dim[1],
                           .y = lx_f32(&node->out),
                           .ldy = node->out.dim[1]};
}

static bool has_few_rows(LxGraph *graph, const LxNode *node)
{
  const LxDense *dense = node->attr;
  return lx_graph_packed(graph) && dense->layers && node->out.dim[0] <= FEW_ROWS &&
         node->param[0]->value->dim[1] % 16 == 0 && lx_direct_available();
}

void lx_dense_begin_both(LxGraph *graph, LxNode *one, LxNode *other)
{
  LxDirectPart parts[2][LAYERS];
  if (!has_few_rows(graph, one) || !has_few_rows(graph, other))
    return;
  LxDirectProduct products[2] = {product_of(graph, one, parts[0])};
  products[1] = product_of(graph, other, parts[1]);
  one->begun = other->begun = lx_direct_run(products, 2);
}

static bool run_direct(LxGraph *graph, LxNode *node, LxActivation activation)
{
  LxDirectPart parts[LAYERS];
  if (!has_few_rows(graph, node))
    return false;
  LxDirectProduct product = product_of(graph, node, parts);
  product.activation = activation == LX_ACTIVATION_GELU ? lx_gelu_row : NULL;
  return lx_direct_run(&product, 1);
}

bool lx_dense_run(LxGraph *graph, LxNode *node, LxActivation activation)
{
  const LxDense *dense = node->attr;
  int64_t rows = node->out.dim[0];
  float *y = lx_f32(&node->out);
  if (!lx_graph_packed(graph) || !dense->layers)
    return false;
  if (node->begun && activation == LX_ACTIVATION_GELU)
    lx_gelu_rows(y, NULL, rows, node->out.dim[1]);
  if (node->begun || run_direct(graph, node, activation))
    return true;
  LxPacked *packed = packed_of(graph, node);
  return packed && !lx_packed_run(packed, lx_f32(&node->in[0]->out), rows, y, activation, NULL);
}

void lx_dense_backward(LxNode *node, int layer, const float *dy, int64_t ld)
{
  LxNode *x = node->in[0];
  LxParam *weight = node->param[2 * layer], *bias = node->param[2 * layer + 1];
  int64_t rows = node->out.dim[0], out = weight->value->dim[0], in = weight->value->dim[1];
  if (weight->grad)
    lx_gemm(true, false, out, in, rows, 1, dy, ld, lx_f32(&x->out), in,
            lx_take_blank(&weight->blank), weight->grad, in);
  if (bias->grad)
    lx_add_column_sums(dy, rows, out, ld, bias->grad);
  if (x->grad)
    lx_gemm(false, false, rows, in, out, 1, dy, ld, lx_f32(weight->value), in,
            lx_take_blank(&x->blank), x->grad, in);
}
