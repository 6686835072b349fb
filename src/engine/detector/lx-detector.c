#include "lx-detector.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lx-boxes.h"
#include "lx-detector-run.h"
#include "lx-preprocess.h"
#include "lx-threads.h"

enum { ROI_BYTES = 72 << 20, MAX_GRAPHS = 64 };

struct LxDetector {
  LxDetectorConfig config;
  LxTensors *params;
  LxDetectorNames names;
  LxConvPacks *packs;
  LxDetectorGraph *graph; /* of the last picture's size */
  uint64_t seen;          /* the picture whose backbone the graph holds; 0: none */
  char warnings[640];
};

/* ---- opening ---- */

static void warn(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void warn(char *to, size_t size, const char *format, ...)
{
  size_t used = strlen(to);
  va_list args;
  va_start(args, format);
  if (used + 2 < size) {
    if (used)
      to[used++] = '\n';
    vsnprintf(to + used, size - used, format, args);
  }
  va_end(args);
}

static void warn_channels(const LxDetectorConfig *c, char *to, size_t size)
{
  if (c->channels == LX_CHANNELS_AS_HF_DEMO)
    warn(to, size,
         "Pixels go in as R G B against the B G R mean, as in Hugging Face's demo; the "
         "network was trained on B G R.");
  else if (!lx_channels_agree(c))
    warn(to, size,
         "Pixels go in as %s, but the mean that is subtracted is in the other order: are "
         "the colours swapped?",
         c->channels == LX_CHANNELS_BGR ? "B G R" : "R G B");
}

static void look_at(LxDetector *self)
{
  const LxDetectorConfig *c = &self->config;
  char *to = self->warnings;
  size_t size = sizeof self->warnings;
  if (lx_detector_feature_size(c) == 2048 && (c->max_detections != 36 || c->min_detections != 36))
    warn(to, size, "This detector reports %d to %d boxes; the published LXMERT was trained on 36.",
         c->min_detections, c->max_detections);
  if (self->names.n_classes && self->names.n_classes != c->num_classes)
    warn(to, size, "objects_vocab.txt has %d names for %d classes.", self->names.n_classes,
         c->num_classes);
  if (self->names.n_attributes && self->names.n_attributes != c->num_attrs)
    warn(to, size, "attributes_vocab.txt has %d names for %d attributes.", self->names.n_attributes,
         c->num_attrs);
  warn_channels(c, to, size);
}

/* A small graph shows whether every weight is there and fits. */
static LxStatus check_weights(const LxDetector *self, LxError *error)
{
  LxDetectorGraph *graph = NULL;
  LxDetectorGraphOptions options = {
      .batch = 1, .height = 64, .width = 64, .rois = 1, .packs = self->packs};
  LxStatus status = lx_detector_graph_new(&self->config, self->params, &options, &graph, error);
  lx_detector_graph_free(graph);
  return status;
}

static LxStatus finish(LxDetector *self, LxDetector **out, LxError *error)
{
  LxStatus status = LX_OK;
  if (!(self->packs = lx_conv_packs_new()))
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  if (!status)
    status = check_weights(self, error);
  if (status) {
    lx_detector_free(self);
    return status;
  }
  look_at(self);
  *out = self;
  return LX_OK;
}

LxStatus lx_detector_open(const char *folder, LxDetector **out, LxError *error)
{
  LxDetector *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  LxStatus status =
      lx_detector_folder_read(folder, &self->config, &self->params, &self->names, error);
  if (status) {
    lx_detector_free(self);
    return status;
  }
  status = finish(self, out, error);
  return status ? lx_fail_in(error, folder) : LX_OK;
}

static bool copy_names(int n, const char *const *from, int *to_n, const char ***to)
{
  *to = calloc((size_t)(n ? n : 1), sizeof **to);
  for (int i = 0; *to && i < n; i++, (*to_n)++)
    if (!((*to)[i] = strdup(from[i])))
      return false;
  return *to != NULL;
}

LxStatus lx_detector_new(const LxDetectorConfig *config, LxTensors *params,
                         const LxDetectorNames *names, LxDetector **out, LxError *error)
{
  LxStatus status = lx_detector_config_check(config, error);
  if (status)
    return status;
  LxDetector *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  self->config = *config;
  self->params = lx_tensors_ref(params);
  LxDetectorNames *mine = &self->names;
  if (names && (!copy_names(names->n_classes, names->classes, &mine->n_classes, &mine->classes) ||
                !copy_names(names->n_attributes, names->attributes, &mine->n_attributes,
                            &mine->attributes))) {
    lx_detector_free(self);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the detector.");
  }
  return finish(self, out, error);
}

/* Residual branches stay small, so that nothing overflows in 33 blocks, and proposals stay on their
 * anchors, so that there are as many as the configuration takes. */
LxStatus lx_detector_new_random(const LxDetectorConfig *config, uint64_t seed, LxDetector **out,
                                LxError *error)
{
  LxTensors *params = NULL;
  LxStatus status = lx_detector_params_new(config, seed, &params, error);
  for (size_t i = 0; !status && i < lx_tensors_count(params); i++) {
    LxTensor *t = lx_tensors_at(params, i);
    const char *name = lx_tensors_name(params, i);
    float by = strstr(name, "conv3.norm.weight") ? 0.1f : strstr(name, "anchor_deltas") ? 0 : 1;
    for (int64_t j = 0; by != 1 && j < lx_tensor_count(t); j++)
      lx_f32(t)[j] *= by;
  }
  if (!status)
    status = lx_detector_new(config, params, NULL, out, error);
  lx_tensors_unref(params);
  return status;
}

void lx_detector_free(LxDetector *self)
{
  if (!self)
    return;
  lx_detector_graph_free(self->graph);
  lx_conv_packs_free(self->packs);
  lx_tensors_unref(self->params);
  lx_detector_names_clear(&self->names);
  free(self);
}

const LxDetectorConfig *lx_detector_config(const LxDetector *self)
{
  return &self->config;
}

int lx_detector_features(const LxDetector *self)
{
  return lx_detector_feature_size(&self->config);
}

int lx_detector_n_classes(const LxDetector *self)
{
  return self->config.num_classes;
}

int lx_detector_n_attributes(const LxDetector *self)
{
  return self->config.num_attrs;
}

const char *lx_detector_class_name(const LxDetector *self, int64_t id)
{
  return id >= 0 && id < self->names.n_classes ? self->names.classes[id] : NULL;
}

const char *lx_detector_attribute_name(const LxDetector *self, int64_t id)
{
  return id >= 0 && id < self->names.n_attributes ? self->names.attributes[id] : NULL;
}

const char *lx_detector_warnings(const LxDetector *self)
{
  return self->warnings;
}

/* ---- one picture ---- */

void lx_detect_options_default(LxDetectOptions *out)
{
  *out = (LxDetectOptions){.channels = -1};
}

static LxDetectorConfig config_for(const LxDetector *self, const LxDetectOptions *o)
{
  LxDetectorConfig c = self->config;
  if (!o)
    return c;
  if (o->max_boxes > 0) {
    c.max_detections = o->max_boxes;
    c.min_detections = c.min_detections < c.max_detections ? c.min_detections : c.max_detections;
    c.post_nms_topk = c.post_nms_topk > o->max_boxes ? c.post_nms_topk : o->max_boxes;
  }
  if (o->min_boxes > 0)
    c.min_detections = o->min_boxes < c.max_detections ? o->min_boxes : c.max_detections;
  if (o->channels >= 0)
    c.channels = (LxChannelOrder)o->channels;
  if (o->fast) {
    c.min_size = c.min_size / 2 > 32 ? c.min_size / 2 : c.min_size;
    c.max_size = c.max_size / 2 > c.min_size ? c.max_size / 2 : c.max_size;
    c.post_nms_topk = c.post_nms_topk > 100 ? 100 : c.post_nms_topk;
  }
  return c;
}

/* As many RoIs at a time as keep the heads' activations small. */
static int roi_batch(const LxDetectorConfig *c)
{
  int64_t each = (int64_t)c->pooler * c->pooler * lx_detector_feature_size(c) * 3 * 4;
  int64_t n = ROI_BYTES / each;
  n = n < 1 ? 1 : n;
  return (int)(n < c->post_nms_topk ? n : c->post_nms_topk);
}

static LxStatus graph_for(const LxDetector *self, const LxDetectorConfig *config, int width,
                          int height, LxDetectorGraph **graph, LxError *error)
{
  if (*graph && (*graph)->width == width && (*graph)->height == height) {
    (*graph)->config = *config;
    return LX_OK;
  }
  lx_detector_graph_free(*graph);
  *graph = NULL;
  LxDetectorGraphOptions options = {.batch = 1,
                                    .height = height,
                                    .width = width,
                                    .rois = roi_batch(config),
                                    .packs = self->packs};
  return lx_detector_graph_new(config, self->params, &options, graph, error);
}

static void describe_boxes(const LxRegions *r, LxDetectReport *report)
{
  for (int64_t i = 0; i < r->count; i++) {
    const float *box = r->boxes + 4 * i;
    for (int k = 0; k < 4; k++)
      report->outside += box[k] < 0 || box[k] > (float)(k & 1 ? r->height : r->width);
    for (int64_t j = 0; j < i; j++)
      report->duplicates += lx_box_iou(box, r->boxes + 4 * j) > 0.9f;
  }
}

static void describe_features(const LxRegions *r, LxDetectReport *report)
{
  report->norm_min = r->count ? INFINITY : 0;
  for (int64_t i = 0; i < r->count; i++) {
    double square = 0;
    for (int64_t k = 0; k < r->feature_size; k++) {
      double v = r->features[i * r->feature_size + k];
      square += v * v;
      report->value_max = fmax(report->value_max, v);
    }
    report->norm_min = fmin(report->norm_min, sqrt(square));
    report->norm_max = fmax(report->norm_max, sqrt(square));
    report->norm_mean += sqrt(square) / (double)r->count;
  }
}

static void describe(const LxDetector *self, const LxDetectorConfig *c, const LxRegions *r,
                     LxDetectReport *report)
{
  report->channels = c->channels;
  report->channels_agree = lx_channels_agree(c);
  report->count = r->count;
  report->wanted = c->max_detections;
  describe_boxes(r, report);
  describe_features(r, report);
  report->names_known = true;
  for (int64_t i = 0; i < r->count; i++)
    report->names_known &=
        lx_detector_class_name(self, r->object_ids[i]) &&
        (!c->attributes || lx_detector_attribute_name(self, r->attribute_ids[i]));
  char *to = report->warnings;
  size_t size = sizeof report->warnings;
  snprintf(to, size, "%s", self->warnings);
  if (c->channels != self->config.channels)
    warn_channels(c, to, size);
  if (r->count < c->min_detections)
    warn(to, size, "Only %lld boxes were found where %d are wanted; LXMERT masks the rest.",
         (long long)r->count, c->min_detections);
  if (report->duplicates)
    warn(to, size, "%lld pairs of boxes are nearly the same.", (long long)report->duplicates);
  if (report->fast)
    warn(to, size, "Made by the fast preset: these are not the published features.");
  if (!report->names_known)
    warn(to, size,
         "Some classes or attributes have no name (objects_vocab.txt, "
         "attributes_vocab.txt).");
}

static LxStatus check_picture(const uint8_t *rgb, int width, int height, size_t stride,
                              LxError *error)
{
  if (!rgb || width < 1 || height < 1 || stride < (size_t)width * 3)
    return lx_fail(error, LX_ERR_ARGUMENT, "A picture of %d x %d pixels cannot be looked at.",
                   width, height);
  return LX_OK;
}

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* FNV-1a over the pixels and the size, eight bytes at a time; never 0. */
static uint64_t picture_hash(const uint8_t *rgb, int width, int height, size_t stride)
{
  uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)width << 32 ^ (uint64_t)height;
  size_t row = (size_t)width * 3;
  for (int y = 0; y < height; y++)
    for (size_t x = 0; x < row; x += 8) {
      uint64_t bits = 0;
      memcpy(&bits, rgb + (size_t)y * stride + x, row - x < 8 ? row - x : 8);
      hash = (hash ^ bits) * 0x100000001b3u;
      hash ^= hash >> 29;
    }
  return hash | 1;
}

