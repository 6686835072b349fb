/* Detector folders and pictures of every kind, good and bad. */
#include <math.h>

#include "lx-detector-train.h"
#include "lx-detector.h"
#include "lx-test-io.h"

static LxDetectorConfig config;
static uint8_t *picture; /* 640 x 480, coloured squares */
static LxError error;

static void make_config(void)
{
  lx_detector_config_default(&config);
  config.min_size = 96;
  config.max_size = 160;
  config.stem_out = 8;
  config.res2_out = 16;
  config.width_per_group = 8;
  for (int i = 0; i < 4; i++)
    config.num_blocks[i] = 1;
  config.rpn_hidden = 16;
  config.anchor_sizes = (LxNumbers){2, {16, 40}};
  config.num_classes = 3;
  config.num_attrs = 2;
  config.pooler = 7;
  config.res5_halve = true;
  config.pre_nms_topk = 100;
  config.post_nms_topk = 30;
  config.max_detections = 8;
  config.min_detections = 5;
  config.nms_thresholds = (LxNumbers){2, {0.3, 0.6}};
}

static void make_picture(void)
{
  picture = malloc(640 * 480 * 3);
  for (int y = 0; y < 480; y++)
    for (int x = 0; x < 640; x++)
      for (int c = 0; c < 3; c++)
        picture[(y * 640 + x) * 3 + c] = (uint8_t)(((x / 80 * 37 + y / 60 * 91) * (c + 3)) & 255);
}

static LxDetectorNames names(void)
{
  static const char *classes[] = {"cat", "dog", "house"}, *attributes[] = {"red", "blue"};
  return (LxDetectorNames){3, classes, 2, attributes};
}

static int stop_soon(double done, const char *what, void *user_data)
{
  return ++*(int *)user_data > 3;
}

/* Padding to a multiple that the sides have already changes nothing, and a run after another one
 * does not see what that left behind in the padding. */
static void padding(LxTensors *params)
{
  LxDetectorConfig c = config;
  LxDetector *d = NULL;
  LxRegions *first = NULL, *again = NULL;
  c.size_divisibility = 64;
  CHECK(!lx_detector_new(&c, params, NULL, &d, &error), "%s", error.message);
  for (int run = 0; run < 2; run++)
    CHECK(!lx_detector_detect(d, picture, 600, 480, 640 * 3, NULL, run ? &again : &first, NULL,
                              NULL, NULL, &error),
          "%s", error.message);
  CHECK(first->count > 0 && first->count == again->count);
  CHECK(memcmp(first->features, again->features,
               (size_t)(first->count * first->feature_size) * sizeof(float)) == 0);
  for (int64_t k = 0; k < first->count; k++)
    CHECK(first->boxes[4 * k + 2] <= 600 && first->boxes[4 * k + 3] <= 480);
  lx_regions_free(first);
  lx_regions_free(again);
  lx_detector_free(d);
}

static void pictures(LxDetector *d)
{
  static const int sizes[][2] = {{640, 480}, {1, 1}, {3, 480}, {640, 2}, {480, 480}};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    int w = sizes[i][0], h = sizes[i][1];
    LxRegions *r = NULL;
    LxDetectReport report;
    CHECK(!lx_detector_detect(d, picture, w, h, 640 * 3, NULL, &r, &report, NULL, NULL, &error),
          "%d x %d: %s", w, h, error.message);
    if (!r)
      continue;
    CHECK(r->count <= 8 && r->width == w && r->height == h && r->feature_size == 128);
    for (int64_t k = 0; k < r->count; k++) {
      const float *box = r->boxes + 4 * k;
      CHECK(box[0] >= 0 && box[1] >= 0 && box[2] <= w && box[3] <= h && box[2] >= box[0]);
      CHECK(r->object_ids[k] >= 0 && r->object_ids[k] < 3 && r->attribute_ids[k] < 2);
      CHECK(k == 0 || r->object_conf[k] <= r->object_conf[k - 1]);
    }
    CHECK(report.outside == 0 && report.count == r->count && report.names_known);
    CHECK(!strstr(report.warnings, "36"), "%s", report.warnings);
    lx_regions_free(r);
  }
  LxRegions *r = NULL;
  CHECK(lx_detector_detect(d, picture, 0, 5, 0, NULL, &r, NULL, NULL, NULL, &error) ==
        LX_ERR_ARGUMENT);
  int calls = 0;
  CHECK(lx_detector_detect(d, picture, 640, 480, 640 * 3, NULL, &r, NULL, stop_soon, &calls,
                           &error) == LX_ERR_CANCELLED);
  LxDetectOptions options;
  lx_detect_options_default(&options);
  options.max_boxes = 3;
  CHECK(!lx_detector_detect(d, picture, 640, 480, 640 * 3, &options, &r, NULL, NULL, NULL, &error));
  CHECK(r && r->count == 3);
  lx_regions_free(r);
}

