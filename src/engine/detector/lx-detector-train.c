#include "lx-detector-train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-detector-calibrate.h"
#include "lx-detector-run.h"
#include "lx-kernel.h"
#include "lx-preprocess.h"
#include "lx-safetensors.h"

/* A step's images are dealt to a fixed number of shards, each with a graph of its own, so that the
 * sums do not depend on the number of threads. */
enum { SHARDS = 4 };

typedef struct {
  LxDetectorGraph *graph;
  LxDetectorTargets targets;
  uint8_t *rgb;
  LxDetectorLoss sum;
  LxStatus status;
  LxError error;
} Shard;

struct LxDetectorTrainer {
  LxDetectorConfig config;
  LxDetectorTraining training;
  LxDetectorSource source;
  LxTensors *params, *averages, *moments, *squares; /* the same names, float32 */
  int width, height;                                /* of the network's image */
  Shard shards[SHARDS];
  LxDetectorGraph *tester[SHARDS]; /* on the averages; built by the first evaluation */
  int64_t step;
};

void lx_detector_training_default(LxDetectorTraining *out)
{
  *out = (LxDetectorTraining){.seed = 1,
                              .batch = 8,
                              .learning_rate = 1e-3,
                              .weight_decay = 1e-4,
                              .clip = 5,
                              .ema = 0.998,
                              .warmup = 200};
}

static LxStatus new_shard(LxDetectorTrainer *self, Shard *shard, LxError *error)
{
  shard->rgb = malloc((size_t)self->source.width * (size_t)self->source.height * 3);
  if (!shard->rgb)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to train a detector.");
  shard->targets.seed = self->training.seed;
  LxDetectorGraphOptions options = {.batch = 1,
                                    .height = self->height,
                                    .width = self->width,
                                    .rois = self->config.roi_batch,
                                    .targets = &shard->targets};
  return lx_detector_graph_new(&self->config, self->params, &options, &shard->graph, error);
}

static LxStatus set_up(LxDetectorTrainer *self, LxTensors *params, LxError *error)
{
  LxStatus status;
  if (params)
    status = lx_tensors_copy_f32(params, &self->params, error);
  else
    status = lx_detector_params_new(&self->config, self->training.seed, &self->params, error);
  if (!status && params)
    status = lx_detector_params_set_anchors(&self->config, self->params, error);
  if (!status && !params)
    status = lx_detector_calibrate(&self->config, self->params, &self->source, self->width,
                                   self->height, error);
  if (!status)
    status = lx_tensors_copy_f32(self->params, &self->averages, error);
  if (!status)
    status = lx_tensors_copy_f32(self->params, &self->moments, error);
  if (!status)
    status = lx_tensors_copy_f32(self->params, &self->squares, error);
  for (size_t i = 0; !status && i < lx_tensors_count(self->params); i++) {
    memset(lx_tensors_at(self->moments, i)->data, 0,
           lx_tensor_bytes(lx_tensors_at(self->moments, i)));
    memset(lx_tensors_at(self->squares, i)->data, 0,
           lx_tensor_bytes(lx_tensors_at(self->squares, i)));
  }
  for (int i = 0; i < SHARDS && !status; i++)
    status = new_shard(self, &self->shards[i], error);
  return status;
}

LxStatus lx_detector_trainer_new(const LxDetectorConfig *config, const LxDetectorTraining *training,
                                 const LxDetectorSource *source, LxTensors *params,
                                 LxDetectorTrainer **out, LxError *error)
{
  LxStatus status = lx_detector_config_check(config, error);
  LxDetectorTrainer *self = status ? NULL : calloc(1, sizeof *self);
  if (!self)
    return status ? status
                  : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to train a detector.");
  self->config = *config;
  self->training = *training;
  self->source = *source;
  lx_preprocess_size(config, source->width, source->height, &self->width, &self->height);
  status = set_up(self, params, error);
  if (status)
    lx_detector_trainer_free(self);
  else
    *out = self;
  return status;
}