static LxStatus check_boxes(const float *boxes, int64_t n, int width, int height, LxError *error)
{
  for (int64_t i = 0; i < n; i++) {
    const float *b = boxes + 4 * i;
    if (!(b[0] >= 0 && b[1] >= 0 && b[2] <= (float)width && b[3] <= (float)height && b[0] < b[2] &&
          b[1] < b[3]))
      return lx_fail(error, LX_ERR_ARGUMENT, "Box %lld does not lie inside the picture.",
                     (long long)i + 1);
  }
  return LX_OK;
}

/* A graph that ran out of memory is of no more use. */
static LxStatus let_go(LxDetector *self, LxStatus status)
{
  if (status == LX_ERR_MEMORY) {
    lx_detector_graph_free(self->graph);
    self->graph = NULL;
  }
  return status;
}

LxStatus lx_detector_describe(LxDetector *self, const uint8_t *rgb, int width, int height,
                              size_t stride, const float *boxes, int64_t n, LxRegions **out,
                              LxError *error)
{
  int w, h;
  LxStatus status = check_picture(rgb, width, height, stride, error);
  if (!status)
    status = check_boxes(boxes, n, width, height, error);
  if (status)
    return status;
  lx_preprocess_size(&self->config, width, height, &w, &h);
  const LxDetectorGraph *before = self->graph;
  status = graph_for(self, &self->config, w, h, &self->graph, error);
  if (status)
    return status;
  uint64_t hash = picture_hash(rgb, width, height, stride);
  bool looked = before == self->graph && self->seen == hash;
  self->seen = 0;
  /* Not when the backbone's output is there: it may lie where the image was. */
  if (!looked)
    lx_detector_graph_see(self->graph, 0, rgb, width, height, stride);
  status = lx_detector_graph_describe(self->graph, width, height, boxes, n, looked, out, error);
  self->seen = status ? 0 : hash;
  return let_go(self, status);
}