static float largest_difference(const float *a, const float *b, int64_t n)
{
  float most = 0;
  for (int64_t i = 0; i < n; i++)
    most = fabsf(a[i] - b[i]) > most ? fabsf(a[i] - b[i]) : most;
  return most;
}

/* Boxes that somebody drew: the same numbers whether the picture was looked at just before or not,
 * in whatever company a box comes, and others for another place. */
static void drawn_boxes(LxDetector *d)
{
  static const float boxes[] = {10, 20, 200, 300, 400, 100, 639, 480, 10, 20, 200, 300};
  LxRegions *found = NULL, *first = NULL, *again = NULL, *other = NULL;
  CHECK(!lx_detector_detect(d, picture, 640, 480, 640 * 3, NULL, &found, NULL, NULL, NULL, &error));
  CHECK(!lx_detector_describe(d, picture, 640, 480, 640 * 3, boxes, 3, &first, &error), "%s",
        error.message);
  CHECK(!lx_detector_detect(d, picture + 30, 600, 450, 640 * 3, NULL, &other, NULL, NULL, NULL,
                            &error));
  CHECK(!lx_detector_describe(d, picture, 640, 480, 640 * 3, boxes, 2, &again, &error));
  if (first && again) {
    int64_t f = first->feature_size;
    CHECK(first->count == 3 && again->count == 2 && first->width == 640 && first->height == 480);
    CHECK(!memcmp(first->boxes, boxes, sizeof boxes));
    CHECK(largest_difference(first->features, again->features, 2 * f) < 1e-5f);
    CHECK(largest_difference(first->features, first->features + 2 * f, f) < 1e-5f);
    CHECK(largest_difference(first->features, first->features + f, f) > 1e-4f);
    CHECK(first->object_ids[1] >= 0 && first->object_ids[1] < 3 && first->object_conf[1] > 0);
  }
  static const float outside[] = {10, 20, 641, 300}, empty[] = {10, 20, 10, 30};
  LxRegions *none = NULL;
  CHECK(lx_detector_describe(d, picture, 640, 480, 640 * 3, outside, 1, &none, &error) ==
        LX_ERR_ARGUMENT);
  CHECK(lx_detector_describe(d, picture, 640, 480, 640 * 3, empty, 1, &none, &error) ==
        LX_ERR_ARGUMENT);
  CHECK(lx_detector_describe(d, picture, 640, 480, 640 * 3, boxes, 0, &none, &error) ==
            LX_ERR_ARGUMENT &&
        !none);
  lx_regions_free(found);
  lx_regions_free(first);
  lx_regions_free(again);
  lx_regions_free(other);
}

static int same_picture(void *data, int64_t index, uint8_t *rgb)
{
  memcpy(rgb, picture + index * 3, 200 * 100 * 3);
  return 0;
}

static int keep(void *data, int64_t index, LxRegions *regions)
{
  LxRegions **list = data;
  CHECK(!list[index]);
  list[index] = regions;
  return 0;
}

static void many(LxDetector *d)
{
  LxRegions *list[11] = {NULL};
  CHECK(!lx_detector_detect_many(d, 200, 100, 0, 11, same_picture, keep, list, NULL, NULL, &error));
  for (int i = 0; i < 11; i++) {
    LxRegions *one = NULL;
    CHECK(!lx_detector_detect(d, picture + i * 3, 200, 100, 600, NULL, &one, NULL, NULL, NULL,
                              &error));
    CHECK(list[i] && one && one->count == list[i]->count);
    if (one && list[i])
      CHECK(
          !memcmp(one->boxes, list[i]->boxes, (size_t)one->count * 16) &&
          !memcmp(one->features, list[i]->features, (size_t)(one->count * one->feature_size) * 4));
    lx_regions_free(one);
    lx_regions_free(list[i]);
  }
}

static void bad_folders(LxTensors *params)
{
  LxDetector *d = NULL;
  LxDetectorNames n = names();
  CHECK(lx_detector_open("/nowhere", &d, &error) == LX_ERR_MISSING);
  const char *folder = lx_test_path("damaged");
  CHECK(!lx_detector_folder_write(folder, &config, params, &n, LX_F16, &error));
  char path[256];
  snprintf(path, sizeof path, "%s/model.safetensors", folder);
  CHECK(truncate(path, 1000) == 0);
  CHECK(lx_detector_open(folder, &d, &error) && strstr(error.message, "model.safetensors"), "%s",
        error.message);
  snprintf(path, sizeof path, "%s/config.json", folder);
  lx_test_write(path, "{\"rpn\": {\"nms_thresh\": \"x\"}}", 28);
  CHECK(lx_detector_open(folder, &d, &error) && strstr(error.message, "rpn.nms_thresh"), "%s",
        error.message);
  LxTensor *t = lx_tensors_find(params, "backbone.res3.0.conv2.weight");
  float old = lx_f32(t)[7];
  lx_f32(t)[7] = NAN;
  CHECK(!lx_detector_folder_write(folder, &config, params, &n, LX_F32, &error));
  CHECK(lx_detector_open(folder, &d, &error) == LX_ERR_NUMERIC &&
            strstr(error.message, "res3.0.conv2"),
        "%s", error.message);
  lx_f32(t)[7] = old;
  LxDetectorConfig other = config;
  other.rpn_hidden = 17;
  CHECK(!lx_detector_folder_write(folder, &other, params, &n, LX_F32, &error));
  CHECK(lx_detector_open(folder, &d, &error) == LX_ERR_SHAPE && strstr(error.message, "rpn_head"),
        "%s", error.message);
  CHECK(d == NULL);
}