void lx_detector_trainer_free(LxDetectorTrainer *self)
{
  if (!self)
    return;
  for (int i = 0; i < SHARDS; i++) {
    lx_detector_graph_free(self->shards[i].graph);
    lx_detector_graph_free(self->tester[i]);
    free(self->shards[i].rgb);
  }
  lx_tensors_unref(self->params);
  lx_tensors_unref(self->averages);
  lx_tensors_unref(self->moments);
  lx_tensors_unref(self->squares);
  free(self);
}

/* ---- one step ---- */

static void add_loss(LxDetectorLoss *to, const LxDetectorLoss *l, double scale)
{
  to->rpn_class += l->rpn_class * scale;
  to->rpn_box += l->rpn_box * scale;
  to->roi_class += l->roi_class * scale;
  to->roi_box += l->roi_box * scale;
  to->attribute += l->attribute * scale;
  to->total += l->total * scale;
  to->objects += l->objects;
  to->class_right += l->class_right;
  to->attribute_right += l->attribute_right;
  to->attributes += l->attributes;
}

static LxStatus load_example(LxDetectorTrainer *self, Shard *shard, int64_t index)
{
  const LxDetectorSource *s = &self->source;
  LxDetectorTruth *truth = &shard->targets.truth;
  if (s->get(s->user_data, index, shard->rgb, truth))
    return lx_fail(&shard->error, LX_ERR_IO, "Training picture %lld cannot be had.",
                   (long long)index);
  float scale[2] = {(float)self->width / (float)s->width, (float)self->height / (float)s->height};
  for (int i = 0; i < truth->count; i++)
    for (int k = 0; k < 4; k++)
      truth->boxes[i][k] *= scale[k & 1];
  lx_detector_graph_see(shard->graph, 0, shard->rgb, s->width, s->height, (size_t)s->width * 3);
  shard->targets.stream = (uint64_t)index;
  return LX_OK;
}

static void run_shard(LxDetectorTrainer *self, int number)
{
  Shard *shard = &self->shards[number];
  LxGraph *graph = shard->graph->graph;
  int batch = self->training.batch;
  int from = batch * number / SHARDS, to = batch * (number + 1) / SHARDS;
  shard->sum = (LxDetectorLoss){0};
  shard->status = LX_OK;
  lx_graph_zero_grads(graph);
  for (int i = from; i < to && !shard->status; i++) {
    shard->status = load_example(self, shard, self->step * batch + i);
    if (!shard->status)
      shard->status = lx_graph_run(graph, NULL, NULL, &shard->error);
    if (!shard->status)
      shard->status = lx_graph_backward(graph, shard->graph->loss, &shard->error);
    add_loss(&shard->sum, &shard->targets.loss, 1.0 / batch);
  }
}

LX_KERNEL static double add_up(float *restrict to, const float *restrict from, int64_t n, float by)
{
  double sum = 0;
  for (int64_t i = 0; i < n; i++) {
    to[i] = (to[i] + (from ? from[i] : 0)) * by;
    sum += (double)to[i] * to[i];
  }
  return sum;
}

/* The mean gradient into the first shard's; returns its squared norm. */
static double reduce(LxDetectorTrainer *self)
{
  double square = 0;
  for (int i = 0; i < lx_graph_param_count(self->shards[0].graph->graph); i++) {
    LxParam *p = lx_graph_param(self->shards[0].graph->graph, i);
    int64_t n = lx_tensor_count(p->value);
    for (int s = 1; s < SHARDS && p->grad; s++) {
      float by = s == SHARDS - 1 ? 1.0f / (float)self->training.batch : 1.0f;
      double sum = add_up(p->grad, lx_graph_param(self->shards[s].graph->graph, i)->grad, n, by);
      if (s == SHARDS - 1)
        square += sum;
    }
  }
  return square;
}

typedef struct {
  float rate, first, second, decay, ema, scale;
} Adam;