LxStatus lx_detector_detect(LxDetector *self, const uint8_t *rgb, int width, int height,
                            size_t stride, const LxDetectOptions *options, LxRegions **out,
                            LxDetectReport *report, LxProgress progress, void *user_data,
                            LxError *error)
{
  double start = seconds();
  int w, h;
  LxDetectorConfig config = config_for(self, options);
  LxStatus status = check_picture(rgb, width, height, stride, error);
  if (status)
    return status;
  lx_preprocess_size(&config, width, height, &w, &h);
  self->seen = 0;
  status = graph_for(self, &config, w, h, &self->graph, error);
  if (status)
    return status;
  lx_detector_graph_see(self->graph, 0, rgb, width, height, stride);
  status = lx_detector_graph_detect(self->graph, width, height, progress, user_data, out, error);
  if (!status && !(options && (options->fast || options->channels >= 0)))
    self->seen = picture_hash(rgb, width, height, stride);
  if (status || !report)
    return let_go(self, status);
  *report = (LxDetectReport){.fast = options && options->fast,
                             .input_width = w,
                             .input_height = h,
                             .seconds = seconds() - start};
  describe(self, &config, *out, report);
  return LX_OK;
}

/* ---- many pictures ---- */

typedef struct {
  LxDetector *detector;
  int width, height, w, h;
  LxPictureSource source;
  void *data;
  LxDetectorGraph *graphs[MAX_GRAPHS];
  uint8_t *rgb[MAX_GRAPHS];
} Many;

