#include "lx-detector-calibrate.h"

#include <stdlib.h>
#include <string.h>

#include "lx-preprocess.h"

enum { PICTURES = 16, ROIS_EACH = 8 };

/* Region `i` of picture `n`: a true box, and in the second round the same one shifted by half. */
static void put_roi(float *roi, int n, int i, const LxDetectorTruth *truth, const float scale[2])
{
  roi[0] = (float)n;
  memset(roi + 1, 0, 4 * sizeof *roi);
  if (!truth->count)
    return;
  const float *box = truth->boxes[i % truth->count];
  float shift = i >= truth->count ? 0.5f : 0.0f;
  for (int k = 0; k < 4; k++)
    roi[1 + k] = (box[k] + shift * (box[2 + (k & 1)] - box[k & 1])) * scale[k & 1];
}

static LxStatus load(LxDetectorGraph *g, const LxDetectorSource *source, LxError *error)
{
  float scale[2] = {(float)g->width / (float)source->width,
                    (float)g->height / (float)source->height};
  uint8_t *rgb = malloc((size_t)source->width * (size_t)source->height * 3);
  LxStatus status =
      rgb ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to calibrate the detector.");
  for (int n = 0; n < PICTURES && !status; n++) {
    LxDetectorTruth truth = {0};
    if (source->get(source->user_data, n, rgb, &truth))
      status = lx_fail(error, LX_ERR_IO, "Training picture %d cannot be had.", n);
    else
      lx_detector_graph_see(g, n, rgb, source->width, source->height, (size_t)source->width * 3);
    for (int i = 0; i < ROIS_EACH; i++)
      put_roi(lx_f32(&g->rois->out) + 5 * (n * ROIS_EACH + i), n, i, &truth, scale);
  }
  free(rgb);
  return status;
}

LxStatus lx_detector_calibrate(const LxDetectorConfig *config, LxTensors *params,
                               const LxDetectorSource *source, int width, int height,
                               LxError *error)
{
  LxDetectorGraph *g = NULL;
  LxDetectorGraphOptions options = {.batch = PICTURES,
                                    .height = height,
                                    .width = width,
                                    .rois = PICTURES * ROIS_EACH,
                                    .keep_all = true};
  LxStatus status = lx_detector_graph_new(config, params, &options, &g, error);
  if (!status)
    status = load(g, source, error);
  for (int i = 0; !status && i < lx_graph_node_count(g->graph); i++) {
    LxNode *node = lx_graph_node(g->graph, i);
    lx_op_conv_calibrate(node);
    node->op->forward(g->graph, node);
  }
  lx_detector_graph_free(g);
  return status;
}
