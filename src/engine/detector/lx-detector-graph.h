/* The detector as a graph, built from its configuration. */
#pragma once

#include "lx-detector-config.h"
#include "lx-detector-ops.h"
#include "lx-detector-targets.h"

typedef struct {
  LxDetectorConfig config;
  LxGraph *graph;
  LxTensors *params;
  int batch, height, width; /* of the input image(s), without padding */
  int roi_rows;             /* row kind of everything behind the RoI pool */
  int n_cells;              /* anchors of one cell */
  int64_t n_anchors;
  float *anchors; /* [n_anchors, 4]; order y, x, a */
  LxNode *image;  /* [batch, height, width, 3] normalised, padded to size_divisibility */
  LxNode *res4, *objectness, *deltas; /* [batch, fh, fw, .] */
  LxNode *rois;     /* [rois, 5]; an input, or drawn from the proposals (training) */
  LxNode *features; /* [rois, feature size] */
  LxNode *cls_logits, *box_deltas, *attr_logits; /* attr_logits NULL without attributes */
  LxNode *loss;                                  /* training: the sum of all losses */
} LxDetectorGraph;

typedef struct {
  int batch, height, width;
  int rois;                   /* capacity of one run of the heads */
  LxConvPacks *packs;         /* inference: shared packed weights; NULL: packed in every run */
  LxDetectorTargets *targets; /* training on one image at a time; borrowed */
  bool keep_all;              /* every node keeps its output; else activations share memory */
} LxDetectorGraphOptions;

/* *out is owned: lx_detector_graph_free. `params` are float32. */
LxStatus lx_detector_graph_new(const LxDetectorConfig *config, LxTensors *params,
                               const LxDetectorGraphOptions *options, LxDetectorGraph **out,
                               LxError *error);
void lx_detector_graph_free(LxDetectorGraph *self);
/* Preprocesses a picture (lx_preprocess) into image `index` of the batch, with its padding below and
 * to the right. */
void lx_detector_graph_see(LxDetectorGraph *self, int index, const uint8_t *rgb, int width,
                           int height, size_t stride);
/* Spreads an image whose height x width x 3 numbers lie without gaps over its padded rows. */
void lx_detector_graph_pad(LxDetectorGraph *self, int index);

/* Parameters of a new detector: He-uniform convolutions, the last norm of each residual block
 * small, heads near zero. *out is owned. */
LxStatus lx_detector_params_new(const LxDetectorConfig *config, uint64_t seed, LxTensors **out,
                                LxError *error);

/* Overwrites the parameters' cell anchors with those of the configuration; their number must fit. */
LxStatus lx_detector_params_set_anchors(const LxDetectorConfig *config, LxTensors *params,
                                        LxError *error);