LX_KERNEL static void adam(float *restrict w, float *restrict m, float *restrict v,
                           float *restrict mean, const float *restrict g, int64_t n, const Adam *a)
{
  for (int64_t i = 0; i < n; i++) {
    float d = g[i] * a->scale;
    m[i] += 0.1f * (d - m[i]);
    v[i] += 0.001f * (d * d - v[i]);
    w[i] -= a->rate * (m[i] * a->first / (sqrtf(v[i] * a->second) + 1e-8f) + a->decay * w[i]);
    mean[i] += (1 - a->ema) * (w[i] - mean[i]);
  }
}

static void update(LxDetectorTrainer *self, double rate, double norm)
{
  const LxDetectorTraining *t = &self->training;
  double steps = (double)self->step + 1;
  for (int i = 0; i < lx_graph_param_count(self->shards[0].graph->graph); i++) {
    const LxParam *p = lx_graph_param(self->shards[0].graph->graph, i);
    if (!p->grad)
      continue;
    Adam a = {
        .rate = (float)rate,
        .first = (float)(1 / (1 - pow(0.9, steps))),
        .second = (float)(1 / (1 - pow(0.999, steps))),
        .decay = (float)(p->value->ndim > 1 ? t->weight_decay : 0),
        .ema = (float)fmin(t->ema, (1 + steps) / (10 + steps)),
        .scale = (float)(t->clip > 0 && norm > t->clip ? t->clip / norm : 1),
    };
    adam(lx_f32(p->value), lx_f32(lx_tensors_find(self->moments, p->name)),
         lx_f32(lx_tensors_find(self->squares, p->name)),
         lx_f32(lx_tensors_find(self->averages, p->name)), p->grad, lx_tensor_count(p->value), &a);
  }
}

LxStatus lx_detector_trainer_step(LxDetectorTrainer *self, double progress, LxDetectorStep *out,
                                  LxError *error)
{
  const LxDetectorTraining *t = &self->training;
#pragma omp parallel for schedule(dynamic, 1)
  for (int i = 0; i < SHARDS; i++)
    run_shard(self, i);
  LxDetectorLoss loss = {0};
  for (int i = 0; i < SHARDS; i++) {
    if (self->shards[i].status) {
      *error = self->shards[i].error;
      return self->shards[i].status;
    }
    add_loss(&loss, &self->shards[i].sum, 1);
  }
  double norm = sqrt(reduce(self));
  if (!isfinite(loss.total) || !isfinite(norm))
    return lx_fail(error, LX_ERR_NUMERIC,
                   "The loss became NaN or infinite in step %lld. Resume from the last checkpoint "
                   "with a smaller learning rate.",
                   (long long)self->step);
  double warm = self->step < t->warmup ? (double)(self->step + 1) / t->warmup : 1;
  double done = fmin(fmax(progress, 0), 1);
  double rate = t->learning_rate * warm * (0.01 + 0.99 * 0.5 * (1 + cos(M_PI * done)));
  update(self, rate, norm);
  self->step++;
  *out = (LxDetectorStep){self->step, self->step * t->batch, rate, norm, loss};
  return LX_OK;
}

/* ---- evaluation ---- */

typedef struct {
  const LxDetectorSource *source;
  int64_t first;
  int images;
  LxDetectorScore *scores; /* one a shard */
} Test;

static void test_shard(LxDetectorTrainer *self, const Test *test, int number)
{
  Shard *shard = &self->shards[number];
  LxDetectorGraph *graph = self->tester[number];
  const LxDetectorSource *s = test->source;
  LxDetectorTruth truth;
  shard->status = LX_OK;
  for (int i = number; i < test->images && !shard->status; i += SHARDS) {
    LxRegions *regions = NULL;
    if (s->get(s->user_data, test->first + i, shard->rgb, &truth)) {
      shard->status = lx_fail(&shard->error, LX_ERR_IO, "A test picture cannot be had.");
      break;
    }
    lx_detector_graph_see(graph, 0, shard->rgb, s->width, s->height, (size_t)s->width * 3);
    shard->status =
        lx_detector_graph_detect(graph, s->width, s->height, NULL, NULL, &regions, &shard->error);
    if (!shard->status)
      lx_detector_score_add(&test->scores[number], regions, &truth);
    lx_regions_free(regions);
  }
}