/* A detector with the published features, but another number of boxes, says so. */
static void warnings(void)
{
  LxDetectorConfig published = config;
  LxDetector *d = NULL;
  published.res2_out = 256;
  CHECK(!lx_detector_new_random(&published, 1, &d, &error), "%s", error.message);
  CHECK(d && lx_detector_features(d) == 2048 && strstr(lx_detector_warnings(d), "36"));
  LxRegions *r = NULL;
  LxDetectReport report;
  CHECK(!lx_detector_detect(d, picture, 640, 480, 640 * 3, NULL, &r, &report, NULL, NULL, &error));
  CHECK(r && r->count >= 5 && isfinite(report.norm_mean) && !report.names_known);
  lx_regions_free(r);
  lx_detector_free(d);
}

static void config_round_trip(void)
{
  LxDetectorConfig back;
  const char *path = lx_test_path("config.json");
  config.channels = LX_CHANNELS_AS_HF_DEMO;
  config.min_score = 0.25;
  CHECK(!lx_detector_config_write(&config, path, &error));
  CHECK(!lx_detector_config_read(path, &back, &error), "%s", error.message);
  CHECK(back.channels == LX_CHANNELS_AS_HF_DEMO && back.min_score == 0.25);
  CHECK(back.anchor_sizes.count == 2 && back.anchor_sizes.at[1] == 40);
  CHECK(back.pixel_mean[1] == config.pixel_mean[1] && back.num_blocks[2] == 1);
  CHECK(back.nms_thresholds.count == 2 && back.nms_thresholds.at[1] == 0.6);
  config.channels = LX_CHANNELS_BGR;
  config.min_score = 0;
}

/* The published folder has a config.yaml. */
static void yaml(void)
{
  static const char text[] =
      "anchor_generator:\n  sizes:\n  - - 32\n    - 64\n  aspect_ratios:\n  - - 0.5\n    - 1.0\n"
      "  offset: 0.0\ninput:\n  format: BGR\n  min_size_test: 800\nmax_detections: 36\n"
      "model:\n  pixel_mean:\n  - 102.9801\n  - 115.9465\n  - 122.7717\n"
      "RESNETS:\n  DEPTH: 101\n  RES2_OUT_CHANNELS: 256\n"
      "roi_box_head:\n  res5halve: false\nroi_heads:\n  nms_thresh_test:\n  - 0.1\n  - 0.5\n";
  LxDetectorConfig c;
  const char *path = lx_test_path("config.yaml");
  lx_test_write(path, text, strlen(text));
  CHECK(!lx_detector_config_read(path, &c, &error), "%s", error.message);
  CHECK(c.anchor_sizes.count == 2 && c.anchor_ratios.count == 2 && c.num_blocks[2] == 23);
  CHECK(c.nms_thresholds.count == 2 && c.nms_thresholds.at[1] == 0.5 && c.min_size == 800);
  CHECK(c.num_classes == 1600 && !c.res5_halve && c.channels == LX_CHANNELS_BGR);
}

int main(void)
{
  LxTensors *params = NULL;
  LxDetector *d = NULL;
  LxDetectorNames n = names();
  make_config();
  make_picture();
  config_round_trip();
  yaml();
  CHECK(!lx_detector_params_new(&config, 3, &params, &error), "%s", error.message);
  const char *folder = lx_test_path("detector");
  CHECK(!lx_detector_folder_write(folder, &config, params, &n, LX_F32, &error), "%s",
        error.message);
  CHECK(!lx_detector_open(folder, &d, &error), "%s", error.message);
  if (d) {
    CHECK(strcmp(lx_detector_class_name(d, 2), "house") == 0 && !lx_detector_class_name(d, 3));
    pictures(d);
    padding(params);
    drawn_boxes(d);
    many(d);
    lx_detector_free(d);
  }
  warnings();
  bad_folders(params);
  lx_tensors_unref(params);
  free(picture);
  lx_test_clean();
  return lx_test_end();
}