static LxStatus one_of_many(Many *m, int thread, int64_t index, LxRegions **out, LxError *error)
{
  LxDetectorGraph *g = m->graphs[thread];
  if (m->source(m->data, index, m->rgb[thread]))
    return lx_fail(error, LX_ERR_IO, "Picture %lld cannot be had.", (long long)index);
  lx_detector_graph_see(g, 0, m->rgb[thread], m->width, m->height, (size_t)m->width * 3);
  return lx_detector_graph_detect(g, m->width, m->height, NULL, NULL, out, error);
}

/* A block of pictures by `threads` threads. The error is that of the first picture that failed. */
static LxStatus run_block(Many *m, int threads, int64_t first, int n, LxRegions **regions,
                          LxError *error)
{
  LxStatus status[4 * MAX_GRAPHS] = {LX_OK};
  LxError errors[MAX_GRAPHS];
  int failed[MAX_GRAPHS];
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int t = 0; t < threads; t++) {
    failed[t] = n;
    for (int i = t; i < n && failed[t] == n; i += threads)
      if ((status[i] = one_of_many(m, t, first + i, &regions[i], &errors[t])))
        failed[t] = i;
  }
  int worst = 0;
  for (int t = 1; t < threads; t++)
    worst = failed[t] < failed[worst] ? t : worst;
  if (failed[worst] == n)
    return LX_OK;
  *error = errors[worst];
  return status[failed[worst]];
}

LxStatus lx_detector_detect_many(LxDetector *self, int width, int height, int64_t first,
                                 int64_t count, LxPictureSource source, LxRegionsSink sink,
                                 void *data, LxProgress progress, void *user_data, LxError *error)
{
  Many m = {.detector = self, .width = width, .height = height, .source = source, .data = data};
  int threads = lx_threads() < MAX_GRAPHS ? lx_threads() : MAX_GRAPHS;
  LxRegions *regions[4 * MAX_GRAPHS] = {NULL};
  LxStatus status =
      width > 0 && height > 0 ? LX_OK : lx_fail(error, LX_ERR_ARGUMENT, "Pictures need a size.");
  if (!status)
    lx_preprocess_size(&self->config, width, height, &m.w, &m.h);
  for (int t = 0; t < threads && !status; t++) {
    m.rgb[t] = malloc((size_t)width * (size_t)height * 3);
    status = m.rgb[t] ? graph_for(self, &self->config, m.w, m.h, &m.graphs[t], error)
                      : lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the pictures.");
  }
  for (int64_t at = 0; at < count && !status; at += 4 * threads) {
    int n = (int)(count - at < 4 * threads ? count - at : 4 * threads);
    if (progress && progress((double)at / (double)count, "detect", user_data))
      status = lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    if (!status)
      status = run_block(&m, threads, first + at, n, regions, error);
    for (int i = 0; i < n; i++) {
      if (status)
        lx_regions_free(regions[i]);
      else if (sink(data, first + at + i, regions[i]))
        status = lx_fail(error, LX_ERR_CANCELLED, "Stopped at picture %lld.",
                         (long long)(first + at + i));
      regions[i] = NULL;
    }
  }
  for (int t = 0; t < threads; t++) {
    lx_detector_graph_free(m.graphs[t]);
    free(m.rgb[t]);
  }
  return status;
}
