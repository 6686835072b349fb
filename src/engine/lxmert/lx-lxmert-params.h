/* The parameters that a configuration asks for, by canonical (Hugging Face) name. */
#pragma once

#include "lx-config.h"
#include "lx-tensors.h"

enum { /* heads */
       LX_HEAD_MLM = 1,
       LX_HEAD_MATCH = 2,
       LX_HEAD_OBJECTS = 4, /* object label, attribute label, feature */
       LX_HEAD_ANSWER = 8,
       LX_HEAD_NLVR2 = 16, /* the answer head on two concatenated pooled vectors, 2 answers */
       LX_HEAD_PRETRAIN = 15,
};

enum {                         /* parts that can be frozen */
       LX_PART_EMBEDDINGS = 1, /* word, position, type, object features and boxes */
       LX_PART_LANGUAGE = 2,
       LX_PART_VISION = 4,
       LX_PART_CROSS = 8,
       LX_PART_HEADS = 16, /* pooler too */
};

/* One parameter. dim[1] = 0 for vectors. */
typedef struct {
  const char *name;
  int ndim;
  int64_t dim[2];
} LxParamSpec;
/* Calls `each` for every parameter in the published order; stops when it fails. */
LxStatus lx_lxmert_each_param(const LxConfig *config, unsigned heads,
                              LxStatus (*each)(const LxParamSpec *spec, void *user_data,
                                               LxError *error),
                              void *user_data, LxError *error);

/* Fresh parameters: weights normal(0, initializer_range), LayerNorm 1 and 0, biases 0.
 * *out is owned. */
LxStatus lx_lxmert_init_params(const LxConfig *config, unsigned heads, uint64_t seed,
                               LxTensors **out, LxError *error);
/* Adds to `params` (owned by the caller alone) what is missing, initialised as above. A
 * parameter that is there with another shape is LX_ERR_SHAPE. */
LxStatus lx_lxmert_add_missing(const LxConfig *config, unsigned heads, uint64_t seed,
                               LxTensors *params, LxError *error);

/* Adds normal(0, deviation) to the weights of the boxes' coordinates and takes from the bias what
 * that does to a box in the middle. The published 0.02 leaves places nearly invisible behind the
 * LayerNorm: a small model then learns "left or right" only after millions of questions. `params`:
 * float32, owned by the caller alone. */
LxStatus lx_lxmert_spread_boxes(LxTensors *params, double deviation, uint64_t seed, LxError *error);

/* LX_PART_* of a parameter. */
unsigned lx_lxmert_part(const char *name);
/* True for biases and LayerNorm's parameters, which weight decay may leave out. */
bool lx_lxmert_no_decay(const char *name);