LxStatus lx_detector_trainer_evaluate(LxDetectorTrainer *self, const LxDetectorSource *source,
                                      int64_t first, int images, LxDetectorScore *out,
                                      LxError *error)
{
  LxDetectorScore scores[SHARDS] = {{0}};
  Test test = {.source = source, .first = first, .images = images, .scores = scores};
  LxDetectorGraphOptions options = {
      .batch = 1, .height = self->height, .width = self->width, .rois = self->config.post_nms_topk};
  if (source->width != self->source.width || source->height != self->source.height)
    return lx_fail(error, LX_ERR_ARGUMENT, "Test pictures must be as large as training pictures.");
  for (int i = 0; i < SHARDS; i++) {
    LxStatus status = LX_OK;
    if (!self->tester[i])
      status =
          lx_detector_graph_new(&self->config, self->averages, &options, &self->tester[i], error);
    if (status)
      return status;
  }
#pragma omp parallel for schedule(dynamic, 1)
  for (int i = 0; i < SHARDS; i++)
    test_shard(self, &test, i);
  *out = (LxDetectorScore){0};
  for (int i = 0; i < SHARDS; i++) {
    if (self->shards[i].status) {
      *error = self->shards[i].error;
      return self->shards[i].status;
    }
    lx_detector_score_join(out, &scores[i]);
  }
  return LX_OK;
}

/* ---- files ---- */

static LxTensors *const *group(LxDetectorTrainer *self, int i)
{
  LxTensors **const groups[] = {&self->params, &self->averages, &self->moments, &self->squares};
  return groups[i];
}

static const char *const prefixes[] = {"weights/", "averages/", "moments/", "squares/"};

LxStatus lx_detector_trainer_save(LxDetectorTrainer *self, const char *path, LxError *error)
{
  LxTensors *all = lx_tensors_new();
  LxStatus status = all ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to save.");
  char name[256];
  for (int g = 0; g < 4 && !status; g++)
    for (size_t i = 0; i < lx_tensors_count(self->params) && !status; i++) {
      const LxTensor *t = lx_tensors_at(*group(self, g), i);
      snprintf(name, sizeof name, "%s%s", prefixes[g], lx_tensors_name(*group(self, g), i));
      status = lx_tensors_add_view(all, name, t->dtype, t->ndim, t->dim, t->data, error);
    }
  if (!status) {
    snprintf(name, sizeof name, "%lld", (long long)self->step);
    status = lx_tensors_set_meta(all, "step", name, error);
  }
  if (!status)
    status = lx_safetensors_write(path, all, LX_KEEP, error);
  lx_tensors_unref(all);
  return status;
}

LxStatus lx_detector_trainer_load(LxDetectorTrainer *self, const char *path, LxError *error)
{
  LxTensors *all = NULL;
  LxStatus status = lx_safetensors_read(path, &all, error);
  char name[256];
  for (int g = 0; g < 4 && !status; g++)
    for (size_t i = 0; i < lx_tensors_count(self->params) && !status; i++) {
      LxTensor *t = lx_tensors_at(*group(self, g), i);
      snprintf(name, sizeof name, "%s%s", prefixes[g], lx_tensors_name(*group(self, g), i));
      const LxTensor *from = lx_tensors_find(all, name);
      if (!from || from->dtype != t->dtype || !lx_tensor_same_shape(from, t))
        status = lx_fail(error, LX_ERR_SHAPE,
                         "%s: “%s” is missing or of another shape; this is "
                         "not a state of this training.",
                         path, name);
      else
        memcpy(t->data, from->data, lx_tensor_bytes(t));
    }
  const char *step = status ? NULL : lx_tensors_meta(all, "step");
  if (!status && !step)
    status = lx_fail(error, LX_ERR_MISSING, "%s does not say at which step it was.", path);
  if (!status)
    self->step = strtoll(step, NULL, 10);
  lx_tensors_unref(all);
  return status;
}

LxTensors *lx_detector_trainer_params(LxDetectorTrainer *self)
{
  return self->averages;
}

int64_t lx_detector_trainer_images(const LxDetectorTrainer *self)
{
  return self->step * self->training.batch;
}
