/* The published detector's size (ResNet-101 C4, 1600 classes, 300 proposals) on a 640x480 picture. */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "lx-detector.h"
#include "lx-preprocess.h"

enum { WIDTH = 640, HEIGHT = 480 };

/* Multiplications and additions of a convolution's output. */
static double conv(double height, double width, double in, double out, double kernel)
{
  return 2 * height * width * in * out * kernel * kernel;
}

/* A stage of bottlenecks on maps of height x width (after its stride). */
static double stage_flop(const LxDetectorConfig *c, int stage, double in, double height,
                         double width)
{
  double middle = lx_detector_stage_width(c, stage), out = lx_detector_stage_out(c, stage);
  double flop = 0;
  for (int i = 0; i < c->num_blocks[stage - 2]; i++) {
    flop += conv(height, width, in, middle, 1) + conv(height, width, middle, out, 1);
    flop += conv(height, width, middle, middle / c->groups, 3);
    if (i == 0)
      flop += conv(height, width, in, out, 1);
    in = out;
  }
  return flop;
}

/* Of all convolutions and linear layers as matrix products; *heads: of those on proposals. */
static double detector_flop(const LxDetectorConfig *c, int height, int width, double *heads)
{
  double h = (height + 1) / 2, w = (width + 1) / 2, in = c->stem_out, flop;
  double anchors = lx_detector_anchors(c), feature = lx_detector_feature_size(c);
  double side = c->res5_halve ? c->pooler / 2.0 : c->pooler, classes = c->num_classes;
  double embedding = feature / 8, hidden = feature / 4;

  flop = conv(h, w, 3, c->stem_out, 7);
  h = (double)(int)(h / 2);
  w = (double)(int)(w / 2);
  for (int stage = 2; stage <= 4; stage++) {
    if (stage > 2) {
      h = (double)(int)((h + 1) / 2);
      w = (double)(int)((w + 1) / 2);
    }
    flop += stage_flop(c, stage, in, h, w);
    in = lx_detector_stage_out(c, stage);
  }
  flop += conv(h, w, in, c->rpn_hidden, 3) + conv(h, w, c->rpn_hidden, 5 * anchors, 1);
  *heads = stage_flop(c, 5, in, side, side);
  *heads += 2 * feature * (classes + 1 + 4 * classes);
  if (c->attributes)
    *heads += 2 * ((feature + embedding) * hidden + hidden * (c->num_attrs + 1));
  *heads *= c->post_nms_topk;
  return flop + *heads;
}

/* Smooth noise: what the network sees does not matter for its time. */
static uint8_t *make_picture(void)
{
  uint8_t *rgb = malloc((size_t)WIDTH * HEIGHT * 3);
  for (int y = 0; rgb && y < HEIGHT; y++)
    for (int x = 0; x < WIDTH * 3; x++)
      rgb[(size_t)y * WIDTH * 3 + (size_t)x] =
          (uint8_t)((x * x / 97 + y * y / 31 + x * y / 53) & 255);
  return rgb;
}

typedef struct {
  LxDetector *detector;
  const uint8_t *rgb;
  int64_t boxes;
} Detection;

static LxStatus detect(void *data, LxError *error)
{
  Detection *d = data;
  LxRegions *regions = NULL;
  LxStatus status = lx_detector_detect(d->detector, d->rgb, WIDTH, HEIGHT, (size_t)WIDTH * 3, NULL,
                                       &regions, NULL, NULL, NULL, error);
  d->boxes = status ? 0 : regions->count;
  lx_regions_free(regions);
  return status;
}

LxStatus bench_detect(Bench *self, LxError *error)
{
  LxDetectorConfig config;
  Detection d = {0};
  BenchRow *row = NULL;
  double before = bench_peak_bytes(), heads, flop;
  int width, height;

  lx_detector_config_default(&config);
  lx_preprocess_size(&config, WIDTH, HEIGHT, &width, &height);
  flop = detector_flop(&config, height, width, &heads);
  uint8_t *rgb = make_picture();
  LxStatus status = rgb ? lx_detector_new_random(&config, 1, &d.detector, error)
                        : lx_fail(error, LX_ERR_MEMORY, "Not enough memory for a picture.");
  d.rgb = rgb;
  if (!status)
    status =
        bench_time(self, "detect, 640x480, 300 proposals", flop, 1, 3, detect, &d, &row, error);
  if (!status) {
    snprintf(row->note, sizeof row->note,
             "%dx%d, %lld boxes; %.0f%% on proposals; peak %.0f MB more", width, height,
             (long long)d.boxes, 100 * heads / flop, (bench_peak_bytes() - before) / 1e6);
    bench_print_last(self);
  }
  lx_detector_free(d.detector);
  free(rgb);
  return status;
}
